//! `completions`: what a shell needs to complete this command's arguments.

use crate::arguments::Arguments;
use crate::write::print;
use clap::CommandFactory;
use clap_complete::Shell;

/// Prints the script for a shell.
pub(crate) fn run(shell: Shell) -> anyhow::Result<bool> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "streams-k8s", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if shell == Shell::Bash {
        // In the script that clap writes for a name with a hyphen, the branches have other names than the states that
        // lead to them, so that nothing after a subcommand is completed (clap-rs/clap#6421).
        script = script.replace("streams__subcmd__k8s", "streams__k8s");
    }
    print(&script)?;
    Ok(true)
}
