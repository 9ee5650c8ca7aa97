//! Tests of `json.rs`.

use super::*;
use crate::problem::MAX_PROBLEMS;
use crate::write::json;

/// Code, path, offset of every problem.
fn problems(text: &str) -> Vec<(Code, String, u32)> {
    let problems = match read(text, Source::Context).unwrap_err() {
        Failure::Syntax { problem, .. } => vec![problem],
        Failure::Value(problems) => problems,
    };
    problems
        .into_iter()
        .map(|problem| (problem.code, problem.path.to_string(), problem.origin.unwrap().offset))
        .collect()
}

#[test]
fn values_are_read() {
    for (text, expected) in [
        (
            " {\"a\" : [1, -0, 1.50, 1E3, true, null, \"x\\n\\u00e9\\ud83d\\ude00\"] } ",
            "{\"a\":[1,0,1.5,1000.0,true,null,\"x\\né😀\"]}",
        ),
        ("[]", "[]"),
        ("{}", "{}"),
        ("\u{feff}[123456789012345678901234567890]", "[123456789012345678901234567890]"),
    ] {
        assert_eq!(json(&read(text, Source::Context).unwrap().root), expected, "{text}");
    }
}

#[test]
fn values_know_where_they_were_written() {
    let root =
        read("\u{feff}{\"a\\n\": [10,\n \"x\" , {\"b\": null}]}", Source::Context).unwrap().root;
    assert_eq!(root.origin.offset, 3);
    let list = root.get("a\n").unwrap();
    let offsets: Vec<_> = list.as_list().unwrap().iter().map(|node| node.origin.offset).collect();
    assert_eq!((list.origin.offset, offsets), (11, vec![12, 17, 23]));
    assert_eq!(list.as_list().unwrap()[2].get("b").unwrap().origin.offset, 29);
}

#[test]
fn repeated_keys_are_warnings_where_they_stand() {
    let document =
        read("[{\"a\": 1, \"b\": {\"c\": 2, \"c\": 3}, \"a\": 4}]", Source::Context).unwrap();
    assert_eq!(json(&document.root), r#"[{"a":4,"b":{"c":3}}]"#);
    let warnings: Vec<_> = document
        .warnings
        .iter()
        .map(|w| (w.code, w.path.to_string(), w.origin.unwrap().offset))
        .collect();
    assert_eq!(
        warnings,
        [
            (Code::DuplicateKey, "[0].b.c".to_owned(), 24),
            (Code::DuplicateKey, "[0].a".to_owned(), 33)
        ]
    );
    let repeated = format!("{{{}\"a\": 1}}", "\"a\": 1,".repeat(MAX_PROBLEMS * 3));
    assert_eq!(read(&repeated, Source::Context).unwrap().warnings.len(), MAX_PROBLEMS + 1);
}

#[test]
fn problems_have_their_place() {
    for (text, code, path, offset) in [
        (r#"{"a": 1,}"#, Code::InvalidJson, "", 8),
        (r#"{"a": 01}"#, Code::InvalidJson, "", 7),
        (r#"{"a" 1}"#, Code::InvalidJson, "", 5),
        (r#"{"a": [1 2]}"#, Code::InvalidJson, "", 9),
        ("[\"a\nb\"]", Code::InvalidJson, "", 3),
        (r#"["\x"]"#, Code::InvalidJson, "", 2),
        (r#"["\ud83d"]"#, Code::InvalidJson, "", 2),
        (r#"["\\ud83d", "\ude00"]"#, Code::InvalidJson, "", 13),
        (r#"["\ud83d\u0041"]"#, Code::InvalidJson, "", 2),
        ("[NaN]", Code::InvalidJson, "", 1),
        ("[-Infinity]", Code::InvalidJson, "", 2),
        (r#"{"a": [1e400]}"#, Code::NotFinite, "a[0]", 7),
    ] {
        assert_eq!(problems(text), [(code, path.to_owned(), offset)], "{text}");
    }
    assert_eq!(problems(&format!("[{}]", "9".repeat(MAX_INTEGER_DIGITS + 1)))[0].0, Code::TooLarge);
    assert_eq!(problems(r#"{"a": 1e400, "b": [-1e400]}"#).len(), 2);
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(MAX_DEPTH), Source::Context).is_ok());
    assert_eq!(problems(&nested(MAX_DEPTH + 1))[0].0, Code::TooDeep);
    assert_eq!(problems(&"{\"a\":".repeat(100_000))[0].0, Code::TooDeep);
}
