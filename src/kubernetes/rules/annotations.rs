//! Annotations of pods that Kubernetes reads.

use super::super::finding::Findings;
use super::super::place::Place;
use super::scheduling;
use crate::problem::{Code, Cure};
use crate::value::{Index, Node, Source, Value};

/// `ValidatePodSpecificAnnotations`, and that they agree with the fields that replaced some of them.
pub(super) fn of_pod(annotations: &Place<'_>, spec: &Place<'_>, findings: &mut Findings) {
    let containers = Containers::of(spec.node);

    for (key, place) in annotations.entries() {
        let Some(text) = place.text() else { continue };
        let says_seccomp = |findings: &mut _, owner: Option<&Node<'_>>| {
            seccomp(&place, text, findings);
            if let Some(owner) = owner {
                agrees(&place, text, profile(owner, "seccompProfile"), "seccompProfile", findings);
            }
        };

        if key == "seccomp.security.alpha.kubernetes.io/pod" {
            says_seccomp(findings, Some(spec.node));
        } else if let Some(name) =
            key.strip_prefix("container.seccomp.security.alpha.kubernetes.io/")
        {
            says_seccomp(findings, containers.get(name));
        } else if let Some(name) =
            key.strip_prefix("container.apparmor.security.beta.kubernetes.io/")
        {
            app_armor(&place, text, containers.get(name), spec.node, findings);
        } else if key == "scheduler.alpha.kubernetes.io/tolerations" && !text.is_empty() {
            tolerations(&place, text, findings);
        } else if key == "controller.kubernetes.io/pod-deletion-cost" && !is_deletion_cost(text) {
            let message = "must be an integer of 32 bits, without `+` and leading zeros";
            findings.add_with_help(
                Code::InvalidAnnotation,
                &place,
                message,
                "write a number in quotes, such as \"-10\"",
            );
        } else if key == "kubernetes.io/config.mirror" && spec.lacks("nodeName") {
            let message = "is for pods of one node, and there is no `nodeName`";
            findings.add_with_cure(
                Code::ConflictingFields,
                &place,
                message,
                "remove it: nodes give it to pods themselves",
                Cure::Remove,
            );
        } else if matches!(
            key,
            "scheduler.alpha.kubernetes.io/critical-pod"
                | "security.alpha.kubernetes.io/sysctls"
                | "security.alpha.kubernetes.io/unsafe-sysctls"
        ) {
            let help = "use the field `priorityClassName` or `sysctls`";
            findings.add_with_help(
                Code::ApiWarning,
                &place,
                "Kubernetes does not read this annotation any more",
                help,
            );
        }
    }
}

/// The containers of a pod by name.
struct Containers<'p> {
    all: Vec<&'p Node<'p>>,
    by_name: Index<'p>,
}

impl<'p> Containers<'p> {
    fn of(spec: &'p Node<'p>) -> Self {
        let lists =
            ["initContainers", "containers"].iter().filter_map(|field| spec.get(field)?.as_list());
        let all: Vec<&Node<'_>> = lists.flatten().collect();
        let mut by_name = Index::default();

        for (at, container) in all.iter().enumerate() {
            if let Some(name) = container.get("name").and_then(|name| name.as_str()) {
                by_name.before(name, at);
            }
        }
        Self { all, by_name }
    }

    fn get(&self, name: &str) -> Option<&'p Node<'p>> {
        self.all.get(self.by_name.get(name)?).copied()
    }
}

fn profile<'p>(owner: &'p Node<'p>, field: &str) -> Option<&'p Node<'p>> {
    owner.at(&["securityContext", field]).filter(|profile| profile.value != Value::Null)
}

/// `ValidateSeccompProfile`.
fn seccomp(place: &Place<'_>, text: &str, findings: &mut Findings) {
    let is_path = |path: &str| !path.starts_with('/') && !path.split('/').any(|part| part == "..");
    let is_known = matches!(text, "runtime/default" | "docker/default" | "unconfined");

    if !is_known && !text.strip_prefix("localhost/").is_some_and(is_path) {
        let message = "must be runtime/default, unconfined, or localhost/ and a relative path";
        findings.add_with_help(
            Code::InvalidAnnotation,
            place,
            message,
            "use the field `seccompProfile` instead",
        );
    }
}

/// `ValidateAppArmorPodAnnotations` and `validateAppArmorAnnotationsAndFieldsMatchOnCreate`.
fn app_armor(
    place: &Place<'_>,
    text: &str,
    container: Option<&Node<'_>>,
    spec: &Node<'_>,
    findings: &mut Findings,
) {
    let Some(container) = container else {
        let message = "names a container that the pod does not have";
        let help = "name the pod's container, which is `pipeline-consumer` unless `container_name` says another name, or \
                    use the field `appArmorProfile`";
        return findings.add_with_help(Code::InvalidAnnotation, place, message, help);
    };

    if !matches!(text, "" | "runtime/default" | "unconfined") && !text.starts_with("localhost/") {
        let message = "must be runtime/default, unconfined, or localhost/ and a profile's name";
        findings.add_with_help(
            Code::InvalidAnnotation,
            place,
            message,
            "use the field `appArmorProfile` instead",
        );
    } else if spec.at(&["os", "name"]).and_then(|name| name.as_str()) != Some("windows") {
        let field = "appArmorProfile";
        agrees(
            place,
            text,
            profile(container, field).or_else(|| profile(spec, field)),
            field,
            findings,
        );
    }
}

/// `validateSeccompAnnotationsAndFieldsMatch`; `AppArmor`'s rule is the same.
fn agrees(
    place: &Place<'_>,
    text: &str,
    profile: Option<&Node<'_>>,
    field: &str,
    findings: &mut Findings,
) {
    let Some(profile) = profile else {
        // Of AppArmor's, servers warn since 1.30.
        if field == "appArmorProfile" && findings.cluster.minor() < 30 {
            return;
        }
        let message = "Kubernetes does not read this annotation any more, or will not";
        return findings.add_with_help(
            Code::ApiWarning,
            place,
            message,
            format!("use the field `{field}`"),
        );
    };

    let of = |field: &str| profile.get(field).and_then(|value| value.as_str());
    let agrees = match of("type") {
        Some("Unconfined") => text == "unconfined",
        Some("RuntimeDefault") => matches!(text, "runtime/default" | "docker/default"),
        Some("Localhost") => text.strip_prefix("localhost/") == of("localhostProfile"),
        _ => true,
    };

    if !agrees {
        let message = "says another profile than the field of the pod or its container";
        findings.add_with_cure(
            Code::ConflictingFields,
            place,
            message,
            "remove the annotation: the field replaces it",
            Cure::Remove,
        );
    }
}

/// `ValidateTolerationsInPodAnnotations`.
fn tolerations(place: &Place<'_>, text: &str, findings: &mut Findings) {
    let is_json = text.trim_start().starts_with('[');
    let document = crate::read::read(text, Source::Context).ok().filter(|_| is_json);
    let wrong = document.is_none_or(|document| {
        let mut inner = Findings::new(findings.cluster);
        scheduling::tolerations(&Place::root(&document.root), &mut inner);
        !inner.report.problems.is_empty()
    });

    if wrong {
        let message = "must be a list of tolerations as JSON";
        findings.add_with_help(
            Code::InvalidAnnotation,
            place,
            message,
            "use the pod's field `tolerations` instead",
        );
    }
}

/// `GetDeletionCostFromPodAnnotations`.
fn is_deletion_cost(text: &str) -> bool {
    let starts_well =
        text == "0" || text.starts_with(|start: char| start == '-' || matches!(start, '1'..='9'));
    starts_well && text.parse::<i32>().is_ok()
}
