//! What is asked of an explanation, and in which form it is written.

use super::layer::Layer;
use super::model::{Explanation, Field};
use super::{html, markdown, story, text};
use crate::write::json_text;
use anyhow::bail;
use clap::ValueEnum;
use serde_json::Value;

/// How an explanation is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people, in colour on a terminal
    #[default]
    Text,
    /// For programs, as the macro gives it
    Json,
    /// For comments and documents
    Markdown,
    /// One page to open in a browser
    Html,
}

/// What part of an explanation is asked for.
#[derive(Debug, Default)]
pub(crate) struct Question<'q> {
    pub(crate) field: Option<&'q str>,
    pub(crate) layer: Option<Layer>,
}

impl Explanation {
    /// Writes what is asked for.
    pub(crate) fn write(&self, form: Form, question: &Question<'_>) -> anyhow::Result<String> {
        let found = question.field.map(|field| story::find(self, field)).transpose()?;
        match (form, found, question.layer) {
            (Form::Json, found, layer) => Ok(self.json(found.as_deref(), layer)),
            (Form::Html, None, None) => html::page(self),
            (Form::Html, ..) => {
                bail!("the page has all fields and layers: leave out --field and --layer")
            }
            (_, Some(_), Some(_)) => bail!("--field and --layer are two questions: ask one"),
            (Form::Text, Some(found), _) => Ok(text::stories(&found)),
            (Form::Text, _, Some(layer)) => Ok(text::layer(self, layer)),
            (Form::Text, None, None) => text::objects(self),
            (Form::Markdown, Some(found), _) => Ok(markdown::stories(&found)),
            (Form::Markdown, _, Some(layer)) => Ok(markdown::layer(self, layer)),
            (Form::Markdown, None, None) => markdown::objects(self),
        }
    }

    /// The macro's answer, with only the fields that are asked for.
    fn json(&self, found: Option<&[story::Found<'_>]>, layer: Option<Layer>) -> String {
        let mut json = self.json.clone();
        for object in &self.objects {
            for (list, fields) in [("fields", &object.fields), ("removed", &object.removed)] {
                let is_asked = |field: &Field| {
                    found.is_none_or(|found| {
                        found.iter().any(|found| std::ptr::eq(found.field, field))
                    }) && layer.is_none_or(|layer| field.layers().any(|other| other == layer))
                };
                let mut asked = fields.iter().map(is_asked);
                let items = json.pointer_mut(&format!("/manifests/{}/{list}", object.role));
                if let Some(items) = items.and_then(Value::as_array_mut) {
                    items.retain(|_| asked.next().unwrap_or_default());
                }
            }
        }
        json_text(&json)
    }
}
