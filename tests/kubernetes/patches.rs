//! Emergency patches beside `kubectl patch`: patches that nobody wrote, over Deployments that Kubernetes takes. What we
//! render must be what kubectl's library makes of the same Deployment, and we refuse what a server would refuse, but for
//! the differences that `docs/kubernetes.md` lists by these names.

use crate::corpus::{Case, value};
use crate::random::Random;
use crate::validator::Validator;
use libtest_mimic::Failed;
use sentry_streams_k8s::kubernetes::Kind;
use sentry_streams_k8s::kubernetes::schema::{Field, Object, Shape, Type};
use sentry_streams_k8s::render;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

mod differences;
mod generate;

use differences::{Differences, canonical};

/// Makes as many patches as `PATCHES` says, and compares.
pub(crate) fn agree_with_kubectl(cases: &[Case], validator: &Validator) -> Result<(), Failed> {
    let count = std::env::var("PATCHES").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    let mut random = Random::seeded();
    let bases: Vec<Base> = cases.iter().filter_map(Base::of).collect();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut disagreements = String::new();

    for number in 0..count {
        let base = random.one_of(&bases);
        let donor = random.one_of(&bases);
        let patch = generate::patch(&base.deployment, &donor.deployment, &mut random);
        match compare(base, &patch, validator) {
            Ok(names) => {
                for name in names {
                    *outcomes.entry(name).or_default() += 1;
                }
            }
            Err(difference) => {
                writeln!(
                    disagreements,
                    "patch {number} over {}: {patch}\n  {difference}",
                    base.name
                )?;
            }
        }
    }

    eprintln!("{count} patches over {} Deployments:", bases.len());
    for (name, count) in outcomes {
        eprintln!("{count:>7}  {name}");
    }
    if disagreements.is_empty() { Ok(()) } else { Err(disagreements.into()) }
}

/// A context without a patch, and its Deployment.
struct Base {
    name: String,
    context: Value,
    deployment: Value,
}

impl Base {
    fn of(case: &Case) -> Option<Self> {
        let context = value(&case.context());
        if context.get("emergency_patch").is_some() {
            return None;
        }

        let rendered = render(&context.to_string()).ok()?;
        let deployment = serde_json::from_str(&rendered.manifests[0].json).unwrap();
        Some(Self { name: case.name.clone(), context, deployment })
    }

    /// The Deployment with a patch, or why there is none: each problem's code, place and message.
    fn patched(&self, patch: &Value) -> Result<Value, Vec<[String; 3]>> {
        let mut context = self.context.clone();
        context["emergency_patch"] = patch.clone();

        let rendered = render(&context.to_string()).map_err(|problems| {
            let texts = problems.into_iter().map(|problem| {
                [problem.code.name().to_owned(), problem.path.to_string(), problem.message]
            });
            texts.collect::<Vec<_>>()
        })?;
        Ok(serde_json::from_str(&rendered.manifests[0].json).unwrap())
    }
}

/// How a patch went, in the names of `docs/kubernetes.md`; else the difference that has no name.
fn compare(base: &Base, patch: &Value, validator: &Validator) -> Result<Vec<String>, String> {
    let ours = base.patched(patch);
    let theirs = validator.patched(&base.deployment, patch).map(canonical);
    let names = |names: &[&str]| Ok(names.iter().map(|name| (*name).to_owned()).collect());

    match (ours.map(canonical), theirs) {
        (Ok(ours), Ok(theirs)) if ours == theirs => return names(&["the same Deployment"]),
        (Err(_), Err(_)) => return names(&["refused by both"]),
        _ => {}
    }

    // What we do on purpose, said in kubectl's words: then both must agree.
    let mut differences = Differences::default();
    let translated = differences.translate(patch, &base.deployment);
    let ours = base.patched(patch);
    let theirs = validator.patched(&base.deployment, &translated).map(canonical);
    let found = differences.names();
    match (ours.map(canonical), theirs) {
        (Ok(ours), Ok(theirs)) if ours == theirs && !found.is_empty() => names(&found),
        (Err(_), Err(_)) if !found.is_empty() => names(&found),
        (Err(problems), Ok(_)) if differences::is_refused_on_purpose(&problems) => {
            names(&["refused by us: a directive that we do not follow"])
        }
        _ if differences.is_beyond_words() => names(&found),
        (ours, theirs) => {
            Err(format!("found {found:?}\n  ours: {}\n  theirs: {}", told(&ours), told(&theirs)))
        }
    }
}

fn told<E: std::fmt::Debug>(result: &Result<Value, E>) -> String {
    match result {
        Ok(value) => value.to_string(),
        Err(reasons) => format!("{reasons:?}"),
    }
}
