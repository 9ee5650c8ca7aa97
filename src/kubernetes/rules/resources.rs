//! Resources: names, amounts, requests and limits.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::super::quantity::{Quantity, quantity_text};
use super::constraint::named;
use super::scope::{Pod, Role};
use crate::problem::Code;
use crate::value::{Index, Map, Node, Value};

/// The amount at a place, where there is one.
pub(super) fn quantity(place: &Place<'_>) -> Option<Quantity> {
    quantity_text(place.node).and_then(|text| Quantity::parse(&text))
}

/// `ValidateNonnegativeQuantity`.
pub(super) fn not_negative_quantity(place: Option<Place<'_>>, findings: &mut Findings) {
    if let Some(place) = place
        && quantity(&place).is_some_and(Quantity::is_negative)
    {
        findings.add(Code::InvalidQuantity, &place, "must not be negative");
    }
}

/// `ValidateContainerResourceRequirements`.
pub(super) fn of_container(
    container: &Place<'_>,
    role: Role,
    pod: &Pod<'_>,
    findings: &mut Findings,
) {
    let resources = container.field("resources");
    if let Some(resources) = &resources {
        requirements(resources, container_resource_name, findings);
        claims(resources, pod, findings);
    }
    no_memory_limit(resources.as_ref(), role, pod, findings);
}

/// A container whose CPU is limited, and whose memory is not. One without any limit is so on purpose, or nobody thought
/// of it: most sidecars that are published are like that, and a warning that everybody gets is read by nobody.
fn no_memory_limit(
    resources: Option<&Place<'_>>,
    role: Role,
    pod: &Pod<'_>,
    findings: &mut Findings,
) {
    let Some(limits) = resources.and_then(|resources| resources.field("limits")) else { return };

    if role != Role::Init && limits.has("cpu") && !limits.has("memory") && !pod.has_memory_limit {
        findings.add_with_help(
            Code::NoMemoryLimit,
            &limits,
            "the container's CPU is limited and its memory is not: it can take the memory of its whole node",
            "give `resources.limits.memory`",
        );
    }
}

/// `validateOverhead` and `validatePodResources`.
pub(super) fn of_pod(spec: &Place<'_>, findings: &mut Findings) {
    if let Some(overhead) = spec.field("overhead") {
        amounts(&overhead, container_resource_name, findings);
        huge_pages_alone(&overhead, overhead.entries().map(|(name, _)| name), findings);
    }
    let Some(resources) = spec.field("resources") else { return };
    requirements(&resources, pod_resource_name, findings);
    if let Some(claims) = resources.field("claims") {
        findings.add(Code::ConflictingFields, &claims, "cannot be given for a pod as a whole");
    }
    consistency(spec, &resources, findings);
}

/// `validateResourceRequirements`.
fn requirements(
    resources: &Place<'_>,
    name_rule: fn(&str) -> Result<(), &'static str>,
    findings: &mut Findings,
) {
    let limits = resources.field("limits");
    let requests = resources.field("requests");
    for list in [&limits, &requests].into_iter().flatten() {
        amounts(list, name_rule, findings);
    }
    let limit_places: Vec<(&str, Place<'_>)> = limits.iter().flat_map(Place::entries).collect();
    let mut limit_names = Index::default();
    for (at, (name, _)) in limit_places.iter().enumerate() {
        limit_names.before(*name, at);
    }
    for (name, request) in requests.iter().flat_map(Place::entries) {
        let Some(requested) = quantity(&request) else { continue };
        let limit = limit_names.get(name).and_then(|at| limit_places.get(at));
        let fixed = !is_overcommit_allowed(name);
        match limit.and_then(|(_, limit)| quantity(limit)) {
            // What is wrong is where nothing is given, not where the request comes from.
            Some(below)
                if requested > below
                    && limit.is_some_and(|(_, place)| place.node.value == Value::Null) =>
            {
                if let Some((_, place)) = limit {
                    let message = format!(
                        "nothing is given here, and Kubernetes reads it as zero, below the request of {name}"
                    );
                    findings.add_with_help(
                        Code::InvalidQuantity,
                        place,
                        message,
                        "give an amount, or remove the entry",
                    );
                }
            }
            Some(limit) if fixed && requested != limit => {
                findings.add(
                    Code::InvalidQuantity,
                    &request,
                    format!("must equal the limit of {name}"),
                );
            }
            Some(limit) if requested > limit => {
                findings.add(
                    Code::InvalidQuantity,
                    &request,
                    format!("must not exceed the limit of {name}"),
                );
            }
            None if fixed && limit.is_none() => {
                findings.add_with_help(
                    Code::MissingField,
                    &request,
                    format!("a request of {name} needs a limit"),
                    "give the same amount in `limits`",
                );
            }
            _ => {}
        }
    }
    let lists = [&limits, &requests].into_iter().flatten();
    huge_pages_alone(resources, lists.flat_map(Place::entries).map(|(name, _)| name), findings);
}

fn huge_pages_alone<'n>(
    place: &Place<'_>,
    names: impl Iterator<Item = &'n str>,
    findings: &mut Findings,
) {
    let (mut pages, mut others) = (false, false);
    for name in names {
        pages |= is_huge_pages(name);
        others |= matches!(name, "cpu" | "memory");
    }

    if pages && !others {
        findings.add(
            Code::ConflictingFields,
            place,
            "huge pages need an amount of cpu or memory beside them",
        );
    }
}

fn amounts(
    list: &Place<'_>,
    name_rule: fn(&str) -> Result<(), &'static str>,
    findings: &mut Findings,
) {
    for (name, place) in list.entries() {
        if let Err(rule) = name_rule(name) {
            findings.add(Code::InvalidName, &place, format!("the resource {rule}"));
        }
        amount(name, &place, findings);
    }
}

/// `ValidateResourceQuantityValue` and `validateResourceQuantityHugePageValue`.
fn amount(name: &str, place: &Place<'_>, findings: &mut Findings) {
    let Some(amount) = quantity(place) else { return };
    if amount.is_negative() {
        findings.add(Code::InvalidQuantity, place, "must not be negative");
    } else if is_extended(name) && !amount.is_whole() {
        findings.add(
            Code::InvalidQuantity,
            place,
            format!("must be a whole number: {name} cannot be divided"),
        );
    }
    if let Some(size) = name.strip_prefix("hugepages-") {
        let size = Quantity::parse(size).filter(|size| *size > Quantity::ZERO && size.is_whole());
        if size.is_none_or(|size| !amount.is_multiple_of(size)) {
            findings.add(
                Code::InvalidQuantity,
                place,
                format!("must be a multiple of the page size of {name}"),
            );
        }
    }
}

/// `ValidateContainerResourceName`.
fn container_resource_name(name: &str) -> Result<(), &'static str> {
    names::label_key(name)?;
    if !name.contains('/') {
        return if matches!(name, "cpu" | "memory" | "ephemeral-storage") || is_huge_pages(name) {
            Ok(())
        } else {
            Err(
                "must be cpu, memory, ephemeral-storage, hugepages-SIZE or a name with a domain such as nvidia.com/gpu",
            )
        };
    }
    if is_native(name) || is_extended(name) {
        Ok(())
    } else {
        Err("must be a name such as nvidia.com/gpu")
    }
}

/// `validatePodResourceName`.
fn pod_resource_name(name: &str) -> Result<(), &'static str> {
    if matches!(name, "cpu" | "memory") || is_huge_pages(name) {
        Ok(())
    } else {
        Err("must be cpu, memory or hugepages-SIZE for a pod as a whole")
    }
}

/// `IsNativeResource`.
fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// `IsExtendedResourceName`.
fn is_extended(name: &str) -> bool {
    !is_native(name)
        && !name.starts_with("requests.")
        && names::label_key(&format!("requests.{name}")).is_ok()
}

fn is_huge_pages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// `IsOvercommitAllowed`.
fn is_overcommit_allowed(name: &str) -> bool {
    is_native(name) && !is_huge_pages(name)
}

/// `validateResourceClaimNames`.
fn claims(resources: &Place<'_>, pod: &Pod<'_>, findings: &mut Findings) {
    let Some(claims) = resources.field("claims") else { return };
    let (mut any, mut wholes, mut requests) =
        (Index::default(), Index::default(), Index::default());
    for claim in claims.items() {
        let Some(name) = claim.text_of("name").filter(|name| !name.is_empty()) else { continue };
        let request = claim.text_of("request").unwrap_or("");
        named(claim.field("request"), Code::InvalidName, names::label, findings);
        // A claim as a whole overlaps with each of its requests.
        let overlaps = if request.is_empty() {
            wholes.before(name, 0).or(any.get(name)).is_some()
        } else {
            requests.before(format!("{name}/{request}"), 0).or(wholes.get(name)).is_some()
        };
        any.before(name, 0);
        if overlaps {
            findings.add(Code::DuplicateName, &claim, format!("the claim `{name}` is given twice"));
        }
        if !pod.has_claim(name) {
            findings.add(
                Code::UnknownClaim,
                &claim,
                format!("the pod has no resource claim `{name}`"),
            );
        }
    }
}

/// What a pod as a whole has of a resource, and what its containers ask for.
struct Share<'p> {
    name: &'p str,
    /// The pod's request, or else its limit.
    place: Place<'p>,
    of_pod: Quantity,
    limit: Option<Quantity>,
    /// Whether a container's limit is said to exceed it.
    is_exceeded: bool,
    sidecars: Quantity,
    /// The most that is asked for before the containers start.
    most: Quantity,
    containers: Quantity,
}

/// `validatePodResourceConsistency`: what containers ask for fits into what the pod has.
fn consistency(spec: &Place<'_>, resources: &Place<'_>, findings: &mut Findings) {
    let of_pod = ["requests", "limits"].map(|field| resources.field(field));
    let mut shares = Vec::new();
    let mut by_name = Index::default();
    for (name, place) in of_pod.iter().flatten().flat_map(Place::entries) {
        let Some(of_pod) = quantity(&place) else { continue };
        if by_name.before(name, shares.len()).is_none() {
            let [sidecars, most, containers] = [Quantity::ZERO; 3];
            let (limit, is_exceeded) = (None, false);
            let share =
                Share { name, place, of_pod, limit, is_exceeded, sidecars, most, containers };
            shares.push(share);
        }
    }
    let [_, limits] = &of_pod;
    for (name, limit) in limits.iter().flat_map(Place::entries) {
        if let Some(share) = by_name.get(name).and_then(|at| shares.get_mut(at)) {
            share.limit = quantity(&limit);
        }
    }

    for container in spec.field("containers").iter().flat_map(Place::items) {
        let Some(resources) = container.field("resources") else { continue };
        for (name, place) in resources.field("limits").iter().flat_map(Place::entries) {
            let share = by_name.get(name).and_then(|at| shares.get_mut(at));
            if let Some(share) = share
                && let (Some(limit), Some(amount)) = (share.limit, quantity(&place))
                && amount > limit
            {
                share.is_exceeded = true;
                let message = format!("must not exceed the pod's limit of {name}");
                findings.add(Code::InvalidQuantity, &place, message);
            }
        }
    }

    // AggregateContainerRequests. A pod without its own request gets this sum, which may not exceed its limit.
    ask(spec.node, &by_name, &mut shares);
    for share in shares.iter().filter(|share| !share.is_exceeded) {
        let asked = share.most.max(share.sidecars.saturating_add(share.containers));
        if asked > share.of_pod {
            let name = share.name;
            let message =
                format!("must be at least what the containers ask for of {name} together");
            findings.add(Code::InvalidQuantity, &share.place, message);
        }
    }
}

/// `AggregateContainerRequests`: what containers and sidecars ask for together, or an init container beside the
/// sidecars that run before it, where that is more.
fn ask(spec: &Node<'_>, by_name: &Index<'_>, shares: &mut [Share<'_>]) {
    for field in ["initContainers", "containers"] {
        for container in spec.get(field).and_then(Node::as_list).unwrap_or_default() {
            let policy = container.get("restartPolicy").and_then(Node::as_str);
            // The limit counts where there is no request: SetDefaults_Pod.
            let mut requested = Index::default();
            let amounts = ["requests", "limits"]
                .into_iter()
                .filter_map(|list| container.at(&["resources", list])?.as_map())
                .flat_map(Map::iter);

            for (key, amount) in amounts {
                let share = by_name.get(&*key.text).and_then(|at| shares.get_mut(at));
                let Some(share) = share else { continue };
                if requested.before(&*key.text, 0).is_some() {
                    continue;
                }
                let amount = quantity_text(amount).and_then(|text| Quantity::parse(&text));
                let amount = amount.unwrap_or(Quantity::ZERO);
                if field == "containers" {
                    share.containers = share.containers.saturating_add(amount);
                    continue;
                }
                let with_it = share.sidecars.saturating_add(amount);
                share.most = share.most.max(with_it);
                if policy == Some("Always") {
                    share.sidecars = with_it;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
