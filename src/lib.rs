//! The Sentry Streams Consumer Macro: turns an application's context into the Kubernetes objects of one pipeline
//! step. Data flows one way: read context, check, layer, check, write.
//!
//! [`render`], [`validate`] and [`explain()`] are the whole of it; the component's two interfaces are thin exports of
//! them.

mod configmap;
mod container;
mod context;
mod deployment;
pub mod document;
mod explain;
mod index;
mod json_schema;
pub mod kubernetes;
mod literal;
mod merge;
mod name;
pub mod node;
mod number;
pub mod output;
mod patch;
mod pipeline_config;
mod plain;
mod position;
pub mod problem;
pub mod report;
pub mod secret;
mod step;
mod suggest;

#[cfg(target_family = "wasm")]
mod component;

pub use problem::Problem;
pub use step::{Manifest, Rendered, explain, render, schema, validate};

/// The version of the macro.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
