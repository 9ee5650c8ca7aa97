//! Says which crates a core module's code is of. The module must still have its names; `bench/size-by-crate` builds one.

use rustc_demangle::demangle;
use std::collections::BTreeMap;
use std::error::Error;
use std::ops::Range;
use wasmparser::{KnownCustom, Name, Parser, Payload};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: size-by-crate MODULE")?;
    let module = std::fs::read(path)?;
    let mut imported = 0_u32;
    let mut sizes = Vec::new();
    let mut names = BTreeMap::new();
    let mut data = 0;
    for payload in Parser::new(0).parse_all(&module) {
        match payload? {
            Payload::ImportSection(imports) => imported = imports.count(),
            Payload::CodeSectionEntry(body) => sizes.push(length(&body.range())),
            Payload::DataSection(section) => data = length(&section.range()),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(subsections) = section.as_known() else { continue };
                for subsection in subsections {
                    let Name::Function(functions) = subsection? else { continue };
                    for function in functions {
                        let function = function?;
                        names.insert(
                            function.index,
                            crate_of(&format!("{:#}", demangle(function.name))),
                        );
                    }
                }
            }
            _ => {}
        }
    }
    if names.is_empty() {
        return Err("this module has no names".into());
    }
    let mut crates = BTreeMap::from([("(data)".to_owned(), data)]);
    for (index, size) in (imported..).zip(sizes) {
        let name = names.remove(&index).unwrap_or_else(|| "(no name)".to_owned());
        let total = crates.entry(name).or_default();
        *total = usize::saturating_add(*total, size);
    }
    let all: usize = crates.values().sum();
    let mut crates: Vec<_> = crates.into_iter().collect();
    crates.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    println!("| crate | bytes | |\n|---|--:|--:|");
    for (name, size) in crates {
        println!(
            "| {name} | {size} | {} % |",
            size.saturating_mul(100).checked_div(all).unwrap_or_default()
        );
    }
    Ok(())
}

fn length(range: &Range<usize>) -> usize {
    range.end.saturating_sub(range.start)
}

/// The crate of a function; for a method of a trait, that of the type it is of: `<alloc::vec::Vec<T> as Drop>::drop`.
fn crate_of(function: &str) -> String {
    let name = function.trim_start_matches(['<', '&', '*', '[', '(', ' ']);
    let name = name.strip_prefix("mut ").or_else(|| name.strip_prefix("dyn ")).unwrap_or(name);
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    let (name, rest) = name.split_at(end);
    if rest.starts_with("::") { name.to_owned() } else { "(other)".to_owned() }
}
