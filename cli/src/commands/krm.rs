//! `krm`: a `ResourceList` on stdin, the same with its `StreamingPipeline` objects expanded on stdout.

use crate::context::Context;
use crate::report::Format;
use crate::stream::ResourceList;
use crate::{read, run, write};
use sentry_streams_k8s_host::ConsumerMacro;
use std::path::Path;

/// Expands the list on standard input, and says whether no pipeline is refused.
pub(crate) fn run(consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let (name, text) = read::Input::default().text(Path::new("-"))?;
    let list = ResourceList::read(&name, &text)?;
    let pipelines = list.pipelines();
    let contexts: Vec<Context> = pipelines.iter().map(|pipeline| list.context(pipeline)).collect();
    let outcome = run::render(consumer_macro, &contexts)?;
    write::report(&outcome.report.text(Format::Text));
    write::print(&list.expanded(&pipelines, &outcome)?)?;
    Ok(outcome.report.is_clean())
}
