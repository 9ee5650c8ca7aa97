//! Where in files and arguments a problem is.
//!
//! The macro counts lines and columns in the text that holds the place: the context, or a field's own text where the
//! field is YAML text. Here the latter become places in the file again.

use crate::context::{Context, Setting};
use sentry_streams_k8s::document::{self, Document};
use sentry_streams_k8s::node::{Node, Source, Value};
use sentry_streams_k8s::problem::Path;
use sentry_streams_k8s_host::Problem;

/// The fields that may be YAML text.
const YAML_FIELDS: [&str; 5] =
    ["deployment_template", "container_template", "pipeline_config", "emergency_patch", "pipeline_config_schema"];

/// The place of each problem of a context, where it has one.
pub(crate) fn of_problems(context: &Context, problems: &[Problem]) -> Vec<Option<Place>> {
    if problems.is_empty() {
        return Vec::new();
    }
    let document = document::read(&context.text, Source::Context).ok();
    let located = problems.iter().map(|problem| {
        let mut place = place(context, document.as_ref(), problem);
        if let Some(place) = place.as_mut().filter(|place| place.name == context.name) {
            place.line = place.line.saturating_add(context.lines_before);
        }
        place
    });
    located.collect()
}

/// A place in a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// What people call the text: a file, an option.
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// The line itself.
    pub(crate) text: String,
    /// Whether only the start is meant, not the value that stands there.
    pub(crate) is_start: bool,
}

impl Place {
    /// A position in a text. None where the text has no such line.
    pub(crate) fn new(name: &str, text: &str, (line, column): (u32, u32)) -> Option<Self> {
        let text = nth_line(text, line)?.to_owned();
        Some(Self { name: name.to_owned(), line, column, text, is_start: false })
    }
}

/// The place of a value that the macro found at a path.
pub(crate) fn of_value(
    context: &Context,
    document: Option<&Document<'_>>,
    path: &str,
    position: Option<(u32, u32)>,
) -> Option<Place> {
    let (line, column) = position.unzip();
    let problem =
        Problem { code: String::new(), path: path.to_owned(), message: String::new(), help: None, line, column };
    place(context, document, &problem)
}

fn place(context: &Context, document: Option<&Document<'_>>, problem: &Problem) -> Option<Place> {
    let position = problem.line.zip(problem.column);
    let field = field(&problem.path);
    if let Some(setting) = context.setting(field) {
        return in_setting(setting, position);
    }
    let root = document.map(|document| &document.root);
    if YAML_FIELDS.contains(&field)
        && let Some((node, true)) = root.and_then(|root| nearest(root, field_path(&problem.path)))
        && let Value::String(text) = &node.value
        && let Some(position) = position
        // The one problem of such a field that is not in its text: the key stands twice in the context.
        && !(problem.code == "duplicate-key" && problem.path == field)
    {
        return in_field(context, field, text, node.origin.offset as usize, position);
    }
    // The macro may have been given another text than the file's, and does not always know: then the place is where the
    // file has the value, or the nearest thing around it.
    let nearest = root.and_then(|root| nearest(root, &problem.path));
    let position = position.filter(|_| context.settings.is_empty()).or_else(|| {
        let (node, _) = nearest?;
        Some(document::position(&context.text, node.origin.offset as usize))
    });
    let mut place = Place::new(&context.name, &context.text, position?)?;
    // What is not there can only be missed at the start of what should have it.
    place.is_start = nearest.is_some_and(|(_, is_it)| !is_it);
    Some(place)
}

/// A place in an argument, or in the file that it names.
fn in_setting(setting: &Setting, position: Option<(u32, u32)>) -> Option<Place> {
    if setting.is_file
        && let Some(position) = position
    {
        return Place::new(&setting.name, &setting.text, position);
    }
    Place::new(&setting.name, &setting.text, (1, 1))
}

/// A place in a field's own text: in the file, where the text stands there line for line, else in the text by itself.
fn in_field(context: &Context, field: &str, text: &str, offset: usize, (line, column): (u32, u32)) -> Option<Place> {
    let (start_line, start_column) = document::position(&context.text, offset);
    let rest = context.text.get(offset..).unwrap_or_default();
    // A block's text is said to start in its first line.
    let header = if text.contains('\n') { start_line.saturating_sub(1) } else { 0 };
    let in_file = if header > 0 && !rest.starts_with(['"', '\'']) {
        in_block(&context.text, text, header, (line, column))
    } else {
        // Text on one line, as it is or in quotes.
        let quote = u32::from(rest.starts_with(['"', '\'']));
        let is_as_written = rest.get(quote as usize..).is_some_and(|rest| rest.starts_with(text));
        let column = start_column.saturating_add(quote).saturating_add(column).saturating_sub(1);
        (line == 1 && is_as_written && !text.contains('\n')).then_some((start_line, column))
    };
    match in_file {
        Some(position) => Place::new(&context.name, &context.text, position),
        None => Place::new(&format!("{} ({field})", context.name), text, (line, column)),
    }
}

/// A place in a literal block: its lines are the file's below the `|`, less the indentation.
fn in_block(file: &str, text: &str, header: u32, (line, column): (u32, u32)) -> Option<(u32, u32)> {
    let file_line = header.saturating_add(line);
    let whole = nth_line(file, file_line)?;
    let part = nth_line(text, line).unwrap_or_default();
    let indentation = whole.strip_suffix(part)?;
    if !indentation.chars().all(|c| c == ' ') {
        return None;
    }
    Some((file_line, column.saturating_add(u32::try_from(indentation.len()).ok()?)))
}

/// A line of a text, from 1, without its end.
fn nth_line(text: &str, line: u32) -> Option<&str> {
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    // CRLF, LF and CR all end a line.
    let mut at = 0;
    let mut pending = "";
    for part in text.split_inclusive(['\n', '\r']) {
        if part == "\n" && pending.ends_with('\r') {
            pending = "";
            continue;
        }
        if at == index {
            return Some(part.trim_end_matches(['\n', '\r']));
        }
        at = at.saturating_add(1);
        pending = part;
    }
    (at == index).then_some("")
}

/// The path of a path's field: its first key, in a `StreamingPipeline` resource with `spec` before it.
fn field_path(path: &str) -> &str {
    let spec = if path.starts_with("spec.") { "spec.".len() } else { 0 };
    let end =
        path.get(spec..).and_then(|rest| rest.find(['.', '['])).map_or(path.len(), |end| spec.saturating_add(end));
    path.get(..end).unwrap_or(path)
}

/// The field of a path.
fn field(path: &str) -> &str {
    let field = field_path(path);
    field.strip_prefix("spec.").unwrap_or(field)
}

/// The value at a path, as problems write paths, or the innermost around the place where it would be; and whether it is
/// the value itself.
fn nearest<'n, 'a>(root: &'n Node<'a>, wanted: &str) -> Option<(&'n Node<'a>, bool)> {
    fn below<'n, 'a>(node: &'n Node<'a>, at: &Path, wanted: &str) -> Option<(&'n Node<'a>, bool)> {
        let rest = wanted.strip_prefix(&at.to_string())?;
        if !(rest.is_empty() || at.steps().is_empty() || rest.starts_with(['.', '['])) {
            return None;
        }
        let inner = match &node.value {
            Value::List(items) => {
                items.iter().enumerate().find_map(|(index, item)| below(item, &at.index(index), wanted))
            }
            Value::Map(map) => map.iter().find_map(|(key, value)| below(value, &at.key(&key.text), wanted)),
            _ => None,
        };
        Some(inner.unwrap_or((node, rest.is_empty())))
    }
    below(root, &Path::root(), wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_yaml_ends_them() {
        let text = "a\nb\r\nc\rd\n\ne";
        let lines: Vec<_> = (1..=8).map(|line| nth_line(text, line)).collect();
        assert_eq!(lines, [Some("a"), Some("b"), Some("c"), Some("d"), Some(""), Some("e"), Some(""), None]);
        assert_eq!(nth_line("", 1), Some(""));
        assert_eq!(nth_line("a", 0), None);
    }

    #[test]
    fn values_are_found_by_path() {
        let text = "a: [x, {b.c: 1, b: 2}]\nab: 3\n";
        let document = document::read(text, Source::Context).unwrap();
        for (path, offset, is_it) in [
            ("", 0, true),
            ("a", 3, true),
            ("a[0]", 4, true),
            ("a[1][\"b.c\"]", 13, true),
            ("a[1].b", 19, true),
            ("ab", 27, true),
            ("a[1].missing.more", 7, false),
            ("a[7]", 3, false),
            ("missing", 0, false),
            ("abc", 0, false),
        ] {
            let (node, found) = nearest(&document.root, path).unwrap();
            assert_eq!((node.origin.offset, found), (offset, is_it), "{path}");
        }
    }

    #[test]
    fn fields_begin_paths() {
        assert_eq!(field("deployment_template.spec.containers[0]"), "deployment_template");
        assert_eq!(field("spec.pipeline_config.pipeline"), "pipeline_config");
        assert_eq!(field_path("spec.pipeline_config.pipeline"), "spec.pipeline_config");
        assert_eq!(field("segment_id"), "segment_id");
        assert_eq!(field(""), "");
    }
}
