//! JSON Schema, draft-07: every violation of a value, in plain words.
//!
//! Sentry Streams describes its configuration with such a schema, and a host may bring a newer one than
//! [`PIPELINE_CONFIG`]. The keywords known here are those it uses and their nearest kin. A schema with any other
//! keyword is refused: what is not understood must not count as checked.
//!
//! As in the reference, `8125.0` is an integer, `true` is no number, a date is of no type, and `format` only tells.

use crate::node::{MAX_DEPTH, Node, Value};
use crate::number::Number;
use crate::output::json;
use crate::problem::{Path, Problem, Step};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The schema of Sentry Streams' runtime configuration, for when the host brings none.
pub const PIPELINE_CONFIG: &str = include_str!("pipeline_config.schema.json");

/// The draft that is understood; a `#` may follow.
const DRAFT: &str = "http://json-schema.org/draft-07/schema";

/// How often rules may be applied to one value. Alternatives within alternatives double the work at each level.
const MAX_CHECKS: u32 = 2_000_000;

/// How deep rules may lead into each other: each level of a value, through a rule that names alternatives.
const MAX_RULE_DEPTH: usize = MAX_DEPTH * 2;

/// How many references may lead to one rule.
const MAX_REFERENCES: usize = 50;

/// A schema, ready to check values.
#[derive(Debug)]
pub struct Schema<'s> {
    /// The first is the root.
    rules: Vec<Rule<'s>>,
}

/// Its place in the list of rules; references are resolved to it, so rules may lead back to themselves.
type RuleId = usize;

/// What one schema object demands.
#[derive(Debug, Default)]
struct Rule<'s> {
    /// The schema `false`.
    never: bool,
    description: Option<&'s str>,
    types: Vec<Type>,
    /// `enum`, and `const` as an `enum` of one.
    allowed: Vec<&'s [Node<'s>]>,
    bounds: Vec<Bound<'s>>,
    properties: Vec<(&'s str, RuleId)>,
    required: Vec<&'s str>,
    additional: Option<RuleId>,
    items: Option<RuleId>,
    all: Vec<RuleId>,
    alternatives: Vec<Alternatives>,
}

#[derive(Debug)]
struct Alternatives {
    /// `oneOf`; else `anyOf`.
    exclusive: bool,
    branches: Vec<RuleId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Type {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "a list",
            Self::Object => "a mapping",
        }
    }

    fn accepts(self, node: &Node<'_>) -> bool {
        match (self, &node.value) {
            (Self::Null, Value::Null)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Integer | Self::Number, Value::Integer(_))
            | (Self::Number, Value::Float(_))
            | (Self::String, Value::String(_))
            | (Self::Array, Value::List(_))
            | (Self::Object, Value::Map(_)) => true,
            (Self::Integer, Value::Float(float)) => float.fract() == 0.0,
            _ => false,
        }
    }
}

/// A limit of a size: `minimum`, `maxLength` and their kin.
#[derive(Debug)]
struct Bound<'s> {
    measure: Measure,
    relation: Relation,
    limit: &'s Node<'s>,
}

#[derive(Clone, Copy, Debug)]
enum Measure {
    Value,
    Characters,
    Items,
    Keys,
}

#[derive(Clone, Copy, Debug)]
enum Relation {
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
}

impl Relation {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::AtLeast => order.is_ge(),
            Self::AtMost => order.is_le(),
            Self::MoreThan => order.is_gt(),
            Self::LessThan => order.is_lt(),
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::MoreThan => "more than",
            Self::LessThan => "less than",
        }
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

impl<'s> Schema<'s> {
    /// Reads a schema document that stands at a path of the context. Problems (`unsupported-schema`) name what is not
    /// understood.
    pub fn compile(document: &'s Node<'s>, path: &Path) -> Result<Self, Vec<Problem>> {
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

    /// Every violation (`invalid-config`) of a value that stands at a path of the context.
    pub fn violations(&self, node: &Node<'_>, path: &Path) -> Vec<Problem> {
        let mut check = Check { schema: self, path: path.clone(), checks: 0, exhausted: false };
        let mut problems = Vec::new();
        check.rule(0, node, 0, &mut problems);
        if check.exhausted {
            let message = "the schema leads to more checks of this value than are made";
            return vec![
                Problem::new("unsupported-schema", path.clone(), message)
                    .origin(node.origin)
                    .help("give alternatives that differ in a `const`, and none that lead back to themselves"),
            ];
        }
        problems
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
            match reference.as_str().and_then(|reference| self.target(reference)) {
                Some((target, at)) => (node, path) = (target, at),
                None => {
                    let message = format!("nothing in this schema stands at {}", found(reference));
                    self.refuse(&path.key("$ref"), reference, message);
                    return (start, path);
                }
            }
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

/// One value on its way through the rules.
struct Check<'c, 's> {
    schema: &'c Schema<'s>,
    path: Path,
    checks: u32,
    exhausted: bool,
}

impl<'c, 's> Check<'c, 's> {
    fn rule(&mut self, id: RuleId, node: &Node<'_>, depth: usize, problems: &mut Vec<Problem>) {
        self.checks = self.checks.saturating_add(1);
        self.exhausted |= self.checks > MAX_CHECKS || depth > MAX_RULE_DEPTH;
        let Some(rule) = self.schema.rules.get(id).filter(|_| !self.exhausted) else { return };
        let depth = depth.saturating_add(1);
        if rule.never {
            let problem = self.violation(node, format!("no value is allowed here, got {}", found(node)));
            problems.push(problem.help("remove it"));
        }
        if !rule.types.is_empty() && !rule.types.iter().any(|expected| expected.accepts(node)) {
            let expected = one_of(rule.types.iter().map(|expected| expected.describe().to_owned()));
            let problem = self.violation(node, format!("expected {expected}, got {}", found(node)));
            problems.push(with_help(problem, cure(&rule.types, node), rule));
            // What else is said of the right type says nothing of this one.
            return;
        }
        for allowed in &rule.allowed {
            if !allowed.iter().any(|value| same(value, node)) {
                let expected = one_of(allowed.iter().map(json));
                let problem = self.violation(node, format!("expected {expected}, got {}", found(node)));
                problems.push(with_help(problem, None, rule));
            }
        }
        for bound in &rule.bounds {
            if let Some(message) = bound.broken_by(node) {
                problems.push(with_help(self.violation(node, message), None, rule));
            }
        }
        self.members(rule, node, depth, problems);
        for id in &rule.all {
            self.rule(*id, node, depth, problems);
        }
        for alternatives in &rule.alternatives {
            self.alternatives(alternatives, node, depth, problems);
        }
    }

    /// What a mapping or a list holds.
    fn members(&mut self, rule: &'c Rule<'s>, node: &Node<'_>, depth: usize, problems: &mut Vec<Problem>) {
        match &node.value {
            Value::Map(map) => {
                for name in rule.required.iter().filter(|name| map.get(name).is_none()) {
                    let about = rule.property(name).and_then(|id| self.schema.rules.get(id)?.description);
                    let help = match about {
                        Some(about) => format!("add `{name}`: {about}"),
                        None => format!("add `{name}`"),
                    };
                    problems.push(self.violation(node, format!("missing key `{name}`")).help(help));
                }
                for (key, value) in map.iter() {
                    let known = if key.kind == crate::node::KeyKind::String { rule.property(&key.text) } else { None };
                    if let Some(id) = known.or(rule.additional) {
                        self.path.push(Step::Key(key.text.to_string()));
                        if known.is_none() && self.schema.rules.get(id).is_some_and(|rule| rule.never) {
                            let names = rule.properties.iter().map(|(name, _)| format!("`{name}`"));
                            let problem = self.violation(value, format!("unknown key `{}`", key.text));
                            problems.push(problem.help(format!("remove it; known here: {}", one_of(names))));
                        } else {
                            self.rule(id, value, depth, problems);
                        }
                        self.path.pop();
                    }
                }
            }
            Value::List(items) => {
                let Some(id) = rule.items else { return };
                for (index, item) in items.iter().enumerate() {
                    self.path.push(Step::Index(index));
                    self.rule(id, item, depth, problems);
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn alternatives(
        &mut self,
        alternatives: &'c Alternatives,
        node: &Node<'_>,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) {
        let branches = &alternatives.branches;
        let mut violations: Vec<Vec<Problem>> = Vec::with_capacity(branches.len());
        for id in branches {
            let mut found = Vec::new();
            self.rule(*id, node, depth, &mut found);
            violations.push(found);
        }
        match violations.iter().filter(|found| found.is_empty()).count() {
            0 => problems.extend(self.closest(branches, node, violations)),
            1 => {}
            _ if !alternatives.exclusive => {}
            matches => {
                let message = format!("fits {matches} of {} alternatives, and must fit only one", branches.len());
                problems.push(self.violation(node, message));
            }
        }
    }

    /// What to say of a value that fits no alternative: what is wrong with the one that is meant, where that is clear.
    fn closest(&self, branches: &[RuleId], node: &Node<'_>, mut violations: Vec<Vec<Problem>>) -> Vec<Problem> {
        let rules: Vec<_> = branches.iter().filter_map(|id| self.schema.rules.get(*id)).collect();
        if let Some((key, choices)) = self.discriminator(&rules).filter(|_| node.as_map().is_some()) {
            let expected = one_of(choices.iter().copied().flatten().map(json));
            let Some(value) = node.get(key) else {
                let problem = self.violation(node, format!("missing key `{key}`"));
                return vec![problem.help(format!("add `{key}`: {expected}"))];
            };
            let meant = |choice: &&[Node<'_>]| choice.iter().any(|allowed| same(allowed, value));
            match only(choices.iter().map(meant)) {
                Ok(Some(branch)) => return violations.swap_remove(branch),
                Ok(None) => {
                    let mut problem = self.violation(value, format!("expected {expected}, got {}", found(value)));
                    problem.path.push(Step::Key(key.to_owned()));
                    return vec![problem];
                }
                Err(Several) => {}
            }
        }
        let fits = |rule: &&Rule<'_>| rule.types.is_empty() || rule.types.iter().any(|expected| expected.accepts(node));
        match only(rules.iter().map(fits)) {
            Ok(Some(branch)) => violations.swap_remove(branch),
            Ok(None) => {
                let mut types: Vec<Type> = Vec::new();
                for expected in rules.iter().flat_map(|rule| &rule.types) {
                    if !types.contains(expected) {
                        types.push(*expected);
                    }
                }
                let expected = one_of(types.iter().map(|expected| expected.describe().to_owned()));
                let problem = self.violation(node, format!("expected {expected}, got {}", found(node)));
                vec![match cure(&types, node) {
                    Some(help) => problem.help(help),
                    None => problem,
                }]
            }
            Err(Several) => {
                let wrong: Vec<_> = violations
                    .iter()
                    .zip(1..)
                    .filter_map(|(found, number)| Some(format!("{number}. {}", found.first()?.message)))
                    .collect();
                let problem = self.violation(node, format!("fits none of {} alternatives", branches.len()));
                vec![problem.help(format!("mend one of these: {}", wrong.join("; ")))]
            }
        }
    }

    /// The key that tells the alternatives apart, and what each allows there.
    fn discriminator(&self, rules: &[&'c Rule<'s>]) -> Option<(&'s str, Vec<&'s [Node<'s>]>)> {
        let allowed = |rule: &Rule<'s>, key: &str| self.schema.rules.get(rule.property(key)?)?.allowed.first().copied();
        rules.first()?.properties.iter().find_map(|(key, _)| {
            let choices: Option<Vec<_>> = rules.iter().map(|rule| allowed(rule, key)).collect();
            Some((*key, choices?))
        })
    }

    fn violation(&self, node: &Node<'_>, message: String) -> Problem {
        Problem::new("invalid-config", self.path.clone(), message).origin(node.origin)
    }
}

impl Rule<'_> {
    fn property(&self, key: &str) -> Option<RuleId> {
        self.properties.iter().find(|(name, _)| *name == key).map(|(_, id)| *id)
    }
}

impl Bound<'_> {
    /// How a value breaks it.
    fn broken_by(&self, node: &Node<'_>) -> Option<String> {
        let (size, kind, unit) = match (self.measure, &node.value) {
            (Measure::Value, _) => (Number::of(node)?, "", ""),
            (Measure::Characters, Value::String(text)) => {
                (Number::count(text.chars().count()), "a string of ", " character")
            }
            (Measure::Items, Value::List(items)) => (Number::count(items.len()), "a list of ", " item"),
            (Measure::Keys, Value::Map(map)) => (Number::count(map.len()), "a mapping of ", " key"),
            _ => return None,
        };
        if self.relation.holds(size.compare(&Number::of(self.limit)?)) {
            return None;
        }
        let limit = json(self.limit);
        let plural = if unit.is_empty() || limit == "1" { "" } else { "s" };
        let got = match &node.value {
            Value::List(items) => items.len().to_string(),
            Value::Map(map) => map.len().to_string(),
            _ => found(node),
        };
        Some(format!("expected {kind}{} {limit}{unit}{plural}, got {got}", self.relation.describe()))
    }
}

/// More than one.
struct Several;

/// The position of the only `true`.
fn only(mut flags: impl Iterator<Item = bool>) -> Result<Option<usize>, Several> {
    let first = flags.by_ref().position(|flag| flag);
    if flags.any(|flag| flag) { Err(Several) } else { Ok(first) }
}

/// Equality as JSON Schema has it: `1` is `1.0`, and `true` is no number.
fn same(a: &Node<'_>, b: &Node<'_>) -> bool {
    match (&a.value, &b.value) {
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(&key.text).is_some_and(|other| same(value, other)))
        }
        _ => match (Number::of(a), Number::of(b)) {
            (Some(a), Some(b)) => a.compare(&b).is_eq(),
            _ => a == b,
        },
    }
}

/// What stands there, for people.
fn found(node: &Node<'_>) -> String {
    match node.as_str() {
        Some(text) if text.chars().count() <= 60 => format!("the string {}", json(node)),
        _ => node.describe().to_string(),
    }
}

/// `a, b or c`.
fn one_of(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<_> = names.collect();
    match names.pop() {
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} or {last}", names.join(", ")),
        None => "nothing".to_owned(),
    }
}

fn with_help(problem: Problem, cure: Option<String>, rule: &Rule<'_>) -> Problem {
    match cure.or_else(|| rule.description.map(str::to_owned)) {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// How to make a value of the right type, where the value shows what was meant.
fn cure(expected: &[Type], node: &Node<'_>) -> Option<String> {
    let expects = |wanted: Type| expected.contains(&wanted);
    let help = match &node.value {
        Value::String(text) if expects(Type::Integer) || expects(Type::Number) => {
            let number = text.strip_prefix('-').unwrap_or(text);
            if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            format!("remove the quotes: {text}")
        }
        Value::String(text) if expects(Type::Boolean) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => "write true, without quotes".to_owned(),
            "false" | "no" | "off" | "0" => "write false, without quotes".to_owned(),
            _ => return None,
        },
        Value::Integer(digits) if expects(Type::Boolean) && digits == "0" => "write false".to_owned(),
        Value::Integer(digits) if expects(Type::Boolean) && digits == "1" => "write true".to_owned(),
        Value::Bool(_) | Value::Integer(_) | Value::Float(_) if expects(Type::String) => "quote it".to_owned(),
        Value::Timestamp(text) if expects(Type::String) => format!("quote it: \"{text}\""),
        Value::Null if expects(Type::Object) => "write {} for none, or remove the key".to_owned(),
        Value::Null if expects(Type::Array) => "write [] for none, or remove the key".to_owned(),
        Value::Null => "give it a value, or remove the key".to_owned(),
        _ => return None,
    };
    Some(help)
}
