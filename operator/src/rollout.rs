//! How far a Deployment is with what was asked of it.

use kube::api::DynamicObject;
use serde_json::Value;

/// What a Deployment says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Workload {
    pub(crate) generation: i64,
    pub(crate) observed_generation: i64,
    /// Pods asked for.
    pub(crate) desired: i64,
    /// Pods there are, of the newest template, and of those ready and available.
    pub(crate) total: i64,
    pub(crate) updated: i64,
    pub(crate) ready: i64,
    pub(crate) available: i64,
    /// Why it gave up, where it did.
    pub(crate) gave_up: Option<String>,
    /// Why pods cannot be made, where they cannot.
    pub(crate) pod_failure: Option<String>,
}

/// How far a rollout is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rollout {
    /// Everything asked for runs, and nothing else.
    Done,
    /// It goes on; what is missing.
    Running(String),
    /// Kubernetes waited as long as it was told to; why.
    GaveUp(String),
}

impl Workload {
    /// None for objects that have no replicas.
    pub(crate) fn read(object: &DynamicObject) -> Option<Self> {
        let spec = object.data.get("spec")?;
        spec.get("template")?;
        let status = object.data.get("status").unwrap_or(&Value::Null);
        let count = |name: &str| status.get(name).and_then(Value::as_i64).unwrap_or_default();
        let condition = |kind: &str, state: &str, reason: Option<&str>| {
            let conditions = status.get("conditions")?.as_array()?;
            let text = |condition: &Value, key: &str| {
                condition.get(key).and_then(Value::as_str).unwrap_or("").to_owned()
            };
            let found = conditions.iter().find(|condition| {
                text(condition, "type") == kind
                    && text(condition, "status") == state
                    && reason.is_none_or(|reason| text(condition, "reason") == reason)
            })?;
            Some(text(found, "message"))
        };
        Some(Self {
            generation: object.metadata.generation.unwrap_or_default(),
            observed_generation: count("observedGeneration"),
            desired: spec.get("replicas").and_then(Value::as_i64).unwrap_or(1),
            total: count("replicas"),
            updated: count("updatedReplicas"),
            ready: count("readyReplicas"),
            available: count("availableReplicas"),
            gave_up: condition("Progressing", "False", Some("ProgressDeadlineExceeded")),
            pod_failure: condition("ReplicaFailure", "True", None),
        })
    }

    /// How far it is: what `kubectl rollout status` goes by.
    pub(crate) fn rollout(&self) -> Rollout {
        let Self { desired, total, updated, available, .. } = *self;
        if self.observed_generation < self.generation {
            return Rollout::Running("waiting for Kubernetes to see the change".to_owned());
        }
        if let Some(reason) = &self.gave_up {
            return Rollout::GaveUp(self.pod_failure.clone().unwrap_or_else(|| reason.clone()));
        }

        let missing = if updated < desired {
            format!("{updated} of {desired} pods are of the newest template")
        } else if total > updated {
            format!("{} old pods are still there", total.saturating_sub(updated))
        } else if available < updated {
            format!("{available} of {updated} pods are available")
        } else {
            return Rollout::Done;
        };
        Rollout::Running(match &self.pod_failure {
            Some(failure) => format!("{missing}: {failure}"),
            None => missing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(desired: i64) -> Workload {
        Workload {
            generation: 1,
            observed_generation: 1,
            desired,
            total: desired,
            updated: desired,
            ready: desired,
            available: desired,
            ..Workload::default()
        }
    }

    #[track_caller]
    fn waits_for(workload: &Workload, what: &str) {
        let Rollout::Running(message) = workload.rollout() else {
            panic!("{:?}", workload.rollout())
        };
        assert!(message.contains(what), "{message}");
    }

    #[test]
    fn is_done_when_all_pods_are_new_and_available() {
        assert_eq!(running(3).rollout(), Rollout::Done);
        assert_eq!(running(0).rollout(), Rollout::Done);
    }

    #[test]
    fn says_what_is_missing() {
        waits_for(&Workload { generation: 2, ..running(3) }, "see the change");
        waits_for(&Workload { updated: 1, ..running(3) }, "1 of 3 pods are of the newest");
        waits_for(&Workload { total: 4, ..running(3) }, "1 old pods");
        waits_for(&Workload { available: 2, ..running(3) }, "2 of 3 pods are available");
        let failure = Some("exceeded quota".to_owned());
        waits_for(&Workload { updated: 0, pod_failure: failure, ..running(3) }, "exceeded quota");
    }

    #[test]
    fn gave_up_only_for_the_generation_it_has_seen() {
        let gave_up =
            Workload { available: 0, gave_up: Some("has timed out".to_owned()), ..running(1) };
        assert_eq!(gave_up.rollout(), Rollout::GaveUp("has timed out".to_owned()));
        waits_for(&Workload { generation: 2, ..gave_up }, "see the change");
    }
}
