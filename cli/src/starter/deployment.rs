//! A context that renders to what a Deployment is.

use super::Starter;
use crate::compare::read_amount;
use anyhow::{Context as _, bail, ensure};
use sentry_streams_k8s::read as document;
use sentry_streams_k8s::value::Source;
use sentry_streams_k8s::write::json;
use serde_json::{Map, Value, json};

/// The container of the consumer, where nobody gave it a name of its own.
const CONTAINER: &str = "pipeline-consumer";

/// What it runs.
const RUNNER: &str = "sentry_streams.runner";

/// Where a Deployment has its containers.
const CONTAINERS: &str = "/spec/template/spec/containers";

/// Labels that the macro sets.
const LABELS: [&str; 5] = ["pipeline-app", "pipeline", "service", "env", "pipeline-segment"];

/// Annotations that tools set.
const ANNOTATIONS: [&str; 4] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "kubectl.kubernetes.io/restartedAt",
    "deployment.kubernetes.io/revision",
    "configVersion",
];

/// Volumes that the macro adds.
const VOLUMES: [&str; 3] = ["pipeline-config", "liveness-health", "dshm"];

/// Fields of the consumer's container that the macro sets.
const OF_CONTAINER: [&str; 7] =
    ["name", "image", "command", "args", "resources", "livenessProbe", "imagePullPolicy"];

/// The value of a YAML or JSON text.
pub(super) fn value_of(text: &str) -> anyhow::Result<Value> {
    match document::read(text, Source::Context) {
        Ok(document) => Ok(serde_json::from_str(&json(&document.root))?),
        Err(problems) => {
            let reason = problems.first().map(|problem| problem.message.clone());
            bail!("{}", reason.unwrap_or_default())
        }
    }
}

/// What is at a place of a value, as a JSON Pointer names it; null where nothing is.
fn at<'v>(value: &'v Value, place: &str) -> &'v Value {
    value.pointer(place).unwrap_or(&Value::Null)
}

/// What a Deployment says of its context. What a server adds to it is left out.
pub(crate) fn of_deployment(text: &str) -> anyhow::Result<Starter> {
    let mut deployment = value_of(text)?;
    if at(&deployment, "/kind") == "List" {
        let items = at(&deployment, "/items").as_array().map(Vec::as_slice).unwrap_or_default();
        let found = items.iter().find(|item| at(item, "/kind") == "Deployment").cloned();
        deployment = found.context("there is no Deployment in the list")?;
    }
    ensure!(
        at(&deployment, "/kind") == "Deployment",
        "expected a Deployment, got {}",
        at(&deployment, "/kind")
    );

    let mut starter = Starter::default();
    let fields = &mut starter.fields;
    let mut set = |field: &str, value: Value| {
        if !value.is_null() {
            fields.insert(field.to_owned(), value);
        }
    };
    let labels = at(&deployment, "/metadata/labels").clone();
    set("service_name", at(&labels, "/service").clone());
    set("pipeline_name", at(&labels, "/pipeline").clone());
    set("replicas", at(&deployment, "/spec/replicas").clone());

    let index = consumer_of(&deployment).context("the Deployment has no containers")?;
    let containers = deployment.pointer_mut(CONTAINERS).and_then(Value::as_array_mut);
    let containers = containers.context("the Deployment has no containers")?;
    let mut container = containers.remove(index);

    set("image_name", at(&container, "/image").clone());
    if at(&container, "/name") != CONTAINER {
        set("container_name", at(&container, "/name").clone());
    }
    arguments(at(&container, "/args"), &mut set);
    let requests = at(&container, "/resources/requests");
    set("cpu_per_process", json!(amount(at(requests, "/cpu"), 1000)));
    let memory =
        [requests, at(&container, "/resources/limits")].map(|of| amount(at(of, "/memory"), 1));
    let memory = memory.into_iter().flatten().max().map(|bytes| ceiling(bytes, 1 << 20));
    set("memory_per_process", json!(memory));

    remove(&mut container, &OF_CONTAINER);
    without_managed(container.get_mut("volumeMounts"));
    set("container_template", without_nothing(container).unwrap_or_else(|| json!({})));
    set("deployment_template", template(deployment));
    Ok(starter)
}

/// Gives each process its part of what the Deployment has for all of them. How many there are shows in what the macro
/// renders with what there is for all: it multiplies.
pub(crate) fn share(starter: &mut Starter, rendered: &str) -> anyhow::Result<()> {
    let rendered = value_of(rendered)?;
    let index = consumer_of(&rendered).unwrap_or_default();
    let cpu = rendered.pointer(&format!("{CONTAINERS}/{index}/resources/requests/cpu"));
    let all = cpu.and_then(|cpu| amount(cpu, 1000)).unwrap_or_default();
    let given = starter.fields.get("cpu_per_process").and_then(Value::as_i64).unwrap_or_default();
    let processes = all.checked_div(i128::from(given)).unwrap_or(1);

    for field in ["cpu_per_process", "memory_per_process"] {
        if let Some(value) = starter.fields.get_mut(field) {
            let whole = value.as_i64().unwrap_or_default();
            *value = json!(i64::try_from(ceiling(whole.into(), processes.max(1)))?);
        }
    }
    Ok(())
}

/// Which container is the consumer's: the one of its name, or that runs the runner, or the first.
fn consumer_of(deployment: &Value) -> Option<usize> {
    let containers = deployment.pointer(CONTAINERS)?.as_array()?;
    let is_named = |container: &Value| at(container, "/name") == CONTAINER;
    let runs = |container: &Value| at(container, "/command").to_string().contains(RUNNER);
    let at = containers.iter().position(is_named).or_else(|| containers.iter().position(runs));
    at.or_else(|| (!containers.is_empty()).then_some(0))
}

/// What the runner's arguments say.
fn arguments(list: &Value, set: &mut dyn FnMut(&str, Value)) {
    let arguments = list.as_array().map(Vec::as_slice).unwrap_or_default();
    for pair in arguments.windows(2) {
        let [option, value] = pair else { continue };
        match option.as_str() {
            Some("-n" | "--name") => set("pipeline_name", value.clone()),
            Some("--log-level") => set("log_level", value.clone()),
            Some("--segment-id") => {
                let number = value.as_str().and_then(|text| text.parse::<u32>().ok());
                set("segment_id", json!(number));
            }
            _ => {}
        }
    }
    // The pipeline's file comes last.
    if arguments.iter().any(|argument| argument == "--config") {
        set("pipeline_module", arguments.last().cloned().unwrap_or_default());
    }
}

/// The Deployment less what the macro and a server set.
fn template(mut deployment: Value) -> Value {
    remove(&mut deployment, &["apiVersion", "kind", "status"]);
    if let Some(metadata) = deployment.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| ["namespace", "labels", "annotations"].contains(&key.as_str()));
    }
    for (place, keys) in [
        ("/spec", &["selector", "replicas"][..]),
        ("/spec/template/metadata", &["creationTimestamp", "name", "namespace"]),
        ("/metadata/labels", &LABELS),
        ("/metadata/annotations", &ANNOTATIONS),
        ("/spec/template/metadata/labels", &LABELS),
        ("/spec/template/metadata/annotations", &ANNOTATIONS),
    ] {
        if let Some(value) = deployment.pointer_mut(place) {
            remove(value, keys);
        }
    }
    without_managed(deployment.pointer_mut("/spec/template/spec/volumes"));
    without_nothing(deployment).unwrap_or_else(|| json!({}))
}

/// Leaves out the volumes that the macro adds, or their mounts.
fn without_managed(list: Option<&mut Value>) {
    if let Some(items) = list.and_then(Value::as_array_mut) {
        items.retain(|item| !VOLUMES.iter().any(|name| at(item, "/name") == *name));
    }
}

fn remove(value: &mut Value, keys: &[&str]) {
    if let Some(map) = value.as_object_mut() {
        map.retain(|key, _| !keys.contains(&key.as_str()));
    }
}

/// A value without nulls, and without mappings and lists that are empty then.
fn without_nothing(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Object(map) => {
            let was_empty = map.is_empty();
            let map: Map<String, Value> = map
                .into_iter()
                .filter_map(|(key, value)| Some((key, without_nothing(value)?)))
                .collect();
            (was_empty || !map.is_empty()).then_some(Value::Object(map))
        }
        Value::Array(items) => {
            (!items.is_empty()).then(|| items.into_iter().filter_map(without_nothing).collect())
        }
        value => Some(value),
    }
}

/// An amount in so many parts of one, rounded up: `1500m` CPU are 1500 thousandths.
fn amount(amount: &Value, parts: i128) -> Option<i128> {
    let (digits, power) = read_amount(&match amount {
        Value::String(text) => text.clone(),
        amount => amount.to_string(),
    })?;
    let digits = digits.checked_mul(parts)?;
    let scale = 10_i128.checked_pow(power.unsigned_abs())?;
    if power >= 0 { digits.checked_mul(scale) } else { Some(ceiling(digits, scale)) }
}

/// How often a whole number goes into another, rounded up.
fn ceiling(number: i128, divisor: i128) -> i128 {
    let rest = number.checked_rem_euclid(divisor).unwrap_or_default();
    number.checked_div_euclid(divisor).unwrap_or_default().saturating_add(i128::from(rest > 0))
}
