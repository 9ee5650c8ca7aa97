//! Finding a text or a place among many: one kind of map for all, since every kind takes 3 to 5 KB of the component.

use super::Origin;
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

    /// Whether nothing stands anywhere.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
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
        let mix = |hash: u64, number: u64| {
            (hash.rotate_left(29) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        };
        let number =
            blocks.iter().fold(mix(0, rest), |hash, block| mix(hash, u64::from_le_bytes(*block)));
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
        // The sources are few: of two that have something at the same offsets, the text tells which.
        const SOURCES: [&str; 8] = ["0", "1", "2", "3", "4", "5", "6", "7"];
        let source = SOURCES.get(origin.source as usize).copied().unwrap_or_default();
        Self {
            number: u64::from(origin.offset) << 32 | u64::from(origin.end),
            text: Cow::Borrowed(source),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Source;
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
    fn origins_are_told_apart_by_source_and_both_offsets() {
        let origins = [
            Origin::new(Source::Context, 1, 2),
            Origin::new(Source::Context, 1, 3),
            Origin::new(Source::Base, 1, 2),
            Origin::MACRO,
        ];
        let mut index = Index::default();
        assert!(origins.iter().enumerate().all(|(at, origin)| index.before(*origin, at).is_none()));
        assert!(origins.iter().enumerate().all(|(at, origin)| index.get(*origin) == Some(at)));
    }
}
