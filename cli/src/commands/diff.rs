//! `diff`: what changes between two sets of objects, and what that means for what runs.

use crate::arguments::Diff;
use crate::compare::compare;
use crate::read::Input;
use crate::report::Report;
use crate::{differences, format, objects, write};
use anyhow::bail;
use sentry_streams_k8s_host::ConsumerMacro;

/// Compares, and says whether all is the same.
pub(crate) fn run(arguments: &Diff, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let mut report = Report::default();
    let input = Input::default();
    let settings = arguments.settings.read(&input)?;
    let old = objects::load(&arguments.old, &[], &input, consumer_macro, &mut report)?;
    let new = objects::load(&arguments.new, &settings, &input, consumer_macro, &mut report)?;
    write::report(&format::write(&report, arguments.format)?);
    if !report.is_clean() {
        bail!("a context is not right, so there is nothing to compare");
    }
    let mut diffs = compare(&objects::nodes(&old)?, &objects::nodes(&new)?);
    if !arguments.show_secrets {
        diffs = differences::without_secrets(&diffs);
    }
    let text = differences::write(&diffs, arguments.output);
    write::print_styled(&text)?;
    Ok(diffs.is_empty())
}
