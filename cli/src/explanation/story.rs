//! A field's whole story, in prose.

use super::layer::Layer;
use super::model::{Explanation, Field, Object};
use super::since::since;
use anyhow::anyhow;
use sentry_streams_k8s::kubernetes::Kind;

/// A field that was asked for.
#[derive(Debug)]
pub(super) struct Found<'e> {
    pub(super) object: &'e Object,
    pub(super) field: &'e Field,
    pub(super) is_removed: bool,
}

/// The fields at a path and below it, in every object that has them. An item of a list may be named by what sets it
/// apart: `containers[consumer].image`; a path may start with the object's role: `canary_deployment.spec`.
/// What pods have may go without `spec.template.spec`; else the end of a path will do: `image`.
pub(super) fn find<'e>(
    explanation: &'e Explanation,
    wanted: &str,
) -> anyhow::Result<Vec<Found<'e>>> {
    let attempts = [
        (wanted.to_owned(), false),
        (format!("spec.template.spec.{wanted}"), false),
        (wanted.to_owned(), true),
    ];
    let found = attempts.iter().map(|(wanted, is_name)| search(explanation, wanted, *is_name));
    match found.into_iter().find(|found| !found.is_empty()) {
        Some(found) => Ok(found),
        None => Err(unknown(explanation, wanted)),
    }
}

/// The fields of one way to read the path: from the root, or, where it `is_name`, the end of any path.
fn search<'e>(explanation: &'e Explanation, wanted: &str, is_name: bool) -> Vec<Found<'e>> {
    let mut found = Vec::new();
    for object in &explanation.objects {
        let wanted = wanted
            .strip_prefix(&object.role)
            .and_then(|rest| rest.strip_prefix('.'))
            .unwrap_or(wanted);
        let wanted = positions(object, wanted.trim_end_matches('.'));
        let is_wanted = |field: &&Field| {
            is_name
                && field.path.strip_suffix(wanted.as_str()).is_some_and(|rest| rest.ends_with('.'))
                || field
                    .path
                    .strip_prefix(&wanted)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        found.extend(object.fields.iter().filter(is_wanted).map(|field| Found {
            object,
            field,
            is_removed: false,
        }));
        found.extend(object.removed.iter().filter(is_wanted).map(|field| Found {
            object,
            field,
            is_removed: true,
        }));
    }
    found
}

/// What to say of a path that no object has.
fn unknown(explanation: &Explanation, wanted: &str) -> anyhow::Error {
    let fields =
        explanation.objects.iter().flat_map(|object| object.fields.iter().chain(&object.removed));
    // What people know is the last part: `image`, `replicas`.
    let last = wanted.rsplit(['.', '[']).next().unwrap_or(wanted).trim_end_matches(']');
    let mut near: Vec<&str> =
        fields.map(|field| field.path.as_str()).filter(|path| path.contains(last)).collect();
    near.dedup();
    near.truncate(5);
    let known = ["", "spec.template.spec."]
        .iter()
        .find_map(|pods| since(Kind::Deployment, &format!("{pods}{wanted}"), true));
    if let Some(known) = known {
        return anyhow!("no object has the field {wanted:?}. {known}");
    }
    match near[..] {
        [] => anyhow!("no object has the field {wanted:?}; `explain` without --field shows all"),
        _ => anyhow!("no object has the field {wanted:?}; there is {}", near.join(", ")),
    }
}

/// The path with positions instead of names of items.
fn positions(object: &Object, wanted: &str) -> String {
    let mut path = String::new();
    let mut rest = wanted;
    while let Some((before, bracket)) = rest.split_once('[') {
        let Some((name, after)) = bracket.split_once(']') else { break };
        path.push_str(before);
        let name_field = |field: &&Field| {
            let below = field.path.strip_prefix(&path).and_then(|rest| rest.strip_prefix('['));
            let below = below.and_then(|rest| rest.split_once(']')).is_some_and(|(_, below)| {
                [".name", ".mountPath", ".containerPort"].contains(&below)
            });
            below
                && field.value.as_str().map_or_else(|| field.value.to_string(), str::to_owned)
                    == name
        };
        let item = object.fields.iter().chain(&object.removed).find(name_field);
        let position = item.and_then(|field| field.path.get(path.len()..)?.split(']').next());
        match position {
            Some(position) if name.parse::<usize>().is_err() => path.push_str(position),
            _ => {
                path.push('[');
                path.push_str(name);
            }
        }
        path.push(']');
        rest = after;
    }
    path.push_str(rest);
    path
}

/// Fields with their stories; objects in which a field has the same story share it.
pub(super) fn together<'f, 'e>(
    found: &'f [Found<'e>],
) -> Vec<(String, &'f Found<'e>, Vec<String>)> {
    let mut stories: Vec<(String, &Found<'e>, Vec<String>)> = Vec::new();
    for found in found {
        let sentences = sentences(found);
        let same = stories.iter_mut().find(|(_, other, known)| {
            other.field.path == found.field.path
                && other.field.value == found.field.value
                && *known == sentences
        });
        match same {
            Some((titles, ..)) => titles.extend([", ", &found.object.title]),
            None => stories.push((found.object.title.clone(), found, sentences)),
        }
    }
    stories
}

/// What became of a field, a sentence a line, without its place.
pub(super) fn sentences(found: &Found<'_>) -> Vec<String> {
    let Found { field, is_removed, .. } = found;
    let mut sentences = Vec::new();
    if *is_removed {
        sentences.push(format!(
            "The emergency patch removed it. It was {}, set by {}.",
            field.shown(),
            setter(field)
        ));
    } else {
        sentences.push(format!("Set by {}.", setter(field)));
    }
    for (at, before) in field.replaced.iter().rev().enumerate() {
        let before_that =
            if at == 0 && !*is_removed { "This replaced" } else { "Before that it was" };
        sentences.push(format!("{before_that} {}, set by {}.", before.shown(), setter(before)));
    }
    if *is_removed {
        sentences.push("To get it back: remove from emergency_patch what removes it.".to_owned());
    } else if let Some(why) =
        field.change.as_deref().and_then(|change| change.strip_prefix("nothing: "))
    {
        sentences.push(format!("Nothing can change it: {why}."));
    } else if let Some(change) = &field.change {
        let patch = field.layer != Layer::EmergencyPatch && found.object.role != "configmap";
        let patch = patch && !change.contains("emergency_patch");
        let incident = if patch { "; in an incident, emergency_patch can override it" } else { "" };
        sentences.push(format!("To change it: {change}{incident}."));
    }
    let is_config_map = found.object.role == "configmap";
    let kind = if is_config_map { Kind::ConfigMap } else { Kind::Deployment };
    sentences.extend(since(kind, &field.path, false));
    sentences
}

/// Who set a value, from where, and how it was made.
fn setter(value: &Field) -> String {
    let layer = value.layer;
    let mut text = match (layer, &value.from) {
        (Layer::Base, _) => "the macro's base template".to_owned(),
        (Layer::Platform, None) => "the macro itself".to_owned(),
        (Layer::Platform, Some(from)) => format!("the macro, from {from}"),
        (_, Some(from)) => from.clone(),
        (_, None) => layer.name().to_owned(),
    };
    if let Some(position) = value.position() {
        text = format!("{text} ({position})");
    }
    match &value.note {
        Some(note) => format!("{text}: {note}"),
        None => text,
    }
}
