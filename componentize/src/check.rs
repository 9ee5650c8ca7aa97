//! What hosts rely on: the component needs nothing, has the interface of `wit/`, and is small.

use anyhow::{Context, Result, bail, ensure};
use std::path::Path;
use wit_component::{DecodedWasm, WitPrinter};
use wit_parser::{Resolve, WorldId, WorldItem, WorldKey};

/// The component imports nothing, so it runs anywhere and can reach nothing.
pub(crate) fn imports(component: &[u8]) -> Result<()> {
    let (resolve, world) = decode(component)?;
    let imports: Vec<String> =
        resolve.worlds[world].imports.keys().map(|key| resolve.name_world_key(key)).collect();
    ensure!(
        imports.is_empty(),
        "the component imports {}; it must import nothing",
        imports.join(", ")
    );
    Ok(())
}

/// The component exports the interfaces of the package's world: all of them, nothing else, and each the same to the
/// last type. Documentation is not part of a component.
pub(crate) fn interface(component: &[u8], wit: &Path) -> Result<()> {
    let mut package = Resolve::default();
    let (id, _) = package
        .push_path(wit)
        .with_context(|| format!("cannot read the WIT package {}", wit.display()))?;
    let world = package.select_world(&[id], None)?;
    let expected = exports(&package, world)?;
    let (resolve, world) = decode(component)?;
    let found = exports(&resolve, world)?;

    if expected != found {
        let wit = wit.display();
        bail!(
            "the component's interface is not that of {wit}; {wit} says\n{expected}\nthe component says\n{found}"
        );
    }
    Ok(())
}

/// The component is small: hosts compile it before its first call.
pub(crate) fn size(component: &[u8], max: usize) -> Result<()> {
    let size = component.len();
    ensure!(
        size <= max,
        "the component has {size} bytes, {} more than the budget of {max}",
        size.saturating_sub(max)
    );
    Ok(())
}

fn decode(component: &[u8]) -> Result<(Resolve, WorldId)> {
    match wit_component::decode(component).context("cannot read the component's interface")? {
        DecodedWasm::Component(resolve, world) => Ok((resolve, world)),
        DecodedWasm::WitPackage(..) => bail!("this is a WIT package, not a component"),
    }
}

/// A world's exports as WIT text without documentation, in the order of their names.
fn exports(resolve: &Resolve, world: WorldId) -> Result<String> {
    let mut texts = Vec::new();
    for (key, item) in &resolve.worlds[world].exports {
        let name = resolve.name_world_key(key);
        let text = match (key, item) {
            (WorldKey::Interface(_), WorldItem::Interface { id, .. }) => {
                let mut printer = WitPrinter::default();
                printer.emit_docs(false).print_interface(resolve, *id)?;
                printer.output.to_string()
            }
            _ => bail!("the world exports `{name}`, which is no interface of its own"),
        };
        texts.push(format!("{name} {{\n{text}}}\n"));
    }
    texts.sort();
    Ok(texts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wit_component::{StringEncoding, dummy_module, embed_component_metadata};
    use wit_parser::{LiftLowerAbi, ManglingAndAbi};

    const WIT: &str = "package a:b@0.1.0;
        interface one { record r { x: u32, y: option<string> } f: func(a: string) -> result<r, string>; }
        interface two { g: func() -> string; }
        world w { export one; export two; }";

    fn component(wit: &str) -> Vec<u8> {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("test.wit", wit).unwrap();
        let world = resolve.select_world(&[package], None).unwrap();
        let mut module = dummy_module(&resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        crate::encode(&module).unwrap()
    }

    fn interface_of(wit: &str) -> Result<()> {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("world.wit"), WIT).unwrap();
        interface(&component(wit), directory.path())
    }

    #[test]
    fn imports_are_refused() {
        imports(&component(WIT)).unwrap();
        let importing = WIT.replace("export two", "import two");
        let error = imports(&component(&importing)).unwrap_err().to_string();
        assert_eq!(error, "the component imports a:b/two@0.1.0; it must import nothing");
    }

    #[test]
    fn the_interface_must_be_the_same() {
        interface_of(WIT).unwrap();
        interface_of(&WIT.replace("g: func", "/// documented\n g: func")).unwrap();
        for (was, is) in [
            ("@0.1.0", "@0.1.1"),
            ("y: option<string>", "y: string"),
            ("x: u32, y: option<string>", "y: option<string>, x: u32"),
            ("f: func(a: string)", "f: func(b: string)"),
            ("export two;", ""),
            ("export two;", "export two; export h: func();"),
            ("g: func()", "h: func() -> string; g: func()"),
        ] {
            assert!(interface_of(&WIT.replace(was, is)).is_err(), "{was} became {is}");
        }
    }

    #[test]
    fn the_budget_is_kept() {
        size(&[0; 10], 10).unwrap();
        let error = size(&[0; 12], 10).unwrap_err().to_string();
        assert_eq!(error, "the component has 12 bytes, 2 more than the budget of 10");
    }

    #[test]
    fn what_is_no_webassembly_is_refused() {
        assert!(imports(b"text").is_err());
    }
}
