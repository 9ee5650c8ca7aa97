//! Deployment, and the frame of its pod template.

use super::super::finding::Findings;
use super::super::place::Place;
use super::constraint::{not_negative, one_of};
use super::{metadata, pod};
use crate::problem::Code;
use crate::value::Value;

/// `ValidateDeploymentSpec`.
pub(super) fn check(root: &Place<'_>, findings: &mut Findings) {
    let Some(spec) = root.field("spec") else {
        return findings.missing(root, "spec", "`spec` is required");
    };
    not_negative(spec.field("replicas"), findings);
    not_negative(spec.field("minReadySeconds"), findings);
    not_negative(spec.field("revisionHistoryLimit"), findings);
    not_negative(spec.field("progressDeadlineSeconds"), findings);
    rollback(root, findings);
    progress_deadline(&spec, findings);
    strategy(&spec, findings);
    selector(&spec, findings);
    if let Some(template) = spec.field("template") {
        pod::template(&template, findings);
    }
}

/// `Convert_v1_Deployment_To_apps_Deployment` reads an annotation that was a field once, and `ValidateRollback` checks it.
fn rollback(root: &Place<'_>, findings: &mut Findings) {
    let Some(metadata) = root.field("metadata") else { return };
    let Some(annotations) = metadata.field("annotations") else { return };
    if let Some(place) = annotations.field("deprecated.deployment.rollback.to")
        && let Some(text) = place.text().filter(|text| !text.is_empty())
        && !text.parse::<i64>().is_ok_and(|revision| revision >= 0)
    {
        findings.add_with_help(
            Code::InvalidAnnotation,
            &place,
            "must be the number of a revision, from 0",
            "remove it: Kubernetes rolls back by it no more",
        );
    }
}

fn progress_deadline(spec: &Place<'_>, findings: &mut Findings) {
    // SetDefaults_Deployment
    let deadline = spec.number_of("progressDeadlineSeconds").unwrap_or(600);
    let ready = spec.number_of("minReadySeconds").unwrap_or(0);
    if deadline <= ready {
        let field = if spec.has("progressDeadlineSeconds") {
            "progressDeadlineSeconds"
        } else {
            "minReadySeconds"
        };
        if let Some(place) = spec.field(field) {
            findings.add(
                Code::ConflictingFields,
                &place,
                format!("`progressDeadlineSeconds` ({deadline}) must be greater than `minReadySeconds` ({ready})"),
            );
        }
    }
}

/// `ValidateDeploymentStrategy`.
fn strategy(spec: &Place<'_>, findings: &mut Findings) {
    let Some(strategy) = spec.field("strategy") else { return };
    one_of(strategy.field("type"), &["Recreate", "RollingUpdate"], findings);
    let Some(rolling) = strategy.field("rollingUpdate") else { return };
    if strategy.text_of("type") == Some("Recreate") {
        return findings.add(
            Code::ConflictingFields,
            &rolling,
            "`rollingUpdate` cannot be given when the strategy's type is Recreate",
        );
    }
    let unavailable = rolling.field("maxUnavailable");
    let surge = rolling.field("maxSurge");
    let (unavailable_amount, surge_amount) = (
        amount_or_percent(unavailable.as_ref(), findings),
        amount_or_percent(surge.as_ref(), findings),
    );
    if let (Some(unavailable), Some(Amount { value: 0, .. }), Some(Amount { value: 0, .. })) =
        (&unavailable, unavailable_amount, surge_amount)
    {
        findings.add(Code::ConflictingFields, unavailable, "cannot be 0 when `maxSurge` is 0");
    }
    if let (Some(unavailable), Some(Amount { value: 101.., percent: true })) =
        (&unavailable, unavailable_amount)
    {
        findings.add(Code::OutOfRange, unavailable, "must be at most 100%");
    }
}

#[derive(Clone, Copy)]
struct Amount {
    value: i64,
    percent: bool,
}

/// `ValidatePositiveIntOrPercent`. An absent amount is 25%, as `SetDefaults_Deployment` has it.
fn amount_or_percent(place: Option<&Place<'_>>, findings: &mut Findings) -> Option<Amount> {
    let Some(place) = place else { return Some(Amount { value: 25, percent: true }) };
    match &place.node.value {
        Value::String(text) => {
            let digits = text
                .strip_suffix('%')
                .filter(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
            if digits.is_none() {
                findings.add(
                    Code::UnsupportedValue,
                    place,
                    "must be an integer or a percentage such as \"25%\"",
                );
            }
            Some(Amount { value: digits?.parse().unwrap_or(i64::MAX), percent: true })
        }
        Value::Integer(_) => {
            super::constraint::not_negative(Some(*place), findings);
            Some(Amount { value: place.node.as_i64()?, percent: false })
        }
        _ => None,
    }
}

/// `ValidateDeploymentSpec` and `ValidatePodTemplateSpecForReplicaSet`.
fn selector(spec: &Place<'_>, findings: &mut Findings) {
    let Some(selector) = spec.field("selector") else { return };
    metadata::selector(Some(selector), findings);
    let count = |field| match selector.node.get(field).map(|node| &node.value) {
        Some(Value::Map(map)) => map.len(),
        Some(Value::List(items)) => items.len(),
        Some(Value::Null) | None => 0,
        // Of a wrong type, which is said already.
        Some(_) => 1,
    };
    if selector.node.as_map().is_none() {
        return;
    }
    if count("matchLabels") == 0 && count("matchExpressions") == 0 {
        return findings.add(Code::SelectorMismatch, &selector, "the selector must not be empty");
    }
    let Some(template) = spec.field("template") else { return };
    let metadata = template.field("metadata");
    let labels = metadata.as_ref().and_then(|metadata| metadata.field("labels"));
    if !metadata::selects(&selector, labels.as_ref()) {
        findings.add_with_help(
            Code::SelectorMismatch,
            &selector,
            "the selector does not match the labels of the pod template",
            "give the pods every label that the selector asks for",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use crate::problem::Code;
    use serde_json::json;

    #[test]
    fn numbers() {
        at(
            "/spec/replicas",
            &[json!(0), json!(2_147_483_647)],
            Code::OutOfRange,
            &[json!(-1), json!(2_147_483_648_u64)],
        );
        at("/spec/minReadySeconds", &[json!(0), json!(599)], Code::OutOfRange, &[json!(-1)]);
        at("/spec/minReadySeconds", &[], Code::ConflictingFields, &[json!(600)]);
        at("/spec/progressDeadlineSeconds", &[json!(1)], Code::ConflictingFields, &[json!(0)]);
        at("/spec/revisionHistoryLimit", &[json!(0)], Code::OutOfRange, &[json!(-1)]);
    }

    #[test]
    fn strategies() {
        at(
            "/spec/strategy",
            &[
                json!({"type": "Recreate"}),
                json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}),
                json!({"rollingUpdate": {"maxSurge": 0}}),
            ],
            Code::ConflictingFields,
            &[
                json!({"type": "Recreate", "rollingUpdate": {}}),
                json!({"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}),
            ],
        );
        at("/spec/strategy/type", &[], Code::UnsupportedValue, &[json!("Rolling")]);
        let unavailable = "/spec/strategy/rollingUpdate/maxUnavailable";
        at(
            unavailable,
            &[json!("100%"), json!(200)],
            Code::OutOfRange,
            &[json!("101%"), json!(-1)],
        );
        at(unavailable, &[], Code::UnsupportedValue, &[json!("25"), json!("%"), json!("-1%")]);
    }

    #[test]
    fn selectors() {
        at(
            "/spec/selector",
            &[
                json!({"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]}),
                json!({"matchExpressions": [{"key": "other", "operator": "DoesNotExist"}]}),
            ],
            Code::SelectorMismatch,
            &[
                json!({}),
                json!({"matchLabels": {}}),
                json!({"matchLabels": {"app": "b"}}),
                json!({"matchLabels": {"app": "a", "other": "a"}}),
                json!({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]}),
                json!({"matchExpressions": [{"key": "other", "operator": "Exists"}]}),
            ],
        );
        at(
            "/spec/selector",
            &[],
            Code::MissingField,
            &[
                json!(null),
                json!({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": []}]}),
            ],
        );
        at(
            "/spec/selector/matchExpressions",
            &[],
            Code::UnsupportedValue,
            &[json!([{"key": "app", "operator": "in"}])],
        );
    }
}
