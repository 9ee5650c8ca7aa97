//! `streams-k8s`: renders the Kubernetes objects of Sentry Streams pipelines.
//!
//! Data goes to standard output, everything said about it to standard error.

mod arguments;
mod commands;
mod compare;
mod context;
mod differences;
mod explanation;
mod fix;
mod format;
mod live;
mod lsp;
mod manifests;
mod migration;
mod objects;
mod output;
mod place;
mod read;
mod report;
mod run;
mod secrets;
mod source;
mod starter;
mod stream;
mod upgrade;
mod write;

use arguments::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    write::outlive_file_limits();
    match carry_out() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(arguments::PROBLEMS),
        Err(error) => {
            write::error(&write::reason(&error));
            ExitCode::from(arguments::FAILURE)
        }
    }
}

/// Does what the arguments ask, and says whether all contexts were right.
fn carry_out() -> anyhow::Result<bool> {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => error.exit(),
        // What was asked for is a text: the help, or the version.
        Err(text) => {
            write::print_styled(&text.render().ansi().to_string())?;
            return Ok(true);
        }
    };
    anstream::ColorChoice::from(arguments.host.color).write_global();
    commands::run(&arguments)
}
