//! What the macro explains: objects, their fields, and what set each of them.

use super::layer::Layer;
use crate::context::Context;
use crate::place::{Place, Places};
use anyhow::Context as _;
use sentry_streams_k8s_host::Manifest;
use serde::Deserialize;
use serde_json::Value;

/// A value and where it comes from; for a field, also what it was before.
#[derive(Debug, Deserialize)]
pub(super) struct Field {
    #[serde(default)]
    pub(super) path: String,
    pub(super) value: Value,
    pub(super) layer: Layer,
    pub(super) from: Option<String>,
    pub(super) line: Option<u32>,
    pub(super) column: Option<u32>,
    /// The field whose own text line and column count in.
    pub(super) source: Option<String>,
    pub(super) note: Option<String>,
    pub(super) change: Option<String>,
    /// Oldest first.
    #[serde(default)]
    pub(super) replaced: Vec<Field>,
    /// Where the value stands in a file.
    #[serde(skip)]
    pub(super) place: Option<Place>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Fields {
    pub(super) fields: Vec<Field>,
    pub(super) removed: Vec<Field>,
}

/// An explained object.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) role: String,
    /// What people call it: `Deployment profiling/profiles-0`.
    pub(super) title: String,
    pub(super) value: Value,
    pub(super) fields: Vec<Field>,
    pub(super) removed: Vec<Field>,
}

/// An explained context.
#[derive(Debug)]
pub(crate) struct Explanation {
    /// What people call the context.
    pub(super) name: String,
    pub(super) objects: Vec<Object>,
    /// As the macro gave it.
    pub(super) json: Value,
}

impl Explanation {
    /// Reads the macro's two answers to a context.
    pub(crate) fn new(
        context: &Context,
        manifests: &[Manifest],
        explained: &str,
    ) -> anyhow::Result<Self> {
        let wrong = "the component's explanation is not what it should be";
        let json: Value = serde_json::from_str(explained).context(wrong)?;
        let places = Places::new(context);
        let mut objects = Vec::with_capacity(manifests.len());
        for manifest in manifests {
            let fields = json.pointer(&format!("/manifests/{}", manifest.role)).context(wrong)?;
            let Fields { mut fields, mut removed } = Fields::deserialize(fields).context(wrong)?;
            locate(&places, fields.iter_mut().chain(&mut removed));
            let namespace =
                manifest.namespace.as_deref().map(|name| format!("{name}/")).unwrap_or_default();
            objects.push(Object {
                role: manifest.role.clone(),
                title: format!("{} {namespace}{}", manifest.kind, manifest.name),
                value: serde_json::from_str(&manifest.json).context(wrong)?,
                fields,
                removed,
            });
        }
        Ok(Self { name: context.name.clone(), objects, json })
    }
}

impl Field {
    /// The layers that have set it, the last one last.
    pub(super) fn layers(&self) -> impl Iterator<Item = Layer> {
        self.replaced.iter().map(|value| value.layer).chain([self.layer])
    }

    /// The value as one line of text.
    pub(super) fn shown(&self) -> String {
        self.value.to_string()
    }

    /// The value it had before, and its layer.
    pub(super) fn before(&self) -> Option<&Self> {
        self.replaced.last()
    }

    /// Where its value stands, for people: `context.yaml:12:9`.
    pub(super) fn position(&self) -> Option<String> {
        self.place.as_ref().map(|place| format!("{}:{}:{}", place.name, place.line, place.column))
    }
}

/// Finds the file and line of every value.
fn locate<'f>(places: &Places<'_>, fields: impl Iterator<Item = &'f mut Field>) {
    for field in fields {
        if let Some(from) = &field.from {
            let span = field.line.zip(field.column).map(|start| (start, start));
            field.place = places.of_value(from, field.source.as_deref(), span);
        }
        locate(places, field.replaced.iter_mut());
    }
}
