//! How an object would change: for messages about changes that Kubernetes refuses.

use serde_json::Value;

/// The values at and below a field (`spec.selector`) that are not the same in both objects, each in words.
pub(crate) fn differences(standing: &Value, desired: &Value, field: &str) -> Vec<String> {
    let at = |object| field.split('.').try_fold(object, |value: &Value, key| value.get(key));
    let mut found = Vec::new();
    compare(at(standing), at(desired), field, &mut found);
    found
}

fn compare(standing: Option<&Value>, desired: Option<&Value>, path: &str, found: &mut Vec<String>) {
    if standing == desired {
        return;
    }
    if let (Some(Value::Object(old)), Some(Value::Object(new))) = (standing, desired) {
        let added = new.keys().filter(|key| !old.contains_key(*key));
        for key in old.keys().chain(added) {
            compare(old.get(key), new.get(key), &format!("{path}.{key}"), found);
        }
        return;
    }
    found.push(match (standing, desired) {
        (Some(old), Some(new)) => format!("{path} is {old} and would become {new}"),
        (Some(old), None) => format!("{path} is {old} and would be removed"),
        (None, Some(new)) => format!("{path} would be added as {new}"),
        (None, None) => return,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tells_what_is_changed_added_and_removed() {
        let selector = |labels: Value| json!({ "spec": { "selector": { "matchLabels": labels } } });
        let standing = selector(json!({ "app": "a", "env": "x", "same": "s" }));
        let desired = selector(json!({ "app": "b", "segment": "0", "same": "s" }));
        assert_eq!(
            differences(&standing, &desired, "spec.selector"),
            [
                r#"spec.selector.matchLabels.app is "a" and would become "b""#,
                r#"spec.selector.matchLabels.env is "x" and would be removed"#,
                r#"spec.selector.matchLabels.segment would be added as "0""#,
            ]
        );
    }

    #[test]
    fn a_field_of_neither_is_no_difference() {
        assert!(differences(&json!({}), &json!({}), "spec.selector").is_empty());
        assert_eq!(
            differences(&json!({}), &json!({ "data": { "a": "b" } }), "data"),
            [r#"data would be added as {"a":"b"}"#]
        );
    }
}
