//! What wasmtime makes of `wit/`.
#![allow(missing_docs, clippy::pedantic, reason = "generated bindings")]

wasmtime::component::bindgen!({
    path: "wit",
    world: "plugin",
    additional_derives: [PartialEq, Eq],
});

pub use exports::sentry::streams_k8s::consumer_macro::{
    Edit, Fix, Manifest, Position, Problem, Rendered,
};
