//! `streams-k8s`: renders the Kubernetes objects of Sentry Streams pipelines.
//!
//! Data goes to standard output, talk to standard error.

mod arguments;
mod context;
mod diff;
mod expand;
mod explain;
mod krm;
mod manifests;
mod migrate_check;
mod objects;
mod outline;
mod output;
mod place;
mod report;
mod run;
mod stream;
mod yaml;

use arguments::{Arguments, Command, Input};
use clap::{CommandFactory, Parser};
use context::Context;
use std::io::Write;
use std::process::ExitCode;

/// The macro, as `make component` built it.
const COMPONENT: &[u8] = include_bytes!(env!("STREAMS_K8S_COMPONENT"));

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(arguments::PROBLEMS),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let error = report::harmless(&format!("{error:#}"));
            let style = clap::builder::Styles::default();
            let style = style.get_error();
            anstream::eprintln!("{style}error{style:#}: {error}");
            ExitCode::from(arguments::FAILURE)
        }
    }
}

/// Does what is asked, and says whether all contexts were right.
fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    match &arguments.command {
        Command::Render(render) => {
            let contexts = read(&render.input)?;
            let outcome = run::render(&arguments.host.load(COMPONENT)?, &contexts)?;
            outcome.report.print(render.input.format, &mut anstream::stderr())?;
            match (&outcome.manifests, &render.output_dir) {
                (None, _) => return Ok(false),
                (Some(manifests), None) => output::print(manifests, render.output)?,
                (Some(manifests), Some(directory)) => output::write(manifests, render.output, directory)?,
            }
            Ok(true)
        }
        Command::Validate(input) => {
            let contexts = read(input)?;
            let report = run::validate(&arguments.host.load(COMPONENT)?, &contexts)?;
            report.print(input.format, &mut anstream::stdout())?;
            Ok(report.is_clean())
        }
        Command::Explain(explain) => explain::run(explain, &arguments.host.load(COMPONENT)?),
        Command::Diff(diff) => diff::run(diff, &arguments.host.load(COMPONENT)?),
        Command::MigrateCheck(check) => migrate_check::run(check, &arguments.host.load(COMPONENT)?),
        Command::Expand(expand) if expand.list => {
            expand::list(&expand.paths())?;
            Ok(true)
        }
        Command::Expand(expand) => expand::run(&expand.paths(), &arguments.host.load(COMPONENT)?),
        Command::Krm => krm::run(&arguments.host.load(COMPONENT)?),
        Command::Schema => {
            let schema = arguments.host.load(COMPONENT)?.schema()?;
            writeln!(std::io::stdout(), "{}", schema.trim_end())?;
            Ok(true)
        }
        Command::Version => {
            let version = arguments.host.load(COMPONENT)?.version()?;
            writeln!(std::io::stdout(), "streams-k8s {}\nmacro {version}", env!("CARGO_PKG_VERSION"))?;
            Ok(true)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "streams-k8s", &mut script);
            std::io::stdout().write_all(&script)?;
            Ok(true)
        }
    }
}

fn read(input: &Input) -> anyhow::Result<Vec<Context>> {
    let settings = input.settings()?;
    input.contexts().into_iter().map(|path| Context::read(path, &settings)).collect()
}

/// Whoever read the output has read enough: `streams-k8s render … | head`.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
