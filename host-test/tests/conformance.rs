//! The shared cases through the real component: the same bytes as the same code gives natively, and typed results that
//! say the same as the text. The texts go to `target/conformance/rust`, to be compared with those of other hosts.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use libtest_mimic::{Arguments, Failed, Trial};
use sentry_streams_k8s::answer;
use sentry_streams_k8s_host::{ConsumerMacro, Error};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::path::{Path, PathBuf};
use std::{fs, io};

#[derive(Deserialize)]
struct Case {
    /// As it stands in the file, so that every host reads the same bytes.
    context: Box<RawValue>,
}

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let component = root.join("target/component/sentry_streams_k8s.wasm");
    let consumer_macro = ConsumerMacro::from_file(component).expect("run `make component` first");
    let results = root.join("target/conformance/rust");
    fs::create_dir_all(&results).expect("a folder for results");
    let trials = contexts(&root).expect("cases and examples").into_iter().map(|(name, context)| {
        let (consumer_macro, results) = (consumer_macro.clone(), results.clone());
        Trial::test(format!("component::{name}"), move || {
            check(&consumer_macro, &context, &results.join(name))
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// Every recorded case.
fn contexts(root: &Path) -> io::Result<Vec<(String, String)>> {
    let mut files: Vec<PathBuf> = fs::read_dir(root.join("tests/cases"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let case = |file: PathBuf| {
        let case: Case = serde_json::from_str(&fs::read_to_string(&file)?)?;
        Ok((
            file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            case.context.get().to_owned(),
        ))
    };
    files.into_iter().map(case).collect()
}

fn check(consumer_macro: &ConsumerMacro, context: &str, result: &Path) -> Result<(), Failed> {
    let native = sentry_streams_k8s::render(context);
    let expected = match &native {
        Ok(rendered) => Ok(answer::rendered(rendered)),
        Err(problems) => Err(answer::failure(problems)),
    };
    let text = consumer_macro.render_json(context)?;
    assert_eq!(text, expected, "the component's text and the native one");
    assert_eq!(text, consumer_macro.render_json(context)?, "a second call");

    match (consumer_macro.render(context), &native) {
        (Ok(typed), Ok(native)) => {
            let jsons: Vec<&String> =
                typed.manifests.iter().map(|manifest| &manifest.json).collect();
            assert_eq!(
                jsons,
                native.manifests.iter().map(|manifest| &manifest.json).collect::<Vec<_>>()
            );
            assert_eq!(typed.warnings.len(), native.warnings.len());
        }
        (Err(Error::Refused(problems)), Err(native)) => {
            assert_eq!(problems.len(), native.len());
            problems.iter().zip(native).for_each(|(typed, native)| assert_same(typed, native));
        }
        (typed, _) => return Err(format!("typed and text do not agree: {typed:?}").into()),
    }
    assert_eq!(consumer_macro.validate_json(context)?.is_ok(), native.is_ok());
    assert_eq!(consumer_macro.explain_json(context)?.is_ok(), native.is_ok());

    let (outcome, text) = match &text {
        Ok(text) => ("ok", text),
        Err(text) => ("err", text),
    };
    Ok(fs::write(result.with_extension(format!("{outcome}.json")), text)?)
}

/// The typed problem says all that the native one does.
fn assert_same(typed: &sentry_streams_k8s_host::Problem, native: &sentry_streams_k8s::Problem) {
    let place = native.place.as_ref();

    assert_eq!(typed.code, native.code.name());
    assert_eq!(typed.path, native.path.to_string());
    assert_eq!((&typed.message, &typed.help), (&native.message, &native.help));
    assert_eq!(typed.source.as_deref(), place.and_then(|place| place.source));
    assert_eq!(typed.line, place.map(|place| place.start.line));
    assert_eq!(typed.column, place.map(|place| place.start.column));
    let end = typed.end.map(|end| (end.line, end.column));
    assert_eq!(end, place.map(|place| (place.end.line, place.end.column)));

    let texts = |edits: &[sentry_streams_k8s_host::Edit]| {
        edits.iter().map(|edit| edit.text.clone()).collect::<Vec<_>>()
    };
    let fix = typed.fix.as_ref().map(|fix| (fix.title.clone(), texts(&fix.edits)));
    let native_texts = |edits: &[sentry_streams_k8s::problem::Edit]| {
        edits.iter().map(|edit| edit.text.clone()).collect()
    };
    assert_eq!(fix, native.fix.as_ref().map(|fix| (fix.title.clone(), native_texts(&fix.edits))));
}
