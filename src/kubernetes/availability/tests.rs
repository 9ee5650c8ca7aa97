use super::super::versions::{Cluster, Gate};
use super::super::{Kind, problems, warnings};
use crate::problem::Code;
use crate::read;
use crate::value::Source;
use serde_json::{Value, json};

/// A Deployment whose pods have these fields, and whose container has those.
fn deployment(pod: &Value, container: &Value) -> Value {
    let mut spec = json!({"containers": [{"name": "a", "image": "a:1"}]});
    let entries = |value: &Value| value.as_object().unwrap().clone();
    spec["containers"][0].as_object_mut().unwrap().extend(entries(container));
    spec.as_object_mut().unwrap().extend(entries(pod));
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
        "spec": {
            "selector": {"matchLabels": {"app": "a"}},
            "template": {"metadata": {"labels": {"app": "a"}}, "spec": spec},
        },
    })
}

/// What is said of a Deployment for a version: code, last part of the path, message.
fn said(object: &Value, minor: u8, gates: &[Gate]) -> Vec<(Code, String, String)> {
    let text = object.to_string();
    let document = read::read(&text, Source::Context).unwrap();
    let cluster = Cluster::new(Some(minor), gates);
    let found = problems(&document.root, Kind::Deployment, cluster);
    let found = found.into_iter().chain(warnings(&document.root, Kind::Deployment, cluster));
    let short = |path: String| path.rsplit('.').next().unwrap_or_default().to_owned();
    found.map(|problem| (problem.code, short(problem.path.to_string()), problem.message)).collect()
}

fn codes(object: &Value, minor: u8, gates: &[Gate]) -> Vec<Code> {
    said(object, minor, gates).into_iter().map(|(code, ..)| code).collect()
}

#[test]
fn a_field_that_is_too_new_is_unknown_and_says_since_when() {
    let object = deployment(&json!({"resources": {"limits": {"memory": "1Gi"}}}), &json!({}));

    assert_eq!(
        said(&object, 31, &[]),
        [(
            Code::UnknownField,
            "resources".to_owned(),
            "`resources` of PodSpec is known since Kubernetes 1.32; this cluster is 1.31: the server would drop it"
                .to_owned()
        )]
    );
    assert_eq!(
        said(&object, 33, &[]),
        [(
            Code::FeatureOff,
            "resources".to_owned(),
            "a server of Kubernetes 1.33 drops `resources` of PodSpec: its feature gate PodLevelResources is alpha \
             since 1.32 and off by default"
                .to_owned()
        )]
    );
    assert_eq!(codes(&object, 33, &[Gate::PodLevelResources]), []);
    assert_eq!(codes(&object, 34, &[]), []);
}

#[test]
fn rules_do_not_see_what_is_dropped() {
    // A memory above the pod's would be refused.
    let object = deployment(
        &json!({"resources": {"limits": {"memory": "1Gi"}}}),
        &json!({"resources": {"limits": {"memory": "2Gi"}}}),
    );
    assert_eq!(codes(&object, 33, &[]), [Code::FeatureOff]);
    assert_eq!(codes(&object, 34, &[]), [Code::InvalidQuantity]);

    // But its types are checked, and a hook without its only kind is none.
    let wrong = deployment(&json!({"resources": {"limits": 1}}), &json!({}));
    assert_eq!(codes(&wrong, 33, &[]), [Code::WrongType, Code::FeatureOff]);
    let sleep =
        deployment(&json!({}), &json!({"lifecycle": {"preStop": {"sleep": {"seconds": 1}}}}));
    assert_eq!(codes(&sleep, 28, &[]), [Code::UnknownField, Code::MissingField]);
    assert_eq!(codes(&sleep, 29, &[]), [Code::MissingField, Code::FeatureOff]);
    assert_eq!(codes(&sleep, 30, &[]), []);
}

#[test]
fn a_volume_without_its_image_is_dropped_with_its_mounts() {
    let object = deployment(
        &json!({"volumes": [{"name": "v", "image": {"reference": "a:1"}}]}),
        &json!({"volumeMounts": [{"name": "v", "mountPath": "/v"}]}),
    );
    assert_eq!(codes(&object, 33, &[]), [Code::FeatureOff]);
    assert_eq!(codes(&object, 35, &[]), []);
}

#[test]
fn values_come_with_versions_and_features() {
    let toleration = json!([{"key": "a", "operator": "Gt", "value": "1"}]);
    let object = deployment(&json!({"tolerations": toleration}), &json!({}));
    let gate = Gate::TaintTolerationComparisonOperators;
    assert_eq!(codes(&object, 34, &[]), [Code::UnsupportedValue]);
    assert_eq!(codes(&object, 35, &[]), [Code::UnsupportedValue]);
    assert_eq!(codes(&object, 35, &[gate]), []);

    let policy = |policy: &str| deployment(&json!({}), &json!({"restartPolicy": policy}));
    assert_eq!(codes(&policy("Never"), 33, &[]), [Code::UnsupportedValue]);
    assert_eq!(codes(&policy("Always"), 33, &[]), [Code::ConflictingFields]);
    assert_eq!(codes(&policy("Never"), 35, &[]), []);
    let sidecar = deployment(
        &json!({"initContainers": [{"name": "b", "image": "b:1", "restartPolicy": "Always"}]}),
        &json!({}),
    );
    assert_eq!(codes(&sidecar, 28, &[]), [Code::FeatureOff]);
    assert_eq!(codes(&sidecar, 29, &[]), []);
}

#[test]
fn rules_are_those_of_the_version() {
    let variable = deployment(&json!({}), &json!({"env": [{"name": "1ST", "value": "a"}]}));
    assert_eq!(codes(&variable, 31, &[]), [Code::InvalidName]);
    assert_eq!(codes(&variable, 31, &[Gate::RelaxedEnvironmentVariableValidation]), []);
    assert_eq!(codes(&variable, 32, &[]), []);

    let sleep =
        deployment(&json!({}), &json!({"lifecycle": {"preStop": {"sleep": {"seconds": 0}}}}));
    assert_eq!(codes(&sleep, 32, &[]), [Code::OutOfRange]);
    assert_eq!(codes(&sleep, 33, &[]), []);
}

#[test]
fn a_field_that_is_gone_is_known_to_the_versions_that_had_it() {
    let claims = json!([{"name": "c", "source": {"resourceClaimName": "d"}}]);
    let object = deployment(&json!({"resourceClaims": claims}), &json!({}));
    let gate = Gate::DynamicResourceAllocation;
    assert_eq!(codes(&object, 30, &[gate]), []);
    assert_eq!(codes(&object, 31, &[gate]), [Code::UnknownField]);
}
