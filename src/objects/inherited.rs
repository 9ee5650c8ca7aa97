//! What the objects of a `StreamingPipeline` take over from its metadata, so that deploy tools reach them by it:
//! kustomize's `namespace:`, sync waves and hooks, a team's labels.

use crate::value::{Map, Node, Origin, Value};

/// Prefixes of keys that are about the pipeline itself: what tools keep on it (kubectl, kustomize's functions, the
/// reference's operator), and what asks the operator for something.
const OF_THE_PIPELINE: [&str; 6] = [
    "config.kubernetes.io/",
    "internal.config.kubernetes.io/",
    "kustomize.config.k8s.io/",
    "kubectl.kubernetes.io/",
    "kopf.zalando.org/",
    "streams.sentry.io/",
];

/// Gives an object the pipeline's namespace, and those of its labels and annotations that it does not have itself.
/// Pods and selectors stay as they are: a new label there would restart, or could not be written.
pub(super) fn inherit<'a>(object: &mut Node<'a>, pipeline: Option<&Node<'a>>) {
    let Some(pipeline) = pipeline.and_then(Node::as_map) else { return };
    let Some(metadata) = object.as_map_mut().and_then(|object| object.get_mut("metadata")) else {
        return;
    };
    let Some(metadata) = metadata.as_map_mut() else { return };

    for part in ["labels", "annotations"] {
        if let Some(given) = pipeline.get(part).and_then(Node::as_map) {
            add_missing(metadata, part, given);
        }
    }
    if let Some(namespace) = pipeline.get("namespace").filter(|node| node.value != Value::Null) {
        metadata.set("namespace", namespace.clone());
    }
}

fn add_missing<'a>(metadata: &mut Map<'a>, part: &'static str, given: &Map<'a>) {
    let is_own = |key: &str| OF_THE_PIPELINE.iter().any(|prefix| key.starts_with(prefix));
    let own = metadata.get(part).and_then(Node::as_map);
    let has = |key: &str| own.is_some_and(|own| own.get(key).is_some());
    let missing: Vec<_> = given
        .iter()
        .filter(|(key, _)| !is_own(&key.text) && !has(&key.text))
        .map(|(key, node)| (key.clone(), node.clone()))
        .collect();
    if missing.is_empty() {
        return;
    }

    match metadata.get_mut(part) {
        // Of something that is no mapping the API's schema says so.
        Some(own) => {
            if let Some(own) = own.as_map_mut() {
                own.entries_mut().extend(missing);
            }
        }
        None => {
            let new = Node::new(Value::Map(Map::from_unique(missing)), Origin::MACRO);
            metadata.set(part, new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read_yaml;
    use crate::value::Source;
    use crate::write::json;

    #[test]
    fn objects_take_what_they_lack_and_the_namespace() {
        for (object, pipeline, expected) in [
            ("{name: a}", "{name: p, namespace: n}", r#"{"name":"a","namespace":"n"}"#),
            ("{namespace: t, name: a}", "{namespace: n}", r#"{"namespace":"n","name":"a"}"#),
            ("{namespace: t}", "{namespace: null}", r#"{"namespace":"t"}"#),
            (
                "{labels: {a: 1}}",
                "{labels: {a: 2, b: 3}, annotations: {c: d}}",
                r#"{"labels":{"a":1,"b":3},"annotations":{"c":"d"}}"#,
            ),
            (
                "{name: a}",
                "{annotations: {kubectl.kubernetes.io/last-applied-configuration: x, \
                 streams.sentry.io/suspend: 'true', kopf.zalando.org/last-handled-configuration: x}}",
                r#"{"name":"a"}"#,
            ),
            ("{labels: x}", "{labels: {a: b}}", r#"{"labels":"x"}"#),
        ] {
            let [object, pipeline] =
                [object, pipeline].map(|text| read_yaml(text, Source::Context).unwrap().root);
            let mut object = Node::map([("metadata", object)], Origin::MACRO);
            inherit(&mut object, Some(&pipeline));
            assert_eq!(json(&object), format!(r#"{{"metadata":{expected}}}"#));
        }
    }
}
