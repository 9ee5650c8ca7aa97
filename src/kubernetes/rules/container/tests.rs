//! Tests of `container.rs`.

use super::super::testing::at;
use crate::problem::Code;
use serde_json::json;

const MAIN: &str = "/spec/template/spec/containers/0";

fn main(field: &str) -> String {
    format!("{MAIN}/{field}")
}

#[test]
fn images() {
    at(
        &main("image"),
        &[json!("a:1"), json!(format!("a@sha256:{}", "1".repeat(64))), json!("host:5000/a:1")],
        Code::MissingField,
        &[json!(null), json!(""), json!(" ")],
    );
    at(&main("image"), &[], Code::UnsupportedValue, &[json!(" a:1")]);
    at(
        &main("image"),
        &[json!("a"), json!("host:5000/a"), json!("localhost/a:latest")],
        Code::ImageLatest,
        &[json!("a:latest"), json!("gcr.io/a"), json!("gcr.io/a:latest")],
    );
}

#[test]
fn ports() {
    at(
        &main("ports"),
        &[
            json!([{"containerPort": 53, "protocol": "UDP", "name": "dns"}, {"containerPort": 53, "name": "dns-tcp"}]),
        ],
        Code::DuplicateName,
        &[
            json!([{"containerPort": 1, "name": "a"}, {"containerPort": 2, "name": "a"}]),
            json!([{"containerPort": 1, "hostPort": 1}, {"containerPort": 2, "hostPort": 1, "protocol": "TCP"}]),
        ],
    );
    at(
        &main("ports/0/containerPort"),
        &[json!(1), json!(65535)],
        Code::OutOfRange,
        &[json!(0), json!(65536)],
    );
}

#[test]
fn mounts() {
    let mount = |more: serde_json::Value| {
        let mut mount = json!({"name": "data", "mountPath": "/data"});
        mount.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([mount])
    };
    let mounts = main("volumeMounts");
    at(
        &mounts,
        &[mount(json!({})), mount(json!({"subPath": "a/..b"}))],
        Code::UnknownVolume,
        &[mount(json!({"name": "other"}))],
    );
    at(
        &mounts,
        &[],
        Code::UnsupportedValue,
        &[mount(json!({"subPath": "/a"})), mount(json!({"subPath": "a/.."}))],
    );
    at(
        &mounts,
        &[mount(json!({"readOnly": true, "recursiveReadOnly": "Enabled"}))],
        Code::ConflictingFields,
        &[
            mount(json!({"subPath": "a", "subPathExpr": "b"})),
            mount(json!({"mountPropagation": "Bidirectional"})),
            mount(json!({"recursiveReadOnly": "Enabled"})),
        ],
    );
    at(
        &mounts,
        &[],
        Code::DuplicateName,
        &[json!([
            {"name": "data", "mountPath": "/data"},
            {"name": "data", "mountPath": "/data", "subPath": "a"}
        ])],
    );
}

#[test]
fn init_containers() {
    let with = |more: serde_json::Value| {
        let mut container =
            json!({"name": "init", "image": "a:1", "resources": {"limits": {"memory": "1Gi"}}});
        container.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([container])
    };
    let probe = json!({"tcpSocket": {"port": 80}});
    at(
        "/spec/template/spec/initContainers",
        &[with(json!({})), with(json!({"restartPolicy": "Always", "readinessProbe": probe}))],
        Code::ConflictingFields,
        &[
            with(json!({"livenessProbe": probe})),
            with(json!({"lifecycle": {"preStop": {"sleep": {"seconds": 1}}}})),
            with(
                json!({"resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]}),
            ),
        ],
    );
    at(
        "/spec/template/spec/initContainers",
        &[],
        Code::DuplicateName,
        &[with(json!({"name": "main"}))],
    );
}
