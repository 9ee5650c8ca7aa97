//! The files of an editor: those that are open as they stand there, others as they are on disk; and which of them belong
//! together.

use super::settings::{Entry, Settings};
use super::text::{Encoding, Text};
use super::uri;
use crate::context::{Context, Setting};
use crate::read::{self, Document, Input, Node};
use anyhow::Context as _;
use gen_lsp_types::Uri;
use sentry_streams_k8s::context::FIELDS;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file, open or not.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) uri: Uri,
    /// What people call it.
    pub(super) name: String,
    pub(super) text: Arc<Text>,
    /// The editor's number of this state of it; none of a file that is not open.
    pub(super) version: Option<i32>,
}

/// What is known when something is asked: cheap to clone, for another thread.
#[derive(Clone, Debug, Default)]
pub(super) struct Workspace {
    pub(super) encoding: Encoding,
    /// The directory that paths of settings start at.
    pub(super) root: Option<PathBuf>,
    pub(super) settings: Arc<Settings>,
    /// The open files.
    pub(super) open: HashMap<Uri, File>,
}

/// A file of contexts with what is set in them: what is checked together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Unit {
    /// The file of the contexts.
    pub(super) context: String,
    /// The entry of the settings, where it has one.
    entry: Option<usize>,
}

/// What a unit is made of.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) file: File,
    /// The files that fields are set to.
    pub(super) templates: Vec<File>,
    /// Each with the number of its part of the file.
    pub(super) contexts: Vec<(usize, Context)>,
}

impl Workspace {
    /// Opens a file, or gives an open one another text.
    pub(super) fn set(&mut self, uri: Uri, version: i32, text: Text) {
        let name = uri::path(&uri).map_or_else(|| uri.0.clone(), |path| self.name(&path));
        let file = File { uri: uri.clone(), name, text: Arc::new(text), version: Some(version) };
        self.open.insert(uri, file);
    }

    /// What people call a file: its path from the workspace.
    fn name(&self, path: &Path) -> String {
        let root = self.root.as_deref();
        let path = root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path);
        path.display().to_string()
    }

    /// A path of the settings.
    fn resolve(&self, path: &Path) -> PathBuf {
        self.root.as_ref().map_or_else(|| path.to_owned(), |root| root.join(path))
    }

    /// The address of a file: as the editor writes it, where it is open there.
    fn uri(&self, path: &Path) -> Uri {
        let open = self.open.keys().find(|uri| uri::path(uri).as_deref() == Some(path));
        open.cloned().unwrap_or_else(|| uri::of(path))
    }

    /// A file, open or on disk.
    fn file(&self, uri: &Uri) -> anyhow::Result<File> {
        if let Some(file) = self.open.get(uri) {
            return Ok(file.clone());
        }
        let path = uri::path(uri).with_context(|| format!("{} is not open", uri.0))?;
        let (_, text) = Input::default().text(&path)?;
        let name = self.name(&path);
        Ok(File { uri: uri.clone(), name, text: Arc::new(Text::new(text)), version: None })
    }

    fn entries(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.settings.contexts.iter().enumerate()
    }

    /// The units that a file is part of; none of a file that is of another kind.
    pub(super) fn units(&self, uri: &Uri) -> Vec<Unit> {
        let path = uri::path(uri);
        let is_it = |other: &PathBuf| Some(self.resolve(other)) == path;
        let units = self
            .entries()
            .filter(|(_, entry)| is_it(&entry.context) || entry.set_file.values().any(is_it));
        let units = units.map(|(at, entry)| Unit {
            context: self.uri(&self.resolve(&entry.context)).0,
            entry: Some(at),
        });
        let mut units: Vec<Unit> = units.collect();
        let has_contexts = || self.file(uri).is_ok_and(|file| has_contexts(file.text.as_str()));
        if units.is_empty() && has_contexts() {
            units.push(Unit { context: uri.0.clone(), entry: None });
        }
        units
    }

    /// The field that a file is the text of.
    pub(super) fn field(&self, uri: &Uri) -> Option<&str> {
        let path = uri::path(uri)?;
        self.entries().find_map(|(_, entry)| {
            let mut fields = entry.set_file.iter();
            fields.find(|(_, file)| self.resolve(file) == path).map(|(field, _)| field.as_str())
        })
    }

    /// Whether a file of a unit is open.
    pub(super) fn has_open(&self, unit: &Unit) -> bool {
        let is_open = |path: &PathBuf| self.open.contains_key(&self.uri(&self.resolve(path)));
        self.open.contains_key(&Uri(unit.context.clone()))
            || self.entry(unit).is_some_and(|entry| entry.set_file.values().any(is_open))
    }

    fn entry(&self, unit: &Unit) -> Option<&Entry> {
        self.settings.contexts.get(unit.entry?)
    }

    /// Reads the contexts of a unit, with what is set in them.
    pub(super) fn load(&self, unit: &Unit) -> anyhow::Result<Loaded> {
        let file = self.file(&Uri(unit.context.clone()))?;
        let (mut settings, mut templates) = (Vec::new(), Vec::new());
        if let Some(entry) = self.entry(unit) {
            for (field, value) in &entry.set {
                settings.push(Setting::value(field, &value.to_string())?);
            }
            for (field, path) in &entry.set_file {
                let template = self.file(&self.uri(&self.resolve(path)))?;
                settings.push(Setting {
                    field: field.clone(),
                    name: template.name.clone(),
                    text: template.text.as_str().to_owned(),
                    is_file: true,
                });
                templates.push(template);
            }
        }

        let parts = read::parts(file.text.as_str());
        let has_pipelines = parts.iter().any(Document::is_pipeline);
        let is_one =
            |part: &Document<'_>| part.has_content() && (!has_pipelines || part.is_pipeline());
        let parts = parts.iter().enumerate().filter(|(_, part)| is_one(part));
        let contexts = parts.map(|(number, part)| {
            Ok((number, Context::new(&file.name, part.text, part.line, &settings)?))
        });
        let contexts = contexts.collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Loaded { file, templates, contexts })
    }
}

/// Whether a file has contexts: pipelines, by their kind; else it says so in the line that names its schema, or has
/// fields that a context has and little else.
fn has_contexts(text: &str) -> bool {
    const SCHEMA: [&str; 2] = ["yaml-language-server:", "context.schema.json"];
    /// Fields that no other file has two of.
    const ENOUGH: usize = 2;
    let is_context = |part: &Document<'_>| {
        let required = FIELDS.iter().filter(|field| field.required).map(|field| field.name);
        let known = match Node::read(part.text) {
            Ok(Some(root)) => required.filter(|name| root.entry(name).is_some()).count(),
            Ok(None) => 0,
            Err(_) => required.filter(|name| has_line(part.text, name)).count(),
        };
        known >= ENOUGH
    };
    text.lines().any(|line| line.starts_with('#') && SCHEMA.iter().all(|word| line.contains(word)))
        || read::parts(text).iter().any(|part| part.is_pipeline() || is_context(part))
}

/// Whether a line of a text that is no YAML begins with a key.
fn has_line(text: &str, key: &str) -> bool {
    text.lines().any(|line| {
        let rest = line.trim_start_matches([' ', '{', '"']).strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start_matches(['"', ' ']).starts_with(':'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_are_known_among_other_files() {
        for text in [
            "service_name: a\npipeline_name: b\n",
            "{\"service_name\": \"a\", \"segment_id\": 0}",
            "service_name: a\npipeline_name: [\n",
            "{\n  \"service_name\": \"a\",\n  \"segment_id\": \n",
            "kind: ConfigMap\n---\napiVersion: streams.sentry.io/v1alpha1\nkind: StreamingPipeline\n",
            "# yaml-language-server: $schema=../editors/context.schema.json\n",
        ] {
            assert!(has_contexts(text), "{text}");
        }
        for text in [
            "",
            "replicas: 3\nlog_level: DEBUG\n",
            "service_name: a\n",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  service_name: a\n  pipeline_name: b\n",
            "a: [\n",
            "# yaml-language-server: $schema=compose.json\nservices: {}\n",
        ] {
            assert!(!has_contexts(text), "{text}");
        }
    }

    #[test]
    fn settings_say_which_files_belong_together() {
        let settings = serde_json::json!({ "contexts": [
            { "context": "c.yaml", "setFile": { "deployment_template": "t.yaml" } },
        ] });
        let mut workspace = Workspace {
            root: Some("/w".into()),
            settings: Arc::new(Settings::read(settings).unwrap()),
            ..Workspace::default()
        };
        let [context, template] =
            ["file:///w/c.yaml", "file:///w/%74.yaml"].map(|text| Uri(text.to_owned()));
        workspace.set(context.clone(), 1, Text::new("replicas: 2\n".to_owned()));
        workspace.set(template.clone(), 1, Text::new("spec: {}\n".to_owned()));
        let units = workspace.units(&template);
        assert_eq!(units, workspace.units(&context));
        assert_eq!(workspace.field(&template), Some("deployment_template"));
        assert_eq!(workspace.field(&context), None);

        let loaded = workspace.load(&units[0]).unwrap();
        assert_eq!(loaded.templates[0].uri, template);
        assert_eq!(loaded.templates[0].name, "t.yaml");
        assert!(loaded.contexts[0].1.sent().contains("spec: {}"));
        workspace.open.remove(&context);
        assert!(workspace.has_open(&units[0]));
        workspace.open.remove(&template);
        assert!(!workspace.has_open(&units[0]) && workspace.load(&units[0]).is_err());
    }
}
