//! The API's schema: what fields an object has, their types, and the keys by which lists merge.

use super::schema_table::{CONFIG_MAP, DEPLOYMENT};

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

/// A type of the API with fields, for instance `PodSpec`.
#[derive(Debug)]
pub struct Object {
    /// Its name in the API documentation.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether the schema requires it.
    pub required: bool,
    /// The keys that tell the items of a list apart: `x-kubernetes-list-map-keys` of the published `OpenAPI` document.
    /// Empty for a list that is one value as a whole.
    pub merge_keys: &'static [&'static str],
}

/// How many values a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// One.
    One(Type),
    /// A list.
    List(Type),
    /// A mapping with free keys.
    Map(Type),
}

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Text.
    String,
    /// Bytes as base64 text.
    Bytes,
    /// A boolean.
    Boolean,
    /// A 32-bit integer.
    Int32,
    /// A 64-bit integer.
    Int64,
    /// An amount with a unit (`500m`, `1Gi`), or a number.
    Quantity,
    /// A 32-bit integer or text: ports, percentages.
    IntOrString,
    /// A time, as RFC 3339 writes it.
    Time,
    /// Any mapping.
    Any,
    /// A mapping with known fields.
    Object(&'static Object),
}

impl Object {
    /// The schema of a kind.
    pub fn of(kind: Kind) -> &'static Self {
        match kind {
            Kind::Deployment => &DEPLOYMENT,
            Kind::ConfigMap => &CONFIG_MAP,
        }
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// The object that the field holds, or that its items or values are.
    pub fn object(&self) -> Option<&'static Object> {
        match self.shape {
            Shape::One(Type::Object(object)) | Shape::List(Type::Object(object)) | Shape::Map(Type::Object(object)) => {
                Some(object)
            }
            _ => None,
        }
    }
}

/// The value that a merge key has where an item leaves it out.
pub fn merge_key_default(key: &str) -> Option<&'static str> {
    // The one merge key that is optional: ContainerPort.protocol, "Defaults to TCP".
    (key == "protocol").then_some("TCP")
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
            let object = parents
                .split('.')
                .fold(Object::of(Kind::Deployment), |object, name| object.field(name).unwrap().object().unwrap());
            assert_eq!(object.field(list).unwrap().merge_keys, keys, "{path}");
        }
    }
}
