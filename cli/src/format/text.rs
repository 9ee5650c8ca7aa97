//! Problems for people, as rustc shows its own.

use crate::place::{Excerpt, Place};
use crate::report::{Finding, Report};
use crate::write::sanitize;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use sentry_streams_k8s_host::Problem;
use std::fmt::Write as _;

/// The report with colours, and what it comes to at its end.
pub(super) fn write(report: &Report) -> String {
    let mut text = String::new();
    // Styled always; the stream takes the colours out where they are not wanted.
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii).term_width(width());
    for (level, findings) in [(Level::WARNING, &report.warnings), (Level::ERROR, &report.problems)]
    {
        for finding in findings {
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(text, "{}\n", shown(finding, &renderer, &level));
        }
    }
    if !report.is_clean() {
        let title = Group::with_title(Level::ERROR.primary_title(report.summary()));
        let _ = writeln!(text, "{}", renderer.render(&[title]));
    }
    text
}

/// How wide the terminal is.
fn width() -> usize {
    const UNKNOWN: usize = 140;
    // The renderer counts without the numbers of lines at the margin.
    const MARGIN: u16 = 6;
    terminal_size::terminal_size_of(std::io::stderr())
        .map_or(UNKNOWN, |(width, _)| usize::from(width.0.saturating_sub(MARGIN)).max(60))
}

fn shown(finding: &Finding, renderer: &Renderer, level: &Level<'_>) -> String {
    let text = renderer.render(&[group(finding, level)]);
    let Some(place) = &finding.place else { return text };
    let first = place.excerpt.as_ref().map_or(0, |excerpt| excerpt.first);
    if first == 0 {
        return text;
    }

    // Of a long line the renderer knows a part only, and so another column.
    let (name, line, column) = (sanitize(&place.name), place.line, place.column as usize);
    let in_part = format!("{name}:{line}:{}", column.saturating_sub(first));
    text.replacen(&in_part, &format!("{name}:{line}:{column}"), 1)
}

fn group<'f>(finding: &'f Finding, level: &Level<'f>) -> Group<'f> {
    let Problem { code, path, message, help, .. } = &finding.problem;
    let path = sanitize(path);
    let message = sanitize(message);

    let excerpt = finding.place.as_ref().and_then(|place| Some((place, place.excerpt.as_ref()?)));
    let title = match excerpt {
        None if !path.is_empty() => format!("{path}: {message}"),
        _ => message,
    };
    let group = level.clone().primary_title(title).id(sanitize(code));
    let group = match (excerpt, &finding.place) {
        (Some((place, excerpt)), _) => group.element(snippet(place, excerpt, path)),
        (None, Some(place)) => group.element(origin(place)),
        (None, None) => group.element(Origin::path(sanitize(&finding.context))),
    };
    match help {
        Some(help) => group.element(Level::HELP.message(sanitize(help))),
        None => group,
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
        shown(&finding, &Renderer::plain(), &Level::ERROR)
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
