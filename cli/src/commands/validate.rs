//! `validate`: whether contexts are right.

use crate::arguments::Contexts;
use crate::report::Format;
use crate::run;
use crate::write::{print, print_styled};
use sentry_streams_k8s_host::ConsumerMacro;

/// Checks, and says whether all contexts are right.
pub(crate) fn run(arguments: &Contexts, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let contexts = arguments.read()?;
    let report = run::validate(consumer_macro, &contexts)?;
    print_styled(&report.text(arguments.format))?;
    if report.is_clean() && matches!(arguments.format, Format::Text) {
        print(&format!("{}\n", report.all_is_right()))?;
    }
    Ok(report.is_clean())
}
