//! Secrets: values that no problem shows, since logs of a build are read by many.
//!
//! Only a name can say that a value is one: that of a key, or of an environment variable. What a name does not say is
//! not known, and what is shown of any value is short.

use crate::node::{Node, Origin, Value};
use crate::output::{PythonFloat, json};
use crate::problem::{Path, Problem, Step};

/// What stands for a value that is not shown.
const HIDDEN: &str = "…";

/// Whether a name says that its value is a secret: `DB_PASSWORD`, `apiKey`, `SENTRY_DSN`.
pub fn is_secret(name: &str) -> bool {
    const PARTS: [&str; 9] = ["pass", "pwd", "secret", "token", "credential", "dsn", "auth", "private", "cookie"];
    let name = name.to_ascii_lowercase();
    // `key` alone is a name in many objects.
    PARTS.iter().any(|part| name.contains(part)) || (name.ends_with("key") && name != "key")
}

/// Whether a path leads to a secret, or to where one may be: the name of an environment variable stands beside its
/// `value`.
pub(crate) fn leads_to_secret(path: &Path) -> bool {
    let is_value = matches!(path.steps().last(), Some(Step::Key(key)) if key == "value");
    is_value || path.steps().iter().any(|step| matches!(step, Step::Key(key) if is_secret(key)))
}

/// Whether the value under a key of a mapping is a secret.
pub(crate) fn is_secret_in(mapping: &Node<'_>, key: &str) -> bool {
    is_secret(key) || (key == "value" && mapping.get("name").and_then(Node::as_str).is_some_and(is_secret))
}

/// What a message would show of a value.
pub(crate) fn text(value: &Node<'_>) -> Option<String> {
    match &value.value {
        Value::String(text) | Value::Integer(text) | Value::Timestamp(text) => Some(text.to_string()),
        Value::Float(float) => Some(PythonFloat(*float).to_string()),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) => None,
    }
}

impl Problem {
    /// Takes the text of a value out of what is said.
    pub(crate) fn hide(&mut self, text: &str) {
        for said in [Some(&mut self.message), self.help.as_mut()].into_iter().flatten() {
            *said = without(said, text);
        }
    }
}

/// A sentence without a text that it shows: in quotes, where it may be cut, or as it is, which only numbers and dates
/// are.
fn without(sentence: &str, text: &str) -> String {
    let quoted = json(&Node::string(text, Origin::MACRO));
    let debug = format!("{text:?}");
    let cut = debug.chars().take(30).collect::<String>();
    let mut sentence = sentence.replace(&quoted, HIDDEN).replace(&debug, HIDDEN);
    // Of a long text the start is shown, up to a quote.
    while let Some(start) = sentence.find(&cut).filter(|_| text.len() > 30) {
        let rest = sentence.get(start.saturating_add(1)..).unwrap_or_default();
        let end = rest.find('"').map_or(sentence.len(), |at| start.saturating_add(at).saturating_add(2));
        sentence.replace_range(start..end, HIDDEN);
    }
    if text.contains(|c: char| c.is_ascii_digit()) { sentence.replace(text, HIDDEN) } else { sentence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_a_secret() {
        for name in ["DB_PASSWORD", "sentryDsn", "API_KEY", "privateKey", "oauth", "Token", "secretName", "passphrase"]
        {
            assert!(is_secret(name), "{name}");
        }
        for name in ["key", "value", "image", "name", "bootstrap_servers", "replicas", "keys", ""] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn what_is_hidden_is_gone_in_every_form() {
        let long = "hunter2 ".repeat(20);
        for (text, sentence, expected) in [
            ("hunter", "got the string \"hunter\"", "got the string …"),
            ("a\"b\n", "got \"a\\\"b\\n\" here", "got … here"),
            ("12345", "got the number 12345", "got the number …"),
            ("2024-01-01", "quote it: \"2024-01-01\"", "quote it: …"),
            ("a", "expected a string, got the string \"a\"", "expected a string, got the string …"),
            (&long, &*format!("{:?}… is none", &long[..40]), "…… is none"),
            (&long, &*format!("{long:.40?} is none"), "… is none"),
        ] {
            assert_eq!(without(sentence, text), expected);
        }
    }
}
