//! A node of the object with the way to it.

use crate::problem::{Code, Problem, is_secret, names_a_secret};
use crate::value::{Key, Map, Node, Origin, Path, Step, Value};

/// A node and where it stands. The path is only made when something is found there: the rules make and copy places by the
/// hundred, and four words are what one needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) node: &'p Node<'p>,
    parent: Option<&'p Place<'p>>,
    within: Within<'p>,
}

/// Where a node stands within the one around it.
#[derive(Clone, Copy, Debug)]
enum Within<'p> {
    Nothing,
    Map(&'p Key<'p>),
    List(usize),
}

impl<'p> Place<'p> {
    pub(super) fn root(node: &'p Node<'p>) -> Self {
        Self { node, parent: None, within: Within::Nothing }
    }

    fn entry(&'p self, key: &'p Key<'p>, node: &'p Node<'p>) -> Self {
        Self { node, parent: Some(self), within: Within::Map(key) }
    }

    fn item(&'p self, at: usize, node: &'p Node<'p>) -> Self {
        Self { node, parent: Some(self), within: Within::List(at) }
    }

    /// Its key, where it has one.
    fn key(&self) -> Option<&'p Key<'p>> {
        match self.within {
            Within::Map(key) => Some(key),
            Within::Nothing | Within::List(_) => None,
        }
    }

    /// The keys on the way to it, the last one first.
    fn keys(&self) -> impl Iterator<Item = &str> {
        let around = std::iter::successors(Some(self), |place| place.parent);
        around.filter_map(Place::key).map(|key| key.text.as_ref())
    }

    /// Where its key was written; of what has none, where it was written itself.
    pub(super) fn key_origin(&self) -> Origin {
        self.key().map_or(self.node.origin, |key| key.origin)
    }

    /// The way to it from the root.
    pub(super) fn path(&self) -> Path {
        let mut path = self.parent.map_or_else(Path::root, Place::path);

        match self.within {
            Within::Nothing => {}
            Within::Map(key) => path.push(Step::Key(key.text.clone().into_owned())),
            Within::List(at) => path.push(Step::Index(at)),
        }

        path
    }

    /// Whether the mapping that it stands in has a value under a key.
    pub(super) fn has_sibling(&self, key: &str) -> bool {
        self.parent.is_some_and(|parent| parent.has(key))
    }

    /// Whether its value is a secret: a name on the way says so, or that of the environment variable whose value it is.
    pub(super) fn is_secret(&self) -> bool {
        let is_value = self.key().is_some_and(|key| key.text == "value");
        let beside = self.parent.filter(|_| is_value).and_then(|parent| parent.text_of("name"));

        beside.is_some_and(is_secret) || self.keys().any(is_secret)
    }

    /// Whether it is a field of an item of this list.
    pub(super) fn is_in(&self, list: &str) -> bool {
        let around = self.parent.and_then(|item| item.parent);
        around.is_some_and(|place| place.key().is_some_and(|key| key.text == list))
    }

    /// Whether its key may be a part of a secret: it has swallowed the name of one, stands below such a name, or in an
    /// environment variable of such a name, whose value a missing space makes a part of the key.
    pub(super) fn has_secret_key(&self) -> bool {
        let mut around = std::iter::successors(self.parent, |place| place.parent);
        let is_secret_variable = |place: &Place<'_>| {
            let list = place.parent.and_then(Place::key);
            list.is_some_and(|key| key.text == "env")
                && place.text_of("name").is_some_and(is_secret)
        };

        self.key().is_some_and(|key| names_a_secret(&key.text))
            || self.keys().skip(1).any(is_secret)
            || around.any(is_secret_variable)
    }

    /// A problem with what stands here.
    pub(super) fn problem(&self, code: Code, message: &str) -> Problem {
        Problem::new(code, self.path(), message).origin(self.node.origin)
    }

    /// The value of a field; as the API server reads it, null is no value.
    // The rules call it from hundreds of places, and no copy is faster.
    #[inline(never)]
    pub(super) fn field(&'p self, name: &str) -> Option<Place<'p>> {
        let (key, node) =
            self.node.as_map()?.entry(name).filter(|(_, node)| node.value != Value::Null)?;
        Some(self.entry(key, node))
    }

    /// The entries of a mapping, null values too.
    pub(super) fn entries(&'p self) -> impl Iterator<Item = (&'p str, Place<'p>)> {
        let entries = self.node.as_map().map(Map::entries).unwrap_or_default();
        entries.iter().map(|(key, node)| (key.text.as_ref(), self.entry(key, node)))
    }

    /// The fields that have a value.
    pub(super) fn fields(&'p self) -> impl Iterator<Item = (&'p str, Place<'p>)> {
        self.entries().filter(|(_, place)| place.node.value != Value::Null)
    }

    /// Visits the items of a field's list.
    // One loop for many: each of its own would take half a kilobyte of the component.
    #[inline(never)]
    pub(super) fn each(&self, field: &str, visit: &mut dyn FnMut(&Place<'_>)) {
        if let Some(list) = self.field(field) {
            for item in list.items() {
                visit(&item);
            }
        }
    }

    /// The items of a list, null items too.
    pub(super) fn items(&'p self) -> impl Iterator<Item = Place<'p>> {
        let items = self.node.as_list().unwrap_or_default();
        items.iter().enumerate().map(|(at, node)| self.item(at, node))
    }

    /// The text, where it is some. A null that stands here is an item or a value, which is read as empty text.
    pub(super) fn text(&self) -> Option<&'p str> {
        match &self.node.value {
            Value::String(text) | Value::Timestamp(text) => Some(text),
            Value::Null => Some(""),
            _ => None,
        }
    }

    /// The text of a field, where it has some.
    pub(super) fn text_of(&self, name: &str) -> Option<&'p str> {
        match &self.node.get(name)?.value {
            Value::String(text) | Value::Timestamp(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a field, where it has one.
    pub(super) fn number_of(&self, name: &str) -> Option<i64> {
        self.node.get(name)?.as_i64()
    }

    /// Whether a boolean field is true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.node.get(name).is_some_and(|node| node.value == Value::Bool(true))
    }

    /// Whether a field has a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.node.get(name).is_some_and(|node| node.value != Value::Null)
    }

    /// Whether it is an object; a null that stands here is an item or a value, which is read as one without fields.
    pub(super) fn is_object(&self) -> bool {
        matches!(self.node.value, Value::Map(_) | Value::Null)
    }

    /// Whether a field has no text: it is absent, or empty, which is the same to the API server.
    pub(super) fn lacks(&self, name: &str) -> bool {
        match self.node.get(name).map(|node| &node.value) {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.is_empty(),
            Some(_) => false,
        }
    }
}
