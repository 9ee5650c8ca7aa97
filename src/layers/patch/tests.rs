//! Tests of `patch.rs`.

use super::*;
use crate::read::read_yaml;
use crate::value::{Origin, Source};
use crate::write::json;
use proptest::prelude::*;

/// A pod's patch over a pod: the result, and what is wrong.
fn patched(pod: &str, patch: &str) -> (String, Vec<String>) {
    let pods = [pod, patch].map(|text| format!("{{spec: {{template: {{spec: {text}}}}}}}"));
    let [mut node, patch] =
        [&pods[0], &pods[1]].map(|text| read_yaml(text, Source::EmergencyPatch).unwrap().root);
    let mut problems = Report::default();
    apply(&mut node, &patch, &Path::field("p"), &mut problems);
    let said = |problem: &Problem| {
        let place = problem.path.to_string();
        let place = place.strip_prefix("p.spec.template.spec").unwrap_or(&place);
        format!(
            "{} {place}: {} ({})",
            problem.code,
            problem.message,
            problem.help.as_deref().unwrap_or_default()
        )
    };
    let pod = node.at(&["spec", "template", "spec"]).unwrap();
    (json(pod), problems.problems.into_list().iter().map(said).collect())
}

#[test]
fn items_meet_by_their_keys() {
    for (pod, patch, expected) in [
        // By name, in place; what has no like follows.
        (
            "{volumes: [{name: a, x: 1}, {name: b}]}",
            "{volumes: [{name: b, y: 2}, {name: c}]}",
            r#"{"volumes":[{"name":"a","x":1},{"name":"b","y":2},{"name":"c"}]}"#,
        ),
        // By several keys, one of which has a default.
        (
            "{containers: [{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}]}]}",
            "{containers: [{name: a, ports: [{containerPort: 53, protocol: TCP, name: dns}]}]}",
            r#"{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"UDP"},{"containerPort":53,"protocol":"TCP","name":"dns"}]}]}"#,
        ),
        // Of two items of one key the last one counts.
        (
            "{volumes: [{name: a, x: 1}, {name: a, x: 2}]}",
            "{volumes: [{name: a, x: 3}]}",
            r#"{"volumes":[{"name":"a","x":1},{"name":"a","x":3}]}"#,
        ),
        // Lists without keys grow.
        (
            "{tolerations: [{key: a}]}",
            "{tolerations: [{key: a}]}",
            r#"{"tolerations":[{"key":"a"},{"key":"a"}]}"#,
        ),
        // An item without its key is one of its own.
        ("{volumes: [{name: a}]}", "{volumes: [{x: 1}]}", r#"{"volumes":[{"name":"a"},{"x":1}]}"#),
        // Keys are compared as text, numbers too.
        (
            "{containers: [{name: a, ports: [{containerPort: 80}]}]}",
            "{containers: [{name: a, ports: [{containerPort: '80', name: b}]}]}",
            r#"{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"b"}]}]}"#,
        ),
    ] {
        let (mut result, problems) = patched(pod, patch);
        if problems.iter().any(|problem| problem.contains("containerPort: expected")) {
            // The text is told to be no number; the item is found all the same.
            result = result.replace("\"80\"", "80");
        } else {
            assert_eq!(problems, [""; 0], "{patch}");
        }
        assert_eq!(result, expected, "{patch}");
    }
}

#[test]
fn null_and_directives_remove() {
    for (pod, patch, expected) in [
        ("{a: 1, b: 2, c: 3}", "{a: null, c: null}", r#"{"b":2}"#),
        // What is not there leaves nothing, however deep; so does a null that is there.
        ("{a: null}", "{a: null, b: null}", "{}"),
        ("{}", "{nodeSelector: {pool: null}, b: {c: {d: null}}, e: {}}", r#"{"e":{}}"#),
        ("{a: {b: 1}}", "{a: {c: null}}", r#"{"a":{"b":1}}"#),
        (
            "{}",
            "{volumes: [{name: a, emptyDir: null, secret: {x: null, y: 1}}]}",
            r#"{"volumes":[{"name":"a","secret":{"y":1}}]}"#,
        ),
        // A null that stands below is no value.
        ("{a: null}", "{a: {b: 1}}", r#"{"a":{"b":1}}"#),
        ("{a: {b: 1}, c: 1}", "{a: {$patch: delete}}", r#"{"c":1}"#),
        ("{c: 1}", "{a: {$patch: delete}}", r#"{"c":1}"#),
        ("{a: {b: 1}}", "{a: {$patch: replace, c: 2}}", r#"{"a":{"c":2}}"#),
        ("{a: {b: 1}}", "{a: {$patch: merge, c: 2}}", r#"{"a":{"b":1,"c":2}}"#),
        (
            "{volumes: [{name: a}, {name: b}]}",
            "{volumes: [{name: a, $patch: delete}]}",
            r#"{"volumes":[{"name":"b"}]}"#,
        ),
        // What is deleted may come again, as new.
        (
            "{volumes: [{name: a, x: 1}]}",
            "{volumes: [{name: a, $patch: delete}, {name: a, y: 2}]}",
            r#"{"volumes":[{"name":"a","y":2}]}"#,
        ),
        (
            "{volumes: [{name: a}]}",
            "{volumes: [{$patch: replace}, {name: b}]}",
            r#"{"volumes":[{"name":"b"}]}"#,
        ),
        (
            "{volumes: [{name: a, x: 1}, {name: b}]}",
            "{volumes: [{$patch: replace}, {name: b}, {name: a}]}",
            r#"{"volumes":[{"name":"b"},{"name":"a"}]}"#,
        ),
        ("{tolerations: [1]}", "{tolerations: [{$patch: replace}, 2]}", r#"{"tolerations":[2]}"#),
        // Wherever it stands, and nothing of the patch itself is lost.
        (
            "{tolerations: [1]}",
            "{tolerations: [2, {$patch: replace}, 3]}",
            r#"{"tolerations":[2,3]}"#,
        ),
        (
            "{volumes: [{name: a, x: 1}, {name: b}]}",
            "{volumes: [{name: a, y: 2}, {$patch: replace}]}",
            r#"{"volumes":[{"name":"a","y":2}]}"#,
        ),
        // All items of that key, before the patch's other items count, wherever it stands: as `kubectl patch`.
        (
            "{volumes: [{name: a, x: 1}, {name: b}, {name: a, x: 2}]}",
            "{volumes: [{name: a, $patch: delete}]}",
            r#"{"volumes":[{"name":"b"}]}"#,
        ),
        (
            "{volumes: [{name: a, x: 1}]}",
            "{volumes: [{name: a, y: 2}, {name: a, $patch: delete}]}",
            r#"{"volumes":[{"name":"a","y":2}]}"#,
        ),
        // One patch serves pods that have the item and pods that do not.
        (
            "{volumes: [{name: a}]}",
            "{volumes: [{name: z, $patch: delete}]}",
            r#"{"volumes":[{"name":"a"}]}"#,
        ),
        // With a key, it replaces one item only.
        (
            "{volumes: [{name: a, x: 1}, {name: b}]}",
            "{volumes: [{name: a, $patch: replace, y: 2}]}",
            r#"{"volumes":[{"name":"a","y":2},{"name":"b"}]}"#,
        ),
        // Directives where nothing stands below are no values.
        ("{}", "{a: {$patch: replace, b: {$patch: merge, c: 1}}}", r#"{"a":{"b":{"c":1}}}"#),
        ("{}", "{volumes: [{$patch: replace}, {name: b}]}", r#"{"volumes":[{"name":"b"}]}"#),
    ] {
        assert_eq!(patched(pod, patch), (expected.to_owned(), vec![]), "{patch}");
    }
}

#[test]
fn numbers_and_text_replace_each_other_where_the_api_takes_both() {
    let strategy = |value: &str| format!("{{strategy: {{rollingUpdate: {{maxSurge: {value}}}}}}}");
    for (was, is) in [("1", "50%"), ("50%", "1"), ("1.5", "x"), ("x", "1.5")] {
        let texts = [strategy(was), strategy(is)].map(|text| format!("{{spec: {text}}}"));
        let [mut node, patch] =
            [&texts[0], &texts[1]].map(|text| read_yaml(text, Source::Context).unwrap().root);
        let mut problems = Report::default();
        apply(&mut node, &patch, &Path::root(), &mut problems);
        assert_eq!(node, patch);
        assert!(problems.problems.is_empty());
    }
    let limits = |value: &str| {
        format!("{{containers: [{{name: a, resources: {{limits: {{cpu: {value}}}}}}}]}}")
    };
    for (was, is) in [("1", "500m"), ("500m", "1"), ("0.5", "'1'")] {
        let (result, problems) = patched(&limits(was), &limits(is));
        assert_eq!(
            (result.contains(is.trim_matches('\'')), problems),
            (true, vec![]),
            "{was} {is}"
        );
    }
    for (was, is) in [("1", "0.5"), ("0.5", "2")] {
        let (result, problems) = patched(&limits(was), &limits(is));
        assert_eq!(
            (result.contains(&format!("\"cpu\":{is}")), problems),
            (true, vec![]),
            "{was} {is}"
        );
    }
    let (result, problems) = patched("{hostname: a}", "{hostname: 1}");
    assert_eq!(result, r#"{"hostname":"a"}"#);
    assert_eq!(
        problems,
        [
            "type-mismatch .hostname: expected a string, as the Deployment has a string, got the number 1 \
          (write it as a string)"
        ]
    );
}

#[test]
fn what_cannot_be_done_is_told() {
    for (patch, expected) in [
        (
            "{a: {$patch: x}}",
            "patch-directive .a.$patch: expected delete, replace or merge (remove it, or put it into the mapping or \
             the list that it is about: see `kubectl patch`)",
        ),
        (
            "{volumes: [{$patch: delete}]}",
            "patch-directive .volumes[0]: this item does not say which one to delete (add `name`: items of this \
             list are told apart by it)",
        ),
        (
            "{tolerations: [{$patch: delete}]}",
            "patch-directive .tolerations[0]: items of this list have no key by which one could be deleted \
             (replace the list: put the item {$patch: replace} beside what it shall hold)",
        ),
        (
            "{a: {$retainKeys: [b], b: 1}}",
            "patch-directive .a.$retainKeys: the directive `$retainKeys` is not followed here (remove it; `$patch: \
             replace` in a mapping or a list replaces what is there, null removes a field)",
        ),
    ] {
        let pod = "{a: {}, volumes: [], tolerations: [1], topologySpreadConstraints: []}";
        let (_, problems) = patched(pod, patch);
        assert_eq!(problems, [expected.to_owned()], "{patch}");
    }
}

#[test]
fn a_directive_for_the_whole_patch_is_a_problem() {
    for directive in ["replace", "delete", "x"] {
        let mut node = read_yaml("{spec: {replicas: 1}}", Source::Context).unwrap().root;
        let text = format!("{{$patch: {directive}, spec: {{replicas: 2}}}}");
        let patch = read_yaml(&text, Source::EmergencyPatch).unwrap().root;
        let mut report = Report::default();
        apply(&mut node, &patch, &Path::field("p"), &mut report);

        assert_eq!(json(&node), r#"{"spec":{"replicas":1}}"#);
        let problems = report.problems.into_list();
        assert_eq!(problems.iter().map(|p| p.path.to_string()).collect::<Vec<_>>(), ["p.$patch"]);
    }
}

#[test]
fn a_container_of_another_name_is_a_warning() {
    let pod = "{spec: {template: {spec: {containers: [{name: pipeline-consumer}]}}}}";
    for (name, help) in [
        ("pipeline-consumr", Some("did you mean `pipeline-consumer`?")),
        ("consumer", Some("use one of those there, if it is meant: pipeline-consumer")),
        ("pipeline-consumer", None),
    ] {
        let mut node = read_yaml(pod, Source::Context).unwrap().root;
        let text = format!(
            "{{spec: {{template: {{spec: {{containers: [{{name: {name}, image: a}}]}}}}}}}}"
        );
        let patch = read_yaml(&text, Source::EmergencyPatch).unwrap().root;
        let mut report = Report::default();
        apply(&mut node, &patch, &Path::root(), &mut report);

        let helps: Vec<_> =
            report.warnings.into_list().into_iter().map(|warning| warning.help).collect();
        assert_eq!(
            helps,
            help.map(|help| Some(help.to_owned())).into_iter().collect::<Vec<_>>(),
            "{name}"
        );
    }
}

/// As `kubectl patch` merges the one list of texts that it merges.
#[test]
fn a_finalizer_stands_once() {
    let mut node = read_yaml("{metadata: {finalizers: [a/b, c/d]}}", Source::Context).unwrap().root;
    let text = "{metadata: {finalizers: [c/d, e/f, e/f]}}";
    let patch = read_yaml(text, Source::EmergencyPatch).unwrap().root;
    apply(&mut node, &patch, &Path::root(), &mut Report::default());

    assert_eq!(json(&node), r#"{"metadata":{"finalizers":["a/b","c/d","e/f"]}}"#);
}

/// A patch that names one item again and again is not followed for ever.
#[test]
fn a_patch_looks_at_a_bounded_number_of_items() {
    let volumes =
        |count: usize, of: &str| format!("{{name: a, {of}: [{}]}}", "{name: x},".repeat(count));
    let pod = format!("{{containers: [{}]}}", volumes(1000, "env"));
    let patch = format!("{{containers: [{}]}}", (volumes(1, "env") + ",").repeat(1000));
    let (_, problems) = patched(&pod, &patch);

    assert_eq!(
        problems,
        [
            "too-large .containers[499].env: the patch goes through more than 500000 items of lists of the \
             Deployment (name each item once)"
        ]
    );
}

/// The key says which item is meant, and is not a change of it.
#[test]
fn a_key_keeps_its_origin() {
    let mut node =
        read_yaml("{spec: {template: {spec: {volumes: [{name: a}]}}}}", Source::DeploymentTemplate)
            .unwrap()
            .root;
    let text = "{spec: {template: {spec: {volumes: [{name: a, emptyDir: {}}]}}}}";
    let patch = read_yaml(text, Source::EmergencyPatch).unwrap().root;
    apply(&mut node, &patch, &Path::root(), &mut Report::default());
    let volume = node
        .at(&["spec", "template", "spec", "volumes"])
        .and_then(|list| list.as_list()?.first())
        .unwrap();
    let source = |key: &str| volume.get(key).unwrap().origin.source;
    assert_eq!(
        (source("name"), source("emptyDir")),
        (Source::DeploymentTemplate, Source::EmergencyPatch)
    );
}

/// Pods of lists with keys, settings and labels; a patch of the same parts.
fn pod() -> impl Strategy<Value = Node<'static>> {
    let text = |text: &'static str| Node::string(text, Origin::MACRO);
    let names = prop::sample::subsequence(vec!["a", "b", "c"], 0..3).prop_shuffle();
    let item = move |name: &'static str, value: &'static str| {
        Node::map([("name", text(name)), ("image", text(value))], Origin::MACRO)
    };
    let list = (names, prop::sample::select(vec!["x", "y"])).prop_map(move |(names, value)| {
        Node::list(names.into_iter().map(|name| item(name, value)), Origin::MACRO)
    });
    let setting = prop::sample::select(vec!["x", "y"]).prop_map(text);
    let part = prop_oneof![
        (prop::sample::select(vec!["containers", "volumes", "initContainers"]), list),
        (prop::sample::select(vec!["hostname", "nodeName", "subdomain"]), setting),
    ];
    prop::collection::vec(part, 0..5).prop_map(|mut parts| {
        let mut seen = Vec::new();
        parts.retain(|(key, _)| {
            !seen.contains(key) && {
                seen.push(*key);
                true
            }
        });
        let pod = Node::map(parts, Origin::MACRO);
        ["spec", "template", "spec"]
            .into_iter()
            .fold(pod, |node, key| Node::map([(key, node)], Origin::MACRO))
    })
}

fn sum(pod: &Node<'static>, patch: &Node<'static>) -> Node<'static> {
    let (mut node, mut problems) = (pod.clone(), Report::default());
    apply(&mut node, patch, &Path::root(), &mut problems);
    assert!(problems.problems.is_empty());
    node
}

fn backwards(node: &Node<'static>) -> Node<'static> {
    let value = match &node.value {
        Value::Map(map) => {
            let entries = map.iter().map(|(key, node)| (key.clone(), backwards(node)));
            let mut entries: Vec<_> = entries.collect();
            entries.reverse();
            Value::Map(Map::from_unique(entries))
        }
        Value::List(items) => Value::List(items.iter().map(backwards).collect()),
        value => value.clone(),
    };
    Node::new(value, node.origin)
}

proptest! {
    /// Where lists have keys and nothing is removed, twice is once.
    #[test]
    fn a_patch_of_keyed_lists_may_be_laid_twice(pod in pod(), patch in pod()) {
        let once = sum(&pod, &patch);
        prop_assert_eq!(json(&sum(&once, &patch)), json(&once));
    }

    #[test]
    fn what_is_there_changes_nothing(pod in pod()) {
        prop_assert_eq!(json(&sum(&pod, &pod)), json(&pod));
        let nothing = Node::new(Value::Map(Map::EMPTY), Origin::MACRO);
        prop_assert_eq!(json(&sum(&pod, &nothing)), json(&pod));
    }

    #[test]
    fn the_order_of_keys_does_not_matter(pod in pod(), patch in pod()) {
        prop_assert_eq!(sum(&pod, &patch), sum(&pod, &backwards(&patch)));
    }
}
