//! `render`: the objects of contexts.

use crate::arguments::Render;
use crate::{output, run};
use sentry_streams_k8s_host::ConsumerMacro;

/// Renders, and says whether all contexts are right.
pub(crate) fn run(arguments: &Render, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let contexts = arguments.input.read()?;
    let outcome = run::render(consumer_macro, &contexts)?;
    outcome.report.print(arguments.input.format, &mut anstream::stderr())?;

    match (&outcome.manifests, &arguments.output_dir) {
        (None, _) => return Ok(false),
        (Some(manifests), None) => output::print(manifests, arguments.output)?,
        (Some(manifests), Some(directory)) => output::write(manifests, arguments.output, directory)?,
    }
    Ok(true)
}
