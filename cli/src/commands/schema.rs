//! `schema`: the JSON Schema of a context.

use sentry_streams_k8s_host::ConsumerMacro;
use std::io::Write;

/// Prints it.
pub(crate) fn run(consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let schema = consumer_macro.schema()?;
    writeln!(std::io::stdout(), "{}", schema.trim_end())?;
    Ok(true)
}
