//! An object that belongs to a pipeline, as it stands in the cluster: what decisions need, and nothing else.

use crate::names::{FIELD_MANAGER, OWNER_UID};
use crate::rollout::Workload;
use crate::texts::Texts;
use kube::api::DynamicObject;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// Names an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct ObjectId {
    pub(crate) kind: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// An object in the cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Child {
    pub(crate) id: ObjectId,
    pub(crate) uid: String,
    pub(crate) resource_version: u64,
    pub(crate) labels: Texts,
    pub(crate) annotations: Texts,
    /// Uids of its owners by `ownerReferences`.
    pub(crate) owners: Vec<String>,
    /// The owner that controls it: kind, name and uid.
    pub(crate) controller: Option<(String, String, String)>,
    /// Changes when anything but metadata and status does.
    pub(crate) revision: String,
    /// Whether this operator, or the reference's, has applied it: a copy of an object has its labels, but not this.
    pub(crate) is_applied: bool,
    pub(crate) is_deleted: bool,
    /// For what runs pods.
    pub(crate) workload: Option<Workload>,
}

impl Child {
    /// Reads an object. Its kind is given, since objects in lists do not say it.
    pub(crate) fn read(kind: &str, object: &DynamicObject) -> Self {
        let metadata = &object.metadata;
        let owners = metadata.owner_references.as_deref().unwrap_or_default();
        let controller = owners.iter().find(|owner| owner.controller == Some(true));
        let is_applied = metadata.managed_fields.iter().flatten().any(|entry| {
            entry.manager.as_deref() == Some(FIELD_MANAGER)
                && entry.operation.as_deref() == Some("Apply")
        });
        let mut annotations = metadata.annotations.clone().unwrap_or_default();
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        Self {
            id: ObjectId {
                kind: kind.to_owned(),
                namespace: metadata.namespace.clone().unwrap_or_default(),
                name: metadata.name.clone().unwrap_or_default(),
            },
            uid: metadata.uid.clone().unwrap_or_default(),
            resource_version: metadata
                .resource_version
                .as_deref()
                .and_then(|v| v.parse().ok())
                .unwrap_or_default(),
            labels: metadata.labels.clone().unwrap_or_default().into(),
            annotations: annotations.into(),
            owners: owners.iter().map(|owner| owner.uid.clone()).collect(),
            controller: controller
                .map(|owner| (owner.kind.clone(), owner.name.clone(), owner.uid.clone())),
            revision: metadata
                .generation
                .map_or_else(|| content_revision(&object.data), |g| g.to_string()),
            is_applied,
            is_deleted: metadata.deletion_timestamp.is_some(),
            workload: Workload::read(object),
        }
    }

    /// The uid of the pipeline it belongs to, by its label.
    pub(crate) fn owner(&self) -> Option<&str> {
        self.labels.get(OWNER_UID)
    }
}

/// Stands for the content of an object whose kind has no generation.
pub(crate) fn content_revision(object: &Value) -> String {
    const NO_CONTENT: [&str; 4] = ["apiVersion", "kind", "metadata", "status"];
    let content = object
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| !NO_CONTENT.contains(&key.as_str()));
    digest(&Value::Object(content.map(|(key, value)| (key.clone(), value.clone())).collect()))
}

/// The same for the same value, whatever the order of its keys.
pub(crate) fn digest(value: &Value) -> String {
    let mut sorted = value.clone();
    sorted.sort_all_objects();
    let digest = Sha256::digest(sorted.to_string());
    hex(&digest, 16)
}

/// The first bytes of a digest, as text.
pub(crate) fn hex(digest: &[u8], bytes: usize) -> String {
    let digits = digest.iter().take(bytes).flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// The strings of a map, such as labels.
pub(crate) fn strings(map: Option<&Value>) -> BTreeMap<String, String> {
    let entries = map.and_then(Value::as_object).into_iter().flat_map(Map::iter);
    entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}
