//! The emergency patch: the last layer, for incidents. It reaches into lists by Kubernetes' own merge keys, where the
//! reference could only append a second container that Kubernetes refuses.
//!
//! - Lists with merge keys merge item by item; an item without its like is appended. Other lists are appended to.
//! - `null` removes a field that is there.
//! - `$patch: delete` in an item of a keyed list or in a mapping removes it; `$patch: replace` in a mapping, or as an
//!   item of its own in a list, empties what is there first. These directives are those of `kubectl patch`.

use crate::index::{Index, collected};
use crate::kubernetes::Kind;
use crate::kubernetes::schema::{Field, Object, Shape, Type, merge_key_default};
use crate::merge::{Mend, Merge, positions};
use crate::node::{Map, Node, Value};
use crate::problem::{Path, Problem, Trail, tell};
use std::borrow::Cow;

const DIRECTIVE: &str = "$patch";

/// Lays the patch that stands at `place` over a Deployment.
pub(crate) fn apply<'a>(deployment: &mut Node<'a>, patch: &Node<'a>, place: &Path, problems: &mut Vec<Problem>) {
    let merge = Merge { root: place, mend: Mend::Above, other: "the Deployment has", problems };
    Patch { merge }.node(deployment, patch, Known::Object(Object::of(Kind::Deployment)), &Trail::ROOT);
}

/// What the API says about the value that is patched.
#[derive(Clone, Copy)]
enum Known {
    Object(&'static Object),
    Field(&'static Field),
    Nothing,
}

impl Known {
    /// The fields of a mapping here, or of the items of a list.
    fn object(self) -> Option<&'static Object> {
        match self {
            Self::Object(object) => Some(object),
            Self::Field(field) => field.object(),
            Self::Nothing => None,
        }
    }

    fn item(self) -> Self {
        self.object().map_or(Self::Nothing, Self::Object)
    }

    fn field(self, name: &str) -> Self {
        self.object().and_then(|object| object.field(name)).map_or(Self::Nothing, Self::Field)
    }

    fn merge_keys(self) -> &'static [&'static str] {
        match self {
            Self::Field(field) => field.merge_keys,
            _ => &[],
        }
    }

    /// Whether a number may take the place of text and the other way round.
    fn takes_number_or_text(self) -> bool {
        matches!(self, Self::Field(Field { shape: Shape::One(Type::IntOrString | Type::Quantity), .. }))
    }
}

/// What a `$patch` asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

struct Patch<'m> {
    merge: Merge<'m>,
}

impl Patch<'_> {
    fn node<'a>(&mut self, below: &mut Node<'a>, patch: &Node<'a>, known: Known, trail: &Trail<'_>) {
        match (&mut below.value, &patch.value) {
            (Value::Map(map), Value::Map(over)) => {
                if self.directive(over, trail) == Directive::Replace {
                    map.entries_mut().clear();
                }
                self.map(map, over, known, trail);
            }
            (Value::List(items), Value::List(over)) => self.list(items, over, known, trail),
            (Value::Integer(_) | Value::Float(_), Value::String(_))
            | (Value::String(_), Value::Integer(_) | Value::Float(_))
                if known.takes_number_or_text() =>
            {
                *below = patch.clone();
            }
            _ => self.merge.apply(below, patch, trail),
        }
    }

    fn map<'a>(&mut self, below: &mut Map<'a>, over: &Map<'a>, known: Known, trail: &Trail<'_>) {
        let mut removed = vec![false; below.len()];
        for (position, (key, node)) in positions(below, over).into_iter().zip(over.iter()) {
            if key.text == DIRECTIVE {
                continue;
            }
            let trail = trail.key(&key.text);
            let is_deleted = node.as_map().is_some_and(|map| self.directive(map, &trail) == Directive::Delete);
            let existing = position.and_then(|at| below.entries_mut().get_mut(at));
            match (position, existing) {
                (Some(at), Some((_, existing))) => {
                    let is_nulled = node.value == Value::Null && existing.value != Value::Null;
                    if is_deleted || is_nulled {
                        removed.get_mut(at).into_iter().for_each(|removed| *removed = true);
                    } else {
                        self.node(existing, node, known.field(&key.text), &trail);
                    }
                }
                _ if is_deleted => {}
                _ => {
                    let node = self.without_directives(node, known.field(&key.text), &trail);
                    below.entries_mut().push((key.clone(), node));
                }
            }
        }
        let mut removed = removed.into_iter();
        below.entries_mut().retain(|_| !removed.next().unwrap_or(false));
    }

    fn list<'a>(&mut self, below: &mut Vec<Node<'a>>, over: &[Node<'a>], known: Known, trail: &Trail<'_>) {
        let keys = known.merge_keys();
        let mut items: Vec<Option<Node<'a>>> = std::mem::take(below).into_iter().map(Some).collect();
        // Of several items with the same key the last one counts, as with environment variables.
        let identified = items.iter().enumerate().filter_map(|(at, item)| Some((identity(item.as_ref()?, keys)?, at)));
        let mut index: Index<'_> = collected(identified);
        for (at, item) in over.iter().enumerate() {
            let trail = trail.index(at);
            let directive = item.as_map().map_or(Directive::Merge, |map| self.directive(map, &trail));
            let identity = identity(item, keys);
            let existing = identity.as_ref().and_then(|identity| index.get(identity)).and_then(|at| items.get_mut(*at));
            match (directive, existing) {
                (Directive::Replace, _) if identity.is_none() => {
                    items.clear();
                    index.clear();
                }
                // The index keeps the key of what is deleted: its place is empty, and an item of that key is new.
                (Directive::Delete, Some(existing @ Some(_))) => *existing = None,
                (Directive::Delete, _) => self.refuse_deletion(item, keys, &trail),
                (_, Some(Some(existing))) => {
                    let origins: Vec<_> = keys.iter().map(|key| existing.get(key).map(|node| node.origin)).collect();
                    self.node(existing, item, known.item(), &trail);
                    // The keys say which item is meant: they change nothing.
                    for (key, origin) in keys.iter().zip(origins) {
                        let node = existing.as_map_mut().and_then(|map| map.get_mut(key));
                        if let (Some(node), Some(origin)) = (node, origin) {
                            node.origin = origin;
                        }
                    }
                }
                (_, _) => {
                    if let Some(identity) = identity {
                        index.insert(identity, items.len());
                    }
                    items.push(Some(self.without_directives(item, known.item(), &trail)));
                }
            }
        }
        below.extend(items.into_iter().flatten());
    }

    /// A value that nothing stands below of, so that its directives have nothing to do.
    fn without_directives<'a>(&mut self, patch: &Node<'a>, known: Known, trail: &Trail<'_>) -> Node<'a> {
        let mut node = match &patch.value {
            Value::Map(_) => Node::new(Value::Map(Map::EMPTY), patch.origin),
            Value::List(_) => Node::list([], patch.origin),
            _ => return patch.clone(),
        };
        self.node(&mut node, patch, known, trail);
        node
    }

    fn directive(&mut self, map: &Map<'_>, trail: &Trail<'_>) -> Directive {
        let Some(node) = map.get(DIRECTIVE) else { return Directive::Merge };
        match node.as_str() {
            Some("merge") => Directive::Merge,
            Some("replace") => Directive::Replace,
            Some("delete") => Directive::Delete,
            _ => {
                tell(self.merge.problems, || {
                    let place = trail.key(DIRECTIVE).under(self.merge.root);
                    Problem::new("unsupported-value", place, "expected delete, replace or merge")
                        .help("see `kubectl patch` for these directives")
                        .origin(node.origin)
                });
                Directive::Merge
            }
        }
    }

    fn refuse_deletion(&mut self, item: &Node<'_>, keys: &[&str], trail: &Trail<'_>) {
        let (message, help) = match keys.first() {
            Some(key) => (
                "there is no such item to delete".to_owned(),
                format!(
                    "items of this list are told apart by `{}`; see what `render` gives without the patch",
                    keys.join("` and `")
                ) + if keys.len() == 1 && item.get(key).is_none() { ", and this one does not say it" } else { "" },
            ),
            None => (
                "items of this list have no key by which one could be deleted".to_owned(),
                "replace the list: put the item {$patch: replace} before what it shall hold".to_owned(),
            ),
        };
        tell(self.merge.problems, || {
            let place = trail.under(self.merge.root);
            Problem::new("unsupported-value", place, message).help(help).origin(item.origin)
        });
    }
}

/// What tells an item of a list from the others, where it says its first key.
pub(crate) fn identity(item: &Node<'_>, keys: &[&str]) -> Option<Cow<'static, str>> {
    let value = |key: &str| match &item.get(key)?.value {
        Value::String(text) | Value::Integer(text) => Some(text.to_string()),
        _ => None,
    };
    let mut identity = value(keys.first()?)?;
    for key in keys.get(1..).unwrap_or_default() {
        identity.push('\0');
        identity.push_str(&value(key).or_else(|| merge_key_default(key).map(str::to_owned))?);
    }
    Some(Cow::Owned(identity))
}
