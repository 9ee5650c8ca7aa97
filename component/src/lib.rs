//! The Sentry Streams Consumer Macro, as the build made it: a WebAssembly component without imports.
//!
//! The crate `sentry-streams-k8s-host` runs it: `ConsumerMacro::from_bytes(COMPONENT)`.

/// The component's bytes.
pub const COMPONENT: &[u8] = include_bytes!("../sentry_streams_k8s.wasm");
