//! Kubernetes names and labels from the names people give their services and pipelines.

use crate::kubernetes::lower_case_letter;

/// The longest label value Kubernetes takes.
const LABEL_MAX: usize = 63;

/// A name Kubernetes takes, as the reference makes it: `.` and `_` become `-`, letters lower case, everything else
/// than `a-z`, `0-9` and `-` is dropped, dashes at both ends too. It may come out empty or too long.
pub(crate) fn kubernetes_name(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    name.extend(text.chars().filter_map(kept));
    name.trim_matches('-').to_owned()
}

/// What is left of a character in a name.
fn kept(c: char) -> Option<char> {
    match lower_case_letter(c) {
        c @ ('a'..='z' | '0'..='9' | '-') => Some(c),
        '.' | '_' => Some('-'),
        _ => None,
    }
}

/// The value of the label `pipeline-app`: the module's name, cut to what a label holds.
pub(crate) fn pipeline_app(module: &str) -> String {
    let mut name = kubernetes_name(module);
    name.truncate(LABEL_MAX);
    name.truncate(name.trim_end_matches('-').len());
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_as_the_reference_makes_them() {
        for (text, name) in [
            ("my_svc.a", "my-svc-a"),
            ("--a__b--", "a--b"),
            ("@@@", ""),
            ("профили", ""),
            ("\u{212a}afka", "kafka"),
            ("\u{130}x", "ix"),
            ("Straße", "strae"),
            ("a/b.py", "ab-py"),
            ("", ""),
        ] {
            assert_eq!(kubernetes_name(text), name, "{text}");
        }
    }

    #[test]
    fn letters_become_lower_case_as_unicode_has_it() {
        for c in char::MIN..=char::MAX {
            let lower =
                if c == '.' || c == '_' { "-".to_owned() } else { c.to_lowercase().collect() };
            let expected: String =
                lower.chars().filter(|c| matches!(c, 'a'..='z' | '0'..='9' | '-')).collect();
            assert_eq!(kept(c).map(String::from).unwrap_or_default(), expected, "{c:?}");
        }
    }

    #[test]
    fn the_application_label_is_cut_before_its_last_dashes() {
        assert_eq!(pipeline_app(&"a".repeat(64)).len(), 63);
        assert_eq!(pipeline_app(&format!("{}--{}", "a".repeat(62), "b")), "a".repeat(62));
    }
}
