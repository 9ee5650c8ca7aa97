//! Reads the recorded documents as `PyYAML` does, or refuses them: never to another value.
//!
//! `tests/yaml/record.py` records `PyYAML`'s answers, `tests/yaml/differential.py` finds new documents.

#[path = "yaml/canonical.rs"]
mod canonical;

use sentry_streams_k8s::read;
use sentry_streams_k8s::value::Source;
use serde_json::Value as Json;
use std::collections::BTreeMap;

const RECORDED: &str = include_str!("yaml/recorded.jsonl");

/// Documents `PyYAML` reads and the macro refuses, by a part of the problem: `docs/yaml.md` says why.
const REFUSED: &[&str] = &[
    "is a line break in YAML 1.1",
    "the character U+FEFF may not stand in YAML",
    "a tag has no meaning here",
    "does not fit what follows it",
    "takes `?` and `:` in brackets",
    "has characters that YAML 1.1 does not allow",
    "an alias names an anchor that does not stand before it",
    "a tab stands where",
    "simple key expected ':'",
    "':' may not precede any of `[{` in flow mapping",
    "comments must be separated from other tokens",
    "the tag !!timestamp says a date",
    "plain scalar cannot start with '-' followed by",
    "an alias stands inside the value it names",
];

#[test]
fn recorded_documents_read_as_pyyaml_reads_them() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for line in RECORDED.lines() {
        let recorded: Json = serde_json::from_str(line).unwrap();
        let (text, theirs) = (recorded["text"].as_str().unwrap(), &recorded["pyyaml"]);
        let ours = canonical::answer(read::read_yaml(text, Source::Context));
        let sort = match (theirs.is_object(), ours.is_object()) {
            (true, true) => "both refuse",
            (true, false) if theirs["unsupported"] == true => "what JSON cannot say",
            (true, false) => "only the macro reads",
            (false, true) => {
                let problem = ours["error"][0].as_str().unwrap();
                if !REFUSED.iter().any(|part| problem.contains(part)) {
                    failures.push(format!("refused: {text:?}: {problem}"));
                }
                "only PyYAML reads"
            }
            (false, false) if *theirs == ours => "same",
            (false, false) => "different",
        };
        *counts.entry(sort).or_default() += 1;
        if matches!(sort, "different" | "what JSON cannot say") {
            failures.push(format!("{sort}: {text:?}\n  PyYAML {theirs}\n  macro  {ours}"));
        }
    }
    println!("{counts:?}");
    assert!(failures.is_empty(), "{counts:?}\n{}", failures.join("\n"));
    assert!(counts["same"] > 400 && counts["both refuse"] > 200, "{counts:?}");
}
