//! The types of the API: what fields an object has, what they hold, and the keys by which lists merge.

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
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// The object that the field holds, or that its items or values are.
    pub fn object(&self) -> Option<&'static Object> {
        match self.shape {
            Shape::One(Type::Object(object))
            | Shape::List(Type::Object(object))
            | Shape::Map(Type::Object(object)) => Some(object),
            _ => None,
        }
    }
}
