//! What the schema of contexts says of a place: `editors/context.schema.json`, which describes the fields of Kubernetes
//! and of Sentry Streams too.

use sentry_streams_k8s::value::{Path, Step};
use serde_json::Value;

const SCHEMA: &str = include_str!("../../context.schema.json");
/// The longest chain of references that is followed.
const MAX_REFERENCES: usize = 32;

/// The schema.
pub(super) struct Schema {
    root: Value,
}

/// All that a schema says of one place.
#[derive(Clone, Debug)]
pub(super) struct About<'s> {
    root: &'s Value,
    parts: Vec<&'s Value>,
}

impl Schema {
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self { root: serde_json::from_str(SCHEMA)? })
    }

    /// What it says of a place in a document whose root has these keys.
    pub(super) fn about(&self, path: &Path, keys: &[String]) -> About<'_> {
        let root = About::new(&self.root, vec![&self.root], keys);
        path.steps().iter().fold(root, |about, step| match step {
            Step::Key(key) => about.field(key),
            Step::Index(_) => about.item(),
        })
    }
}

impl<'s> About<'s> {
    fn new(root: &'s Value, schemas: Vec<&'s Value>, keys: &[String]) -> Self {
        let mut about = Self { root, parts: Vec::new() };
        for schema in schemas {
            about.add(schema, keys, MAX_REFERENCES);
        }
        about
    }

    /// Adds a schema, and those that it is made of.
    fn add(&mut self, schema: &'s Value, keys: &[String], left: usize) {
        let Some(left) = left.checked_sub(1) else { return };
        self.parts.push(schema);
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|text| self.root.pointer(text.strip_prefix('#')?));
        for several in ["allOf", "anyOf", "oneOf"] {
            for part in schema.get(several).and_then(Value::as_array).into_iter().flatten() {
                self.add(part, keys, left);
            }
        }
        if let Some(target) = target {
            self.add(target, keys, left);
        }
        if let Some(condition) = schema.get("if") {
            let holds =
                condition.get("required").and_then(Value::as_array).is_none_or(|required| {
                    required.iter().all(|key| keys.iter().any(|known| key == known.as_str()))
                });
            // A document without a key may become either.
            for (branch, is_taken) in [("then", holds), ("else", !holds)] {
                if let Some(schema) = schema.get(branch).filter(|_| is_taken || keys.is_empty()) {
                    self.add(schema, keys, left);
                }
            }
        }
    }

    /// What it says of the value under a key.
    pub(super) fn field(&self, key: &str) -> Self {
        let named = self.parts.iter().filter_map(|part| part.get("properties")?.get(key));
        let named: Vec<_> = named.collect();
        if !named.is_empty() {
            return Self::new(self.root, named, &[]);
        }
        let any = self.parts.iter().filter_map(|part| part.get("additionalProperties"));
        Self::new(self.root, any.filter(|schema| schema.is_object()).collect(), &[])
    }

    /// What it says of an item.
    pub(super) fn item(&self) -> Self {
        let items = self.parts.iter().filter_map(|part| part.get("items"));
        Self::new(self.root, items.collect(), &[])
    }

    /// The names of the fields, in order.
    pub(super) fn fields(&self) -> Vec<&'s str> {
        let properties = self.parts.iter().filter_map(|part| part.get("properties")?.as_object());
        properties.flat_map(|fields| fields.keys().map(String::as_str)).collect()
    }

    /// Whether a list can stand there.
    pub(super) fn is_list(&self) -> bool {
        self.parts.iter().any(|part| part.get("items").is_some())
    }

    /// Whether a mapping can stand there whose keys are known or free.
    pub(super) fn is_mapping(&self) -> bool {
        let keywords = ["properties", "additionalProperties"];
        self.parts.iter().any(|part| {
            keywords.iter().any(|keyword| part.get(keyword).is_some_and(Value::is_object))
        })
    }

    /// What it says in words.
    pub(super) fn description(&self) -> Option<&'s str> {
        self.text("description")
    }

    /// What people call its type, and whether it is required.
    pub(super) fn title(&self) -> Option<&'s str> {
        self.text("title")
    }

    fn text(&self, keyword: &str) -> Option<&'s str> {
        self.parts.iter().find_map(|part| part.get(keyword)?.as_str())
    }

    /// Whether a value is one of those that have to be given.
    pub(super) fn required(&self) -> Vec<&'s str> {
        let lists = self.parts.iter().filter_map(|part| part.get("required")?.as_array());
        lists.flatten().filter_map(Value::as_str).collect()
    }

    /// Plain values that can stand there, as text.
    pub(super) fn values(&self) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for part in &self.parts {
            let lists =
                ["enum", "examples"].iter().filter_map(|keyword| part.get(keyword)?.as_array());
            let single = ["const", "default"].iter().filter_map(|keyword| part.get(keyword));
            for value in lists.flatten().chain(single) {
                let text = match value {
                    Value::String(text) => text.clone(),
                    Value::Bool(_) | Value::Number(_) => value.to_string(),
                    _ => continue,
                };
                if !text.is_empty() && !values.contains(&text) {
                    values.push(text);
                }
            }
        }
        values
    }
}
