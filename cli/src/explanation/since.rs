//! Which versions of Kubernetes know a field.

use sentry_streams_k8s::kubernetes::Kind;
use sentry_streams_k8s::kubernetes::schema::Object;
use sentry_streams_k8s::kubernetes::versions::{Gate, field, minors};

/// Since when a field is known, by its path in an object: a sentence. None where the API has no such field; where every
/// version knows it, only if `always`.
pub(super) fn since(kind: Kind, path: &str, always: bool) -> Option<String> {
    let mut object = Object::of(kind);
    let mut known = (None, *minors().start());

    for name in path.split('.') {
        let name = name.split('[').next().unwrap_or(name);
        let found = object.field(name)?;
        if let Some(row) = field(object.name, name)
            && (row.since > known.1 || row.gate.is_some())
        {
            known = (row.gate.or(known.0), row.since.max(known.1));
        }
        match found.object() {
            Some(inner) => object = inner,
            // Below it keys are free.
            None => break,
        }
    }

    let (gate, since) = known;
    let sentence = match (gate, since > *minors().start()) {
        (_, true) => format!("Kubernetes knows it since 1.{since}"),
        (None, false) if !always => return None,
        (_, false) => format!("Kubernetes 1.{since} knows it already"),
    };
    Some(match gate {
        Some(gate) => format!("{sentence}; its feature gate {}.", stages(gate)),
        None => format!("{sentence}."),
    })
}

/// The stages of a feature.
fn stages(gate: Gate) -> String {
    let stages = gate.stages().iter().map(|stage| {
        let on = if stage.is_on { "on" } else { "off" };
        format!("{} and {on} since 1.{}", stage.level.name(), stage.since)
    });
    format!("{} is {}", gate.name(), stages.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_new_and_old() {
        let of = |path: &str| since(Kind::Deployment, path, false);
        assert_eq!(
            of("spec.template.spec.resources.limits.memory").as_deref(),
            Some(
                "Kubernetes knows it since 1.32; its feature gate PodLevelResources is alpha and off since 1.32, \
                 beta and on since 1.34."
            )
        );
        assert_eq!(of("spec.template.spec.containers[0].image"), None);
        assert_eq!(of("spec.template.spec.nodeSelectors"), None);
        assert_eq!(
            since(Kind::Deployment, "spec.replicas", true).as_deref(),
            Some("Kubernetes 1.28 knows it already.")
        );
    }
}
