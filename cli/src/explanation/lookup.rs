//! What became of a place in the context.

use super::lines;
use super::model::{Explanation, Field};
use super::story::{Found, together};

/// A field of the rendered objects, with its story.
#[derive(Debug)]
pub(crate) struct Story {
    /// The objects that have it.
    pub(crate) titles: String,
    pub(crate) path: String,
    /// Its value as one line; none where it was removed.
    pub(crate) value: Option<String>,
    pub(crate) sentences: Vec<String>,
}

/// A line of a rendered object.
#[derive(Debug)]
pub(crate) struct RenderedLine<'e> {
    pub(crate) text: String,
    /// The field that begins in it.
    field: Option<&'e Field>,
}

impl Explanation {
    /// The fields that a place in the context, or a place below it, has a part in.
    pub(crate) fn stories_of(&self, from: &str) -> Vec<Story> {
        let mut found = Vec::new();
        for object in &self.objects {
            let fields = object.fields.iter().map(|field| (field, false));
            let removed = object.removed.iter().map(|field| (field, true));
            for (field, is_removed) in fields.chain(removed) {
                if comes_from(field, from) {
                    found.push(Found { object, field, is_removed });
                }
            }
        }
        let story = |(titles, found, sentences): (String, &Found<'_>, Vec<String>)| Story {
            titles,
            path: found.field.path.clone(),
            value: (!found.is_removed).then(|| found.field.shown()),
            sentences,
        };
        together(&found).into_iter().map(story).collect()
    }

    /// The lines of each object, as `render` writes it.
    pub(crate) fn rendered<'e>(&'e self) -> anyhow::Result<Vec<Vec<RenderedLine<'e>>>> {
        let objects = self.objects.iter().map(|object| {
            let lines = lines::of_object(object)?.into_iter();
            let line = |line: lines::Line<'e>| RenderedLine {
                text: line.text,
                field: line.field.filter(|_| !line.is_continued),
            };
            Ok(lines.map(line).collect())
        });
        objects.collect()
    }
}

impl RenderedLine<'_> {
    /// Whether a place in the context, or a place below it, has a part in the field of this line.
    pub(crate) fn comes_from(&self, from: &str) -> bool {
        self.field.is_some_and(|field| comes_from(field, from))
    }
}

fn comes_from(field: &Field, from: &str) -> bool {
    std::iter::once(field).chain(&field.replaced).any(|value| {
        let rest = value.from.as_deref().and_then(|path| path.strip_prefix(from));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}
