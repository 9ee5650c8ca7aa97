//! A schema document to rules.

use super::{Alternatives, Bound, Measure, Relation, Rule, RuleId, Schema, Type, found};
use crate::node::{Node, Value};
use crate::number::Number;
use crate::problem::{Path, Problem, Step};
use std::collections::BTreeMap;

/// The draft that is understood; a `#` may follow.
const DRAFT: &str = "http://json-schema.org/draft-07/schema";

/// How many references may lead to one rule.
const MAX_REFERENCES: usize = 50;

impl<'s> Schema<'s> {
    /// Reads a schema document that stands at a path of the context. Problems (`unsupported-schema`) name what is not
    /// understood.
    pub(crate) fn compile(document: &'s Node<'s>, path: &Path) -> Result<Self, Vec<Problem>> {
        let mut compiler = Compiler {
            document,
            path,
            rules: Vec::new(),
            known: BTreeMap::new(),
            pending: Vec::new(),
            problems: Vec::new(),
        };
        compiler.document();
        if compiler.problems.is_empty() { Ok(Self { rules: compiler.rules }) } else { Err(compiler.problems) }
    }
}

struct Compiler<'c, 's> {
    document: &'s Node<'s>,
    path: &'c Path,
    rules: Vec<Rule<'s>>,
    /// The rule of each schema object, by its address.
    known: BTreeMap<*const Node<'s>, RuleId>,
    /// Schema objects whose rules stand in the list but are still empty.
    pending: Vec<(RuleId, &'s Node<'s>, Path)>,
    problems: Vec<Problem>,
}

impl<'s> Compiler<'_, 's> {
    fn document(&mut self) {
        if let Some(draft) = self.document.get("$schema")
            && draft.as_str().map(|draft| draft.strip_suffix('#').unwrap_or(draft)) != Some(DRAFT)
        {
            let path = self.path.key("$schema");
            self.refuse(&path, draft, format!("expected the draft \"{DRAFT}#\", got {}", found(draft)));
        }
        self.rule(self.document, self.path.clone());
        // No recursion: how deep a schema goes, through references, is up to who wrote it.
        while let Some((id, node, path)) = self.pending.pop() {
            let rule = self.compile(node, &path);
            if let Some(slot) = self.rules.get_mut(id) {
                *slot = rule;
            }
        }
    }

    fn refuse(&mut self, path: &Path, node: &Node<'_>, message: impl Into<String>) {
        self.problems.push(Problem::new("unsupported-schema", path.clone(), message).origin(node.origin));
    }

    /// The rule of a schema object, compiled sooner or later.
    fn rule(&mut self, node: &'s Node<'s>, path: Path) -> RuleId {
        let (node, path) = self.follow(node, path);
        if let Some(id) = self.known.get(&std::ptr::from_ref(node)) {
            return *id;
        }
        let id = self.rules.len();
        self.rules.push(Rule::default());
        self.known.insert(node, id);
        self.pending.push((id, node, path));
        id
    }

    /// Follows references to what they mean; a problem ends the way.
    fn follow(&mut self, start: &'s Node<'s>, path: Path) -> (&'s Node<'s>, Path) {
        let (mut node, mut path) = (start, path);
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = node.get("$ref") else { return (node, path) };
            let Some(target) = reference.as_str().and_then(|reference| self.target(reference)) else {
                let message = format!("nothing in this schema stands at {}", found(reference));
                self.refuse(&path.key("$ref"), reference, message);
                return (start, path);
            };
            (node, path) = target;
        }
        self.refuse(&path, start, "a reference that leads only to references");
        (start, path)
    }

    fn target(&self, reference: &str) -> Option<(&'s Node<'s>, Path)> {
        let pointer = reference.strip_prefix('#')?;
        let (mut node, mut path) = (self.document, self.path.clone());
        if pointer.is_empty() {
            return Some((node, path));
        }
        for token in pointer.strip_prefix('/')?.split('/') {
            let token = token.replace("~1", "/").replace("~0", "~");
            if let Some(items) = node.as_list() {
                let index = token.parse().ok()?;
                node = items.get(index)?;
                path.push(Step::Index(index));
            } else {
                node = node.get(&token)?;
                path.push(Step::Key(token));
            }
        }
        Some((node, path))
    }

    fn compile(&mut self, node: &'s Node<'s>, path: &Path) -> Rule<'s> {
        let mut rule = Rule::default();
        let map = match &node.value {
            Value::Map(map) => map,
            Value::Bool(accepts) => return Rule { never: !accepts, ..rule },
            _ => {
                self.refuse(path, node, format!("expected a schema: a mapping or a boolean, got {}", found(node)));
                return rule;
            }
        };
        if node.get("$ref").is_some() {
            // Its problem is told; beside a reference, draft-07 has no other keyword.
            return rule;
        }
        for (key, value) in map.iter() {
            let keyword: &str = &key.text;
            let at = path.key(keyword);
            match keyword {
                "description" => rule.description = value.as_str(),
                "$schema" | "$comment" | "title" | "default" | "examples" | "definitions" | "$defs" | "format"
                | "readOnly" | "writeOnly" => {}
                // Elsewhere it changes what references mean.
                "$id" if std::ptr::eq(node, self.document) => {}
                "type" => rule.types = self.types(value, &at),
                "enum" => match value.as_list() {
                    Some(values) => rule.allowed.push(values),
                    None => self.refuse(&at, value, format!("expected a list, got {}", found(value))),
                },
                "const" => rule.allowed.push(std::slice::from_ref(value)),
                "properties" => rule.properties = self.properties(value, &at),
                "required" => rule.required = self.names(value, &at),
                "additionalProperties" => rule.additional = Some(self.rule(value, at)),
                "items" => rule.items = Some(self.rule(value, at)),
                "allOf" => rule.all = self.branches(value, &at),
                "anyOf" | "oneOf" => rule
                    .alternatives
                    .push(Alternatives { exclusive: keyword == "oneOf", branches: self.branches(value, &at) }),
                _ => match bound_keyword(keyword) {
                    Some((measure, relation)) if Number::of(value).is_some() => {
                        rule.bounds.push(Bound { measure, relation, limit: value });
                    }
                    Some(_) => self.refuse(&at, value, format!("expected a number, got {}", found(value))),
                    None => {
                        let problem =
                            Problem::new("unsupported-schema", at, format!("the keyword `{keyword}` is not supported"));
                        self.problems
                            .push(problem.origin(value.origin).help("say it with other keywords, or leave it out"));
                    }
                },
            }
        }
        rule
    }

    fn types(&mut self, value: &Node<'_>, path: &Path) -> Vec<Type> {
        let names = value.as_list().unwrap_or(std::slice::from_ref(value));
        let types: Vec<_> = names.iter().filter_map(|name| Type::named(name.as_str()?)).collect();
        if types.is_empty() || types.len() != names.len() {
            self.refuse(path, value, format!("expected the name of a type or a list of them, got {}", found(value)));
        }
        types
    }

    fn properties(&mut self, value: &'s Node<'s>, path: &Path) -> Vec<(&'s str, RuleId)> {
        let Some(map) = value.as_map() else {
            self.refuse(path, value, format!("expected a mapping, got {}", found(value)));
            return Vec::new();
        };
        map.iter().map(|(key, schema)| (&*key.text, self.rule(schema, path.key(&key.text)))).collect()
    }

    fn names(&mut self, value: &'s Node<'s>, path: &Path) -> Vec<&'s str> {
        let names: Option<Vec<_>> = value.as_list().and_then(|names| names.iter().map(Node::as_str).collect());
        names.unwrap_or_else(|| {
            self.refuse(path, value, format!("expected a list of strings, got {}", found(value)));
            Vec::new()
        })
    }

    fn branches(&mut self, value: &'s Node<'s>, path: &Path) -> Vec<RuleId> {
        let schemas = value.as_list().unwrap_or_default();
        if schemas.is_empty() {
            self.refuse(path, value, format!("expected a list of schemas, got {}", found(value)));
        }
        schemas.iter().enumerate().map(|(index, schema)| self.rule(schema, path.index(index))).collect()
    }
}

fn bound_keyword(keyword: &str) -> Option<(Measure, Relation)> {
    Some(match keyword {
        "minimum" => (Measure::Value, Relation::AtLeast),
        "maximum" => (Measure::Value, Relation::AtMost),
        "exclusiveMinimum" => (Measure::Value, Relation::MoreThan),
        "exclusiveMaximum" => (Measure::Value, Relation::LessThan),
        "minLength" => (Measure::Characters, Relation::AtLeast),
        "maxLength" => (Measure::Characters, Relation::AtMost),
        "minItems" => (Measure::Items, Relation::AtLeast),
        "maxItems" => (Measure::Items, Relation::AtMost),
        "minProperties" => (Measure::Keys, Relation::AtLeast),
        "maxProperties" => (Measure::Keys, Relation::AtMost),
        _ => return None,
    })
}
