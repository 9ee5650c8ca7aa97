//! Finding a text or a place among many: one kind of map for all, since every kind takes 3 to 5 KB of the component.

use crate::node::{Node, Origin};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Where things stand in a list, by a key. The keys of one index are of one kind.
#[derive(Debug, Default)]
pub(crate) struct Index<'t>(BTreeMap<Key<'t>, usize>);

impl<'t> Index<'t> {
    /// Every text with its position; of equal texts the last one counts.
    pub(crate) fn of(entries: impl IntoIterator<Item = (Cow<'t, str>, usize)>) -> Self {
        let mut index = Self::default();
        entries.into_iter().for_each(|(text, at)| index.insert(text, at));
        index
    }

    /// Where a key stands.
    pub(crate) fn get<'k>(&'k self, key: impl Into<Key<'k>>) -> Option<usize> {
        self.0.get(&key.into()).copied()
    }

    /// Says that a text stands here now.
    pub(crate) fn insert(&mut self, text: Cow<'t, str>, at: usize) {
        *self.0.entry(text.into()).or_insert(at) = at;
    }

    /// Where a key stood before; a new one stands here.
    pub(crate) fn before(&mut self, key: impl Into<Key<'t>>, at: usize) -> Option<usize> {
        let before = self.0.len();
        let first = *self.0.entry(key.into()).or_insert(at);
        (self.0.len() == before).then_some(first)
    }

    /// Where all keys stand: origins in the order of the texts they are in, and in each text from its start.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = usize> {
        self.0.values().copied()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// What is quick to compare: texts by their hashes first. Texts with one hash are few, or somebody made them, and then
/// they are compared as they are.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key<'t> {
    number: u64,
    text: Cow<'t, str>,
}

impl<'t> From<Cow<'t, str>> for Key<'t> {
    fn from(text: Cow<'t, str>) -> Self {
        // Multiplied by a fraction of the golden ratio, as Knuth has it; eight bytes at a time.
        let (blocks, rest) = text.as_bytes().as_chunks();
        let rest = rest.iter().fold(0, |rest: u64, byte| rest << 8 | u64::from(*byte));
        let mix = |hash: u64, number: u64| (hash.rotate_left(29) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let number = blocks.iter().fold(mix(0, rest), |hash, block| mix(hash, u64::from_le_bytes(*block)));
        Self { number, text }
    }
}

impl<'t> From<&'t str> for Key<'t> {
    fn from(text: &'t str) -> Self {
        Cow::Borrowed(text).into()
    }
}

impl From<String> for Key<'_> {
    fn from(text: String) -> Self {
        Cow::<str>::Owned(text).into()
    }
}

impl From<Origin> for Key<'_> {
    fn from(origin: Origin) -> Self {
        Self { number: u64::from(origin.source as u8) << 32 | u64::from(origin.offset), text: Cow::Borrowed("") }
    }
}

/// A node itself, whatever its value: its place in memory.
impl From<&Node<'_>> for Key<'_> {
    fn from(node: &Node<'_>) -> Self {
        Self { number: std::ptr::from_ref(node).addr() as u64, text: Cow::Borrowed("") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Source;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_found_where_they_stand(texts in prop::collection::vec("[ab]{0,18}|é{0,9}", 0..60)) {
            let mut index = Index::default();
            for (at, text) in texts.iter().enumerate() {
                let first = texts.iter().position(|earlier| earlier == text).filter(|first| *first != at);
                prop_assert_eq!(index.before(&**text, at), first);
            }
            let last = Index::of(texts.iter().enumerate().map(|(at, text)| (text.into(), at)));
            for text in &texts {
                prop_assert_eq!(index.get(&**text), texts.iter().position(|other| other == text));
                prop_assert_eq!(last.get(&**text), texts.iter().rposition(|other| other == text));
            }
            prop_assert_eq!(index.get("c"), None);
        }
    }

    #[test]
    fn origins_stand_in_the_order_of_their_texts() {
        let origins =
            [(Source::Base, 0), (Source::Context, 9), (Source::Context, 1), (Source::Macro, u32::MAX as usize)];
        let mut index = Index::default();
        for (at, (source, offset)) in origins.into_iter().enumerate() {
            assert_eq!(index.before(Origin::new(source, offset), at), None);
        }
        assert_eq!(index.before(Origin::new(Source::Context, 1), 7), Some(2));
        assert_eq!(index.in_order().collect::<Vec<_>>(), [3, 2, 1, 0]);
    }

    #[test]
    fn equal_nodes_are_two() {
        let nodes = [Node::string("a", Origin::MACRO), Node::string("a", Origin::MACRO)];
        let mut index = Index::default();
        assert_eq!(nodes.each_ref().map(|node| index.before(node, 0)), [None, None]);
        assert_eq!(index.get(&nodes[1]), Some(0));
    }
}
