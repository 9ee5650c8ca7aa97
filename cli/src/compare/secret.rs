//! Values that may be secrets, by what names say, so that a difference does not show them.

use sentry_streams_k8s::problem::is_secret;
use sentry_streams_k8s::value::{Map, Node};
use serde_json::Value;

/// What stands for a value that is not shown.
pub(super) const HIDDEN: &str = "(hidden)";

/// Fields of the API with such a name that only refer to something, or say how it is used.
const REFERENCES: [&str; 7] = [
    "automountServiceAccountToken",
    "imagePullSecrets",
    "secretKeyRef",
    "secretName",
    "secretRef",
    "serviceAccountToken",
    "topologyKey",
];

/// Whether a word of a text is the name of a secret.
pub(crate) fn names_secret(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').any(is_secret)
}

/// Whether a text is one word, as names are.
pub(crate) fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// Whether the value of a key is a secret, in a mapping that may say so beside it: `{name: DB_PASSWORD, value: …}`.
pub(super) fn is_secret_key(key: &str, siblings: &Map<'_>) -> bool {
    let is_named = siblings.get("name").and_then(Node::as_str).is_some_and(names_secret);
    (names_secret(key) && !REFERENCES.contains(&key)) || (key == "value" && is_named)
}

/// Whether an item of a list names a secret that the next one may be: `[--password, …]`.
pub(super) fn names_one(items: &[Node<'_>]) -> bool {
    items.iter().filter_map(Node::as_str).any(names_secret)
}

/// JSON text without the secrets in it.
pub(super) fn without_secrets(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) => {
            hide(&mut value);
            if value == HIDDEN { HIDDEN.to_owned() } else { value.to_string() }
        }
        // A sentence about the value.
        Err(_) => text.to_owned(),
    }
}

fn hide(value: &mut Value) {
    match value {
        Value::String(text) if names_secret(text) && !is_name(text) => *value = HIDDEN.into(),
        Value::Array(items) => {
            let names_one = items.iter().filter_map(Value::as_str).any(names_secret);
            for item in items {
                if names_one && item.is_string() {
                    *item = HIDDEN.into();
                } else {
                    hide(item);
                }
            }
        }
        Value::Object(map) => {
            let is_named = map.get("name").and_then(Value::as_str).is_some_and(names_secret);
            for (key, value) in map.iter_mut() {
                if (names_secret(key) && !REFERENCES.contains(&key.as_str()))
                    || (key == "value" && is_named)
                {
                    *value = HIDDEN.into();
                } else {
                    hide(value);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_say_is_secret_is_hidden() {
        for (text, expected) in [
            (
                r#"{"name":"DB_PASSWORD","value":"hunter2"}"#,
                r#"{"name":"DB_PASSWORD","value":"(hidden)"}"#,
            ),
            (r#"{"a":[{"api_token":{"b":1}}]}"#, r#"{"a":[{"api_token":"(hidden)"}]}"#),
            (r#"["--password","hunter2",3]"#, r#"["(hidden)","(hidden)",3]"#),
            (r#""export TOKEN=hunter2""#, "(hidden)"),
            (
                r#"{"secretKeyRef":{"name":"kafka","key":"a"}}"#,
                r#"{"secretKeyRef":{"name":"kafka","key":"a"}}"#,
            ),
            (r#"{"name":"A","value":"b"}"#, r#"{"name":"A","value":"b"}"#),
            ("in the order token, b", "in the order token, b"),
        ] {
            assert_eq!(without_secrets(text), expected);
        }
    }
}
