//! Values that try to be more than values: in every form of output they stay what they are.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use sentry_streams_k8s::read::{read, read_yaml};
use sentry_streams_k8s::value::Source;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;

/// Texts that some reader, terminal or page would obey, each with the word that must not come loose.
const TEXTS: &[&str] = &[
    "a\n---\nLOOSE: 1\n",
    "a\n...\nLOOSE: 1",
    "a\nLOOSE: 1",
    "a\r\nLOOSE: 1",
    "a\rLOOSE: 1",
    "a\u{85}LOOSE: 1",
    "a\u{2028}LOOSE: 1",
    "\tLOOSE: 1\n",
    "' LOOSE: '",
    "\"}],\"LOOSE\":[{\"a\":\"",
    "\\\", \"LOOSE\": \"",
    "a #LOOSE",
    "- LOOSE",
    "? LOOSE",
    "&a LOOSE",
    "*LOOSE",
    "!LOOSE a",
    "|\n LOOSE: 1",
    "%LOOSE",
    "{LOOSE: 1}",
    "\u{1b}[31mLOOSE\u{1b}[0m",
    "\u{1b}]0;LOOSE\u{7}",
    "\u{9b}31mLOOSE",
    "\u{202e}LOOSE",
    "\0LOOSE",
    "\u{7f}LOOSE\u{8}\u{8}",
    "<script>LOOSE</script>",
    "</pre><img src=x onerror=LOOSE>",
    "\"><b>LOOSE",
    "`LOOSE`\n\n# LOOSE",
    "| LOOSE | x |\n|---|---|",
    "[LOOSE](https://example.com)",
    "```\nLOOSE",
];

/// A context that has every text as a value, and as a key where keys are free.
fn context() -> Value {
    let env: Vec<Value> = TEXTS
        .iter()
        .enumerate()
        .map(|(n, text)| json!({"name": format!("V{n}"), "value": text}))
        .collect();
    let annotations: Value = TEXTS
        .iter()
        .enumerate()
        .map(|(n, text)| (format!("a{n}"), json!(text)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let config: Value = TEXTS
        .iter()
        .map(|text| ((*text).to_owned(), json!(text)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    json!({
        "service_name": "my-service",
        "pipeline_name": "profiles",
        "pipeline_module": "LOOSE\u{1b}[31m\n# LOOSE",
        "image_name": "example.com/image:1",
        "cpu_per_process": 1000,
        "memory_per_process": 512,
        "segment_id": 0,
        "deployment_template": {"metadata": {"annotations": annotations}},
        "container_template": {"env": env, "command": TEXTS},
        "emergency_patch": {"metadata": {"annotations": {"a0": null, "a1": TEXTS[2]}}},
        "pipeline_config": {"pipeline": {"segments": []}, "texts": config},
    })
}

/// A context in which the texts are in problems: unknown fields and wrong values.
fn wrong() -> Value {
    let mut context = context();
    context["log_level"] = json!(TEXTS[20]);
    context["replicas"] = json!(TEXTS[0]);
    for text in TEXTS {
        context[*text] = json!(text);
    }
    context
}

struct Files {
    directory: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn write(&self, name: &str, value: &Value) -> PathBuf {
        let file = self.directory.path().join(name);
        // YAML, of which this is, has no raw control characters.
        let escaped = |c: char| {
            let units = c
                .encode_utf16(&mut [0; 2])
                .iter()
                .map(|unit| format!("\\u{unit:04x}"))
                .collect::<Vec<_>>()
                .concat();
            if c.is_ascii_graphic() || c == ' ' { c.to_string() } else { units }
        };
        std::fs::write(&file, value.to_string().chars().map(escaped).collect::<String>()).unwrap();
        file
    }

    /// What a command prints, on both streams.
    fn run(&self, arguments: &[&str], code: i32) -> (String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
        let output = command.args(arguments).current_dir(self.directory.path()).output().unwrap();
        let texts = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", texts[1]);
        for text in &texts {
            let obeyed = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
            assert_eq!(obeyed, None, "{arguments:?}: {text}");
        }
        let [out, err] = texts;
        (out, err)
    }
}

/// What is for people shows text in the order in which it is read, too.
fn assert_in_order(shown: &str) {
    let turned =
        shown.chars().find(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}'));
    assert_eq!(turned, None, "{shown}");
}

fn objects(list: &str) -> Vec<Value> {
    let list: Value = serde_json::from_str(list).unwrap();
    list["items"].as_array().unwrap().clone()
}

/// Each document as the macro's own reader of YAML 1.1 reads it.
fn documents(yaml: &str) -> Vec<Value> {
    let documents = yaml
        .split("\n---\n")
        .map(|text| read_yaml(text, Source::Context).unwrap_or_else(|p| panic!("{p:?}: {text}")));
    documents
        .map(|document| {
            serde_json::from_str(&sentry_streams_k8s::write::json(&document.root)).unwrap()
        })
        .collect()
}

#[test]
fn yaml_and_json_say_the_same() {
    let files = Files::new();
    files.write("context.json", &context());
    let expected = objects(&files.run(&["render", "context.json", "-o", "json"], 0).0);
    let env = expected[0]["spec"]["template"]["spec"]["containers"][0]["env"].as_array().unwrap();
    let values: Vec<&str> = env.iter().filter_map(|item| item["value"].as_str()).collect();
    assert!(values.ends_with(TEXTS), "every text is a value: {values:?}");
    let config: Value = serde_json::from_str(
        expected[1]["data"].as_object().unwrap().values().next().unwrap().as_str().unwrap(),
    )
    .unwrap();
    assert_eq!(config, context()["pipeline_config"]);

    let yaml = files.run(&["render", "context.json"], 0).0;
    assert_eq!(documents(yaml.trim_start_matches("---\n")), expected);

    let pipeline = json!({
        "apiVersion": "streams.sentry.io/v1alpha1", "kind": "StreamingPipeline",
        "metadata": {"name": "profiles"}, "spec": context(),
    });
    let list = json!({"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [pipeline]});
    let file = files.write("list.json", &list);
    let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
    let output = command.arg("krm").stdin(std::fs::File::open(file).unwrap()).output().unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = read(&list, Source::Context).unwrap();
    let list: Value = serde_json::from_str(&sentry_streams_k8s::write::json(&read.root)).unwrap();
    let items: Vec<&Value> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["kind"] != "StreamingPipeline")
        .collect();
    assert_eq!(items.len(), expected.len());
    for (item, expected) in items.iter().zip(&expected) {
        assert_eq!((&item["spec"], &item["data"]), (&expected["spec"], &expected["data"]));
    }
}

#[test]
fn problems_are_lines_of_text() {
    let files = Files::new();
    files.write("wrong.json", &wrong());
    let (out, err) = files.run(&["validate", "wrong.json"], 1);
    let shown = out + &err;
    assert_in_order(&shown);
    let loose = shown.lines().find(|line| line.trim_start().starts_with("LOOSE"));
    assert_eq!(loose, None, "{shown}");
    assert!(shown.contains("LOOSE"), "the texts are in problems");
    let (out, err) = files.run(&["validate", "wrong.json", "--format", "json"], 1);
    let report: Value = serde_json::from_str(if out.is_empty() { &err } else { &out }).unwrap();
    assert!(report["problems"].as_array().unwrap().len() >= TEXTS.len());
}

#[test]
fn reports_are_what_their_readers_take() {
    let files = Files::new();
    files.write("wrong.json", &wrong());
    let report = |format| files.run(&["validate", "wrong.json", "--format", format], 1).0;
    for format in ["sarif", "gitlab"] {
        let _: Value = serde_json::from_str(&report(format)).unwrap();
    }
    let commands = report("github");
    let other = commands.lines().find(|line| !line.starts_with("::error title=streams-k8s ("));
    assert_eq!(other, None);
    assert!(commands.contains("LOOSE"), "the texts are in problems");

    let junit = report("junit");
    let mut reader = quick_xml::Reader::from_str(&junit);
    let mut names = std::collections::BTreeSet::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) => {
                names.insert(String::from_utf8(tag.name().as_ref().to_vec()).unwrap());
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    let expected = ["failure", "testcase", "testsuite", "testsuites"];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn explanations_and_differences_hold_texts_only() {
    let files = Files::new();
    files.write("context.json", &context());
    let mut other = context();
    other["container_template"]["env"] = json!([]);
    files.write("other.json", &other);

    assert_in_order(&files.run(&["explain", "context.json"], 0).0);
    let html = files.run(&["explain", "context.json", "-o", "html"], 0).0;
    assert_eq!(html.matches("<script").count(), 1, "only our own script");
    for markup in ["<img", "<b>LOOSE", "\"><b>", "</pre><img"] {
        assert!(!html.contains(markup), "{markup}");
    }
    let markdown = files.run(&["explain", "context.json", "-o", "markdown"], 0).0;
    assert_in_order(&markdown);
    assert_in_order(&html);
    let loose =
        markdown.lines().find(|line| line.starts_with("# LOOSE") || line.starts_with("LOOSE"));
    assert_eq!(loose, None, "{markdown}");
    let (out, err) = files.run(&["diff", "context.json", "other.json"], 1);
    let shown = out + &err;
    assert_in_order(&shown);
    assert!(shown.contains("LOOSE"), "the texts are in the difference: {shown}");
    assert_eq!(
        shown.lines().find(|line| line.starts_with("LOOSE") || line.starts_with("# LOOSE")),
        None,
        "{shown}"
    );
}
