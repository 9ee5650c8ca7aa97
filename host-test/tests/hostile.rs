//! Contexts that nobody would write, through the real component: aliases, merge keys, schemas, patches, nulls, depth,
//! long keys, broken text. Each gets an answer within the bounds of `docs/internals/security.md`.
//!
//! `HOSTILE` is how many are tried (300), `SEED` chooses which.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "tests")]

mod measured;

use measured::{FUEL, MEMORY, Macro};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Instructions and bytes of memory for a byte of the input: the most that a row of the table allows.
const FUEL_OF_BYTE: u64 = 13_070;
const MEMORY_OF_BYTE: usize = 300;

#[test]
fn every_context_gets_an_answer_within_bounds() {
    let count = std::env::var("HOSTILE").map_or(300, |text| text.parse().unwrap());
    let seed = std::env::var("SEED").map_or(1, |text| text.parse().unwrap());
    let component = Macro::load();
    let mut random = Random(seed);
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    let (mut fuel_of_byte, mut memory_of_byte) = (0, 0);

    for number in 0..count {
        let context = context(&mut random);
        let call = |function| {
            let used = component.call(function, &context);
            let used = used.unwrap_or_else(|error| panic!("{number}: {error:?}\n{context}"));
            let length = context.len();
            assert!(
                used.fuel <= FUEL + FUEL_OF_BYTE * length as u64
                    && used.memory <= MEMORY + MEMORY_OF_BYTE * length,
                "{number}: {} instructions, {} bytes of memory\n{context}",
                used.fuel,
                used.memory
            );
            fuel_of_byte = fuel_of_byte.max(used.fuel.saturating_sub(FUEL) / length as u64);
            memory_of_byte = memory_of_byte.max(used.memory.saturating_sub(MEMORY) / length);
            used.answer
        };
        let mut call = call;

        let rendered = call("render");
        let validated = call("validate");
        assert_eq!(rendered.as_ref().err(), validated.as_ref().err(), "{number}: {context}");
        let code = match &rendered {
            Ok(_) => "none".to_owned(),
            Err(failure) => first_code(failure).unwrap_or_else(|| panic!("{number}: {context}")),
        };
        *codes.entry(code).or_default() += 1;
    }

    println!(
        "{count} contexts, at most {fuel_of_byte} instructions and {memory_of_byte} bytes for each byte:"
    );
    for (code, count) in codes {
        println!("{count:>8}  {code}");
    }
}

/// The first problem's code, where the problems are what hosts rely on: some, each of one bounded line of plain text.
fn first_code(failure: &str) -> Option<String> {
    let failure: Value = serde_json::from_str(failure).ok()?;
    let problems = failure["problems"].as_array()?;
    let is_plain = |text: &str| text.chars().count() <= 1001 && !text.chars().any(char::is_control);

    let all_plain = problems
        .iter()
        .flat_map(|problem| ["message", "help"].map(|field| problem[field].as_str()))
        .flatten()
        .all(is_plain);
    Some(problems.first().filter(|_| all_plain)?["code"].as_str()?.to_owned())
}

/// A context: some of its fields are hostile, as YAML text.
fn context(random: &mut Random) -> String {
    let mut context = json!({
        "service_name": "a", "pipeline_name": "b", "pipeline_module": "c.py", "image_name": "a:1", "cpu_per_process": 1000,
        "memory_per_process": 512, "segment_id": 0, "deployment_template": {}, "container_template": {},
        "pipeline_config": {"pipeline": {"segments": [{"steps_config": {}}]}},
        "with_canary": random.one_in(4), "replicas": random.below(3), "allow_unknown_fields": random.one_in(2),
    });

    for _ in 0..=random.below(2) {
        let (field, prefix) = *random.one_of(&[
            ("deployment_template", "spec: {template: {spec: "),
            ("deployment_template", ""),
            ("container_template", ""),
            ("emergency_patch", "spec: {template: {spec: "),
            ("emergency_patch", ""),
            ("pipeline_config", "pipeline: {segments: [], x: "),
            ("pipeline_config_schema", "properties: {pipeline: "),
        ]);
        let mut text = Text {
            anchors: 0,
            whole: Vec::new(),
            schema: field == "pipeline_config_schema",
            written: prefix.to_owned(),
        };
        let size = 1 + random.below(60);
        text.node(size, if random.one_in(20) { 460 } else { 8 }, random);
        text.written.push_str(match prefix {
            "" => "",
            "spec: {template: {spec: " => "}}",
            _ => "}",
        });
        if random.one_in(10) {
            text.damage(random);
        }
        context[field] = Value::String(text.written);
    }

    let mut text = context.to_string();
    if random.one_in(50) {
        let mut broken = Text { anchors: 0, whole: Vec::new(), schema: false, written: text };
        broken.damage(random);
        text = broken.written;
    }
    text
}

const KEYS: &[&str] = &[
    "spec",
    "template",
    "metadata",
    "labels",
    "annotations",
    "containers",
    "initContainers",
    "volumes",
    "volumeMounts",
    "env",
    "name",
    "value",
    "image",
    "resources",
    "limits",
    "requests",
    "cpu",
    "memory",
    "ports",
    "containerPort",
    "mountPath",
    "emptyDir",
    "secret",
    "password",
    "tolerations",
    "affinity",
    "topologySpreadConstraints",
    "$patch",
    "$retainKeys",
    "$setElementOrder/containers",
    "\"<<\"",
    "1",
    "1.0",
    "~",
    "true",
    "? a",
    "\"\\u0007\"",
    "segments",
    "parallelism",
    "kind",
    "finalizers",
];

const KEYWORDS: &[&str] = &[
    "type",
    "properties",
    "items",
    "required",
    "enum",
    "const",
    "anyOf",
    "oneOf",
    "allOf",
    "$ref",
    "definitions",
    "additionalProperties",
    "minimum",
    "maxLength",
    "minItems",
    "description",
    "pattern",
    "not",
];

const SCALARS: &[&str] = &[
    "null",
    "~",
    "",
    "true",
    "1",
    "-1",
    "1.5",
    "1e999",
    ".nan",
    "500m",
    "1Gi",
    "a",
    "b",
    "pipeline-consumer",
    "delete",
    "replace",
    "merge",
    "2024-01-01",
    "22:22",
    "0o17",
    "'it''s'",
    "\"\\u2028\"",
    "\"#/properties/pipeline\"",
    "\"#\"",
    "object",
    "array",
    "string",
    "9223372036854775808",
    "{}",
    "[]",
];

/// Each ends what can be found in a context: one in hundreds of scalars is enough.
const ENDS: &[&str] = &["\u{85}", "'", "!!binary YQ==", "!!set {a}", "!x a", "*unknown "];

/// YAML text in flow style, as it grows.
struct Text {
    anchors: usize,
    /// The anchors of values that are whole: to name another is a cycle.
    whole: Vec<usize>,
    schema: bool,
    written: String,
}

impl Text {
    fn node(&mut self, size: usize, depth: usize, random: &mut Random) {
        if self.anchors > 0 && random.one_in(6) {
            self.alias(random);
            return;
        }
        let anchor = random.one_in(8).then_some(self.anchors);
        if let Some(anchor) = anchor {
            let _ = write!(self.written, "&a{anchor} ");
            self.anchors += 1;
        }
        match random.below(10) {
            _ if size < 2 || depth == 0 => self.scalar(random),
            0 | 1 => self.scalar(random),
            2..=4 => self.list(size, depth, random),
            _ => self.mapping(size, depth, random),
        }
        self.whole.extend(anchor);
    }

    fn alias(&mut self, random: &mut Random) {
        let is_safe = !self.whole.is_empty() && !random.one_in(50);
        let anchor = if is_safe { *random.one_of(&self.whole) } else { random.below(self.anchors) };
        let _ = write!(self.written, "*a{anchor} ");
    }

    fn list(&mut self, size: usize, depth: usize, random: &mut Random) {
        let count = if depth > 100 { 1 } else { 1 + random.below(4) };
        self.written.push('[');
        for _ in 0..count {
            self.node(if depth > 100 { size } else { size / count }, depth - 1, random);
            self.written.push_str(", ");
        }
        self.written.push(']');
    }

    fn mapping(&mut self, size: usize, depth: usize, random: &mut Random) {
        let count = if depth > 100 { 1 } else { 1 + random.below(5) };
        self.written.push('{');
        for _ in 0..count {
            let keys = if self.schema && random.below(4) > 0 { KEYWORDS } else { KEYS };
            match random.below(40) {
                2 | 3 if self.anchors > 0 => {
                    self.written.push_str("<<: ");
                    self.alias(random);
                    self.written.push_str(", ");
                    continue;
                }
                0 => self.written.push_str(&"k".repeat(random.below(3000))),
                1 if self.anchors > 0 => self.written.push_str("*a0 "),
                _ => self.written.push_str(random.one_of::<&str>(keys)),
            }
            self.written.push_str(": ");
            self.node(if depth > 100 { size } else { size / count }, depth - 1, random);
            self.written.push_str(", ");
        }
        self.written.push('}');
    }

    fn scalar(&mut self, random: &mut Random) {
        match random.below(60) {
            0 => self.written.push_str(&"v".repeat(random.below(5000))),
            1 => self.written.push_str(&"9".repeat(random.below(6000))),
            2 => self.written.push_str(&"a ".repeat(random.below(500))),
            3 if random.one_in(4) => self.written.push_str(random.one_of::<&str>(ENDS)),
            _ => self.written.push_str(random.one_of::<&str>(SCALARS)),
        }
    }

    /// Removes, repeats or adds something somewhere.
    fn damage(&mut self, random: &mut Random) {
        let mut characters: Vec<char> = self.written.chars().collect();
        for _ in 0..=random.below(3) {
            let at = random.below(characters.len() + 1);
            let (from, to) = (at, (at + random.below(12)).min(characters.len()));
            match random.below(3) {
                0 => drop(characters.drain(from..to)),
                1 => {
                    let piece = characters[from..to].to_vec();
                    characters.splice(from..from, piece);
                }
                _ => {
                    let other = random.one_of(&[
                        '"', '\'', '\n', '\t', '{', ']', ':', '#', '\u{feff}', '\0', '&', '*',
                        '\u{2028}',
                    ]);
                    characters.insert(from, *other);
                }
            }
        }
        self.written = characters.into_iter().collect();
    }
}

/// Numbers that only look random: the same in every run (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }

    fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) == 0
    }

    fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
