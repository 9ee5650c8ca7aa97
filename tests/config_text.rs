//! The configuration's text against the two programs it is written for: Python's `json` and `PyYAML`.
//!
//! The interpreter is `python3`, or what `PYTHON` names; one named that way must have `PyYAML`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use sentry_streams_k8s::value::{Key, KeyKind, Map, Node, Origin, Path, PythonFloat, Value};
use sentry_streams_k8s::write::{ConfigText, config_version, json, python_json};
use std::borrow::Cow;
use std::env;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Starting Python takes longer than what it does, so every case holds many documents.
const DOCUMENTS: usize = 400;

fn node(value: Value<'static>) -> Node<'static> {
    Node::new(value, Origin::MACRO)
}

fn text() -> impl Strategy<Value = String> {
    // Characters of every kind a writer has to think of, then any.
    let special = "\"\\/\n\r\t\u{8}\u{c}\0\u{1f} ~\u{7f}\u{80}\u{85}é\u{2028}\u{feff}\u{ffff}😀";
    let special = prop::sample::select(special.chars().collect::<Vec<_>>());
    let yaml = [
        "yes",
        "null",
        "~",
        "1e3",
        "22:22",
        "0x1f",
        "2024-01-01",
        "<<",
        "=",
        "- a",
        "a: b",
        "# c",
        "---",
    ];
    prop_oneof![
        3 => prop::collection::vec(prop_oneof![special, any::<char>()], 0..8).prop_map(|characters| characters.into_iter().collect()),
        1 => prop::sample::select(yaml.to_vec()).prop_map(str::to_owned),
        1 => "[a-z_]{1,12}",
    ]
}

fn float() -> impl Strategy<Value = f64> {
    let bits =
        any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |float| float.is_finite());
    // Powers of ten are where the notation changes.
    let power = (-30..30_i32, -20..20_i32)
        .prop_map(|(digits, exponent)| f64::from(digits) * 10_f64.powi(exponent));
    prop_oneof![bits, power]
}

fn tree() -> impl Strategy<Value = Node<'static>> {
    let leaf = prop_oneof![
        Just(node(Value::Null)),
        any::<bool>().prop_map(|value| node(Value::Bool(value))),
        any::<i64>().prop_map(|value| node(Value::Integer(Cow::Owned(value.to_string())))),
        "-?[1-9][0-9]{0,60}".prop_map(|digits| node(Value::Integer(Cow::Owned(digits)))),
        float().prop_map(|value| node(Value::Float(value))),
        text().prop_map(|value| Node::string(value, Origin::MACRO)),
    ];
    leaf.prop_recursive(5, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|items| Node::list(items, Origin::MACRO)),
            // A hash map gives distinct keys in no order.
            prop::collection::hash_map(text(), inner, 0..5)
                .prop_map(|entries| Node::map(entries, Origin::MACRO)),
        ]
    })
}

/// Whether Python's text holds what `PyYAML` misreads: a float without a point, a character above U+FFFF.
fn is_misread(node: &Node<'_>) -> bool {
    let above = |text: &str| text.chars().any(|character| character > '\u{ffff}');
    match &node.value {
        Value::Float(float) => !PythonFloat(*float).to_string().contains('.'),
        Value::String(value) => above(value),
        Value::List(items) => items.iter().any(is_misread),
        Value::Map(map) => map.iter().any(|(key, value)| above(&key.text) || is_misread(value)),
        _ => false,
    }
}

/// Distinct numbers and booleans, as Python writes them.
fn numeric_keys() -> impl Strategy<Value = Vec<String>> {
    // Halves are never equal to an integer, and integers from 2 on to no boolean.
    let half = (-1000..1000_i32).prop_map(|number| format!("{number}.5"));
    let boolean = any::<bool>().prop_map(|value| value.to_string());
    prop::collection::hash_set(prop_oneof![half, "-?[2-9][0-9]{0,30}", boolean], 0..8)
        .prop_map(|keys| keys.into_iter().collect())
}

fn map_of(keys: &[String]) -> Node<'static> {
    let entry = |text: &String| {
        let kind = match text.as_str() {
            "true" | "false" => KeyKind::Bool,
            text if text.contains('.') => KeyKind::Float,
            _ => KeyKind::Integer,
        };
        (Key::new(text.clone(), kind, Origin::MACRO), node(Value::Null))
    };
    node(Value::Map(Map::from_unique(keys.iter().map(entry).collect())))
}

/// What a program answers, a line for a line.
fn python(program: &str, lines: &[String]) -> Vec<String> {
    let mut child = Command::new(env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned()))
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed for this test");
    let mut stdin = child.stdin.take().unwrap();
    let input = lines.join("\n");
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(output.status.success(), "python failed");
    let answers: Vec<_> =
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), lines.len());
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn text_and_hash_are_pythons(documents in prop::collection::vec(tree(), DOCUMENTS)) {
        let program = "
import sys, json, hashlib
for line in sys.stdin.buffer:
    text = json.dumps(json.loads(line), sort_keys=True)
    print(hashlib.md5(text.encode()).hexdigest(), text)
";
        let lines: Vec<_> = documents.iter().map(json).collect();
        for (document, answer) in documents.iter().zip(python(program, &lines)) {
            let (version, text) = answer.split_once(' ').unwrap();
            prop_assert_eq!(&python_json(document), text);
            prop_assert_eq!(&config_version(text), version);
            let config = ConfigText::new(document, &Path::root()).unwrap();
            prop_assert_eq!(&config.version, version);
            prop_assert_eq!(config.text != text, is_misread(document), "{}", config.text);
        }
    }

    #[test]
    fn keys_are_sorted_as_pythons(documents in prop::collection::vec(numeric_keys(), DOCUMENTS)) {
        let program = "
import sys, json
for line in sys.stdin.buffer:
    print(json.dumps(dict.fromkeys(json.loads(line)), sort_keys=True))
";
        let lines: Vec<_> = documents.iter().map(|keys| format!("[{}]", keys.join(","))).collect();
        for (keys, answer) in documents.iter().zip(python(program, &lines)) {
            prop_assert_eq!(python_json(&map_of(keys)), answer);
        }
    }

    #[test]
    fn the_consumer_reads_the_same_values(documents in prop::collection::vec(tree(), DOCUMENTS / 4)) {
        let program = "
import sys, json
try:
    import yaml
except ImportError:
    yaml = None
for line in sys.stdin.buffer:
    same = yaml and json.dumps(yaml.safe_load(line)) == json.dumps(json.loads(line))
    print('PyYAML is missing' if yaml is None else 'same' if same else 'other')
";
        let config_texts: Vec<_> =
            documents.iter().map(|document| ConfigText::new(document, &Path::root()).unwrap().text).collect();
        // Results are YAML as well as JSON, too.
        let results: Vec<_> = documents.iter().map(json).collect();
        for lines in [config_texts, results] {
            for (line, answer) in lines.iter().zip(python(program, &lines)) {
                if answer == "PyYAML is missing" && env::var_os("PYTHON").is_none() {
                    eprintln!("skipped: python3 has no PyYAML");
                    return Ok(());
                }
                prop_assert_eq!(answer, "same", "{}", line);
            }
        }
    }
}

/// The generator reaches what it is for.
#[test]
fn generated_documents_are_of_both_kinds() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let misread =
        (0..500).filter(|_| is_misread(&tree().new_tree(&mut runner).unwrap().current())).count();
    assert!((50..450).contains(&misread), "{misread}");
}
