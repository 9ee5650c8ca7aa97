//! Documents, and what `PyYAML` makes of them.

use super::{Failure, read};
use crate::problem::Code;
use crate::problem::MAX_PROBLEMS;
use crate::read::read_yaml;
use crate::value::{MAX_DEPTH, Source};
use crate::write::json;

fn value(text: &str) -> String {
    match read_yaml(text, Source::DeploymentTemplate) {
        Ok(document) => json(&document.root),
        Err(problems) => panic!("{text:?}: {problems:?}"),
    }
}

/// Code, path, offset of every problem.
fn problems(text: &str) -> Vec<(Code, String, u32)> {
    let problems = read_yaml(text, Source::DeploymentTemplate).unwrap_err();
    problems
        .into_iter()
        .map(|problem| {
            (
                problem.code,
                problem.path.to_string(),
                problem.origin.map_or(u32::MAX, |origin| origin.offset),
            )
        })
        .collect()
}

#[test]
fn documents_are_read() {
    for (text, expected) in [
        ("", "null"),
        ("# nothing", "null"),
        ("---\n...\n", "null"),
        ("%YAML 1.2\n---\na", r#""a""#),
        ("\u{feff}a: 1", r#"{"a":1}"#),
        ("a: 1\r\nb: [x, {c: d}]\r\n", r#"{"a":1,"b":["x",{"c":"d"}]}"#),
        ("{a:1}", r#"{"a:1":null}"#),
        (r#"{"a":1}"#, r#"{"a":1}"#),
        (r#""\ud83d\ude00\/""#, r#""😀/""#),
        ("a: |\n  x\n\n   y\n", r#"{"a":"x\n\n y\n"}"#),
        ("a: |\n  x", r#"{"a":"x"}"#),
        ("a: >-\n  x\n  y\n", r#"{"a":"x y"}"#),
        ("a: \"x\ty\"", r#"{"a":"x\ty"}"#),
        ("a: |\n x\ty", r#"{"a":"x\ty"}"#),
        ("a: 1 #\tx", r#"{"a":1}"#),
        ("1: a\n1.5: b\ntrue: c\n~: d", r#"{"1":"c","1.5":"b","null":"d"}"#),
        ("=: 1", r#"{"=":1}"#),
        (
            "[!!str 5, !!int '5', !!float 5, !!bool yEs, !!null x, !!str ]",
            r#"["5",5,5.0,true,null,""]"#,
        ),
        ("!<tag:yaml.org,2002:str> 5", r#""5""#),
        ("!!map {a: !!seq [b]}", r#"{"a":["b"]}"#),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn merge_keys_come_first_and_count_least() {
    for (text, expected) in [
        ("{a: 2, <<: {a: 1, c: 3}, d: 4}", r#"{"a":2,"c":3,"d":4}"#),
        ("{<<: [{a: 1}, {a: 2, b: 3}]}", r#"{"a":1,"b":3}"#),
        ("{<<: {a: 1}, <<: {a: 2, b: 3}}", r#"{"a":2,"b":3}"#),
        ("{<<: [], <<: {}}", "{}"),
        ("{'<<': {a: 1}}", r#"{"<<":{"a":1}}"#),
        (
            "a: &a {b: 1}\nc: &c {<<: *a, d: 2}\ne: {<<: [*a, *c], b: 3}",
            r#"{"a":{"b":1},"c":{"b":1,"d":2},"e":{"b":3,"d":2}}"#,
        ),
        ("a: &m <<\nb: {*m : {c: 1}}", ""),
    ] {
        // `<<` as a value is no value, even where an alias makes it a key elsewhere.
        if expected.is_empty() {
            assert_eq!(problems(text), [(Code::InvalidYaml, "a".to_owned(), 6)]);
        } else {
            assert_eq!(value(text), expected, "{text}");
        }
    }
}

#[test]
fn aliases_copy_values_and_keep_where_they_were_written() {
    let document = read_yaml("a: &x {b: [1]}\nc: *x\n", Source::DeploymentTemplate).unwrap();
    assert_eq!(json(&document.root), r#"{"a":{"b":[1]},"c":{"b":[1]}}"#);
    let place = |keys: &[&str]| document.root.at(keys).unwrap().origin.offset;
    assert_eq!((place(&["a"]), place(&["c"]), place(&["c", "b"])), (6, 6, 10));
}

#[test]
fn repeated_keys_are_warnings_where_they_stand() {
    let document =
        read_yaml("a: &x {b: 1, b: 2}\nc: *x\nd:\n- {<<: *x, b: 3}\na: 5\n", Source::Context)
            .unwrap();
    assert_eq!(json(&document.root), r#"{"a":5,"c":{"b":2},"d":[{"b":3}]}"#);
    let warnings: Vec<_> = document
        .warnings
        .iter()
        .map(|w| (w.code, w.path.to_string(), w.origin.unwrap().offset))
        .collect();
    assert_eq!(
        warnings,
        [(Code::DuplicateKey, "a.b".to_owned(), 13), (Code::DuplicateKey, "a".to_owned(), 45)]
    );
}

#[test]
fn all_values_that_cannot_be_read_are_told() {
    let text = "a: [.inf, {b: 2024-13-01}]\n\
                ? [k]\n: v\n\
                {{ x }}: 1\n\
                2024-01-01: date\n\
                c: !foo 1\n\
                d: !!binary aGk=\n\
                e: !!set {f}\n\
                g: &g [*g]\n\
                h: {<<: 5}\n\
                i: [=, <<]\n\
                j: [!!int x, ! 5]\n";
    let found = problems(text);
    let told: Vec<_> = found.iter().map(|(code, path, _)| format!("{code} {path}")).collect();
    assert_eq!(
        told,
        [
            "not-finite a[0]",
            "invalid-yaml a[1].b",
            "invalid-yaml [\"?\"]",
            "invalid-yaml [\"?\"]",
            "not-json 2024-01-01",
            "invalid-yaml c",
            "not-json d",
            "not-json e",
            "cyclic-alias g[0]",
            "invalid-yaml h[\"<<\"]",
            "invalid-yaml i[0]",
            "invalid-yaml i[1]",
            "invalid-yaml j[0]",
            "invalid-yaml j[1]",
        ]
    );
    assert_eq!(found[1].2, 14);
}

#[test]
fn a_problem_of_an_anchored_value_is_told_once() {
    assert_eq!(
        problems("a: &x [.inf]\nb: *x\nc: [*x, *x]"),
        [(Code::NotFinite, "a[0]".to_owned(), 7)]
    );
    assert_eq!(
        problems("a: &x [1]\nb: {<<: *x}"),
        [(Code::InvalidYaml, "b[\"<<\"]".to_owned(), 18)]
    );
}

#[test]
fn an_unclosed_quote_is_told_where_it_opens() {
    let help = |text: &str| match read(text, Source::Context) {
        Err(Failure::Syntax(problem)) => problem.help.unwrap(),
        _ => panic!("{text:?} is YAML"),
    };
    for (text, line) in [
        ("a: 'x'\nb: \"y\nc: z\nd: \"e\"\n", 2),
        ("a: \"y\nb: 1\nc: \"z\"\n", 1),
        ("a: [\"x\",\n 'y]\nb: 'z'\n", 2),
        ("a: 'it''s\nb: 'x'\n", 1),
        ("a: \"x\\\"y\"\nb: 'c\nd: 'e'\n", 2),
    ] {
        let start = format!("close the quote that opens in line {line} of this text");
        assert!(help(text).starts_with(&start), "{text:?}: {}", help(text));
    }
    // Where it is in the line of the error, that says enough.
    for text in ["a: 'b' c", "a: 'x\n\n y' b: 'c' d"] {
        assert_eq!(help(text).contains("in line"), text.contains('\n'), "{text:?}");
    }
}

#[test]
fn syntax_errors_have_their_place() {
    for (text, offset) in [
        ("v:\ta", 2),
        ("v: \ta", 3),
        ("v: a\t# c", 4),
        ("\tk: v", 0),
        ("v:\n\t- a", 3),
        ("v: a\tb", 4),
        ("a: |\t\n x", 4),
        ("|\t\n x", 1),
        ("a: 1\n\t\nb: 2", 5),
        ("a: *x", 3),
        ("- &a.b x", 2),
        ("- &a 1\n- &a 2", 9),
        ("a\n---\nb", 2),
        ("[?a]", 1),
        ("[!!str :a]", 7),
        ("|\n#", 2),
        ("a\u{1}b", 1),
        ("a\u{2028}b", 1),
        ("a: \u{feff}b", 3),
        ("a: @x", 3),
        ("a: b: c", 4),
    ] {
        let code = if text.contains('\u{2028}') { Code::YamlLineBreak } else { Code::InvalidYaml };
        assert_eq!(problems(text), [(code, String::new(), offset)], "{text:?}");
    }
    for text in [
        "'a",
        "\"a",
        "[a",
        "{a",
        "a: 'b' c",
        "\"\\q\"",
        "\"\\ud83d\"",
        "[a, , b]",
        "%YAML 2.0\n---\na",
        "!e!x a",
        "a: b\n  c: d",
    ] {
        assert_eq!(problems(text)[0].0, Code::InvalidYaml, "{text:?}");
    }
}

#[test]
fn limits_are_told() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read_yaml(&nested(MAX_DEPTH), Source::Context).is_ok());
    assert_eq!(problems(&nested(MAX_DEPTH + 1))[0].0, Code::TooDeep);
    assert_eq!(problems(&"- ".repeat(100_000))[0].0, Code::TooDeep);
    assert_eq!(problems(&"? ".repeat(100_000))[0].0, Code::TooDeep);
    assert_eq!(problems(&"{a: ".repeat(100_000))[0].0, Code::TooDeep);

    // Aliases can nest what is not nested in the text.
    let tower = |inside: &str| format!("{}{inside}{}", "[".repeat(100), "]".repeat(100));
    let mut towers = vec!["- &a0 x".to_owned()];
    towers
        .extend((1..6).map(|level| format!("- &a{level} {}", tower(&format!("*a{}", level - 1)))));
    let towers = towers.join("\n");
    // The last one stands in the list and has 100 lists of its own around the copy of 400.
    let (code, path, offset) = problems(&towers).remove(0);
    assert_eq!((code, path), (Code::TooDeep, format!("[5]{}", "[0]".repeat(100))));
    assert_eq!(towers.get(offset as usize..).map(|rest| rest.starts_with("*a4")), Some(true));

    let bomb = |inside: &str| {
        let copies = |level: usize| vec![format!("*a{level}"); 10].join(", ");
        let levels = (1..20).map(|level| format!("- &a{level} [{}]", copies(level - 1)));
        std::iter::once(format!("- &a0 {inside}")).chain(levels).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(problems(&bomb("[x]"))[0].0, Code::TooLarge);
    assert_eq!(problems(&bomb(&"x".repeat(1_000_000)))[0].0, Code::TooLarge);

    let many = "- .inf\n".repeat(MAX_PROBLEMS * 3);
    assert_eq!(problems(&many).len(), MAX_PROBLEMS + 1);
    let repeated = "a: 1\n".repeat(MAX_PROBLEMS * 3);
    assert_eq!(read_yaml(&repeated, Source::Context).unwrap().warnings.len(), MAX_PROBLEMS + 1);
}

#[test]
fn depth_counts_through_aliases_and_merge_keys() {
    for level in ["[*x{}]", "{a: *x{}}", "{<<: *x{}}", "{<<: [*x{}]}", "{a: {<<: *x{}}}"] {
        let first = if level.starts_with('[') { "[a]" } else { "{a: 1}" };
        let chain = |levels: usize| {
            let mut text = format!("x0: &x0 {first}\n");
            for at in 1..levels {
                let before = level.replace("{}", &(at - 1).to_string());
                text.extend([format!("x{at}: &x{at} {before}\n")]);
            }
            text
        };

        assert!(read_yaml(&chain(80), Source::Context).is_ok(), "{level}");

        // It is reported once, at the first alias that leads too deep.
        let found = problems(&chain(MAX_DEPTH));
        let [(code, path, offset)] = &found[..] else { panic!("{level}: {found:?}") };
        assert_eq!(*code, Code::TooDeep, "{level}");
        assert!(path.starts_with('x'), "{level}: {path}");
        assert_eq!(chain(MAX_DEPTH).as_bytes().get(*offset as usize), Some(&b'*'), "{level}");
    }
}
