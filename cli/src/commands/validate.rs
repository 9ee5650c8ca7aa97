//! `validate`: whether contexts are right.

use crate::arguments::Input;
use crate::run;
use sentry_streams_k8s_host::ConsumerMacro;

/// Checks, and says whether all contexts are right.
pub(crate) fn run(input: &Input, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let contexts = input.read()?;
    let report = run::validate(consumer_macro, &contexts)?;
    report.print(input.format, &mut anstream::stdout())?;
    Ok(report.is_clean())
}
