//! The pod template of a Deployment.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::super::versions::Gate;
use super::constraint::{items_named, named, named_strictly, not_negative, one_of, required};
use super::container;
use super::scope::{Pod, Role};
use super::{annotations, metadata, resources, scheduling, security, volume, warnings, windows};
use crate::problem::{Code, Cure};
use crate::value::Index;

/// `ValidatePodTemplateSpecForReplicaSet` and `ValidatePodTemplateSpec`.
pub(super) fn template(template: &Place<'_>, findings: &mut Findings) {
    let metadata = template.field("metadata");
    let labels = metadata.as_ref().and_then(|metadata| metadata.field("labels"));
    let annotations = metadata.as_ref().and_then(|metadata| metadata.field("annotations"));
    if let Some(metadata) = &metadata {
        metadata::set_by_server(metadata, findings);
    }
    metadata::labels(labels, findings);
    metadata::annotations(annotations, findings);

    let Some(spec) = template.field("spec") else {
        return findings.missing(template, "spec", "`spec` is required");
    };
    if let Some(annotations) = &annotations {
        annotations::of_pod(annotations, &spec, findings);
    }
    for_a_deployment(&spec, findings);
    only_of_pods(&spec, findings);
    pod_spec(&spec, labels.as_ref(), findings);
    warnings::of_pod(&spec, findings);
}

/// What a Deployment's pods cannot have, though other pods can.
fn for_a_deployment(spec: &Place<'_>, findings: &mut Findings) {
    if let Some(policy) = spec.field("restartPolicy")
        && policy.text().is_some_and(|text| !matches!(text, "Always" | ""))
    {
        findings.add(
            Code::UnsupportedValue,
            &policy,
            "must be Always: a Deployment keeps its pods running",
        );
    }
    if let Some(deadline) = spec.field("activeDeadlineSeconds") {
        findings.add_with_cure(
            Code::ConflictingFields,
            &deadline,
            "cannot be given for the pods of a Deployment",
            "remove it",
            Cure::Remove,
        );
    }
    if let Some(containers) = spec.field("ephemeralContainers")
        && containers.node.as_list().is_some_and(|items| !items.is_empty())
    {
        findings.add_with_help(
            Code::ConflictingFields,
            &containers,
            "cannot be given in a pod template",
            "ephemeral containers are added to a running pod: see `kubectl debug`",
        );
    }
}

/// `validatePodMetadataAndSpec` and `ValidatePodCreate`: what is asked of pods only, of which there would never be one.
fn only_of_pods(spec: &Place<'_>, findings: &mut Findings) {
    not_negative(spec.field("terminationGracePeriodSeconds"), findings);

    if let Some(node) = spec.field("nodeName").filter(|node| node.text() != Some(""))
        && spec
            .node
            .get("schedulingGates")
            .and_then(|gates| gates.as_list())
            .is_some_and(|gates| !gates.is_empty())
    {
        let message = "cannot be given together with `schedulingGates`";
        findings.add_with_help(Code::ConflictingFields, &node, message, "keep one of the two");
    }
}

/// `ValidatePodSpec`.
fn pod_spec(spec: &Place<'_>, labels: Option<&Place<'_>>, findings: &mut Findings) {
    let volumes = spec.field("volumes");
    let pod = Pod::new(spec, volumes.iter().flat_map(Place::items).collect());

    if let Some(volumes) = &volumes {
        volume::volumes(volumes, findings);
    }
    containers(&pod, findings);
    fields(spec, findings);
    host_network(spec, findings);
    resources::of_pod(spec, findings);
    security::of_pod(spec, findings);
    windows::host_processes(spec, findings);
    scheduling::of_pod(spec, labels, findings);
}

/// `validateContainers` and `validateInitContainers`: the names of both are one set.
fn containers(pod: &Pod<'_>, findings: &mut Findings) {
    let regular = pod.spec.field("containers");
    let init = pod.spec.field("initContainers");
    let mut names = Index::default();
    let mut host_ports = Index::default();
    for item in regular.iter().flat_map(Place::items) {
        container::check(&item, Role::Regular, pod, findings);
        container::host_ports(&item, &mut host_ports, findings);
        duplicate_name(&item, &mut names, findings);
    }
    for item in init.iter().flat_map(Place::items) {
        let role = if item.text_of("restartPolicy") == Some("Always") {
            Role::Sidecar
        } else {
            Role::Init
        };
        container::check(&item, role, pod, findings);
        // These run one after the other.
        container::host_ports(&item, &mut Index::default(), findings);
        duplicate_name(&item, &mut names, findings);
    }
}

fn duplicate_name<'p>(container: &Place<'p>, names: &mut Index<'p>, findings: &mut Findings) {
    let Some(name) = container.text_of("name").filter(|name| !name.is_empty()) else { return };
    if names.before(name, 0).is_some()
        && let Some(place) = container.field("name")
    {
        findings.add(
            Code::DuplicateName,
            &place,
            format!("another container or init container is named `{name}`"),
        );
    }
}

fn fields(spec: &Place<'_>, findings: &mut Findings) {
    // validateDNSPolicy, ValidatePreemptionPolicy
    one_of(
        spec.field("dnsPolicy"),
        &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
        findings,
    );
    if let Some(policy) = spec.field("preemptionPolicy") {
        super::constraint::strictly_one_of(&policy, &["PreemptLowerPriority", "Never"], findings);
    }
    metadata::labels(spec.field("nodeSelector"), findings);
    // The old field counts where the new one is empty.
    let account =
        if spec.lacks("serviceAccountName") { "serviceAccount" } else { "serviceAccountName" };
    for field in [account, "nodeName", "priorityClassName"] {
        named(spec.field(field), Code::InvalidName, names::subdomain, findings);
    }
    named_strictly(spec.field("runtimeClassName"), Code::InvalidName, names::subdomain, findings);
    named(spec.field("hostname"), Code::InvalidName, names::label, findings);
    named(spec.field("subdomain"), Code::InvalidName, names::label, findings);
    host_name_override(spec, findings);
    dns_config(spec, findings);
    host_aliases(spec, findings);
    if let Some(gates) = spec.field("readinessGates") {
        gates.items().for_each(|gate| {
            named(gate.field("conditionType"), Code::InvalidName, names::label_key, findings);
        });
    }
    scheduling_gates(spec, findings);
    resource_claims(spec, findings);
}

/// `validatePodHostName`.
fn host_name_override(spec: &Place<'_>, findings: &mut Findings) {
    let Some(name) = spec.field("hostnameOverride") else { return };
    named_strictly(Some(name), Code::InvalidName, names::subdomain, findings);
    if name.text().is_some_and(|text| text.len() > 64) {
        findings.add(Code::InvalidName, &name, "must have at most 64 characters");
    }
    for field in ["setHostnameAsFQDN", "hostNetwork"] {
        if spec.is_true(field) {
            findings.add(
                Code::ConflictingFields,
                &name,
                format!("cannot be given when `{field}` is true"),
            );
        }
    }
}

/// `validatePodDNSConfig`.
fn dns_config(spec: &Place<'_>, findings: &mut Findings) {
    let config = spec.field("dnsConfig");
    let servers = config.as_ref().and_then(|config| config.field("nameservers"));
    let count = servers.as_ref().map_or(0, |servers| servers.items().count());
    if spec.text_of("dnsPolicy") == Some("None") && count == 0 {
        let place = config.as_ref().unwrap_or(spec);
        let field = if config.is_some() { "nameservers" } else { "dnsConfig" };
        findings.missing(
            place,
            field,
            "at least one name server is required with the dnsPolicy None",
        );
    }
    if let Some(servers) = &servers {
        if count > 3 {
            findings.add(Code::OutOfRange, servers, "at most 3 name servers are allowed");
        }
        servers.items().for_each(|server| ip_address(&server, findings));
    }
    let Some(config) = &config else { return };
    if let Some(searches) = config.field("searches") {
        let all: Vec<&str> = searches.items().filter_map(|search| search.text()).collect();
        let length = all
            .iter()
            .map(|search| search.len().saturating_add(1))
            .sum::<usize>()
            .saturating_sub(1);
        if all.len() > 32 || length > 2048 {
            findings.add(
                Code::OutOfRange,
                &searches,
                "at most 32 search domains of 2048 characters are allowed",
            );
        }
        let is_relaxed = findings.cluster.has(Gate::RelaxedDnsSearchValidation);
        let rule = if is_relaxed { names::search_domain } else { names::subdomain };
        for search in searches.items() {
            let domain = search
                .text()
                .filter(|text| *text != "." || !is_relaxed)
                .map(|text| text.strip_suffix('.').unwrap_or(text));
            if let Some(domain) = domain
                && let Err(rule) = rule(domain)
            {
                findings.add(Code::InvalidName, &search, rule);
            }
        }
    }
    if let Some(options) = config.field("options") {
        options.items().for_each(|option| required(&option, "name", findings));
    }
}

/// `ValidateHostAliases`.
fn host_aliases(spec: &Place<'_>, findings: &mut Findings) {
    let Some(aliases) = spec.field("hostAliases") else { return };
    for alias in aliases.items() {
        if let Some(ip) = alias.field("ip") {
            ip_address(&ip, findings);
        }
        items_named(alias.field("hostnames"), Code::InvalidName, names::subdomain, findings);
    }
}

/// `IsValidIPForLegacyField`.
fn ip_address(place: &Place<'_>, findings: &mut Findings) {
    if let Some(text) = place.text() {
        match text.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V6(address)) => {
                if let Some(mapped) = address.to_ipv4_mapped()
                    && findings.cluster.has(Gate::StrictIpcidrValidation)
                {
                    let message = "must not be an IPv4 address that is written as an IPv6 address";
                    findings.add_with_help(
                        Code::UnsupportedValue,
                        place,
                        message,
                        format!("write {mapped}"),
                    );
                }
            }
            Ok(std::net::IpAddr::V4(_)) => {}
            Err(_) => findings.add(Code::UnsupportedValue, place, "must be an IP address"),
        }
    }
}

/// `validateSchedulingGates`.
fn scheduling_gates(spec: &Place<'_>, findings: &mut Findings) {
    let Some(gates) = spec.field("schedulingGates") else { return };
    for gate in gates.items() {
        named(gate.field("name"), Code::InvalidName, names::label_key, findings);
    }
    super::constraint::unique(&gates, "name", findings);
}

/// `validatePodResourceClaims`.
fn resource_claims(spec: &Place<'_>, findings: &mut Findings) {
    let Some(claims) = spec.field("resourceClaims") else { return };
    for claim in claims.items() {
        named(claim.field("name"), Code::InvalidName, names::label, findings);
        let sources = ["resourceClaimName", "resourceClaimTemplateName"];
        for field in sources {
            named_strictly(claim.field(field), Code::InvalidName, names::subdomain, findings);
        }
        // Before 1.31, both stood in `source`; later it is unknown.
        if !claim.has("source") {
            super::constraint::exactly_one(&claim, &sources, "source", findings);
        }
    }
    super::constraint::unique(&claims, "name", findings);
}

/// `validatePodHostNetworkDeps` and `validateHostUsers`.
fn host_network(spec: &Place<'_>, findings: &mut Findings) {
    if spec.is_true("hostNetwork")
        && let Some(containers) = spec.field("containers")
    {
        for container in containers.items() {
            let Some(ports) = container.field("ports") else { continue };
            for port in ports.items() {
                if let Some(host) = port.field("hostPort")
                    && let Some(number) = host.node.as_i64().filter(|number| *number != 0)
                    && port.number_of("containerPort").is_some_and(|container| container != number)
                {
                    findings.add(
                        Code::ConflictingFields,
                        &host,
                        "must equal `containerPort` when `hostNetwork` is true",
                    );
                }
            }
        }
    }
    if spec.node.get("hostUsers").is_some_and(|node| node.value == crate::value::Value::Bool(false))
    {
        let with_network = findings.cluster.has(Gate::UserNamespacesHostNetworkSupport);
        for field in ["hostNetwork", "hostPID", "hostIPC"] {
            let is_allowed = field == "hostNetwork" && with_network;
            if let Some(place) = spec.field(field).filter(|_| spec.is_true(field) && !is_allowed) {
                findings.add(
                    Code::ConflictingFields,
                    &place,
                    "cannot be true when `hostUsers` is false",
                );
            }
        }
    }
    if let Some(share) = spec.field("shareProcessNamespace")
        && spec.is_true("shareProcessNamespace")
        && spec.is_true("hostPID")
    {
        findings.add(Code::ConflictingFields, &share, "cannot be true when `hostPID` is true");
    }
}

#[cfg(test)]
mod tests;
