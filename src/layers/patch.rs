//! The emergency patch: the last layer, for incidents. It reaches into lists by Kubernetes' own merge keys, where the
//! reference could only append a second container that Kubernetes refuses.
//!
//! - Lists with merge keys merge item by item; an item without its like is appended. Other lists are appended to.
//! - `null` removes a field that is there.
//! - `$patch: delete` in an item of a keyed list or in a mapping removes it; `$patch: replace` in a mapping, or as an
//!   item of its own in a list, empties what is there first. These directives are those of `kubectl patch`.

use super::merge::{Merge, Written, positions};
use crate::kubernetes::Kind;
use crate::kubernetes::schema::{Field, Object, Shape, Type, merge_key_default};
use crate::problem::{Code, Problem, Problems};
use crate::value::{Index, Map, Node, Path, Trail, Value};
use std::borrow::Cow;

const DIRECTIVE: &str = "$patch";

/// Merges the patch that stands at `place` over a Deployment.
pub(crate) fn apply<'a>(deployment: &mut Node<'a>, patch: &Node<'a>, place: &Path, problems: &mut Problems) {
    let merge = Merge { root: place, written: Written::Above, other: "the Deployment has", problems };
    Patch { merge }.node(deployment, patch, Known::Object(Object::of(Kind::Deployment)), &Trail::ROOT);
}

/// What the API says about the value that is patched.
#[derive(Clone, Copy)]
enum Known {
    Object(&'static Object),
    Field(&'static Field),
    Nothing,
}

impl Known {
    /// The fields of a mapping here, or of the items of a list.
    fn object(self) -> Option<&'static Object> {
        match self {
            Self::Object(object) => Some(object),
            Self::Field(field) => field.object(),
            Self::Nothing => None,
        }
    }

    fn item(self) -> Self {
        self.object().map_or(Self::Nothing, Self::Object)
    }

    fn field(self, name: &str) -> Self {
        self.object().and_then(|object| object.field(name)).map_or(Self::Nothing, Self::Field)
    }

    fn merge_keys(self) -> &'static [&'static str] {
        match self {
            Self::Field(field) => field.merge_keys,
            _ => &[],
        }
    }

    /// Whether a number may take the place of text and the other way round.
    fn takes_number_or_text(self) -> bool {
        matches!(self, Self::Field(Field { shape: Shape::One(Type::IntOrString | Type::Quantity), .. }))
    }
}

/// What a `$patch` asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
    /// None of these.
    Unknown,
}

impl Directive {
    fn of(map: &Map<'_>) -> Self {
        match map.get(DIRECTIVE).map(Node::as_str) {
            None | Some(Some("merge")) => Self::Merge,
            Some(Some("replace")) => Self::Replace,
            Some(Some("delete")) => Self::Delete,
            Some(_) => Self::Unknown,
        }
    }
}

struct Patch<'m> {
    merge: Merge<'m>,
}

impl Patch<'_> {
    fn node<'a>(&mut self, below: &mut Node<'a>, patch: &Node<'a>, known: Known, trail: &Trail<'_>) {
        match (&mut below.value, &patch.value) {
            (Value::Map(map), Value::Map(over)) => {
                match Directive::of(over) {
                    Directive::Replace => map.entries_mut().clear(),
                    Directive::Unknown => self.refuse_directive(over, trail),
                    Directive::Merge | Directive::Delete => {}
                }
                self.map(map, over, known, trail);
            }
            (Value::List(items), Value::List(over)) => self.list(items, over, known, trail),
            (Value::Integer(_) | Value::Float(_), Value::String(_))
            | (Value::String(_), Value::Integer(_) | Value::Float(_))
                if known.takes_number_or_text() =>
            {
                *below = patch.clone();
            }
            _ => self.merge.apply(below, patch, trail),
        }
    }

    fn map<'a>(&mut self, below: &mut Map<'a>, over: &Map<'a>, known: Known, trail: &Trail<'_>) {
        let mut removed = vec![false; below.len()];
        for (position, (key, node)) in positions(below, over).into_iter().zip(over.iter()) {
            if key.text == DIRECTIVE {
                continue;
            }
            let trail = trail.entry(over, &key.text);
            let is_deleted = node.as_map().is_some_and(|map| Directive::of(map) == Directive::Delete);
            let existing = position.and_then(|at| below.entries_mut().get_mut(at));
            match (position, existing) {
                (Some(at), Some((_, existing))) => {
                    let is_nulled = node.value == Value::Null && existing.value != Value::Null;
                    if is_deleted || is_nulled {
                        removed.get_mut(at).into_iter().for_each(|removed| *removed = true);
                    } else {
                        self.node(existing, node, known.field(&key.text), &trail);
                    }
                }
                _ if is_deleted => {}
                _ => {
                    let node = self.without_directives(node, known.field(&key.text), &trail);
                    below.entries_mut().push((key.clone(), node));
                }
            }
        }
        let mut removed = removed.into_iter();
        below.entries_mut().retain(|_| !removed.next().unwrap_or(false));
    }

    fn list<'a>(&mut self, below: &mut Vec<Node<'a>>, over: &[Node<'a>], known: Known, trail: &Trail<'_>) {
        let keys = known.merge_keys();
        let mut items: Vec<Option<Node<'a>>> = std::mem::take(below).into_iter().map(Some).collect();
        // Of several items with the same key the last one counts, as with environment variables.
        let identified = items.iter().enumerate().filter_map(|(at, item)| Some((identity(item.as_ref()?, keys)?, at)));
        let mut index = Index::of(identified);
        for (at, item) in over.iter().enumerate() {
            let trail = trail.index(at);
            let directive = item.as_map().map_or(Directive::Merge, Directive::of);
            let identity = identity(item, keys);
            let existing = identity.as_ref().and_then(|identity| items.get_mut(index.get(&**identity)?));
            match (directive, existing) {
                (Directive::Replace, _) if identity.is_none() => {
                    items.clear();
                    index.clear();
                }
                // The index keeps the key of what is deleted: its place is empty, and an item of that key is new.
                (Directive::Delete, Some(existing @ Some(_))) => *existing = None,
                (Directive::Delete, _) => self.refuse_deletion(item, keys, &trail),
                (_, Some(Some(existing))) => {
                    let origins: Vec<_> = keys.iter().map(|key| existing.get(key).map(|node| node.origin)).collect();
                    self.node(existing, item, known.item(), &trail);
                    // The keys say which item is meant: they change nothing.
                    for (key, origin) in keys.iter().zip(origins) {
                        let node = existing.as_map_mut().and_then(|map| map.get_mut(key));
                        if let (Some(node), Some(origin)) = (node, origin) {
                            node.origin = origin;
                        }
                    }
                }
                (_, _) => {
                    if let Some(identity) = identity {
                        index.insert(identity, items.len());
                    }
                    items.push(Some(self.without_directives(item, known.item(), &trail)));
                }
            }
        }
        below.extend(items.into_iter().flatten());
    }

    /// A value that nothing stands below of, so that its directives have nothing to do.
    fn without_directives<'a>(&mut self, patch: &Node<'a>, known: Known, trail: &Trail<'_>) -> Node<'a> {
        let mut node = match &patch.value {
            Value::Map(_) => Node::new(Value::Map(Map::EMPTY), patch.origin),
            Value::List(_) => Node::list([], patch.origin),
            _ => return patch.clone(),
        };
        self.node(&mut node, patch, known, trail);
        node
    }

    fn refuse_directive(&mut self, map: &Map<'_>, trail: &Trail<'_>) {
        self.merge.problems.add_with(|| {
            let place = trail.key(DIRECTIVE).under(self.merge.root);
            let problem = Problem::new(Code::PatchDirective, place, "expected delete, replace or merge")
                .help("see `kubectl patch` for these directives");
            match map.get(DIRECTIVE) {
                Some(node) => problem.origin(node.origin),
                None => problem,
            }
        });
    }

    fn refuse_deletion(&mut self, item: &Node<'_>, keys: &[&str], trail: &Trail<'_>) {
        let (message, help) = match keys.first() {
            Some(key) => (
                "there is no such item to delete".to_owned(),
                format!(
                    "items of this list are told apart by `{}`; see what `render` gives without the patch",
                    keys.join("` and `")
                ) + if keys.len() == 1 && item.get(key).is_none() { ", and this one does not say it" } else { "" },
            ),
            None => (
                "items of this list have no key by which one could be deleted".to_owned(),
                "replace the list: put the item {$patch: replace} before what it shall hold".to_owned(),
            ),
        };
        self.merge.problems.add_with(|| {
            let place = trail.under(self.merge.root);
            Problem::new(Code::PatchDirective, place, message).help(help).origin(item.origin)
        });
    }
}

/// What tells an item of a list from the others, where it says its first key.
pub fn identity(item: &Node<'_>, keys: &[&str]) -> Option<Cow<'static, str>> {
    let value = |key: &str| match &item.get(key)?.value {
        Value::String(text) | Value::Integer(text) => Some(text.to_string()),
        _ => None,
    };
    let mut identity = value(keys.first()?)?;
    for key in keys.get(1..).unwrap_or_default() {
        identity.push('\0');
        identity.push_str(&value(key).or_else(|| merge_key_default(key).map(str::to_owned))?);
    }
    Some(Cow::Owned(identity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read_yaml;
    use crate::value::{Origin, Source};
    use crate::write::json;
    use proptest::prelude::*;

    /// A pod's patch over a pod: the result, and what is wrong.
    fn patched(pod: &str, patch: &str) -> (String, Vec<String>) {
        let pods = [pod, patch].map(|text| format!("{{spec: {{template: {{spec: {text}}}}}}}"));
        let [mut node, patch] = [&pods[0], &pods[1]].map(|text| read_yaml(text, Source::EmergencyPatch).unwrap().root);
        let mut problems = Problems::default();
        apply(&mut node, &patch, &Path::field("p"), &mut problems);
        let said = |problem: &Problem| {
            let place = problem.path.to_string();
            let place = place.strip_prefix("p.spec.template.spec").unwrap_or(&place);
            format!("{} {place}: {} ({})", problem.code, problem.message, problem.help.as_deref().unwrap_or_default())
        };
        let pod = node.at(&["spec", "template", "spec"]).unwrap();
        (json(pod), problems.into_list().iter().map(said).collect())
    }

    #[test]
    fn items_meet_by_their_keys() {
        for (pod, patch, expected) in [
            // By name, in place; what has no like follows.
            (
                "{volumes: [{name: a, x: 1}, {name: b}]}",
                "{volumes: [{name: b, y: 2}, {name: c}]}",
                r#"{"volumes":[{"name":"a","x":1},{"name":"b","y":2},{"name":"c"}]}"#,
            ),
            // By several keys, one of which has a default.
            (
                "{containers: [{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}]}]}",
                "{containers: [{name: a, ports: [{containerPort: 53, protocol: TCP, name: dns}]}]}",
                r#"{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"UDP"},{"containerPort":53,"protocol":"TCP","name":"dns"}]}]}"#,
            ),
            // Of two items of one key the last one counts.
            (
                "{volumes: [{name: a, x: 1}, {name: a, x: 2}]}",
                "{volumes: [{name: a, x: 3}]}",
                r#"{"volumes":[{"name":"a","x":1},{"name":"a","x":3}]}"#,
            ),
            // Lists without keys grow.
            ("{tolerations: [{key: a}]}", "{tolerations: [{key: a}]}", r#"{"tolerations":[{"key":"a"},{"key":"a"}]}"#),
            // An item without its key is one of its own.
            ("{volumes: [{name: a}]}", "{volumes: [{x: 1}]}", r#"{"volumes":[{"name":"a"},{"x":1}]}"#),
            // Keys are compared as text, numbers too.
            (
                "{containers: [{name: a, ports: [{containerPort: 80}]}]}",
                "{containers: [{name: a, ports: [{containerPort: '80', name: b}]}]}",
                r#"{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"b"}]}]}"#,
            ),
        ] {
            let (mut result, problems) = patched(pod, patch);
            if problems.iter().any(|problem| problem.contains("containerPort: expected")) {
                // The text is told to be no number; the item is found all the same.
                result = result.replace("\"80\"", "80");
            } else {
                assert_eq!(problems, [""; 0], "{patch}");
            }
            assert_eq!(result, expected, "{patch}");
        }
    }

    #[test]
    fn null_and_directives_remove() {
        for (pod, patch, expected) in [
            ("{a: 1, b: 2, c: 3}", "{a: null, c: null}", r#"{"b":2}"#),
            // What is not there stays as it is given; so does a null that is there.
            ("{a: null}", "{a: null, b: null}", r#"{"a":null,"b":null}"#),
            ("{a: {b: 1}, c: 1}", "{a: {$patch: delete}}", r#"{"c":1}"#),
            ("{c: 1}", "{a: {$patch: delete}}", r#"{"c":1}"#),
            ("{a: {b: 1}}", "{a: {$patch: replace, c: 2}}", r#"{"a":{"c":2}}"#),
            ("{a: {b: 1}}", "{a: {$patch: merge, c: 2}}", r#"{"a":{"b":1,"c":2}}"#),
            (
                "{volumes: [{name: a}, {name: b}]}",
                "{volumes: [{name: a, $patch: delete}]}",
                r#"{"volumes":[{"name":"b"}]}"#,
            ),
            // What is deleted may come again, as new.
            (
                "{volumes: [{name: a, x: 1}]}",
                "{volumes: [{name: a, $patch: delete}, {name: a, y: 2}]}",
                r#"{"volumes":[{"name":"a","y":2}]}"#,
            ),
            ("{volumes: [{name: a}]}", "{volumes: [{$patch: replace}, {name: b}]}", r#"{"volumes":[{"name":"b"}]}"#),
            (
                "{volumes: [{name: a, x: 1}, {name: b}]}",
                "{volumes: [{$patch: replace}, {name: b}, {name: a}]}",
                r#"{"volumes":[{"name":"b"},{"name":"a"}]}"#,
            ),
            ("{tolerations: [1]}", "{tolerations: [{$patch: replace}, 2]}", r#"{"tolerations":[2]}"#),
            // With a key, it replaces one item only.
            (
                "{volumes: [{name: a, x: 1}, {name: b}]}",
                "{volumes: [{name: a, $patch: replace, y: 2}]}",
                r#"{"volumes":[{"name":"a","y":2},{"name":"b"}]}"#,
            ),
            // Directives where nothing stands below are no values.
            ("{}", "{a: {$patch: replace, b: {$patch: merge, c: 1}}}", r#"{"a":{"b":{"c":1}}}"#),
            ("{}", "{volumes: [{$patch: replace}, {name: b}]}", r#"{"volumes":[{"name":"b"}]}"#),
        ] {
            assert_eq!(patched(pod, patch), (expected.to_owned(), vec![]), "{patch}");
        }
    }

    #[test]
    fn numbers_and_text_replace_each_other_where_the_api_takes_both() {
        let strategy = |value: &str| format!("{{strategy: {{rollingUpdate: {{maxSurge: {value}}}}}}}");
        for (was, is) in [("1", "50%"), ("50%", "1"), ("1.5", "x"), ("x", "1.5")] {
            let texts = [strategy(was), strategy(is)].map(|text| format!("{{spec: {text}}}"));
            let [mut node, patch] = [&texts[0], &texts[1]].map(|text| read_yaml(text, Source::Context).unwrap().root);
            let mut problems = Problems::default();
            apply(&mut node, &patch, &Path::root(), &mut problems);
            assert_eq!(node, patch);
            assert!(problems.is_empty());
        }
        let (result, problems) = patched("{hostname: a}", "{hostname: 1}");
        assert_eq!(result, r#"{"hostname":"a"}"#);
        assert_eq!(
            problems,
            ["type-mismatch .hostname: expected a string, as the Deployment has a string, got the number 1 \
              (write it as a string)"]
        );
    }

    #[test]
    fn what_cannot_be_done_is_told() {
        for (patch, expected) in [
            (
                "{a: {$patch: x}}",
                "patch-directive .a[\"$patch\"]: expected delete, replace or merge \
                 (see `kubectl patch` for these directives)",
            ),
            (
                "{volumes: [{name: z, $patch: delete}]}",
                "patch-directive .volumes[0]: there is no such item to delete (items of this list are told apart by \
                 `name`; see what `render` gives without the patch)",
            ),
            (
                "{volumes: [{$patch: delete}]}",
                "patch-directive .volumes[0]: there is no such item to delete (items of this list are told apart by \
                 `name`; see what `render` gives without the patch, and this one does not say it)",
            ),
            (
                "{tolerations: [{$patch: delete}]}",
                "patch-directive .tolerations[0]: items of this list have no key by which one could be deleted \
                 (replace the list: put the item {$patch: replace} before what it shall hold)",
            ),
            (
                "{topologySpreadConstraints: [{topologyKey: a, whenUnsatisfiable: b, $patch: delete}]}",
                "patch-directive .topologySpreadConstraints[0]: there is no such item to delete (items of this list \
                 are told apart by `topologyKey` and `whenUnsatisfiable`; see what `render` gives without the patch)",
            ),
        ] {
            let pod = "{a: {}, volumes: [], tolerations: [1], topologySpreadConstraints: []}";
            let (_, problems) = patched(pod, patch);
            assert_eq!(problems, [expected.replace("[\"$patch\"]", ".$patch")], "{patch}");
        }
    }

    /// The key says which item is meant, and is not a change of it.
    #[test]
    fn a_key_keeps_its_origin() {
        let mut node =
            read_yaml("{spec: {template: {spec: {volumes: [{name: a}]}}}}", Source::DeploymentTemplate).unwrap().root;
        let text = "{spec: {template: {spec: {volumes: [{name: a, emptyDir: {}}]}}}}";
        let patch = read_yaml(text, Source::EmergencyPatch).unwrap().root;
        apply(&mut node, &patch, &Path::root(), &mut Problems::default());
        let volume =
            node.at(&["spec", "template", "spec", "volumes"]).and_then(|list| list.as_list()?.first()).unwrap();
        let source = |key: &str| volume.get(key).unwrap().origin.source;
        assert_eq!((source("name"), source("emptyDir")), (Source::DeploymentTemplate, Source::EmergencyPatch));
    }

    /// Pods of lists with keys, settings and labels; a patch of the same parts.
    fn pod() -> impl Strategy<Value = Node<'static>> {
        let text = |text: &'static str| Node::string(text, Origin::MACRO);
        let names = prop::sample::subsequence(vec!["a", "b", "c"], 0..3).prop_shuffle();
        let item = move |name: &'static str, value: &'static str| {
            Node::map([("name", text(name)), ("image", text(value))], Origin::MACRO)
        };
        let list = (names, prop::sample::select(vec!["x", "y"]))
            .prop_map(move |(names, value)| Node::list(names.into_iter().map(|name| item(name, value)), Origin::MACRO));
        let setting = prop::sample::select(vec!["x", "y"]).prop_map(text);
        let part = prop_oneof![
            (prop::sample::select(vec!["containers", "volumes", "initContainers"]), list),
            (prop::sample::select(vec!["hostname", "nodeName", "subdomain"]), setting),
        ];
        prop::collection::vec(part, 0..5).prop_map(|mut parts| {
            let mut seen = Vec::new();
            parts.retain(|(key, _)| {
                !seen.contains(key) && {
                    seen.push(*key);
                    true
                }
            });
            let pod = Node::map(parts, Origin::MACRO);
            ["spec", "template", "spec"].into_iter().fold(pod, |node, key| Node::map([(key, node)], Origin::MACRO))
        })
    }

    fn sum(pod: &Node<'static>, patch: &Node<'static>) -> Node<'static> {
        let (mut node, mut problems) = (pod.clone(), Problems::default());
        apply(&mut node, patch, &Path::root(), &mut problems);
        assert!(problems.is_empty());
        node
    }

    fn backwards(node: &Node<'static>) -> Node<'static> {
        let value = match &node.value {
            Value::Map(map) => {
                let entries = map.iter().map(|(key, node)| (key.clone(), backwards(node)));
                let mut entries: Vec<_> = entries.collect();
                entries.reverse();
                Value::Map(Map::from_unique(entries))
            }
            Value::List(items) => Value::List(items.iter().map(backwards).collect()),
            value => value.clone(),
        };
        Node::new(value, node.origin)
    }

    proptest! {
        /// Where lists have keys and nothing is removed, twice is once.
        #[test]
        fn a_patch_of_keyed_lists_may_be_laid_twice(pod in pod(), patch in pod()) {
            let once = sum(&pod, &patch);
            prop_assert_eq!(json(&sum(&once, &patch)), json(&once));
        }

        #[test]
        fn what_is_there_changes_nothing(pod in pod()) {
            prop_assert_eq!(json(&sum(&pod, &pod)), json(&pod));
            let nothing = Node::new(Value::Map(Map::EMPTY), Origin::MACRO);
            prop_assert_eq!(json(&sum(&pod, &nothing)), json(&pod));
        }

        #[test]
        fn the_order_of_keys_does_not_matter(pod in pod(), patch in pod()) {
            prop_assert_eq!(sum(&pod, &patch), sum(&pod, &backwards(&patch)));
        }
    }
}
