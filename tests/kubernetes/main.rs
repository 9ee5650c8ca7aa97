//! What Kubernetes takes, we take; what it refuses, we refuse.
//!
//! `valid/` holds parts of contexts that Kubernetes takes: they render, unchanged, without a warning or with the one that
//! their first line names. `refused/` holds parts that are wrong
//! in one way, named by the code in their first line: they are refused with it. The typed structs of `k8s-openapi` read
//! every Deployment that is rendered, and write the same again.
//!
//! With `KUBERNETES_VALIDATOR`, a build of `tests/kubernetes-validator`, the same objects go to Kubernetes' own code, and
//! so do thousands of damaged ones, whose verdicts must agree; see `tests/kubernetes/validate`. With
//! `KUBERNETES_VERSION` too, the validator is of that version, and all of them are judged for it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod corpus;
mod mutation;
mod objects;
mod patches;
mod random;
mod validator;
mod versions;

use corpus::{Case, cases};
use k8s_openapi::api::{apps::v1::Deployment, core::v1::ConfigMap};
use libtest_mimic::{Arguments, Failed, Trial};
use sentry_streams_k8s::problem::Code;
use sentry_streams_k8s::{Manifest, answer, render};
use serde_json::Value;
use std::sync::Arc;
use std::{env, fs};
use validator::Validator;

fn main() {
    let arguments = Arguments::from_args();
    let validator =
        env::var_os("KUBERNETES_VALIDATOR").map(|program| Arc::new(Validator::start(&program)));
    let mut trials = Vec::new();
    if let (Some(version), Some(validator)) = (env::var_os("KUBERNETES_VERSION"), &validator) {
        let version = version.into_string().unwrap();
        let validator = validator.clone();
        let trial = Trial::test(format!("version::{version}"), move || {
            versions::agrees(&version, &validator)
        });
        libtest_mimic::run(&arguments, vec![trial]).exit();
    }
    for case in cases("valid") {
        let validator = validator.clone();
        trials.push(Trial::test(format!("valid::{}", case.name), move || {
            valid(&case, validator.as_deref())
        }));
    }
    for case in cases("refused") {
        let validator = validator.clone();
        trials.push(Trial::test(format!("refused::{}", case.name), move || {
            refused(&case, validator.as_deref())
        }));
    }
    for (name, manifests) in recorded() {
        let validator = validator.clone();
        trials.push(Trial::test(format!("recorded::{name}"), move || {
            manifests.iter().try_for_each(|manifest| accepted(manifest, validator.as_deref()))
        }));
    }
    trials.push(Trial::test("codes_are_documented", codes_are_documented));
    if let Some(validator) = validator.clone() {
        trials.push(Trial::test("mutations", move || {
            mutation::verdicts_agree(&cases("valid"), &validator)
        }));
    }
    if let Some(validator) = validator.clone() {
        trials.push(Trial::test("patches", move || {
            patches::agree_with_kubectl(&cases("valid"), &validator)
        }));
    }
    if let (Some(validator), Ok(file)) = (validator.clone(), env::var("KUBERNETES_OBJECTS")) {
        trials.push(Trial::test("objects", move || objects::verdicts_agree(&file, &validator)));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(validator);
    conclusion.exit();
}

/// A part that Kubernetes takes renders to what it asks for, with the warning that its first line names, or none. Of
/// what Kubernetes warns, we warn too.
fn valid(case: &Case, validator: Option<&Validator>) -> Result<(), Failed> {
    let rendered = render(&case.context()).map_err(|problems| answer::failure(&problems))?;
    let about = case.about.split_once(": ").and_then(|(code, _)| Code::from_name(code));
    let expected: Vec<Code> = about.into_iter().collect();
    let mut found: Vec<Code> = rendered.warnings.iter().map(|warning| warning.code).collect();
    found.dedup();
    if found != expected {
        return Err(format!("warnings: {:#?}", rendered.warnings).into());
    }
    let theirs =
        validator.map(|validator| validator.warnings(&case.deployment())).unwrap_or_default();
    if !theirs.is_empty() && found.is_empty() {
        return Err(format!("Kubernetes warns, and we do not: {theirs:#?}").into());
    }
    if validator.is_some() && found == [Code::ApiWarning] && theirs.is_empty() {
        return Err(format!("Kubernetes does not warn: {:#?}", rendered.warnings).into());
    }
    let deployment: Value = serde_json::from_str(&rendered.manifests[0].json)?;
    if deployment != case.deployment() {
        return Err(format!("rendered {deployment:#}\nand not {:#}", case.deployment()).into());
    }
    rendered.manifests.iter().try_for_each(|manifest| accepted(manifest, validator))
}

/// A part that Kubernetes refuses is refused, with the code that its first line names and no other.
fn refused(case: &Case, validator: Option<&Validator>) -> Result<(), Failed> {
    let (code, _) = case.about.split_once(": ").ok_or("the first line names no code")?;
    if validator.is_some_and(|validator| validator.reasons(&case.deployment()).is_empty()) {
        return Err(format!("Kubernetes takes {:#}", case.deployment()).into());
    }
    match render(&case.context()) {
        Ok(_) => Err("we render it".into()),
        Err(problems) if problems.iter().all(|problem| problem.code.name() == code) => Ok(()),
        Err(problems) => Err(format!("expected {code}, got {}", answer::failure(&problems)).into()),
    }
}

/// Every code that refused parts show has its line in `docs/problems.md`.
fn codes_are_documented() -> Result<(), Failed> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/problems.md"))?;
    let lines = text.lines().filter(|line| line.starts_with("| `"));
    let documented: Vec<&str> = lines.filter_map(|line| line.split('`').nth(1)).collect();
    for case in cases("refused") {
        let (code, _) = case.about.split_once(": ").ok_or("the first line names no code")?;
        if !documented.contains(&code) {
            return Err(format!("docs/problems.md does not tell of {code}").into());
        }
    }
    Ok(())
}

/// What we render is read by the API's types without a loss, and taken by Kubernetes.
fn accepted(manifest: &Manifest, validator: Option<&Validator>) -> Result<(), Failed> {
    let mut object: Value = serde_json::from_str(&manifest.json)?;
    let reasons = validator.map(|validator| validator.reasons(&object)).unwrap_or_default();
    if !reasons.is_empty() {
        return Err(format!("Kubernetes refuses {object:#}: {reasons:#?}").into());
    }
    in_the_words_of_the_types(&mut object);
    let read_and_written = match manifest.kind.as_str() {
        "Deployment" => {
            serde_json::to_value(serde_json::from_value::<Deployment>(object.clone())?)?
        }
        _ => serde_json::to_value(serde_json::from_value::<ConfigMap>(object.clone())?)?,
    };
    if read_and_written == object {
        Ok(())
    } else {
        Err(format!("the types read {object:#}\nas {read_and_written:#}").into())
    }
}

/// Writes an object as the types write it: null is nothing, quantities are text.
fn in_the_words_of_the_types(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for kind in ["limits", "requests"] {
                let Some(Value::Object(amounts)) = entries.get_mut(kind) else { continue };
                for amount in amounts.values_mut().filter(|amount| amount.is_number()) {
                    *amount = Value::String(amount.to_string());
                }
            }
            entries.retain(|_, value| !value.is_null());
            entries.values_mut().for_each(in_the_words_of_the_types);
        }
        Value::Array(items) => items.iter_mut().for_each(in_the_words_of_the_types),
        _ => {}
    }
}

/// What the recorded cases render to, by name.
fn recorded() -> Vec<(String, Vec<Manifest>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let case = |file: &std::path::PathBuf| {
        let case: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let rendered = render(&case["context"].to_string()).ok()?;
        Some((file.file_stem()?.to_str()?.to_owned(), rendered.manifests))
    };
    files.iter().filter_map(case).collect()
}
