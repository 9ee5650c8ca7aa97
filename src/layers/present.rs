//! A template without the nulls that stand where another layer has something.

use crate::value::{Map, Node, Value};
use std::borrow::Cow;

/// A template as the layers around it see it: a key whose value is null is as if it were not there, where one of the
/// others has a list or a mapping. Kubernetes reads a null as absent (`volumes:` with every item commented out).
pub(crate) fn present<'n, 'a>(template: &'n Node<'a>, others: &[&Node<'_>]) -> Cow<'n, Node<'a>> {
    if !has_covered_null(template, others) {
        return Cow::Borrowed(template);
    }

    let mut template = template.clone();
    remove_covered_nulls(&mut template, others);
    Cow::Owned(template)
}

fn has_covered_null(template: &Node<'_>, others: &[&Node<'_>]) -> bool {
    let Some(map) = template.as_map().filter(|_| !others.is_empty()) else { return false };
    map.iter().any(|(key, node)| {
        let below = under(others, &key.text);
        is_covered(node, &below) || has_covered_null(node, &below)
    })
}

fn remove_covered_nulls(template: &mut Node<'_>, others: &[&Node<'_>]) {
    let Some(map) = template.as_map_mut() else { return };

    map.entries_mut().retain_mut(|(key, node)| {
        let below = under(others, &key.text);
        remove_covered_nulls(node, &below);
        !is_covered(node, &below)
    });
}

fn is_covered(node: &Node<'_>, others: &[&Node<'_>]) -> bool {
    let holds_more = |other: &&Node<'_>| matches!(other.value, Value::List(_) | Value::Map(_));
    node.value == Value::Null && others.iter().any(holds_more)
}

/// What the others have under a key.
fn under<'o, 'b>(others: &[&'o Node<'b>], key: &str) -> Vec<&'o Node<'b>> {
    let values =
        others.iter().filter_map(|other| other.as_map().and_then(|map: &Map<'b>| map.get(key)));
    values.filter(|node| node.value != Value::Null).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read_yaml;
    use crate::value::Source;
    use crate::write::json;

    #[test]
    fn nulls_go_where_another_layer_has_something() {
        for (template, other, expected) in [
            ("{a: null, b: 1}", "{a: [1]}", r#"{"b":1}"#),
            ("{a: {b: null, c: null}}", "{a: {b: {}}}", r#"{"a":{"c":null}}"#),
            ("{a: null}", "{}", r#"{"a":null}"#),
            ("{a: null}", "{a: null}", r#"{"a":null}"#),
            ("{a: null}", "{a: 2}", r#"{"a":null}"#),
            ("{a: 1}", "{a: 2}", r#"{"a":1}"#),
            ("null", "{a: 1}", "null"),
        ] {
            let [template, other] = [template, other]
                .map(|text| read_yaml(text, Source::DeploymentTemplate).unwrap().root);
            assert_eq!(json(&present(&template, &[&other])), expected, "{}", json(&template));
        }
    }
}
