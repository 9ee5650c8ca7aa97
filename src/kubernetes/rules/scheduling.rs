//! Scheduling: affinity, tolerations, topology spread.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::super::versions::Gate;
use super::constraint::{between, items_named, named, one_of, strictly_one_of};
use super::metadata;
use crate::problem::Code;
use crate::value::Index;

pub(super) fn of_pod(spec: &Place<'_>, labels: Option<&Place<'_>>, findings: &mut Findings) {
    if let Some(list) = spec.field("tolerations") {
        tolerations(&list, findings);
    }

    // The labels that a pod is made with; the last is that of the ReplicaSet.
    let mut own = Index::default();
    for (key, _) in labels.into_iter().flat_map(Place::entries) {
        own.before(key, 0);
    }
    own.before("pod-template-hash", 0);

    spread(spec, &own, findings);
    let Some(affinity) = spec.field("affinity") else { return };
    if let Some(affinity) = affinity.field("nodeAffinity") {
        node_affinity(&affinity, findings);
    }
    for affinity in
        ["podAffinity", "podAntiAffinity"].iter().filter_map(|field| affinity.field(field))
    {
        pod_affinity(&affinity, &own, findings);
    }
}

/// `ValidateTolerations`.
pub(super) fn tolerations(list: &Place<'_>, findings: &mut Findings) {
    let cluster = findings.cluster;
    let compares = cluster.is_named() || cluster.has(Gate::TaintTolerationComparisonOperators);
    // Where a version that is named does not know them, the check of values says so.
    let operators: &[&str] =
        if compares { &["Exists", "Equal", "Lt", "Gt"] } else { &["Exists", "Equal"] };
    for toleration in list.items() {
        let text = |field: &str| toleration.text_of(field).unwrap_or("");
        named(toleration.field("key"), Code::InvalidLabel, names::label_key, findings);
        one_of(
            toleration.field("effect"),
            &["NoSchedule", "PreferNoSchedule", "NoExecute"],
            findings,
        );
        one_of(toleration.field("operator"), operators, findings);
        if toleration.is_object() && toleration.lacks("key") && text("operator") != "Exists" {
            findings.add(
                Code::ConflictingFields,
                &toleration,
                "the operator must be Exists when there is no `key`",
            );
        }
        if let Some(value) = toleration.field("value") {
            match text("operator") {
                "Exists" if !text("value").is_empty() => {
                    findings.add(
                        Code::ConflictingFields,
                        &value,
                        "cannot be given with the operator Exists",
                    );
                }
                "Equal" | "" => {
                    named(Some(value), Code::InvalidLabel, names::label_value, findings);
                }
                _ => {}
            }
        }
        if let Some(seconds) = toleration.field("tolerationSeconds")
            && text("effect") != "NoExecute"
        {
            findings.add(
                Code::ConflictingFields,
                &seconds,
                "can only be given with the effect NoExecute",
            );
        }
    }
}

/// `validateTopologySpreadConstraints`.
fn spread(spec: &Place<'_>, own: &Index<'_>, findings: &mut Findings) {
    let Some(constraints) = spec.field("topologySpreadConstraints") else { return };
    let mut seen = Index::default();
    for constraint in constraints.items() {
        between(constraint.field("maxSkew"), 1, i64::MAX, findings);
        between(constraint.field("minDomains"), 1, i64::MAX, findings);
        one_of(
            constraint.field("whenUnsatisfiable"),
            &["DoNotSchedule", "ScheduleAnyway"],
            findings,
        );
        for policy in ["nodeAffinityPolicy", "nodeTaintsPolicy"]
            .iter()
            .filter_map(|field| constraint.field(field))
        {
            strictly_one_of(&policy, &["Honor", "Ignore"], findings);
        }
        if let Some(domains) = constraint.field("minDomains")
            && constraint.text_of("whenUnsatisfiable") == Some("ScheduleAnyway")
        {
            findings.add(
                Code::ConflictingFields,
                &domains,
                "can only be given when `whenUnsatisfiable` is DoNotSchedule",
            );
        }
        metadata::selector(constraint.field("labelSelector"), findings);
        label_keys(&constraint, own, findings);
        if let (Some(key), Some(when)) =
            (constraint.text_of("topologyKey"), constraint.text_of("whenUnsatisfiable"))
            && seen.before(format!("{when} {key}"), 0).is_some()
        {
            findings.add(
                Code::DuplicateName,
                &constraint,
                format!(
                    "another constraint has the topologyKey {key} and whenUnsatisfiable {when}"
                ),
            );
        }
    }
}

/// `ValidateMatchLabelKeysAndMismatchLabelKeys`. The server adds the keys that a pod has among its own labels to the
/// selector when the pod is made, and then checks it.
fn label_keys(term: &Place<'_>, own: &Index<'_>, findings: &mut Findings) {
    let selector = term.field("labelSelector");
    let matching = term.field("matchLabelKeys");
    let mismatching = term.field("mismatchLabelKeys");
    for keys in [&matching, &mismatching].into_iter().flatten() {
        if selector.is_none() && keys.items().next().is_some() {
            findings.add(
                Code::ConflictingFields,
                keys,
                "can only be given together with `labelSelector`",
            );
            continue;
        }
        items_named(Some(*keys), Code::InvalidLabel, names::label_key, findings);
    }

    let (mut selected, mut selected_twice) = (Index::default(), Index::default());
    if let Some(selector) = &selector {
        for (key, _) in selector.field("matchLabels").iter().flat_map(Place::entries) {
            selected.before(key.to_owned(), 0);
        }
        for expression in selector.field("matchExpressions").iter().flat_map(Place::items) {
            let Some(key) = expression.text_of("key") else { continue };
            if selected.before(key.to_owned(), 0).is_some() {
                selected_twice.before(key.to_owned(), 0);
            }
        }
    }

    let mut excluded = Index::default();
    for key in mismatching.iter().flat_map(Place::items).filter_map(|key| key.text()) {
        excluded.before(key, 0);
    }
    for key in matching.iter().flat_map(Place::items) {
        if key.text().is_some_and(|key| excluded.get(key).is_some()) {
            findings.add(Code::ConflictingFields, &key, "stands in `mismatchLabelKeys` too");
        }
        let Some(text) = key.text() else { continue };
        if selected_twice.get(text).is_some()
            || (selected.get(text).is_some() && own.get(text).is_some())
        {
            let message = "stands in `labelSelector` too";
            findings.add_with_help(
                Code::ConflictingFields,
                &key,
                message,
                "remove it from one of the two",
            );
        }
    }
}

/// `validateNodeAffinity`.
fn node_affinity(affinity: &Place<'_>, findings: &mut Findings) {
    if let Some(required) = affinity.field("requiredDuringSchedulingIgnoredDuringExecution") {
        let terms = required.field("nodeSelectorTerms");
        // AllowInvalidLabelValueInRequiredNodeAffinity
        let checks_values = findings.cluster.minor() >= 32;
        terms
            .iter()
            .flat_map(Place::items)
            .for_each(|term| node_selector_term(&term, checks_values, findings));
    }
    let preferred = affinity.field("preferredDuringSchedulingIgnoredDuringExecution");
    for term in preferred.iter().flat_map(Place::items) {
        between(term.field("weight"), 1, 100, findings);
        if let Some(preference) = term.field("preference") {
            node_selector_term(&preference, false, findings);
        }
    }
}

/// `ValidateNodeSelectorTerm`.
fn node_selector_term(term: &Place<'_>, checks_values: bool, findings: &mut Findings) {
    for expression in term.field("matchExpressions").iter().flat_map(Place::items) {
        one_of(
            expression.field("operator"),
            &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"],
            findings,
        );
        named(expression.field("key"), Code::InvalidLabel, names::label_key, findings);
        let values = expression.field("values");
        let count = values.as_ref().map_or(0, |values| values.items().count());
        let place = values.as_ref().unwrap_or(&expression);
        match expression.text_of("operator") {
            Some("In" | "NotIn") if count == 0 => {
                findings.missing(
                    &expression,
                    "values",
                    "`values` is required with the operators In and NotIn",
                );
            }
            Some("Exists" | "DoesNotExist") if count > 0 => {
                findings.add(
                    Code::ConflictingFields,
                    place,
                    "cannot be given with the operators Exists and DoesNotExist",
                );
            }
            Some("Gt" | "Lt") if count != 1 => {
                findings.add(
                    Code::ConflictingFields,
                    place,
                    "the operators Gt and Lt need exactly one value",
                );
            }
            _ => {}
        }
        for value in values.iter().flat_map(Place::items).filter(|_| checks_values) {
            named(Some(value), Code::InvalidLabel, names::label_value, findings);
        }
    }
    for field in term.field("matchFields").iter().flat_map(Place::items) {
        one_of(field.field("key"), &["metadata.name"], findings);
        one_of(field.field("operator"), &["In", "NotIn"], findings);
        let values = field.field("values");
        if values.as_ref().map_or(0, |values| values.items().count()) != 1 {
            findings.add(Code::ConflictingFields, &field, "a field needs exactly one value");
        }
        items_named(values, Code::InvalidName, names::subdomain, findings);
    }
}

/// `validatePodAffinity` and `validatePodAntiAffinity`.
fn pod_affinity(affinity: &Place<'_>, own: &Index<'_>, findings: &mut Findings) {
    let required = affinity.field("requiredDuringSchedulingIgnoredDuringExecution");
    required.iter().flat_map(Place::items).for_each(|term| pod_affinity_term(&term, own, findings));
    let preferred = affinity.field("preferredDuringSchedulingIgnoredDuringExecution");
    for weighted in preferred.iter().flat_map(Place::items) {
        between(weighted.field("weight"), 1, 100, findings);
        if let Some(term) = weighted.field("podAffinityTerm") {
            pod_affinity_term(&term, own, findings);
        }
    }
}

/// `validatePodAffinityTerm`.
fn pod_affinity_term(term: &Place<'_>, own: &Index<'_>, findings: &mut Findings) {
    metadata::selector(term.field("labelSelector"), findings);
    metadata::selector(term.field("namespaceSelector"), findings);
    named(term.field("topologyKey"), Code::InvalidLabel, names::label_key, findings);
    items_named(term.field("namespaces"), Code::InvalidName, names::label, findings);
    label_keys(term, own, findings);
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use crate::problem::Code;
    use serde_json::json;

    #[test]
    fn tolerations() {
        at(
            "/spec/template/spec/tolerations/0",
            &[
                json!({"operator": "Exists"}),
                json!({"key": "a", "value": "b"}),
                json!({"key": "a", "effect": "NoExecute"}),
            ],
            Code::ConflictingFields,
            &[
                json!({"operator": "Equal"}),
                json!({}),
                json!({"key": "a", "operator": "Exists", "value": "b"}),
                json!({"key": "a", "effect": "NoSchedule", "tolerationSeconds": 1}),
            ],
        );
        at(
            "/spec/template/spec/tolerations/0",
            &[],
            Code::UnsupportedValue,
            &[json!({"key": "a", "operator": "exists"}), json!({"key": "a", "effect": "No"})],
        );
        at(
            "/spec/template/spec/tolerations/0",
            &[],
            Code::InvalidLabel,
            &[json!({"key": "a b"}), json!({"key": "a", "value": "b c"})],
        );
    }

    #[test]
    fn topology_spread() {
        let one = json!({"maxSkew": 1, "topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {}});
        let list = "/spec/template/spec/topologySpreadConstraints";
        at(list, &[json!([one])], Code::DuplicateName, &[json!([one, one])]);
        at(
            &format!("{list}/0"),
            &[],
            Code::MissingField,
            &[
                json!({"topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {}}),
                json!({"maxSkew": 1, "topologyKey": "", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {}}),
            ],
        );
        at(
            &format!("{list}/0"),
            &[],
            Code::OutOfRange,
            &[
                json!({"maxSkew": 0, "topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {}}),
            ],
        );
        at(
            &format!("{list}/0"),
            &[],
            Code::ConflictingFields,
            &[
                json!({"maxSkew": 1, "topologyKey": "a", "whenUnsatisfiable": "ScheduleAnyway", "minDomains": 1, "labelSelector": {}}),
            ],
        );
    }

    /// Kubernetes takes the Deployment, and refuses its pods.
    #[test]
    fn keys_that_the_server_adds_do_not_stand_in_the_selector() {
        let with = |keys: &[&str], selector: serde_json::Value| json!([{"topologyKey": "z", "matchLabelKeys": keys, "labelSelector": selector}]);
        let labels = |key: &str| json!({"matchLabels": {key: "a"}});
        let exists = |key: &str| json!({"matchExpressions": [{"key": key, "operator": "Exists"}]});
        for affinity in ["podAffinity", "podAntiAffinity"] {
            at(
                &format!(
                    "/spec/template/spec/affinity/{affinity}/requiredDuringSchedulingIgnoredDuringExecution"
                ),
                &[
                    with(&["pod-template-hash"], labels("app")),
                    with(&["other"], labels("other")),
                    with(&[], labels("app")),
                ],
                Code::ConflictingFields,
                &[
                    with(&["app"], labels("app")),
                    with(&["app"], exists("app")),
                    with(&["pod-template-hash"], labels("pod-template-hash")),
                ],
            );
        }
    }

    #[test]
    fn node_affinity() {
        let terms = "/spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
        let term = |operator: &str, values: &[&str]| json!([{"matchExpressions": [{"key": "a", "operator": operator, "values": values}]}]);
        at(
            terms,
            &[term("In", &["a", "b"]), term("Exists", &[]), term("Gt", &["1"]), json!([{}])],
            Code::ConflictingFields,
            &[term("Exists", &["a"]), term("Gt", &["1", "2"])],
        );
        at(terms, &[], Code::MissingField, &[term("NotIn", &[]), json!([]), json!(null)]);
        at(terms, &[], Code::UnsupportedValue, &[term("Equals", &["a"])]);
    }
}
