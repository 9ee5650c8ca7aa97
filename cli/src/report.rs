//! What is wrong, shown to people and to programs.

use crate::place::{Excerpt, Place};
use crate::write::{json_text, sanitize};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use clap::ValueEnum;
use sentry_streams_k8s_host::{Fix, Position, Problem};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

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
    /// How many contexts it is about.
    pub(crate) contexts: usize,
}

/// A problem of a context, and where it is.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) context: String,
    pub(crate) problem: Problem,
    pub(crate) place: Option<Place>,
    /// What would fix it, at places of the same file.
    pub(crate) fix: Option<Fix>,
}

impl Report {
    /// Whether nothing is wrong. Warnings are not wrong.
    pub(crate) fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// The report in a form; in text, with colours.
    pub(crate) fn text(&self, format: Format) -> String {
        match format {
            Format::Text => self.for_people(),
            Format::Json => {
                let list =
                    |findings: &[Finding]| findings.iter().map(Finding::json).collect::<Vec<_>>();
                json_text(
                    &json!({ "problems": list(&self.problems), "warnings": list(&self.warnings) }),
                )
            }
        }
    }

    fn for_people(&self) -> String {
        let mut text = String::new();
        // Styled always; the stream takes the colours out where they are not wanted.
        let renderer = Renderer::styled().decor_style(DecorStyle::Ascii).term_width(width());
        for (level, findings) in [(Level::WARNING, &self.warnings), (Level::ERROR, &self.problems)]
        {
            for finding in findings {
                // Writing to a String cannot fail, here and below.
                let _ = writeln!(text, "{}\n", finding.text(&renderer, &level));
            }
        }
        if !self.is_clean() {
            let title = Group::with_title(Level::ERROR.primary_title(self.summary()));
            let _ = writeln!(text, "{}", renderer.render(&[title]));
        }
        text
    }

    /// How much is wrong.
    fn summary(&self) -> String {
        let wrong: BTreeSet<&str> =
            self.problems.iter().map(|finding| finding.context.as_str()).collect();
        let problems = count(self.problems.len(), "problem");
        if self.contexts > wrong.len() {
            format!("{problems} in {} of {}", wrong.len(), count(self.contexts, "context"))
        } else {
            format!("{problems} in {}", count(wrong.len(), "context"))
        }
    }

    /// That nothing is wrong, in a sentence.
    pub(crate) fn all_is_right(&self) -> String {
        let contexts = if self.contexts == 1 {
            "the context is right".to_owned()
        } else {
            format!("all {} contexts are right", self.contexts)
        };
        match self.warnings.len() {
            0 => contexts,
            warnings => format!("{contexts}, with {}", count(warnings, "warning")),
        }
    }
}

/// How wide the terminal is.
fn width() -> usize {
    const UNKNOWN: usize = 140;
    // The renderer counts without the numbers of lines at the margin.
    const MARGIN: u16 = 6;
    terminal_size::terminal_size_of(std::io::stderr())
        .map_or(UNKNOWN, |(width, _)| usize::from(width.0.saturating_sub(MARGIN)).max(60))
}

impl Finding {
    fn text(&self, renderer: &Renderer, level: &Level<'_>) -> String {
        let text = renderer.render(&[self.group(level)]);
        let Some(place) = &self.place else { return text };
        let first = place.excerpt.as_ref().map_or(0, |excerpt| excerpt.first);
        if first == 0 {
            return text;
        }

        // Of a long line the renderer knows a part only, and so another column.
        let (name, line, column) = (sanitize(&place.name), place.line, place.column as usize);
        let in_part = format!("{name}:{line}:{}", column.saturating_sub(first));
        text.replacen(&in_part, &format!("{name}:{line}:{column}"), 1)
    }

    fn group<'f>(&'f self, level: &Level<'f>) -> Group<'f> {
        let Problem { code, path, message, help, .. } = &self.problem;
        let path = sanitize(path);
        let message = sanitize(message);

        let excerpt = self.place.as_ref().and_then(|place| Some((place, place.excerpt.as_ref()?)));
        let title = match excerpt {
            None if !path.is_empty() => format!("{path}: {message}"),
            _ => message,
        };
        let group = level.clone().primary_title(title).id(sanitize(code));
        let group = match (excerpt, &self.place) {
            (Some((place, excerpt)), _) => group.element(snippet(place, excerpt, path)),
            (None, Some(place)) => group.element(origin(place)),
            (None, None) => group.element(Origin::path(sanitize(&self.context))),
        };
        match help {
            Some(help) => group.element(Level::HELP.message(sanitize(help))),
            None => group,
        }
    }

    /// It for programs.
    pub(crate) fn json(&self) -> Map<String, Value> {
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
            let (line, column) = place.end;
            object.insert("end".to_owned(), json!({ "line": line, "column": column }));
        }
        if let Some(fix) = &self.fix {
            let position = |at: &Position| json!({ "line": at.line, "column": at.column });
            let edits = fix
                .edits
                .iter()
                .map(|edit| json!({ "start": position(&edit.start), "end": position(&edit.end), "text": edit.text }));
            let edits: Vec<Value> = edits.collect();
            object.insert("fix".to_owned(), json!({ "title": fix.title, "edits": edits }));
        }
        object
    }
}

/// Where it is, without the line.
fn origin<'p>(place: &Place) -> Origin<'p> {
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Origin::path(sanitize(&place.name)).line(number(place.line)).char_column(number(place.column))
}

/// The line with a mark under what is at the column.
fn snippet<'p>(
    place: &Place,
    excerpt: &Excerpt,
    label: String,
) -> Snippet<'p, annotate_snippets::Annotation<'p>> {
    let at = usize::try_from(place.column).unwrap_or(usize::MAX).saturating_sub(1);
    // A tab is one character here and one column there.
    let line = sanitize(&excerpt.text.replace('\t', " "));
    let start = line
        .char_indices()
        .nth(at.saturating_sub(excerpt.first))
        .map_or(line.len(), |(start, _)| start);
    let rest = line.get(start..).unwrap_or_default();
    // Of what goes on in further lines, its start is marked.
    let width =
        if place.end.0 == place.line { place.end.1.saturating_sub(place.column).max(1) } else { 1 };
    let length = rest.chars().take(width as usize).map(char::len_utf8).sum();

    let span = start..start.saturating_add(length);
    let line_start = usize::try_from(place.line).unwrap_or(usize::MAX);
    Snippet::source(line)
        .line_start(line_start)
        .path(sanitize(&place.name))
        .annotation(AnnotationKind::Primary.span(span).label(label))
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Texts;

    fn text(path: &str, line: &str, column: u32) -> String {
        let problem = Problem {
            code: "code".to_owned(),
            path: path.to_owned(),
            message: "message".to_owned(),
            help: None,
            source: None,
            line: None,
            column: None,
            end: None,
            fix: None,
        };
        let place = Texts::default().place("file", line, ((1, column), (1, column)), path);
        let finding = Finding { context: "file".to_owned(), problem, place, fix: None };
        finding.text(&Renderer::plain(), &Level::ERROR)
    }

    #[test]
    fn a_line_that_may_hold_a_secret_is_not_shown() {
        let json = r#"{"image": 5, "env": [{"name": "API_TOKEN", "value": "hunter2"}]}"#;
        for (path, line) in [
            ("pipeline_config.env.DB_PASSWORD", "  DB_PASSWORD: hunter2"),
            ("pipeline_config.env.DB_PASSWORD", "hunter2"),
            ("container_template.image", json),
            ("container_template.image", "image: 5 # password: hunter2"),
        ] {
            assert_eq!(
                text(path, line, 5),
                format!("error[code]: {path}: message\n--> file:1:5"),
                "{line}"
            );
        }
        assert!(text("container_template.image", "image: hunter2", 8).contains("hunter2"));
    }

    #[test]
    fn of_a_long_line_only_a_part_is_shown_and_its_column_is_the_lines() {
        let line = format!("{}X{}", "é".repeat(100_000), "ü".repeat(100_000));
        let text = text("path", &line, 100_001);
        assert!(text.contains('X') && text.len() < 2000, "{text}");
        assert!(text.contains("--> file:1:100001\n"), "{text}");
    }
}
