//! Every recorded case of the reference implementation, each a test of its own name.
//!
//! A case in `tests/cases/` holds a context and what the reference answered. Where the reference rendered it, we render
//! the same: values, order of keys, text. Where it failed, we give a problem of the right kind at the right place.
//! Where we differ on purpose, `DEVIATIONS.md` names the case, and `tests/cases/ours/` holds what we answer
//! (`BLESS=1` writes it). A difference that is not listed fails, and so does a listed one that is none.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use libtest_mimic::{Arguments, Failed, Trial};
use sentry_streams_k8s::{Problem, answer, render, validate};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let deviations =
        deviations(&fs::read_to_string(root.join("DEVIATIONS.md")).expect("DEVIATIONS.md"));
    let mut files: Vec<PathBuf> = fs::read_dir(root.join("tests/cases"))
        .expect("tests/cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let names: BTreeSet<String> = files.iter().map(|file| name(file)).collect();
    let mut trials: Vec<Trial> = files
        .into_iter()
        .map(|file| {
            let deviates = deviations.contains(&name(&file));
            Trial::test(format!("case::{}", name(&file)), move || check(&file, deviates))
        })
        .collect();
    trials.push(Trial::test("deviations_name_cases_that_exist", move || {
        match deviations.difference(&names).next() {
            Some(name) => {
                Err(format!("DEVIATIONS.md names {name}, and there is no such case").into())
            }
            None => Ok(()),
        }
    }));
    libtest_mimic::run(&arguments, trials).exit();
}

fn name(file: &Path) -> String {
    file.file_stem().expect("a name").to_string_lossy().into_owned()
}

/// The cases that `DEVIATIONS.md` lists, in lines that start with `Cases:`.
fn deviations(text: &str) -> BTreeSet<String> {
    let lines = text.lines().filter(|line| line.starts_with("Cases:"));
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

fn check(file: &Path, deviates: bool) -> Result<(), Failed> {
    let case: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    let context = case["context"].to_string();
    let answer = render(&context);
    let verdict = match (&case["peer"]["ok"], &answer) {
        (Value::Null, Ok(_)) => Err("the reference fails, and we render".to_owned()),
        (Value::Null, Err(problems)) => expect_problem(&case["peer"]["error"], problems),
        (expected, Ok(rendered)) => same(
            expected,
            &serde_json::from_str::<Value>(&answer::rendered(rendered))?["manifests"],
        ),
        (_, Err(problems)) => {
            Err(format!("the reference renders, and we find:\n{}", answer::failure(problems)))
        }
    };
    match (&answer, validate(&context)) {
        (Ok(rendered), Ok(warnings)) if rendered.warnings == warnings => {}
        (Err(problems), Err(found)) if *problems == found => {}
        _ => return Err("validate and render do not agree".into()),
    }
    match (verdict, deviates) {
        (Ok(()), false) => Ok(()),
        (Ok(()), true) => Err("DEVIATIONS.md lists this case, and it does not differ".into()),
        (Err(difference), false) => Err(difference.into()),
        (Err(_), true) => {
            let text = match &answer {
                Ok(rendered) => answer::rendered(rendered),
                Err(problems) => answer::failure(problems),
            };
            snapshot(&file.with_file_name("ours").join(file.file_name().expect("a name")), &text)
        }
    }
}

/// Compares what we answer with what is recorded of it.
fn snapshot(file: &Path, text: &str) -> Result<(), Failed> {
    let text = serde_json::to_string_pretty(&serde_json::from_str::<Value>(text)?)? + "\n";
    if env::var_os("BLESS").is_some() {
        return Ok(fs::create_dir_all(file.parent().expect("a folder"))
            .and_then(|()| fs::write(file, text))?);
    }
    match fs::read_to_string(file) {
        Ok(expected) if expected == text => Ok(()),
        Ok(expected) => Err(format!("we answer\n{text}\nand not, as recorded,\n{expected}").into()),
        Err(error) => {
            Err(format!("{}: {error}; BLESS=1 records what we answer", file.display()).into())
        }
    }
}

/// The same values in the same order, with the same text of every number.
fn same(expected: &Value, ours: &Value) -> Result<(), String> {
    let (expected, ours) = (format!("{expected:#}"), format!("{ours:#}"));
    if expected == ours {
        return Ok(());
    }
    let difference = expected.lines().zip(ours.lines()).find(|(a, b)| a != b);
    Err(format!("first difference (reference, ours): {difference:#?}"))
}

/// Whether one of the problems is what the reference's error says.
fn expect_problem(error: &Value, problems: &[Problem]) -> Result<(), String> {
    let message = error["message"].as_str().unwrap_or_default();
    let (codes, path) = translate(error, message);
    let matches = |problem: &Problem| {
        codes.contains(&problem.code.name()) && problem.path.to_string().contains(&path)
    };
    if problems.iter().any(matches) {
        return Ok(());
    }
    Err(format!(
        "expected {codes:?} at {path:?} for {message:?}, got\n{}",
        answer::failure(problems)
    ))
}

/// The reference's kinds of error, as our codes and a part of the path.
fn translate(error: &Value, message: &str) -> (&'static [&'static str], String) {
    let quoted = |after: &str| {
        let rest = message.split_once(after).map_or("", |(_, rest)| rest);
        rest.split('\'').next().unwrap_or_default().to_owned()
    };
    match error["type"].as_str().unwrap_or_default() {
        "AssertionError" => (&["missing-field"], message.trim_start_matches("Missing ").to_owned()),
        "ScalarOverwriteError" => {
            (&["scalar-overwrite"], format!("deployment_template.{}", quoted("scalar at '")))
        }
        "TypeMismatchError" => (&["type-mismatch", "wrong-type"], quoted("merge key '")),
        "ValidationError" => {
            let path = error["json_path"].as_str().unwrap_or_default().trim_start_matches('$');
            (&["invalid-config"], format!("pipeline_config{path}"))
        }
        "KeyError" => {
            (&["invalid-config"], format!("pipeline_config.{}", message.trim_matches('\'')))
        }
        "ScannerError" | "ParserError" | "ComposerError" | "ReaderError" => {
            (&["invalid-yaml"], String::new())
        }
        "ConstructorError" => (&["invalid-yaml", "not-json"], String::new()),
        "ValueError" if message.starts_with("Invalid log_level") => {
            (&["unsupported-value"], "log_level".to_owned())
        }
        "ValueError" if message.starts_with("month must be") => {
            (&["invalid-yaml"], "deployment_template".to_owned())
        }
        "ValueError" if message.starts_with("dictionary update") => {
            (&["wrong-type"], String::new())
        }
        "ValueError" if message.contains("livenessProbe") => {
            (&["managed-field"], "livenessProbe".to_owned())
        }
        "TypeError" if message.contains("JSON serializable") => {
            (&["date-in-config", "not-json"], "pipeline_config".to_owned())
        }
        "TypeError" if message.contains("not supported between") => {
            (&["wrong-type", "invalid-config", "invalid-processes", "mixed-keys"], String::new())
        }
        "AttributeError" => (&["wrong-type", "invalid-config"], String::new()),
        "TypeError" => (&["wrong-type"], String::new()),
        other => panic!("no code for {other}: {message}"),
    }
}
