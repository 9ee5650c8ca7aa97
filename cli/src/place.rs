//! Where in files and arguments a problem is.
//!
//! The macro counts lines and columns in the context it is given, or, where a field is YAML text, in that text. Here
//! both become places in the user's files.

use crate::compare::names_secret;
use crate::context::{Context, Setting};
use crate::read::STDIN;
use crate::secrets::Secrets;
use sentry_streams_k8s::read::{self as document, Document};
use sentry_streams_k8s::value::{Node, Path, Source, Value};
use sentry_streams_k8s_host::{Edit, Fix, Position, Problem};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// The start of a place, and what follows its end: lines and columns.
type Span = ((u32, u32), (u32, u32));

/// The place of each problem of a context, and what would fix it in the file of that place, where it has them.
pub(crate) fn of_problems(
    context: &Context,
    problems: &[Problem],
) -> Vec<(Option<Place>, Option<Fix>)> {
    let places = Places::new(context);
    problems.iter().map(|problem| (places.of_problem(problem), places.fix_of(problem))).collect()
}

fn span(start: Position, end: Position) -> Span {
    ((start.line, start.column), (end.line, end.column))
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
    /// What follows the place's last character.
    pub(crate) end: (u32, u32),
    /// Where that is in a file, which may have the text in another form: for what knows nothing but files.
    pub(crate) file: Option<FileSpan>,
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileSpan {
    pub(crate) name: String,
    /// Its first character: line and column, both from 1.
    pub(crate) start: (u32, u32),
    /// What follows its last character.
    pub(crate) end: (u32, u32),
}

impl FileSpan {
    /// A part of what has a name; none where that is no file.
    fn new(name: &str, (start, end): Span) -> Option<Self> {
        (name != STDIN).then(|| Self { name: name.to_owned(), start, end })
    }
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
    pub(crate) fn place(
        &self,
        name: &str,
        text: &str,
        (start, end): Span,
        path: &str,
    ) -> Option<Place> {
        let (line, column) = start;
        let range = line_range(text, line)?;
        let excerpt = Excerpt::new(text, range, column).filter(|(excerpt, range)| {
            !names_secret(path)
                && !names_secret(&excerpt.text)
                && !self.secrets(text).may_be_in(range)
        });
        let excerpt = excerpt.map(|(excerpt, _)| excerpt);
        let file = FileSpan::new(name, (start, end));
        Some(Place { name: name.to_owned(), line, column, excerpt, end, file })
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
        let byte = |text: &str, characters: usize| {
            text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at)
        };
        let start = byte(whole, first);
        let end = start.saturating_add(byte(whole.get(start..)?, length));
        let range = line.start.saturating_add(start)..line.start.saturating_add(end);
        Some((Self { first, text: whole.get(start..end)?.to_owned() }, range))
    }
}

/// The places of a context.
pub(crate) struct Places<'c> {
    context: &'c Context,
    document: Option<Document<'c>>,
    texts: Texts,
}

impl<'c> Places<'c> {
    pub(crate) fn new(context: &'c Context) -> Self {
        let document = document::read(&context.text, Source::Context).ok();
        Self { context, document, texts: Texts::default() }
    }

    fn of_problem(&self, problem: &Problem) -> Option<Place> {
        let start = problem.line.zip(problem.column);
        let end = problem.end.as_ref().map(|end| (end.line, end.column));
        let span = start.map(|start| (start, end.unwrap_or(start)));
        self.of_value(&problem.path, problem.source.as_deref(), span)
    }

    /// A fix whose edits count in the file that the problem's place is in; none where it cannot.
    fn fix_of(&self, problem: &Problem) -> Option<Fix> {
        let fix = problem.fix.as_ref()?;
        let position = |(line, column)| Position { line, column };
        let edit = |edit: &Edit| {
            let (start, end) =
                self.in_file(problem.source.as_deref(), span(edit.start, edit.end))?;
            Some(Edit { start: position(start), end: position(end), text: edit.text.clone() })
        };
        let edits = fix.edits.iter().map(edit).collect::<Option<Vec<_>>>()?;
        Some(Fix { title: fix.title.clone(), edits })
    }

    /// The place of a value at a path, which stands at a span of the source's text.
    pub(crate) fn of_value(
        &self,
        path: &str,
        source: Option<&str>,
        span: Option<Span>,
    ) -> Option<Place> {
        let context = self.context;
        if let Some(setting) = context.setting(source.unwrap_or_else(|| field(path))) {
            return self.in_setting(setting, span.filter(|_| source.is_some()), path);
        }
        if let Some((field, span)) = source.zip(span) {
            return match self.in_file(source, span) {
                Some(span) => self
                    .texts
                    .place(&context.name, &context.text, self.part(span), path)
                    .map(|p| self.whole(p)),
                None => {
                    let (node, text) = self.field_text(field)?;
                    let name = format!("{} ({field})", context.name);
                    let file = FileSpan::new(&context.name, self.below(self.span(node)));
                    Some(Place { file, ..self.texts.place(&name, text, span, path)? })
                }
            };
        }
        // With settings the macro was given another text than the file's: then the place is where the file has the
        // value, or the nearest thing around it.
        let span = span.filter(|_| context.settings.is_empty()).or_else(|| {
            let (node, is_it) = nearest(&self.document.as_ref()?.root, path)?;
            let (start, end) = self.span(node);
            // What is not there can only be missed at the start of what should have it.
            Some((start, if is_it { end } else { start }))
        })?;
        Some(self.whole(self.texts.place(&context.name, &context.text, span, path)?))
    }

    /// A place in an argument, or in the file that it names.
    fn in_setting(&self, setting: &Setting, span: Option<Span>, path: &str) -> Option<Place> {
        let span = span.filter(|_| setting.is_file).unwrap_or(((1, 1), (1, 1)));
        let place = self.texts.place(&setting.name, &setting.text, span, path)?;
        Some(Place { file: place.file.filter(|_| setting.is_file), ..place })
    }

    /// A field of the file that is text of its own, and that text.
    fn field_text(&self, field: &str) -> Option<(&Node<'c>, &str)> {
        let root = &self.document.as_ref()?.root;
        let node = root.get(field).or_else(|| root.at(&["spec", field]))?;
        Some((node, node.as_str()?))
    }

    /// Where a value stands in the context's part of its file.
    fn span(&self, node: &Node<'_>) -> Span {
        let position = |offset: u32| document::position(&self.context.text, offset as usize);
        (position(node.origin.offset), position(node.origin.end))
    }

    /// Places in the text of a source, in lines and columns of the whole file: where the text stands there as it is.
    fn in_file(&self, source: Option<&str>, span: Span) -> Option<Span> {
        let in_part = match source {
            None => Some(span).filter(|_| self.context.settings.is_empty()),
            Some(field) if self.context.setting(field).is_some() => None,
            Some(field) => {
                let (node, text) = self.field_text(field)?;
                let offset = node.origin.offset as usize;
                let position = |position| in_field(&self.context.text, text, offset, position);
                Some((position(span.0)?, position(span.1)?))
            }
        };
        in_part.map(|span| self.below(span))
    }

    /// A part of the context's part of its file, in lines of the whole.
    fn below(&self, (start, end): Span) -> Span {
        let below =
            |(line, column): (u32, u32)| (line.saturating_add(self.context.lines_before), column);
        (below(start), below(end))
    }

    /// The same in lines of the context's part of its file.
    fn part(&self, (start, end): Span) -> Span {
        let above =
            |(line, column): (u32, u32)| (line.saturating_sub(self.context.lines_before), column);
        (above(start), above(end))
    }

    /// A place in the context's part of its file, in lines of the whole.
    fn whole(&self, place: Place) -> Place {
        let (start, end) = self.below(((place.line, place.column), place.end));
        let file = FileSpan::new(&place.name, (start, end));
        Place { line: start.0, end, file, ..place }
    }
}

/// A place in a field's own text as a place in the file, where the text stands there line for line.
fn in_field(
    file: &str,
    text: &str,
    offset: usize,
    (line, column): (u32, u32),
) -> Option<(u32, u32)> {
    let (start_line, start_column) = document::position(file, offset);
    let rest = file.get(offset..).unwrap_or_default();
    // A block's text is said to start in its first line.
    let header = if text.contains('\n') { start_line.saturating_sub(1) } else { 0 };
    if header > 0 && !rest.starts_with(['"', '\'']) {
        return in_block(file, text, header, (line, column));
    }
    // Text on one line, as it is or in quotes.
    let quote = u32::from(rest.starts_with(['"', '\'']));
    let is_as_written = rest.get(quote as usize..).is_some_and(|rest| rest.starts_with(text));
    let column = start_column.saturating_add(quote).saturating_add(column).saturating_sub(1);
    (line == 1 && is_as_written && !text.contains('\n')).then_some((start_line, column))
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

/// The field of a path: its first key, in a `StreamingPipeline` resource the one below `spec`.
fn field(path: &str) -> &str {
    let path = path.strip_prefix("spec.").unwrap_or(path);
    path.split(['.', '[']).next().unwrap_or_default()
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
            Value::List(items) => items
                .iter()
                .enumerate()
                .find_map(|(index, item)| below(item, &at.index(index), wanted)),
            Value::Map(map) => {
                map.iter().find_map(|(key, value)| below(value, &at.key(&key.text), wanted))
            }
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
        assert_eq!(
            lines,
            [Some("a"), Some("b"), Some("c"), Some("d"), Some(""), Some("e"), None, None]
        );
        assert_eq!((nth_line("", 1), nth_line("a\n", 2)), (Some(""), Some("")));
        assert_eq!(nth_line("a", 0), None);
    }

    #[test]
    fn values_are_found_by_path() {
        let text = "a: [x, {b.c: 1, b: 2}]\nab: 3\n";
        let document = document::read(text, Source::Context).unwrap();
        for (path, offset) in [
            ("", 0),
            ("a", 3),
            ("a[0]", 4),
            ("a[1][\"b.c\"]", 13),
            ("a[1].b", 19),
            ("ab", 27),
            ("a[1].missing.more", 7),
            ("a[7]", 3),
            ("missing", 0),
            ("abc", 0),
        ] {
            let (node, is_it) = nearest(&document.root, path).unwrap();
            assert_eq!(
                (node.origin.offset, is_it),
                (offset, !path.contains("missing") && !["a[7]", "abc"].contains(&path)),
                "{path}"
            );
        }
    }

    #[test]
    fn fields_begin_paths() {
        assert_eq!(field("deployment_template.spec.containers[0]"), "deployment_template");
        assert_eq!(field("spec.pipeline_config.pipeline"), "pipeline_config");
        assert_eq!(field("segment_id"), "segment_id");
        assert_eq!(field(""), "");
    }
}
