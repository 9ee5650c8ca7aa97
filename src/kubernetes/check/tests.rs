//! Tests of `check.rs`.

use super::*;
use crate::value::Origin;

fn findings(text: &str) -> Vec<(String, Code, String, Option<String>)> {
    let document = crate::read::read(text, crate::value::Source::Context).unwrap();
    check(&document.root, Kind::ConfigMap, Cluster::default())
        .into_list()
        .into_iter()
        .map(|finding| (finding.path.to_string(), finding.code, finding.message, finding.help))
        .collect()
}

#[test]
fn findings_name_the_place_the_rule_and_the_cure() {
    let text =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, lables: {}, labels: {b: 22:22}}}";
    assert_eq!(
        findings(text),
        [
            (
                "metadata.lables".into(),
                Code::UnknownField,
                "unknown field `lables` of ObjectMeta".into(),
                Some("did you mean `labels`?".into()),
            ),
            (
                "metadata.labels.b".into(),
                Code::WrongType,
                "expected a string, got the number 1342".into(),
                Some(
                    "quote it: YAML 1.1 reads 22:22 as the number 1342, yes as true, 0123 as 83"
                        .into()
                ),
            ),
        ]
    );
}

#[test]
fn findings_point_to_where_the_value_was_written() {
    let text = "{apiVersion: v1, kind: ConfigMap, metadata: {}, data: [1]}";
    let document = crate::read::read(text, crate::value::Source::Context).unwrap();
    let offsets: Vec<_> = check(&document.root, Kind::ConfigMap, Cluster::default())
        .into_list()
        .into_iter()
        .map(|finding| (finding.path.to_string(), finding.origin.unwrap().offset as usize))
        .collect();
    let at = |part: &str| text.find(part).unwrap();
    // What is missing is missing from the mapping around it.
    assert_eq!(offsets, [("data".into(), at("[1]")), ("metadata.name".into(), at("{}"))]);
}

#[test]
fn keys_that_json_cannot_tell_apart_are_refused() {
    let told = findings(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {1: a, '1': b, 2: c}}}",
    );
    let message = "the key `1` stands twice: as text and as another value";
    assert_eq!(
        told,
        [(
            "metadata.annotations.1".into(),
            Code::AmbiguousKey,
            message.into(),
            Some("remove one of them".into())
        )]
    );
}

#[test]
fn nulls_are_absent_or_empty_as_the_api_server_reads_them() {
    let found = findings(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: null}, data: {a: null}}",
    );
    let message = "nothing is given here, and Kubernetes reads it as empty text";
    let help = Code::NullValue.cure().to_owned();
    assert_eq!(found, [("data.a".into(), Code::NullValue, message.into(), Some(help))]);
}

#[test]
fn what_is_no_object_is_one_finding_of_its_type() {
    for text in ["[]", "a", "5"] {
        assert_eq!(
            findings(text).first().map(|finding| finding.1),
            Some(Code::WrongType),
            "{text}"
        );
    }
}

/// Code, message and cure of what is wrong with a Deployment's settings.
fn of_deployment(spec: &str) -> Vec<(Code, String, Option<String>)> {
    let text = format!(
        "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: a}}, spec: {{selector: {{matchLabels: {{a: b}}}}, \
         {spec}, template: {{metadata: {{labels: {{a: b}}}}, spec: {{containers: [{{name: c, image: 'd:1', resources: \
         {{limits: {{memory: 1Gi}}}}}}]}}}}}}}}"
    );
    let document = crate::read::read(&text, crate::value::Source::Context).unwrap();
    let found = check(&document.root, Kind::Deployment, Cluster::default()).into_list().into_iter();
    found.map(|finding| (finding.code, finding.message, finding.help)).collect()
}

#[test]
fn the_cure_of_a_wrong_type_is_what_makes_it_right() {
    for (spec, message, help) in [
        ("replicas: '3'", "expected an integer, got a string", Some("write it without quotes")),
        ("replicas: 2024-01-01", "expected an integer, got the date 2024-01-01", None),
        (
            "replicas: 0o644",
            "expected an integer, got a string",
            Some("write 420: YAML 1.1 reads \"0o644\" as text"),
        ),
        (
            "replicas: 1e3",
            "expected an integer, got a string",
            Some("write 1000: YAML 1.1 reads \"1e3\" as text"),
        ),
        (
            "replicas: 08",
            "expected an integer, got a string",
            Some("write 8: YAML 1.1 reads \"08\" as text"),
        ),
        (
            "replicas: 1e+06",
            "expected an integer, got a string",
            Some(
                "write 1000000: YAML 1.1 reads \"1e+06\" as text (Helm prints large numbers so: use `| int64`)",
            ),
        ),
        (
            "replicas: 1500m",
            "expected an integer, got a string",
            Some("write a number without a unit and without a fraction"),
        ),
        ("replicas: '0x10'", "expected an integer, got a string", Some("write it without quotes")),
        (
            "paused: maybe",
            "expected true or false, got a string",
            Some("write true or false, without quotes"),
        ),
        ("paused: 'yes'", "expected true or false, got a string", Some("write it without quotes")),
        ("paused: 1.0", "expected true or false, got the number 1.0", None),
        (
            "replicas: 3.0",
            "expected an integer, got the number 3.0",
            Some("write it without a point"),
        ),
        ("replicas: 3.5", "expected an integer, got the number 3.5", None),
        ("replicas: []", "expected an integer, got a list", None),
        (
            "strategy: {type: 5}",
            "expected a string, got the number 5",
            Some("quote it: YAML 1.1 reads 22:22 as the number 1342, yes as true, 0123 as 83"),
        ),
        ("strategy: {type: []}", "expected a string, got a list", None),
        ("strategy: x", "expected a mapping, got a string", None),
    ] {
        let found = of_deployment(spec);
        let help = help.unwrap_or(Code::WrongType.cure());
        let expected = (Code::WrongType, message.to_owned(), Some(help.to_owned()));
        assert_eq!(found.first(), Some(&expected), "{spec}");
    }
    assert_eq!(of_deployment("replicas: 3"), []);
}

#[test]
fn binary_data_is_base64() {
    let of = |data: &str| {
        findings(&format!(
            "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, binaryData: {{a: {data}}}}}"
        ))
    };
    assert_eq!(of("YWI="), []);
    assert_eq!(of("+/+/"), []);
    let message = "expected base64, got another text";
    assert_eq!(
        of("YWI"),
        [(
            "binaryData.a".into(),
            Code::WrongType,
            message.into(),
            Some(Code::WrongType.cure().to_owned())
        )]
    );
}

#[test]
fn times_are_rfc_3339() {
    let of = |time: &str| {
        let metadata = format!("{{name: a, creationTimestamp: {time}}}");
        findings(&format!("{{apiVersion: v1, kind: ConfigMap, metadata: {metadata}}}"))
    };
    let code = |time: &str| of(time).first().map(|finding| finding.1);
    assert_eq!(code("'2024-01-31T12:00:00Z'"), Some(Code::ServerField));
    assert_eq!(code("'now'"), Some(Code::WrongType));
}

/// The API server reads it as zero.
#[test]
fn a_quantity_that_is_null_is_zero() {
    let node = Node::new(Value::Null, Origin::MACRO);
    assert_eq!(quantity_text(&node).as_deref(), Some("0"));
}

#[test]
fn times() {
    for text in [
        "2024-01-31T12:00:00Z",
        "2024-01-31T12:00:00.123Z",
        "2024-01-31T12:00:00,5Z",
        "2024-01-31T12:00:00+01:00",
        "2024-02-29T23:59:59-24:60",
        "2000-02-29T1:00:00Z",
        "0000-01-01T00:00:00Z",
    ] {
        assert!(is_rfc3339(text), "{text}");
    }
    for text in [
        "",
        "2024-01-31",
        "2024-01-31 12:00:00",
        "2024-01-31T12:00:00",
        "2024-01-31T12:00:00.Z",
        "now",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "2024-02-30T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2024-04-31T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:60Z",
        "2024-01-01T00:00:00+25:00",
        "2024-01-01T00:00:00Z ",
        "2024-01-01t00:00:00z",
        "２024-01-01T00:00:00Z",
    ] {
        assert!(!is_rfc3339(text), "{text}");
    }
}

/// As Docker Compose writes them.
#[test]
fn a_mapping_for_a_list_is_told_how_an_item_looks() {
    let help = |container: &str| {
        let text = format!(
            "{{apiVersion: apps/v1, kind: Deployment, spec: {{template: {{spec: {{containers: [{container}]}}}}}}}}"
        );
        let document = crate::read::read(&text, crate::value::Source::Context).unwrap();
        let found = check(&document.root, Kind::Deployment, Cluster::default()).into_list();
        found.into_iter().find(|found| found.code == Code::WrongType).unwrap().help.unwrap()
    };

    for (container, item) in [
        ("{env: {A: b}}", "- {name: …, value: …}"),
        ("{volumeMounts: {a: /b}}", "- {mountPath: …}"),
        ("{args: {a: b}}", "- …"),
    ] {
        assert_eq!(help(container), format!("write each as an item of a list: `{item}`"));
    }
}
