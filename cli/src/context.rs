//! Contexts, as files and arguments give them.

use crate::read::Input;
use anyhow::bail;
use sentry_streams_k8s::read as document;
use sentry_streams_k8s::value::{KeyKind, Node, Origin, Source, Value};
use sentry_streams_k8s::write::json;
use std::path::Path;

/// A context, and where its parts come from.
#[derive(Debug)]
pub(crate) struct Context {
    /// What people call it: its path, or `<stdin>`.
    pub(crate) name: String,
    /// The text of its file, or its part of it.
    pub(crate) text: String,
    /// The lines of its file before the text.
    pub(crate) lines_before: u32,
    /// What the arguments set in it.
    pub(crate) settings: Vec<Setting>,
    /// The text with the settings, where there are any.
    changed: Option<String>,
}

/// A field that the arguments set.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub(crate) field: String,
    /// What people call the place of the text: the option, or the file.
    pub(crate) name: String,
    /// The text: of the argument, or of the file.
    pub(crate) text: String,
    pub(crate) is_file: bool,
}

impl Setting {
    /// A field set to a value, in YAML.
    pub(crate) fn value(field: &str, text: &str) -> anyhow::Result<Self> {
        if let Err(problems) = document::read_yaml(text, Source::Context) {
            let reason =
                problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
            bail!("--set {field}: {reason}; quote the value if it is meant as text");
        }
        Ok(Self {
            field: field.to_owned(),
            name: format!("--set {field}"),
            text: text.to_owned(),
            is_file: false,
        })
    }

    /// The cluster's version of Kubernetes.
    pub(crate) fn kubernetes_version(version: &str) -> Self {
        Self {
            field: "kubernetes_version".to_owned(),
            name: "--kubernetes-version".to_owned(),
            text: serde_json::Value::from(version).to_string(),
            is_file: false,
        }
    }

    /// A field set to the text of a file.
    pub(crate) fn file(field: &str, path: &Path, input: &Input) -> anyhow::Result<Self> {
        let (name, text) = input.text(path)?;
        Ok(Self { field: field.to_owned(), name, text, is_file: true })
    }

    fn node(&self) -> Option<Node<'_>> {
        if self.is_file {
            return Some(Node::string(self.text.as_str(), Origin::MACRO));
        }
        document::read_yaml(&self.text, Source::Context).ok().map(|document| document.root)
    }
}

impl Context {
    /// A document of a file, below this many lines, with fields set in it.
    pub(crate) fn new(
        name: &str,
        text: &str,
        lines_before: usize,
        settings: &[Setting],
    ) -> anyhow::Result<Self> {
        let changed = if settings.is_empty() { None } else { change(name, text, settings)? };
        let settings = if changed.is_some() { settings.to_vec() } else { Vec::new() };
        Ok(Self { settings, changed, ..Self::part(name.to_owned(), text.to_owned(), lines_before) })
    }

    /// A context that is a part of a file, below this many lines.
    pub(crate) fn part(name: String, text: String, lines_before: usize) -> Self {
        let lines_before = u32::try_from(lines_before).unwrap_or(u32::MAX);
        Self { name, text, lines_before, settings: Vec::new(), changed: None }
    }

    /// What the macro is given.
    pub(crate) fn sent(&self) -> &str {
        self.changed.as_deref().unwrap_or(&self.text)
    }

    /// What the arguments set a field to. The last one counts.
    pub(crate) fn setting(&self, field: &str) -> Option<&Setting> {
        self.settings.iter().rev().find(|setting| setting.field == field)
    }
}

/// The context with the fields set, as JSON. None where the text is no mapping: the macro says what is wrong with it.
fn change(name: &str, text: &str, settings: &[Setting]) -> anyhow::Result<Option<String>> {
    let Ok(mut document) = document::read(text, Source::Context) else { return Ok(None) };
    let Some(map) = document.root.as_map_mut() else { return Ok(None) };
    for setting in settings {
        let Some(node) = setting.node() else { continue };
        map.set(setting.field.as_str(), node);
    }
    if let Some(what) = lost_in_json(&document.root) {
        bail!(
            "{name} has {what}, which cannot be kept when fields are set by arguments; write it in quotes"
        );
    }
    Ok(Some(json(&document.root)))
}

/// What YAML can say and JSON cannot.
fn lost_in_json(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::Timestamp(date) => Some(format!("the date {date}")),
        Value::List(items) => items.iter().find_map(lost_in_json),
        Value::Map(map) => map.iter().find_map(|(key, node)| match key.kind {
            KeyKind::String => lost_in_json(node),
            _ => Some(format!("the key {}, which is no string", key.text)),
        }),
        _ => None,
    }
}
