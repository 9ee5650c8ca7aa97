//! What `render --output-dir` leaves behind, whatever happens.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const SMALL: &str = include_str!("cmd/render.in/small.yaml");
const DEPLOYMENT: &str = "apps_v1_deployment_uptime-pipeline-results-0.yaml";
const CONFIG_MAP: &str = "v1_configmap_uptime-pipeline-results.yaml";
const CANARY: &str = "apps_v1_deployment_uptime-pipeline-results-0-canary.yaml";
const LIST: &str = ".streams-k8s-files";

struct Work {
    directory: tempfile::TempDir,
}

impl Work {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.directory.path().join(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
        command
            .args(["render", "--output-dir", "out"])
            .args(arguments)
            .current_dir(self.directory.path());
        command
    }

    fn render(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let Output { status, stderr, .. } = self.command(arguments).output().unwrap();
        (status.code(), String::from_utf8(stderr).unwrap())
    }

    /// The files of the output directory with their texts.
    fn files(&self) -> BTreeMap<String, String> {
        files(&self.directory.path().join("out"))
    }

    fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }
}

fn files(directory: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(directory) else { return BTreeMap::new() };
    let file = |entry: fs::DirEntry| {
        let text = fs::read_to_string(entry.path()).unwrap_or_else(|_| "a directory".to_owned());
        (entry.file_name().into_string().unwrap(), text)
    };
    entries.map(|entry| file(entry.unwrap())).collect()
}

/// What is said where so many objects are written.
fn wrote(objects: u32) -> String {
    format!("note: wrote {objects} objects to out\n")
}

/// A context of another name.
fn named(name: &str) -> String {
    SMALL.replace("pipeline_name: results", &format!("pipeline_name: {name}"))
}

#[test]
fn files_of_objects_that_are_gone_are_reported_and_pruned() {
    let work = Work::new();
    work.write("small.yaml", SMALL);
    work.write("canary.yaml", &format!("{SMALL}replicas: 3\nwith_canary: true\n"));
    assert_eq!(work.render(&["canary.yaml"]), (Some(0), wrote(3)));
    assert_eq!(work.names(), [LIST, CANARY, DEPLOYMENT, CONFIG_MAP]);
    work.write("out/mine.yaml", "mine");

    let (code, said) = work.render(&["small.yaml"]);
    let expected = format!(
        "{}note: out/{CANARY} is from an earlier run and is not rendered now; --prune removes it\n",
        wrote(2)
    );
    assert_eq!((code, said), (Some(0), expected.clone()));
    // It is not forgotten in the meantime.
    assert_eq!(work.render(&["small.yaml"]).1, expected);
    let (code, said) = work.render(&["small.yaml", "--prune"]);
    let removed = format!("note: removed out/{CANARY}, which an earlier run wrote\n");
    assert_eq!((code, said), (Some(0), wrote(2) + &removed));
    assert_eq!(work.names(), [LIST, DEPLOYMENT, "mine.yaml", CONFIG_MAP]);
    assert_eq!(work.render(&["small.yaml", "--prune"]), (Some(0), wrote(2)));

    let (_, said) = work.render(&["small.yaml", "-o", "json"]);
    assert_eq!(said.lines().count(), 3, "the other language leaves its files: {said}");
}

#[test]
fn a_list_that_somebody_changed_removes_nothing_else() {
    let work = Work::new();
    work.write("small.yaml", SMALL);
    work.write("mine", "mine");
    work.render(&["small.yaml"]);
    fs::create_dir(work.directory.path().join("out/folder")).unwrap();
    let absolute = work.directory.path().join("mine").display().to_string();
    let list = format!("../mine\n{absolute}\nfolder\n.\n..\n{LIST}\n#\n\n");
    fs::write(work.directory.path().join("out").join(LIST), list).unwrap();
    assert_eq!(work.render(&["small.yaml", "--prune"]), (Some(0), wrote(2)));
    assert_eq!(fs::read_to_string(work.directory.path().join("mine")).unwrap(), "mine");
    assert_eq!(work.names(), [LIST, DEPLOYMENT, "folder", CONFIG_MAP]);
}

#[test]
fn where_one_file_cannot_be_written_none_is() {
    let work = Work::new();
    work.write("small.yaml", SMALL);
    let patch = format!("emergency_patch: {{metadata: {{name: {}}}}}\n", "a".repeat(250));
    work.write("long.yaml", &(named("long") + &patch));
    // Kubernetes takes the name of 250 characters, the file system not.
    let (code, said) = work.render(&["small.yaml", "long.yaml"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("File name too long"), "{said}");
    assert!(!work.directory.path().join("out").exists());

    fs::create_dir_all(work.directory.path().join("out").join(CONFIG_MAP)).unwrap();
    fs::write(work.directory.path().join("out").join(DEPLOYMENT), "old").unwrap();
    let before = work.files();
    let (code, said) = work.render(&["small.yaml"]);
    assert_eq!(
        (code, said),
        (Some(2), format!("error: cannot write out/{CONFIG_MAP}: it is a directory\n"))
    );
    assert_eq!(work.files(), before);
}

#[test]
fn a_limit_on_files_is_an_error_and_leaves_what_was_there() {
    let work = Work::new();
    let mut variables = String::new();
    for n in 0..20_000 {
        writeln!(variables, "    - {{name: A{n}, value: x}}").unwrap();
    }
    work.write("large.yaml", &SMALL.replace("  env:\n", &format!("  env:\n{variables}")));
    work.write("small.yaml", SMALL);
    assert_eq!(work.render(&["small.yaml"]).0, Some(0));
    let before = work.files();

    let command = work.command(&["large.yaml"]);
    let limited = Command::new("bash")
        .args(["-c", "ulimit -f 400; exec \"$0\" \"$@\""])
        .arg(command.get_program())
        .args(command.get_args())
        .current_dir(work.directory.path())
        .output()
        .unwrap();
    let said = String::from_utf8(limited.stderr).unwrap();
    assert_eq!(limited.status.code(), Some(2), "{said}");
    assert_eq!(said, "error: cannot write to out: File too large\n");
    assert_eq!(work.files(), before);
}

#[test]
fn a_signal_leaves_all_files_or_none() {
    for signal in ["TERM", "INT"] {
        let work = Work::new();
        let contexts: Vec<String> = (0..200).map(|number| format!("{number}.yaml")).collect();
        for (number, context) in contexts.iter().enumerate() {
            work.write(context, &named(&format!("p{number}")));
        }
        let arguments: Vec<&str> = contexts.iter().map(String::as_str).collect();
        for wait in 0..8 {
            let mut child = work.command(&arguments).stderr(Stdio::null()).spawn().unwrap();
            wait_for_staging(&work, &mut child, Duration::from_millis(wait));
            Command::new("kill")
                .args([&format!("-{signal}"), &child.id().to_string()])
                .status()
                .unwrap();
            child.wait().unwrap();
            let names = work.names();
            let temporary: Vec<_> = names
                .iter()
                .filter(|name| name.starts_with(".streams-k8s-") && *name != LIST)
                .collect();
            assert_eq!(temporary, Vec::<&String>::new());
            assert!(names.is_empty() || names.len() == 401, "{} files", names.len());
            let _ = fs::remove_dir_all(work.directory.path().join("out"));
        }
    }
}

/// Waits until files are being written, and a little longer.
fn wait_for_staging(work: &Work, child: &mut Child, longer: Duration) {
    let start = Instant::now();
    while work.names().is_empty() && child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_mins(1), "nothing is written");
    }
    std::thread::sleep(longer);
}
