//! Objects to test rules with: one that Kubernetes takes, and changes to it.

use super::super::check::check;
use super::super::schema::Kind;
use super::super::versions::Cluster;
use crate::problem::{Code, Problem};
use crate::value::{Node, Origin, Value};
use serde_json::{Value as Json, json};

pub(super) fn node(value: &Json) -> Node<'_> {
    let origin = Origin::MACRO;
    match value {
        Json::Null => Node::new(Value::Null, origin),
        Json::Bool(value) => Node::new(Value::Bool(*value), origin),
        Json::Number(number) => match number.to_string() {
            text if text.contains(['.', 'e', 'E']) => {
                Node::new(Value::Float(text.parse().unwrap()), origin)
            }
            text => Node::new(Value::Integer(text.into()), origin),
        },
        Json::String(text) => Node::string(text.as_str(), origin),
        Json::Array(items) => Node::list(items.iter().map(node), origin),
        Json::Object(entries) => {
            Node::map(entries.iter().map(|(key, value)| (key.as_str(), node(value))), origin)
        }
    }
}

/// A Deployment without findings.
pub(super) fn deployment() -> Json {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a", "labels": {"app": "a"}},
        "spec": {
            "selector": {"matchLabels": {"app": "a"}},
            "template": {
                "metadata": {"labels": {"app": "a"}},
                "spec": {
                    "containers": [{
                        "name": "main",
                        "image": "image:1",
                        "resources": {"limits": {"memory": "1Gi"}}
                    }],
                    "volumes": [{"name": "data", "emptyDir": {}}]
                }
            }
        }
    })
}

/// The codes found in the Deployment with the value at a pointer (RFC 6901) put in.
pub(super) fn codes_with(pointer: &str, value: Json) -> Vec<Code> {
    findings_with(pointer, value).into_iter().map(|finding| finding.code).collect()
}

/// What is found in it.
pub(super) fn findings_with(pointer: &str, value: Json) -> Vec<Problem> {
    let mut object = deployment();
    put(&mut object, pointer, value);
    check(&node(&object), Kind::Deployment, Cluster::default()).into_list()
}

fn put(object: &mut Json, pointer: &str, value: Json) {
    let mut place = object;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/");
        if place.is_null() {
            *place = if step == "0" { json!([]) } else { json!({}) };
        }
        place = match place {
            Json::Array(items) => {
                let at: usize = step.parse().unwrap();
                items.resize(items.len().max(at.saturating_add(1)), Json::Null);
                &mut items[at]
            }
            other => other.as_object_mut().unwrap().entry(step).or_insert(Json::Null),
        };
    }
    *place = value;
}

/// Each value passes at a place, and each of the others gives exactly one finding, of a code.
pub(super) fn at(pointer: &str, accepted: &[Json], code: Code, refused: &[Json]) {
    for value in accepted {
        assert_eq!(codes_with(pointer, value.clone()), Vec::<Code>::new(), "{pointer} = {value}");
    }
    for value in refused {
        assert_eq!(codes_with(pointer, value.clone()), [code], "{pointer} = {value}");
    }
}

#[test]
fn findings_say_what_to_do() {
    let container = |field: &str| format!("/spec/template/spec/containers/0/{field}");
    let probe = |port: &str| (container("readinessProbe"), json!({"tcpSocket": {"port": port}}));
    let mount = json!([{"name": "dat", "mountPath": "/data"}]);
    let name = "give a number, or the name of one of the container's ports";
    for ((pointer, value), message, help) in [
        (
            ("/spec/replicas".to_owned(), json!(-1)),
            "must be at least 0",
            Some(Code::OutOfRange.cure()),
        ),
        (probe("80"), "", Some("write the number without quotes")),
        (probe("8_0"), "", Some(name)),
        (probe(""), "", Some(name)),
        (
            (container("volumeMounts"), mount),
            "the pod has no volume `dat`",
            Some("did you mean `data`?"),
        ),
    ] {
        let found = findings_with(&pointer, value).remove(0);
        assert_eq!(found.help.as_deref(), help, "{pointer}");
        assert!(message.is_empty() || found.message == message, "{pointer}: {}", found.message);
    }
}

#[test]
fn objects_that_no_cluster_takes() {
    let arguments = "/spec/template/spec/containers/0/args";
    let texts = |count: usize, length: usize| json!(vec!["a".repeat(length); count]);
    at(
        arguments,
        &[texts(15, 100_000), texts(900_000, 0)],
        Code::ObjectTooLarge,
        &[texts(16, 100_000), texts(1_100_000, 0)],
    );
}

#[test]
fn what_only_a_server_sets_is_a_warning() {
    for (pointer, value) in [
        ("/metadata/resourceVersion", json!("5")),
        ("/metadata/uid", json!("a")),
        ("/metadata/generation", json!(1)),
        ("/metadata/selfLink", json!("a")),
        ("/metadata/creationTimestamp", json!("2024-01-01T00:00:00Z")),
        ("/metadata/deletionTimestamp", json!("2024-01-01T00:00:00Z")),
        ("/metadata/managedFields", json!([{"manager": "a", "operation": "Apply"}])),
        ("/spec/template/metadata/creationTimestamp", json!("2024-01-01T00:00:00Z")),
        ("/status", json!({"replicas": 1})),
    ] {
        at(pointer, &[json!(null)], Code::ServerField, &[value]);
    }
    at("/status", &[json!({})], Code::ServerField, &[]);
}

#[test]
fn nulls_that_are_read_as_something_are_a_warning() {
    for pointer in [
        "/metadata/labels/b",
        "/spec/template/metadata/annotations/a",
        "/spec/template/spec/nodeSelector/pool",
        "/spec/template/spec/containers/0/resources/limits/cpu",
        "/spec/template/spec/containers/0/args/0",
    ] {
        at(pointer, &[], Code::NullValue, &[json!(null)]);
    }
}

#[test]
fn items_that_server_side_apply_cannot_tell_apart_are_a_warning() {
    let container = |field: &str| format!("/spec/template/spec/containers/0/{field}");
    let owner =
        |kind: &str, uid: &str| json!({"apiVersion": "v1", "kind": kind, "name": "a", "uid": uid});
    let alias = |ip: &str| json!({"ip": ip, "hostnames": ["a"]});
    let secret = |name: &str| json!({"name": name});
    let port = |number: i32, protocol: &str| json!({"containerPort": number, "protocol": protocol});
    for (pointer, [first, equal, other]) in [
        (
            "/spec/template/spec/imagePullSecrets".to_owned(),
            [secret("a"), secret("a"), secret("b")],
        ),
        (
            "/spec/template/spec/hostAliases".to_owned(),
            [alias("1.1.1.1"), alias("1.1.1.1"), alias("1.1.1.2")],
        ),
        ("/metadata/finalizers".to_owned(), [json!("a.b/c"), json!("a.b/c"), json!("a.b/d")]),
        (
            "/metadata/ownerReferences".to_owned(),
            [owner("Pod", "a"), owner("Node", "a"), owner("Pod", "b")],
        ),
        (container("ports"), [port(80, "TCP"), json!({"containerPort": 80}), port(80, "UDP")]),
    ] {
        at(&pointer, &[json!([first, other])], Code::DuplicateItem, &[json!([first, equal])]);
    }
}

#[test]
fn the_deployment_has_no_findings() {
    assert_eq!(codes_with("/metadata/name", json!("a")), []);
}
