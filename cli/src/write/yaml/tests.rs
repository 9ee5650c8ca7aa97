//! Readers of other makers read what is written.

use super::*;
use serde_json::json;
use std::io::Write;
use std::process::{Command, Stdio};

/// Texts that some reader of YAML takes for something else, or that are hard to write.
const TRICKY: &[&str] = &[
    "",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "a",
    " a",
    "a ",
    "a\n",
    "\na",
    "a\n\n",
    "a\n\n\n",
    " a\n b\n",
    "a\n b\nc",
    "a\nb ",
    "a \nb",
    "a\n\tb\n",
    "\ta\nb\n",
    "a\r\nb\r\n",
    "a\rb",
    "null",
    "Null",
    "NULL",
    "~",
    "true",
    "True",
    "TRUE",
    "false",
    "yes",
    "Yes",
    "YES",
    "no",
    "No",
    "NO",
    "on",
    "On",
    "ON",
    "off",
    "Off",
    "OFF",
    "y",
    "Y",
    "n",
    "N",
    "0",
    "-0",
    "+1",
    "1",
    "01",
    "08",
    "0o17",
    "017",
    "0O17",
    "0x1F",
    "0X1f",
    "0b101",
    "0B101",
    "1_000",
    "_1",
    "1_",
    "0x_1",
    "1e3",
    "1E3",
    "1.0e3",
    "1.0e+3",
    "1e-05",
    "-.5",
    ".5",
    "1.",
    "1.5e",
    ".",
    "..",
    "...",
    "---",
    "--- a",
    "... a",
    "-",
    "- a",
    "?",
    "? a",
    ":",
    ": a",
    "a:",
    "a: b",
    "a:b",
    "a #b",
    "a# b",
    "#",
    "# a",
    "22:22",
    "1:30",
    "1:60",
    "0:0",
    "02:30",
    "8080:80",
    "12:30:45",
    "1:30.5",
    ".inf",
    "-.inf",
    "+.Inf",
    ".INF",
    ".nan",
    ".NaN",
    "inf",
    "nan",
    "NaN",
    "Infinity",
    "2024-01-01",
    "2024-1-1",
    "2024-01-01T10:00:00Z",
    "2024-01-01 10:00:00",
    "2001-12-14t21:59:43.10-05:00",
    "2024-13-01",
    "=",
    "<<",
    "<",
    ">",
    "|",
    "|-",
    "!",
    "!a",
    "!!str",
    "&",
    "&a",
    "*",
    "*a",
    "%",
    "%YAML 1.1",
    "@",
    "@a",
    "`",
    "`a`",
    "{",
    "}",
    "{}",
    "{a}",
    "[",
    "]",
    "[]",
    "[a, b]",
    ",",
    "a, b",
    "\"",
    "'",
    "\"a\"",
    "'a'",
    "it's",
    "say \"hi\"",
    "both ' and \"",
    "\\",
    "a\\n",
    "C:\\temp",
    "\u{0}",
    "\u{1}",
    "\u{7}",
    "\u{8}",
    "\u{b}",
    "\u{c}",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{7f}",
    "\u{80}",
    "\u{85}",
    "a\u{85}b",
    "\u{9f}",
    "\u{a0}",
    "a\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{200e}",
    "\u{2028}",
    "a\u{2028}b\n",
    "\u{2029}",
    "\u{202e}abc",
    "\u{2066}",
    "\u{feff}",
    "a\u{feff}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{e000}",
    "\u{10ffff}",
    "é",
    "профили",
    "日本語",
    "😀",
    "a\n😀\n",
    "{\"a\": 1}",
    "{\"a\": \"it's\"}",
    "{\"a\": \"\\u0001\"}",
    "{\"é\": \"\u{1b}\"}",
    "[1, 2]",
    "{{ jinja }}",
    "{% raw %}",
    "${VAR}",
    "$(VAR)",
    "a\n---\nb\n",
    "a\n...\nb\n",
    "--- \n",
    "a: |\n  b\n",
    "# a\nb\n",
    "key: value\nother: [1]\n",
    "until nc -z kafka 9092; do\n  sleep 2\ndone\n",
    "123456789012345678901234567890",
    "1,000",
    "100m",
    "512Mi",
    "1Gi",
    "0.0.0.0",
    "127.0.0.1",
    "::1",
    "a\u{301}",
    "12e03",
    "-2E+05",
    "1e1000",
    "0x",
    "0b",
    "+",
    "+a",
    "-a",
    "--flag",
    "-1",
    "- ",
    "a -b",
    "0_",
    "0.",
    "-0.0",
    "1__0",
    "1_000.5",
    "190:20:30",
    "685_230.15",
    "0b1010_0111",
    "tRUE",
    "nULL",
];

fn corpus() -> Value {
    let long = "a long text of many words ".repeat(40);
    let mut texts: Vec<String> = TRICKY.iter().map(|&text| text.to_owned()).collect();
    texts.extend([long.clone(), format!("{long}\n{long}"), "x".repeat(5000), "\n".repeat(50)]);
    let keys: serde_json::Map<_, _> =
        texts.iter().filter(|text| text.len() < 100).map(|text| (text.clone(), json!(1))).collect();
    let numbers = r"[0, -1, 9223372036854775807, -9223372036854775808, 18446744073709551616, 1.0, 0.5, 1e16, 1e-5, -0.0, 1e300]";
    let numbers: Value = serde_json::from_str(numbers).unwrap();
    json!({
        "list": texts, "keys": keys, "numbers": numbers,
        "nested": texts.iter().map(|text| json!([{ "value": text, "list": [[text]] }])).collect::<Vec<_>>(),
        "empty": { "map": {}, "list": [], "null": null, "lists": [[], [[]], {}] }, "booleans": [true, false],
    })
}

const COMPARE: &str = r#"
import json, sys, yaml
from ruamel.yaml import YAML

request = json.load(sys.stdin)
readers = {"PyYAML (1.1)": yaml.safe_load, "ruamel.yaml (1.2)": YAML(typ="safe", pure=True).load}

def differences(path, found, expected):
    if type(found) is not type(expected):
        yield f"{path}: {found!r} is not {expected!r}"
    elif isinstance(expected, dict):
        if list(found) != list(expected):
            yield f"{path}: keys {list(found)!r} are not {list(expected)!r}"
        for key in expected:
            yield from differences(f"{path}.{key}", found.get(key), expected[key])
    elif isinstance(expected, list):
        if len(found) != len(expected):
            yield f"{path}: {len(found)} items are not {len(expected)}"
        for index, (one, other) in enumerate(zip(found, expected)):
            yield from differences(f"{path}[{index}]", one, other)
    elif found != expected:
        yield f"{path}: {found!r} is not {expected!r}"

for name, read in readers.items():
    for difference in differences("", read(request["yaml"]), request["value"]):
        print(f"{name}: {difference}")
"#;

/// Reads the corpus back with readers of both versions of YAML that are not ours.
#[test]
fn readers_of_both_versions_read_the_same_back() {
    let python = std::env::var("YAML_READERS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_readers = Command::new(&python)
        .args(["-c", "import yaml, ruamel.yaml"])
        .stderr(Stdio::null())
        .status();
    if !has_readers.is_ok_and(|status| status.success()) {
        assert!(
            std::env::var("YAML_READERS_PYTHON").is_err(),
            "{python} lacks pyyaml or ruamel.yaml"
        );
        eprintln!(
            "skipped: {python} has no pyyaml and ruamel.yaml; name one that has in YAML_READERS_PYTHON"
        );
        return;
    }
    let value = corpus();
    let yaml = write(&value).unwrap();
    let request = json!({ "yaml": yaml, "value": value }).to_string();
    let mut child = Command::new(python)
        .args(["-c", COMPARE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let answer = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(answer, "");
}

#[test]
fn it_reads_as_a_person_would_write_it() {
    let object = json!({
        "plain": "a b", "number": "1", "port": "22:22", "json": "{\"a\": \"b\"}", "script": "one\ntwo\n",
        "list": [{ "name": "a", "args": [] }], "long": "word ".repeat(30).trim(), "escape": "\u{1b}[31m",
    });
    let long = "word ".repeat(30);
    let expected = format!(
        "plain: a b\nnumber: \"1\"\nport: \"22:22\"\njson: '{{\"a\": \"b\"}}'\nscript: |\n  one\n  two\nlist:\n- name: a\n  \
         args: []\nlong: {}\nescape: \"\\e[31m\"\n",
        long.trim()
    );
    assert_eq!(write(&object).unwrap(), expected);
}

#[test]
fn no_literal_block_begins_with_a_tab() {
    for text in ["\ta\nb\n", "\n\ta\n", " \n \ta\nb"] {
        assert_eq!(write(&json!(text)).unwrap(), format!("{text:?}\n"));
    }
    assert_eq!(write(&json!("a\n\tb\n")).unwrap(), "|\n  a\n  \tb\n");
}

#[test]
fn terminal_escapes_are_never_written_raw() {
    let yaml = write(&corpus()).unwrap();
    let raw: Vec<char> =
        yaml.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\t')).collect();
    assert_eq!(raw, [], "{yaml}");
}

#[test]
fn a_number_that_readers_would_round_is_refused() {
    let object = serde_json::from_str(&format!("[{}]", "9".repeat(50))).unwrap();
    assert!(write(&object).unwrap_err().to_string().contains("is too large for YAML readers"));
}
