//! Where in files and arguments a problem is.
//!
//! The macro counts lines and columns in the text that holds the place: the context, or a field's own text where the
//! field is YAML text. Here the latter become places in the file again.

use crate::context::{Context, Setting};
use crate::secrets::{Secrets, names_secret};
use sentry_streams_k8s::document::{self, Document};
use sentry_streams_k8s::node::{Node, Source, Value};
use sentry_streams_k8s::problem::Path;
use sentry_streams_k8s_host::Problem;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// The fields that may be YAML text.
const YAML_FIELDS: [&str; 5] =
    ["deployment_template", "container_template", "pipeline_config", "emergency_patch", "pipeline_config_schema"];

/// The place of each problem of a context, where it has one.
pub(crate) fn of_problems(context: &Context, problems: &[Problem]) -> Vec<Option<Place>> {
    if problems.is_empty() {
        return Vec::new();
    }
    let document = document::read(&context.text, Source::Context).ok();
    let texts = Texts::default();
    let located = problems.iter().map(|problem| {
        let mut place = place(context, document.as_ref(), &texts, problem);
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
    /// What may be shown of the line.
    pub(crate) excerpt: Option<Excerpt>,
    /// Whether only the start is meant, not the value that stands there.
    pub(crate) is_start: bool,
}

/// What is shown of a line: of a very long one only what is near the place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// How many characters of the line stand before it.
    pub(crate) first: usize,
    pub(crate) text: String,
}

/// The widest part of a line that is shown, in characters: what comes before and after is of no help.
const SHOWN_BEFORE: usize = 100;
const SHOWN_AFTER: usize = 200;

/// Texts that places are in, with where secrets may be in each of them.
#[derive(Default)]
pub(crate) struct Texts {
    secrets: RefCell<HashMap<(usize, usize), Rc<Secrets>>>,
}

impl Texts {
    /// A position in a text, for a value at a path. None where the text has no such line.
    pub(crate) fn place(&self, name: &str, text: &str, (line, column): (u32, u32), path: &str) -> Option<Place> {
        let range = line_range(text, line)?;
        let excerpt = Excerpt::new(text, range, column).filter(|(excerpt, range)| {
            !names_secret(path) && !names_secret(&excerpt.text) && !self.secrets(text).may_be_in(range)
        });
        let excerpt = excerpt.map(|(excerpt, _)| excerpt);
        Some(Place { name: name.to_owned(), line, column, excerpt, is_start: false })
    }

    /// Each text is read once, however many problems are in it; where it is in memory says which it is.
    fn secrets(&self, text: &str) -> Rc<Secrets> {
        let key = (text.as_ptr().addr(), text.len());
        let mut known = self.secrets.borrow_mut();
        Rc::clone(known.entry(key).or_insert_with(|| Rc::new(Secrets::of(text))))
    }
}

impl Excerpt {
    /// What is near a column of a line, and the bytes of the text that it is.
    fn new(text: &str, line: Range<usize>, column: u32) -> Option<(Self, Range<usize>)> {
        let at = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
        let first = at.saturating_sub(SHOWN_BEFORE);
        let length = at.saturating_add(SHOWN_AFTER).saturating_sub(first);

        let whole = text.get(line.clone())?;
        let byte = |text: &str, characters: usize| text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
        let start = byte(whole, first);
        let end = start.saturating_add(byte(whole.get(start..)?, length));
        let range = line.start.saturating_add(start)..line.start.saturating_add(end);
        Some((Self { first, text: whole.get(start..end)?.to_owned() }, range))
    }
}

/// The place of a value that the macro found at a path.
pub(crate) fn of_value(
    context: &Context,
    document: Option<&Document<'_>>,
    texts: &Texts,
    path: &str,
    position: Option<(u32, u32)>,
) -> Option<Place> {
    let (line, column) = position.unzip();
    let problem =
        Problem { code: String::new(), path: path.to_owned(), message: String::new(), help: None, line, column };
    place(context, document, texts, &problem)
}

fn place(context: &Context, document: Option<&Document<'_>>, texts: &Texts, problem: &Problem) -> Option<Place> {
    let position = problem.line.zip(problem.column);
    let field = field(&problem.path);
    if let Some(setting) = context.setting(field) {
        return in_setting(setting, texts, position, &problem.path);
    }
    let root = document.map(|document| &document.root);
    if YAML_FIELDS.contains(&field)
        && let Some((node, true)) = root.and_then(|root| nearest(root, field_path(&problem.path)))
        && let Value::String(text) = &node.value
        && let Some(position) = position
        // The one problem of such a field that is not in its text: the key stands twice in the context.
        && !(problem.code == "duplicate-key" && problem.path == field)
    {
        return in_field(context, texts, &problem.path, (text, node.origin.offset as usize), position);
    }
    // The macro may have been given another text than the file's, and does not always know: then the place is where the
    // file has the value, or the nearest thing around it.
    let nearest = root.and_then(|root| nearest(root, &problem.path));
    let position = position.filter(|_| context.settings.is_empty()).or_else(|| {
        let (node, _) = nearest?;
        Some(document::position(&context.text, node.origin.offset as usize))
    });
    let mut place = texts.place(&context.name, &context.text, position?, &problem.path)?;
    // What is not there can only be missed at the start of what should have it.
    place.is_start = nearest.is_some_and(|(_, is_it)| !is_it);
    Some(place)
}

/// A place in an argument, or in the file that it names.
fn in_setting(setting: &Setting, texts: &Texts, position: Option<(u32, u32)>, path: &str) -> Option<Place> {
    if setting.is_file
        && let Some(position) = position
    {
        return texts.place(&setting.name, &setting.text, position, path);
    }
    texts.place(&setting.name, &setting.text, (1, 1), path)
}

/// A place in a field's own text: in the file, where the text stands there line for line, else in the text by itself.
fn in_field(
    context: &Context,
    texts: &Texts,
    path: &str,
    (text, offset): (&str, usize),
    (line, column): (u32, u32),
) -> Option<Place> {
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
        Some(position) => texts.place(&context.name, &context.text, position, path),
        None => texts.place(&format!("{} ({})", context.name, field(path)), text, (line, column), path),
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
    text.get(line_range(text, line)?)
}

/// The bytes of a line of a text.
fn line_range(text: &str, line: u32) -> Option<Range<usize>> {
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    // CRLF, LF and CR all end a line.
    let mut start = 0_usize;
    for _ in 0..index {
        let rest = text.get(start..)?;
        let end = rest.find(['\n', '\r'])?;
        let width = if rest.get(end..)?.starts_with("\r\n") { 2 } else { 1 };
        start = start.saturating_add(end).saturating_add(width);
    }
    let rest = text.get(start..)?;
    let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
    Some(start..start.saturating_add(end))
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
        assert_eq!(lines, [Some("a"), Some("b"), Some("c"), Some("d"), Some(""), Some("e"), None, None]);
        assert_eq!((nth_line("", 1), nth_line("a\n", 2)), (Some(""), Some("")));
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
