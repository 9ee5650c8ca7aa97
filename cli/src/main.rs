//! `streams-k8s`: renders the Kubernetes objects of Sentry Streams pipelines.
//!
//! Data goes to standard output, everything said about it to standard error.

mod arguments;
mod commands;
mod compare;
mod context;
mod differences;
mod explanation;
mod manifests;
mod objects;
mod output;
mod place;
mod read;
mod report;
mod run;
mod stream;
mod write;

use arguments::Arguments;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(arguments::PROBLEMS),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let error = write::sanitize(&format!("{error:#}"));
            let style = clap::builder::Styles::default();
            let style = style.get_error();
            anstream::eprintln!("{style}error{style:#}: {error}");
            ExitCode::from(arguments::FAILURE)
        }
    }
}

/// Whoever read the output has read enough: `streams-k8s render … | head`.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
