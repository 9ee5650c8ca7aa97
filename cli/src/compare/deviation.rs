//! Which entry of `DEVIATIONS.md` a difference to the reference is.

use super::change::{Change, Consequence};
use sentry_streams_k8s::context::Field;
use sentry_streams_k8s::problem::Code;

/// The document.
const DEVIATIONS: &str = include_str!("../../DEVIATIONS.md");

/// The heading of an entry, `D3 …`, and where it is: `DEVIATIONS.md#d3-…`.
pub(crate) fn entry(id: &str) -> Option<(&'static str, String)> {
    let is_entry = |heading: &&str| heading.split(' ').next() == Some(id);
    let heading = DEVIATIONS.lines().filter_map(|line| line.strip_prefix("### ")).find(is_entry)?;
    // As GitHub makes anchors of headings.
    let anchor = heading.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c.to_ascii_lowercase()),
        _ => None,
    });
    Some((heading, format!("DEVIATIONS.md#{}", anchor.collect::<String>())))
}

/// The entry that explains a problem where the reference rendered.
pub(crate) fn of_problem(code: &str, path: &str) -> &'static str {
    /// What Kubernetes refuses, whatever it is.
    const KUBERNETES: &str = "D6";

    let path = path.strip_prefix("spec.").unwrap_or(path);
    let is_field = !path.contains(['.', '[']);
    let of_field = Field::named(path).and_then(|field| field.deviation);
    let code = Code::from_name(code);

    match code.and_then(Code::deviation) {
        Some(_) if code == Some(Code::UnknownField) && is_field => "D15",
        Some(own) if own != KUBERNETES => own,
        _ => of_field.unwrap_or(KUBERNETES),
    }
}

/// The entry that explains a change from the reference's object to ours; none where none does.
pub(crate) fn of_change(change: &Change) -> Option<&'static str> {
    const POD: &str = "spec.template.spec.";
    let in_pod = change.path.strip_prefix(POD);
    match change.consequence {
        Consequence::ConfigMap | Consequence::SameMeaning if change.path.starts_with("data") => {
            Some("D11")
        }
        _ if in_pod.is_some_and(|path| path.contains(".resources.")) => match &change.old {
            Some(old) if is_repeated(old) => Some("D9"),
            _ => Some("D2"),
        },
        _ if in_pod.is_some_and(|path| path.contains("[dshm]") || path.ends_with("[/dev/shm]")) => {
            Some("D2")
        }
        // The reference's list has an item twice, so that its items have no keys to go by.
        _ if in_pod.is_some_and(|path| {
            ["containers[", "initContainers[", "volumes["].iter().any(|list| {
                let position = path.strip_prefix(list).and_then(|rest| rest.split(']').next());
                position.is_some_and(|position| position.parse::<usize>().is_ok())
            })
        }) =>
        {
            Some("D4")
        }
        _ => None,
    }
}

/// Whether a quantity in quotes has the same digits several times: Python's `"1000" * 4`.
fn is_repeated(quantity: &str) -> bool {
    let digits: &str = quantity.trim_matches('"').trim_end_matches(|c: char| !c.is_ascii_digit());
    let is_part = |length: usize| {
        let part = digits.get(..length).unwrap_or_default();
        digits.len().is_multiple_of(length)
            && part.repeat(digits.len().div_euclid(length)) == digits
    };
    (3..digits.len()).any(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A code says which entry it is; what many fields can have wrong is explained by the field.
    #[test]
    fn each_problem_has_its_own_entry() {
        for (code, path, id) in [
            ("yaml-line-break", "deployment_template", "D23"),
            ("long-key", "pipeline_config.env", "D24"),
            ("unsupported-value", "pipeline_module", "D13"),
            ("wrong-type", "cpu_per_process", "D9"),
            ("wrong-type", "spec.memory_per_process", "D9"),
            ("unknown-field", "replica", "D15"),
            ("unknown-field", "deployment_template.spec.replica", "D7"),
            ("empty-name", "service_name", "D16"),
            ("invalid-label", "pipeline_name", "D6"),
            ("not-finite", "pipeline_config.x", "D12"),
            ("wrong-type", "container_template.env[0].value", "D6"),
        ] {
            assert_eq!(of_problem(code, path), id, "{code} {path}");
        }
    }

    #[test]
    fn entries_have_headings_and_anchors() {
        let (heading, link) = entry("D3").unwrap();
        assert_eq!(heading, "D3 `null` in the emergency patch removes a field");
        assert_eq!(link, "DEVIATIONS.md#d3-null-in-the-emergency-patch-removes-a-field");
        for id in [2, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21] {
            assert!(entry(&format!("D{id}")).is_some(), "{id}");
        }
        assert_eq!(entry("D"), None);
    }

    #[test]
    fn repeated_digits_are_known() {
        assert!(is_repeated("\"1000100010001000m\""));
        assert!(!is_repeated("\"4000m\"") && !is_repeated("\"1111m\"") && !is_repeated("\"\""));
    }
}
