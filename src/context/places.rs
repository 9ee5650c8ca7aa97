//! Where in the context things stand: from an origin to a path, and to the entry that holds it.

use crate::value::{Index, Node, Origin, Path, Trail, Value};

/// Where keys and values were written, by their origins.
#[derive(Debug, Default)]
pub(crate) struct Places {
    list: Vec<(Origin, Place)>,
    index: Index<'static>,
}

/// Where a key or a value was written.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// The place in the context; none until it is found.
    pub(crate) path: Option<Path>,
    /// The key and value, or the item of a list, that it is part of.
    pub(super) entry: Option<Origin>,
}

impl Places {
    /// Origins whose places are not known yet.
    pub(crate) fn of(origins: &mut dyn Iterator<Item = Origin>) -> Self {
        let mut places = Self::default();

        for origin in origins {
            if places.index.before(origin, places.list.len()).is_none() {
                places.list.push((origin, Place::default()));
            }
        }

        places
    }

    /// Where something of an origin was written.
    pub(crate) fn get(&self, origin: Origin) -> Option<&Place> {
        self.list.get(self.index.get(origin)?).map(|(_, place)| place)
    }

    /// The path of something of an origin.
    pub(crate) fn path(&self, origin: Origin) -> Option<&Path> {
        self.get(origin)?.path.as_ref()
    }

    /// Whether there is nothing to find.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Notes a place, where it is one that is looked for. The first place of an origin counts.
    fn note(&mut self, origin: Origin, entry: Option<Origin>, trail: &Trail<'_>, root: &Path) {
        let place = self.index.get(origin).and_then(|at| self.list.get_mut(at));

        if let Some((_, place)) = place.filter(|(_, place)| place.path.is_none()) {
            place.path = Some(trail.under(root));
            place.entry = entry;
        }
    }

    /// Looks through a document that stands at a path of the context.
    pub(super) fn find(&mut self, document: &Node<'_>, root: &Path) {
        self.walk(document, None, &Trail::ROOT, root);
    }

    fn walk(&mut self, node: &Node<'_>, entry: Option<Origin>, trail: &Trail<'_>, root: &Path) {
        self.note(node.origin, entry, trail, root);

        match &node.value {
            Value::Map(map) => {
                for (key, child) in map.iter() {
                    let trail = trail.key(&key.text);
                    // A value that an alias gives was written elsewhere.
                    let is_beside = child.origin.offset >= key.origin.end;
                    let entry = is_beside.then_some(Origin { end: child.origin.end, ..key.origin });
                    self.note(key.origin, entry, &trail, root);
                    self.walk(child, entry, &trail, root);
                }
            }
            Value::List(items) => {
                for (at, child) in items.iter().enumerate() {
                    self.walk(child, None, &trail.index(at), root);
                }
            }
            _ => {}
        }
    }
}
