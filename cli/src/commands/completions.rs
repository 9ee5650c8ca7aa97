//! `completions`: what a shell needs to complete this command's arguments.

use crate::arguments::Arguments;
use crate::write::print;
use clap::CommandFactory;
use clap_complete::Shell;

/// Prints the script for a shell.
pub(crate) fn run(shell: Shell) -> anyhow::Result<bool> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "streams-k8s", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(true)
}
