//! Tests of `resources.rs`.

use super::super::testing::at;
use crate::problem::Code;
use serde_json::json;
use std::slice::from_ref;

const RESOURCES: &str = "/spec/template/spec/containers/0/resources";

#[test]
fn amounts() {
    at(
        &format!("{RESOURCES}/limits/cpu"),
        &[json!("500m"), json!(2), json!(0.5), json!("0"), json!(" 1 ")],
        Code::InvalidQuantity,
        &[json!("1000mm"), json!("-1"), json!(""), json!("1 Gi"), json!(-0.5)],
    );
    at(
        &format!("{RESOURCES}/limits/cpu"),
        &[],
        Code::WrongType,
        &[json!(true), json!([]), json!({})],
    );
    let device = format!("{RESOURCES}/limits/nvidia.com~1gpu");
    at(
        &device,
        &[json!(1), json!("2"), json!("1k")],
        Code::InvalidQuantity,
        &[json!(0.5), json!("500m")],
    );
    at(
        &format!("{RESOURCES}/limits/hugepages-2Mi"),
        &[json!("4Mi")],
        Code::InvalidQuantity,
        &[json!("3Mi")],
    );
    for size in ["0", "1500m"] {
        at(
            &format!("{RESOURCES}/limits/hugepages-{size}"),
            &[],
            Code::InvalidQuantity,
            &[json!("3")],
        );
    }
}

#[test]
fn names() {
    let limits = |name: &str| json!({"memory": "1Gi", name: "1"});
    at(
        &format!("{RESOURCES}/limits"),
        &[limits("cpu"), limits("ephemeral-storage"), limits("example.com/a")],
        Code::InvalidName,
        &[limits("gpu"), limits("CPU"), limits("a b"), limits("requests.example.com/a")],
    );
}

#[test]
fn requests_and_limits() {
    let both = |name: &str, request: &str, limit: &str| json!({"limits": {"memory": "1Gi", name: limit}, "requests": {name: request}});
    at(
        RESOURCES,
        &[both("cpu", "1", "1000m"), both("cpu", "0.5", "1"), both("example.com/a", "1", "1")],
        Code::InvalidQuantity,
        &[both("cpu", "2", "1"), both("memory", "2Gi", "1Gi"), both("example.com/a", "1", "2")],
    );
    at(
        RESOURCES,
        &[],
        Code::MissingField,
        &[json!({"limits": {"memory": "1Gi"}, "requests": {"example.com/a": 1}})],
    );
    at(
        RESOURCES,
        &[
            json!({}),
            json!(null),
            json!({"requests": {"memory": "1Gi"}}),
            json!({"limits": {"ephemeral-storage": "1Gi"}}),
        ],
        Code::NoMemoryLimit,
        &[
            json!({"limits": {"cpu": 1}}),
            json!({"limits": {"cpu": 1}, "requests": {"memory": "1Gi"}}),
        ],
    );
}

#[test]
fn the_pod_as_a_whole() {
    at(
        "/spec/template/spec/resources",
        &[json!({"limits": {"memory": "2Gi"}, "requests": {"cpu": 1}})],
        Code::InvalidQuantity,
        &[
            json!({"limits": {"memory": "512Mi"}}),
            json!({"requests": {"memory": "1023Mi"}}),
            json!({"requests": {"memory": "512Mi"}, "limits": {"memory": "2Gi"}}),
        ],
    );
}

/// Kubernetes takes the Deployment, and refuses its pods.
#[test]
fn a_pod_asks_for_what_its_containers_ask_for() {
    let container = |name: &str, cpu: &str, policy: &str| {
        let mut container = json!({"name": name, "image": "a:1"});
        container["resources"] = json!({"requests": {"cpu": cpu}, "limits": {"memory": "1Gi"}});
        if !policy.is_empty() {
            container["restartPolicy"] = json!(policy);
        }
        container
    };
    let spec = |cpu: &str, init: &[serde_json::Value]| {
        let containers = [container("a", "1", ""), container("b", "1500m", "")];
        json!({"resources": {"limits": {"cpu": cpu}}, "initContainers": init, "containers": containers})
    };
    let first = container("first", "3", "");
    let sidecar = container("sidecar", "500m", "Always");
    at(
        "/spec/template/spec",
        &[
            spec("2500m", &[]),
            spec("3", from_ref(&first)),
            spec("3", &[first.clone(), sidecar.clone()]),
            spec("3500m", &[sidecar.clone(), first.clone()]),
        ],
        Code::InvalidQuantity,
        &[
            spec("2", &[]),
            spec("2500m", from_ref(&first)),
            spec("2500m", from_ref(&sidecar)),
            spec("3", &[sidecar, first]),
        ],
    );
}

#[test]
fn a_limit_that_is_null_is_the_place_of_the_problem() {
    let resources = json!({"requests": {"cpu": "1"}, "limits": {"cpu": null, "memory": "1Gi"}});
    let found = super::super::testing::findings_with(RESOURCES, resources);
    let places: Vec<_> =
        found.iter().map(|problem| (problem.path.to_string(), problem.code)).collect();
    let limit = || "spec.template.spec.containers[0].resources.limits.cpu".to_owned();
    assert_eq!(places, [(limit(), Code::InvalidQuantity), (limit(), Code::NullValue)]);
}

#[test]
fn pods_have_few_resources() {
    at(
        "/spec/template/spec/resources",
        &[],
        Code::InvalidName,
        &[json!({"limits": {"ephemeral-storage": "1Gi"}})],
    );
}
