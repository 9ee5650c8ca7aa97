//! `completions`: what a shell needs to complete this command's arguments.

use crate::arguments::Arguments;
use clap::CommandFactory;
use clap_complete::Shell;
use std::io::Write;

/// Prints the script for a shell.
pub(crate) fn run(shell: Shell) -> anyhow::Result<bool> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "streams-k8s", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(true)
}
