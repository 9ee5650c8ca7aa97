//! The `CustomResourceDefinition`, made from the schema of the context.
//!
//! A cluster takes less of JSON Schema than there is: no references, no alternatives of type, no text in place of a
//! mapping. What is left out here the component still checks, and says it with path and cure; so the spec also keeps
//! fields that the definition does not know.

use crate::names::{GROUP, KIND, PLURAL, VERSION};
use anyhow::Context;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// The schema of the context, from which the spec is made.
const SCHEMA: &str = include_str!("../context.schema.json");

/// The definition as YAML text.
pub(crate) fn text() -> anyhow::Result<String> {
    let yaml = serde_saphyr::to_string(&Plain(&definition()?))?;
    Ok(format!(
        "# Made by `streams-k8s-operator crd` from the schema of the context; do not edit.\n{}\n",
        yaml.trim_end()
    ))
}

/// A value whose numbers any writer knows: those of the JSON library, of any size, only it does itself.
struct Plain<'a>(&'a Value);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Number(number) => match number.as_i64() {
                Some(whole) => serializer.serialize_i64(whole),
                None => serializer.serialize_f64(number.as_f64().unwrap_or_default()),
            },
            Value::Array(items) => serializer.collect_seq(items.iter().map(Plain)),
            Value::Object(map) => {
                serializer.collect_map(map.iter().map(|(key, value)| (key, Plain(value))))
            }
            other => other.serialize(serializer),
        }
    }
}

/// The name of the definition.
pub(crate) fn name() -> String {
    format!("{PLURAL}.{GROUP}")
}

/// The definition.
pub(crate) fn definition() -> anyhow::Result<Value> {
    let schema = serde_json::from_str(SCHEMA).context("the context's schema is no JSON")?;
    let column = |name: &str, kind: &str, path: &str, priority: u8| json!({ "name": name, "type": kind, "jsonPath": path, "priority": priority });
    let ready = |field: &str| format!(".status.conditions[?(@.type==\"Ready\")].{field}");
    Ok(json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": name() },
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": KIND,
                "listKind": format!("{KIND}List"),
                "plural": PLURAL,
                "singular": "streamingpipeline",
                "shortNames": ["spipe"],
                "categories": ["streams"],
            },
            "versions": [{
                "name": VERSION,
                "served": true,
                "storage": true,
                "additionalPrinterColumns": [
                    column("Ready", "string", &ready("status"), 0),
                    column("Status", "string", &ready("reason"), 0),
                    column("Replicas", "integer", ".spec.replicas", 0),
                    column("Ready Replicas", "integer", ".status.ready_replicas", 0),
                    column("Age", "date", ".metadata.creationTimestamp", 0),
                    column("Segment", "integer", ".spec.segment_id", 1),
                    column("Image", "string", ".spec.image_name", 1),
                    column("Config", "string", ".status.config_version", 1),
                    column("Message", "string", &ready("message"), 1),
                ],
                "subresources": {
                    "status": {},
                    "scale": {
                        "specReplicasPath": ".spec.replicas",
                        "statusReplicasPath": ".status.total_replicas",
                        "labelSelectorPath": ".status.selector",
                    },
                },
                "schema": {
                    "openAPIV3Schema": {
                        "description": "One segment of a Sentry Streams pipeline: the cluster holds the Deployments \
                                        and the ConfigMap that the Consumer Macro renders of it.",
                        "type": "object",
                        "required": ["spec"],
                        "properties": { "spec": spec(&schema)?, "status": status() },
                    },
                },
            }],
        },
    }))
}

fn spec(schema: &Value) -> anyhow::Result<Value> {
    let at = |pointer: &str| {
        schema.pointer(pointer).with_context(|| format!("the context's schema has no {pointer}"))
    };
    let fields =
        at("/definitions/fields/properties")?.as_object().context("fields are not a mapping")?;
    let properties: Map<_, _> = fields
        .iter()
        .map(|(name, field)| {
            Ok((
                name.clone(),
                property(schema, field).with_context(|| format!("the field {name}"))?,
            ))
        })
        .collect::<anyhow::Result<_>>()?;
    let description = at("/description")?.as_str().unwrap_or_default();
    Ok(json!({
        "description": format!("{description} Fields that are not listed are kept, and refused in the status."),
        "type": "object",
        "required": at("/definitions/streaming_pipeline/properties/spec/required")?,
        "properties": properties,
        // Else a misspelled field vanishes before anyone can say so.
        "x-kubernetes-preserve-unknown-fields": true,
    }))
}

/// A field's schema as a cluster takes it: of its alternatives, the one that is no text.
fn property(schema: &Value, field: &Value) -> anyhow::Result<Value> {
    let resolved = resolve(schema, field)?;
    let mut made = Map::new();
    let mut put = |key: &str, value: &Value| drop(made.insert(key.to_owned(), value.clone()));
    let kind = kind(&resolved)?;
    put("type", &json!(kind));

    if let Some(description) = field.get("description") {
        put("description", description);
    }
    if let Some(default) =
        field.get("default").filter(|default| !default.is_object() && !default.is_array())
    {
        put("default", default);
    }
    match kind {
        "object" => put("x-kubernetes-preserve-unknown-fields", &json!(true)),
        "array" => put(
            "items",
            &property(schema, resolved.get("items").context("its items have no schema")?)?,
        ),
        "boolean" => {}
        _ => {
            for key in ["enum", "minimum", "maximum", "minLength", "maxLength", "pattern"] {
                if let Some(value) = resolved.get(key) {
                    put(key, value);
                }
            }
        }
    }
    if allows_null(&resolved) {
        put("nullable", &json!(true));
    }
    Ok(Value::Object(made))
}

/// A schema with its references followed, and of alternatives the first that is no text.
fn resolve(schema: &Value, field: &Value) -> anyhow::Result<Value> {
    let mut resolved = field.as_object().cloned().unwrap_or_default();
    for _ in 0..8 {
        let next = if let Some(name) = resolved.get("$ref").and_then(Value::as_str) {
            let pointer = name.trim_start_matches('#');
            Some(schema.pointer(pointer).with_context(|| format!("there is no {name}"))?.clone())
        } else if let Some(parts) = resolved.get("allOf").and_then(Value::as_array) {
            parts.first().cloned()
        } else if let Some(forms) = resolved.get("anyOf").and_then(Value::as_array) {
            let types: Vec<_> = forms.iter().filter_map(|form| form.get("type")).cloned().collect();
            let mut first = forms.first().cloned().unwrap_or_default();
            let is_nullable = types.iter().any(|kind| kind == "null");
            if let (Some(first), true) = (first.as_object_mut(), is_nullable) {
                let kind = first.remove("type").unwrap_or_default();
                first.insert("type".to_owned(), json!([kind, "null"]));
            }
            Some(first)
        } else {
            None
        };
        let Some(next) = next else { return Ok(Value::Object(resolved)) };
        for key in ["$ref", "allOf", "anyOf"] {
            resolved.remove(key);
        }
        resolved.extend(next.as_object().cloned().unwrap_or_default());
    }
    anyhow::bail!("references go too deep")
}

/// The type that a cluster is to know.
fn kind(resolved: &Value) -> anyhow::Result<&str> {
    let kinds = match resolved.get("type") {
        Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
        Some(kind) => kind.as_str(),
        None => resolved.get("enum").map(|_| "string"),
    };
    kinds.context("it has no type")
}

fn allows_null(resolved: &Value) -> bool {
    // A condition that may be null is false then, as it is by default.
    let kinds = resolved.get("type").and_then(Value::as_array);
    kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"))
}

fn status() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let number = |description: &str| json!({ "type": "integer", "description": description });
    let problem = json!({
        "type": "object",
        "properties": {
            "code": text("What kind of problem it is, for programs."),
            "path": text("Its place in this object."),
            "message": text("What is wrong."),
            "help": text("What to do about it."),
        },
    });
    json!({
        "description": "What became of the spec. Written by the operator.",
        "type": "object",
        "x-kubernetes-preserve-unknown-fields": true,
        "properties": {
            "observedGeneration": number("The generation of the spec that this is about."),
            "conditions": {
                "description": "Ready: everything asked for runs. Reconciling: it is on its way. Stalled: somebody has \
                                to do something. Rendered: the spec is right. Applied: the objects are as it says.",
                "type": "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["type"],
                "items": {
                    "type": "object",
                    "required": ["type", "status"],
                    "properties": {
                        "type": text("Which condition."),
                        "status": text("True, False or Unknown."),
                        "reason": text("Why, for programs."),
                        "message": text("Why, for people."),
                        "observedGeneration": number("The generation of the spec that it is about."),
                        "lastTransitionTime": text("When the status last became what it is."),
                    },
                },
            },
            "config_version": text("Changes when the pipeline's configuration does."),
            "replicas": {
                "description": "How many pods are asked for in each Deployment.",
                "type": "object",
                "properties": { "primary": number("The primary Deployment."), "canary": number("The canary.") },
            },
            "total_replicas": number("How many pods there are."),
            "ready_replicas": number("How many of them are ready."),
            "selector": text("Selects the pipeline's pods; for autoscalers."),
            "workload_namespace": text("Where the objects are."),
            "inventory": {
                "description": "The objects, as they were when last applied.",
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "kind": text("The object's kind."),
                        "namespace": text("Its namespace."),
                        "name": text("Its name."),
                        "uid": text("Its uid."),
                        "revision": text("Its generation, or a digest where it has none."),
                    },
                },
            },
            "problems": {
                "description": "Everything wrong with the spec, at most 20.", "type": "array", "items": problem.clone(),
            },
            "warnings": {
                "description": "What is legal but suspicious, at most 20.", "type": "array", "items": problem,
            },
            "requested_at": text("The last value of the annotation streams.sentry.io/requested-at that was followed."),
        },
    })
}

#[cfg(test)]
mod charts;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_definition_is_the_one_made_here() {
        let committed = include_str!("../manifests/crd.yaml");
        assert_eq!(text().unwrap(), committed, "run `make operator-crd`");
    }

    #[test]
    fn has_every_field_of_the_context_and_no_reference() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let spec = spec(&schema).unwrap();
        let fields = schema["definitions"]["fields"]["properties"].as_object().unwrap();
        assert_eq!(fields.len(), spec["properties"].as_object().unwrap().len());
        for word in ["$ref", "anyOf", "allOf", "additionalProperties", "const"] {
            assert!(!spec.to_string().contains(&format!("\"{word}\"")), "{word}");
        }
        assert!(!spec["required"].as_array().unwrap().contains(&json!("pipeline_name")));
        assert_eq!(spec["properties"]["replicas"]["maximum"], 2_147_483_647);
        assert_eq!(spec["properties"]["deployment_template"]["nullable"], true);
    }
}
