//! Finds the component that the command line and the operator carry.

use std::path::Path;

fn main() {
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let component = Path::new(&root).join("../target/component/sentry_streams_k8s.wasm");
    println!("cargo::rerun-if-changed={}", component.display());
    if component.is_file() {
        println!("cargo::rustc-env=STREAMS_K8S_COMPONENT={}", component.display());
    } else {
        println!("cargo::error=the component is not built yet; run `make component` first");
    }
}
