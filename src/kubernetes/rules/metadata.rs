//! Metadata: names, labels, annotations, selectors.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::constraint::{items_named, named, required};
use crate::problem::{Code, Cure};
use crate::value::Index;

/// `ValidateObjectMeta` of an object in a namespace.
pub(super) fn object(root: &Place<'_>, findings: &mut Findings) {
    let Some(metadata) = root.field("metadata") else {
        findings.missing(root, "metadata", "`metadata` is required");
        return;
    };
    // Names are not generated here: what the macro renders is applied by name.
    required(&metadata, "name", findings);
    named(metadata.field("name"), Code::InvalidName, names::subdomain, findings);
    named(metadata.field("generateName"), Code::InvalidName, generated, findings);
    named(metadata.field("namespace"), Code::InvalidName, names::label, findings);
    labels(metadata.field("labels"), findings);
    annotations(metadata.field("annotations"), findings);
    set_by_server(&metadata, findings);
    owners(&metadata, findings);
    finalizers(&metadata, findings);
    for manager in metadata.field("managedFields").iter().flat_map(Place::items) {
        required(&manager, "operation", findings);
        super::constraint::one_of(manager.field("operation"), &["Apply", "Update"], findings);
        super::constraint::one_of(manager.field("fieldsType"), &["FieldsV1"], findings);
    }
}

/// What `rest.FillObjectMetaSystemFields` sets, and what it refuses: a `resourceVersion` when an object is created,
/// `managedFields` in server-side apply.
pub(super) fn set_by_server(metadata: &Place<'_>, findings: &mut Findings) {
    const FIELDS: [(&str, &str); 8] = [
        ("creationTimestamp", "it sets its own"),
        ("deletionGracePeriodSeconds", "it drops this one"),
        ("deletionTimestamp", "it drops this one"),
        ("generation", "it sets its own"),
        ("managedFields", "server-side apply refuses an object that has them"),
        ("resourceVersion", "it creates no object that has one"),
        ("selfLink", "it drops this one"),
        ("uid", "it refuses or drops this one"),
    ];

    for (field, what) in FIELDS {
        if let Some(place) = metadata.field(field) {
            findings.add_with_cure(
                Code::ServerField,
                &place,
                format!("only an API server sets `{field}`: {what}"),
                Code::ServerField.cure(),
                Cure::Remove,
            );
        }
    }
}

/// `NameIsDNSSubdomain` of a prefix. It may end with a dash, and with anything before it: apimachinery `maskTrailingDash`.
fn generated(text: &str) -> Result<(), &'static str> {
    let start = text.strip_suffix('-').and_then(|text| text.get(..text.len().checked_sub(1)?));
    match start {
        Some(start) => names::subdomain(&format!("{start}a")),
        None => names::subdomain(text),
    }
}

/// `ValidateLabels`; a node selector is one too.
pub(super) fn labels(labels: Option<Place<'_>>, findings: &mut Findings) {
    let Some(labels) = labels else { return };
    for (key, value) in labels.entries() {
        label_key(key, &value, findings);
        label_value(&value, findings);
    }
}

fn label_key(key: &str, place: &Place<'_>, findings: &mut Findings) {
    if let Err(rule) = names::label_key(key) {
        findings.add(Code::InvalidLabel, place, format!("the label's key {rule}"));
    }
}

fn label_value(place: &Place<'_>, findings: &mut Findings) {
    if let Some(text) = place.text()
        && let Err(rule) = names::label_value(text)
    {
        findings.add(Code::InvalidLabel, place, format!("a label's value {rule}"));
    }
}

/// `ValidateAnnotations`.
pub(super) fn annotations(annotations: Option<Place<'_>>, findings: &mut Findings) {
    annotations_by(annotations, names::annotation_key, findings);
}

/// `ValidateUserAnnotations`.
pub(super) fn annotations_of_user(annotations: Option<Place<'_>>, findings: &mut Findings) {
    let with_domain = |key: &str| {
        names::annotation_key(key)?;
        if key.contains('/') { Ok(()) } else { Err("must have a domain, such as example.com/name") }
    };
    annotations_by(annotations, with_domain, findings);
}

fn annotations_by(
    annotations: Option<Place<'_>>,
    rule: fn(&str) -> Result<(), &'static str>,
    findings: &mut Findings,
) {
    let Some(annotations) = annotations else { return };
    let mut size = 0_usize;
    for (key, value) in annotations.entries() {
        if let Err(rule) = rule(key) {
            findings.add(Code::InvalidAnnotation, &value, format!("the annotation's key {rule}"));
        }
        size = size.saturating_add(key.len()).saturating_add(value.text().map_or(0, str::len));
    }
    // TotalAnnotationSizeLimitB
    if size > 256 << 10 {
        findings.add(
            Code::ObjectTooLarge,
            &annotations,
            format!("annotations have {size} bytes; the limit is 262144 (256 KiB)"),
        );
    }
}

/// `ValidateOwnerReferences`; that the four fields are there says the schema.
fn owners(metadata: &Place<'_>, findings: &mut Findings) {
    let Some(owners) = metadata.field("ownerReferences") else { return };
    if owners.items().filter(|owner| owner.is_true("controller")).count() > 1 {
        findings.add(Code::ConflictingFields, &owners, "only one owner can be the controller");
    }
    for owner in owners.items() {
        if let Some(version) = owner.field("apiVersion")
            && let Some(text) = version.text().filter(|text| !text.is_empty())
            && (text.matches('/').count() > 1 || text.ends_with('/'))
        {
            findings.add(Code::UnsupportedValue, &version, "must be `version` or `group/version`");
        }
        // BannedOwners
        if owner.text_of("apiVersion") == Some("v1") && owner.text_of("kind") == Some("Event") {
            findings.add(Code::UnsupportedValue, &owner, "an Event cannot be an owner");
        }
    }
}

/// `ValidateFinalizers`, and `ValidateFinalizerName` of core: a name without prefix is one of Kubernetes' own.
fn finalizers(metadata: &Place<'_>, findings: &mut Findings) {
    let Some(finalizers) = metadata.field("finalizers") else { return };
    items_named(metadata.field("finalizers"), Code::InvalidName, finalizer, findings);
    let has = |name| finalizers.items().any(|finalizer| finalizer.text() == Some(name));
    if has("orphan") && has("foregroundDeletion") {
        findings.add(
            Code::ConflictingFields,
            &finalizers,
            "`orphan` and `foregroundDeletion` exclude each other",
        );
    }
}

fn finalizer(text: &str) -> Result<(), &'static str> {
    if text.contains('/') || matches!(text, "kubernetes" | "orphan" | "foregroundDeletion") {
        names::label_key(text)
    } else {
        Err("must have a domain, such as example.com/cleanup")
    }
}

/// `ValidateLabelSelector`.
pub(super) fn selector(selector: Option<Place<'_>>, findings: &mut Findings) {
    let Some(selector) = selector else { return };
    labels(selector.field("matchLabels"), findings);
    let Some(expressions) = selector.field("matchExpressions") else { return };
    for expression in expressions.items() {
        let values = expression
            .field("values")
            .and_then(|values| values.node.as_list().map(<[_]>::len))
            .unwrap_or(0);
        match expression.text_of("operator") {
            Some("In" | "NotIn") if values == 0 && !is_wrong_type(&expression, "values") => {
                findings.missing(
                    &expression,
                    "values",
                    "`values` is required with the operators In and NotIn",
                );
            }
            Some("Exists" | "DoesNotExist") if values > 0 => {
                findings.add(
                    Code::ConflictingFields,
                    &expression,
                    "`values` cannot be given with the operators Exists and DoesNotExist",
                );
            }
            _ => {}
        }
        super::constraint::one_of(
            expression.field("operator"),
            &["In", "NotIn", "Exists", "DoesNotExist"],
            findings,
        );
        if let Some(key) = expression.field("key")
            && let Some(text) = key.text().filter(|text| !text.is_empty())
        {
            label_key(text, &key, findings);
        }
        if let Some(values) = expression.field("values") {
            values.items().for_each(|value| label_value(&value, findings));
        }
    }
}

/// Whether a field that should be a list is something else, which is said already.
fn is_wrong_type(place: &Place<'_>, field: &str) -> bool {
    place.node.get(field).is_some_and(|node| node.as_list().is_none() && place.has(field))
}

/// Whether a selector takes labels, as `LabelSelectorAsSelector` has it.
pub(super) fn selects(selector: &Place<'_>, labels: Option<&Place<'_>>) -> bool {
    let places: Vec<(&str, Place<'_>)> = labels.into_iter().flat_map(Place::entries).collect();
    let mut keys = Index::default();
    for (at, (key, _)) in places.iter().enumerate() {
        keys.before(*key, at);
    }
    // A label of a wrong type is said already.
    let label = |key: &str| places.get(keys.get(key)?).map(|(_, place)| place.text().unwrap_or(""));
    let matches_labels = selector.field("matchLabels").is_none_or(|wanted| {
        wanted
            .entries()
            .all(|(key, value)| value.text().is_none_or(|wanted| label(key) == Some(wanted)))
    });
    let matches_expressions = selector.field("matchExpressions").is_none_or(|expressions| {
        expressions.items().all(|expression| {
            let Some(key) = expression.text_of("key") else { return true };
            let values = expression.field("values");
            let listed = |text: &str| {
                values
                    .as_ref()
                    .is_some_and(|values| values.items().any(|value| value.text() == Some(text)))
            };
            match expression.text_of("operator") {
                Some("In") => label(key).is_some_and(listed),
                Some("NotIn") => !label(key).is_some_and(listed),
                Some("Exists") => label(key).is_some(),
                Some("DoesNotExist") => label(key).is_none(),
                _ => true,
            }
        })
    });
    matches_labels && matches_expressions
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use crate::problem::Code;
    use serde_json::json;

    #[test]
    fn names() {
        at(
            "/metadata/name",
            &[json!("a-b")],
            Code::InvalidName,
            &[json!("A"), json!("a".repeat(254))],
        );
        at("/metadata/name", &[], Code::MissingField, &[json!(""), json!(null)]);
        at(
            "/metadata/namespace",
            &[json!("a"), json!(""), json!(null)],
            Code::InvalidName,
            &[json!("a.b")],
        );
        at(
            "/metadata/finalizers",
            &[json!(["example.com/a"])],
            Code::InvalidName,
            &[json!(["a b"])],
        );
    }

    #[test]
    fn labels_and_annotations() {
        at("/metadata/labels/b", &[json!(""), json!("A_b.c")], Code::InvalidLabel, &[json!("a b")]);
        at(
            "/metadata/labels",
            &[],
            Code::InvalidLabel,
            &[json!({"a b": ""}), json!({"a/b/c": ""})],
        );
        at(
            "/metadata/annotations",
            &[json!({"Example.com/A": "any text"})],
            Code::InvalidAnnotation,
            &[json!({"a b": ""})],
        );
        at(
            "/metadata/annotations/a",
            &[json!("a".repeat(262_143))],
            Code::ObjectTooLarge,
            &[json!("a".repeat(262_144))],
        );
        at("/spec/template/metadata/labels/b", &[], Code::InvalidLabel, &[json!("-")]);
        at(
            "/spec/template/spec/nodeSelector",
            &[json!({"a": "b"})],
            Code::InvalidLabel,
            &[json!({"a": "b c"})],
        );
    }
}
