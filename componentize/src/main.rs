//! Wraps the macro's core module as a component, and refuses to write one that hosts could not rely on.
#![allow(clippy::indexing_slicing, reason = "wit-parser's arenas are read by the ids they gave")]

mod check;
mod write;

use anyhow::{Context, Result};
use clap::Parser;
use std::path::{Path, PathBuf};
use wit_component::ComponentEncoder;
use wit_parser::Resolve;

/// Wraps a core module as a component and checks it.
#[derive(Parser)]
struct Arguments {
    /// The core module, as cargo built it.
    module: PathBuf,
    /// The directory of the WIT package whose world the component must have.
    #[arg(long)]
    wit: PathBuf,
    /// The directory for NAME.wasm (the component), NAME.core.wasm (the core module) and NAME.wit.wasm (the WIT package,
    /// as registries have it).
    #[arg(long)]
    out: PathBuf,
    /// The most bytes the component may have.
    #[arg(long, default_value_t = usize::MAX, hide_default_value = true)]
    max_size: usize,
}

fn main() -> Result<()> {
    let Arguments { module: path, wit, out, max_size } = Arguments::parse();
    let module = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let component = encode(&module)
        .with_context(|| format!("cannot make a component of {}", path.display()))?;

    check::imports(&component)?;
    check::interface(&component, &wit)?;
    check::size(&component, max_size)?;

    let package = wit_package(&wit)?;

    let name = path.file_stem().context("the module's path names no file")?.to_string_lossy();
    for (name, bytes) in [
        (format!("{name}.wasm"), &component),
        (format!("{name}.core.wasm"), &module),
        (format!("{name}.wit.wasm"), &package),
    ] {
        let path = out.join(name);
        write::if_changed(&path, bytes)
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}: {} bytes", path.display(), bytes.len());
    }
    Ok(())
}

/// The WIT package of a directory, in its binary form.
fn wit_package(directory: &Path) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(directory)?;
    wit_component::encode(&resolve, package)
}

fn encode(module: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default().validate(true).module(module)?.encode()
}
