//! The rules that Kubernetes' validation adds to the schema.
//!
//! Each function names its source: the function of Kubernetes' `pkg/apis/core/validation` or
//! `pkg/apis/apps/validation` (version 1.37) that has the rule, or another place. The code is ours.

mod config_map;
mod container;
mod deployment;
mod env;
mod metadata;
mod pod;
mod probe;
mod resources;
mod scheduling;
mod security;
#[cfg(test)]
mod testing;
mod volume;

use super::check::Kind;
use super::place::{Findings, Place};
use crate::index::Index;

/// Adds what the rules find.
pub(super) fn check(root: &Place<'_>, kind: Kind, findings: &mut Findings) {
    managed_kind(root, kind, findings);
    metadata::object(root, findings);
    match kind {
        Kind::Deployment => deployment::check(root, findings),
        Kind::ConfigMap => config_map::check(root, findings),
    }
}

/// What the macro renders is of the kind that its result names.
fn managed_kind(root: &Place<'_>, kind: Kind, findings: &mut Findings) {
    let (api_version, name) = kind.names();
    for (field, expected) in [("apiVersion", api_version), ("kind", name)] {
        match root.field(field) {
            None => findings.missing(root, field, format!("`{field}` is required: {expected}")),
            Some(place) if place.text().is_some_and(|text| text != expected) => {
                findings.error("unsupported-value", &place, format!("must be {expected}"));
            }
            Some(_) => {}
        }
    }
}

/// Adds a finding for text that breaks a rule of `names`; empty text is left to the rule that a field is required.
fn named(
    place: Option<Place<'_>>,
    code: &'static str,
    rule: fn(&str) -> Result<(), &'static str>,
    findings: &mut Findings,
) {
    named_strictly(place.filter(|place| place.text() != Some("")), code, rule, findings);
}

/// The same for a field that is a pointer in Kubernetes: empty text is text.
fn named_strictly(
    place: Option<Place<'_>>,
    code: &'static str,
    rule: fn(&str) -> Result<(), &'static str>,
    findings: &mut Findings,
) {
    if let Some(place) = place
        && let Some(text) = place.text()
        && let Err(message) = rule(text)
    {
        findings.error(code, &place, message);
    }
}

/// The same for each item of a list.
fn items_named(
    list: Option<Place<'_>>,
    code: &'static str,
    rule: fn(&str) -> Result<(), &'static str>,
    findings: &mut Findings,
) {
    for item in list.iter().flat_map(Place::items) {
        named_strictly(Some(item), code, rule, findings);
    }
}

/// Adds a finding for a field without text that the schema leaves open, and validation requires.
fn required(place: &Place<'_>, field: &str, findings: &mut Findings) {
    if place.is_object() && place.lacks(field) {
        findings.missing(place, field, format!("`{field}` is required"));
    }
}

/// Adds a finding for text that is none of the values a field can have. Empty text is as an absent field.
fn one_of(place: Option<Place<'_>>, values: &[&str], findings: &mut Findings) {
    if let Some(place) = place
        && let Some(text) = place.text().filter(|text| !text.is_empty())
    {
        must_be_one_of(&place, text, values, findings);
    }
}

/// The same for a field that is a pointer in Kubernetes: empty text is a value of its own, and a wrong one.
fn strictly_one_of(place: &Place<'_>, values: &[&str], findings: &mut Findings) {
    if let Some(text) = place.text() {
        must_be_one_of(place, text, values, findings);
    }
}

fn must_be_one_of(place: &Place<'_>, text: &str, values: &[&str], findings: &mut Findings) {
    if values.contains(&text) {
        return;
    }
    let message = format!("must be one of {}", values.join(", "));
    match crate::suggest::nearest(text, values.iter().copied()) {
        Some(value) => findings.error_with_help("unsupported-value", place, message, format!("did you mean {value}?")),
        None => findings.error("unsupported-value", place, message),
    }
}

/// Adds a finding for each item of a list whose text under a key another item has already.
fn unique(list: &Place<'_>, key: &str, findings: &mut Findings) {
    let mut seen = Index::default();
    for item in list.items() {
        let Some(text) = item.text_of(key).filter(|text| !text.is_empty()) else { continue };
        if seen.before(text, 0).is_some()
            && let Some(place) = item.field(key)
        {
            findings.error("duplicate-name", &place, format!("another item has the {key} `{text}`"));
        }
    }
}

/// Adds a finding where more than one of some fields is given.
fn at_most_one(place: &Place<'_>, is_one: &dyn Fn(&str) -> bool, what: &str, findings: &mut Findings) -> usize {
    let given: Vec<&str> = place.fields().map(|(field, _)| field).filter(|field| is_one(field)).collect();
    if given.len() > 1 {
        let message = format!("has more than one {what}: {}", given.join(", "));
        findings.error_with_help("conflicting-fields", place, message, "keep one of them");
    }
    given.len()
}

/// Adds a finding where not exactly one of some fields is given.
fn exactly_one(place: &Place<'_>, fields: &[&str], what: &str, findings: &mut Findings) {
    if at_most_one(place, &|field| fields.contains(&field), what, findings) == 0 && place.is_object() {
        findings.error("missing-field", place, format!("needs one {what} of {}", fields.join(", ")));
    }
}

/// Adds a finding for a number outside a range.
fn between(place: Option<Place<'_>>, least: i64, most: i64, findings: &mut Findings) {
    if let Some(place) = place
        && let Some(number) = place.node.as_i64()
        && !(least..=most).contains(&number)
    {
        let message = match (least, most) {
            (least, i64::MAX) => format!("must be at least {least}"),
            _ => format!("must be between {least} and {most}"),
        };
        findings.error("out-of-range", &place, message);
    }
}

/// Adds a finding for a negative number: `ValidateNonnegativeField`.
fn not_negative(place: Option<Place<'_>>, findings: &mut Findings) {
    between(place, 0, i64::MAX, findings);
}
