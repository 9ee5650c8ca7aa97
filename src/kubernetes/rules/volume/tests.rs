//! Tests of `volume.rs`.

use super::super::testing::at;
use crate::problem::Code;
use serde_json::json;

const VOLUME: &str = "/spec/template/spec/volumes/1";

#[test]
fn sources() {
    at(
        VOLUME,
        &[json!({"name": "a"}), json!({"name": "a", "emptyDir": {}, "secret": null})],
        Code::ConflictingFields,
        &[json!({"name": "a", "emptyDir": {}, "configMap": {"name": "a"}})],
    );
    at(
        VOLUME,
        &[],
        Code::MissingField,
        &[
            json!({"emptyDir": {}}),
            json!({"name": "a", "configMap": {}}),
            json!({"name": "a", "secret": {"secretName": ""}}),
            json!({"name": "a", "persistentVolumeClaim": {}}),
            json!({"name": "a", "hostPath": {}}),
        ],
    );
    at(VOLUME, &[], Code::DuplicateName, &[json!({"name": "data", "emptyDir": {}})]);
    at(
        VOLUME,
        &[],
        Code::InvalidName,
        &[json!({"name": "a.b"}), json!({"name": "a", "csi": {"driver": "a_b"}})],
    );
    at(
        VOLUME,
        &[],
        Code::InvalidQuantity,
        &[json!({"name": "a", "emptyDir": {"sizeLimit": "-1"}})],
    );
}

#[test]
fn files() {
    let secret = |path: &str, mode: i32| json!({"name": "a", "secret": {"secretName": "a", "items": [{"key": "a", "path": path, "mode": mode}]}});
    at(
        VOLUME,
        &[secret("a/b", 0o777)],
        Code::UnsupportedValue,
        &[secret("/a", 0), secret("../a", 0), secret("..a", 0)],
    );
    at(VOLUME, &[], Code::OutOfRange, &[secret("a", 0o1000), secret("a", -1)]);
    let projected = |paths: [&str; 2]| {
        let files = paths
            .map(|path| json!({"secret": {"name": "a", "items": [{"key": "a", "path": path}]}}));
        json!({"name": "a", "projected": {"sources": files}})
    };
    at(VOLUME, &[projected(["a", "b"])], Code::DuplicateName, &[projected(["a", "a"])]);
}

#[test]
fn ephemeral_volumes() {
    let claim = |modes: &[&str], storage: &str| {
        let spec = json!({"accessModes": modes, "resources": {"requests": {"storage": storage}}});
        json!({"name": "a", "ephemeral": {"volumeClaimTemplate": {"spec": spec}}})
    };
    at(
        VOLUME,
        &[claim(&["ReadWriteOnce"], "1Gi")],
        Code::UnsupportedValue,
        &[claim(&["RWO"], "1Gi")],
    );
    at(
        VOLUME,
        &[],
        Code::MissingField,
        &[claim(&[], "1Gi"), json!({"name": "a", "ephemeral": {}})],
    );
    at(VOLUME, &[], Code::InvalidQuantity, &[claim(&["ReadWriteOnce"], "0")]);
    at(
        VOLUME,
        &[],
        Code::ConflictingFields,
        &[claim(&["ReadWriteOnce", "ReadWriteOncePod"], "1Gi")],
    );
}
