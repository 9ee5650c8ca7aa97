//! Finding a text among many: one kind of map for all, since every kind takes 5 KB of the component.

use std::borrow::Cow;
use std::collections::BTreeMap;

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
        self.0.get(&Text::new(Cow::Borrowed(text))).copied()
    }

    /// Says that a text stands here now.
    pub(crate) fn insert(&mut self, text: Cow<'t, str>, at: usize) {
        *self.0.entry(Text::new(text)).or_insert(at) = at;
    }

    /// Where a text stood before; a new one stands here.
    pub(crate) fn before(&mut self, text: impl Into<Cow<'t, str>>, at: usize) -> Option<usize> {
        let before = self.0.len();
        let first = *self.0.entry(Text::new(text.into())).or_insert(at);
        (self.0.len() == before).then_some(first)
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// A text that is quick to compare with others: texts with one hash are few, or somebody made them, and then they are
/// compared as they are.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Text<'t> {
    hash: u64,
    text: Cow<'t, str>,
}

impl<'t> Text<'t> {
    fn new(text: Cow<'t, str>) -> Self {
        // Multiplied by a fraction of the golden ratio, as Knuth has it; eight bytes at a time.
        let (blocks, rest) = text.as_bytes().as_chunks();
        let rest = rest.iter().fold(0, |rest: u64, byte| rest << 8 | u64::from(*byte));
        let mix = |hash: u64, number: u64| (hash.rotate_left(29) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hash = blocks.iter().fold(mix(0, rest), |hash, block| mix(hash, u64::from_le_bytes(*block)));
        Self { hash, text }
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
