//! `diff`: what changes between two sets of objects, and what that means for what runs.

use crate::arguments::Diff;
use crate::compare::compare;
use crate::report::Report;
use crate::{differences, objects};
use anyhow::bail;
use sentry_streams_k8s_host::ConsumerMacro;
use std::io::Write as _;

/// Compares, and says whether all is the same.
pub(crate) fn run(arguments: &Diff, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let mut report = Report::default();
    let old = objects::load(&arguments.old, consumer_macro, &mut report)?;
    let new = objects::load(&arguments.new, consumer_macro, &mut report)?;
    report.print(arguments.format, &mut anstream::stderr())?;
    if !report.is_clean() {
        bail!("a context is not right, so there is nothing to compare");
    }
    let diffs = compare(&objects::nodes(&old)?, &objects::nodes(&new)?);
    let text = differences::write(&diffs, arguments.output);
    anstream::stdout().write_all(text.as_bytes())?;
    Ok(diffs.is_empty())
}
