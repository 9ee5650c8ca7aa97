//! Objects and their changes.

use super::*;
use sentry_streams_k8s::document;
use sentry_streams_k8s::node::Source;

fn changes(old: &str, new: &str) -> Vec<String> {
    let read = |text: &'static str| document::read_yaml(text, Source::Context).unwrap().root;
    let (old, new) = (read(old.to_owned().leak()), read(new.to_owned().leak()));
    let lines = |object: &ObjectDiff| {
        let title = object.title();
        let lines = object.changes.iter().map(move |change| {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            format!(
                "{title} {} {} {} {}",
                change.path,
                shown(&change.old),
                shown(&change.new),
                change.consequence.code()
            )
        });
        lines.collect::<Vec<_>>()
    };
    compare(&[old], &[new]).iter().flat_map(lines).collect()
}

fn deployment(spec: &str) -> String {
    format!("{{kind: Deployment, metadata: {{name: a}}, spec: {spec}}}")
}

#[track_caller]
fn assert_spec(old: &str, new: &str, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|line| format!("Deployment a {line}")).collect();
    assert_eq!(changes(&deployment(old), &deployment(new)), expected);
}

#[test]
fn each_change_has_its_consequence() {
    assert_spec("{replicas: 1}", "{replicas: 2}", &["spec.replicas 1 2 scale"]);
    assert_spec("{selector: {a: b}}", "{selector: {a: c}}", &[r#"spec.selector.a "b" "c" refused"#]);
    assert_spec("{paused: true}", "{}", &["spec.paused true - rollout-settings"]);
    assert_spec("{selectors: 1}", "{selectors: 2}", &["spec.selectors 1 2 rollout-settings"]);
    assert_spec(
        "{template: {metadata: {annotations: {configVersion: x}}}}",
        "{template: {metadata: {annotations: {configVersion: y}}}}",
        &[r#"spec.template.metadata.annotations.configVersion "x" "y" pods-restart"#],
    );
    assert_spec("{a: 1, b: [2]}", "{b: [2], a: 1}", &[]);
}

#[test]
fn items_of_keyed_lists_meet_by_their_keys() {
    let pod = |containers: &str| format!("{{template: {{spec: {{containers: [{containers}]}}}}}}");
    assert_spec(
        &pod("{name: a, image: x}, {name: b, image: y}"),
        &pod("{name: b, image: z}, {name: c}"),
        &[
            r#"spec.template.spec.containers[a] {"name":"a","image":"x"} - pods-restart"#,
            r#"spec.template.spec.containers[b].image "y" "z" pods-restart"#,
            r#"spec.template.spec.containers[c] - {"name":"c"} pods-restart"#,
        ],
    );
    assert_spec(
        &pod("{name: a}, {name: b}"),
        &pod("{name: b}, {name: a}"),
        &["spec.template.spec.containers in the order a, b in the order b, a pods-restart"],
    );
    assert_spec(
        &pod("{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}]}"),
        &pod("{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53, name: dns}]}"),
        &[r#"spec.template.spec.containers[a].ports[53/TCP].name - "dns" pods-restart"#],
    );
    assert_spec(
        &pod("{name: a, args: [x, y, z]}"),
        &pod("{name: a, args: [x, z]}"),
        &[r#"spec.template.spec.containers[a].args[1] "y" - pods-restart"#],
    );
}

#[test]
fn config_maps_are_read() {
    let map = |text: &str| format!("{{kind: ConfigMap, metadata: {{name: c}}, data: {{c.yaml: {text:?}}}}}");
    assert_eq!(
        changes(&map("{\"a\": {\"b\": 1}}"), &map("{\"a\": {\"b\": 2}}")),
        [r#"ConfigMap c data["c.yaml"]:.a.b 1 2 config-map"#]
    );
    assert_eq!(
        changes(&map("{\"a\": 1}"), &map("{\"a\":  1}")),
        [r#"ConfigMap c data["c.yaml"] "{\"a\": 1}" "{\"a\":  1}" same-meaning"#]
    );
    assert_eq!(changes(&map("a"), &map("b")), [r#"ConfigMap c data["c.yaml"] "a" "b" config-map"#]);
}

#[test]
fn objects_come_and_go() {
    let old = deployment("{}");
    let new = "{kind: Deployment, metadata: {name: b, namespace: n}}";
    let codes: Vec<String> =
        changes(&old, new).iter().map(|line| line.rsplit(' ').next().unwrap().to_owned()).collect();
    assert_eq!(codes, ["gone", "created"]);
}
