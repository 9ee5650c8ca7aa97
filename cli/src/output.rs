//! Objects to standard output, or into a directory.

use crate::report::count;
use crate::write::directory::{self, File};
use crate::write::{Held, json_text, note, yaml};
use anyhow::ensure;
use clap::ValueEnum;
use sentry_streams_k8s_host::Manifest;
use serde_json::Value;
use std::path::Path;

/// The language of rendered objects.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Language {
    #[default]
    #[value(alias = "yml")]
    Yaml,
    Json,
}

/// What stands before the items of a JSON `List`.
const LIST: &str = "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [";

/// Objects as one text: YAML documents one after the other, or one JSON `List`.
pub(crate) struct Listing {
    language: Language,
    text: Held,
    is_empty: bool,
}

impl Listing {
    /// One without objects.
    pub(crate) fn new(language: Language) -> Self {
        let mut text = Held::default();
        if matches!(language, Language::Json) {
            text.push(LIST);
        }
        Self { language, text, is_empty: true }
    }

    /// An object as it is pushed.
    pub(crate) fn item(object: &Value, language: Language) -> anyhow::Result<String> {
        match language {
            Language::Yaml => yaml(object),
            Language::Json => Ok(json_text(object).trim_end().replace('\n', "\n    ")),
        }
    }

    /// Adds an object.
    pub(crate) fn push(&mut self, item: &str) {
        let before = match (self.language, self.is_empty) {
            (Language::Yaml, true) => "",
            (Language::Yaml, false) => "---\n",
            (Language::Json, true) => "\n    ",
            (Language::Json, false) => ",\n    ",
        };
        self.is_empty = false;
        self.text.push(before);
        self.text.push(item);
    }

    /// Prints all of it.
    pub(crate) fn print(mut self) -> anyhow::Result<()> {
        self.text.push(match (self.language, self.is_empty) {
            (Language::Yaml, _) => "",
            (Language::Json, true) => "]\n}\n",
            (Language::Json, false) => "\n  ]\n}\n",
        });
        self.text.print()
    }
}

/// An object as a file of its own: the name and the text.
pub(crate) fn file(
    manifest: &Manifest,
    object: &Value,
    language: Language,
) -> anyhow::Result<File> {
    let text = match language {
        Language::Yaml => yaml(object)?,
        Language::Json => json_text(object),
    };
    Ok((file_name(manifest, object, language)?, text))
}

/// Writes the files, all of them or none, and reports files that an earlier run left.
pub(crate) fn write(files: &[File], directory: &Path, prune: bool) -> anyhow::Result<()> {
    let stale = directory::write(directory, files, prune)?;
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
fn file_name(manifest: &Manifest, object: &Value, language: Language) -> anyhow::Result<String> {
    let version = object.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
    let version = version.replace('/', "_");
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
