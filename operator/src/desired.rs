//! What should stand in the cluster: the rendered objects, with whose they are.

use crate::child::{Child, ObjectId, content_revision, digest, strings};
use crate::names::{DIGEST, GROUP, KIND, OWNER_NAME, OWNER_NAMESPACE, OWNER_UID, VERSION};
use crate::pipeline::Pipeline;
use sentry_streams_k8s_host::Manifest;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// An object as it should stand in the cluster.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Desired {
    /// Its key in the macro's result.
    pub(crate) role: String,
    pub(crate) id: ObjectId,
    pub(crate) object: Value,
    /// Labels and annotations, the digest among them.
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
    /// Whether the pipeline owns it by `ownerReferences` as well.
    is_owned: bool,
}

impl Desired {
    /// Whether an object has the labels, annotations and owner that it should.
    pub(crate) fn has_metadata(&self, child: &Child, owner_uid: &str) -> bool {
        child.labels.has(&self.labels)
            && child.annotations.has(&self.annotations)
            && (!self.is_owned || child.owners.iter().any(|uid| uid == owner_uid))
    }

    /// Whether another pipeline's object says the same as this one.
    pub(crate) fn has_content_of(&self, child: &Child) -> bool {
        // What has a generation runs something; two pipelines cannot share that.
        child.workload.is_none() && content_revision(&self.object) == child.revision
    }

    /// Where it is applied: what others read comes before what reads it.
    fn order(&self) -> u8 {
        u8::from(self.id.kind != "ConfigMap")
    }
}

/// The rendered objects in the order in which they are applied, each in `namespace` and marked as this pipeline's.
pub(crate) fn desired(
    pipeline: &Pipeline,
    rendered: &[Manifest],
    namespace: &str,
) -> serde_json::Result<Vec<Desired>> {
    let mut all = rendered
        .iter()
        .map(|manifest| {
            let object = serde_json::from_str(&manifest.json)?;
            Ok(mark(pipeline, manifest, object, namespace))
        })
        .collect::<serde_json::Result<Vec<_>>>()?;
    all.sort_by_key(Desired::order);
    Ok(all)
}

fn mark(
    pipeline: &Pipeline,
    manifest: &Manifest,
    mut object: Map<String, Value>,
    namespace: &str,
) -> Desired {
    let is_owned = namespace == pipeline.namespace;
    let metadata = map(&mut object, "metadata");
    metadata.insert("namespace".to_owned(), json!(namespace));

    let labels = map(metadata, "labels");
    labels.insert(OWNER_UID.to_owned(), json!(pipeline.uid));
    let labels = strings(metadata.get("labels"));

    let annotations = map(metadata, "annotations");
    annotations.insert(OWNER_NAME.to_owned(), json!(pipeline.name));
    annotations.insert(OWNER_NAMESPACE.to_owned(), json!(pipeline.namespace));

    if is_owned {
        let owner = json!({
            "apiVersion": format!("{GROUP}/{VERSION}"),
            "kind": KIND,
            "name": pipeline.name,
            "uid": pipeline.uid,
            "controller": true,
        });
        match metadata.get_mut("ownerReferences").and_then(Value::as_array_mut) {
            Some(owners) => owners.push(owner),
            None => drop(metadata.insert("ownerReferences".to_owned(), json!([owner]))),
        }
    }

    let mut object = Value::Object(object);
    let digest = digest(&object);
    if let Some(annotations) =
        object.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut)
    {
        annotations.insert(DIGEST.to_owned(), json!(digest));
    }
    Desired {
        role: manifest.role.clone(),
        id: ObjectId {
            kind: manifest.kind.clone(),
            namespace: namespace.to_owned(),
            name: manifest.name.clone(),
        },
        labels,
        annotations: strings(object.pointer("/metadata/annotations")),
        object,
        is_owned,
    }
}

/// The map under a key, made where there is none.
fn map<'a>(object: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    let value = object.entry(key).or_insert(Value::Null);
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("it was just made a map"),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What a macro could render: a Deployment, a `ConfigMap`, and a canary.
    pub(crate) fn rendered(replicas: u32) -> Vec<Manifest> {
        let manifest = |role: &str, kind: &str, name: &str, object: Value| Manifest {
            role: role.to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            namespace: None,
            json: object.to_string(),
        };
        let deployment = |name: &str, env: &str, replicas: u32| {
            json!({
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": { "name": name, "labels": { "env": env } },
                "spec": {
                    "replicas": replicas,
                    "selector": { "matchLabels": { "pipeline": "p", "env": env } },
                    "template": { "metadata": { "annotations": { "configVersion": "abc" } } },
                },
            })
        };
        let config = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "p" }, "data": { "config": "{}" },
        });
        vec![
            manifest("deployment", "Deployment", "p-0", deployment("p-0", "primary", replicas)),
            manifest("configmap", "ConfigMap", "p", config),
            manifest(
                "canary_deployment",
                "Deployment",
                "p-0-canary",
                deployment("p-0-canary", "canary", 1),
            ),
        ]
    }

    pub(crate) fn pipeline() -> Pipeline {
        Pipeline {
            namespace: "streams".to_owned(),
            name: "p".to_owned(),
            uid: "uid-of-p".to_owned(),
            generation: 1,
            resource_version: "10".to_owned(),
            ..Pipeline::default()
        }
    }

    #[test]
    fn config_comes_before_what_reads_it() {
        let all = desired(&pipeline(), &rendered(2), "streams").unwrap();
        assert_eq!(
            all.iter().map(|d| d.id.name.as_str()).collect::<Vec<_>>(),
            ["p", "p-0", "p-0-canary"]
        );
    }

    #[test]
    fn marks_every_object_and_no_pod() {
        for object in desired(&pipeline(), &rendered(2), "streams").unwrap() {
            let metadata = &object.object["metadata"];
            assert_eq!(metadata["namespace"], "streams");
            assert_eq!(metadata["labels"][OWNER_UID], "uid-of-p");
            assert_eq!(metadata["annotations"][OWNER_NAME], "p");
            assert_eq!(metadata["ownerReferences"][0]["uid"], "uid-of-p");
            assert!(!object.object["spec"].to_string().contains(OWNER_UID));
        }
    }

    #[test]
    fn objects_in_another_namespace_have_no_owner_reference() {
        // Kubernetes would delete them: it looks for the owner in their own namespace.
        for object in desired(&pipeline(), &rendered(2), "workloads").unwrap() {
            assert_eq!(object.object["metadata"]["namespace"], "workloads");
            assert_eq!(object.object["metadata"]["ownerReferences"], Value::Null);
        }
    }

    #[test]
    fn the_digest_is_of_content_and_not_of_order() {
        let digest_of = |rendered: &[Manifest]| {
            let all = desired(&pipeline(), rendered, "streams").unwrap();
            all[1].annotations[DIGEST].clone()
        };
        let mut reordered = rendered(2);
        reordered[0].json = r#"{"spec": {"template": {"metadata": {"annotations": {"configVersion": "abc"}}},
            "selector": {"matchLabels": {"env": "primary", "pipeline": "p"}}, "replicas": 2},
            "metadata": {"labels": {"env": "primary"}, "name": "p-0"}, "kind": "Deployment", "apiVersion": "apps/v1"}"#
            .to_owned();
        assert_eq!(digest_of(&rendered(2)), digest_of(&reordered));
        assert_ne!(digest_of(&rendered(2)), digest_of(&rendered(3)));
    }
}
