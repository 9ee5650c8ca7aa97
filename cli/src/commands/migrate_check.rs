//! `migrate-check`: our objects against those that the reference rendered, and why they differ where they do.

use crate::arguments::MigrateCheck;
use crate::compare::{ObjectDiff, compare};
use crate::migration::{Checked, Migration, Verdict};
use crate::read::Input;
use crate::report::Report;
use crate::write::print_styled;
use crate::{differences, objects};
use anyhow::bail;
use sentry_streams_k8s::value::Node;
use sentry_streams_k8s_host::ConsumerMacro;

/// Compares, and says whether all is the same.
pub(crate) fn run(
    arguments: &MigrateCheck,
    consumer_macro: &ConsumerMacro,
) -> anyhow::Result<bool> {
    let contexts = arguments.contexts.read()?;
    let mut report = Report::default();
    let recorded =
        objects::load(&arguments.recorded, &[], &Input::default(), consumer_macro, &mut report)?;
    if !report.is_clean() {
        bail!("{} has a context that is not right", arguments.recorded.display());
    }
    let recorded = objects::nodes(&recorded)?;

    let mut migration = Migration::default();
    let mut met = vec![false; recorded.len()];
    for context in &contexts {
        let mut report = Report::default();
        let rendered =
            objects::render(std::slice::from_ref(context), consumer_macro, &mut report)?.concat();
        let verdict = if report.is_clean() {
            Verdict::Rendered(differences_of(
                &rendered,
                &recorded,
                &mut met,
                arguments.show_secrets,
            )?)
        } else {
            Verdict::Refused(report.problems)
        };
        migration.contexts.push(Checked { name: context.name.clone(), verdict });
    }

    for (object, _) in recorded.iter().zip(met).filter(|(_, met)| !met) {
        let part = |keys: &[&str]| object.at(keys).and_then(Node::as_str).unwrap_or("?").to_owned();
        migration.not_rendered.push(format!("{} {}", part(&["kind"]), part(&["metadata", "name"])));
    }
    print_styled(&migration.write(arguments.output))?;
    Ok(migration.is_same())
}

/// How our objects differ from those recorded under the same names, which are marked as met.
fn differences_of(
    rendered: &[String],
    recorded: &[Node<'_>],
    met: &mut [bool],
    show_secrets: bool,
) -> anyhow::Result<Vec<ObjectDiff>> {
    let ours = objects::nodes(rendered)?;
    let mut theirs = Vec::new();
    for (object, met) in recorded.iter().zip(met) {
        if ours.iter().any(|other| is_one(object, other)) {
            *met = true;
            theirs.push(object.clone());
        }
    }
    let diffs = compare(&theirs, &ours);
    Ok(if show_secrets { diffs } else { differences::without_secrets(&diffs) })
}

/// Whether two are the same object, as far as its name goes.
fn is_one(object: &Node<'_>, other: &Node<'_>) -> bool {
    let keys: [&[&str]; 3] = [&["kind"], &["metadata", "namespace"], &["metadata", "name"]];
    keys.iter().all(|keys| object.at(keys) == other.at(keys))
}
