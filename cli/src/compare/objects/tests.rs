//! Objects and their changes.

use super::*;
use sentry_streams_k8s::read as document;
use sentry_streams_k8s::value::Source;

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
    let expected: Vec<String> =
        expected.iter().map(|line| format!("Deployment a {line}")).collect();
    assert_eq!(changes(&deployment(old), &deployment(new)), expected);
}

#[test]
fn each_change_has_its_consequence() {
    assert_spec("{replicas: 1}", "{replicas: 2}", &["spec.replicas 1 2 scale"]);
    assert_spec(
        "{selector: {a: b}}",
        "{selector: {a: c}}",
        &[r#"spec.selector.a "b" "c" refused"#],
    );
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
        &pod(
            "{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53, name: dns}]}",
        ),
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
    let map = |text: &str| {
        format!("{{kind: ConfigMap, metadata: {{name: c}}, data: {{c.yaml: {text:?}}}}}")
    };
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

#[test]
fn what_the_server_stores_alike_is_the_same() {
    let pod = |spec: &str| format!("{{template: {{spec: {spec}}}}}");
    let container = |rest: &str| pod(&format!("{{containers: [{{name: a, image: 'x:1'{rest}}}]}}"));
    for (old, new) in [
        (pod("{}"), pod("{dnsPolicy: ClusterFirst, restartPolicy: Always, schedulerName: default-scheduler}")),
        (pod("{}"), pod("{securityContext: {}, terminationGracePeriodSeconds: 30, hostNetwork: false}")),
        (pod("{serviceAccountName: a}"), pod("{serviceAccountName: a, serviceAccount: a}")),
        ("{}".to_owned(), "{replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600}".to_owned()),
        (
            "{}".to_owned(),
            "{strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}}".to_owned(),
        ),
        (pod("{}"), "{template: {metadata: {creationTimestamp: null}, spec: {}}}".to_owned()),
        (container(""), container(", lifecycle: null, env: [], args: null, resources: {}")),
        (container(", env: null"), container(", env: []")),
        (container(""), container(", imagePullPolicy: IfNotPresent, terminationMessagePolicy: File")),
        (container(", resources: {limits: {cpu: 1000m}}"), container(", resources: {limits: {cpu: 1}}")),
        (container(", resources: {limits: {memory: 1Gi}}"), container(", resources: {limits: {memory: 1024Mi}}")),
        (
            container(", livenessProbe: {httpGet: {port: 1}}"),
            container(
                ", livenessProbe: {httpGet: {port: 1, path: /, scheme: HTTP}, periodSeconds: 10, timeoutSeconds: 1, \
                 successThreshold: 1, failureThreshold: 3}",
            ),
        ),
        (container(", ports: [{containerPort: 80}]"), container(", ports: [{containerPort: 80, protocol: TCP}]")),
        (container(", env: [{name: A, value: ''}]"), container(", env: [{name: A}]")),
        (
            pod("{volumes: [{name: a, configMap: {name: b}}, {name: c}]}"),
            pod("{volumes: [{name: a, configMap: {name: b, defaultMode: 420}}, {name: c, emptyDir: {}}]}"),
        ),
    ] {
        assert_eq!(changes(&deployment(&old), &deployment(&new)), Vec::<String>::new(), "{old} to {new}");
        assert_eq!(changes(&deployment(&new), &deployment(&old)), Vec::<String>::new(), "{new} to {old}");
    }
    for (old, new) in [
        (pod("{}"), pod("{enableServiceLinks: true}")),
        (pod("{}"), pod("{dnsPolicy: Default}")),
        (container(""), container(", securityContext: {}")),
        (container(""), container(", imagePullPolicy: Always")),
        (
            container(", resources: {limits: {memory: 1G}}"),
            container(", resources: {limits: {memory: 1Gi}}"),
        ),
        (container(", command: []"), container(", command: [a]")),
    ] {
        assert_eq!(changes(&deployment(&old), &deployment(&new)).len(), 1, "{old} to {new}");
    }
}

#[test]
fn what_only_a_server_sets_is_no_change() {
    let live = "{kind: Deployment, metadata: {name: a, namespace: n, uid: u, resourceVersion: '1', generation: 3, \
                creationTimestamp: '2026-01-01T00:00:00Z', managedFields: [{manager: kubectl}], selfLink: /x, \
                annotations: {deployment.kubernetes.io/revision: '4', \
                kubectl.kubernetes.io/last-applied-configuration: '{}'}}, spec: {}, status: {replicas: 1}}";
    let same = "{kind: Deployment, metadata: {name: a, annotations: {}}, spec: {}}";
    let one = |annotations: &str| same.replace("annotations: {}", annotations);
    assert_eq!(changes(live, &one("annotations: {x: y}")).len(), 1);
    assert_eq!(changes(live, same), Vec::<String>::new());
    assert_eq!(changes(same, live), Vec::<String>::new());
    let nothing: Vec<String> = Vec::new();
    assert_eq!(changes(live, &one("labels: null")), nothing);
}
