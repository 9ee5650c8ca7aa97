//! What an emergency patch does otherwise than `kubectl patch`, on purpose: each difference said in kubectl's words.

use super::{Map, Object, Value};
use crate::patches::Kind;
use sentry_streams_k8s::kubernetes::schema::Field;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A list without merge keys, which kubectl replaces.
const APPENDED: &str = "a list without merge keys is appended to";
/// `{$patch: delete}` in a mapping, of which kubectl leaves an empty one.
const DELETED: &str = "$patch: delete in a mapping removes it";
/// A mapping of nothing but nulls, of which kubectl leaves an empty one.
const EMPTIED: &str = "a mapping of nothing but nulls leaves nothing";
/// `$patch: merge`, which kubectl does not know.
const MERGED: &str = "$patch: merge is taken";
/// Directives and nulls where nothing stands below, which kubectl leaves as they are.
const CLEANED: &str = "directives in what is new are followed";
/// An item without its merge key, which kubectl refuses.
const WITHOUT_KEY: &str = "an item without its merge key is appended";
/// An item with a key and `$patch: replace`, which kubectl drops with all others.
const ITEM_REPLACED: &str = "$patch: replace in an item with a key replaces that item";
/// Ports of one number, of which kubectl patches the first.
const TWO_KEYS: &str =
    "ports of one number and spread constraints of one key are told apart by both keys";
/// Items of one key, of which kubectl patches the first.
const LAST_ONE: &str = "of items with one key the last one is patched";
/// `{$patch: replace}` in the one list of texts that kubectl merges, where it knows no directive.
const FINALIZERS_REPLACED: &str = "$patch: replace in finalizers replaces them";
/// Directives that kubectl's own patches have.
const UNFOLLOWED: &str =
    "$retainKeys, $setElementOrder, $deleteFromPrimitiveList and the root's directive are refused";

/// What is found in a patch.
#[derive(Default)]
pub(crate) struct Differences(BTreeSet<&'static str>);

impl Differences {
    /// Their names.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.0.iter().copied().collect()
    }

    /// Whether one of them cannot be said in kubectl's words.
    pub(crate) fn is_beyond_words(&self) -> bool {
        let all = [WITHOUT_KEY, ITEM_REPLACED, TWO_KEYS, LAST_ONE, FINALIZERS_REPLACED, UNFOLLOWED];
        all.iter().any(|name| self.0.contains(name))
    }

    /// The patch by which kubectl does what we do with this one.
    pub(crate) fn translate(&mut self, patch: &Value, deployment: &Value) -> Value {
        let mut translated = patch.clone();
        if patch.get("$patch").is_some() {
            self.0.insert(UNFOLLOWED);
        }
        self.mapping(&mut translated, Some(deployment), Some(Object::of(Kind::Deployment)));
        translated
    }

    fn mapping(
        &mut self,
        patch: &mut Value,
        base: Option<&Value>,
        schema: Option<&'static Object>,
    ) {
        let Some(map) = patch.as_object_mut() else { return };
        let is_new = base.is_none() || map.get("$patch").is_some_and(|value| value == "replace");
        if base.is_none() && map.remove("$patch").is_some() {
            self.0.insert(CLEANED);
        }
        let base = base.filter(|_| !is_new);
        if map.get("$patch").is_some_and(|value| value == "merge") {
            map.remove("$patch");
            self.0.insert(MERGED);
        }

        let mut gone = Vec::new();
        for (key, value) in map.iter_mut() {
            if key.starts_with('$') {
                if key != "$patch" {
                    self.0.insert(UNFOLLOWED);
                }
                continue;
            }
            let field = schema.and_then(|schema| schema.field(key));
            let below = base.and_then(|base| base.get(key));
            if value.get("$patch").is_some_and(|value| value == "delete") {
                *value = Value::Null;
                self.0.insert(DELETED);
            }
            let length = value.as_object().map_or(0, Map::len);
            match value {
                Value::Object(_) => self.mapping(value, below, field.and_then(Field::object)),
                Value::Array(_) => self.list(value, key, below, schema),
                _ => {}
            }
            if below.is_none_or(Value::is_null)
                && length > 0
                && let Some(map) = value.as_object_mut()
            {
                map.retain(|_, value| !value.is_null());
                if map.keys().all(|key| key == "$patch") {
                    self.0.insert(EMPTIED);
                    gone.push(key.clone());
                }
            }
        }
        map.retain(|key, _| !gone.contains(key));
        if is_new && map.values().any(Value::is_null) {
            map.retain(|_, value| !value.is_null());
            self.0.insert(CLEANED);
        }
    }

    fn list(
        &mut self,
        patch: &mut Value,
        name: &str,
        base: Option<&Value>,
        schema: Option<&'static Object>,
    ) {
        let Value::Array(items) = patch else { return };
        let field = schema.and_then(|schema| schema.field(name));
        let object = field.and_then(Field::object);
        let ours = field.map(|field| field.merge_keys).unwrap_or_default();
        let theirs = schema.and_then(|schema| merge_key(schema, name));
        let below = base.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let is_marker = |item: &Value| {
            item.get("$patch").is_some_and(|value| value == "replace")
                && ours.first().is_none_or(|key| item.get(key).is_none())
        };

        if name == "finalizers" {
            if items.iter().any(is_marker) {
                self.0.insert(FINALIZERS_REPLACED);
            }
            return;
        }
        let Some(key) = theirs else {
            let is_replaced = items.iter().any(is_marker);
            items.retain(|item| !is_marker(item));
            for item in items.iter_mut() {
                self.mapping(item, None, object);
                drop_directives(item);
            }
            if is_replaced || !below.is_empty() {
                self.0.insert(APPENDED);
            }
            if !is_replaced {
                items.splice(..0, below.iter().cloned());
            }
            if !ours.is_empty() {
                self.0.insert(TWO_KEYS);
            }
            return;
        };

        for list in [&*items, below] {
            let mut keys: Vec<String> =
                list.iter().filter_map(|item| item.get(key)).map(Value::to_string).collect();
            let count = keys.len();
            keys.sort();
            keys.dedup();
            if keys.len() < count {
                self.0.insert(LAST_ONE);
            }
        }
        if ours.len() > 1 {
            self.0.insert(TWO_KEYS);
        }
        let is_replaced = items.iter().any(is_marker);
        let is_deletion = |item: &Value| item.get("$patch").is_some_and(|value| value == "delete");
        if below.is_empty() && items.iter().any(is_deletion) {
            items.retain(|item| !is_deletion(item));
            self.0.insert(CLEANED);
        }
        for item in items.iter_mut().filter(|item| !is_marker(item) && !is_deletion(item)) {
            let directive = item.get("$patch").cloned().unwrap_or_default();
            if item.get(key).is_none() {
                self.0.insert(WITHOUT_KEY);
            }
            if directive == "replace" {
                self.0.insert(ITEM_REPLACED);
            }
            let below = below.iter().find(|other| !is_replaced && other.get(key) == item.get(key));
            self.mapping(item, below, object);
            if below.is_none() {
                drop_directives(item);
            }
        }
    }
}

/// Removes what is no value; directives where nothing stands below have nothing to do.
fn drop_directives(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("$patch");
            map.values_mut().for_each(drop_directives);
        }
        Value::Array(items) => {
            items.retain(|item| {
                item.as_object()
                    .is_none_or(|item| item.keys().any(|key| key != "$patch") || item.is_empty())
            });
            items.iter_mut().for_each(drop_directives);
        }
        _ => {}
    }
}

/// Whether what we say to a patch is one of the differences of `docs/kubernetes.md`.
pub(crate) fn is_refused_on_purpose(problems: &[[String; 3]]) -> bool {
    problems.iter().all(|[code, _, _]| code == "patch-directive")
}

/// A Deployment in which what means the same is the same: without null, and keyed lists in the order of their keys.
pub(crate) fn canonical(mut value: Value) -> Value {
    sort(&mut value, Some(Object::of(Kind::Deployment)));
    value
}

fn sort(value: &mut Value, schema: Option<&'static Object>) {
    let Value::Object(map) = value else { return };
    map.retain(|_, value| !value.is_null());
    for (name, value) in map.iter_mut() {
        let field = schema.and_then(|schema| schema.field(name));
        let object = field.and_then(Field::object);
        let keys = field.map(|field| field.merge_keys).unwrap_or_default();
        match value {
            Value::Object(_) => sort(value, object),
            Value::Array(items) => {
                for item in items.iter_mut() {
                    sort(item, object);
                }
                if !keys.is_empty() {
                    items.sort_by_key(|item| {
                        keys.iter().map(|key| item[key].to_string()).collect::<Vec<_>>()
                    });
                }
            }
            _ => {}
        }
    }
}

/// The key by which `kubectl patch` merges a list, of the API's published document.
fn merge_key(object: &Object, list: &str) -> Option<&'static str> {
    static KEYS: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(include_str!("../merge-keys.json")).unwrap());

    let definitions = KEYS["definitions"].as_object().unwrap();
    let (_, fields) =
        definitions.iter().find(|(name, _)| name.rsplit('.').next() == Some(object.name))?;
    fields[list]["x-kubernetes-patch-merge-key"].as_str()
}
