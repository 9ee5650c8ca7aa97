//! `version`: of the tool and of the macro in it.

use crate::write::print;
use sentry_streams_k8s_host::ConsumerMacro;

/// Prints both.
pub(crate) fn run(consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let version = consumer_macro.version()?;
    print(&format!("streams-k8s {}\nmacro {version}\n", env!("CARGO_PKG_VERSION")))?;
    Ok(true)
}
