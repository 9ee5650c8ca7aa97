//! What an API server takes with a warning: `GetWarningsForPodTemplate`, and `WarningsOnCreate` of a Deployment.
//! What stands twice in a list is found by the schema's keys.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::resources;
use crate::problem::Code;
use crate::value::Index;

/// `WarningsOnCreate`.
pub(super) fn of_deployment(root: &Place<'_>, findings: &mut Findings) {
    if let Some(metadata) = root.field("metadata")
        && let Some(name) = metadata.field("name")
        && name
            .text()
            .is_some_and(|text| names::subdomain(text).is_ok() && names::label(text).is_err())
    {
        let message = "is part of pods' host names: use at most 63 letters, digits and `-`";
        findings.add(Code::ApiWarning, &name, message);
    }
}

/// `warningsForPodSpecAndMeta`.
pub(super) fn of_pod(spec: &Place<'_>, findings: &mut Findings) {
    for (label, place) in spec.field("nodeSelector").iter().flat_map(Place::entries) {
        node_label(label, &place, findings);
    }
    spec.each("topologySpreadConstraints", &mut |constraint| {
        if let Some(key) = constraint.field("topologyKey") {
            node_label(key.text().unwrap_or_default(), &key, findings);
        }
        selector(constraint, findings);
    });
    if let Some(affinity) = spec.field("affinity") {
        affinities(&affinity, findings);
    }
    spec.each("volumes", &mut |volume| driver(volume, findings));
    spec.each("imagePullSecrets", &mut |secret| {
        if secret.lacks("name") {
            findings.add(Code::ApiWarning, secret, "names no secret");
        }
    });
    if let Some(overhead) = spec.field("overhead") {
        whole_bytes(&overhead, &["memory", "ephemeral-storage"], findings);
    }
    containers(spec, findings);
}

/// `GetNodeLabelDeprecatedMessage`.
fn node_label(label: &str, place: &Place<'_>, findings: &mut Findings) {
    let instead = match label {
        "beta.kubernetes.io/arch" => "kubernetes.io/arch",
        "beta.kubernetes.io/os" => "kubernetes.io/os",
        "failure-domain.beta.kubernetes.io/region" => "topology.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone" => "topology.kubernetes.io/zone",
        "beta.kubernetes.io/instance-type" => "node.kubernetes.io/instance-type",
        "node-role.kubernetes.io/master" => "node-role.kubernetes.io/control-plane",
        "scheduler.alpha.kubernetes.io/preferAvoidPods" => "taints and tolerations",
        "app.kubernetes.io/created-by" => "another label",
        _ => return,
    };
    let message = format!("the node label `{label}` is deprecated");
    findings.add_with_help(Code::ApiWarning, place, message, format!("use {instead}"));
}

fn affinities(affinity: &Place<'_>, findings: &mut Findings) {
    let (required, preferred) = (
        "requiredDuringSchedulingIgnoredDuringExecution",
        "preferredDuringSchedulingIgnoredDuringExecution",
    );

    if let Some(nodes) = affinity.field("nodeAffinity") {
        if let Some(required) = nodes.field(required) {
            required.each("nodeSelectorTerms", &mut |term| node_term(term, false, findings));
        }
        nodes.each(preferred, &mut |weighted| {
            if let Some(term) = weighted.field("preference") {
                // Since 1.32.
                let checks_values = findings.cluster.minor() >= 32;
                node_term(&term, checks_values, findings);
            }
        });
    }

    for pods in ["podAffinity", "podAntiAffinity"].iter().filter_map(|field| affinity.field(field))
    {
        pods.each(required, &mut |term| selector(term, findings));
        pods.each(preferred, &mut |weighted| {
            if let Some(term) = weighted.field("podAffinityTerm") {
                selector(&term, findings);
            }
        });
    }
}

/// `GetWarningsForNodeSelectorTerm`.
fn node_term(term: &Place<'_>, checks_values: bool, findings: &mut Findings) {
    term.each("matchExpressions", &mut |expression| {
        if let Some(key) = expression.field("key") {
            node_label(key.text().unwrap_or_default(), &key, findings);
        }
        if checks_values {
            expression.each("values", &mut |value| {
                if value.text().is_some_and(|text| names::label_value(text).is_err()) {
                    findings.add(Code::ApiWarning, value, "no label has this value");
                }
            });
        }
    });
}

fn selector(term: &Place<'_>, findings: &mut Findings) {
    if term.is_object() && !term.has("labelSelector") {
        let help = "add a `labelSelector`; `{}` matches all pods";
        findings.add_with_help(
            Code::ApiWarning,
            term,
            "without `labelSelector` it matches no pod",
            help,
        );
    }
}

/// Drivers of volumes that Kubernetes has removed.
fn driver(volume: &Place<'_>, findings: &mut Findings) {
    const REMOVED: [(&str, &str); 9] = [
        ("cephfs", "since 1.31"),
        ("flocker", "since 1.25"),
        ("gitRepo", "since 1.33, unless a cluster allows it"),
        ("glusterfs", "since 1.26"),
        ("photonPersistentDisk", "since 1.16"),
        ("quobyte", "since 1.25"),
        ("rbd", "since 1.31"),
        ("scaleIO", "since 1.22"),
        ("storageos", "since 1.25"),
    ];

    for (field, since) in REMOVED {
        if let Some(source) = volume.field(field) {
            let message = format!("{field} volumes do not work {since}");
            findings.add_with_help(Code::ApiWarning, &source, message, "use a CSI driver");
        }
    }
    if let Some(projected) = volume.field("projected") {
        projected.each("sources", &mut |source| {
            // Since 1.32.
            let warns = findings.cluster.minor() >= 32;
            if warns && source.is_object() && source.fields().next().is_none() {
                findings.add(Code::ApiWarning, source, "a source without a kind adds no file");
            }
        });
    }
    if let Some(claim) = volume.field("ephemeral")
        && let Some(template) = claim.field("volumeClaimTemplate")
        && let Some(spec) = template.field("spec")
        && let Some(resources) = spec.field("resources")
    {
        for list in ["limits", "requests"].iter().filter_map(|list| resources.field(list)) {
            whole_bytes(&list, &["storage"], findings);
        }
    }
}

/// A fraction of a byte: `100m` of memory is a tenth of one.
fn whole_bytes(amounts: &Place<'_>, resources: &[&str], findings: &mut Findings) {
    for place in resources.iter().filter_map(|name| amounts.field(name)) {
        if resources::quantity(&place)
            .is_some_and(|amount| !amount.is_whole() && !amount.is_negative())
        {
            let help = "write bytes with a unit, such as 512Mi; `m` is a thousandth";
            findings.add_with_help(Code::ApiWarning, &place, "is a fraction of a byte", help);
        }
    }
}

fn containers(spec: &Place<'_>, findings: &mut Findings) {
    let lists = ["initContainers", "containers"].map(|field| spec.field(field));
    let (mut numbers, mut port_names) = (Index::default(), Index::default());

    for (at, container) in lists.iter().flatten().flat_map(Place::items).enumerate() {
        if let Some(resources) = container.field("resources") {
            for list in ["limits", "requests"].iter().filter_map(|list| resources.field(list)) {
                whole_bytes(&list, &["memory", "ephemeral-storage"], findings);
            }
        }

        container.each("ports", &mut |port| {
            let has_host_port = port.number_of("hostPort").is_some_and(|number| number != 0);
            if !has_host_port && !port.lacks("hostIP") {
                findings.add(Code::ApiWarning, port, "`hostIP` does nothing without `hostPort`");
            }

            // In one container, they are one item for server-side apply, which is said.
            if let Some(number) = port.number_of("containerPort") {
                let protocol =
                    port.text_of("protocol").filter(|text| !text.is_empty()).unwrap_or("TCP");
                if numbers
                    .before(format!("{number}/{protocol}"), at)
                    .is_some_and(|other| other != at)
                {
                    let message = format!("another container has the port {number}/{protocol} too");
                    findings.add_with_help(
                        Code::ApiWarning,
                        port,
                        message,
                        "containers of a pod share its ports",
                    );
                }
            }
            if let Some(name) = port.text_of("name").filter(|name| !name.is_empty())
                && port_names.before(name.to_owned(), at).is_some_and(|other| other != at)
            {
                let message =
                    format!("another container has a port `{name}`, which services and probes use");
                findings.add_with_help(Code::ApiWarning, port, message, "rename one of the two");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, codes_with};
    use crate::problem::Code;
    use serde_json::json;

    const SPEC: &str = "/spec/template/spec";

    #[test]
    fn removed_drivers() {
        for (field, source) in [
            ("gitRepo", json!({"repository": "a"})),
            ("scaleIO", json!({"gateway": "a", "system": "b", "volumeName": "c"})),
            (
                "scaleIO",
                json!({"gateway": "a", "system": "b", "volumeName": "c", "secretRef": {"name": "d"}}),
            ),
            ("flocker", json!({"datasetName": "a"})),
            ("quobyte", json!({"registry": "a:1", "volume": "b"})),
            ("storageos", json!({"volumeName": "a"})),
            ("rbd", json!({"image": "a", "monitors": ["b"]})),
        ] {
            let volume = json!({"name": "a", field: source});
            assert_eq!(
                codes_with(&format!("{SPEC}/volumes/1"), volume),
                [Code::ApiWarning],
                "{field}"
            );
        }
    }

    #[test]
    fn labels_and_selectors() {
        at(
            &format!("{SPEC}/nodeSelector"),
            &[json!({"kubernetes.io/arch": "a"})],
            Code::ApiWarning,
            &[
                json!({"beta.kubernetes.io/arch": "a"}),
                json!({"node-role.kubernetes.io/master": ""}),
            ],
        );
        let term =
            |selector: serde_json::Value| json!([{"topologyKey": "z", "labelSelector": selector}]);
        at(
            &format!("{SPEC}/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution"),
            &[term(json!({}))],
            Code::ApiWarning,
            &[term(json!(null))],
        );
    }

    #[test]
    fn amounts_and_ports() {
        let memory = |amount: &str| json!({"limits": {"memory": amount}});
        at(
            &format!("{SPEC}/containers/0/resources"),
            &[memory("1Gi"), memory("1000m")],
            Code::ApiWarning,
            &[memory("100m"), memory("0.5")],
        );
        let other = |port: i32, name: &str| {
            let port = json!([{"containerPort": port, "name": name}]);
            json!([
                {"name": "a", "image": "a:1", "resources": memory("1Gi"), "ports": [{"containerPort": 80, "name": "a"}]},
                {"name": "b", "image": "a:1", "resources": memory("1Gi"), "ports": port}
            ])
        };
        at(
            &format!("{SPEC}/containers"),
            &[other(81, "b")],
            Code::ApiWarning,
            &[other(80, "b"), other(81, "a")],
        );
        let port = json!([{"containerPort": 80, "hostIP": "1.1.1.1"}]);
        at(&format!("{SPEC}/containers/0/ports"), &[], Code::ApiWarning, &[port]);
    }

    #[test]
    fn names_of_pods() {
        at(
            "/metadata/name",
            &[json!("a".repeat(63))],
            Code::ApiWarning,
            &[json!("a.b"), json!("a".repeat(64))],
        );
    }
}
