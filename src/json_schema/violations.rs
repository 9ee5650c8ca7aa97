//! A value against rules.

use super::{Alternatives, Bound, Measure, Rule, RuleId, Schema, Type, found};
use crate::node::{KeyKind, Map, Node, Value};
use crate::number::Number;
use crate::output::json;
use crate::problem::{Path, Problem, Trail, is_full, tell};

/// How much work the checks of one value may be: one for each rule that is applied to it, and more where a rule or a
/// value is large. Alternatives within alternatives double the work at each level, and the sizes of a schema and of a
/// value multiply.
const MAX_WORK: usize = 2_000_000;

/// How deep rules may lead into each other. Only a schema that leads back to itself gets further than its own depth, and
/// each step takes some of the stack.
const MAX_RULE_DEPTH: usize = 200;

impl Schema<'_> {
    /// Every violation (`invalid-config`) of a value that stands at a path of the context.
    pub(crate) fn violations(&self, node: &Node<'_>, path: &Path) -> Vec<Problem> {
        let mut check = Check { schema: self, root: path, work: 0, exhausted: false };
        let mut problems = Vec::new();
        check.rule(0, node, &Trail::ROOT, 0, &mut problems);
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

/// One value on its way through the rules.
struct Check<'c, 's> {
    schema: &'c Schema<'s>,
    /// The place of the value in the context.
    root: &'c Path,
    work: usize,
    exhausted: bool,
}

impl<'c, 's> Check<'c, 's> {
    fn rule(&mut self, id: RuleId, node: &Node<'_>, trail: &Trail<'_>, depth: usize, problems: &mut Vec<Problem>) {
        self.exhausted |= depth > MAX_RULE_DEPTH;
        let Some(rule) = self.schema.rules.get(id) else { return };
        // To measure the work is some, too.
        if self.exhausted || !self.spend(work(rule, node)) {
            return;
        }
        let depth = depth.saturating_add(1);
        if rule.never {
            tell(problems, || {
                self.violation(node, trail, format!("no value is allowed here, got {}", found(node))).help("remove it")
            });
        }
        if !rule.types.is_empty() && !rule.types.iter().any(|expected| expected.accepts(node)) {
            tell(problems, || {
                let expected = one_of(rule.types.iter().map(|expected| expected.describe().to_owned()));
                let problem = self.violation(node, trail, format!("expected {expected}, got {}", found(node)));
                with_help(problem, cure(&rule.types, node), rule)
            });
            // What else is said of the right type says nothing of this one.
            return;
        }
        for allowed in rule.allowed.iter().filter(|allowed| !allowed.iter().any(|value| same(value, node))) {
            tell(problems, || {
                let expected = one_of(allowed.iter().map(json));
                let problem = self.violation(node, trail, format!("expected {expected}, got {}", found(node)));
                with_help(problem, None, rule)
            });
        }
        for message in rule.bounds.iter().filter_map(|bound| bound.broken_by(node)) {
            tell(problems, || with_help(self.violation(node, trail, message), None, rule));
        }
        self.members(rule, node, trail, depth, problems);
        for id in rule.all.iter() {
            self.rule(*id, node, trail, depth, problems);
        }
        for alternatives in rule.alternatives.iter() {
            self.alternatives(alternatives, node, trail, depth, problems);
        }
    }

    /// What a mapping or a list holds.
    fn members(
        &mut self,
        rule: &'c Rule<'s>,
        node: &Node<'_>,
        trail: &Trail<'_>,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) {
        match &node.value {
            Value::Map(map) => {
                for name in rule.required.iter().filter(|name| map.get(name).is_none()) {
                    tell(problems, || {
                        let about = rule.property(name).and_then(|id| self.schema.rules.get(id)?.description);
                        let help = match about {
                            Some(about) => format!("add `{name}`: {about}"),
                            None => format!("add `{name}`"),
                        };
                        self.violation(node, trail, format!("missing key `{name}`")).help(help)
                    });
                }
                for (key, value) in map.iter() {
                    let known = if key.kind == KeyKind::String { rule.property(&key.text) } else { None };
                    if let Some(id) = known.or(rule.additional) {
                        let trail = &trail.key(&key.text);
                        if known.is_none() && self.schema.rules.get(id).is_some_and(|rule| rule.never) {
                            tell(problems, || {
                                let names = rule.properties.iter().map(|(name, _)| format!("`{name}`"));
                                self.violation(value, trail, format!("unknown key `{}`", key.text))
                                    .help(format!("remove it; known here: {}", one_of(names)))
                            });
                        } else {
                            self.rule(id, value, trail, depth, problems);
                        }
                    }
                }
            }
            Value::List(items) => {
                let Some(id) = rule.items else { return };
                for (index, item) in items.iter().enumerate() {
                    self.rule(id, item, &trail.index(index), depth, problems);
                }
            }
            _ => {}
        }
    }

    fn alternatives(
        &mut self,
        alternatives: &'c Alternatives<'s>,
        node: &Node<'_>,
        trail: &Trail<'_>,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) {
        let branches = &alternatives.branches;
        let mut violations: Vec<Vec<Problem>> = Vec::with_capacity(branches.len());
        for id in branches.iter() {
            let mut found = Vec::new();
            self.rule(*id, node, trail, depth, &mut found);
            // What is told of an alternative is made for nothing when another one fits.
            let size = found.iter().map(Problem::size).fold(0, usize::saturating_add);
            if !self.spend(size / 4) {
                return;
            }
            violations.push(found);
        }
        match violations.iter().filter(|found| found.is_empty()).count() {
            0 if is_full(problems) || !self.spend(self.discrimination(branches)) => {}
            0 => problems.extend(self.closest(branches, node, trail, violations)),
            1 => {}
            _ if !alternatives.exclusive => {}
            matches => {
                let message = format!("fits {matches} of {} alternatives, and must fit only one", branches.len());
                tell(problems, || self.violation(node, trail, message));
            }
        }
    }

    /// What to say of a value that fits no alternative: what is wrong with the one that is meant, where that is clear.
    fn closest(
        &self,
        branches: &[RuleId],
        node: &Node<'_>,
        trail: &Trail<'_>,
        mut violations: Vec<Vec<Problem>>,
    ) -> Vec<Problem> {
        let rules: Vec<_> = branches.iter().filter_map(|id| self.schema.rules.get(*id)).collect();
        if let Some((key, choices)) = self.discriminator(&rules).filter(|_| node.as_map().is_some()) {
            let expected = || one_of(choices.iter().copied().flatten().map(json));
            let Some(value) = node.get(key) else {
                let problem = self.violation(node, trail, format!("missing key `{key}`"));
                return vec![problem.help(format!("add `{key}`: {}", expected()))];
            };
            let meant = |choice: &&[Node<'_>]| choice.iter().any(|allowed| same(allowed, value));
            match only(choices.iter().map(meant)) {
                Ok(Some(branch)) => return violations.swap_remove(branch),
                Ok(None) => {
                    let message = format!("expected {}, got {}", expected(), found(value));
                    return vec![self.violation(value, &trail.key(key), message)];
                }
                Err(Several) => {}
            }
        }
        let fits = |rule: &&Rule<'_>| rule.types.is_empty() || rule.types.iter().any(|expected| expected.accepts(node));
        match only(rules.iter().map(fits)) {
            Ok(Some(branch)) => violations.swap_remove(branch),
            Ok(None) => {
                let mut types: Vec<Type> = Vec::new();
                for expected in rules.iter().flat_map(|rule| rule.types.iter()) {
                    if !types.contains(expected) {
                        types.push(*expected);
                    }
                }
                let expected = one_of(types.iter().map(|expected| expected.describe().to_owned()));
                let problem = self.violation(node, trail, format!("expected {expected}, got {}", found(node)));
                vec![match cure(&types, node) {
                    Some(help) => problem.help(help),
                    None => problem,
                }]
            }
            Err(Several) => {
                let wrong: Vec<_> = violations
                    .iter()
                    .zip(1..)
                    .filter_map(|(found, number)| Some(format!("{number}. {}", without_value(&found.first()?.message))))
                    .collect();
                let problem = self.violation(node, trail, format!("fits none of {} alternatives", branches.len()));
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

    /// How much work looking for a discriminator is: names are looked for one by one.
    fn discrimination(&self, branches: &[RuleId]) -> usize {
        let mut counts = branches.iter().filter_map(|id| Some(self.schema.rules.get(*id)?.properties.len()));
        let first = counts.next().unwrap_or_default();
        counts.fold(first, usize::saturating_add).saturating_mul(first) / NAMES
    }

    /// Whether there is room for so much more work.
    fn spend(&mut self, work: usize) -> bool {
        self.work = self.work.saturating_add(work);
        self.exhausted |= self.work > MAX_WORK;
        !self.exhausted
    }

    fn violation(&self, node: &Node<'_>, trail: &Trail<'_>, message: String) -> Problem {
        Problem::new("invalid-config", trail.under(self.root), message).origin(node.origin)
    }
}

impl Rule<'_> {
    fn property(&self, key: &str) -> Option<RuleId> {
        self.properties.iter().find(|(name, _)| *name == key).map(|(_, id)| *id)
    }
}

/// How many names are compared in the time that a rule takes.
const NAMES: usize = 16;

/// How much work it is to apply a rule to a value, without what the value holds.
fn work(rule: &Rule<'_>, node: &Node<'_>) -> usize {
    let names = rule.properties.len().saturating_add(rule.required.len());
    let keys = node.as_map().map_or(0, Map::len);
    let mut work = names.saturating_mul(keys).div_euclid(NAMES).saturating_add(1);
    if !rule.allowed.is_empty() || !rule.bounds.is_empty() {
        let size = size(node);
        let allowed = rule.allowed.iter().copied().flatten().chain(rule.bounds.iter().map(|bound| bound.limit));
        work = allowed.map(|value| self::size(value).saturating_add(size)).fold(work, usize::saturating_add);
    }
    work
}

/// How much work it is to compare a value.
fn size(node: &Node<'_>) -> usize {
    match &node.value {
        Value::String(text) | Value::Integer(text) => text.len().div_euclid(64).saturating_add(1),
        // Its digits are written out.
        Value::Float(_) => 64,
        Value::List(items) => items.iter().map(size).fold(1, usize::saturating_add),
        Value::Map(map) => {
            let names = map.len().saturating_mul(map.len()).div_euclid(NAMES).saturating_add(1);
            map.iter().map(|(_, value)| size(value)).fold(names, usize::saturating_add)
        }
        Value::Null | Value::Bool(_) | Value::Timestamp(_) => 1,
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

/// What a message says, without what it shows of a value.
fn without_value(message: &str) -> &str {
    message.split_once(", got ").map_or(message, |(expected, _)| expected)
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
