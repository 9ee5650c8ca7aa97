//! Objects to standard output, or into a directory.

use crate::manifests::Manifest;
use crate::write::{json_text, yaml};
use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// The language of rendered objects.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Language {
    #[default]
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
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// Writes each object to a file of its own. All files are complete under other names before the first one appears
/// under its own, so that what can fail (a full disk, a forbidden directory) fails before anything is changed.
pub(crate) fn write(manifests: &[Manifest], language: Language, directory: &Path) -> anyhow::Result<()> {
    let place = || format!("cannot write to {}", directory.display());
    fs::create_dir_all(directory).with_context(place)?;
    let mut files = Vec::with_capacity(manifests.len());
    for manifest in manifests {
        let path = directory.join(file_name(manifest, language)?);
        let text = match language {
            Language::Yaml => yaml(&manifest.object)?,
            Language::Json => json_text(&manifest.object),
        };
        let mut file =
            readable(&mut tempfile::Builder::new()).prefix(".").tempfile_in(directory).with_context(place)?;
        file.write_all(text.as_bytes()).with_context(place)?;
        files.push((file.into_temp_path(), path));
    }
    for (file, path) in files {
        file.persist(&path).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// As `kustomize build -o` names files: group, version, kind and name; the namespace, where there is one, in front.
fn file_name(manifest: &Manifest, language: Language) -> anyhow::Result<String> {
    let version = manifest.object.get("apiVersion").and_then(Value::as_str).unwrap_or_default().replace('/', "_");
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

/// Temporary files are private; these are to be as others are.
#[cfg(unix)]
fn readable<'b>(builder: &'b mut tempfile::Builder<'b, 'b>) -> &'b mut tempfile::Builder<'b, 'b> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn readable<'b>(builder: &'b mut tempfile::Builder<'b, 'b>) -> &'b mut tempfile::Builder<'b, 'b> {
    builder
}
