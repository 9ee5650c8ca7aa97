//! What the API server's refusals mean for a pipeline.

use kube::core::response::Status;

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) reason: &'static str,
    pub(crate) message: String,
    /// Whether somebody has to do something; else time may mend it.
    pub(crate) is_stalled: bool,
}

/// What to do about a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Others own some of the fields; who and which.
    Contested(String),
    /// The namespace is going away: so will the pipeline.
    Terminating,
    /// The object must be deleted and created to be so; which fields cannot be changed.
    Immutable(Vec<String>),
    /// The object is not there, or not the same any more.
    Gone,
    /// Say so, and try again.
    Failed(Failure),
}

/// Reads what the API server answered to `what` ("cannot apply Deployment x").
pub(crate) fn classify(error: &kube::Error, what: &str) -> Refusal {
    let kube::Error::Api(status) = error else {
        return failed("ApiUnreachable", format!("{what}: {error}"), false);
    };
    let message = format!("{what}: {}", status.message);
    match status.code {
        409 if has_cause(status, |reason, _| reason == "FieldManagerConflict") => {
            Refusal::Contested(conflicts(status))
        }
        403 | 409 if has_cause(status, |reason, _| reason == "NamespaceTerminating") => {
            Refusal::Terminating
        }
        403 => failed("Forbidden", message, true),
        // Both the namespace and the object may be what was not found.
        404 if status.details.as_ref().is_some_and(|details| details.kind == "namespaces") => {
            failed("NamespaceNotFound", message, true)
        }
        404 | 409 => Refusal::Gone,
        422 if has_cause(status, |_, message| is_immutable(message)) => {
            Refusal::Immutable(immutable(status))
        }
        400 | 413 | 422 => failed("ApiRefused", message, true),
        _ => failed("ApiError", message, false),
    }
}

fn failed(reason: &'static str, message: String, is_stalled: bool) -> Refusal {
    Refusal::Failed(Failure { reason, message, is_stalled })
}

fn has_cause(status: &Status, is_it: impl Fn(&str, &str) -> bool) -> bool {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    causes.into_iter().any(|cause| is_it(&cause.reason, &cause.message))
}

fn is_immutable(message: &str) -> bool {
    message.contains("field is immutable")
}

/// `spec.selector`, …
fn immutable(status: &Status) -> Vec<String> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let immutable = causes.filter(|cause| is_immutable(&cause.message));
    immutable.map(|cause| cause.field.clone()).collect()
}

/// `.spec.replicas (conflict with "kubectl-edit" using apps/v1)`, …
fn conflicts(status: &Status) -> String {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let all: Vec<_> = causes.map(|cause| format!("{} ({})", cause.field, cause.message)).collect();
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The answers stand here as Kubernetes 1.37 gave them.
    #[track_caller]
    fn classified(status: Value) -> Refusal {
        let status: Status = serde_json::from_value(status).unwrap();
        classify(&kube::Error::Api(status.boxed()), "cannot apply Deployment x")
    }

    #[test]
    fn a_conflict_names_manager_and_field() {
        let refusal = classified(json!({
            "code": 409, "reason": "Conflict", "message": "Apply failed with 1 conflict",
            "details": {"causes": [{
                "reason": "FieldManagerConflict",
                "message": "conflict with \"kubectl-edit\" using apps/v1",
                "field": ".spec.replicas",
            }]},
        }));
        let expected = ".spec.replicas (conflict with \"kubectl-edit\" using apps/v1)";
        assert_eq!(refusal, Refusal::Contested(expected.to_owned()));
    }

    #[test]
    fn missing_rights_stall_and_a_dying_namespace_does_not() {
        let message = "deployments.apps \"x\" is forbidden: User \"u\" cannot patch resource \"deployments\" in API \
                       group \"apps\" in the namespace \"n\"";
        let Refusal::Failed(failure) =
            classified(json!({"code": 403, "reason": "Forbidden", "message": message}))
        else {
            panic!("not a failure");
        };
        assert!(
            failure.is_stalled && failure.message.contains("cannot patch resource \"deployments\"")
        );

        let dying = json!({
            "code": 403, "reason": "Forbidden", "message": "unable to create new content in namespace n",
            "details": {"causes": [{"reason": "NamespaceTerminating", "message": "being terminated", "field": ""}]},
        });
        assert_eq!(classified(dying), Refusal::Terminating);
    }

    #[test]
    fn an_immutable_field_is_told_from_a_wrong_one() {
        let invalid = |message: &str| {
            classified(json!({
                "code": 422, "reason": "Invalid", "message": message,
                "details": {"causes": [{"reason": "FieldValueInvalid", "message": message, "field": "spec.selector"}]},
            }))
        };
        assert_eq!(
            invalid("Invalid value: field is immutable"),
            Refusal::Immutable(vec!["spec.selector".to_owned()])
        );
        assert!(
            matches!(invalid("Invalid value: no"), Refusal::Failed(failure) if failure.reason == "ApiRefused")
        );
    }

    #[test]
    fn what_time_mends_is_not_stalled() {
        for code in [429, 500, 503] {
            let Refusal::Failed(failure) = classified(json!({"code": code, "message": "busy"}))
            else {
                panic!()
            };
            assert!(!failure.is_stalled, "{code}");
        }
    }

    #[test]
    fn a_missing_namespace_is_not_a_missing_object() {
        let missing = |kind: &str| {
            classified(json!({"code": 404, "message": "no", "details": {"kind": kind}}))
        };
        assert!(
            matches!(missing("namespaces"), Refusal::Failed(f) if f.reason == "NamespaceNotFound")
        );
        assert_eq!(missing("deployments"), Refusal::Gone);
    }
}
