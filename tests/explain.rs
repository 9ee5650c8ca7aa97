//! `explain` against `render`: for every recorded case, and for contexts nobody thought of.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use proptest::prelude::*;
use sentry_streams_k8s::read;
use sentry_streams_k8s::value::Source;
use sentry_streams_k8s::write::json;
use sentry_streams_k8s::{answer, explain, render};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::PathBuf;

const LAYERS: [&str; 6] = [
    "base",
    "deployment_template",
    "container_template",
    "platform",
    "pipeline_config",
    "emergency_patch",
];

/// The keys and positions of a path as `explain` writes it.
fn steps(path: &str) -> Vec<Value> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(bracket) = rest.strip_prefix('[') {
            let mut stream = serde_json::Deserializer::from_str(bracket).into_iter::<Value>();
            steps.push(stream.next().unwrap().unwrap());
            rest = bracket[stream.byte_offset()..].strip_prefix(']').unwrap();
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            steps.push(rest[..end].into());
            rest = &rest[end..];
        }
    }
    steps
}

/// Puts a value at a place, making what leads there. Lists must be filled from their start.
fn insert(object: &mut Value, steps: &[Value], value: Value) {
    let Some((first, rest)) = steps.split_first() else {
        assert!(object.is_null(), "two fields have one place");
        *object = value;
        return;
    };
    let child = match first {
        Value::String(key) => {
            if object.is_null() {
                *object = json!({});
            }
            object.as_object_mut().unwrap().entry(key).or_insert(Value::Null)
        }
        position => {
            if object.is_null() {
                *object = json!([]);
            }
            let (items, at) = (
                object.as_array_mut().unwrap(),
                usize::try_from(position.as_u64().unwrap()).unwrap(),
            );
            assert!(at <= items.len(), "a list has a hole");
            if at == items.len() {
                items.push(Value::Null);
            }
            &mut items[at]
        }
    };
    insert(child, rest, value);
}

fn rebuild(fields: &Value) -> Value {
    let mut object = Value::Null;
    for field in fields.as_array().unwrap() {
        // A null that was inserted is told from a place that was not: it is wrapped until the end.
        insert(
            &mut object,
            &steps(field["path"].as_str().unwrap()),
            json!({ "\0": field["value"] }),
        );
    }
    unwrap(object)
}

fn unwrap(value: Value) -> Value {
    match value {
        Value::Object(mut map) if map.contains_key("\0") => map["\0"].take(),
        Value::Object(map) => {
            map.into_iter().map(|(key, value)| (key, unwrap(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(unwrap).collect(),
        other => other,
    }
}

/// What a context says at a place; fields given as YAML text are entered.
fn said(context: &Value, path: &str) -> Value {
    let steps = steps(path);
    let mut node = context.clone();
    for step in steps {
        if let Value::String(text) = &node {
            node =
                serde_json::from_str(&json(&read::read_yaml(text, Source::Context).unwrap().root))
                    .unwrap();
        }
        node = match step {
            Value::String(key) => node[key].take(),
            position => node[usize::try_from(position.as_u64().unwrap()).unwrap()].take(),
        };
    }
    node
}

/// A field's story without the paths, which a patch may move.
fn story(values: &[Value]) -> String {
    let tell = |value: &Value| format!("{} {} {}", value["value"], value["layer"], value["from"]);
    values.iter().map(tell).collect::<Vec<_>>().join(" <- ")
}

/// All that must hold of an explanation, whatever the context.
fn check(context: &Value) -> Result<(), Value> {
    let text = context.to_string();
    let (rendered, explained) = match (render(&text), explain(&text)) {
        (Ok(rendered), Ok(explained)) => (rendered, explained),
        (Err(problems), Err(same)) => {
            assert_eq!(answer::failure(&problems), answer::failure(&same));
            return Err(serde_json::from_str(&answer::failure(&problems)).unwrap());
        }
        _ => panic!("render and explain do not agree about {context:#}"),
    };
    let rendered: Value = serde_json::from_str(&answer::rendered(&rendered)).unwrap();
    let explained: Value = serde_json::from_str(&explained).unwrap();
    assert_eq!(rendered["warnings"], explained["warnings"]);
    let (objects, explanations) =
        (rendered["manifests"].as_object().unwrap(), explained["manifests"].as_object().unwrap());
    assert_eq!(objects.keys().collect::<Vec<_>>(), explanations.keys().collect::<Vec<_>>());
    for (role, object) in objects {
        let explanation = &explanations[role];
        // Every leaf once, with its value, in its order.
        let rebuilt = rebuild(&explanation["fields"]);
        assert_eq!(format!("{object:#}"), format!("{rebuilt:#}"), "{role} of {context:#}");
        for field in explanation["fields"]
            .as_array()
            .unwrap()
            .iter()
            .chain(explanation["removed"].as_array().unwrap())
        {
            check_layers(context, field);
        }
    }
    check_patch(context, &explained);
    Ok(())
}

/// Layers come one after the other, and what a template is said to have set stands there.
fn check_layers(context: &Value, field: &Value) {
    let values: Vec<&Value> = field["replaced"].as_array().unwrap().iter().chain([field]).collect();
    let layers: Vec<usize> = values
        .iter()
        .map(|value| LAYERS.iter().position(|layer| value["layer"] == *layer).unwrap())
        .collect();
    assert!(layers.is_sorted_by(|a, b| a < b), "{field:#} in {context:#}");
    for value in values {
        let layer = value["layer"].as_str().unwrap();
        match value["from"].as_str() {
            // Only what the patch removes from a list or mapping leaves it empty where the template did not.
            Some(from) if layer.ends_with("_template") || layer == "emergency_patch" => {
                assert!(from.starts_with(layer), "{field:#}");
                let is_empty = value["value"] == json!({}) || value["value"] == json!([]);
                assert!(
                    is_empty || said(context, from) == value["value"],
                    "{field:#} in {context:#}"
                );
            }
            Some(from) => assert!(!said(context, from).is_null(), "{field:#} in {context:#}"),
            None => assert!(matches!(layer, "base" | "platform"), "{field:#}"),
        }
    }
}

/// Without the patch, the fields are what it replaced, what it removed, and what it left alone.
fn check_patch(context: &Value, explained: &Value) {
    let mut calm = context.clone();
    calm.as_object_mut().unwrap().remove("emergency_patch");
    let calm: Value =
        serde_json::from_str(&explain(&calm.to_string()).unwrap_or_default()).unwrap_or_default();
    // A patch can mend what is wrong without it.
    let Some(calm) = calm["manifests"].as_object() else { return };
    for (role, calm) in calm {
        let mut expected: Vec<String> = calm["fields"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|field| whole_story(field, true))
            .collect();
        let explanation = &explained["manifests"][role];
        let (fields, removed) = (&explanation["fields"], &explanation["removed"]);
        let mut told: Vec<String> = fields
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|field| whole_story(field, true))
            .collect();
        told.extend(
            removed.as_array().unwrap().iter().filter_map(|field| whole_story(field, false)),
        );
        expected.sort();
        told.sort();
        assert_eq!(expected, told, "{role} of {context:#}");
    }
}

/// What was before the emergency patch; empty lists and mappings come and go with what is in them.
fn whole_story(field: &Value, standing: bool) -> Option<String> {
    let mut values = field["replaced"].as_array().unwrap().clone();
    if field["layer"] == "emergency_patch" {
        assert!(standing, "a value of the patch is removed: {field:#}");
    } else {
        values.push(field.clone());
    }
    let is_empty = |value: &Value| value["value"] == json!({}) || value["value"] == json!([]);
    values.last().is_some_and(|value| !is_empty(value)).then(|| story(&values))
}

#[test]
fn explains_every_recorded_case() {
    let files =
        fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")).unwrap();
    let mut right = 0;
    for file in files
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
    {
        let case: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        right += usize::from(check(&case["context"]).is_ok());
    }
    assert!(right >= 80, "{right}");
}

/// Templates and patches of parts that meet each other: lists with keys and without, deletions, text and numbers.
fn contexts() -> impl Strategy<Value = Value> {
    let pick = |parts: &'static [&'static str]| {
        proptest::sample::subsequence(parts, 0..=parts.len())
            .prop_map(|parts| format!("{{{}}}", parts.join(", ")))
    };
    let deployment = pick(&[
        "metadata: {labels: {a: b, app.kubernetes.io/name: x}, annotations: {k: ''}, namespace: n}",
        "spec: {minReadySeconds: 5, template: {spec: {terminationGracePeriodSeconds: 30, nodeSelector: {a: b, c: d}, \
         tolerations: [&t {key: a, operator: Exists}, *t, {key: b, operator: Exists}], \
         containers: [{name: side, image: 's:1', args: [x, &y y, *y], env: [{name: A, value: '1'}], \
         ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53, name: dns}]}], \
         volumes: [{name: own, emptyDir: {}}]}}}",
    ]);
    let container = pick(&[
        "imagePullPolicy: Always",
        "env: [{name: A, value: a}, {name: B, value: b}, {name: C, value: c}]",
        "volumeMounts: [{name: pipeline-config, mountPath: /other}]",
        "args: [first]",
        "resources: {limits: {cpu: 2}}",
        "securityContext: {runAsUser: 1, capabilities: {drop: [ALL]}}",
    ]);
    let metadata = pick(&[
        "labels: {a: c, env: null}",
        "annotations: {new: x}",
        "namespace: null",
        "namespace: other",
    ]);
    let patched = pick(&[
        "image: 'other:2'",
        "env: [{name: B, $patch: delete}]",
        "env: [{$patch: replace}, {name: Z, value: z}]",
        "env: [{name: C, value: d}, {name: D, value: d}]",
        "args: [{$patch: replace}, -n, x]",
        "args: [last]",
        "volumeMounts: [{mountPath: /tmp, name: pipeline-config}]",
        "volumeMounts: [{mountPath: /etc/pipeline-config, $patch: delete}]",
        "command: [{$patch: replace}, sh]",
        "resources: {limits: {memory: 8Gi, cpu: null}}",
        "securityContext: null",
        "livenessProbe: {$patch: delete}",
        "livenessProbe: {exec: {$patch: replace, command: ['true']}, periodSeconds: 99}",
    ]);
    let pod = pick(&[
        "containers: [{name: side, $patch: delete}]",
        "containers: [{name: side, ports: [{containerPort: 53, name: dns2}], args: [z]}]",
        "nodeSelector: {a: null, e: f}",
        "nodeSelector: {$patch: replace, g: h}",
        "tolerations: [{key: c, operator: Exists}]",
        "tolerations: [{$patch: replace}]",
        "volumes: [{name: own, $patch: delete}]",
        "terminationGracePeriodSeconds: 60",
        "initContainers: [{name: init, image: 'i:1'}]",
    ]);
    let spec = pick(&["replicas: 9", "minReadySeconds: null", "paused: true"]);
    let patch = (metadata, pod, patched, spec).prop_map(|(metadata, pod, patched, spec)| {
        let inside = |map: &str| map[1..map.len() - 1].to_owned();
        // YAML takes a key once only: of two lists of containers the last one counts.
        let mut spec = inside(&spec);
        let separator = if spec.is_empty() { "" } else { ", " };
        let (mut pod, patched) =
            (inside(&pod), format!("{{name: pipeline-consumer, {}", &patched[1..]));
        if let Some(at) = pod.find("containers: [") {
            pod.insert_str(at + "containers: [".len(), &format!("{patched}, "));
        } else {
            let separator = if pod.is_empty() { "" } else { ", " };
            pod = format!("{pod}{separator}containers: [{patched}]");
        }
        spec = format!("{spec}{separator}template: {{spec: {{{pod}}}}}");
        format!("{{metadata: {metadata}, spec: {{{spec}}}}}")
    });
    let rest = (1_u32..4, any::<bool>(), any::<bool>(), 1_u32..3);
    (deployment, container, proptest::option::of(patch), rest).prop_map(|(deployment, container, patch, rest)| {
        let (replicas, with_canary, probe, processes) = rest;
        let mut context = json!({
            "service_name": "My_Service", "pipeline_name": "p.q", "segment_id": 0, "pipeline_module": "a/b.py",
            "image_name": "a:1", "cpu_per_process": 1000, "memory_per_process": 512,
            "deployment_template": deployment, "container_template": container, "replicas": replicas,
            "with_canary": with_canary, "enable_liveness_probe": probe,
            "pipeline_config": {"pipeline": {"segments": [
                {"steps_config": {"a": {"parallelism": {"multi_process": {"processes": processes}}}}}
            ]}},
        });
        if let Some(patch) = patch {
            context["emergency_patch"] = patch.into();
        }
        context
    })
}

/// Templates with a key twice, and patches that Kubernetes would refuse, are refused alike by both calls.
#[test]
fn explains_contexts_that_nobody_thought_of() {
    let right = std::cell::Cell::new(0);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        proptest::test_runner::Config {
            cases: 512,
            failure_persistence: None,
            ..Default::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    runner
        .run(&contexts(), |context| {
            right.set(right.get() + u32::from(check(&context).is_ok()));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(right.get() > 150, "only {} contexts were right", right.get());
}
