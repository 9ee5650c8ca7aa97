//! `ConfigMap`.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use crate::problem::Code;

/// `ValidateConfigMap`.
pub(super) fn check(root: &Place<'_>, findings: &mut Findings) {
    let data = root.field("data");
    let binary = root.field("binaryData");
    let mut size = 0_usize;
    for bag in [&data, &binary].into_iter().flatten() {
        for (key, value) in bag.entries() {
            if let Err(rule) = names::config_map_key(key) {
                findings.add(Code::InvalidName, &value, format!("the key {rule}"));
            }
            size = size.saturating_add(value.text().map_or(0, str::len));
        }
    }
    if let (Some(data), Some(binary)) = (&data, &binary) {
        for (key, value) in data.entries().filter(|(key, _)| binary.node.get(key).is_some()) {
            findings.add(
                Code::DuplicateName,
                &value,
                format!("the key `{key}` stands in `binaryData` too"),
            );
        }
    }
    // MaxSecretSize
    if size > 1 << 20 {
        findings.add(
            Code::ObjectTooLarge,
            data.as_ref().unwrap_or(root),
            format!("the data has {size} bytes; the limit is 1048576 (1 MiB)"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::check::check;
    use super::super::super::schema::Kind;
    use super::super::super::versions::Cluster;
    use super::super::testing::node;
    use crate::problem::Code;
    use serde_json::{Value as Json, json};

    fn codes(object: &Json) -> Vec<Code> {
        check(&node(object), Kind::ConfigMap, Cluster::default())
            .into_list()
            .into_iter()
            .map(|finding| finding.code)
            .collect()
    }

    #[test]
    fn data() {
        let with = |data: Json| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data});
        assert_eq!(codes(&with(json!({"a.yaml": "text", "b": ""}))), Vec::<Code>::new());
        assert_eq!(codes(&with(json!({"a": "a".repeat(1 << 20)}))), Vec::<Code>::new());
        assert_eq!(
            codes(&with(json!({"a": "a".repeat(1 << 20), "b": "a"}))),
            [Code::ObjectTooLarge]
        );
        assert_eq!(codes(&with(json!({"a b": ""}))), [Code::InvalidName]);
        assert_eq!(codes(&with(json!({"a": 1}))), [Code::WrongType]);
    }

    #[test]
    fn kind_and_binary_data() {
        let config_map = |binary: &str| {
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": ""},
                   "binaryData": {"b": binary}})
        };
        for text in ["", "YQ==", "YWI=", "YWJj"] {
            assert_eq!(codes(&config_map(text)), Vec::<Code>::new(), "{text}");
        }
        for text in ["a", "YQ=", "Y===", "?WJj"] {
            assert_eq!(codes(&config_map(text)), [Code::WrongType], "{text}");
        }
        assert_eq!(
            codes(&json!({"apiVersion": "v2", "kind": "Secret", "metadata": {"name": "a"}})),
            [Code::UnsupportedValue, Code::UnsupportedValue]
        );
        assert_eq!(
            codes(&json!({})),
            [Code::MissingField, Code::MissingField, Code::MissingField, Code::MissingField]
        );
    }
}
