//! Layers on top of each other, as the reference merges them: mappings key by key, lists by appending, anything else
//! by replacing. A value never changes its type.

use crate::problem::{Code, Cure, Problem, Problems, describe, may_hold_secret};
use crate::value::{Index, Map, Node, Path, Trail, Value};
use std::borrow::Cow;

/// Which of the two layers a person wrote, and so can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
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
    pub(crate) written: Written,
    /// What the other layer is, for messages: `the base template has`.
    pub(crate) other: &'m str,
    /// The problems found.
    pub(crate) problems: &'m mut Problems,
}

impl Merge<'_> {
    /// Merges `above` over `base`. Where types differ, `base` stays and a problem says so.
    pub(crate) fn apply<'a>(&mut self, base: &mut Node<'a>, above: &Node<'a>, trail: &Trail<'_>) {
        match (&mut base.value, &above.value) {
            (Value::Map(below), Value::Map(over)) => {
                for (position, (key, node)) in positions(below, over).into_iter().zip(over.iter()) {
                    match position.and_then(|position| below.entries_mut().get_mut(position)) {
                        Some((_, existing)) => {
                            self.apply(existing, node, &trail.entry(over, &key.text));
                        }
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
        let (wrong, right) = match self.written {
            Written::Below => (base, above),
            Written::Above => (above, base),
        };
        let other = self.other;
        let is_hidden = may_hold_secret(trail);

        self.problems.add_with(|| {
            let [has, got] = [right, wrong].map(|node| describe(node, is_hidden));
            let message = format!("expected {}, as {other} {has}, got {got}", right.kind());
            let is_nested = matches!(right.value, Value::List(_) | Value::Map(_));
            // Written as what it should be, it would be told to go the next time.
            let is_set = self.written == Written::Below && !is_nested;
            let help = match &wrong.value {
                _ if is_set => "remove it: the macro sets this itself".to_owned(),
                Value::Null if is_nested => {
                    "remove the key, or give it something: null cannot be merged".to_owned()
                }
                _ => format!("write it as {}", right.kind()),
            };
            let is_plain =
                matches!(wrong.value, Value::Bool(_) | Value::Integer(_) | Value::Float(_));
            let quote = is_plain && matches!(right.value, Value::String(_));
            Problem::new(Code::TypeMismatch, trail.under(self.root), message)
                .help(help)
                .origin(wrong.origin)
                .cure(if is_set { Some(Cure::Remove) } else { quote.then_some(Cure::Quote) })
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
                    overwritten(existing, node, &trail.entry(below, &key.text), found);
                }
            }
        }
        (below, over) if is_same_scalar_type(below, over) && below != over => {
            found(trail, template, managed);
        }
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
    let index =
        Index::of(below.iter().enumerate().map(|(at, (key, _))| (Cow::Borrowed(&*key.text), at)));
    over.iter().map(|(key, _)| index.get(&*key.text)).collect()
}

fn is_same_scalar_type(a: &Value<'_>, b: &Value<'_>) -> bool {
    !matches!(a, Value::List(_) | Value::Map(_))
        && std::mem::discriminant(a) == std::mem::discriminant(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read_yaml;
    use crate::value::Source;
    use crate::write::json;
    use proptest::prelude::*;

    fn read(text: &str) -> Node<'_> {
        read_yaml(text, Source::Context).unwrap().root
    }

    /// The result, and each problem's place and texts.
    fn merged(base: &Node<'_>, above: &Node<'_>, written: Written) -> (String, Vec<String>) {
        let (mut node, mut problems) = (base.clone(), Problems::default());
        let mut merge = Merge {
            root: &Path::field("t"),
            written,
            other: "the other layer has",
            problems: &mut problems,
        };
        merge.apply(&mut node, above, &Trail::ROOT);
        let said = |problem: &Problem| {
            format!(
                "{} {}: {} ({})",
                problem.code,
                problem.path,
                problem.message,
                problem.help.as_deref().unwrap()
            )
        };
        (json(&node), problems.into_list().iter().map(said).collect())
    }

    #[test]
    fn mappings_merge_lists_grow_and_scalars_are_replaced() {
        for (base, above, expected) in [
            ("{a: 1, b: 2}", "{b: 3, c: 4}", r#"{"a":1,"b":3,"c":4}"#),
            ("{a: {b: {c: x}}}", "{a: {b: {d: y}}}", r#"{"a":{"b":{"c":"x","d":"y"}}}"#),
            ("{a: [1]}", "{a: [1, 2]}", r#"{"a":[1,1,2]}"#),
            ("{1: a}", "{'1': b}", r#"{"1":"b"}"#),
            ("{a: null}", "{a: null}", r#"{"a":null}"#),
            ("{a: 1.5}", "{a: 2.5}", r#"{"a":2.5}"#),
            ("{a: true}", "{a: false}", r#"{"a":false}"#),
        ] {
            assert_eq!(
                merged(&read(base), &read(above), Written::Above),
                (expected.to_owned(), vec![]),
                "{base} {above}"
            );
        }
    }

    #[test]
    fn a_mismatch_leaves_what_is_there_and_says_which_type_is_right() {
        for (base, above, written, expected) in [
            (
                "{a: {b: 1}}",
                "{a: {b: x}}",
                Written::Above,
                "type-mismatch t.a.b: expected an integer, as the other layer has the number 1, got a string \
                 (write it as an integer)",
            ),
            (
                "{a: x}",
                "{a: [1]}",
                Written::Below,
                "type-mismatch t.a: expected a list, as the other layer has a list, got a string (write it as a list)",
            ),
            (
                "{a: 1}",
                "{a: x}",
                Written::Below,
                "type-mismatch t.a: expected a string, as the other layer has a string, got the number 1 \
                 (remove it: the macro sets this itself)",
            ),
            (
                "{a: [1]}",
                "{a: null}",
                Written::Above,
                "type-mismatch t.a: expected a list, as the other layer has a list, got null \
                 (remove the key, or give it something: null cannot be merged)",
            ),
            (
                "{a: x}",
                "{a: null}",
                Written::Above,
                "type-mismatch t.a: expected a string, as the other layer has a string, got null (write it as a string)",
            ),
            (
                "{a: null}",
                "{a: 2024-01-01}",
                Written::Above,
                "type-mismatch t.a: expected null, as the other layer has null, got the date 2024-01-01 \
                 (write it as null)",
            ),
        ] {
            let base = read(base);
            assert_eq!(
                merged(&base, &read(above), written),
                (json(&base), vec![expected.to_owned()])
            );
        }
        for (value, kind) in [
            ("null", "null"),
            ("true", "a boolean"),
            ("1", "an integer"),
            ("1.5", "a number with a fraction"),
            ("x", "a string"),
            ("2024-01-01", "a date"),
            ("[]", "a list"),
            ("{}", "a mapping"),
        ] {
            assert_eq!(read(value).kind(), kind);
        }
    }

    #[test]
    fn what_would_be_overwritten_is_found() {
        let (template, managed) = (
            read("{a: {b: 1, c: 2, d: x}, e: [1], g: 1}"),
            read("{a: {b: 1, c: 3, d: 4}, e: [2], f: 5}"),
        );
        let mut found = Vec::new();
        overwritten(&template, &managed, &Trail::ROOT, &mut |trail, was, is| {
            found.push((trail.under(&Path::root()).to_string(), json(was), json(is)));
        });
        assert_eq!(found, [("a.c".to_owned(), "2".to_owned(), "3".to_owned())]);
    }

    /// Small mappings are scanned, large ones have an index.
    #[test]
    fn keys_are_found_in_mappings_of_every_size() {
        for (below, over) in [(5, 3), (32, 40), (33, 40), (100, 100), (100, 3), (3, 100)] {
            let map = |count: usize, step: usize| {
                let entry = |n: usize| {
                    (format!("k{}", n * step), Node::new(Value::Null, crate::value::Origin::MACRO))
                };
                Node::map((0..count).map(entry), crate::value::Origin::MACRO)
            };
            let (below, over) = (map(below, 1), map(over, 2));
            let (below, over) = (below.as_map().unwrap(), over.as_map().unwrap());
            let expected: Vec<_> = over
                .iter()
                .map(|(key, _)| below.iter().position(|(other, _)| other.text == key.text))
                .collect();
            assert_eq!(positions(below, over), expected);
        }
    }

    /// Trees in which a key says the type of its value, so that two of them always merge.
    fn tree() -> impl Strategy<Value = Node<'static>> {
        let origin = crate::value::Origin::MACRO;
        let integer = move |n: u8| Node::new(Value::Integer(Cow::Owned(n.to_string())), origin);
        let entry = prop_oneof![
            (prop::sample::select(vec!["i", "j"]), any::<u8>().prop_map(integer)),
            (
                prop::sample::select(vec!["s"]),
                "[a-z]{0,2}".prop_map(move |text| Node::string(text, origin))
            ),
            (
                prop::sample::select(vec!["l"]),
                prop::collection::vec(any::<u8>().prop_map(integer), 0..3)
                    .prop_map(move |l| Node::list(l, origin))
            ),
        ];
        let map = move |entries: Vec<(&'static str, Node<'static>)>| {
            let mut entries = entries;
            let mut seen = Vec::new();
            entries.retain(|(key, _)| {
                !seen.contains(key) && {
                    seen.push(*key);
                    true
                }
            });
            Node::map(entries, origin)
        };
        let leaf = prop::collection::vec(entry.clone(), 0..4).prop_map(map);
        leaf.prop_recursive(3, 20, 4, move |inner| {
            let entry = prop_oneof![entry.clone(), (prop::sample::select(vec!["m", "n"]), inner)];
            prop::collection::vec(entry, 0..5).prop_map(map)
        })
    }

    fn sum(base: &Node<'static>, above: &Node<'static>) -> Node<'static> {
        let (mut node, mut problems) = (base.clone(), Problems::default());
        let mut merge = Merge {
            root: &Path::root(),
            written: Written::Above,
            other: "",
            problems: &mut problems,
        };
        merge.apply(&mut node, above, &Trail::ROOT);
        assert!(problems.is_empty());
        node
    }

    fn keys(node: &Node<'_>) -> Vec<String> {
        node.as_map().unwrap().iter().map(|(key, _)| key.text.to_string()).collect()
    }

    proptest! {
        #[test]
        fn nothing_changes_nothing(node in tree()) {
            let nothing = Node::new(Value::Map(Map::EMPTY), crate::value::Origin::MACRO);
            prop_assert_eq!(json(&sum(&node, &nothing)), json(&node));
            prop_assert_eq!(json(&sum(&nothing, &node)), json(&node));
        }

        #[test]
        fn three_layers_are_one_result(a in tree(), b in tree(), c in tree()) {
            prop_assert_eq!(json(&sum(&sum(&a, &b), &c)), json(&sum(&a, &sum(&b, &c))));
        }

        #[test]
        fn keys_stay_where_they_are_and_new_ones_follow(a in tree(), b in tree()) {
            let mut expected = keys(&a);
            expected.extend(keys(&b).into_iter().filter(|key| a.get(key).is_none()));
            prop_assert_eq!(keys(&sum(&a, &b)), expected);
        }
    }
}
