//! Environment variables.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::super::quantity::Quantity;
use super::super::versions::Gate;
use super::constraint::{exactly_one, named};
use super::scope::Pod;
use crate::problem::Code;
use crate::value::Index;

/// `ValidateEnv` and `ValidateEnvFrom`.
pub(super) fn check(container: &Place<'_>, pod: &Pod<'_>, findings: &mut Findings) {
    let name = if findings.cluster.has(Gate::RelaxedEnvironmentVariableValidation) {
        names::environment_variable
    } else {
        names::plain_environment_variable
    };
    if let Some(variables) = container.field("env") {
        for variable in variables.items() {
            named(variable.field("name"), Code::InvalidName, name, findings);
            value_from(&variable, pod, findings);
        }
        duplicates(&variables, findings);
    }
    for source in container.field("envFrom").iter().flat_map(Place::items) {
        named(source.field("prefix"), Code::InvalidName, name, findings);
        exactly_one(&source, &["configMapRef", "secretRef"], "source", findings);
        for reference in
            ["configMapRef", "secretRef"].iter().filter_map(|field| source.field(field))
        {
            named(reference.field("name"), Code::InvalidName, names::subdomain, findings);
        }
    }
}

/// Legal: the last of them wins.
fn duplicates(variables: &Place<'_>, findings: &mut Findings) {
    let mut seen = Index::default();
    for variable in variables.items() {
        let Some(name) = variable.text_of("name") else { continue };
        if seen.before(name, 0).is_some() {
            findings.add_with_help(
                Code::DuplicateEnv,
                &variable,
                format!(
                    "`{name}` is set twice: the last one wins, and server-side apply refuses it"
                ),
                "remove one of them",
            );
        }
    }
}

const SOURCES: [&str; 5] =
    ["configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"];

/// `validateEnvVarValueFrom`.
fn value_from(variable: &Place<'_>, pod: &Pod<'_>, findings: &mut Findings) {
    let Some(from) = variable.field("valueFrom") else { return };
    if variable.text_of("value").is_some_and(|value| !value.is_empty()) {
        findings.add_with_help(
            Code::ConflictingFields,
            &from,
            "cannot be given together with `value`",
            "remove one of the two",
        );
    }
    exactly_one(&from, &SOURCES, "source", findings);
    for selector in ["configMapKeyRef", "secretKeyRef"].iter().filter_map(|field| from.field(field))
    {
        named(selector.field("name"), Code::InvalidName, names::subdomain, findings);
        named(selector.field("key"), Code::InvalidName, names::config_map_key, findings);
    }
    if let Some(selector) = from.field("fieldRef") {
        field_path(
            &selector,
            &[
                "metadata.name",
                "metadata.namespace",
                "metadata.uid",
                "spec.nodeName",
                "spec.serviceAccountName",
                "status.hostIP",
                "status.hostIPs",
                "status.podIP",
                "status.podIPs",
            ],
            findings,
        );
    }
    if let Some(selector) = from.field("resourceFieldRef") {
        resource_field(&selector, findings);
    }
    if let Some(selector) = from.field("fileKeyRef") {
        file_key(&selector, pod, findings);
    }
}

/// `validateObjectFieldSelector`.
pub(super) fn field_path(selector: &Place<'_>, paths: &[&str], findings: &mut Findings) {
    if let Some(version) = selector.field("apiVersion") {
        super::constraint::one_of(Some(version), &["v1"], findings);
    }
    let Some(place) = selector.field("fieldPath") else { return };
    let Some(path) = place.text().filter(|path| !path.is_empty()) else { return };
    let subscript = path.strip_suffix("']").and_then(|path| path.split_once("['"));
    let verdict = match subscript {
        Some(("metadata.labels", key)) => names::label_key(key),
        Some(("metadata.annotations", key)) => names::annotation_key(key),
        _ => return super::constraint::one_of(Some(place), paths, findings),
    };
    if let Err(rule) = verdict {
        findings.add(Code::InvalidLabel, &place, format!("the key {rule}"));
    }
}

/// `validateContainerResourceFieldSelector` and `validateContainerResourceDivisor`.
pub(super) fn resource_field(selector: &Place<'_>, findings: &mut Findings) {
    let Some(place) = selector.field("resource") else { return };
    let Some(resource) = place.text().filter(|resource| !resource.is_empty()) else { return };
    let huge_pages =
        resource.starts_with("limits.hugepages-") || resource.starts_with("requests.hugepages-");
    if !huge_pages {
        super::constraint::one_of(
            Some(place),
            &[
                "limits.cpu",
                "limits.memory",
                "limits.ephemeral-storage",
                "requests.cpu",
                "requests.memory",
                "requests.ephemeral-storage",
            ],
            findings,
        );
    }
    let Some(divisor) = selector.field("divisor") else { return };
    let Some(quantity) =
        super::super::quantity::quantity_text(divisor.node).and_then(|text| Quantity::parse(&text))
    else {
        return;
    };
    let allowed: &[&str] = if matches!(resource, "limits.cpu" | "requests.cpu") {
        &["0", "1m", "1"]
    } else {
        &["0", "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"]
    };
    if !allowed.iter().any(|text| Quantity::parse(text) == Some(quantity)) {
        findings.add(
            Code::UnsupportedValue,
            &divisor,
            format!("must be one of {}", allowed.get(1..).unwrap_or_default().join(", ")),
        );
    }
}

/// `validateFileKeySelector` and `validateFileKeyRefVolumes`.
fn file_key(selector: &Place<'_>, pod: &Pod<'_>, findings: &mut Findings) {
    named(selector.field("key"), Code::InvalidName, names::environment_variable, findings);
    if let Some(path) = selector.field("path") {
        super::paths::no_steps_back(&path, findings);
    }
    let Some(place) = selector.field("volumeName") else { return };
    let Some(name) = place.text().filter(|name| !name.is_empty()) else { return };
    match pod.volume(name) {
        None => {
            findings.add(Code::UnknownVolume, &place, format!("the pod has no volume `{name}`"));
        }
        // A volume without a source is one: `SetDefaults_Volume`.
        Some(volume) if volume.fields().any(|(field, _)| !matches!(field, "name" | "emptyDir")) => {
            findings.add(Code::ConflictingFields, &place, "must be an emptyDir volume");
        }
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use crate::problem::Code;
    use serde_json::json;

    #[test]
    fn values() {
        let variable = "/spec/template/spec/containers/0/env/0";
        let secret = json!({"secretKeyRef": {"name": "a", "key": "b"}});
        at(
            variable,
            &[
                json!({"name": "A", "valueFrom": secret}),
                json!({"name": "A", "value": "", "valueFrom": secret}),
            ],
            Code::ConflictingFields,
            &[json!({"name": "A", "value": "b", "valueFrom": secret})],
        );
        at(
            variable,
            &[],
            Code::MissingField,
            &[json!({"name": "A", "valueFrom": {}}), json!({"value": "b"}), json!(null)],
        );
        for path in
            ["metadata.name", "status.podIP", "metadata.labels['a/b']", "metadata.annotations['A']"]
        {
            at(
                variable,
                &[json!({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": path}}})],
                Code::UnsupportedValue,
                &[],
            );
        }
        for path in ["metadata.labels", "spec.hostname", "metadata.labels[a]", "spec.nodeName['a']"]
        {
            let refused = json!({"name": "A", "valueFrom": {"fieldRef": {"fieldPath": path}}});
            at(variable, &[], Code::UnsupportedValue, &[refused]);
        }
        let resource = |resource: &str, divisor: &str| json!({"name": "A", "valueFrom": {"resourceFieldRef": {"resource": resource, "divisor": divisor}}});
        at(
            variable,
            &[
                resource("limits.cpu", "1m"),
                resource("limits.memory", "1Mi"),
                resource("requests.hugepages-2Mi", "0"),
            ],
            Code::UnsupportedValue,
            &[
                resource("limits.cpu", "2"),
                resource("limits.memory", "1m"),
                resource("limits.gpu", "1"),
            ],
        );
    }

    #[test]
    fn repeated_variables_are_a_warning() {
        let variables = "/spec/template/spec/containers/0/env";
        at(
            variables,
            &[json!([{"name": "A"}, {"name": "B"}])],
            Code::DuplicateEnv,
            &[json!([{"name": "A"}, {"name": "A"}])],
        );
    }

    #[test]
    fn sources() {
        let source = "/spec/template/spec/containers/0/envFrom/0";
        at(
            source,
            &[json!({"prefix": "A_", "secretRef": {"name": "a"}})],
            Code::MissingField,
            &[json!({}), json!(null)],
        );
        at(
            source,
            &[],
            Code::ConflictingFields,
            &[json!({"secretRef": {"name": "a"}, "configMapRef": {"name": "a"}})],
        );
        at(source, &[], Code::InvalidName, &[json!({"secretRef": {"name": "A"}})]);
    }
}
