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
mod migration;
mod objects;
mod output;
mod place;
mod read;
mod report;
mod run;
mod secrets;
mod stream;
mod write;

use arguments::Arguments;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    anstream::ColorChoice::from(arguments.host.color).write_global();
    write::outlive_file_limits();

    match commands::run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(arguments::PROBLEMS),
        Err(error) => {
            write::error(&write::reason(&error));
            ExitCode::from(arguments::FAILURE)
        }
    }
}
