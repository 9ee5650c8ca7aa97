//! What is wrong, shown to people and to programs.

use crate::place::Place;
use crate::write::{json_text, sanitize};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use clap::ValueEnum;
use sentry_streams_k8s::secret::is_secret;
use sentry_streams_k8s_host::Problem;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// The widest part of a line that is shown, in characters: what comes before and after is of no help.
const SHOWN_BEFORE: usize = 100;
const SHOWN_AFTER: usize = 200;

/// How problems are shown.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one JSON document
    Json,
}

/// Everything found in a run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) problems: Vec<Finding>,
    pub(crate) warnings: Vec<Finding>,
}

/// A problem of a context, and where it is.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) context: String,
    pub(crate) problem: Problem,
    pub(crate) place: Option<Place>,
}

impl Report {
    /// Whether nothing is wrong. Warnings are not wrong.
    pub(crate) fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// Prints it.
    pub(crate) fn print(&self, format: Format, stream: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Text => self.print_text(stream),
            Format::Json => {
                let list = |findings: &[Finding]| findings.iter().map(Finding::json).collect::<Vec<_>>();
                let report = json!({ "problems": list(&self.problems), "warnings": list(&self.warnings) });
                stream.write_all(json_text(&report).as_bytes())
            }
        }
    }

    fn print_text(&self, stream: &mut dyn Write) -> io::Result<()> {
        // Styled always; the stream takes the colours out where they are not wanted.
        let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
        for (level, findings) in [(Level::WARNING, &self.warnings), (Level::ERROR, &self.problems)] {
            for finding in findings {
                writeln!(stream, "{}\n", renderer.render(&[finding.group(&level)]))?;
            }
        }
        if !self.is_clean() {
            let mut contexts: Vec<&str> = self.problems.iter().map(|finding| finding.context.as_str()).collect();
            contexts.sort_unstable();
            contexts.dedup();
            let summary = format!("{} in {}", count(self.problems.len(), "problem"), count(contexts.len(), "context"));
            let title = Group::with_title(Level::ERROR.primary_title(summary));
            writeln!(stream, "{}", renderer.render(&[title]))?;
        }
        Ok(())
    }
}

impl Finding {
    fn group<'f>(&'f self, level: &Level<'f>) -> Group<'f> {
        let Problem { code, path, message, help, .. } = &self.problem;
        let path = sanitize(path);
        let message = sanitize(message);
        let shown = self.place.as_ref().filter(|place| !place.has_secret(&path));
        let title = match shown {
            None if !path.is_empty() => format!("{path}: {message}"),
            _ => message,
        };
        let group = level.clone().primary_title(title).id(sanitize(code));
        let group = match (shown, &self.place) {
            (Some(place), _) => group.element(place.snippet(path)),
            (None, Some(place)) => group.element(place.origin()),
            (None, None) => group.element(Origin::path(sanitize(&self.context))),
        };
        match help {
            Some(help) => group.element(Level::HELP.message(sanitize(help))),
            None => group,
        }
    }

    fn json(&self) -> Value {
        let Problem { code, path, message, help, .. } = &self.problem;
        let mut object = Map::new();
        object.insert("context".to_owned(), json!(self.context));
        object.insert("code".to_owned(), json!(code));
        object.insert("path".to_owned(), json!(path));
        object.insert("message".to_owned(), json!(message));
        if let Some(help) = help {
            object.insert("help".to_owned(), json!(help));
        }
        if let Some(place) = &self.place {
            object.insert("file".to_owned(), json!(place.name));
            object.insert("line".to_owned(), json!(place.line));
            object.insert("column".to_owned(), json!(place.column));
        }
        Value::Object(object)
    }
}

impl Place {
    /// Whether a secret may stand in the line, by what names stand there and where the path leads. The line is the
    /// user's own, but logs of a build are read by many.
    fn has_secret(&self, path: &str) -> bool {
        let line = self.shown_part().1;
        let mut names = line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
        // The name of an environment variable may stand in another line.
        path.ends_with("].value") || names.any(is_secret)
    }

    /// Where it is, without the line.
    fn origin<'p>(&self) -> Origin<'p> {
        let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        Origin::path(sanitize(&self.name)).line(number(self.line)).char_column(number(self.column))
    }

    /// Of a very long line only what is near the place, and how many characters before it are left out.
    fn shown_part(&self) -> (usize, String) {
        let at = usize::try_from(self.column).unwrap_or(usize::MAX).saturating_sub(1);
        let first = at.saturating_sub(SHOWN_BEFORE);
        let shown = at.saturating_add(SHOWN_AFTER).saturating_sub(first);
        (first, self.text.chars().skip(first).take(shown).collect())
    }

    /// The line with a mark under what is at the column.
    fn snippet<'p>(&self, label: String) -> Snippet<'p, annotate_snippets::Annotation<'p>> {
        let at = usize::try_from(self.column).unwrap_or(usize::MAX).saturating_sub(1);
        let (first, line) = self.shown_part();
        // A tab is one character here and one column there.
        let line = sanitize(&line.replace('\t', " "));
        let start = line.char_indices().nth(at.saturating_sub(first)).map_or(line.len(), |(start, _)| start);
        let rest = line.get(start..).unwrap_or_default();
        let length = if self.is_start { rest.chars().next().map_or(0, char::len_utf8) } else { token(rest).len() };
        let span = start..start.saturating_add(length);
        let line_start = usize::try_from(self.line).unwrap_or(usize::MAX);
        Snippet::source(line)
            .line_start(line_start)
            .path(sanitize(&self.name))
            .annotation(AnnotationKind::Primary.span(span).label(label))
    }
}

/// What stands at the start of a text: a bracket, a quoted string, or all up to a blank or the end of a list or
/// mapping.
fn token(text: &str) -> &str {
    if text.starts_with(['{', '[']) {
        return text.get(..1).unwrap_or_default();
    }
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\''))
        && let Some(inner) = text.strip_prefix(quote)
        && let Some(end) = inner.find(quote)
    {
        return text.get(..end.saturating_add(2)).unwrap_or(text);
    }
    text.split([' ', ',', '}', ']']).next().unwrap_or_default()
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_covers_what_a_person_would_point_at() {
        for (text, marked) in [
            ("abc # c", "abc"),
            ("\"a b\": 1", "\"a b\""),
            ("'a', 'b'", "'a'"),
            ("\"open", "\"open"),
            ("3}", "3"),
            ("{a: 1}", "{"),
            ("", ""),
            (" a", ""),
        ] {
            assert_eq!(token(text), marked, "{text}");
        }
    }

    fn shown(path: &str, text: &str, column: u32) -> String {
        let problem = Problem {
            code: "code".to_owned(),
            path: path.to_owned(),
            message: "message".to_owned(),
            help: None,
            line: None,
            column: None,
        };
        let place = Place::new("file", text, (1, column)).unwrap();
        let finding = Finding { context: "file".to_owned(), problem, place: Some(place) };
        Renderer::plain().render(&[finding.group(&Level::ERROR)])
    }

    #[test]
    fn a_line_that_may_hold_a_secret_is_not_shown() {
        for (path, text) in [
            ("pipeline_config.env.DB_PASSWORD", "  DB_PASSWORD: hunter2"),
            ("container_template.env[0].value", "    value: hunter2"),
            (
                "container_template.image",
                "{\"image\": 5, \"env\": [{\"name\": \"API_TOKEN\", \"value\": \"hunter2\"}]}",
            ),
        ] {
            assert_eq!(shown(path, text, 5), format!("error[code]: {path}: message\n--> file:1:5"), "{text}");
        }
        assert!(shown("container_template.image", "image: hunter2", 8).contains("hunter2"));
    }

    #[test]
    fn of_a_long_line_only_a_part_is_shown() {
        let text = format!("{}X{}", "é".repeat(100_000), "ü".repeat(100_000));
        let shown = shown("path", &text, 100_001);
        assert!(shown.contains('X') && shown.len() < 2000, "{shown}");
    }
}
