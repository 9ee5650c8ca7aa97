//! Objects to standard output, or into a directory.

use crate::manifests::Manifest;
use crate::report::count;
use crate::write::{directory, json_text, note, print as print_text, yaml};
use anyhow::ensure;
use clap::ValueEnum;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::Path;

/// The language of rendered objects.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Language {
    #[default]
    #[value(alias = "yml")]
    Yaml,
    Json,
}

/// Prints all objects: YAML documents one after the other, or one JSON `List`.
pub(crate) fn print(manifests: &[Manifest], language: Language) -> anyhow::Result<()> {
    let text = match language {
        Language::Yaml => {
            let documents = manifests.par_iter().map(|manifest| yaml(&manifest.object));
            documents.collect::<Result<Vec<_>, _>>()?.join("---\n")
        }
        Language::Json => {
            let items: Vec<&Value> = manifests.iter().map(|manifest| &manifest.object).collect();
            json_text(&json!({ "apiVersion": "v1", "kind": "List", "items": items }))
        }
    };
    print_text(&text)
}

/// Writes each object to a file of its own, all of them or none, and reports files that an earlier run left.
pub(crate) fn write(
    manifests: &[Manifest],
    language: Language,
    directory: &Path,
    prune: bool,
) -> anyhow::Result<()> {
    let mut files = Vec::with_capacity(manifests.len());
    for manifest in manifests {
        let text = match language {
            Language::Yaml => yaml(&manifest.object)?,
            Language::Json => json_text(&manifest.object),
        };
        files.push((file_name(manifest, language)?, text));
    }

    let stale = directory::write(directory, &files, prune)?;
    note(&format!("wrote {} to {}", count(files.len(), "object"), directory.display()));
    for name in stale.names {
        let path = directory.join(name);
        note(&if prune {
            format!("removed {}, which an earlier run wrote", path.display())
        } else {
            format!(
                "{} is from an earlier run and is not rendered now; --prune removes it",
                path.display()
            )
        });
    }
    Ok(())
}

/// As `kustomize build -o` names files: group, version, kind and name; the namespace, where there is one, in front.
fn file_name(manifest: &Manifest, language: Language) -> anyhow::Result<String> {
    let version = manifest
        .object
        .get("apiVersion")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .replace('/', "_");
    let parts = manifest.namespace.iter().chain([&version, &manifest.kind, &manifest.name]);
    let name = parts.map(String::as_str).collect::<Vec<_>>().join("_").to_lowercase();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    ensure!(
        name.chars().all(is_plain) && !name.starts_with('.'),
        "an object has a name that no file can have: {name:?}"
    );
    Ok(match language {
        Language::Yaml => format!("{name}.yaml"),
        Language::Json => format!("{name}.json"),
    })
}
