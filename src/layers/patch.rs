//! The emergency patch: the last layer, for incidents. It reaches into lists by Kubernetes' own merge keys, where the
//! reference could only append a second container that Kubernetes refuses.
//!
//! - Lists with merge keys merge item by item; an item without its like is appended. Other lists are appended to.
//! - `null` removes a field, and where there is none it leaves nothing.
//! - `$patch: delete` in an item of a keyed list or in a mapping removes it, where it is there; `$patch: replace` in a
//!   mapping, or as an item of its own anywhere in a list, empties what is there first. These directives are those of
//!   `kubectl patch`; its others are problems.

mod known;

use super::merge::{Merge, Written, positions};
use crate::kubernetes::Kind;
use crate::kubernetes::schema::{Object, merge_key_default};
use crate::problem::{Code, NearNames, Problem, Problems, Report, quoted};
use crate::value::{Index, Key, Map, Node, Origin, Path, Trail, Value};
use known::Known;
use std::borrow::Cow;

const DIRECTIVE: &str = "$patch";

/// How many items of the Deployment's lists a patch may look at.
const MAX_LOOKED_AT: usize = 500_000;

/// Merges the patch that stands at `place` over a Deployment.
pub(crate) fn apply<'a>(
    deployment: &mut Node<'a>,
    patch: &Node<'a>,
    place: &Path,
    report: &mut Report,
) {
    let Report { problems, warnings } = report;
    let merge =
        Merge { root: place, written: Written::Above, other: "the Deployment has", problems };
    let mut merging = Patch { merge, warnings, near_names: NearNames::default(), looked_at: 0 };

    if let Some(map) = patch.as_map().filter(|map| Directive::of(map) != Directive::Merge) {
        merging.refuse_directive(map, &Trail::ROOT, "the patch as a whole has no directive");
        return;
    }
    merging.node(deployment, patch, Known::Object(Object::of(Kind::Deployment)), &Trail::ROOT);
}

/// What a `$patch` asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
    /// None of these.
    Unknown,
}

impl Directive {
    fn of(map: &Map<'_>) -> Self {
        match map.get(DIRECTIVE).map(Node::as_str) {
            None | Some(Some("merge")) => Self::Merge,
            Some(Some("replace")) => Self::Replace,
            Some(Some("delete")) => Self::Delete,
            Some(_) => Self::Unknown,
        }
    }

    /// That of an item of a list.
    fn of_item(item: &Node<'_>) -> Self {
        item.as_map().map_or(Self::Merge, Self::of)
    }
}

struct Patch<'m> {
    merge: Merge<'m>,
    warnings: &'m mut Problems,
    near_names: NearNames,
    /// How many items of lists were looked at.
    looked_at: usize,
}

impl Patch<'_> {
    fn node<'a>(
        &mut self,
        below: &mut Node<'a>,
        patch: &Node<'a>,
        known: Known,
        trail: &Trail<'_>,
    ) {
        match (&mut below.value, &patch.value) {
            (Value::Map(map), Value::Map(over)) => {
                match Directive::of(over) {
                    Directive::Replace => map.entries_mut().clear(),
                    Directive::Unknown => {
                        self.refuse_directive(over, trail, "expected delete, replace or merge");
                    }
                    Directive::Merge | Directive::Delete => {}
                }
                self.map(map, over, known, trail);
            }
            (Value::List(items), Value::List(over)) => self.list(items, over, known, trail),
            (Value::Integer(_) | Value::Float(_), Value::String(_))
            | (Value::String(_), Value::Integer(_) | Value::Float(_))
            | (Value::Integer(_), Value::Float(_))
            | (Value::Float(_), Value::Integer(_))
                if known.takes_number_or_text() =>
            {
                *below = patch.clone();
            }
            // As for kubectl, a null that stands below is no value.
            (Value::Null, _) => *below = self.without_directives(patch, known, trail),
            _ => self.merge.apply(below, patch, trail),
        }
    }

    fn map<'a>(&mut self, below: &mut Map<'a>, over: &Map<'a>, known: Known, trail: &Trail<'_>) {
        let mut removed = vec![false; below.len()];

        for (position, (key, node)) in positions(below, over).into_iter().zip(over.iter()) {
            if key.text == DIRECTIVE {
                continue;
            }
            let trail = trail.entry(over, &key.text);
            if key.text.starts_with('$') {
                self.refuse_unknown_directive(key, &trail);
                continue;
            }

            let is_deleted =
                node.as_map().is_some_and(|map| Directive::of(map) == Directive::Delete);
            let is_gone = is_deleted || node.value == Value::Null;
            let existing = position.and_then(|at| below.entries_mut().get_mut(at));
            match (position, existing) {
                (Some(at), Some(_)) if is_gone => {
                    removed.get_mut(at).into_iter().for_each(|removed| *removed = true);
                }
                (Some(_), Some((_, existing))) => {
                    self.node(existing, node, known.field(&key.text), &trail);
                }
                _ if is_gone => {}
                _ => {
                    let new = self.without_directives(node, known.field(&key.text), &trail);
                    // A mapping of nothing but nulls says what is not to be there.
                    if !is_emptied(node, &new) {
                        below.entries_mut().push((key.clone(), new));
                    }
                }
            }
        }

        let mut removed = removed.into_iter();
        below.entries_mut().retain(|_| !removed.next().unwrap_or(false));
    }

    fn list<'a>(
        &mut self,
        below: &mut Vec<Node<'a>>,
        over: &[Node<'a>],
        known: Known,
        trail: &Trail<'_>,
    ) {
        let keys = known.merge_keys();
        let is_marker = |item: &Node<'_>| {
            item.as_map().is_some_and(|map| Directive::of(map) == Directive::Replace)
                && identity(item, keys).is_none()
        };
        let is_set = known.is_set();
        let identity = |item: &Node<'_>| match item.as_str() {
            Some(text) if is_set => Some(Cow::Owned(text.to_owned())),
            _ => identity(item, keys),
        };
        // Wherever it stands, it is about what is below, and not about other items of the patch.
        if over.iter().any(is_marker) {
            below.clear();
        }
        if !self.may_look_at(below.len(), trail) {
            return;
        }
        self.delete(below, over, keys, trail);

        // Of several items with the same key the last one counts, as with environment variables.
        let identified =
            below.iter().enumerate().filter_map(|(at, item)| Some((identity(item)?, at)));
        let mut index = Index::of(identified);
        let others = over
            .iter()
            .enumerate()
            .filter(|(_, item)| !is_marker(item) && Directive::of_item(item) != Directive::Delete);
        for (at, item) in others {
            let list = trail.last_key();
            let trail = trail.index(at);
            let identity = identity(item);
            let existing =
                identity.as_ref().and_then(|identity| below.get_mut(index.get(&**identity)?));
            match existing {
                Some(_) if is_set => {}
                Some(existing) => {
                    let origins: Vec<_> =
                        keys.iter().map(|key| existing.get(key).map(|node| node.origin)).collect();
                    self.node(existing, item, known.item(), &trail);
                    // The keys say which item is meant: they change nothing.
                    for (key, origin) in keys.iter().zip(origins) {
                        let node = existing.as_map_mut().and_then(|map| map.get_mut(key));
                        if let (Some(node), Some(origin)) = (node, origin) {
                            node.origin = origin;
                        }
                    }
                }
                None => {
                    if list == Some("containers") {
                        self.warn_of_new_container(item, below, &trail);
                    }
                    if let Some(identity) = identity {
                        index.insert(identity, below.len());
                    }
                    below.push(self.without_directives(item, known.item(), &trail));
                }
            }
        }
    }

    /// Removes what a patch says to delete: all items of that key, before the patch's other items count.
    fn delete<'a>(
        &mut self,
        below: &mut Vec<Node<'a>>,
        over: &[Node<'a>],
        keys: &[&str],
        trail: &Trail<'_>,
    ) {
        let mut deleted = Index::default();
        for (at, item) in over.iter().enumerate() {
            if Directive::of_item(item) != Directive::Delete {
                continue;
            }
            match identity(item, keys) {
                Some(identity) => deleted.insert(identity, at),
                None => self.refuse_deletion(keys, &trail.index(at), item.origin),
            }
        }

        if !deleted.is_empty() {
            below.retain(|item| {
                identity(item, keys).is_none_or(|identity| deleted.get(&*identity).is_none())
            });
        }
    }

    /// Whether there is room to look at so many more items. A patch that names one item again and again would look at
    /// all lists below it again and again.
    fn may_look_at(&mut self, items: usize, trail: &Trail<'_>) -> bool {
        if self.looked_at > MAX_LOOKED_AT {
            return false;
        }
        self.looked_at = self.looked_at.saturating_add(items);
        if self.looked_at <= MAX_LOOKED_AT {
            return true;
        }

        self.merge.problems.add_with(|| {
            let message = format!(
                "the patch goes through more than {MAX_LOOKED_AT} items of lists of the Deployment"
            );
            Problem::new(Code::TooLarge, trail.under(self.merge.root), message)
                .help("name each item once")
        });
        false
    }

    /// A value that nothing stands below of, so that its directives have nothing to do.
    fn without_directives<'a>(
        &mut self,
        patch: &Node<'a>,
        known: Known,
        trail: &Trail<'_>,
    ) -> Node<'a> {
        let mut node = match &patch.value {
            Value::Map(_) => Node::new(Value::Map(Map::EMPTY), patch.origin),
            Value::List(_) => Node::list([], patch.origin),
            _ => return patch.clone(),
        };
        self.node(&mut node, patch, known, trail);
        node
    }

    fn refuse_directive(&mut self, map: &Map<'_>, trail: &Trail<'_>, message: &str) {
        self.merge.problems.add_with(|| {
            let place = trail.key(DIRECTIVE).under(self.merge.root);
            let problem = Problem::new(Code::PatchDirective, place, message)
                .help("remove it, or put it into the mapping or the list that it is about: see `kubectl patch`");
            match map.get(DIRECTIVE) {
                Some(node) => problem.origin(node.origin),
                None => problem,
            }
        });
    }

    /// Directives by which `kubectl patch` orders and prunes lists: nobody writes them by hand.
    fn refuse_unknown_directive(&mut self, key: &Key<'_>, trail: &Trail<'_>) {
        self.merge.problems.add_with(|| {
            let message = format!("the directive `{:.64}` is not followed here", key.text);
            Problem::new(Code::PatchDirective, trail.under(self.merge.root), message)
                .help("remove it; `$patch: replace` in a mapping or a list replaces what is there, null removes a field")
                .origin(key.origin)
        });
    }

    fn refuse_deletion(&mut self, keys: &[&str], trail: &Trail<'_>, origin: Origin) {
        let (message, help) = if keys.is_empty() {
            (
                "items of this list have no key by which one could be deleted",
                "replace the list: put the item {$patch: replace} beside what it shall hold"
                    .to_owned(),
            )
        } else {
            let keys = keys.join("` and `");
            (
                "this item does not say which one to delete",
                format!("add `{keys}`: items of this list are told apart by it"),
            )
        };
        self.merge.problems.add_with(|| {
            Problem::new(Code::PatchDirective, trail.under(self.merge.root), message)
                .help(help)
                .origin(origin)
        });
    }

    /// In an incident, a container of a name that is not there is one that was misspelt.
    fn warn_of_new_container(&mut self, item: &Node<'_>, items: &[Node<'_>], trail: &Trail<'_>) {
        let Some((name, node)) = item.get("name").and_then(|node| Some((node.as_str()?, node)))
        else {
            return;
        };
        let there = || items.iter().filter_map(|item| item.get("name").and_then(Node::as_str));
        if there().next().is_none() {
            return;
        }

        self.warnings.add_with(|| {
            let message = format!("no container is named {}: the patch adds one", quoted(name));
            let place = trail.key("name").under(self.merge.root);
            let problem = Problem::new(Code::AddedContainer, place, message).origin(node.origin);
            match self.near_names.nearest(name, there()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")).replace(near),
                None => {
                    let names: Vec<&str> = there().take(10).collect();
                    problem.help(format!(
                        "use one of those there, if it is meant: {}",
                        names.join(", ")
                    ))
                }
            }
        });
    }
}

/// Whether nothing is left of a mapping that had something in it.
fn is_emptied(patch: &Node<'_>, new: &Node<'_>) -> bool {
    let length = |node: &Node<'_>| node.as_map().map(Map::len);
    length(new) == Some(0) && length(patch).is_some_and(|length| length > 0)
}

/// What tells an item of a list from the others, where it says its first key.
pub fn identity(item: &Node<'_>, keys: &[&str]) -> Option<Cow<'static, str>> {
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

#[cfg(test)]
mod tests;
