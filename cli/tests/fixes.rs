//! `validate --fix` on each mistake that Kubernetes' own validation refuses: how many become right, and that none becomes
//! worse. `BLESS=1` writes the list anew.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

const CONTEXT: &str = include_str!("../../tests/kubernetes/context.yaml");
const EXPECTED: &str = include_str!("fixes.txt");

/// The context with a part of a case laid over it.
fn context(part: &str) -> String {
    let key = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
    let replaced = |line: &&str| part.lines().any(|own| key(own) == key(line));
    let rest: Vec<&str> = CONTEXT.lines().filter(|line| !replaced(line)).collect();
    format!("{}\n{part}", rest.join("\n"))
}

/// Writes the cases of a folder as contexts.
fn write_cases(folder: &str, directory: &Path) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/kubernetes").join(folder);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = context(&fs::read_to_string(&path).unwrap());
        fs::write(directory.join(path.file_name().unwrap()), text).unwrap();
    }
}

/// The codes of what is wrong with each file, of problems or of warnings.
fn codes(directory: &Path, fix: bool, list: &str) -> BTreeMap<String, Vec<String>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
    command.args(["validate", "--format", "json", "."]).args(fix.then_some("--fix"));
    let output = command.current_dir(directory).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut codes = BTreeMap::<String, Vec<String>>::new();
    for finding in report[list].as_array().unwrap() {
        let file = finding["context"].as_str().unwrap().trim_start_matches("./").to_owned();
        codes.entry(file).or_default().push(finding["code"].as_str().unwrap().to_owned());
    }
    codes
}

#[test]
fn single_mistakes_are_fixed_and_none_becomes_worse() {
    let directory = tempfile::tempdir().unwrap();
    write_cases("refused", directory.path());
    let before = codes(directory.path(), false, "problems");
    let after = codes(directory.path(), true, "problems");

    let (mut list, mut right) = (String::new(), 0);
    for (file, codes) in &before {
        let remaining = after.get(file).map(Vec::as_slice).unwrap_or_default();
        assert!(remaining.len() <= codes.len(), "{file}: {codes:?}, then {remaining:?}");
        let verdict = if remaining.is_empty() { "right" } else { "as it was" };
        right += usize::from(remaining.is_empty());
        let _ = writeln!(list, "{file}: {}: {verdict}", codes.join(", "));
    }
    let list = format!("{right} of {} become right\n\n{list}", before.len());
    // What was written is what was reported.
    assert_eq!(codes_of_again(directory.path()), after);
    if std::env::var_os("BLESS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixes.txt");
        fs::write(path, &list).unwrap();
    } else {
        assert_eq!(list, EXPECTED, "BLESS=1 writes it anew");
    }
}

fn codes_of_again(directory: &Path) -> BTreeMap<String, Vec<String>> {
    codes(directory, false, "problems")
}

#[test]
fn what_is_right_stays_right() {
    let directory = tempfile::tempdir().unwrap();
    write_cases("valid", directory.path());
    let before = codes(directory.path(), false, "warnings");
    assert_eq!(codes(directory.path(), true, "problems"), BTreeMap::new());
    for (file, codes) in codes(directory.path(), false, "warnings") {
        assert!(codes.len() <= before[&file].len(), "{file}: {codes:?}");
    }
}

fn fix(directory: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
    let output =
        command.args(["validate", "--fix"]).args(arguments).current_dir(directory).output();
    let output = output.unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn all_other_bytes_stay() {
    let directory = tempfile::tempdir().unwrap();
    let lines = "# é\nservice_name: 'a'  # name\n\nreplica: 2  # how many\nlog_level: debug\n";
    let text = format!("\u{feff}{lines}{CONTEXT}").replace("service_name: my-service\n", "");
    for text in [text.clone(), text.replace('\n', "\r\n"), text.replace('\u{feff}', "")] {
        let path = directory.path().join("context.yaml");
        fs::write(&path, &text).unwrap();
        let (code, said) = fix(directory.path(), &["context.yaml"]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.ends_with("note: fixed 2 problems in 1 file\n"), "{said}");
        let expected = text.replace("replica:", "replicas:").replace("debug", "DEBUG");
        assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing else is left");
}

/// One mistake hides three others, which nothing fixes.
#[test]
fn a_file_that_would_show_more_problems_stays() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("context.yaml");
    let template = "deployment_template: {spec: {a: 1, template: {spec: {b: 1, dnsPolicy: x}}}}";
    let text = format!("replica: 1\n{}", CONTEXT.replace("deployment_template: {}", template));
    fs::write(&path, &text).unwrap();
    let (code, said) = fix(directory.path(), &["context.yaml"]);
    assert_eq!((code, fs::read_to_string(&path).unwrap()), (Some(1), text));
    let expected = "note: context.yaml: fixes that would bring up more problems are left out\n";
    assert_eq!(said, expected);
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("context.yaml");
    fs::write(&path, format!("replica: 1\n{CONTEXT}")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("context.yaml", directory.path().join("link.yaml")).unwrap();
    assert_eq!(fix(directory.path(), &["link.yaml"]).0, Some(0));
    assert!(fs::symlink_metadata(directory.path().join("link.yaml")).unwrap().is_symlink());
    assert!(fs::read_to_string(&path).unwrap().starts_with("replicas: 1\n"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn machines_get_no_colours() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("context.yaml"), format!("replica: 1\n{CONTEXT}")).unwrap();
    for format in ["json", "github", "gitlab", "sarif", "junit", "text"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
        command.args(["validate", "--format", format, "context.yaml"]);
        command.env("CLICOLOR_FORCE", "1").env("CI", "true").env_remove("NO_COLOR");
        let output = command.current_dir(directory.path()).output().unwrap();
        let has_colours = output.stdout.contains(&0x1b);
        assert_eq!((output.status.code(), has_colours), (Some(1), format == "text"), "{format}");
    }
}

/// What the macro, another field or a server sets is taken out, with nothing else.
#[test]
fn what_is_set_elsewhere_is_removed() {
    let directory = tempfile::tempdir().unwrap();
    let template = "container_template:
  # Ours.
  volumeMounts:
  - {name: pipeline-config, mountPath: /etc/pipeline-config}
  - name: mine
    mountPath: /mine
  livenessProbe: {exec: {command: [ls]}}
  resources: {requests: {cpu: 1, memory: 1Gi}}
";
    let expected = "container_template:
  # Ours.
  volumeMounts:
  - name: mine
    mountPath: /mine
  resources: {requests: {}}
";
    let volumes = "deployment_template: {metadata: {uid: a, name: b}, spec: {template: {spec: {volumes: [{name: mine, emptyDir: {}}]}}}}";
    let text = CONTEXT.replace("container_template: {}\n", template);
    let text = text.replace("deployment_template: {}", volumes);
    let path = directory.path().join("context.yaml");
    fs::write(&path, &text).unwrap();
    let (code, said) = fix(directory.path(), &["context.yaml"]);
    assert_eq!(code, Some(0), "{said}");
    let expected = text.replace(template, expected).replace("{uid: a, name: b}", "{}");
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
}
