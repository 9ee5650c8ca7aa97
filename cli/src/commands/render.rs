//! `render`: the objects of contexts.

use crate::arguments::Render;
use crate::format;
use crate::write::report;
use crate::{output, run};
use sentry_streams_k8s_host::ConsumerMacro;

/// Renders, and says whether all contexts are right.
pub(crate) fn run(arguments: &Render, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let contexts = arguments.contexts.read()?;
    let outcome = run::render(consumer_macro, &contexts)?;
    report(&format::write(&outcome.report, arguments.contexts.format)?);

    match (&outcome.manifests, &arguments.output_dir) {
        (None, _) => return Ok(false),
        (Some(manifests), None) => output::print(manifests, arguments.output)?,
        (Some(manifests), Some(directory)) => {
            output::write(manifests, arguments.output, directory, arguments.prune)?;
        }
    }
    Ok(true)
}
