//! Standard output and standard error.
//!
//! Whoever reads a pipe may close it once they have read enough (`streams-k8s render … | head`). That is no failure, and
//! it changes nothing of what a command does or of its exit code. An output that takes nothing, full or closed from the
//! beginning, is one.

use super::closed::is_closed;
use super::sanitize::sanitize;
use anyhow::{Context as _, Error, ensure};
use clap::builder::Styles;
use std::io::{self, Read, Write};

const UNWRITABLE: &str = "cannot write to standard output";

/// Prints data.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    print_to(&mut io::stdout(), text)
}

/// Prints data that is read from somewhere.
pub(crate) fn print_from(mut text: impl Read) -> anyhow::Result<()> {
    ensure_output()?;
    let mut stdout = io::stdout().lock();
    let copied = io::copy(&mut text, &mut stdout).and_then(|_| stdout.flush());
    unless_closed(copied).context(UNWRITABLE)
}

/// Prints text with colours, which are left out where they are not wanted.
pub(crate) fn print_styled(text: &str) -> anyhow::Result<()> {
    print_to(&mut anstream::stdout(), text)
}

/// Sees that there is a standard output to print to.
pub(crate) fn ensure_output() -> anyhow::Result<()> {
    ensure!(!is_closed(), "{UNWRITABLE}: it is closed");
    Ok(())
}

/// Prints on standard error. Where that fails there is nowhere to say so.
pub(crate) fn report(text: &str) {
    let _ = write_all(&mut anstream::stderr(), text);
}

/// Says something that is no problem.
pub(crate) fn note(message: &str) {
    report(&format!("note: {}\n", sanitize(message)));
}

/// Says why a command could not be carried out.
pub(crate) fn error(message: &str) {
    let styles = Styles::default();
    let style = styles.get_error();
    report(&format!("{style}error{style:#}: {}\n", sanitize(message)));
}

/// Why a command failed: every cause once, without the numbers of the system's errors.
pub(crate) fn reason(error: &Error) -> String {
    let mut reasons: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string();
        let text = match text.rsplit_once(" (os error ") {
            Some((reason, _)) => reason.to_owned(),
            None => text,
        };
        if !reasons.iter().any(|reason| reason.contains(&text)) {
            reasons.push(text);
        }
    }
    reasons.join(": ")
}

fn print_to(stream: &mut impl Write, text: &str) -> anyhow::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    ensure_output()?;
    write_all(stream, text).context(UNWRITABLE)
}

fn write_all(stream: &mut impl Write, text: &str) -> io::Result<()> {
    unless_closed(stream.write_all(text.as_bytes()).and_then(|()| stream.flush()))
}

fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
