use super::{Bound, Rule, Schema};
use crate::problem::{Code, Problem};
use crate::read;
use crate::value::{Node, Path, Source};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use std::{env, fs};

/// Our schema as people read it.
const PIPELINE_CONFIG: &str = include_str!("pipeline_config.schema.json");

fn read(text: &str) -> Node<'_> {
    read::read(text, Source::PipelineConfig).unwrap().root
}

/// The violations of a configuration, or what is wrong with the schema.
fn check(config: &Node<'_>, schema: &Node<'_>) -> Vec<Problem> {
    match Schema::compile(schema, &Path::field("schema")) {
        Ok(schema) => schema.violations(config, &Path::field("pipeline_config")).into_list(),
        Err(problems) => problems.into_list(),
    }
}

fn problems(config: &str, schema: &str) -> Vec<Problem> {
    check(&read(config), &read(schema))
}

fn told(problems: &[Problem]) -> Vec<String> {
    problems
        .iter()
        .map(|p| format!("{}: {} ({})", p.path, p.message, p.help.as_deref().unwrap_or("-")))
        .collect()
}

/// The verdicts, and the first place, are those recorded of the reference.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of configurations")]
fn violations_say_where_what_and_how_to_fix() {
    let cases: &[(&str, &[&str])] = &[
        ("{}", &[]),
        (r#"{"env": {}, "pipeline": {"segments": []}, "metrics": {"type": "dummy"}}"#, &[]),
        (r#"{"foo": 1, "pipeline": {"segments": [{"bar": 2}], "baz": 3}}"#, &[]),
        (r#"{"metrics": {"type": "datadog", "host": "h", "port": 8125.0}}"#, &[]),
        (
            r#"{"pipeline": {"segments": [{"steps_config": {"s": {"dlq": {}}}}]}}"#,
            &[
                "pipeline_config.pipeline.segments[0].steps_config.s.dlq: missing key `bootstrap_servers` \
               (add `bootstrap_servers`: list of Kafka brokers, each as host:port)",
            ],
        ),
        (
            r#"{"pipeline": {"segments": [{"steps_config": {"s": {"dlq": {"bootstrap_servers": [], "topic": ""}}}}]}}"#,
            &[
                "pipeline_config.pipeline.segments[0].steps_config.s.dlq.bootstrap_servers: \
                 expected a list of at least 1 item, got 0 (list of Kafka brokers, each as host:port)",
                "pipeline_config.pipeline.segments[0].steps_config.s.dlq.topic: \
                 expected a string of at least 1 character, got the string \"\" (the Kafka topic of the dead letter queue)",
            ],
        ),
        (
            r#"{"env": null, "pipeline": {"segments": []}}"#,
            &[
                "pipeline_config.env: expected a mapping, got null (write {} for none, or remove the key)",
            ],
        ),
        (
            r#"{"pipeline": {"segments": [], "adapter_config": {"arroyo": {"write_healthcheck": "yes"}}}}"#,
            &["pipeline_config.pipeline.adapter_config.arroyo.write_healthcheck: \
               expected a boolean, got the string \"yes\" (write true, without quotes)"],
        ),
        (
            r#"{"metrics": {"type": "datadog"}}"#,
            &[
                "pipeline_config.metrics: missing key `host` (add `host`: the host of the Datadog agent)",
                "pipeline_config.metrics: missing key `port` (add `port`: the port of the Datadog agent)",
            ],
        ),
        (
            r#"{"metrics": {"type": "log", "period_sec": 0.05, "tags": {}}}"#,
            &[
                "pipeline_config.metrics.period_sec: expected at least 0.1, got the number 0.05 (seconds between two entries)",
            ],
        ),
        (
            r#"{"metrics": {"type": "datadog", "host": "h", "port": true}}"#,
            &[
                "pipeline_config.metrics.port: expected an integer, got the boolean true (the port of the Datadog agent)",
            ],
        ),
        (
            r#"{"metrics": {"type": "datadog", "host": "h", "port": "8125"}}"#,
            &[
                "pipeline_config.metrics.port: expected an integer, got the string \"8125\" (remove the quotes: 8125)",
            ],
        ),
        (
            r#"{"metrics": {"type": "nope"}}"#,
            &["pipeline_config.metrics.type: \
               expected \"datadog\", \"log\" or \"dummy\", got the string \"nope\" (-)"],
        ),
        (
            r#"{"metrics": {}}"#,
            &[
                "pipeline_config.metrics: missing key `type` (add `type`: \"datadog\", \"log\" or \"dummy\")",
            ],
        ),
        (
            r#"{"metrics": 5}"#,
            &["pipeline_config.metrics: expected a mapping, got the number 5 (-)"],
        ),
        (
            r#"{"pipeline": {"segments": null}}"#,
            &[
                "pipeline_config.pipeline.segments: expected a list, got null (write [] for none, or remove the key)",
            ],
        ),
        (
            r#"{"sentry_sdk_config": {}}"#,
            &[
                "pipeline_config.sentry_sdk_config: missing key `dsn` (add `dsn`: the address that events are sent to)",
            ],
        ),
        (
            r#"{"env": [], "pipeline": {"segments": 5}, "sentry_sdk_config": {"dsn": 5}}"#,
            &[
                "pipeline_config.env: expected a mapping, got a list (environment of the pipeline, free of form)",
                "pipeline_config.pipeline.segments: \
                 expected a list, got the number 5 (list of segments, each deployed by itself)",
                "pipeline_config.sentry_sdk_config.dsn: expected a string, got an integer (quote it)",
            ],
        ),
        (
            "env: 2024-01-01",
            &[
                "pipeline_config.env: expected a mapping, got the date 2024-01-01 (environment of the pipeline, free of form)",
            ],
        ),
    ];
    for (config, expected) in cases {
        let problems = problems(config, PIPELINE_CONFIG);
        assert!(
            problems
                .iter()
                .all(|problem| problem.code == Code::InvalidConfig && problem.origin.is_some())
        );
        assert_eq!(told(&problems), *expected, "{config}");
    }
}

#[test]
fn alternatives_without_a_common_key_are_told_by_type_or_all() {
    let by_type = r#"{"anyOf": [{"type": "string", "minLength": 2}, {"type": "array"}]}"#;
    assert_eq!(
        told(&problems(r#""""#, by_type)),
        ["pipeline_config: expected a string of at least 2 characters, got the string \"\" (-)"]
    );
    assert_eq!(
        told(&problems("5", by_type)),
        ["pipeline_config: expected a string or a list, got the number 5 (quote it)"]
    );
    let by_value = r#"{"oneOf": [{"minimum": 5}, {"maximum": -5}]}"#;
    assert_eq!(
        told(&problems("0", by_value)),
        ["pipeline_config: fits none of 2 alternatives \
          (correct one of these: 1. expected at least 5; 2. expected at most -5)"]
    );
    assert_eq!(
        told(&problems("0", r#"{"oneOf": [{"minimum": 0}, {"maximum": 0}]}"#)),
        ["pipeline_config: fits 2 of 2 alternatives, and must fit only one (-)"]
    );
}

#[test]
fn unknown_keys_are_told_where_none_are_allowed() {
    let schema = r#"{"properties": {"a": true, "b": {}}, "additionalProperties": false}"#;
    assert_eq!(
        told(&problems(r#"{"a": 1, "c": 2}"#, schema)),
        ["pipeline_config.c: unknown key `c` (remove it; known here: `a` or `b`)"]
    );
    // A key that is no string is none of the schema's.
    assert_eq!(problems("1: x", r#"{"properties": {"1": false}}"#), []);
}

#[test]
fn what_is_not_understood_is_refused() {
    for (schema, path, message) in [
        (
            r#"{"properties": {"a": {"pattern": "x"}}}"#,
            ".properties.a.pattern",
            "the keyword `pattern` is not supported",
        ),
        (r#"{"if": {}}"#, ".if", "the keyword `if` is not supported"),
        (r#"{"items": {"$id": "x"}}"#, ".items.$id", "the keyword `$id` is not supported"),
        (r#"{"items": [{}]}"#, ".items", "expected a schema: a mapping or a boolean, got a list"),
        (
            r#"{"type": "text"}"#,
            ".type",
            "expected the name of a type or a list of them, got the string \"text\"",
        ),
        (r#"{"required": "a"}"#, ".required", "expected a list of strings, got the string \"a\""),
        (r#"{"minimum": "1"}"#, ".minimum", "expected a number, got the string \"1\""),
        (r#"{"oneOf": []}"#, ".oneOf", "expected a list of schemas, got a list"),
        (
            r##"{"$ref": "#/definitions/a"}"##,
            ".$ref",
            "nothing in this schema stands at the string \"#/definitions/a\"",
        ),
        (
            r#"{"$ref": "http://example.com"}"#,
            ".$ref",
            "nothing in this schema stands at the string \"http://example.com\"",
        ),
        (r##"{"$ref": "#"}"##, "", "a reference that leads only to references"),
        (
            r#"{"$schema": "https://json-schema.org/draft/2020-12/schema"}"#,
            ".$schema",
            "expected the draft \"http://json-schema.org/draft-07/schema#\", \
             got the string \"https://json-schema.org/draft/2020-12/schema\"",
        ),
        ("5", "", "expected a schema: a mapping or a boolean, got the number 5"),
    ] {
        let problems = problems("{}", schema);
        let found: Vec<_> =
            problems.iter().map(|p| (p.code, p.path.to_string(), p.message.as_str())).collect();
        assert_eq!(
            found,
            [(Code::UnsupportedSchema, format!("schema{path}"), message)],
            "{schema}"
        );
    }
}

#[test]
fn references_may_lead_back() {
    let tree = r##"{"properties": {"child": {"$ref": "#"}, "a~/b": {"$ref": "#/definitions/x~1y/items"}},
                    "definitions": {"x/y": {"items": {"type": "null"}}}, "additionalProperties": false}"##;
    assert_eq!(problems(r#"{"child": {"child": {"a~/b": null}}}"#, tree), []);
    assert_eq!(
        told(&problems(r#"{"child": {"child": {"a~/b": 1, "x": 1}}}"#, tree)),
        [
            "pipeline_config.child.child[\"a~/b\"]: expected null, got the number 1 (-)",
            "pipeline_config.child.child.x: unknown key `x` (remove it; known here: `child` or `a~/b`)"
        ]
    );
    let deep = format!("{}1{}", "[".repeat(90), "]".repeat(90));
    assert_eq!(problems(&deep, r##"{"items": {"anyOf": [{"$ref": "#"}]}}"##), []);
}

#[test]
fn work_is_bounded() {
    let deep = format!("{}1{}", "[".repeat(440), "]".repeat(440));
    for schema in [
        r##"{"items": {"$ref": "#"}}"##,
        r##"{"allOf": [{"allOf": [{"$ref": "#"}]}]}"##,
        r##"{"oneOf": [{"$ref": "#"}, {"allOf": [{"$ref": "#"}]}]}"##,
        r##"{"anyOf": [{"items": {"$ref": "#"}}, {"items": {"$ref": "#"}}]}"##,
    ] {
        let problems = problems(&deep, schema);
        assert_eq!(
            problems.iter().map(|p| p.code).collect::<Vec<_>>(),
            [Code::UnsupportedSchema],
            "{schema}"
        );
    }
}

/// A few values of every kind, at the edges of what schemas ask.
fn junk() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(8125),
        json!(8125.0),
        json!(0.05),
        json!(0.1),
        json!(0.5),
        json!(1e300),
        json!(""),
        json!("x"),
        json!("é"),
        json!("8125"),
        json!([]),
        json!([""]),
        json!(["a", "b"]),
        json!([1]),
        json!([[1.0]]),
        json!({}),
        json!({"a": 1}),
        json!({"a": "b"}),
    ])
}

/// A mapping with some of these keys, now and then something else.
fn mapping(keys: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let entries: Vec<_> = keys
        .into_iter()
        .map(|(key, value)| {
            prop::option::weighted(0.9, value).prop_map(move |value| Some((key, value?)))
        })
        .collect();
    let mapping = entries.prop_map(|entries| {
        let entries = entries.into_iter().flatten().map(|(key, value)| (key.to_owned(), value));
        Value::Object(entries.collect::<Map<_, _>>())
    });
    prop_oneof![50 => mapping, 1 => junk()].boxed()
}

fn usually(value: Value) -> BoxedStrategy<Value> {
    prop_oneof![30 => Just(value), 1 => junk()].boxed()
}

/// Configurations, about half of them right.
fn config() -> impl Strategy<Value = Value> {
    let sdk = || mapping(vec![("dsn", usually(json!("https://a@b/1")))]);
    let dlq = mapping(vec![
        ("topic", usually(json!("t"))),
        ("bootstrap_servers", usually(json!(["a:9092"]))),
        ("override_params", usually(json!({"a": "b"}))),
    ]);
    let step = mapping(vec![("dlq", dlq), ("parallelism", junk().boxed())]);
    let segment = mapping(vec![("steps_config", mapping(vec![("s", step.clone()), ("t", step)]))]);
    let segments = prop::collection::vec(segment, 0..3).prop_map(Value::Array);
    let kind = prop::sample::select(vec!["datadog", "log", "dummy", "dummy", "nope"])
        .prop_map(Value::from);
    let metrics = mapping(vec![
        ("type", prop_oneof![20 => kind, 1 => junk()].boxed()),
        ("host", usually(json!("h"))),
        ("port", usually(json!(8125))),
        ("tags", usually(json!({}))),
        ("period_sec", usually(json!(0.1))),
        ("udp_queue_size", usually(json!(0))),
        ("flush_interval_ms", usually(json!(1))),
    ]);
    let arroyo =
        mapping(vec![("write_healthcheck", usually(json!(true))), ("sentry_sdk_config", sdk())]);
    let pipeline = mapping(vec![
        ("segments", prop_oneof![20 => segments, 1 => junk()].boxed()),
        ("adapter_config", mapping(vec![("arroyo", arroyo)])),
    ]);
    mapping(vec![
        ("env", usually(json!({}))),
        ("pipeline", pipeline),
        ("metrics", metrics),
        ("sentry_sdk_config", sdk()),
    ])
}

/// Schemas of every keyword, over the values of [`junk`].
fn any_schema() -> impl Strategy<Value = Value> {
    let limit =
        || prop::sample::select(vec![json!(0), json!(1), json!(1.0), json!(2), json!(8125)]);
    let number = || prop_oneof![limit(), Just(json!(0.1)), Just(json!(-1))];
    let types = prop::sample::select(vec![
        "null", "boolean", "integer", "number", "string", "array", "object",
    ]);
    let keyword = move |name: &'static str, value: BoxedStrategy<Value>| {
        value.prop_map(move |value| json!({ name: value })).boxed()
    };
    let mut leaves = vec![
        any::<bool>().prop_map(Value::from).boxed(),
        keyword("type", types.clone().prop_map(Value::from).boxed()),
        keyword(
            "type",
            prop::collection::hash_set(types, 1..3)
                .prop_map(|types| types.into_iter().collect())
                .boxed(),
        ),
        keyword("const", junk().boxed()),
        keyword("enum", prop::collection::vec(junk(), 1..3).prop_map(Value::Array).boxed()),
        keyword("required", Just(json!(["a"])).boxed()),
    ];
    leaves.extend(
        ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
            .map(|name| keyword(name, number().boxed())),
    );
    let sizes =
        ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
    leaves.extend(sizes.map(|name| keyword(name, limit().boxed())));
    prop::strategy::Union::new(leaves).prop_recursive(3, 12, 3, move |inner| {
        let list = || prop::collection::vec(inner.clone(), 1..4).prop_map(Value::Array).boxed();
        let properties = || inner.clone().prop_map(|schema| json!({ "a": schema })).boxed();
        let both = (properties(), inner.clone());
        prop_oneof![
            keyword("items", inner.clone().boxed()),
            keyword("properties", properties()),
            keyword("additionalProperties", inner.clone().boxed()),
            both.prop_map(
                |(properties, rest)| json!({"properties": properties, "additionalProperties": rest})
            ),
            keyword("allOf", list()),
            keyword("anyOf", list()),
            keyword("oneOf", list()),
        ]
    })
}

/// The crate `jsonschema` says the same.
fn agree(
    schema: &Value,
    oracle: &jsonschema::Validator,
    config: &Value,
) -> Result<(), TestCaseError> {
    // In a list, since JSON text that is neither list nor mapping is read as YAML.
    let text = json!([schema, config]).to_string();
    let [schema, value] = read(&text).as_list().unwrap().to_vec().try_into().unwrap();
    let problems = check(&value, &schema);
    prop_assert_eq!(problems.is_empty(), oracle.is_valid(config), "{} {:?}", text, told(&problems));
    prop_assert!(
        problems.iter().all(|problem| problem.code == Code::InvalidConfig),
        "{} {:?}",
        text,
        told(&problems)
    );
    Ok(())
}

fn oracle(schema: &Value) -> jsonschema::Validator {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft7)
        .should_validate_formats(false)
        .build(schema)
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_verdict_is_the_oracles(schema in any_schema(), value in junk()) {
        agree(&schema, &oracle(&schema), &value)?;
    }
}

/// The verdicts on configurations are the oracle's, of our schema and of the one that Sentry Streams ships:
/// `SENTRY_STREAMS_SCHEMA` names its `config.json`.
#[test]
fn verdicts_on_configurations_are_the_oracles() {
    let shipped = env::var("SENTRY_STREAMS_SCHEMA").map(|file| fs::read_to_string(file).unwrap());
    if shipped.is_err() {
        eprintln!(
            "the schema that Sentry Streams ships is not compared: SENTRY_STREAMS_SCHEMA is not set"
        );
    }
    let [ours, shipped] = [PIPELINE_CONFIG, shipped.as_deref().unwrap_or(PIPELINE_CONFIG)]
        .map(|text| serde_json::from_str(text).unwrap());
    let (ours_oracle, shipped_oracle) = (oracle(&ours), oracle(&shipped));
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&config(), |config| {
            agree(&ours, &ours_oracle, &config)?;
            agree(&shipped, &shipped_oracle, &config)?;
            prop_assert_eq!(
                ours_oracle.is_valid(&config),
                shipped_oracle.is_valid(&config),
                "{}",
                config
            );
            Ok(())
        })
        .unwrap();
    // The generator reaches both verdicts.
    let mut runner = TestRunner::deterministic();
    let is_right =
        |_: &usize| ours_oracle.is_valid(&config().new_tree(&mut runner).unwrap().current());
    let right = (0..200).filter(is_right).count();
    assert!((50..150).contains(&right), "{right}");
}

/// `src/json_schema/pipeline_config_rules.rs` says what our schema says.
#[test]
fn the_rules_of_our_schema_are_up_to_date() {
    assert!(jsonschema::draft7::meta::is_valid(&serde_json::from_str(PIPELINE_CONFIG).unwrap()));
    let document = read(PIPELINE_CONFIG);
    let schema = Schema::compile(&document, &Path::root()).unwrap();
    let rules = schema
        .rules
        .iter()
        .map(|rule| format!("    {},\n", rule_as_code(rule)))
        .collect::<Vec<_>>()
        .concat();
    let code = format!(
        "// Written by `BLESS=1 cargo test --lib json_schema`; do not edit.\n\
         //! The rules of our schema of the pipeline configuration.\n\n\
         use super::{{Alternatives, Bound, Measure, Relation, Rule, Type}};\n\
         use crate::value::{{Node, Origin, Value}};\n\
         use std::borrow::Cow::Borrowed;\n\n\
         const fn node(value: Value<'static>) -> Node<'static> {{\n    Node {{ value, origin: Origin::MACRO }}\n}}\n\n\
         pub(super) static RULES: &[Rule<'static>] = &[\n{rules}];\n"
    );
    if env::var_os("BLESS").is_some() {
        fs::write(
            concat!(env!("CARGO_MANIFEST_DIR"), "/src/json_schema/pipeline_config_rules.rs"),
            code,
        )
        .unwrap();
    } else {
        assert_eq!(include_str!("pipeline_config_rules.rs"), code, "BLESS=1 writes the rules anew");
    }
}

fn rule_as_code(rule: &Rule<'_>) -> String {
    let list = |items: Vec<String>| format!("Borrowed(&[{}])", items.join(", "));
    let Rule { never, description, additional, items, properties, required, all, .. } = rule;
    format!(
        "Rule {{ never: {never}, description: {description:?}, types: {}, allowed: {}, bounds: {}, \
         properties: Borrowed(&{properties:?}), required: Borrowed(&{required:?}), additional: {additional:?}, \
         items: {items:?}, all: Borrowed(&{all:?}), alternatives: {} }}",
        list(rule.types.iter().map(|expected| format!("Type::{expected:?}")).collect()),
        list(rule.allowed.iter().map(|values| format!("&[{}]", nodes_as_code(values))).collect()),
        list(rule.bounds.iter().map(bound_as_code).collect()),
        list(
            rule.alternatives
                .iter()
                .map(|alternatives| {
                    format!(
                        "Alternatives {{ exclusive: {}, branches: Borrowed(&{:?}) }}",
                        alternatives.exclusive, alternatives.branches
                    )
                })
                .collect()
        ),
    )
}

fn bound_as_code(Bound { measure, relation, limit }: &Bound<'_>) -> String {
    let limit = nodes_as_code(std::slice::from_ref(limit));
    format!(
        "Bound {{ measure: Measure::{measure:?}, relation: Relation::{relation:?}, limit: &{limit} }}"
    )
}

fn nodes_as_code(nodes: &[Node<'_>]) -> String {
    let code = |node: &Node<'_>| match &node.value {
        super::Value::Integer(digits) => format!("node(Value::Integer(Borrowed({digits:?})))"),
        super::Value::Float(number) => format!("node(Value::Float({number:?}))"),
        super::Value::String(text) => format!("node(Value::String(Borrowed({text:?})))"),
        _ => panic!("our schema has no such value"),
    };
    nodes.iter().map(code).collect::<Vec<_>>().join(", ")
}
