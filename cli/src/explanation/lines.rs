//! The lines of an object written as YAML, each with the field that stands in it.

use super::model::{Field, Object};
use crate::write::yaml;
use sentry_streams_k8s::read as document;
use sentry_streams_k8s::value::Path;
use sentry_streams_k8s::value::{Node, Source, Value};
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

/// An object as YAML, each line with its field.
pub(super) fn of_object(object: &Object) -> anyhow::Result<Vec<Line<'_>>> {
    Ok(annotate(&yaml(&object.value)?, &object.fields))
}

/// Finds the field of each line by reading the YAML back, so that this depends on no style of writing it.
fn annotate<'f>(yaml: &str, fields: &'f [Field]) -> Vec<Line<'f>> {
    let by_path: HashMap<&str, &Field> =
        fields.iter().map(|field| (field.path.as_str(), field)).collect();
    let mut starts = Starts { text: yaml, lines: line_starts(yaml), found: HashMap::new() };
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
struct Starts<'t> {
    text: &'t str,
    /// Where lines begin, in bytes.
    lines: Vec<usize>,
    found: HashMap<usize, Option<String>>,
}

impl Starts<'_> {
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
                self.found.insert(self.header(node), Some(path.to_string()));
            }
        }
    }

    /// The line of a leaf. A block of text is said to start in its first line; its `|` is above that, and above lines
    /// that are empty.
    fn header(&self, node: &Node<'_>) -> usize {
        let line = self.line(node);
        let is_quoted = self
            .text
            .get(node.origin.offset as usize..)
            .is_some_and(|rest| rest.starts_with(['"', '\'']));
        if is_quoted || !node.as_str().is_some_and(|text| text.contains('\n')) {
            return line;
        }
        let above = self.text.lines().take(line).enumerate();
        above.filter(|(_, text)| !text.trim().is_empty()).last().map_or(line, |(at, _)| at)
    }

    fn line(&self, node: &Node<'_>) -> usize {
        let offset = node.origin.offset as usize;
        self.lines.partition_point(|start| *start <= offset).saturating_sub(1)
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let ends = text
        .bytes()
        .enumerate()
        .filter(|(_, byte)| *byte == b'\n')
        .map(|(at, _)| at.saturating_add(1));
    std::iter::once(0).chain(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    /// Each line's number of a field, and whether it goes on with one.
    fn lines(object: &Json, paths: &[&str]) -> Vec<(Option<usize>, bool)> {
        let field = |path: &&str| -> Field {
            serde_json::from_value(json!({ "path": path, "value": 1, "layer": "base" })).unwrap()
        };
        let fields: Vec<Field> = paths.iter().map(field).collect();
        let yaml = yaml(object).unwrap();
        let number = |line: &Line<'_>| {
            line.field.and_then(|field| fields.iter().position(|f| std::ptr::eq(f, field)))
        };
        annotate(&yaml, &fields).iter().map(|line| (number(line), line.is_continued)).collect()
    }

    #[test]
    fn every_line_has_its_field() {
        let object = json!({
            "a": { "b": 1, "c/d": [{ "e": "x", "f": {} }, [["g"]], "h"] },
            "text": "one\n\ntwo\n", "blank": "\n\nlate\n", "quoted": "a\u{1b}\nb", "i": null,
        });
        let paths = [
            "a.b",
            "a[\"c/d\"][0].e",
            "a[\"c/d\"][0].f",
            "a[\"c/d\"][1][0][0]",
            "a[\"c/d\"][2]",
            "text",
            "blank",
            "quoted",
            "i",
        ];
        let on = |field| (Some(field), false);
        let goes_on = |field| (Some(field), true);
        let name = (None, false);
        let expected = [
            vec![name, on(0), name, on(1), on(2), on(3), on(4)],
            vec![on(5), goes_on(5), goes_on(5), goes_on(5)],
            vec![on(6), goes_on(6), goes_on(6), goes_on(6)],
            vec![on(7), on(8)],
        ];
        assert_eq!(lines(&object, &paths), expected.concat());
    }
}
