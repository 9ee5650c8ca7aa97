//! `schema`: the JSON Schema of a context.

use crate::write::print;
use sentry_streams_k8s_host::ConsumerMacro;

/// Prints it.
pub(crate) fn run(consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let schema = consumer_macro.schema()?;
    print(&format!("{}\n", schema.trim_end()))?;
    Ok(true)
}
