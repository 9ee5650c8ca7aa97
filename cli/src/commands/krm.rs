//! `krm`: a `ResourceList` on stdin, the same with its `StreamingPipeline` objects expanded on stdout.

use crate::context::Context;
use crate::format::{self, Format};
use crate::read::Input;
use crate::stream::ObjectList;
use crate::{run, write};
use sentry_streams_k8s_host::ConsumerMacro;
use std::path::Path;

/// Expands the list on standard input, and says whether no pipeline is refused.
pub(crate) fn run(consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let (name, text) = Input::default().text(Path::new("-"))?;
    let list = ObjectList::of_resources(&name, &text)?;
    let pipelines = list.pipelines();
    let contexts: Vec<Context> = pipelines.iter().map(|pipeline| list.context(pipeline)).collect();

    let outcome = run::render(consumer_macro, &contexts)?;
    write::report(&format::write(&outcome.report, Format::Text)?);
    write::print(&list.expanded(&pipelines, outcome.objects.as_deref(), &outcome.report)?)?;
    Ok(outcome.report.is_clean())
}
