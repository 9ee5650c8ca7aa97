//! Which entry of `DEVIATIONS.md` a difference to the reference is.

use crate::diff::{Change, Consequence};

/// The entry that explains a problem where the reference rendered, by the problem's code, path and message.
pub fn of_problem(code: &str, path: &str, message: &str) -> &'static str {
    let path = path.trim_start_matches("spec.");
    let field = path.split(['.', '[']).next().unwrap_or_default();
    match (code, field) {
        ("unknown-field", "deployment_template" | "container_template" | "emergency_patch") => "D7",
        ("unknown-field", _) => "D15",
        ("managed-field", "container_template") if path.contains(".resources.") => "D18",
        ("managed-field", _) => "D8",
        ("name-collision", _) => "D17",
        ("wrong-type", "cpu_per_process" | "memory_per_process") => "D19",
        (_, "cpu_per_process" | "memory_per_process") => "D9",
        ("out-of-range", "pipeline_config") if path.ends_with(".processes") => "D9",
        (_, "replicas" | "image_name") => "D10",
        (_, "segment_id") => "D13",
        (_, "with_canary" | "enable_liveness_probe") => "D14",
        ("invalid-name", "pipeline_name" | "service_name") if message.starts_with("no letter") => "D16",
        ("cyclic-alias", _) => "D20",
        ("unsupported-value", "pipeline_config") => "D12",
        ("unsupported-value", _) if message.ends_with("JSON cannot say") => "D20",
        ("wrong-type", _) if field == path => "D21",
        _ => "D6",
    }
}

/// The entry that explains a change from the reference's object to ours; none where none does.
pub fn of_change(change: &Change) -> Option<&'static str> {
    const POD: &str = "spec.template.spec.";
    let in_pod = change.path.strip_prefix(POD);
    match change.consequence {
        Consequence::ConfigMap | Consequence::SameMeaning if change.path.starts_with("data") => Some("D11"),
        _ if in_pod.is_some_and(|path| path.contains(".resources.")) => match &change.old {
            Some(old) if is_repeated(old) => Some("D9"),
            _ => Some("D2"),
        },
        _ if in_pod.is_some_and(|path| path.contains("[dshm]") || path.ends_with("[/dev/shm]")) => Some("D2"),
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
    (1..digits.len()).any(|length| {
        let part = digits.get(..length).unwrap_or_default();
        length > 1 && digits.len() % length == 0 && part.repeat(digits.len().div_euclid(length)) == digits
    })
}
