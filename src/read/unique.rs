//! Keys that stand once, as in a Python dict.

use crate::value::{Index, Key, KeyKind, Node, Number, Origin, PythonFloat};
use std::borrow::Cow;

/// The text of a float as a key.
pub(super) fn float_key(number: f64, origin: Origin) -> Key<'static> {
    Key::new(PythonFloat(number).to_string(), KeyKind::Float, origin)
}

/// A key that repeats an earlier one.
pub(super) struct Repeat<'a> {
    /// The key where it stands again.
    pub(super) key: Key<'a>,
    /// The entry before it, whose value no longer counts.
    pub(super) overwritten: Origin,
}

/// Makes keys unique as Python does: the first place and the last value stay. Gives the keys that repeated an earlier
/// one, in the order of the text.
pub(super) fn make_unique<'a>(entries: &mut Vec<(Key<'a>, Node<'a>)>) -> Vec<Repeat<'a>> {
    let repeats = repeats(entries);
    if repeats.is_empty() {
        return Vec::new();
    }

    let mut dropped = Vec::with_capacity(repeats.len());
    for &(first, later) in &repeats {
        let Ok([(kept_key, kept), (key, value)]) = entries.get_disjoint_mut([first, later]) else {
            continue;
        };
        let overwritten = Origin { end: kept.origin.end, ..kept_key.origin };
        std::mem::swap(&mut kept_key.origin, &mut key.origin);
        std::mem::swap(kept, value);
        dropped.push(Repeat { key: Key { origin: kept_key.origin, ..key.clone() }, overwritten });
    }

    let mut later = repeats.into_iter().map(|(_, later)| later).peekable();
    let mut position = 0_usize;
    entries.retain(|_| {
        let is_repeat = later.next_if_eq(&position).is_some();
        position = position.saturating_add(1);
        !is_repeat
    });

    dropped
}

/// Every entry whose key stood before, with the position where it stood first, in order.
fn repeats(entries: &[(Key<'_>, Node<'_>)]) -> Vec<(usize, usize)> {
    let mut repeats = Vec::new();
    // Most mappings are small, with keys that are strings: comparing is cheaper than an index there.
    if entries.len() <= 8 && entries.iter().all(|(key, _)| key.kind == KeyKind::String) {
        for (later, (key, _)) in entries.iter().enumerate() {
            if let Some(first) =
                entries.iter().take(later).position(|(earlier, _)| earlier.text == key.text)
            {
                repeats.push((first, later));
            }
        }
        return repeats;
    }
    let (mut strings, mut others) = (Index::default(), Index::default());
    for (at, (key, _)) in entries.iter().enumerate() {
        let first = match key.kind {
            KeyKind::String => strings.before(&*key.text, at),
            _ => others.before(identity(key), at),
        };
        if let Some(first) = first {
            repeats.push((first, at));
        }
    }
    repeats
}

/// What a key that is no string has in common with those that Python takes for the same: `1`, `1.0` and `True` are one.
fn identity<'k>(key: &'k Key<'_>) -> Cow<'k, str> {
    match Number::of_key(key) {
        Some(number) => number.into_canonical(),
        None => Cow::Borrowed(&*key.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Source;

    fn unique(keys: &[Key<'static>]) -> (String, Vec<u32>) {
        let mut entries: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(at, key)| {
                let origin = Origin::new(Source::Context, at, at);
                (Key { origin, ..key.clone() }, Node::string(at.to_string(), origin))
            })
            .collect();
        let repeats = make_unique(&mut entries);
        let shown: Vec<_> = entries
            .iter()
            .map(|(key, node)| format!("{}={}", key.text, node.as_str().unwrap()))
            .collect();
        (shown.join(" "), repeats.into_iter().map(|repeat| repeat.key.origin.offset).collect())
    }

    #[test]
    fn the_first_place_and_the_last_value_stay() {
        let key = |text: &'static str, kind| Key::new(text, kind, Origin::MACRO);
        for filler in [0, 20] {
            let mut keys = vec![
                key("a", KeyKind::String),
                key("1", KeyKind::Integer),
                key("1", KeyKind::String),
                key("a", KeyKind::String),
                key("true", KeyKind::Bool),
                key("1.0", KeyKind::Float),
                key("null", KeyKind::Null),
                key("a", KeyKind::String),
            ];
            let fillers: Vec<String> = (0..filler).map(|n| format!("f{n}")).collect();
            keys.extend(fillers.iter().map(|text| Key::string(text.clone())));
            let (shown, repeats) = unique(&keys);
            assert!(shown.starts_with("a=7 1=5 1=2 null=6"), "{shown}");
            assert_eq!(repeats, [3, 4, 5, 7]);
        }
    }

    #[test]
    fn whole_floats_are_integers_of_any_size() {
        let key = |text: &'static str, kind| Key::new(text, kind, Origin::MACRO);
        assert_eq!(
            unique(&[
                key("100000000000000000000", KeyKind::Integer),
                float_key(1e20, Origin::MACRO),
                float_key(-0.0, Origin::MACRO),
                key("0", KeyKind::Integer)
            ])
            .1,
            [1, 3]
        );
        assert_eq!(
            unique(&[
                key("9007199254740993", KeyKind::Integer),
                float_key(9_007_199_254_740_992.0, Origin::MACRO)
            ])
            .1,
            [0_u32; 0]
        );
    }
}
