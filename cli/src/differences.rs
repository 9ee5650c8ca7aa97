//! Differences between objects, for people and for programs.

use crate::compare::{Change, Consequence, ObjectDiff};
use crate::write::markdown::{code, escape, row};
use crate::write::{json_text, sanitize};
use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

const TITLE: Style = Style::new().bold();

/// How differences are written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum DiffForm {
    /// For people, in colour on a terminal
    #[default]
    Text,
    /// For programs
    Json,
    /// For a comment on a pull request
    Markdown,
}

/// Differences with the values that may be secrets hidden.
pub(crate) fn without_secrets(diffs: &[ObjectDiff]) -> Vec<ObjectDiff> {
    let hidden = |object: &ObjectDiff| {
        let changes = object.changes.iter().map(Change::without_secrets).collect();
        ObjectDiff { changes, ..object.clone() }
    };
    diffs.iter().map(hidden).collect()
}

/// Differences in a form.
pub(crate) fn write(diffs: &[ObjectDiff], form: DiffForm) -> String {
    match form {
        DiffForm::Text => text(diffs),
        DiffForm::Json => json_text(&json_of(diffs)),
        DiffForm::Markdown => markdown(diffs),
    }
}

/// For people.
fn text(diffs: &[ObjectDiff]) -> String {
    let mut text = String::new();
    for object in diffs {
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "{TITLE}{}{TITLE:#}", sanitize(&object.title()));
        for consequence in object.consequences() {
            let style = style(consequence);
            let _ = writeln!(text, "  {style}{}{style:#}", consequence.sentence());
            for change in object.changes.iter().filter(|change| change.consequence == consequence) {
                text.push_str(&change_line(change));
            }
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{}", summary(diffs));
    text
}

/// A change as lines of text; none where the object as a whole comes or goes.
pub(crate) fn change_line(change: &Change) -> String {
    /// Values longer than this stand below each other.
    const SHORT: usize = 60;
    if change.path.is_empty() {
        return String::new();
    }
    let (red, green) = (color(AnsiColor::Red), color(AnsiColor::Green));
    let path = sanitize(&change.path);
    let shown = |value: &Option<String>| value.as_deref().map(sanitize);
    match (shown(&change.old), shown(&change.new)) {
        (Some(old), Some(new)) if old.len().max(new.len()) > SHORT => {
            format!("    ~ {path}\n        {red}- {old}{red:#}\n        {green}+ {new}{green:#}\n")
        }
        (Some(old), Some(new)) => {
            format!("    ~ {path}: {red}{old}{red:#} -> {green}{new}{green:#}\n")
        }
        (Some(old), None) => format!("    {red}- {path}: {old}{red:#}\n"),
        (None, new) => format!("    {green}+ {path}: {}{green:#}\n", new.unwrap_or_default()),
    }
}

/// The answer to the question most asked.
fn summary(diffs: &[ObjectDiff]) -> String {
    if diffs.is_empty() {
        return "nothing differs".to_owned();
    }
    let with = |consequence: Consequence| titles(diffs, consequence).join(", ");
    let mut parts = vec![match diffs.len() {
        1 => "1 object differs".to_owned(),
        n => format!("{n} objects differ"),
    }];
    parts.push(match with(Consequence::Restart) {
        restart if restart.is_empty() => "no pods restart".to_owned(),
        restart => format!("pods restart: {}", sanitize(&restart)),
    });
    let refused = with(Consequence::Refused);
    if !refused.is_empty() {
        parts.push(format!("Kubernetes refuses: {}", sanitize(&refused)));
    }
    let (gone, created) = (fleets(diffs, Consequence::Gone), fleets(diffs, Consequence::Created));
    if !gone.is_empty() && !created.is_empty() {
        let (gone, created) = (sanitize(&gone.join(", ")), sanitize(&created.join(", ")));
        parts.push(format!(
            "both consume at once until {gone} is deleted: it, and the new {created}"
        ));
    }
    parts.join("; ")
}

/// The Deployments that come, or go.
fn fleets(diffs: &[ObjectDiff], consequence: Consequence) -> Vec<String> {
    let mut titles = titles(diffs, consequence);
    titles.retain(|title| title.starts_with("Deployment "));
    titles
}

/// The objects that a consequence has; what Kubernetes refuses has no other.
fn titles(diffs: &[ObjectDiff], consequence: Consequence) -> Vec<String> {
    let has = |object: &&ObjectDiff| {
        let all = object.consequences();
        all.contains(&consequence)
            && (consequence == Consequence::Refused || !all.contains(&Consequence::Refused))
    };
    diffs.iter().filter(has).map(ObjectDiff::title).collect()
}

/// A change for programs.
pub(crate) fn change_json(change: &Change) -> Map<String, Value> {
    let value = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let mut object = Map::new();
    object.insert("path".to_owned(), json!(change.path));
    object.insert("consequence".to_owned(), json!(change.consequence.code()));
    for (key, side) in [("old", &change.old), ("new", &change.new)] {
        if let Some(text) = side.as_deref().filter(|_| !change.path.is_empty()) {
            object.insert(key.to_owned(), value(text));
        }
    }
    object
}

/// For programs.
fn json_of(diffs: &[ObjectDiff]) -> Value {
    let objects = diffs.iter().map(|object| {
        json!({
            "kind": object.kind, "namespace": object.namespace, "name": object.name,
            "consequences": object.consequences().into_iter().map(Consequence::code).collect::<Vec<_>>(),
            "changes": object.changes.iter().map(change_json).collect::<Vec<_>>(),
        })
    });
    json!({
        "objects": objects.collect::<Vec<_>>(),
        "restart": titles(diffs, Consequence::Restart),
        "refused": titles(diffs, Consequence::Refused),
        "gone": titles(diffs, Consequence::Gone),
        "created": titles(diffs, Consequence::Created),
    })
}

/// For a comment on a pull request.
fn markdown(diffs: &[ObjectDiff]) -> String {
    let mut text = format!("**{}**\n\n", escape(&summary(diffs)));
    for object in diffs {
        let _ = writeln!(text, "### {}\n", escape(&object.title()));
        for consequence in object.consequences() {
            let _ = writeln!(text, "{}\n", escape(consequence.sentence()));
            let side = |value: &Option<String>| value.as_deref().map(code).unwrap_or_default();
            let changes = object.changes.iter().filter(|change| change.consequence == consequence);
            let rows: String = changes
                .filter(|change| !change.path.is_empty())
                .map(|change| row(&[&code(&change.path), &side(&change.old), &side(&change.new)]))
                .collect();
            if !rows.is_empty() {
                let _ = writeln!(text, "| field | old | new |\n|---|---|---|\n{rows}");
            }
        }
    }
    text
}

fn style(consequence: Consequence) -> Style {
    match consequence {
        Consequence::Refused => color(AnsiColor::Red).bold(),
        Consequence::Restart | Consequence::Gone => color(AnsiColor::Yellow).bold(),
        Consequence::Scale | Consequence::Created | Consequence::ConfigMap => {
            color(AnsiColor::Cyan)
        }
        Consequence::Rollout | Consequence::SameMeaning | Consequence::MetadataOnly => {
            Style::new().dimmed()
        }
    }
}

fn color(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(color.into()))
}
