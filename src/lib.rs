//! The Sentry Streams Consumer Macro: turns an application's context into the Kubernetes objects of one pipeline
//! step. Data flows one way: read context, check, merge layers, check, answer.
//!
//! [`render()`], [`validate`] and [`explain()`] are the whole of it; the component's two interfaces are thin exports of
//! them. The other public items are for native tools: values with their places ([`value`], [`read()`](read::read),
//! [`write`](mod@write)), the registry of problems ([`problem`]), the fields of a context ([`context`]) and the
//! Kubernetes API's schema ([`kubernetes`]).

pub mod answer;
pub mod context;
mod explain;
mod json_schema;
pub mod kubernetes;
mod layers;
mod objects;
pub mod problem;
pub mod read;
mod render;
pub mod value;
pub mod write;

#[cfg(target_family = "wasm")]
mod component;

pub use answer::{Manifest, Rendered};
pub use layers::identity;
pub use problem::Problem;
pub use render::{explain, render, schema, validate};

/// The version of the macro.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
