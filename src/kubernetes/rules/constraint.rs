//! What many rules have in common: a name of a form, one value of several, a number in a range.

use super::super::finding::Findings;
use super::super::place::Place;
use crate::problem::{Code, Cure, nearest};
use crate::value::Index;

/// Adds a finding for text that breaks a rule of `names`; empty text is left to the rule that a field is required.
pub(super) fn named(
    place: Option<Place<'_>>,
    code: Code,
    rule: fn(&str) -> Result<(), &'static str>,
    findings: &mut Findings,
) {
    named_strictly(place.filter(|place| place.text() != Some("")), code, rule, findings);
}

/// The same for a field that is a pointer in Kubernetes: empty text is text.
pub(super) fn named_strictly(
    place: Option<Place<'_>>,
    code: Code,
    rule: fn(&str) -> Result<(), &'static str>,
    findings: &mut Findings,
) {
    if let Some(place) = place
        && let Some(text) = place.text()
        && let Err(message) = rule(text)
    {
        match near_name(text).filter(|near| rule(near).is_ok() && !place.is_secret()) {
            Some(near) => {
                findings.add_with_help(code, &place, message, format!("for instance `{near}`"));
            }
            None => findings.add(code, &place, message),
        }
    }
}

/// A text as names of Kubernetes are written: `Up_time` as `up-time`. None of a text that is longer than any name.
fn near_name(text: &str) -> Option<String> {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/');
    let near = |c: char| if is_plain(&c) { c.to_ascii_lowercase() } else { '-' };
    let name: String = (text.len() <= 253).then(|| text.chars().map(near).collect())?;

    Some(name.trim_matches(['-', '.']).to_owned())
}

/// The same for each item of a list.
pub(super) fn items_named(
    list: Option<Place<'_>>,
    code: Code,
    rule: fn(&str) -> Result<(), &'static str>,
    findings: &mut Findings,
) {
    for item in list.iter().flat_map(Place::items) {
        named_strictly(Some(item), code, rule, findings);
    }
}

/// Adds a finding for a field without text that the schema leaves open, and validation requires.
pub(super) fn required(place: &Place<'_>, field: &str, findings: &mut Findings) {
    if place.is_object() && place.lacks(field) {
        findings.missing(place, field, format!("`{field}` is required"));
    }
}

/// Adds a finding for text that is none of the values a field can have. Empty text is as an absent field.
pub(super) fn one_of(place: Option<Place<'_>>, values: &[&str], findings: &mut Findings) {
    if let Some(place) = place
        && let Some(text) = place.text().filter(|text| !text.is_empty())
    {
        must_be_one_of(&place, text, values, findings);
    }
}

/// The same for a field that is a pointer in Kubernetes: empty text is a value of its own, and a wrong one.
pub(super) fn strictly_one_of(place: &Place<'_>, values: &[&str], findings: &mut Findings) {
    if let Some(text) = place.text() {
        must_be_one_of(place, text, values, findings);
    }
}

fn must_be_one_of(place: &Place<'_>, text: &str, values: &[&str], findings: &mut Findings) {
    if values.contains(&text) {
        return;
    }
    let message = format!("must be one of {}", values.join(", "));
    match nearest(text, values.iter().copied()) {
        Some(value) => {
            let cure = Cure::Replace(format!("{value:?}"));
            let help = format!("did you mean {value}?");
            findings.add_with_cure(Code::UnsupportedValue, place, message, help, cure);
        }
        None => findings.add(Code::UnsupportedValue, place, message),
    }
}

/// Adds a finding for each item of a list whose text under a key another item has already.
pub(super) fn unique(list: &Place<'_>, key: &str, findings: &mut Findings) {
    let mut seen = Index::default();
    for item in list.items() {
        let Some(text) = item.text_of(key).filter(|text| !text.is_empty()) else { continue };
        if seen.before(text, 0).is_some()
            && let Some(place) = item.field(key)
        {
            findings.add(
                Code::DuplicateName,
                &place,
                format!("another item has the {key} `{text}`"),
            );
        }
    }
}

/// Adds a finding where more than one of some fields is given.
pub(super) fn at_most_one(
    place: &Place<'_>,
    is_one: &dyn Fn(&str) -> bool,
    what: &str,
    findings: &mut Findings,
) -> usize {
    let given: Vec<&str> =
        place.fields().map(|(field, _)| field).filter(|field| is_one(field)).collect();
    if given.len() > 1 {
        let message = format!("has more than one {what}: {}", given.join(", "));
        findings.add_with_help(Code::ConflictingFields, place, message, "keep one of them");
    }
    given.len()
}

/// Adds a finding where not exactly one of some fields is given.
pub(super) fn exactly_one(place: &Place<'_>, fields: &[&str], what: &str, findings: &mut Findings) {
    if at_most_one(place, &|field| fields.contains(&field), what, findings) == 0
        && place.is_object()
    {
        findings.add(
            Code::MissingField,
            place,
            format!("needs one {what} of {}", fields.join(", ")),
        );
    }
}

/// Adds a finding for a number outside a range.
pub(super) fn between(place: Option<Place<'_>>, least: i64, most: i64, findings: &mut Findings) {
    if let Some(place) = place
        && let Some(number) = place.node.as_i64()
        && !(least..=most).contains(&number)
    {
        let message = match (least, most) {
            (least, i64::MAX) => format!("must be at least {least}"),
            _ => format!("must be between {least} and {most}"),
        };
        findings.add(Code::OutOfRange, &place, message);
    }
}

/// Adds a finding for a negative number: `ValidateNonnegativeField`.
pub(super) fn not_negative(place: Option<Place<'_>>, findings: &mut Findings) {
    between(place, 0, i64::MAX, findings);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_near_as_kubernetes_writes_them() {
        for (text, near) in [
            ("Up_time", Some("up-time")),
            ("-My Name.", Some("my-name")),
            ("app/Name", Some("app/name")),
            ("é", Some("")),
            (&"a".repeat(254), None),
        ] {
            assert_eq!(near_name(text).as_deref(), near, "{text}");
        }
    }
}
