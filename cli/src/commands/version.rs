//! `version`: of the tool and of the macro in it.

use sentry_streams_k8s_host::ConsumerMacro;
use std::io::Write;

/// Prints both.
pub(crate) fn run(consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let version = consumer_macro.version()?;
    writeln!(std::io::stdout(), "streams-k8s {}\nmacro {version}", env!("CARGO_PKG_VERSION"))?;
    Ok(true)
}
