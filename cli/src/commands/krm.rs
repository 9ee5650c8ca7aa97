//! `krm`: a `ResourceList` on stdin, the same with its `StreamingPipeline` objects expanded on stdout.

use crate::context::Context;
use crate::report::Format;
use crate::stream::ResourceList;
use crate::{read, run};
use sentry_streams_k8s_host::ConsumerMacro;
use std::io::Write;
use std::path::Path;

/// Expands the list on standard input, and says whether no pipeline is refused.
pub(crate) fn run(consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let (name, text) = read::text(Path::new("-"))?;
    let list = ResourceList::read(&name, &text)?;
    let pipelines = list.pipelines();
    let contexts: Vec<Context> = pipelines.iter().map(|pipeline| list.context(pipeline)).collect();
    let outcome = run::render(consumer_macro, &contexts)?;
    outcome.report.print(Format::Text, &mut anstream::stderr())?;
    std::io::stdout().write_all(list.expanded(&pipelines, &outcome)?.as_bytes())?;
    Ok(outcome.report.is_clean())
}
