//! `migrate-check`: our objects against those that the reference rendered, and why they differ where they do.

use crate::arguments::MigrateCheck;
use crate::compare::{Consequence, ObjectDiff, compare, entry, of_change, of_problem};
use crate::differences::change_line;
use crate::objects;
use crate::read::Input;
use crate::report::Report;
use crate::write::{print_styled, sanitize};
use anyhow::bail;
use sentry_streams_k8s::value::Node;
use sentry_streams_k8s_host::ConsumerMacro;
use std::fmt::Write as _;

/// Compares, and says whether all is the same.
pub(crate) fn run(arguments: &MigrateCheck, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let contexts = arguments.contexts.read()?;
    let mut report = Report::default();
    let recorded = objects::load(&arguments.recorded, &[], &Input::default(), consumer_macro, &mut report)?;
    if !report.is_clean() {
        bail!("{} has a context that is not right", arguments.recorded.display());
    }
    let recorded = objects::nodes(&recorded)?;

    let (mut text, mut is_same) = (String::new(), true);
    let mut met = vec![false; recorded.len()];
    for context in &contexts {
        let mut report = Report::default();
        let rendered = objects::render(std::slice::from_ref(context), consumer_macro, &mut report)?.concat();
        let name = sanitize(&context.name);
        if !report.is_clean() {
            is_same = false;
            refused(&mut text, &name, &report);
            continue;
        }

        let ours = objects::nodes(&rendered)?;
        let mut theirs = Vec::new();
        for (object, met) in recorded.iter().zip(&mut met) {
            if ours.iter().any(|other| is_one(object, other)) {
                *met = true;
                theirs.push(object.clone());
            }
        }
        let diffs = compare(&theirs, &ours);
        is_same &= diffs.is_empty();
        differences(&mut text, &name, &diffs);
    }
    for (object, _) in recorded.iter().zip(met).filter(|(_, met)| !met) {
        is_same = false;
        let part = |keys: &[&str]| object.at(keys).and_then(Node::as_str).unwrap_or("?").to_owned();
        let title = format!("{} {}", part(&["kind"]), part(&["metadata", "name"]));
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "{}: recorded, and no context given here renders it", sanitize(&title));
    }
    print_styled(&text)?;
    Ok(is_same)
}

/// What is wrong with a context, and why the reference did not say so.
fn refused(text: &mut String, name: &str, report: &Report) {
    let _ = writeln!(text, "{name}: refused");
    for finding in &report.problems {
        let problem = &finding.problem;
        let why = link(of_problem(&problem.code, &problem.path, &problem.message));
        let (path, message) = (sanitize(&problem.path), sanitize(&problem.message));
        let _ = writeln!(text, "    {path}: {message}\n      why: {why}");
    }
}

/// How our objects differ, and why.
fn differences(text: &mut String, name: &str, diffs: &[ObjectDiff]) {
    if diffs.is_empty() {
        let _ = writeln!(text, "{name}: same");
        return;
    }
    let restart = diffs.iter().any(|object| object.consequences().contains(&Consequence::Restart));
    let _ = writeln!(text, "{name}: differs; {}", if restart { "pods restart once" } else { "no pods restart" });
    for object in diffs {
        let _ = writeln!(text, "  {}", sanitize(&object.title()));
        for change in &object.changes {
            text.push_str(&change_line(change));
            let why = match (change.consequence, of_change(change)) {
                (Consequence::Created, _) => "no object of this name is recorded".to_owned(),
                (_, Some(entry)) => link(entry),
                (_, None) => "not listed in DEVIATIONS.md: please report it".to_owned(),
            };
            let _ = writeln!(text, "      why: {why}");
        }
    }
}

/// Whether two are the same object, as far as its name goes.
fn is_one(object: &Node<'_>, other: &Node<'_>) -> bool {
    let keys: [&[&str]; 3] = [&["kind"], &["metadata", "namespace"], &["metadata", "name"]];
    keys.iter().all(|keys| object.at(keys) == other.at(keys))
}

/// An entry, and where to read more.
fn link(id: &str) -> String {
    match entry(id) {
        Some((heading, link)) => format!("{heading} ({link})"),
        None => id.to_owned(),
    }
}
