//! `lsp`: the language server.

use crate::lsp;
use sentry_streams_k8s_host::{ConsumerMacro, Limits};
use std::time::Duration;

/// What a call may use: somebody waits for it, and a context that a person writes takes hundredths of a second.
pub(crate) fn limits() -> Limits {
    Limits::default().time(Duration::from_secs(2))
}

/// Serves an editor until it goes.
pub(crate) fn run(consumer_macro: ConsumerMacro) -> anyhow::Result<bool> {
    lsp::run(consumer_macro)?;
    Ok(true)
}
