//! Collections filled one by one.

/// What `collect` gives, without the sort that it brings along for maps and sets: 6 KB of the component for every type
/// of entry.
pub(crate) fn collected<C: Default + Extend<T>, T>(items: impl IntoIterator<Item = T>) -> C {
    let mut collection = C::default();
    collection.extend(items);
    collection
}
