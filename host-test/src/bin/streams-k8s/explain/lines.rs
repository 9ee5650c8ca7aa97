//! The lines of an object written as YAML, each with the field that stands in it.

use super::Field;
use sentry_streams_k8s::document;
use sentry_streams_k8s::node::{Node, Source, Value};
use sentry_streams_k8s::problem::Path;
use std::collections::HashMap;

/// A line.
#[derive(Debug)]
pub(super) struct Line<'f> {
    pub(super) text: String,
    /// The field whose value stands here; none where only the name of a list or mapping does.
    pub(super) field: Option<&'f Field>,
    /// Whether the value began in a line before.
    pub(super) is_continued: bool,
}

/// Finds the field of each line by reading the YAML back, so that this depends on no style of writing it.
pub(super) fn annotate<'f>(yaml: &str, fields: &'f [Field]) -> Vec<Line<'f>> {
    let by_path: HashMap<&str, &Field> = fields.iter().map(|field| (field.path.as_str(), field)).collect();
    let mut starts = Starts { lines: line_starts(yaml), found: HashMap::new() };
    if let Ok(document) = document::read_yaml(yaml, Source::Context) {
        starts.walk(&document.root, &Path::root());
    }
    let mut lines: Vec<Line<'f>> = Vec::new();
    for (at, text) in yaml.lines().enumerate() {
        let (field, is_continued) = match starts.found.get(&at) {
            Some(path) => (path.as_deref().and_then(|path| by_path.get(path).copied()), false),
            None => (lines.last().and_then(|line| line.field), true),
        };
        lines.push(Line { text: text.to_owned(), field, is_continued });
    }
    lines
}

/// The lines at which fields begin, and those that only name a list or mapping.
struct Starts {
    /// Where lines begin, in bytes.
    lines: Vec<usize>,
    found: HashMap<usize, Option<String>>,
}

impl Starts {
    fn walk(&mut self, node: &Node<'_>, path: &Path) {
        match &node.value {
            Value::Map(map) if !map.is_empty() => {
                for (key, child) in map.iter() {
                    // What a list or mapping holds begins in the line below its name.
                    let is_name = match &child.value {
                        Value::Map(below) => !below.is_empty(),
                        Value::List(below) => !below.is_empty(),
                        _ => false,
                    };
                    if is_name && let Some(line) = self.line(child).checked_sub(1) {
                        self.found.entry(line).or_insert(None);
                    }
                    self.walk(child, &path.key(&key.text));
                }
            }
            Value::List(items) if !items.is_empty() => {
                items.iter().enumerate().for_each(|(at, item)| self.walk(item, &path.index(at)));
            }
            _ => {
                self.found.insert(self.line(node), Some(path.to_string()));
            }
        }
    }

    fn line(&self, node: &Node<'_>) -> usize {
        let offset = node.origin.offset as usize;
        self.lines.partition_point(|start| *start <= offset).saturating_sub(1)
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at.saturating_add(1));
    std::iter::once(0).chain(ends).collect()
}
