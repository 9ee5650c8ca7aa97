//! A `StreamingPipeline` as it stands in the cluster.

use crate::names::{
    ADOPT, DELETION_POLICY, FINALIZER, GROUP, KIND, KOPF_FINALIZER, KOPF_LAST_HANDLED, PLURAL,
    RECREATE, REQUESTED_AT, SUSPEND, VERSION,
};
use crate::status::Status;
use k8s_openapi::api::core::v1::ObjectReference;
use kube::api::{ApiResource, DynamicObject};
use serde::Deserialize;
use serde_json::{Value, json};

/// The custom resource, for requests.
pub(crate) fn resource() -> ApiResource {
    ApiResource {
        group: GROUP.to_owned(),
        version: VERSION.to_owned(),
        api_version: format!("{GROUP}/{VERSION}"),
        kind: KIND.to_owned(),
        plural: PLURAL.to_owned(),
    }
}

/// What the operator reads of a pipeline; the spec is the component's business.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pipeline {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) generation: i64,
    pub(crate) resource_version: String,
    pub(crate) is_deleted: bool,
    pub(crate) is_suspended: bool,
    /// Whether objects that belong to nobody may be taken.
    pub(crate) adopts: bool,
    /// Whether what cannot be changed may be deleted and created.
    pub(crate) recreates: bool,
    /// Whether its objects stay when it is deleted.
    pub(crate) orphans: bool,
    pub(crate) requested_at: Option<String>,
    pub(crate) finalizers: Vec<String>,
    pub(crate) has_kopf_annotation: bool,
    pub(crate) status: Status,
}

impl Pipeline {
    /// Reads a pipeline. A status that is not of our shape counts as none.
    pub(crate) fn read(object: &DynamicObject) -> Self {
        let metadata = &object.metadata;
        let annotation = |name| metadata.annotations.as_ref().and_then(|all| all.get(name));
        let is_true = |name| annotation(name).is_some_and(|value| value == "true");
        Self {
            namespace: metadata.namespace.clone().unwrap_or_default(),
            name: metadata.name.clone().unwrap_or_default(),
            uid: metadata.uid.clone().unwrap_or_default(),
            generation: metadata.generation.unwrap_or_default(),
            resource_version: metadata.resource_version.clone().unwrap_or_default(),
            is_deleted: metadata.deletion_timestamp.is_some(),
            is_suspended: is_true(SUSPEND),
            adopts: is_true(ADOPT),
            recreates: is_true(RECREATE),
            orphans: annotation(DELETION_POLICY).is_some_and(|value| value == "Orphan"),
            requested_at: annotation(REQUESTED_AT).cloned(),
            finalizers: metadata.finalizers.clone().unwrap_or_default(),
            has_kopf_annotation: annotation(KOPF_LAST_HANDLED).is_some(),
            status: object.data.get("status").map(Status::read).unwrap_or_default(),
        }
    }

    /// Whether our finalizer, or the one of the reference's operator, holds it.
    pub(crate) fn is_held(&self) -> bool {
        self.has_finalizer(FINALIZER) || self.has_finalizer(KOPF_FINALIZER)
    }

    pub(crate) fn has_finalizer(&self, name: &str) -> bool {
        self.finalizers.iter().any(|finalizer| finalizer == name)
    }

    /// For events.
    pub(crate) fn reference(&self) -> ObjectReference {
        ObjectReference {
            api_version: Some(format!("{GROUP}/{VERSION}")),
            kind: Some(KIND.to_owned()),
            namespace: Some(self.namespace.clone()),
            name: Some(self.name.clone()),
            uid: Some(self.uid.clone()),
            ..ObjectReference::default()
        }
    }
}

/// The object's text, which the component reads: everything but what the cluster itself keeps in it, and the cluster's
/// version where the object names none.
pub(crate) fn context(object: &DynamicObject, kubernetes_version: Option<&str>) -> String {
    let metadata = &object.metadata;
    let mut context = json!({
        "apiVersion": format!("{GROUP}/{VERSION}"),
        "kind": KIND,
        "metadata": {
            "name": metadata.name,
            "namespace": metadata.namespace,
            "labels": metadata.labels,
            "annotations": metadata.annotations,
        },
    });
    if let (Some(context), Some(data)) = (context.as_object_mut(), object.data.as_object()) {
        context.extend(
            data.iter()
                .filter(|(key, _)| *key != "status")
                .map(|(key, value)| (key.clone(), value.clone())),
        );
    }
    let spec = context.get_mut("spec").and_then(Value::as_object_mut);
    if let (Some(version), Some(spec)) = (kubernetes_version, spec) {
        spec.entry("kubernetes_version").or_insert_with(|| version.into());
    }
    context.to_string()
}

/// Drops what is large and never read, before an object is kept.
pub(crate) fn slim(object: &mut DynamicObject) {
    object.metadata.managed_fields = None;
    if let Some(annotations) = &mut object.metadata.annotations {
        // Copies of the whole object; of the second only its being there counts.
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        if let Some(copy) = annotations.get_mut(KOPF_LAST_HANDLED) {
            copy.clear();
        }
    }
}

/// Makes an object as small as it can be kept: as text, its spec and status take a quarter of what they take as values.
pub(crate) fn pack(object: &mut DynamicObject) {
    slim(object);
    object.data = Value::String(object.data.to_string());
}

/// An object as it was before it was packed.
pub(crate) fn unpack(object: &DynamicObject) -> DynamicObject {
    let data = match &object.data {
        // It was made of a value, so it is one.
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        data => data.clone(),
    };
    DynamicObject { types: object.types.clone(), metadata: object.metadata.clone(), data }
}

/// Whether the spec of a packed object has changed since its status was written. Nothing else of the text is kept.
pub(crate) fn is_new(object: &DynamicObject) -> bool {
    #[derive(Deserialize)]
    struct Data {
        status: Seen,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Seen {
        observed_generation: i64,
    }

    let text = object.data.as_str().unwrap_or_default();
    // What cannot be read says nothing of any generation.
    let seen = serde_json::from_str::<Data>(text).map(|data| data.status.observed_generation);
    seen.ok() != Some(object.metadata.generation.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_packed() {
        let data = json!({ "spec": { "replicas": 2, "text": "\"é\u{1}" }, "status": null });
        let mut object = DynamicObject::new("p", &resource()).data(data);
        let before = object.clone();
        pack(&mut object);
        assert!(object.data.is_string());
        assert_eq!(unpack(&object), before);
        assert_eq!(context(&unpack(&object), None), context(&before, None));
    }

    #[test]
    fn is_new_as_long_as_no_status_tells_of_its_generation() {
        for (data, expected) in [
            (
                json!({ "spec": { "a": [1] }, "status": { "observedGeneration": 3, "b": {} } }),
                false,
            ),
            (json!({ "status": { "observedGeneration": 2 } }), true),
            (json!({ "status": { "observedGeneration": "3" } }), true),
            (json!({ "status": {} }), true),
            (json!({ "status": null }), true),
            (json!({ "spec": {} }), true),
        ] {
            let mut object = DynamicObject::new("p", &resource()).data(data.clone());
            object.metadata.generation = Some(3);
            pack(&mut object);
            assert_eq!(is_new(&object), expected, "{data}");
        }
    }
}
