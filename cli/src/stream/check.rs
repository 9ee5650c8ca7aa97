//! Whether a list that was cut and pasted says what it should.
//!
//! Text is only put where it is sure to be read as what it is: the list is read before and after, by a reader that takes
//! what PyYAML takes. A list that cannot be kept as it is, is refused.

use crate::read::{Node as Outline, is_pipeline, is_pipeline_value};
use anyhow::{Context as _, bail, ensure};
use sentry_streams_k8s::read as document;
use sentry_streams_k8s::value::{Node, Source};
use serde_json::Value;

/// Refuses line ends that are carriage returns alone: lines are cut at line feeds.
pub(super) fn line_ends(text: &str) -> anyhow::Result<()> {
    let is_alone = text.split('\r').skip(1).any(|rest| !rest.starts_with('\n'));
    ensure!(!is_alone, "a line ends with a carriage return alone; end it with a line feed");
    Ok(())
}

/// Refuses aliases that lead into a pipeline or out of it: the pipeline goes, and its anchors with it.
pub(super) fn anchors<'n>(
    root: &Outline,
    pipelines: impl Iterator<Item = (&'n str, &'n Outline)>,
) -> anyhow::Result<()> {
    let (_, all) = root.anchors_and_aliases();
    for (place, pipeline) in pipelines.take_while(|_| !all.is_empty()) {
        let (anchors, aliases) = pipeline.anchors_and_aliases();
        ensure!(
            aliases.iter().all(|alias| anchors.contains(alias)),
            "{place} has an alias of an anchor elsewhere in the list; write its value out"
        );
        let everywhere = all.iter().filter(|alias| anchors.contains(alias)).count();
        ensure!(
            everywhere == aliases.len(),
            "{place} has an anchor that an alias elsewhere in the list names; write its value out there"
        );
    }
    Ok(())
}

/// Refuses lists with pipelines in a list: only its own items are looked at.
pub(super) fn nesting(items: &[Outline]) -> anyhow::Result<()> {
    for (index, item) in items.iter().enumerate() {
        ensure!(
            !has_pipelines(item),
            "items[{index}] is a list with pipelines in it; put its items into the list around it"
        );
    }
    Ok(())
}

/// Whether an object is a list with pipelines, or with such a list.
pub(super) fn has_pipelines(object: &Outline) -> bool {
    let is_list = object.text_at(&["kind"]).is_some_and(|kind| kind.ends_with("List"));
    let items = object.entry("items").map_or(&[][..], Outline::items);
    is_list && items.iter().any(|item| is_pipeline(item) || has_pipelines(item))
}

/// Refuses a list in which a pipeline is not where it was seen: behind an alias or a merge key.
pub(super) fn items(text: &str, seen: usize) -> anyhow::Result<()> {
    let Some(list) = read(text)? else { return Ok(()) };
    let pipelines = items_of(&list).iter().filter(|item| is_pipeline_value(item)).count();
    ensure!(pipelines == seen, "a pipeline is an alias or has merge keys; write it out");
    Ok(())
}

/// Refuses an edited list that does not have the items it should: those that were there, and the objects of each
/// pipeline in its place.
pub(super) fn expanded(
    before: &str,
    after: &str,
    objects: Option<&[Vec<Value>]>,
) -> anyhow::Result<()> {
    const WRONG: &str = "the list is written in a way that cannot be kept; write it in block style";
    ensure!(Outline::read(after).is_ok_and(|root| root.is_some()), WRONG);
    let (Some(before), Some(after)) = (read(before)?, read(after).context(WRONG)?) else {
        return Ok(());
    };

    let texts: Vec<Vec<String>> = objects
        .unwrap_or_default()
        .iter()
        .map(|objects| objects.iter().map(ToString::to_string).collect())
        .collect();
    let mut rendered = texts.iter();
    let mut expected = Vec::new();
    for item in items_of(&before) {
        if objects.is_some() && is_pipeline_value(item) {
            expected.extend(nodes(rendered.next())?);
        } else {
            expected.push(item.clone());
        }
    }
    // The objects of a pipeline in `functionConfig` come last.
    expected.extend(nodes(rendered.next())?);
    ensure!(items_of(&after) == expected, WRONG);
    Ok(())
}

/// The list's value; none where it has values that only others read, such as binary data.
fn read(text: &str) -> anyhow::Result<Option<Node<'_>>> {
    match document::read_yaml(text, Source::Context) {
        Ok(document) => Ok(Some(document.root)),
        Err(problems) => {
            match problems.iter().find(|problem| problem.code.to_string().starts_with("invalid-")) {
                Some(problem) => {
                    let line = problem
                        .origin
                        .map_or(1, |origin| document::position(text, origin.offset as usize).0);
                    bail!("line {line}: {}", problem.message)
                }
                None => Ok(None),
            }
        }
    }
}

fn nodes(texts: Option<&Vec<String>>) -> anyhow::Result<Vec<Node<'_>>> {
    let read = |text| match document::read(text, Source::Context) {
        Ok(document) => Ok(document.root),
        Err(_) => bail!("an object cannot be read back"),
    };
    texts.into_iter().flatten().map(|text| read(text)).collect()
}

fn items_of<'l, 'a>(list: &'l Node<'a>) -> &'l [Node<'a>] {
    list.get("items").and_then(Node::as_list).unwrap_or_default()
}
