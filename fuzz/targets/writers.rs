//! Every text writer, read back by readers that share no code with it: `serde_json`, libyaml, and the macro's own.
#![no_main]

use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use sentry_streams_k8s::read::{read, read_yaml};
use sentry_streams_k8s::value::Path;
use sentry_streams_k8s::value::Source;
use sentry_streams_k8s::write::{ConfigText, config_version, json, python_json};
use sentry_streams_k8s_fuzz::{generate, laws, write_yaml};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = generate::value(&mut Unstructured::new(bytes), 6) else { return };
    // Text that is no list or mapping is read as YAML.
    let value = Value::Array(vec![value]);
    let text = value.to_string();
    // A float beyond all floats is refused.
    let Ok(document) = read(&text, Source::Context) else { return };
    let compact = json(&document.root);
    let python = python_json(&document.root);
    same(&laws::json(&compact), &value);
    same(&laws::json(&python), &value);
    let config = ConfigText::new(&document.root, &Path::root());
    let mut written = vec![compact];
    if let Ok(config) = config {
        assert_eq!(config.version, config_version(&python));
        same(&laws::json(&config.text), &value);
        written.push(config.text);
    }
    if let Some(yaml) = write_yaml(&value) {
        let unsafe_characters = |c: &char| c.is_control() && !matches!(c, '\n' | '\t');
        assert_eq!(
            yaml.chars().find(unsafe_characters),
            None,
            "a control character is written as it is"
        );
        written.push(yaml);
    }
    for written in written {
        let again = read_yaml(&written, Source::Context)
            .unwrap_or_else(|problems| panic!("{problems:?}:\n{written}"));
        same(&laws::json(&json(&again.root)), &value);
        if !has_long_number(&value) {
            let other = yaml_serde::from_str(&written)
                .unwrap_or_else(|error| panic!("{error}:\n{written}"));
            same_in_libyaml(&other, &value);
        }
    }
});

/// Whether a number stands in it that the other reader has no type for.
fn has_long_number(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_str().len() > 18,
        Value::Array(items) => items.iter().any(has_long_number),
        Value::Object(map) => map.values().any(has_long_number),
        _ => false,
    }
}

/// Values of which numbers are the same where they are near: forms of one number differ, and readers round.
fn same(found: &Value, expected: &Value) {
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len());
            found.iter().zip(expected).for_each(|(found, expected)| same(found, expected));
        }
        (Value::Object(found), Value::Object(expected)) => {
            assert_eq!(found.len(), expected.len());
            expected.iter().for_each(|(key, expected)| same(&found[key], expected));
        }
        (Value::Number(found), Value::Number(expected)) => {
            let is_integer = |text: &str| !text.contains(['.', 'e', 'E']);
            let (found, expected) = (found.as_str(), expected.as_str());
            if is_integer(expected) {
                assert_eq!(found, if expected == "-0" { "0" } else { expected });
            } else {
                assert_eq!(found.parse::<f64>().ok(), expected.parse::<f64>().ok());
            }
        }
        (found, expected) => assert_eq!(found, expected),
    }
}

fn same_in_libyaml(found: &yaml_serde::Value, expected: &Value) {
    match (found, expected) {
        (yaml_serde::Value::Sequence(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len());
            found
                .iter()
                .zip(expected)
                .for_each(|(found, expected)| same_in_libyaml(found, expected));
        }
        (yaml_serde::Value::Mapping(found), Value::Object(expected)) => {
            assert_eq!(found.len(), expected.len());
            for (key, expected) in expected {
                same_in_libyaml(
                    found.get(key).unwrap_or_else(|| panic!("{key:?} is lost")),
                    expected,
                );
            }
        }
        (yaml_serde::Value::Number(found), Value::Number(expected)) => {
            assert_eq!(found.as_f64(), expected.as_str().parse().ok());
        }
        (yaml_serde::Value::String(found), Value::String(expected)) => assert_eq!(found, expected),
        (yaml_serde::Value::Bool(found), Value::Bool(expected)) => assert_eq!(found, expected),
        (yaml_serde::Value::Null, Value::Null) => {}
        (found, expected) => panic!("{found:?} is not {expected:?}"),
    }
}
