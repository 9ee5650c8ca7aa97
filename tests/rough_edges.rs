//! The reference's rough edges, by their number in the list that was measured: what we do with each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]
#![allow(clippy::needless_pass_by_value, clippy::too_many_lines, reason = "rows of values")]

mod common;

use common::context;
use sentry_streams_k8s::{Problem, Rendered, render};
use serde_json::{Value, json};

fn steps(processes: &Value) -> Value {
    json!({"steps_config": {"a": {"parallelism": {"multi_process": {"processes": processes}}}}})
}

fn pod(fields: Value) -> Value {
    json!({"deployment_template": {"spec": {"template": {"spec": fields}}}})
}

fn refused(fields: &Value) -> Vec<Problem> {
    render(&context(fields)).map(|_| fields).expect_err("a problem")
}

fn rendered(fields: &Value) -> Rendered {
    render(&context(fields)).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Of an object, the value at a JSON pointer.
fn value(rendered: &Rendered, role: &str, pointer: &str) -> Value {
    let manifest = rendered.manifests.iter().find(|manifest| manifest.role == role).unwrap();
    let object: Value = serde_json::from_str(&manifest.json).unwrap();
    object.pointer(pointer).cloned().unwrap_or(Value::Null)
}

/// Contexts that are refused, each with its row, a problem's code and its place.
#[test]
fn rows_that_are_refused() {
    let long = "a".repeat(64);
    let config = |text: &str| json!({"pipeline_config": text});
    let rows = [
        (
            9,
            json!({"deployment_template": {"metadata": {"labels": {"env": "production"}}}}),
            "scalar-overwrite",
            "deployment_template.metadata.labels.env",
        ),
        (5, config("{pipeline: {segments: []}, x: .inf}"), "not-finite", "pipeline_config.x"),
        (
            8,
            json!({"replicas": 2, "with_canary": true, "emergency_patch": {"metadata": {"name": "x"}}}),
            "name-collision",
            "emergency_patch.metadata.name",
        ),
        (10, json!({"pipeline_name": long}), "invalid-label", "pipeline_name"),
        (10, json!({"service_name": long}), "invalid-label", "service_name"),
        (11, json!({"service_name": "a".repeat(250)}), "invalid-name", "pipeline_name"),
        (12, json!({"service_name": "@@@"}), "empty-name", "service_name"),
        (12, json!({"pipeline_name": ""}), "empty-name", "pipeline_name"),
        (13, json!({"service_name": "профили"}), "empty-name", "service_name"),
        (14, json!({"segment_id": "0-canary"}), "wrong-type", "segment_id"),
        (
            15,
            pod(json!({"volumes": [{"name": "pipeline-config", "emptyDir": {}}]})),
            "managed-field",
            "deployment_template.spec.template.spec.volumes[0].name",
        ),
        (
            16,
            json!({"container_template": {"volumeMounts": [{"name": "x", "mountPath": "/tmp"}]}}),
            "managed-field",
            "container_template.volumeMounts[0].mountPath",
        ),
        (
            17,
            pod(json!({"containers": [{"name": "pipeline-consumer", "image": "a:1"}]})),
            "managed-field",
            "deployment_template.spec.template.spec.containers[0].name",
        ),
        (
            17,
            pod(json!({"initContainers": [{"name": "pipeline-consumer", "image": "a:1"}]})),
            "managed-field",
            "deployment_template.spec.template.spec.initContainers[0].name",
        ),
        (
            18,
            json!({"deployment_template": {"spec": {"selector": {"matchLabels": {"a": "b"}}}}}),
            "selector-mismatch",
            "deployment",
        ),
        (
            19,
            pod(json!({"restartPolicy": "Never"})),
            "unsupported-value",
            "deployment_template.spec.template.spec.restartPolicy",
        ),
        (
            20,
            json!({"deployment_template": {"kind": "StatefulSet"}}),
            "unsupported-value",
            "deployment_template.kind",
        ),
        (
            20,
            json!({"deployment_template": {"apiVersion": "apps/v1beta1"}}),
            "unsupported-value",
            "deployment_template.apiVersion",
        ),
        (
            21,
            pod(json!({"nodeSelectors": {}})),
            "unknown-field",
            "deployment_template.spec.template.spec.nodeSelectors",
        ),
        (21, json!({"deployment_template": {"x": 1}}), "unknown-field", "deployment_template.x"),
        (22, json!({"cpu_per_process": "1000m"}), "wrong-type", "cpu_per_process"),
        (22, json!({"memory_per_process": "1Gi"}), "wrong-type", "memory_per_process"),
        (23, json!({"cpu_per_process": 1e16}), "invalid-quantity", "cpu_per_process"),
        (23, json!({"cpu_per_process": [1]}), "wrong-type", "cpu_per_process"),
        (24, json!({"cpu_per_process": 1000.5}), "invalid-quantity", "cpu_per_process"),
        (25, json!({"cpu_per_process": ""}), "wrong-type", "cpu_per_process"),
        (26, json!({"memory_per_process": -5}), "out-of-range", "memory_per_process"),
        (
            27,
            json!({"container_template": {"resources": {"limits": {"cpu": "1m"}}}}),
            "invalid-quantity",
            "cpu_per_process",
        ),
        (28, json!({"replicas": -1}), "out-of-range", "replicas"),
        (28, json!({"replicas": 10_000_000_000_u64}), "out-of-range", "replicas"),
        (29, json!({"image_name": ""}), "missing-field", "image_name"),
        (29, json!({"image_name": null}), "wrong-type", "image_name"),
        (30, json!({"container_name": "Bad_Name"}), "invalid-name", "container_name"),
        (30, json!({"container_name": long}), "invalid-name", "container_name"),
        (
            31,
            json!({"container_template": "env: [{name: A, value: 22:22}]"}),
            "wrong-type",
            "container_template.env[0].value",
        ),
        (
            31,
            json!({"deployment_template": "metadata: {labels: {a: 1}, annotations: {b: yes}}"}),
            "wrong-type",
            "deployment_template.metadata.annotations.b",
        ),
        (
            34,
            json!({"pipeline_config": {"pipeline": {"segments": []}, "x": "a".repeat(1 << 20)}}),
            "object-too-large",
            "pipeline_config",
        ),
        (
            35,
            json!({"container_template": {"resources": {"requests": {"cpu": "4"}}}}),
            "managed-resources",
            "container_template.resources.requests.cpu",
        ),
        (
            38,
            json!({"enable_liveness_probe": false, "container_template": {"volumeMounts": [{"name": "liveness-health", "mountPath": "/x"}]}}),
            "unknown-volume",
            "container_template.volumeMounts[0]",
        ),
        (39, json!({"pipeline_config": {}}), "invalid-config", "pipeline_config.pipeline"),
        (39, json!({"pipeline_config": null}), "invalid-config", "pipeline_config.pipeline"),
        (40, json!({"emergency_patch": "just a string"}), "wrong-type", "emergency_patch"),
        (40, json!({"replicas": "3"}), "wrong-type", "replicas"),
        (41, json!({"replica": 3}), "unknown-field", "replica"),
        (42, json!({"segment_id": 1.0}), "wrong-type", "segment_id"),
        (42, json!({"segment_id": null}), "wrong-type", "segment_id"),
    ];
    for (row, fields, code, place) in rows {
        let problems = refused(&fields);
        let is_told = problems.iter().any(|problem| {
            problem.code.name() == code && problem.path.to_string().starts_with(place)
        });
        assert!(is_told, "row {row}: expected {code} at {place}, got {problems:?}");
    }
}

/// Contexts that render, each with its row and a warning.
#[test]
fn rows_that_are_warned_of() {
    let two = json!({"pipeline": {"segments": [steps(&json!(2)), steps(&json!(4))]}});
    let env = json!([{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]);
    for (row, fields, code) in [
        (3, json!({"pipeline_config": two}), "overlapping-selectors"),
        (25, json!({"cpu_per_process": 0}), "cpu-zero"),
        (32, json!({"container_template": {"env": env}}), "duplicate-env"),
        (35, json!({"container_template": {"name": "x"}}), "ignored-field"),
        (35, json!({"container_template": {"image": "x:1"}}), "ignored-field"),
    ] {
        let warnings = rendered(&fields).warnings;
        assert!(
            warnings.iter().any(|warning| warning.code.name() == code && warning.help.is_some()),
            "row {row}: {warnings:?}"
        );
        let mut silent = fields;
        silent["silence"] = json!([code]);
        assert!(
            rendered(&silent).warnings.iter().all(|warning| warning.code.name() != code),
            "row {row} cannot be silenced"
        );
    }
}

/// The runner's configuration may have any keys: those that are nearly right are told.
#[test]
fn keys_of_the_configuration_that_do_nothing() {
    let warnings = |config: Value| {
        let warnings = rendered(&json!({"pipeline_config": config})).warnings;
        let told = |warning: &Problem| {
            format!(
                "{} {}: {}",
                warning.code.name(),
                warning.path,
                warning.help.as_deref().unwrap()
            )
        };
        warnings.iter().map(told).collect::<Vec<_>>()
    };
    let step = |step: Value| json!({"pipeline": {"segments": [{"steps_config": {"a": step}}]}});
    let key = "ignored-key pipeline_config.";
    let in_step = format!("{key}pipeline.segments[0].steps_config.a.");

    let config =
        json!({"envv": {}, "pipeline": {"segments": [{"step_config": {}}], "segmentz": 1}});
    assert_eq!(
        warnings(config),
        [
            format!("{key}envv: did you mean `env`?"),
            format!("{key}pipeline.segments[0].step_config: did you mean `steps_config`?"),
        ]
    );
    assert_eq!(
        warnings(step(json!({"parallelism": 3, "other": 1}))),
        [format!(
            "{in_step}parallelism: write it as {{multi_process: {{processes: 4, batch_size: 1000, \
             batch_time: 0.2}}}}"
        )]
    );
    assert_eq!(
        warnings(step(json!({"parallelism": {"multiprocess": {"processes": 4}}}))),
        [format!("{in_step}parallelism.multiprocess: did you mean `multi_process`?")]
    );
    assert_eq!(
        warnings(step(json!({"parallelism": null, "dlq2": 1, "starts_segment": true}))),
        [""; 0]
    );

    // One that must be there is an error, which names what stands in its place.
    let refused = refused(&json!({"pipeline_config": {"pipeline": {"segment": []}}}));
    assert!(refused[0].help.as_deref().unwrap().contains("`segments` by `segment`"));
}

/// Contexts that render to what was meant, or to what the reference renders.
#[test]
fn rows_that_render() {
    const CONTAINER: &str = "/spec/template/spec/containers/0";
    let cpu = format!("{CONTAINER}/resources/requests/cpu");
    let config = |first: &Value, second: &Value| json!({"pipeline": {"segments": [steps(first), steps(second)]}, "x": [1e-5, "😀"]});

    // 1, 2: each segment has its own processes.
    let other = rendered(&json!({"pipeline_config": config(&Value::Null, &json!(4))}));
    assert_eq!(value(&other, "deployment", &cpu), "1000m");
    let both = json!({"pipeline_config": config(&json!(2), &json!(4)), "segment_id": 1});
    assert_eq!(value(&rendered(&both), "deployment", &cpu), "4000m");

    // 3: the segment can be part of labels and selector.
    let labelled = rendered(&json!({"segment_label": true}));
    assert_eq!(value(&labelled, "deployment", "/spec/selector/matchLabels/pipeline-segment"), "0");
    assert_eq!(
        value(&labelled, "deployment", "/spec/template/metadata/labels/pipeline-segment"),
        "0"
    );

    // 4, 5: the consumer reads floats as floats and characters as characters.
    let text = value(&other, "configmap", "/data/pipeline_config.yaml");
    assert!(text.as_str().unwrap().ends_with(r#""x": [1.0e-05, "😀"]}"#), "{text}");

    // 6: the managed container can be patched in an incident.
    let patch = json!({"spec": {"template": {"spec": {"containers": [{
        "name": "pipeline-consumer", "image": "hotfix:1", "args": ["--verbose"],
        "env": [{"name": "A", "value": "2"}], "resources": {"limits": {"memory": "2Gi"}},
    }]}}}});
    let env = json!({"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}]});
    let patched = rendered(&json!({"emergency_patch": patch, "container_template": env}));
    let container = value(&patched, "deployment", CONTAINER);
    assert_eq!(container["image"], "hotfix:1");
    assert_eq!(container["env"], json!([{"name": "A", "value": "2"}, {"name": "B", "value": "1"}]));
    assert_eq!(container["resources"]["limits"]["memory"], "2Gi");
    assert_eq!(container["args"].as_array().unwrap().last().unwrap(), "--verbose");
    assert_eq!(value(&patched, "deployment", "/spec/template/spec/containers/1"), Value::Null);

    // 7: null removes.
    let patch = json!({"spec": {"template": {"spec": {"terminationGracePeriodSeconds": null}}}});
    let patched = rendered(&json!({"emergency_patch": patch}));
    assert_eq!(
        value(&patched, "deployment", "/spec/template/spec/terminationGracePeriodSeconds"),
        Value::Null
    );

    // 13: names as the reference makes them; the command line refuses two contexts that collide.
    for fields in [
        json!({"service_name": "my_svc", "pipeline_name": "a.b"}),
        json!({"service_name": "my.svc", "pipeline_name": "a_b"}),
    ] {
        assert_eq!(
            value(&rendered(&fields), "deployment", "/metadata/name"),
            "my-svc-pipeline-a-b-0"
        );
    }

    // 33: as the reference.
    let spaceless = rendered(&json!({"deployment_template": {"metadata": {"namespace": null}}}));
    assert_eq!(
        value(&spaceless, "configmap", "/metadata"),
        json!({
            "name": "my-service-pipeline-profiles",
            "labels": {"pipeline-app": "pipeline-py", "pipeline": "profiles", "service": "my-service"},
            "namespace": null,
        })
    );

    // 36: an empty probe is filled.
    let filled = rendered(&json!({"container_template": {"livenessProbe": {}}}));
    assert_eq!(
        value(&filled, "deployment", &format!("{CONTAINER}/livenessProbe/periodSeconds")),
        10
    );

    // 37: without the probe there is no volume at /tmp, as in the reference.
    let read_only = json!({"enable_liveness_probe": false, "container_template": {"securityContext": {"readOnlyRootFilesystem": true}}});
    assert_eq!(
        value(&rendered(&read_only), "deployment", "/spec/template/spec/volumes/1"),
        Value::Null
    );

    // 43, 44: the module as it is given, and its label.
    for (module, label) in [("sbc.profiles", "sbc-profiles"), ("a/b.py", "ab-py")] {
        let rendered = rendered(&json!({"pipeline_module": module}));
        assert_eq!(value(&rendered, "deployment", &format!("{CONTAINER}/args/10")), module);
        assert_eq!(value(&rendered, "deployment", "/metadata/labels/pipeline-app"), label);
    }

    // 45: shared memory as in the reference.
    let several = rendered(&json!({"pipeline_config": config(&json!(2), &Value::Null)}));
    assert_eq!(
        value(&several, "deployment", "/spec/template/spec/volumes/1"),
        json!({"name": "dshm", "emptyDir": {"medium": "Memory"}})
    );

    // 46: printing is the Python package's: python/tests/test_manifests.py.
}
