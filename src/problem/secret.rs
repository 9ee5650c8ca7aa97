//! Secrets: values that no problem shows, since logs of a build are read by many.
//!
//! Only a name can say that a value is one: that of a key, or of an environment variable. What a name does not say is
//! not known, and what is shown of any value is short. A value is hidden where it would be shown, before a sentence is
//! made of it. A key that is nothing known, below a name of a secret, may be a part of the secret and is hidden too,
//! unless it is nearly a key that is known. Other keys are shown. Names of anchors and unknown tags are not: a password
//! may begin with `&` or `!`.

use crate::value::{Node, Path, Step, Trail};

/// What stands for a value that is not shown.
pub(crate) const HIDDEN: &str = "…";

/// Whether a name says that its value is a secret: `DB_PASSWORD`, `apiKey`, `SENTRY_DSN`.
#[inline(never)]
pub fn is_secret(name: &str) -> bool {
    const PARTS: [&str; 9] =
        ["pass", "pwd", "secret", "token", "credential", "dsn", "auth", "private", "cookie"];

    let name = name.to_ascii_lowercase();
    // `key` alone is a name in many objects.
    PARTS.iter().any(|part| name.contains(part)) || (name.ends_with("key") && name != "key")
}

/// Whether a place may hold a secret: a name on the way says so, or it is the `value` of something whose name says so,
/// or is not known.
pub(crate) fn may_hold_secret(trail: &Trail<'_>) -> bool {
    says_secret(trail.last_key(), trail.name_of_value(), trail.keys())
}

/// The way to a place in a text that is still being read, as far as it shows no secret: keys below a `value`, or a name
/// of a secret, may be a part of one.
#[inline(never)]
pub(crate) fn shown_path(trail: &Trail<'_>) -> Path {
    let mut path = Path::root();
    for step in trail.path().steps() {
        path.push(step.clone());
        if step.key().is_some_and(|key| key == "value" || is_secret(key)) {
            break;
        }
    }
    path
}

/// The same of a place in a text that is still being read: what stands beside a `value` is not known yet.
pub(crate) fn may_hold_secret_at(path: &Path) -> bool {
    let steps = path.steps();
    says_secret(steps.last().and_then(Step::key), None, steps.iter().filter_map(Step::key))
}

fn says_secret<'k>(
    last_key: Option<&str>,
    name_of_value: Option<&str>,
    mut keys: impl Iterator<Item = &'k str>,
) -> bool {
    (last_key == Some("value") && name_of_value.is_none_or(is_secret)) || keys.any(is_secret)
}

/// A value as a message shows it, at a place: `the number 5`, and of a secret only its kind.
pub(crate) fn describe(node: &Node<'_>, is_hidden: bool) -> String {
    let is_hidden = is_hidden || node.as_str().is_some_and(names_a_secret);
    if is_hidden { node.kind().to_owned() } else { node.describe().to_string() }
}

/// Whether a text is more than a name and has that of a secret in it: `password:hunter2`, where a mapping was meant, or a
/// key that an unclosed quote made of several lines.
// Called from many places, of which none is fast.
#[inline(never)]
pub(crate) fn names_a_secret(text: &str) -> bool {
    const BETWEEN: [char; 5] = [':', '=', ' ', '\n', '"'];
    text.contains(BETWEEN) && text.split(BETWEEN).any(is_secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_a_secret() {
        for name in [
            "DB_PASSWORD",
            "sentryDsn",
            "API_KEY",
            "privateKey",
            "oauth",
            "Token",
            "secretName",
            "passphrase",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["key", "value", "image", "name", "bootstrap_servers", "replicas", "keys", ""] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_name_on_the_way_hides_what_is_below() {
        let root = Trail::ROOT;
        let [secret, other] = [root.key("api_token"), root.key("env")];
        assert!(
            may_hold_secret(&secret)
                && may_hold_secret(&secret.index(0))
                && may_hold_secret(&other.key("value"))
        );
        assert!(
            !may_hold_secret(&other)
                && !may_hold_secret(&root)
                && !may_hold_secret(&other.key("value").key("x"))
        );
    }
}
