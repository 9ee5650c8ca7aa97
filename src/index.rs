//! Finding a text among many: one kind of map for all, since every kind takes 5 KB of the component.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Where texts stand in a list.
#[derive(Debug, Default)]
pub(crate) struct Index<'t>(BTreeMap<Text<'t>, usize>);

impl<'t> Index<'t> {
    /// Every text with its position; of equal texts the last one counts.
    pub(crate) fn of(entries: impl IntoIterator<Item = (Cow<'t, str>, usize)>) -> Self {
        let mut index = Self::default();
        entries.into_iter().for_each(|(text, at)| index.insert(text, at));
        index
    }

    /// Where a text stands.
    pub(crate) fn get(&self, text: &str) -> Option<usize> {
        self.0.get(&Text(Cow::Borrowed(text))).copied()
    }

    /// Says that a text stands here now.
    pub(crate) fn insert(&mut self, text: Cow<'t, str>, at: usize) {
        self.0.insert(Text(text), at);
    }

    /// Where a text stood before; a new one stands here.
    pub(crate) fn before(&mut self, text: impl Into<Cow<'t, str>>, at: usize) -> Option<usize> {
        match self.0.entry(Text(text.into())) {
            Entry::Occupied(before) => Some(*before.get()),
            Entry::Vacant(place) => {
                place.insert(at);
                None
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// A text that is quick to compare with others. They have an order that is of no use but to find them: by length, then
/// from the end, eight bytes at a time, since names that are counted differ there.
#[derive(Debug, PartialEq, Eq)]
struct Text<'t>(Cow<'t, str>);

impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        fn numbers(blocks: &[[u8; 8]]) -> impl Iterator<Item = u64> {
            blocks.iter().rev().map(|block| u64::from_le_bytes(*block))
        }
        let (start, blocks) = self.0.as_bytes().as_rchunks();
        let (other_start, other_blocks) = other.0.as_bytes().as_rchunks();
        let by_length = self.0.len().cmp(&other.0.len());
        by_length.then_with(|| numbers(blocks).cmp(numbers(other_blocks))).then_with(|| start.cmp(other_start))
    }
}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_found_where_they_stand(texts in prop::collection::vec("[ab]{0,18}|é{0,9}", 0..60)) {
            let mut index = Index::default();
            for (at, text) in texts.iter().enumerate() {
                let first = texts.iter().position(|earlier| earlier == text).filter(|first| *first != at);
                prop_assert_eq!(index.before(text, at), first);
            }
            let last = Index::of(texts.iter().enumerate().map(|(at, text)| (text.into(), at)));
            for text in &texts {
                prop_assert_eq!(index.get(text), texts.iter().position(|other| other == text));
                prop_assert_eq!(last.get(text), texts.iter().rposition(|other| other == text));
            }
            prop_assert_eq!(index.get("c"), None);
        }
    }
}
