//! Layers on top of each other, as the reference merges them: mappings key by key, lists by appending, anything else
//! by replacing. A value never changes its type.

use crate::index::{Index, collected};
use crate::node::{Map, Node, Value};
use crate::problem::{Path, Problem, Trail, tell};
use std::borrow::Cow;

/// Which of the two layers a person wrote, and so has to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mend {
    /// The layer below.
    Below,
    /// The layer above.
    Above,
}

/// A merge of one layer over another, with what went wrong.
#[derive(Debug)]
pub(crate) struct Merge<'m> {
    /// The place of the layer that a person wrote, in the context.
    pub(crate) root: &'m Path,
    /// Which layer that is.
    pub(crate) mend: Mend,
    /// What the other layer is, for messages: `the base template has`.
    pub(crate) other: &'m str,
    /// The problems found.
    pub(crate) problems: &'m mut Vec<Problem>,
}

impl Merge<'_> {
    /// Lays `above` over `base`. Where types differ, `base` stays and a problem says so.
    pub(crate) fn apply<'a>(&mut self, base: &mut Node<'a>, above: &Node<'a>, trail: &Trail<'_>) {
        match (&mut base.value, &above.value) {
            (Value::Map(below), Value::Map(over)) => {
                for (position, (key, node)) in positions(below, over).into_iter().zip(over.iter()) {
                    match position.and_then(|position| below.entries_mut().get_mut(position)) {
                        Some((_, existing)) => self.apply(existing, node, &trail.key(&key.text)),
                        None => below.entries_mut().push((key.clone(), node.clone())),
                    }
                }
            }
            (Value::List(below), Value::List(over)) => below.extend(over.iter().cloned()),
            (below, over) if is_same_scalar_type(below, over) => *base = above.clone(),
            _ => self.mismatch(base, above, trail),
        }
    }

    fn mismatch(&mut self, base: &Node<'_>, above: &Node<'_>, trail: &Trail<'_>) {
        let (wrong, right) = match self.mend {
            Mend::Below => (base, above),
            Mend::Above => (above, base),
        };
        let message =
            format!("expected {}, as {} {}, got {}", kind(right), self.other, right.describe(), wrong.describe());
        let help = match (&wrong.value, &right.value) {
            (Value::Null, Value::List(_) | Value::Map(_)) => {
                "remove the key, or give it something: null cannot be merged".to_owned()
            }
            _ => format!("write it as {}", kind(right)),
        };
        tell(self.problems, || {
            Problem::new("type-mismatch", trail.under(self.root), message).help(help).origin(wrong.origin)
        });
    }
}

/// Every scalar of `template` that `managed` would change.
pub(crate) fn overwritten<'n, 'a>(
    template: &'n Node<'a>,
    managed: &'n Node<'a>,
    trail: &Trail<'_>,
    found: &mut impl FnMut(&Trail<'_>, &'n Node<'a>, &'n Node<'a>),
) {
    match (&template.value, &managed.value) {
        (Value::Map(below), Value::Map(over)) => {
            for (key, node) in over.iter() {
                if let Some(existing) = below.get(&key.text) {
                    overwritten(existing, node, &trail.key(&key.text), found);
                }
            }
        }
        (below, over) if is_same_scalar_type(below, over) && below != over => found(trail, template, managed),
        _ => {}
    }
}

/// For each key of `over`, where `below` has it. Keys meet by their text, as they will in JSON.
pub(crate) fn positions(below: &Map<'_>, over: &Map<'_>) -> Vec<Option<usize>> {
    /// Up to here a scan is faster than an index.
    const SCAN: usize = 32;
    if below.len().min(over.len()) <= SCAN {
        let find = |text: &str| below.iter().position(|(key, _)| key.text == text);
        return over.iter().map(|(key, _)| find(&key.text)).collect();
    }
    let index: Index<'_> = collected(below.iter().enumerate().map(|(at, (key, _))| (Cow::Borrowed(&*key.text), at)));
    over.iter().map(|(key, _)| index.get(&*key.text).copied()).collect()
}

fn is_same_scalar_type(a: &Value<'_>, b: &Value<'_>) -> bool {
    !matches!(a, Value::List(_) | Value::Map(_)) && std::mem::discriminant(a) == std::mem::discriminant(b)
}

/// What a person must write, without the value.
pub(crate) fn kind(node: &Node<'_>) -> &'static str {
    match &node.value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Integer(_) => "an integer",
        Value::Float(_) => "a number with a fraction",
        Value::String(_) => "a string",
        Value::Timestamp(_) => "a date",
        Value::List(_) => "a list",
        Value::Map(_) => "a mapping",
    }
}
