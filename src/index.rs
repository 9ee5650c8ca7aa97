//! Maps, of which the macro has few kinds: every type of entry takes 5 KB of the component.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Where texts stand in a list.
pub(crate) type Index<'t> = BTreeMap<Cow<'t, str>, usize>;

/// What `collect` gives, without the sort that it brings along: 6 KB more.
pub(crate) fn collected<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}
