//! Hostile contexts through the real component: each is answered, within bounds of computation and memory.
//!
//! The bounds are the table in `docs/internals/security.md`; each of its rows is a test here, and each input here a row there.
//! `BOUNDS=print` prints what was measured.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "tests")]

mod measured;

use libtest_mimic::{Arguments, Failed, Trial};
use measured::{FUEL, MEMORY, Macro};
use std::fmt::Write as _;
use std::sync::Arc;

/// About how long the inputs are: where they can be of any length, that of a generous context.
const SIZE: usize = 1 << 20;

/// A name, what makes the input.
type Input = (&'static str, fn() -> String);

const INPUTS: &[Input] = &[
    // Nesting.
    ("json-lists-100000-deep", || "[".repeat(100_000)),
    ("json-mappings-100000-deep", || "{\"a\":".repeat(100_000)),
    ("json-closed-100000-deep", || with("deployment_template", &nested(100_000))),
    ("json-440-deep", || with("deployment_template", &nested(440))),
    ("patch-440-deep", || with("emergency_patch", &nested(440))),
    ("config-440-deep", || {
        with(
            "pipeline_config",
            &format!("{{\"pipeline\":{{\"segments\":[]}},\"x\":{}}}", nested(440)),
        )
    }),
    ("schema-440-deep", || with("pipeline_config_schema", &wrapped("{\"items\":", 440, "{}", "}"))),
    ("schema-of-itself", || with_config_and_schema(&nested(440), r##"{"items":{"$ref":"#"}}"##)),
    ("schema-doubling", || with_config_and_schema("{}", &doubling(64))),
    ("schema-doubling-lists", || {
        with_config_and_schema(
            &nested(200),
            r##"{"anyOf":[{"items":{"$ref":"#"}},{"items":{"$ref":"#"}}]}"##,
        )
    }),
    ("yaml-flow-lists-100000-deep", || yaml(&"[".repeat(100_000))),
    ("yaml-flow-mappings-100000-deep", || yaml(&"{a: ".repeat(100_000))),
    ("yaml-block-lists-100000-deep", || yaml(&"- ".repeat(100_000))),
    ("yaml-block-mappings-1400-deep", || {
        yaml(&(0..1400).fold(String::new(), |mut text, depth| {
            let _ = writeln!(text, "{:depth$}a:", "");
            text
        }))
    }),
    ("yaml-explicit-keys-100000-deep", || yaml(&"? ".repeat(100_000))),
    // Copies.
    ("alias-bomb", || yaml(&bomb(9))),
    ("alias-of-long-text", || {
        yaml(&format!("a: &a {}\nb: [{}]", "x".repeat(SIZE / 2), "*a,".repeat(SIZE / 6)))
    }),
    ("alias-chain-of-lists", || yaml(&alias_chain("[a]", |below| format!("[{below}]")))),
    ("alias-chain-of-mappings", || yaml(&alias_chain("{a: b}", |below| format!("{{k: {below}}}")))),
    ("alias-chain-of-items-of-mappings", || {
        yaml(&alias_chain("{a: b}", |below| format!("{{k: [{{l: {below}}}]}}")))
    }),
    ("alias-chain-of-merge-keys", || {
        yaml(&alias_chain("{a: b}", |below| format!("{{<<: {below}}}")))
    }),
    ("alias-chain-of-merged-lists", || {
        yaml(&alias_chain("{a: b}", |below| format!("{{<<: [{below}]}}")))
    }),
    ("alias-of-itself", || yaml("a: &a [*a]")),
    ("alias-many", || yaml(&format!("a: &a b\nc: [{}]", "*a,".repeat(SIZE / 3)))),
    ("anchors-many", || yaml(&lines(SIZE / 20, |n| format!("k{n}: &anchor{n} x")))),
    ("anchor-of-one-name", || yaml(&lines(SIZE / 10, |n| format!("k{n}: &a x")))),
    ("anchor-long", || yaml(&format!("a: &{} x", "a".repeat(SIZE)))),
    ("merge-of-itself", || yaml("a: &a {<<: *a}")),
    ("merge-chain", || {
        yaml(
            &lines(SIZE / 32, |n| {
                format!("a{n}: &a{n} {{<<: *a{}, k{n}: 1}}", n.saturating_sub(1))
            })
            .replacen("<<: *a0, ", "", 1),
        )
    }),
    ("merge-list", || yaml(&format!("a: &a {{b: c}}\nd: {{<<: [{}]}}", "*a,".repeat(SIZE / 3)))),
    ("merge-keys-many", || {
        yaml(&format!("a: &a {{b: c}}\nd:\n{}", lines(SIZE / 10, |_| "  <<: *a".to_owned())))
    }),
    // Size.
    ("text-long", || with("pipeline_module", &format!("\"{}\"", "x".repeat(SIZE)))),
    ("text-long-name", || with("service_name", &format!("\"{}\"", "x".repeat(SIZE)))),
    ("text-long-yaml", || yaml(&format!("a: \"{}\"", "x".repeat(SIZE)))),
    ("text-long-plain", || yaml(&format!("a: {}", "x ".repeat(SIZE / 2)))),
    ("text-long-lines", || yaml(&format!("a:\n{}", "  x\n".repeat(SIZE / 4)))),
    ("text-long-block", || yaml(&format!("a: >\n{}", "  x\n".repeat(SIZE / 4)))),
    ("text-long-escapes", || yaml(&format!("a: \"{}\"", "\\x41".repeat(SIZE / 4)))),
    ("comments", || yaml(&"# a\n".repeat(SIZE / 4))),
    ("blank-lines", || yaml(&"\n".repeat(SIZE))),
    ("spaces", || yaml(&" ".repeat(SIZE))),
    ("tabs", || yaml(&format!("a: b{}c", "\t".repeat(SIZE)))),
    ("documents-many", || yaml(&"---\n".repeat(SIZE / 4))),
    ("tags-many", || yaml(&format!("[{}]", "!!str a,".repeat(SIZE / 8)))),
    ("tags-unknown", || yaml(&format!("[{}]", "!a b,".repeat(SIZE / 5)))),
    ("tag-long", || yaml(&format!("!{} a", "a".repeat(SIZE)))),
    ("directives-many", || yaml(&"%TAG ! tag:a,2000:\n".repeat(SIZE / 18))),
    ("flow-keys-long-line", || yaml(&format!("{{{}}}", "a, ".repeat(SIZE / 3)))),
    ("flow-unclosed", || yaml(&"[a, ".repeat(400))),
    ("error-at-end-of-long-line", || yaml(&format!("[{}}}", "a, ".repeat(SIZE / 3)))),
    ("json-error-at-end", || format!("{{\"a\":[{}}}", "1,".repeat(SIZE / 2))),
    ("values-many", || with("silence", &format!("[{}0]", "0,".repeat(SIZE / 2)))),
    // Keys.
    ("keys-million", || with_fields(&lines(1_000_000, |n| format!("\"k{n}\":0,")))),
    ("keys-million-yaml", || yaml(&lines(1_000_000, |n| format!("k{n}: 0")))),
    ("keys-million-equal", || with_fields(&"\"k\":0,".repeat(1_000_000))),
    ("keys-million-equal-yaml", || yaml(&"k: 0\n".repeat(1_000_000))),
    ("keys-of-config", || {
        with(
            "pipeline_config",
            &format!(
                "{{\"pipeline\":{{\"segments\":[]}},{}\"z\":0}}",
                lines(SIZE / 12, |n| format!("\"k{n}\":0,"))
            ),
        )
    }),
    ("keys-of-env", || {
        with(
            "pipeline_config",
            &format!(
                "{{\"pipeline\":{{\"segments\":[]}},\"env\":{{{}\"z\":\"\"}}}}",
                lines(SIZE / 12, |n| format!("\"k{n}\":\"\","))
            ),
        )
    }),
    ("keys-with-one-hash", || {
        let keys = colliding();
        with_fields(&lines(SIZE / 72, |n| format!("\"{}\":0,", keys[n])))
    }),
    ("keys-with-one-beginning", || {
        with_fields(&lines(1000, |n| format!("\"{}{n}\":0,", "k".repeat(SIZE / 1000))))
    }),
    ("keys-nearly-right", || {
        with_fields(&lines(SIZE / 75, |n| format!("\"memory_per_procces{n:046}\":0,")))
    }),
    ("key-long", || with_fields(&format!("\"{}\":0,", "k".repeat(SIZE)))),
    ("key-long-above-problems", || {
        yaml(&format!(
            "deployment_template:\n  {}:\n{}",
            "k".repeat(1000),
            lines(SIZE / 32, |n| format!("   - !a{n} b"))
        ))
    }),
    ("key-long-above-unknown-fields", || {
        with(
            "deployment_template",
            &format!(
                "{{\"spec\":{{\"template\":{{\"metadata\":{{\"annotations\":{{\"{}\":{{{}\"z\":0}}}}}}}}}}}}",
                "k".repeat(SIZE / 2),
                lines(SIZE / 24, |n| format!("\"k{n}\":0,"))
            ),
        )
    }),
    ("key-long-above-labels", || {
        with(
            "pipeline_config",
            &format!(
                "{{\"pipeline\":{{\"segments\":[{{\"steps_config\":{{\"{}\":{{{}\"z\":0}}}}}}]}}}}",
                "k".repeat(SIZE / 2),
                lines(SIZE / 24, |n| format!("\"k{n}\":0,"))
            ),
        )
    }),
    ("key-long-above-infinite-numbers", || {
        with(
            "deployment_template",
            &format!("{{\"{}\":[{}0]}}", "k".repeat(SIZE / 2), "1e999,".repeat(SIZE / 12)),
        )
    }),
    ("key-long-above-wrong-types", || {
        with(
            "pipeline_config",
            &format!(
                "{{\"env\":{{}},\"pipeline\":{{\"segments\":[{{\"steps_config\":{{\"{}\":{{\"bootstrap_servers\":[{}0]}}}}}}]}}}}",
                "k".repeat(SIZE / 2),
                "0,".repeat(SIZE / 4)
            ),
        )
    }),
    ("key-long-explained", || {
        with_two(
            "allow_unknown_fields",
            "true",
            "deployment_template",
            &format!("{{\"{}\":[{}0]}}", "k".repeat(SIZE / 2), "0,".repeat(SIZE / 4)),
        )
    }),
    ("keys-long-above-problems", || {
        let key = |n: usize| format!("{{\"{}{n}\":", "k".repeat(1000));
        with(
            "deployment_template",
            &format!(
                "{}[{}0]{}",
                (0..440).map(key).collect::<String>(),
                "1e999,".repeat(SIZE / 12),
                "}".repeat(440)
            ),
        )
    }),
    ("keys-floats", || {
        with(
            "pipeline_config",
            &quoted(&format!(
                "{{pipeline: {{segments: []}}, env: {{}}, x: {{{}}}}}",
                lines(SIZE / 24, |n| format!("1.{n:08}e+308: 0,"))
            )),
        )
    }),
    ("keys-floats-and-integers", || {
        with(
            "pipeline_config",
            &quoted(&format!(
                "{{pipeline: {{segments: []}}, env: {{}}, x: {{{}}}}}",
                lines(SIZE / 180, |n| format!("1.{n:08}e+150: 0, 1{n:0150}: 0,"))
            )),
        )
    }),
    // Numbers.
    ("number-10-to-400", || with("replicas", "1e400")),
    ("number-of-401-digits", || with("replicas", &format!("1{}", "0".repeat(400)))),
    ("number-of-5000-digits", || with("replicas", &"9".repeat(5000))),
    ("number-of-million-digits", || with("replicas", &"9".repeat(SIZE))),
    ("numbers-of-4300-digits", || {
        with(
            "deployment_template",
            &format!("{{\"a\":[{}0]}}", format!("{},", "9".repeat(4300)).repeat(240)),
        )
    }),
    ("numbers-hexadecimal", || {
        yaml(&format!("[{}]", format!("0x{},", "f".repeat(3500)).repeat(300)))
    }),
    ("numbers-binary", || yaml(&format!("[{}]", format!("0b{},", "1".repeat(14_000)).repeat(75)))),
    ("numbers-sexagesimal", || {
        yaml(&format!("[{}]", format!("1{},", ":59".repeat(4000)).repeat(87)))
    }),
    ("numbers-sexagesimal-fraction", || yaml(&format!("1{}.5", ":59".repeat(SIZE / 3)))),
    ("numbers-float-long", || with("replicas", &format!("0.{}1", "0".repeat(SIZE)))),
    ("floats-many", || {
        with(
            "pipeline_config",
            &format!(
                "{{\"pipeline\":{{\"segments\":[]}},\"x\":[{}0]}}",
                "1.7976931348623157e308,".repeat(SIZE / 23)
            ),
        )
    }),
    ("processes-huge", || {
        with(
            "pipeline_config",
            r#"{"pipeline":{"segments":[{"steps_config":{"a":{"parallelism":{"multi_process":{"processes":99999999999999999999}}}}}]}}"#,
        )
    }),
    ("processes-largest", || {
        with(
            "pipeline_config",
            r#"{"pipeline":{"segments":[{"steps_config":{"a":{"parallelism":{"multi_process":{"processes":4294967295}}}}}]}}"#,
        )
    }),
    ("replicas-huge", || with("replicas", "4294967296")),
    ("segment-huge", || with("segment_id", &"9".repeat(4000))),
    // Characters.
    ("surrogate-half", || with("service_name", r#""\ud83d""#)),
    ("surrogates-reversed", || with("service_name", r#""\ude00\ud83d""#)),
    ("surrogates-many", || {
        with("pipeline_module", &format!("\"{}\"", r"\ud83d\ude00".repeat(SIZE / 12)))
    }),
    ("surrogate-at-end", || {
        with("pipeline_module", &format!("\"{}\\ud83d\"", r"\\ud83d".repeat(SIZE / 7)))
    }),
    ("nul-in-json", || with("service_name", "\"a\0\"")),
    ("nul-escaped", || with("service_name", "\"a\\u0000\"")),
    ("nul-in-value", || {
        with("container_template", r#"{"env":[{"name":"A\u0000","value":"\u0000"}]}"#)
    }),
    ("nul-in-yaml", || yaml("a: \0")),
    ("escape-in-yaml", || yaml("a: \u{1b}[31m")),
    ("control-characters", || {
        with("pipeline_module", &format!("\"{}\"", "\\u001b".repeat(SIZE / 6)))
    }),
    ("next-lines", || yaml(&format!("a: \"{}\"", "\u{85}".repeat(SIZE / 2)))),
    // Problems.
    ("problems-100000", || {
        with("container_template", &format!("{{\"env\":[{}0]}}", "0,".repeat(SIZE / 2)))
    }),
    ("problems-in-patch", || {
        with(
            "emergency_patch",
            &format!(
                "{{\"spec\":{{\"template\":{{\"spec\":{{\"containers\":[{}0]}}}}}}}}",
                "{\"$patch\":0},".repeat(SIZE / 13)
            ),
        )
    }),
    ("problems-in-layers", || {
        with(
            "deployment_template",
            &format!(
                "{{\"spec\":{{\"template\":{{\"spec\":{{\"volumes\":[{}0]}}}}}}}}",
                "{\"name\":0},".repeat(SIZE / 11)
            ),
        )
    }),
    ("problems-in-config", || {
        with(
            "pipeline_config",
            &format!("{{\"pipeline\":{{\"segments\":[{}0]}}}}", "0,".repeat(SIZE / 2)),
        )
    }),
    ("problems-in-schema", || {
        with(
            "pipeline_config_schema",
            &format!("{{{}\"x\":0}}", lines(SIZE / 12, |n| format!("\"k{n}\":0,"))),
        )
    }),
    ("problems-dates", || {
        with(
            "pipeline_config",
            &quoted(&format!(
                "pipeline: {{segments: []}}\nx: [{}]",
                "2024-01-01,".repeat(SIZE / 11)
            )),
        )
    }),
    // Sizes against each other.
    ("schema-names-by-keys", || {
        with_config_and_schema(
            &format!("{{{}\"z\":0}}", lines(SIZE / 24, |n| format!("\"k{n}\":0,"))),
            &format!(
                "{{\"properties\":{{{}\"z\":{{}}}},\"additionalProperties\":false}}",
                lines(SIZE / 24, |n| format!("\"p{n}\":{{}},"))
            ),
        )
    }),
    ("schema-required-by-keys", || {
        with_config_and_schema(
            &format!("{{{}\"z\":0}}", lines(SIZE / 24, |n| format!("\"k{n}\":0,"))),
            &format!("{{\"required\":[{}\"z\"]}}", lines(SIZE / 24, |n| format!("\"p{n}\","))),
        )
    }),
    ("schema-enum-by-items", || {
        with_config_and_schema(
            &format!("{{\"pipeline\":[{}0]}}", "1,".repeat(SIZE / 4)),
            &format!(
                "{{\"properties\":{{\"pipeline\":{{\"items\":{{\"enum\":[{}0]}}}}}}}}",
                lines(SIZE / 16, |n| format!("{},", n + 10))
            ),
        )
    }),
    ("schema-enum-of-floats", || {
        with_config_and_schema(
            &format!("{{\"pipeline\":[{}0]}}", "1.5e300,".repeat(SIZE / 16)),
            &format!(
                "{{\"properties\":{{\"pipeline\":{{\"items\":{{\"enum\":[{}0]}}}}}}}}",
                lines(SIZE / 24, |n| format!("1.{n:06}e300,"))
            ),
        )
    }),
    ("schema-description-long", || {
        with_config_and_schema(
            &format!("{{\"pipeline\":[{}0]}}", "\"\",".repeat(SIZE / 6)),
            &format!(
                "{{\"properties\":{{\"pipeline\":{{\"items\":{{\"type\":\"integer\",\"description\":\"{}\"}}}}}}}}",
                "d".repeat(SIZE / 2)
            ),
        )
    }),
    ("schema-alternatives-many", || {
        with_config_and_schema(
            &format!("{{\"{}\":0}}", "k".repeat(SIZE / 2)),
            &format!(
                "{{\"additionalProperties\":{{\"anyOf\":[{}false]}}}}",
                "false,".repeat(SIZE / 12)
            ),
        )
    }),
    ("schema-lengths-many", || {
        with_config_and_schema(
            &format!("{{\"pipeline\":\"{}\"}}", "x".repeat(SIZE / 2)),
            &format!(
                "{{\"properties\":{{\"pipeline\":{{\"allOf\":[{}true]}}}}}}",
                "{\"minLength\":1},".repeat(SIZE / 32)
            ),
        )
    }),
    ("schema-discriminators-many", || {
        let alternative = format!(
            "{{\"properties\":{{{}\"z\":{{}}}}}},",
            lines(1000, |n| format!("\"p{n}\":{{}},"))
        );
        with_config_and_schema(
            "{}",
            &format!(
                "{{\"anyOf\":[{}false]}}",
                alternative
                    .replace("\"z\":{}", "\"z\":{}},\"required\":[\"q\"],\"x\":{")
                    .replace(",\"x\":{}", "")
                    .repeat(60)
            ),
        )
    }),
    ("schema-references-many", || {
        with_config_and_schema(
            "{}",
            &format!("{{\"allOf\":[{}true]}}", r##"{"$ref":"#/allOf/0/x"},"##.repeat(SIZE / 23)),
        )
    }),
    ("env-many", || {
        with(
            "container_template",
            &format!(
                "{{\"env\":[{}]}}",
                lines(SIZE / 24, |n| format!("{{\"name\":\"E{n}\"}},"))
                    .trim_end_matches([',', '\n'])
            ),
        )
    }),
    ("env-equal", || {
        with(
            "container_template",
            &format!("{{\"env\":[{}{{\"name\":\"E\"}}]}}", "{\"name\":\"E\"},".repeat(SIZE / 13)),
        )
    }),
    ("mounts-by-volumes", || {
        with(
            "deployment_template",
            &format!(
                "{{\"spec\":{{\"template\":{{\"spec\":{{\"volumes\":[{}],\"containers\":[{{\"name\":\"x\",\"image\":\"a:1\",\"volumeMounts\":[{}]}}]}}}}}}}}",
                lines(8000, |n| format!("{{\"name\":\"v{n}\",\"emptyDir\":{{}}}},"))
                    .trim_end_matches([',', '\n']),
                lines(8000, |n| format!("{{\"name\":\"v{n}\",\"mountPath\":\"/m{n}\"}},"))
                    .trim_end_matches([',', '\n']),
            ),
        )
    }),
    ("containers-many", || {
        with(
            "deployment_template",
            &format!(
                "{{\"spec\":{{\"template\":{{\"spec\":{{\"containers\":[{}]}}}}}}}}",
                lines(SIZE / 40, |n| format!("{{\"name\":\"c{n}\",\"image\":\"a:1\"}},"))
                    .trim_end_matches([',', '\n']),
            ),
        )
    }),
    ("labels-many", || {
        with(
            "deployment_template",
            &format!(
                "{{\"spec\":{{\"template\":{{\"metadata\":{{\"labels\":{{{}\"z\":\"\"}}}}}}}}}}",
                lines(SIZE / 16, |n| format!("\"l{n}\":\"\",")),
            ),
        )
    }),
    ("ports-many", || {
        with(
            "container_template",
            &format!(
                "{{\"ports\":[{}]}}",
                lines(SIZE / 28, |n| format!("{{\"containerPort\":{}}},", n + 1))
                    .trim_end_matches([',', '\n'])
            ),
        )
    }),
    ("tolerations-many", || {
        with(
            "deployment_template",
            &format!(
                "{{\"spec\":{{\"template\":{{\"spec\":{{\"tolerations\":[{}]}}}}}}}}",
                lines(SIZE / 40, |n| format!("{{\"key\":\"c{n}\",\"operator\":\"Exists\"}},"))
                    .trim_end_matches([',', '\n']),
            ),
        )
    }),
    ("volumes-many", || {
        with(
            "deployment_template",
            &format!(
                "{{\"spec\":{{\"template\":{{\"spec\":{{\"volumes\":[{}]}}}}}}}}",
                lines(SIZE / 40, |n| format!("{{\"name\":\"c{n}\",\"emptyDir\":{{}}}},"))
                    .trim_end_matches([',', '\n']),
            ),
        )
    }),
    ("patch-by-containers", || {
        with_two(
            "deployment_template",
            &format!(
                "{{\"spec\":{{\"template\":{{\"spec\":{{\"volumes\":[{}]}}}}}}}}",
                lines(SIZE / 80, |n| format!("{{\"name\":\"c{n}\",\"emptyDir\":{{}}}},"))
                    .trim_end_matches([',', '\n']),
            ),
            "emergency_patch",
            &format!(
                "{{\"spec\":{{\"template\":{{\"spec\":{{\"volumes\":[{}]}}}}}}}}",
                lines(SIZE / 80, |n| format!("{{\"name\":\"c{n}\",\"$patch\":\"delete\"}},"))
                    .trim_end_matches([',', '\n']),
            ),
        )
    }),
    ("mounts-of-unknown-volumes", || volumes_that_are_not_there("volumeMounts", "mountPath")),
    ("devices-of-unknown-volumes", || volumes_that_are_not_there("volumeDevices", "devicePath")),
    ("patch-of-one-container", || {
        with_two(
            "container_template",
            &format!("{{\"env\":[{}]}}", list(4000, |n| format!("{{\"name\":\"E{n}\"}}"))),
            "emergency_patch",
            &pod(&format!(
                "\"containers\":[{}]",
                list(4000, |_| "{\"name\":\"pipeline-consumer\",\"env\":[{\"name\":\"A\"}]}"
                    .to_owned())
            )),
        )
    }),
    ("patch-of-new-containers", || {
        let containers = |kind: char| {
            let container =
                |n| format!("{{\"name\":\"{}{kind}{n:04}\",\"image\":\"a:1\"}}", "c".repeat(50));
            pod(&format!("\"containers\":[{}]", list(4000, container)))
        };
        with_two("deployment_template", &containers('a'), "emergency_patch", &containers('b'))
    }),
    ("pod-limits-by-containers", || {
        let limits = list(8000, |n| format!("\"hugepages-{}Ki\":0", n + 1));
        let container = |n| {
            format!(
                "{{\"name\":\"c{n}\",\"image\":\"a:1\",\"resources\":{{\"limits\":{{\"memory\":1,\"hugepages-{n}Ki\":0}}}}}}"
            )
        };
        with(
            "deployment_template",
            &pod(&format!(
                "\"resources\":{{\"limits\":{{\"memory\":\"1Ti\",{limits}}}}},\"containers\":[{}]",
                list(8000, container)
            )),
        )
    }),
    ("claims-by-containers", || {
        let container = |n| {
            format!(
                "{{\"name\":\"c{n}\",\"image\":\"a:1\",\"resources\":{{\"claims\":[{{\"name\":\"r{n}\"}}]}}}}"
            )
        };
        with(
            "deployment_template",
            &pod(&format!(
                "\"resourceClaims\":[{}],\"containers\":[{}]",
                list(8000, |n| format!("{{\"name\":\"r{n}\",\"resourceClaimName\":\"a\"}}")),
                list(8000, container)
            )),
        )
    }),
    ("schema-names-by-unknown-keys", || {
        let name = |kind: char, n: usize| format!("\"{}{kind}{n:04}\"", "k".repeat(50));
        with_config_and_schema(
            &format!("{{{}}}", list(1000, |n| name('a', n) + ":0")),
            &format!(
                "{{\"required\":[{}],\"properties\":{{{}}},\"additionalProperties\":false}}",
                list(1000, |n| name('b', n)),
                list(1000, |n| name('b', n) + ":{}")
            ),
        )
    }),
    ("keys-nearly-of-config", || {
        with(
            "pipeline_config",
            &format!("{{{}}}", list(SIZE / 40, |n| format!("\"sentry_sdk_confi{n}\":0"))),
        )
    }),
    ("quotes-before-an-unclosed-one", || {
        yaml(&format!("deployment_template: [{}, 'a\n b: 'c'", "'a',\"b\\\"\", ".repeat(SIZE / 16)))
    }),
    ("segments-many", || {
        with(
            "pipeline_config",
            &format!(
                "{{\"pipeline\":{{\"segments\":[{}{{\"steps_config\":{{}}}}]}}}}",
                "{\"steps_config\":{}},".repeat(SIZE / 20)
            ),
        )
    }),
    ("silence-many", || {
        with("silence", &format!("[{}\"x\"]", lines(SIZE / 12, |n| format!("\"c{n}\","))))
    }),
    ("warnings-by-silence", || {
        with_two(
            "silence",
            &format!("[{}\"x\"]", lines(SIZE / 24, |n| format!("\"c{n}\","))),
            "container_template",
            &format!("{{\"env\":[{}{{\"name\":\"E\"}}]}}", "{\"name\":\"E\"},".repeat(SIZE / 26)),
        )
    }),
];

/// Lines made of their numbers.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "{}", line(n));
        text
    })
}

/// Entries or items, with commas between them.
fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",\n")
}

/// A Deployment with some fields of its pod.
fn pod(fields: &str) -> String {
    format!("{{\"spec\":{{\"template\":{{\"spec\":{{{fields}}}}}}}}}")
}

/// A thousand volumes, and a thousand mounts of others with names that are nearly theirs.
fn volumes_that_are_not_there(field: &str, path: &str) -> String {
    let name = |kind: char, n: usize| format!("\"name\":\"{}{kind}{n:04}\"", "v".repeat(55));
    let volumes = list(1000, |n| format!("{{{},\"emptyDir\":{{}}}}", name('a', n)));
    let mounts = list(1000, |n| format!("{{{},\"{path}\":\"/m{n}\"}}", name('b', n)));
    with(
        "deployment_template",
        &pod(&format!(
            "\"volumes\":[{volumes}],\"containers\":[{{\"name\":\"x\",\"image\":\"a:1\",\"{field}\":[{mounts}]}}]"
        )),
    )
}

fn wrapped(open: &str, depth: usize, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

fn nested(depth: usize) -> String {
    wrapped("{\"a\":[", depth / 2, "0", "]}")
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A context that is right but for a field.
fn with(field: &str, json: &str) -> String {
    with_fields(&format!("\"{field}\":{json},"))
}

fn with_two(field: &str, json: &str, other: &str, other_json: &str) -> String {
    with_fields(&format!("\"{field}\":{json},\"{other}\":{other_json},"))
}

fn with_config_and_schema(config: &str, schema: &str) -> String {
    with_two("pipeline_config", config, "pipeline_config_schema", schema)
}

/// The same with fields that stand first; of two with one name the second counts, so those are left out.
fn with_fields(fields: &str) -> String {
    let mut context = format!("{{{fields}");
    for (field, json) in [
        ("service_name", "\"a\""),
        ("pipeline_name", "\"b\""),
        ("pipeline_module", "\"c.py\""),
        ("image_name", "\"a:1\""),
        ("cpu_per_process", "1000"),
        ("memory_per_process", "512"),
        ("segment_id", "0"),
        ("deployment_template", "{}"),
        ("container_template", "{}"),
        ("pipeline_config", "{\"pipeline\":{\"segments\":[]}}"),
    ] {
        if !fields.contains(&format!("\"{field}\":")) {
            let _ = write!(context, "\"{field}\":{json},");
        }
    }
    context.truncate(context.len() - 1);
    context + "}"
}

/// A text as the YAML of a template.
fn yaml(text: &str) -> String {
    with("deployment_template", &quoted(text))
}

/// A few lines that mean nine to this power of values.
fn bomb(levels: usize) -> String {
    let level =
        |n: usize| format!("a{n}: &a{n} [{}]", format!("*a{},", n.saturating_sub(1)).repeat(9));
    format!("a0: &a0 x\n{}", (1..=levels).map(|n| level(n) + "\n").collect::<String>())
}

/// A schema whose alternatives double at every level.
fn doubling(levels: usize) -> String {
    let level = |n: usize| {
        format!(
            r##""d{n}":{{"anyOf":[{{"$ref":"#/definitions/d{m}"}},{{"$ref":"#/definitions/d{m}"}}]}},"##,
            m = n + 1
        )
    };
    let definitions: String = (0..levels).map(level).collect();
    format!(
        r##"{{"$ref":"#/definitions/d0","definitions":{{{definitions}"d{levels}":{{"type":"string"}}}}}}"##
    )
}

/// Values of which each holds an alias of the one before: nothing in the text is nested, and what it means is.
fn alias_chain(first: &str, next: impl Fn(String) -> String) -> String {
    let level = |n: usize| format!("x{n}: &x{n} {}\n", next(format!("*x{}", n.saturating_sub(1))));
    std::iter::once(format!("x0: &x0 {first}\n")).chain((1..400).map(level)).collect()
}

/// 65,536 texts with one hash, by the arithmetic of `src/index.rs`: in each of four places one of sixteen pieces may
/// stand, all of which lead to the same number.
fn colliding() -> Vec<String> {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let turned = |hash: u64, number: u64| {
        (hash.rotate_left(29) ^ number).wrapping_mul(FACTOR).rotate_left(29)
    };
    let (mut texts, mut hash) = (vec![String::new()], 0);
    for aim in 1..=4_u64 {
        let aim = aim.wrapping_mul(FACTOR);
        // The second half of a piece is what makes up for the first.
        let piece = |n: u64| {
            let first = format!("{n:08}");
            let number = u64::from_le_bytes(first.as_bytes().try_into().unwrap());
            let second =
                String::from_utf8((turned(hash, number) ^ aim).to_le_bytes().to_vec()).ok()?;
            second
                .bytes()
                .all(|byte| matches!(byte, b'#'..=b'[' | b']'..=b'~'))
                .then(|| first + &second)
        };
        let pieces: Vec<_> = (0..).filter_map(piece).take(16).collect();
        texts = texts
            .iter()
            .flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}")))
            .collect();
        hash = aim.wrapping_mul(FACTOR);
    }
    texts
}

/// A row of the table: the input, the first problem's code, instructions and bytes of memory for a byte of the input.
#[derive(Clone)]
struct Row {
    name: String,
    /// Of rendering, then of explaining where that is another.
    code: String,
    fuel: u64,
    memory: usize,
}

fn rows() -> Vec<Row> {
    let document = include_str!("../../docs/internals/security.md");
    let rows = document.lines().filter(|line| line.starts_with("| `")).filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, name, code, fuel, memory, _] = cells.as_slice() else { return None };
        Some(Row {
            name: (*name).to_owned(),
            code: (*code).to_owned(),
            fuel: fuel.parse().ok()?,
            memory: memory.parse().ok()?,
        })
    });
    rows.collect()
}

fn check(component: &Macro, row: &Row, input: fn() -> String) -> Result<(), Failed> {
    let context = input();
    for function in ["render", "explain"] {
        let used =
            component.call(function, &context).map_err(|error| format!("{function}: {error:?}"))?;
        let code = match &used.answer {
            Ok(_) => "none".to_owned(),
            Err(failure) => {
                let failure: serde_json::Value = serde_json::from_str(failure)?;
                failure["problems"][0]["code"].as_str().unwrap_or_default().to_owned()
            }
        };
        let length = context.len();
        let answer = used.answer.unwrap_or_else(|failure| failure).len();
        if std::env::var_os("BOUNDS").is_some() {
            println!(
                "{}\t{function}\t{length}\t{code}\t{}\t{}\t{}\t{answer}",
                row.name,
                used.fuel,
                used.fuel / length as u64,
                used.memory
            );
            continue;
        }
        let mut codes = row.code.split("`, `");
        let rendering = codes.next();
        assert_eq!(
            Some(&*code),
            if function == "render" { rendering } else { codes.next().or(rendering) },
            "{function}"
        );
        let (fuel, memory) = (FUEL + row.fuel * length as u64, MEMORY + row.memory * length);
        assert!(
            used.fuel <= fuel,
            "{function} takes {} instructions for {length} bytes, and {fuel} are allowed",
            used.fuel
        );
        assert!(
            used.memory <= memory,
            "{function} takes {} bytes for {length}, and {memory} are allowed",
            used.memory
        );
    }
    Ok(())
}

fn main() {
    let arguments = Arguments::from_args();
    let component = Arc::new(Macro::load());
    let rows = if std::env::var_os("BOUNDS").is_some() {
        INPUTS
            .iter()
            .map(|(name, _)| Row {
                name: (*name).to_owned(),
                code: String::new(),
                fuel: 0,
                memory: 0,
            })
            .collect()
    } else {
        rows()
    };
    let trials = INPUTS.iter().map(|(name, input)| {
        let row = rows.iter().find(|row| row.name == *name);
        let row = row.unwrap_or_else(|| panic!("docs/internals/security.md has no row for {name}"));
        let row = row.clone();
        let component = Arc::clone(&component);
        Trial::test(*name, move || check(&component, &row, *input))
    });
    assert_eq!(rows.len(), INPUTS.len(), "docs/internals/security.md has rows without an input");
    libtest_mimic::run(&arguments, trials.collect()).exit();
}
