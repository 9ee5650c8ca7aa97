//! A schema document to rules.

use super::found::found;
use super::{Alternatives, Bound, Measure, Relation, Rule, RuleId, Schema, Type};
use crate::problem::{Code, Problem, Problems};
use crate::value::{Index, Node, Number, Path, Trail, Value};

/// The draft that is understood; a `#` may follow.
const DRAFT: &str = "http://json-schema.org/draft-07/schema";

/// How many of a schema's faults are reported.
const MAX_REFUSED: usize = 100;

/// How many references may lead to one rule.
const MAX_REFERENCES: usize = 50;

impl<'s> Schema<'s> {
    /// Reads a schema document that stands at a path of the context. Problems (`unsupported-schema`) name what is not
    /// understood.
    pub(crate) fn compile(document: &'s Node<'s>, path: &Path) -> Result<Self, Problems> {
        let mut compiler = Compiler {
            document,
            rules: Vec::new(),
            known: Index::default(),
            pending: Vec::new(),
            refused: Vec::new(),
        };
        compiler.document();
        if compiler.refused.is_empty() {
            Ok(Self { rules: compiler.rules.into() })
        } else {
            Err(compiler.problems(path))
        }
    }
}

struct Compiler<'s> {
    document: &'s Node<'s>,
    rules: Vec<Rule<'s>>,
    /// The rule of each schema object.
    known: Index<'static>,
    /// Schema objects whose rules stand in the list but are still empty.
    pending: Vec<(RuleId, &'s Node<'s>)>,
    /// What is not understood. Its path is found at the end: most schemas need none.
    refused: Vec<(&'s Node<'s>, Problem)>,
}

impl<'s> Compiler<'s> {
    fn document(&mut self) {
        if let Some(draft) = self.document.get("$schema")
            && draft.as_str().map(|draft| draft.strip_suffix('#').unwrap_or(draft)) != Some(DRAFT)
        {
            self.refuse(
                draft,
                format!("expected the draft \"{DRAFT}#\", got {}", found(draft, false)),
            );
        }
        self.rule(self.document);
        // No recursion: how deep a schema goes, through references, is up to who wrote it.
        while let Some((id, node)) = self.pending.pop() {
            let rule = self.compile(node);
            if let Some(slot) = self.rules.get_mut(id) {
                *slot = rule;
            }
        }
    }

    fn refuse(&mut self, node: &'s Node<'s>, message: impl AsRef<str>) {
        self.refuse_with_help(node, message, Code::UnsupportedSchema.cure());
    }

    fn refuse_with_help(&mut self, node: &'s Node<'s>, message: impl AsRef<str>, help: &str) {
        if self.refused.len() < MAX_REFUSED {
            let problem = Problem::new(Code::UnsupportedSchema, Path::root(), message).help(help);
            self.refused.push((node, problem.origin(node.origin)));
        }
    }

    /// What was refused, each at its path below the schema's own.
    fn problems(self, root: &Path) -> Problems {
        let mut wanted = Index::default();
        let mut paths = Vec::new();
        for (node, _) in &self.refused {
            if wanted.before(node.origin, paths.len()).is_none() {
                paths.push(root.clone());
            }
        }
        find(self.document, &wanted, &Trail::ROOT, root, &mut paths);

        let mut problems = Problems::default();
        for (node, problem) in self.refused {
            let path = wanted.get(node.origin).and_then(|at| paths.get(at)).unwrap_or(root).clone();
            problems.add(Problem { path, ..problem });
        }
        problems
    }

    /// The rule of a schema object, compiled sooner or later.
    fn rule(&mut self, node: &'s Node<'s>) -> RuleId {
        let node = self.follow(node);
        let id = self.rules.len();
        if let Some(known) = self.known.before(node.origin, id) {
            return known;
        }
        self.rules.push(Rule::default());
        self.pending.push((id, node));
        id
    }

    /// Follows references to what they mean; a problem ends the way.
    fn follow(&mut self, start: &'s Node<'s>) -> &'s Node<'s> {
        let mut node = start;
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = node.get("$ref") else { return node };
            let Some(target) = reference.as_str().and_then(|reference| self.target(reference))
            else {
                let message =
                    format!("nothing in this schema stands at {}", found(reference, false));
                self.refuse(reference, message);
                return start;
            };
            node = target;
        }
        self.refuse(start, "a reference that leads only to references");
        start
    }

    fn target(&self, reference: &str) -> Option<&'s Node<'s>> {
        let pointer = reference.strip_prefix('#')?;
        let mut node = self.document;
        if pointer.is_empty() {
            return Some(node);
        }
        for token in pointer.strip_prefix('/')?.split('/') {
            let token = token.replace("~1", "/").replace("~0", "~");
            node = match node.as_list() {
                Some(items) => items.get(token.parse::<usize>().ok()?)?,
                None => node.get(&token)?,
            };
        }
        Some(node)
    }

    fn compile(&mut self, node: &'s Node<'s>) -> Rule<'s> {
        let mut rule = Rule::default();
        let map = match &node.value {
            Value::Map(map) => map,
            Value::Bool(accepts) => return Rule { never: !accepts, ..rule },
            _ => {
                self.refuse(
                    node,
                    format!(
                        "expected a schema: a mapping or a boolean, got {}",
                        found(node, false)
                    ),
                );
                return rule;
            }
        };
        if node.get("$ref").is_some() {
            // Its problem is reported; beside a reference, draft-07 has no other keyword.
            return rule;
        }
        for (key, value) in map.iter() {
            let keyword: &str = &key.text;
            match keyword {
                "description" => rule.description = value.as_str(),
                "$schema" | "$comment" | "title" | "default" | "examples" | "definitions"
                | "$defs" | "format" | "readOnly" | "writeOnly" => {}
                // Elsewhere it changes what references mean.
                "$id" if std::ptr::eq(node, self.document) => {}
                "type" => rule.types = self.types(value).into(),
                "enum" => match value.as_list() {
                    Some(values) => rule.allowed.to_mut().push(values),
                    None => {
                        self.refuse(value, format!("expected a list, got {}", found(value, false)));
                    }
                },
                "const" => rule.allowed.to_mut().push(std::slice::from_ref(value)),
                "properties" => rule.properties = self.properties(value).into(),
                "required" => rule.required = self.names(value).into(),
                "additionalProperties" => rule.additional = Some(self.rule(value)),
                "items" => rule.items = Some(self.rule(value)),
                "allOf" => rule.all = self.branches(value).into(),
                "anyOf" | "oneOf" => rule.alternatives.to_mut().push(Alternatives {
                    exclusive: keyword == "oneOf",
                    branches: self.branches(value).into(),
                }),
                _ => match bound_keyword(keyword) {
                    Some((measure, relation)) if Number::of(value).is_some() => {
                        rule.bounds.to_mut().push(Bound { measure, relation, limit: value });
                    }
                    Some(_) => self
                        .refuse(value, format!("expected a number, got {}", found(value, false))),
                    None => {
                        let message = format!("the keyword `{keyword}` is not supported");
                        self.refuse_with_help(
                            value,
                            message,
                            "use other keywords, or leave it out",
                        );
                    }
                },
            }
        }
        rule
    }

    fn types(&mut self, value: &'s Node<'s>) -> Vec<Type> {
        let names = value.as_list().unwrap_or(std::slice::from_ref(value));
        let types: Vec<_> = names.iter().filter_map(|name| Type::named(name.as_str()?)).collect();
        if types.is_empty() || types.len() != names.len() {
            self.refuse(
                value,
                format!(
                    "expected the name of a type or a list of them, got {}",
                    found(value, false)
                ),
            );
        }
        types
    }

    fn properties(&mut self, value: &'s Node<'s>) -> Vec<(&'s str, RuleId)> {
        let Some(map) = value.as_map() else {
            self.refuse(value, format!("expected a mapping, got {}", found(value, false)));
            return Vec::new();
        };
        map.iter().map(|(key, schema)| (&*key.text, self.rule(schema))).collect()
    }

    fn names(&mut self, value: &'s Node<'s>) -> Vec<&'s str> {
        let names: Option<Vec<_>> =
            value.as_list().and_then(|names| names.iter().map(Node::as_str).collect());
        names.unwrap_or_else(|| {
            self.refuse(value, format!("expected a list of strings, got {}", found(value, false)));
            Vec::new()
        })
    }

    fn branches(&mut self, value: &'s Node<'s>) -> Vec<RuleId> {
        let schemas = value.as_list().unwrap_or_default();
        if schemas.is_empty() {
            self.refuse(value, format!("expected a list of schemas, got {}", found(value, false)));
        }
        schemas.iter().map(|schema| self.rule(schema)).collect()
    }
}

/// Finds the paths of some nodes of the document.
fn find(node: &Node<'_>, wanted: &Index<'_>, trail: &Trail<'_>, root: &Path, paths: &mut [Path]) {
    if let Some(path) = wanted.get(node.origin).and_then(|at| paths.get_mut(at)) {
        *path = trail.under(root);
    }
    match &node.value {
        Value::Map(map) => map
            .iter()
            .for_each(|(key, node)| find(node, wanted, &trail.key(&key.text), root, paths)),
        Value::List(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(at, node)| find(node, wanted, &trail.index(at), root, paths));
        }
        _ => {}
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
