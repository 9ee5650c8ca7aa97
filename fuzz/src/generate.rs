//! Contexts that are right for the most part, so that the fuzzer reaches what comes after the checks.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use sentry_streams_k8s::kubernetes::Kind;
use sentry_streams_k8s::kubernetes::schema::{Field, Object, Shape, Type};
use serde_json::{Map, Value, json};

/// How deep generated objects are nested.
const DEPTH: usize = 9;

/// Names of which objects, containers, volumes and mounts are made; few, so that they meet.
const NAMES: &[&str] =
    &["a", "b", "consumer", "pipeline-consumer", "pipeline-config", "liveness-health", "dshm", "env"];

/// Texts that mean something to a rule or a reader.
const TEXTS: &[&str] = &[
    "/tmp",
    "/etc/a",
    "/dev/shm",
    "TCP",
    "UDP",
    "Always",
    "Never",
    "Memory",
    "RollingUpdate",
    "Recreate",
    "Exists",
    "In",
    "NoSchedule",
    "25%",
    "80",
    "http",
    "HTTP",
    "example.com/a",
    "yes",
    "1e3",
    "22:22",
    "2024-01-01",
    "null",
    "~",
    "<<",
    "",
    " ",
    "a: b",
    "\"",
    "'",
    "\\",
    "\n",
    "a\nb\n",
    "é",
    "😀",
    "\u{85}",
    "\u{2028}",
    "\u{1b}[31m",
    "\0",
    "metadata.name",
    "$(A)",
    "$patch",
    "delete",
    "replace",
    "127.0.0.1",
    "RuntimeDefault",
    "ClusterFirst",
];

const QUANTITIES: &[&str] =
    &["0", "1", "500m", "1Gi", "1.5", "512Mi", "1e3", "-1", "100k", "0.1", "9223372036854775807"];

/// A choice of a slice.
fn of<'s>(u: &mut Unstructured<'_>, texts: &[&'s str]) -> Result<&'s str> {
    u.choose(texts).copied()
}

/// A text: most often a name, now and then anything.
pub fn text(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=7)? {
        0 => u.arbitrary::<&str>()?.chars().take(80).collect(),
        1..=3 => of(u, TEXTS)?.to_owned(),
        _ => of(u, NAMES)?.to_owned(),
    })
}

/// A number, of any form JSON has.
pub fn number(u: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match u.int_in_range(0..=5)? {
        0 => {
            let digits = "9".repeat(u.int_in_range(1..=60)?);
            serde_json::from_str(&digits).unwrap_or(Value::Null)
        }
        1 => json!(u.arbitrary::<i64>()?),
        2 => {
            let float = f64::from_bits(u.arbitrary()?);
            serde_json::Number::from_f64(float).map_or(Value::Null, Value::Number)
        }
        _ => json!(u.int_in_range(0..=9)?),
    })
}

/// Any JSON value.
pub fn value(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(match u.int_in_range(0..=if depth == 0 { 4 } else { 7 })? {
        0 => Value::Null,
        1 => json!(u.arbitrary::<bool>()?),
        2 => number(u)?,
        3 | 4 => json!(text(u)?),
        5 => Value::Array(several(u, 4, |u| value(u, depth.saturating_sub(1)))?),
        _ => Value::Object(several(u, 4, |u| Ok((text(u)?, value(u, depth.saturating_sub(1))?)))?),
    })
}

/// Up to so many of something.
fn several<T, C: FromIterator<T>>(
    u: &mut Unstructured<'_>,
    most: usize,
    mut one: impl FnMut(&mut Unstructured<'_>) -> Result<T>,
) -> Result<C> {
    let count = u.int_in_range(0..=most)?;
    (0..count).map(|_| one(u)).collect()
}

/// An object of the API: what it must have, and some of what it may.
fn object(u: &mut Unstructured<'_>, schema: &Object, depth: usize, without: &[&str]) -> Result<Value> {
    let mut map = Map::new();
    for field in schema.fields.iter().filter(|field| field.required) {
        map.insert(field.name.to_owned(), field_value(u, field, depth)?);
    }
    let may: Vec<&Field> =
        schema.fields.iter().filter(|field| !field.required && !without.contains(&field.name)).collect();
    for _ in 0..if may.is_empty() { 0 } else { u.int_in_range(0..=3)? } {
        let field = u.choose(&may)?;
        map.insert(field.name.to_owned(), field_value(u, field, depth)?);
    }
    if u.ratio(1, 40)? {
        map.insert(text(u)?, value(u, 2)?);
    }
    Ok(Value::Object(map))
}

fn field_value(u: &mut Unstructured<'_>, field: &Field, depth: usize) -> Result<Value> {
    if u.ratio(1, 60)? {
        return value(u, 2);
    }
    Ok(match field.shape {
        Shape::One(kind) => typed(u, kind, field.name, depth)?,
        Shape::List(kind) => Value::Array(several(u, 3, |u| typed(u, kind, field.name, depth))?),
        Shape::Map(kind) => Value::Object(several(u, 3, |u| Ok((text(u)?, typed(u, kind, field.name, depth)?)))?),
    })
}

fn typed(u: &mut Unstructured<'_>, kind: Type, name: &str, depth: usize) -> Result<Value> {
    Ok(match kind {
        Type::String if name == "name" => json!(of(u, NAMES)?),
        Type::String | Type::Bytes => json!(text(u)?),
        Type::Boolean => json!(u.arbitrary::<bool>()?),
        Type::Int32 | Type::Int64 => json!(u.int_in_range(0..=100)?),
        Type::Quantity => json!(of(u, QUANTITIES)?),
        Type::IntOrString if u.arbitrary()? => json!(of(u, &["25%", "http", "80"])?),
        Type::IntOrString => json!(u.int_in_range(1..=100)?),
        Type::Time => json!("2024-01-01T00:00:00Z"),
        Type::Any => json!({}),
        Type::Object(_) if depth == 0 => json!({}),
        Type::Object(schema) => object(u, schema, depth.saturating_sub(1), &[])?,
    })
}

/// The schema of what a way of fields leads to.
fn schema_at(names: &[&str]) -> &'static Object {
    names
        .iter()
        .fold(Object::of(Kind::Deployment), |object, name| object.field(name).and_then(Field::object).unwrap_or(object))
}

/// A part of a Deployment: metadata, settings, a pod with containers and volumes.
pub fn deployment(u: &mut Unstructured<'_>) -> Result<Value> {
    if u.ratio(1, 12)? {
        return object(u, schema_at(&[]), DEPTH, &[]);
    }
    let mut pod = object(u, schema_at(&["spec", "template", "spec"]), DEPTH, &["restartPolicy", "hostname"])?;
    if u.ratio(1, 2)? {
        pod["containers"] = Value::Array(several(u, 2, container)?);
    }
    if u.ratio(1, 2)? {
        pod["volumes"] = Value::Array(several(u, 2, |u| Ok(json!({"name": of(u, NAMES)?, "emptyDir": {}})))?);
    }
    let labels: Map<String, Value> = several(u, 2, |u| Ok((text(u)?, json!(text(u)?))))?;
    let mut deployment = json!({"spec": {"template": {"spec": pod}}});
    if u.arbitrary()? {
        deployment["metadata"] = json!({"labels": labels, "namespace": of(u, NAMES)?});
    }
    if u.arbitrary()? {
        deployment["spec"]["template"]["metadata"] = json!({"annotations": labels});
    }
    Ok(deployment)
}

/// A container.
pub fn container(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut container = object(u, schema_at(&["spec", "template", "spec", "containers"]), 4, &["resources"])?;
    if u.arbitrary()? {
        container["image"] = json!("a:1");
    }
    Ok(container)
}

/// An emergency patch: a part of a Deployment in which values are missing or directives stand.
pub fn patch(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut patch = deployment(u)?;
    disturb(u, &mut patch)?;
    Ok(patch)
}

fn disturb(u: &mut Unstructured<'_>, node: &mut Value) -> Result<()> {
    match node {
        Value::Object(map) => {
            for value in map.values_mut() {
                if u.ratio(1, 20)? {
                    *value = Value::Null;
                }
                disturb(u, value)?;
            }
            if u.ratio(1, 15)? {
                map.insert("$patch".to_owned(), json!(of(u, &["delete", "replace", "merge", "x"])?));
            }
        }
        Value::Array(items) => {
            for item in items.iter_mut() {
                disturb(u, item)?;
            }
            if u.ratio(1, 15)? {
                items.insert(0, json!({"$patch": "replace"}));
            }
        }
        _ => {}
    }
    Ok(())
}

/// A pipeline's configuration.
pub fn config(u: &mut Unstructured<'_>) -> Result<Value> {
    if u.ratio(1, 20)? {
        return value(u, 4);
    }
    let segments: Vec<Value> = several(u, 3, |u| {
        let steps: Map<String, Value> = several(u, 2, |u| {
            let mut step = json!({});
            if u.arbitrary()? {
                let processes = if u.ratio(1, 8)? { value(u, 1)? } else { json!(u.int_in_range(0..=5)?) };
                step["parallelism"] =
                    json!({"multi_process": {"processes": processes, "batch_size": 10, "batch_time": 0.5}});
            }
            if u.arbitrary()? {
                step[text(u)?] = value(u, 3)?;
            }
            Ok((text(u)?, step))
        })?;
        Ok(json!({"steps_config": steps}))
    })?;
    let mut config = json!({"pipeline": {"segments": segments}});
    if u.arbitrary()? {
        config["env"] = several::<_, Map<_, _>>(u, 3, |u| Ok((text(u)?, json!(text(u)?))))?.into();
    }
    if u.ratio(1, 4)? {
        config[text(u)?] = value(u, 3)?;
    }
    Ok(config)
}

/// A JSON Schema of the keywords that the macro knows, and now and then of others.
pub fn schema(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    const TYPES: &[&str] = &["object", "array", "string", "integer", "number", "boolean", "null"];
    if depth == 0 || u.ratio(1, 20)? {
        return if u.arbitrary()? {
            Ok(json!({"$ref": of(u, &["#", "#/definitions/a", "#/definitions/b", "#/x"])?}))
        } else {
            value(u, 1)
        };
    }
    let below = depth.saturating_sub(1);
    let mut map = Map::new();
    for _ in 0..u.int_in_range(0..=4)? {
        let (keyword, value) = match u.int_in_range(0..=15)? {
            0 => ("type", json!(of(u, TYPES)?)),
            1 => ("type", json!(several::<_, Vec<_>>(u, 3, |u| of(u, TYPES))?)),
            2 => ("properties", Value::Object(several(u, 3, |u| Ok((text(u)?, schema(u, below)?)))?)),
            3 => ("definitions", json!({"a": schema(u, below)?, "b": schema(u, below)?})),
            4 => {
                ("additionalProperties", if u.arbitrary()? { json!(u.arbitrary::<bool>()?) } else { schema(u, below)? })
            }
            5 => ("items", schema(u, below)?),
            6 => ("required", json!(several::<_, Vec<_>>(u, 3, text)?)),
            7 => ("enum", Value::Array(several(u, 3, |u| value(u, 2))?)),
            8 => ("minimum", number(u)?),
            9 => ("maximum", number(u)?),
            10 => (
                of(u, &["minItems", "maxItems", "minLength", "maxLength", "minProperties"])?,
                json!(u.int_in_range(0..=4)?),
            ),
            11 => ("$ref", json!(of(u, &["#", "#/definitions/a", "#/definitions/b", "#/properties/pipeline"])?)),
            12 => (of(u, &["anyOf", "oneOf", "allOf"])?, Value::Array(several(u, 3, |u| schema(u, below))?)),
            13 => ("const", value(u, 2)?),
            14 => ("description", json!(text(u)?)),
            _ => (of(u, &["pattern", "not", "if", "format", "default", "title", "$schema"])?, value(u, 1)?),
        };
        map.insert(keyword.to_owned(), value);
    }
    Ok(Value::Object(map))
}

/// A context that is right, and in which nothing stands that need not.
pub fn plain_context() -> Value {
    json!({
        "service_name": "my-service",
        "pipeline_name": "profiles",
        "pipeline_module": "pipeline.py",
        "image_name": "example.com/image:1",
        "cpu_per_process": 1000,
        "memory_per_process": 512,
        "segment_id": 0,
        "deployment_template": {},
        "container_template": {},
        "pipeline_config": {"pipeline": {"segments": [{"steps_config": {}}]}},
    })
}

/// A whole context as a value.
pub fn context(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut context = plain_context();
    // What decides most stands first: the fuzzer's bytes are used up from the front.
    let flags: u16 = u.arbitrary()?;
    let is_set = |bit: u32| flags & 1_u16.wrapping_shl(bit) != 0;
    let mut set = |u: &mut Unstructured<'_>, field: &str, value: Value| -> Result<()> {
        // A field that may be text is text now and then.
        context[field] = if u.ratio(1, 3)? { as_text(u, &value)? } else { value };
        Ok(())
    };
    for (bit, field, make) in [
        (0, "deployment_template", deployment as fn(&mut Unstructured<'_>) -> Result<Value>),
        (1, "container_template", container),
        (2, "emergency_patch", patch),
    ] {
        let value = if is_set(bit) { make(u)? } else { json!({}) };
        set(u, field, value)?;
    }
    let value = config(u)?;
    set(u, "pipeline_config", value)?;
    for (bit, field) in
        [(3, "with_canary"), (4, "enable_liveness_probe"), (5, "segment_label"), (6, "allow_unknown_fields")]
    {
        context[field] = json!(is_set(bit));
    }
    context["replicas"] = json!(u.int_in_range(0..=4)?);
    if is_set(7) {
        context["segment_id"] = json!(u.int_in_range(0..=3)?);
    }
    if is_set(8) {
        context["container_name"] = json!(of(u, NAMES)?);
    }
    if is_set(9) {
        context["log_level"] = json!(of(u, &["DEBUG", "INFO", "debug", "x"])?);
    }
    if is_set(10) {
        context[of(u, &["cpu_per_process", "memory_per_process"])?] = number(u)?;
    }
    if is_set(11) {
        context["kubernetes_version"] = json!(of(u, &["1.28", "1.31", "v1.34.2", "1.37", "1.99"])?);
        context["feature_gates"] = json!(several::<_, Vec<_>>(u, 2, |u| of(u, &["EnvFiles", "ImageVolume", "x"]))?);
        context["silence"] = json!(several::<_, Vec<_>>(u, 2, |u| of(u, &["duplicate-env", "managed-field", "x"]))?);
    }
    if is_set(12) && is_set(13) {
        context[of(u, &["service_name", "pipeline_name", "pipeline_module", "image_name"])?] = json!(text(u)?);
    }
    if flags >= 0xf000 {
        context[text(u)?] = value_or_nothing(u)?;
    }
    if is_set(14) && is_set(13) {
        context = json!({
            "apiVersion": "streams.sentry.io/v1alpha1", "kind": "StreamingPipeline",
            "metadata": {"name": "profiles"}, "spec": context,
        });
    }
    Ok(context)
}

fn value_or_nothing(u: &mut Unstructured<'_>) -> Result<Value> {
    if u.is_empty() { Ok(Value::Null) } else { value(u, 3) }
}

/// A value as text that a field may hold instead: JSON or YAML.
fn as_text(u: &mut Unstructured<'_>, value: &Value) -> Result<Value> {
    if u.arbitrary()? {
        return Ok(json!(value.to_string()));
    }
    Ok(crate::write_yaml(value).map_or(Value::Null, Value::String))
}
