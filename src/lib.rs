//! The Sentry Streams Consumer Macro: turns an application's context into the Kubernetes objects of one pipeline
//! step. Data flows one way: read context, check, layer, check, write.
//!
//! [`render`] and [`validate`] are the whole of it; the component's two interfaces are thin exports of them.

pub mod document;
pub mod kubernetes;
pub mod node;
pub mod output;
pub mod problem;
mod step;
mod suggest;

#[cfg(target_family = "wasm")]
mod component;

pub use step::{Manifest, Rendered, render, schema, validate};

/// The version of the macro.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
