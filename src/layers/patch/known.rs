//! What the API says about the value that a patch changes.

use crate::kubernetes::schema::{Field, Object, Shape, Type, is_set};

/// What the API says about the value that is patched.
#[derive(Clone, Copy)]
pub(super) enum Known {
    Object(&'static Object),
    Field(&'static Field),
    /// A value of a mapping with free keys.
    Value(Type),
    Nothing,
}

impl Known {
    /// The fields of a mapping here, or of the items of a list.
    fn object(self) -> Option<&'static Object> {
        match self {
            Self::Object(object) => Some(object),
            Self::Field(field) => field.object(),
            Self::Value(_) | Self::Nothing => None,
        }
    }

    pub(super) fn item(self) -> Self {
        self.object().map_or(Self::Nothing, Self::Object)
    }

    pub(super) fn field(self, name: &str) -> Self {
        match self {
            Self::Field(Field { shape: Shape::Map(kind), .. }) => Self::Value(*kind),
            _ => self
                .object()
                .and_then(|object| object.field(name))
                .map_or(Self::Nothing, Self::Field),
        }
    }

    pub(super) fn merge_keys(self) -> &'static [&'static str] {
        match self {
            Self::Field(field) => field.merge_keys,
            _ => &[],
        }
    }

    /// Whether it is a list that has each text once.
    pub(super) fn is_set(self) -> bool {
        matches!(self, Self::Field(field) if is_set(field))
    }

    /// Whether a number may take the place of text and the other way round.
    pub(super) fn takes_number_or_text(self) -> bool {
        let kind = match self {
            Self::Field(Field { shape: Shape::One(kind), .. }) => *kind,
            Self::Value(kind) => kind,
            _ => return false,
        };
        matches!(kind, Type::IntOrString | Type::Quantity)
    }
}
