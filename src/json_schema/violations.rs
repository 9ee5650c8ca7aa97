//! A value against rules.

use super::cure::{cure, with_cure, with_help};
use super::found::shown;
use super::work::{NAMES, work};
use super::{Alternatives, Rule, RuleId, Schema, Type};
use crate::problem::{Code, Cure, HIDDEN, NearNames, Problem, Problems, is_secret, names_a_secret};
use crate::value::{Key, KeyKind, Map, Node, Number, Path, Trail, Value};
use crate::write::json;

/// How much work the checks of one value may be: one for each rule that is applied to it, and more where a rule or a
/// value is large. Alternatives within alternatives double the work at each level, and the sizes of a schema and of a
/// value multiply.
const MAX_WORK: usize = 2_000_000;

/// How deep rules may lead into each other. Only a schema that leads back to itself gets further than its own depth, and
/// each step takes some of the stack.
const MAX_RULE_DEPTH: usize = 200;

impl Schema<'_> {
    /// Every violation (`invalid-config`) of a value that stands at a path of the context.
    pub(crate) fn violations(&self, node: &Node<'_>, path: &Path) -> Problems {
        let near_names = NearNames::default();
        let mut check = Check { schema: self, root: path, work: 0, exhausted: false, near_names };
        let mut problems = Problems::default();
        check.rule(0, node, &Trail::ROOT, 0, &mut problems);
        if check.exhausted {
            let message = "the schema leads to more checks of this value than are made";
            return Problem::new(Code::UnsupportedSchema, path.clone(), message)
                .origin(node.origin)
                .help("give alternatives that differ in a `const`, and none that lead back to themselves")
                .into();
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
    near_names: NearNames,
}

impl<'c, 's> Check<'c, 's> {
    fn rule(
        &mut self,
        id: RuleId,
        node: &Node<'_>,
        trail: &Trail<'_>,
        depth: usize,
        problems: &mut Problems,
    ) {
        self.exhausted |= depth > MAX_RULE_DEPTH;
        let Some(rule) = self.schema.rules.get(id) else { return };
        // To measure the work is some, too.
        if self.exhausted || !self.spend(work(rule, node)) {
            return;
        }
        let depth = depth.saturating_add(1);
        if rule.never {
            problems.add_with(|| {
                let message = format!("no value is allowed here, got {}", shown(node, trail));
                self.violation(node, trail, message).help("remove it").cure(Cure::Remove)
            });
        }

        if !rule.types.is_empty() && !rule.types.iter().any(|expected| expected.accepts(node)) {
            problems.add_with(|| {
                let expected =
                    one_of(rule.types.iter().map(|expected| expected.describe().to_owned()));
                let message = format!("expected {expected}, got {}", shown(node, trail));
                with_help(
                    self.violation(node, trail, message),
                    cure(&rule.types, node, trail),
                    rule,
                )
            });
            // What else is said of the right type says nothing of this one.
            return;
        }

        for allowed in
            rule.allowed.iter().filter(|allowed| !allowed.iter().any(|value| same(value, node)))
        {
            problems.add_with(|| {
                let expected = one_of(allowed.iter().map(json));
                let message = format!("expected {expected}, got {}", shown(node, trail));
                let names = allowed.iter().filter_map(Node::as_str);
                let near = node.as_str().and_then(|text| self.near_names.nearest(text, names));
                let cure = near.map(|near| {
                    (format!("did you mean {near:?}?"), Some(Cure::Replace(format!("{near:?}"))))
                });
                with_help(self.violation(node, trail, message), cure, rule)
            });
        }
        for message in rule.bounds.iter().filter_map(|bound| bound.broken_by(node, trail)) {
            problems.add_with(|| with_help(self.violation(node, trail, message), None, rule));
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
        problems: &mut Problems,
    ) {
        match &node.value {
            Value::Map(map) => {
                let missing = rule.required.iter().filter(|name| map.get(name).is_none());
                let mut unknown = None;
                for name in missing {
                    problems.add_with(|| {
                        let about = rule
                            .property(name)
                            .and_then(|id| self.schema.rules.get(id)?.description);
                        let help = match about {
                            Some(about) => format!("add `{name}`: {about}"),
                            None => format!("add `{name}`"),
                        };
                        // What is written in its place, where something is.
                        let unknown: &mut Vec<&Key<'_>> = unknown.get_or_insert_with(|| {
                            let keys = map.iter().take(100).map(|(key, _)| key);
                            keys.filter(|key| rule.property(&key.text).is_none()).collect()
                        });
                        let meant = unknown
                            .iter()
                            .find(|key| self.near_names.nearest(&key.text, [*name]).is_some());
                        let problem =
                            self.violation(node, trail, format!("missing key `{name}`")).help(help);
                        match meant {
                            Some(key) => {
                                let problem = problem
                                    .origin(key.origin)
                                    .cure(Cure::Rename((*name).to_owned()));
                                problem
                                    .help(format!("did you mean `{name}` by `{:.64}`?", key.text))
                            }
                            None => problem,
                        }
                    });
                }
                for (key, value) in map.iter() {
                    let known =
                        if key.kind == KeyKind::String { rule.property(&key.text) } else { None };
                    if let Some(id) = known.or(rule.additional) {
                        let trail = &trail.entry(map, &key.text);
                        if known.is_none()
                            && self.schema.rules.get(id).is_some_and(|rule| rule.never)
                        {
                            problems.add_with(|| self.unknown_key(rule, map, key, trail));
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
        problems: &mut Problems,
    ) {
        let branches = &alternatives.branches;
        let mut violations: Vec<Problems> = Vec::with_capacity(branches.len());
        for id in branches.iter() {
            let mut found = Problems::default();
            self.rule(*id, node, trail, depth, &mut found);
            // What is reported of an alternative is made for nothing when another one fits.
            if !self.spend(found.bytes() / 4) {
                return;
            }
            violations.push(found);
        }
        match violations.iter().filter(|found| found.is_empty()).count() {
            0 if !problems.has_room() || !self.spend(self.discrimination(branches)) => {}
            0 => problems.extend(self.closest(branches, node, trail, violations)),
            1 => {}
            _ if !alternatives.exclusive => {}
            matches => {
                let message = format!(
                    "fits {matches} of {} alternatives, and must fit only one",
                    branches.len()
                );
                problems.add_with(|| self.violation(node, trail, message));
            }
        }
    }

    /// What to say of a value that fits no alternative: what is wrong with the one that is meant, where that is clear.
    fn closest(
        &self,
        branches: &[RuleId],
        node: &Node<'_>,
        trail: &Trail<'_>,
        mut violations: Vec<Problems>,
    ) -> Problems {
        let rules: Vec<_> = branches.iter().filter_map(|id| self.schema.rules.get(*id)).collect();
        if let Some((key, choices)) = self.discriminator(&rules).filter(|_| node.as_map().is_some())
        {
            let expected = || one_of(choices.iter().copied().flatten().map(json));
            let Some(value) = node.get(key) else {
                let problem = self.violation(node, trail, format!("missing key `{key}`"));
                return problem.help(format!("add `{key}`: {}", expected())).into();
            };
            let meant = |choice: &&[Node<'_>]| choice.iter().any(|allowed| same(allowed, value));
            match only(choices.iter().map(meant)) {
                Ok(Some(branch)) => return violations.swap_remove(branch),
                Ok(None) => {
                    let trail = trail.key(key);
                    let message = format!("expected {}, got {}", expected(), shown(value, &trail));
                    let problem = self.violation(value, &trail, message);
                    let names = choices.iter().copied().flatten().filter_map(Node::as_str);
                    let near = value.as_str().and_then(|text| self.near_names.nearest(text, names));
                    return match near {
                        Some(near) => problem
                            .help(format!("did you mean {near:?}?"))
                            .cure(Cure::Replace(format!("{near:?}")))
                            .into(),
                        None => problem.into(),
                    };
                }
                Err(Several) => {}
            }
        }
        let fits = |rule: &&Rule<'_>| {
            rule.types.is_empty() || rule.types.iter().any(|expected| expected.accepts(node))
        };
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
                let message = format!("expected {expected}, got {}", shown(node, trail));
                with_cure(self.violation(node, trail, message), cure(&types, node, trail)).into()
            }
            Err(Several) => {
                let wrong: Vec<_> = violations
                    .iter()
                    .zip(1..)
                    .filter_map(|(found, number)| {
                        Some(format!("{number}. {}", without_value(&found.first()?.message)))
                    })
                    .collect();
                let problem = self.violation(
                    node,
                    trail,
                    format!("fits none of {} alternatives", branches.len()),
                );
                problem.help(format!("correct one of these: {}", wrong.join("; "))).into()
            }
        }
    }

    /// The key that tells the alternatives apart, and what each allows there.
    fn discriminator(&self, rules: &[&'c Rule<'s>]) -> Option<(&'s str, Vec<&'s [Node<'s>]>)> {
        let allowed = |rule: &Rule<'s>, key: &str| {
            self.schema.rules.get(rule.property(key)?)?.allowed.first().copied()
        };
        rules.first()?.properties.iter().find_map(|(key, _)| {
            let choices: Option<Vec<_>> = rules.iter().map(|rule| allowed(rule, key)).collect();
            Some((*key, choices?))
        })
    }

    /// How much work looking for a discriminator is: names are looked for one by one.
    fn discrimination(&self, branches: &[RuleId]) -> usize {
        let mut counts =
            branches.iter().filter_map(|id| Some(self.schema.rules.get(*id)?.properties.len()));
        let first = counts.next().unwrap_or_default();
        counts.fold(first, usize::saturating_add).saturating_mul(first) / NAMES
    }

    /// Whether there is room for so much more work.
    fn spend(&mut self, work: usize) -> bool {
        self.work = self.work.saturating_add(work);
        self.exhausted |= self.work > MAX_WORK;
        !self.exhausted
    }

    /// A key that the rule does not have and does not allow. One below a secret's name may be a part of the secret.
    fn unknown_key(
        &self,
        rule: &Rule<'_>,
        map: &Map<'_>,
        key: &Key<'_>,
        trail: &Trail<'_>,
    ) -> Problem {
        let names = || rule.properties.iter().map(|(name, _)| *name);
        let help =
            format!("remove it; known here: {}", one_of(names().map(|name| format!("`{name}`"))));
        let is_hidden = names_a_secret(&key.text) || trail.keys().skip(1).any(is_secret);
        let [path, shown] = if is_hidden {
            let mut path = trail.under(self.root);
            path.pop();
            [path.key(HIDDEN), Path::field(HIDDEN)]
        } else {
            [trail.under(self.root), Path::field(&key.text)]
        };

        Problem::new(Code::InvalidConfig, path, format!("unknown key `{shown}`"))
            .origin(key.origin)
            .help(help)
            .cure(Cure::Remove)
            .did_you_mean(self.near_names.nearest(&key.text, names()), |name| {
                map.get(name).is_some()
            })
    }

    fn violation(&self, node: &Node<'_>, trail: &Trail<'_>, message: String) -> Problem {
        Problem::new(Code::InvalidConfig, trail.under(self.root), message).origin(node.origin)
    }
}

impl Rule<'_> {
    fn property(&self, key: &str) -> Option<RuleId> {
        self.properties.iter().find(|(name, _)| *name == key).map(|(_, id)| *id)
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
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, value)| b.get(&key.text).is_some_and(|other| same(value, other)))
        }
        _ => match (Number::of(a), Number::of(b)) {
            (Some(a), Some(b)) => a.compare(&b).is_eq(),
            _ => a == b,
        },
    }
}

/// `a, b or c`; of many the first ones.
fn one_of(mut names: impl Iterator<Item = String>) -> String {
    const MOST: usize = 50;

    let mut shown: Vec<_> = names.by_ref().take(MOST).collect();
    if names.next().is_some() {
        return format!("{}, …", shown.join(", "));
    }
    match shown.pop() {
        Some(last) if shown.is_empty() => last,
        Some(last) => format!("{} or {last}", shown.join(", ")),
        None => "nothing".to_owned(),
    }
}
