//! Tests of `pod.rs`.

use super::super::testing::at;
use crate::problem::Code;
use serde_json::json;

fn spec(field: &str) -> String {
    format!("/spec/template/spec/{field}")
}

#[test]
fn what_a_deployment_cannot_have() {
    at(
        &spec("restartPolicy"),
        &[json!("Always"), json!("")],
        Code::UnsupportedValue,
        &[json!("Never"), json!("a")],
    );
    at(&spec("activeDeadlineSeconds"), &[json!(null)], Code::ConflictingFields, &[json!(5)]);
    at(
        &spec("ephemeralContainers"),
        &[json!([])],
        Code::ConflictingFields,
        &[json!([{"name": "a", "image": "a:1"}])],
    );
    at(&spec("terminationGracePeriodSeconds"), &[json!(0)], Code::OutOfRange, &[json!(-1)]);
    at(&spec("containers"), &[], Code::MissingField, &[json!([]), json!(null)]);
    at("/spec/template/spec", &[], Code::MissingField, &[json!(null), json!({})]);
}

/// Kubernetes takes the Deployment, and refuses its pods.
#[test]
fn a_node_and_gates_exclude_each_other() {
    let with = |node: &str, gates: serde_json::Value| {
        let container =
            json!({"name": "a", "image": "a:1", "resources": {"limits": {"memory": "1Gi"}}});
        json!({"nodeName": node, "schedulingGates": gates, "containers": [container]})
    };
    at(
        "/spec/template/spec",
        &[with("", json!([{"name": "a.b/c"}])), with("a", json!([]))],
        Code::ConflictingFields,
        &[with("a", json!([{"name": "a.b/c"}]))],
    );
}

#[test]
fn names_of_the_host() {
    at(&spec("hostname"), &[json!("a")], Code::InvalidName, &[json!("a.b")]);
    at(&spec("runtimeClassName"), &[json!("a.b")], Code::InvalidName, &[json!(""), json!("A")]);
    at(
        &spec("hostAliases/0"),
        &[json!({"ip": "::1", "hostnames": ["a"]})],
        Code::UnsupportedValue,
        &[
            json!({"ip": "localhost", "hostnames": []}),
            json!({"ip": "::ffff:1.2.3.4"}),
            json!({"ip": "::ffff:102:304"}),
        ],
    );
}

#[test]
fn resolvers() {
    at(&spec("dnsPolicy"), &[json!("Default")], Code::MissingField, &[json!("None")]);
    at(
        &spec("dnsConfig"),
        &[json!({"nameservers": ["1.1.1.1"], "searches": ["a_b.c.", "."]})],
        Code::OutOfRange,
        &[json!({"nameservers": ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"]})],
    );
    at(&spec("dnsConfig/searches"), &[], Code::InvalidName, &[json!(["A"]), json!(["a b"])]);
}

#[test]
fn namespaces_of_the_host() {
    at(&spec("hostUsers"), &[json!(false)], Code::UnsupportedValue, &[]);
    at("/spec/template/spec/hostPID", &[json!(true)], Code::WrongType, &[json!("yes"), json!(1)]);
}
