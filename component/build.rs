//! Says what is missing where the component is not built yet.
//!
//! `sentry_streams_k8s.wasm` is a link to what `make component` writes; in a published package it is the file itself.

use std::path::Path;

fn main() {
    let component = "sentry_streams_k8s.wasm";
    println!("cargo::rerun-if-changed={component}");
    if !Path::new(component).is_file() {
        println!("cargo::error=the component is not built yet; run `make component` first");
    }
}
