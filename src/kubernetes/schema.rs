//! The API's schema of what the macro renders.

use super::schema_table::{CONFIG_MAP, DEPLOYMENT};
pub use super::types::{Field, Object, Shape, Type};

/// The kinds of object that the macro renders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `apps/v1` Deployment.
    Deployment,
    /// `v1` `ConfigMap`.
    ConfigMap,
}

impl Kind {
    /// Its `apiVersion` and `kind`.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Deployment => ("apps/v1", "Deployment"),
            Self::ConfigMap => ("v1", "ConfigMap"),
        }
    }
}

impl Object {
    /// The schema of a kind.
    pub fn of(kind: Kind) -> &'static Self {
        match kind {
            Kind::Deployment => &DEPLOYMENT,
            Kind::ConfigMap => &CONFIG_MAP,
        }
    }
}

/// The value that a merge key has where an item leaves it out.
pub fn merge_key_default(key: &str) -> Option<&'static str> {
    // The one merge key that is optional: ContainerPort.protocol, "Defaults to TCP".
    (key == "protocol").then_some("TCP")
}

/// Whether a field is a list that has each text once.
pub(crate) fn is_set(field: &Field) -> bool {
    // The one such list: ObjectMeta.finalizers, whose patch strategy is to merge, without a key.
    field.name == "finalizers"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_the_merge_keys_of_the_api() {
        for (path, keys) in [
            ("spec.template.spec.containers", &["name"][..]),
            ("spec.template.spec.initContainers", &["name"]),
            ("spec.template.spec.volumes", &["name"]),
            ("spec.template.spec.imagePullSecrets", &["name"]),
            ("spec.template.spec.hostAliases", &["ip"]),
            ("spec.template.spec.topologySpreadConstraints", &["topologyKey", "whenUnsatisfiable"]),
            ("spec.template.spec.tolerations", &[]),
            ("spec.template.spec.containers.env", &["name"]),
            ("spec.template.spec.containers.envFrom", &[]),
            ("spec.template.spec.containers.ports", &["containerPort", "protocol"]),
            ("spec.template.spec.containers.volumeMounts", &["mountPath"]),
            ("spec.template.spec.containers.volumeDevices", &["devicePath"]),
            ("spec.template.spec.containers.args", &[]),
            ("metadata.ownerReferences", &["uid"]),
            ("status.conditions", &["type"]),
        ] {
            let (parents, list) = path.rsplit_once('.').unwrap();
            let object = parents.split('.').fold(Object::of(Kind::Deployment), |object, name| {
                object.field(name).unwrap().object().unwrap()
            });
            assert_eq!(object.field(list).unwrap().merge_keys, keys, "{path}");
        }
    }
}
