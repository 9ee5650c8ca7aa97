//! What a Kubernetes API server says to a Deployment or a `ConfigMap`, before it is asked.
//!
//! [`check`] finds what the server would refuse: by the API's schema, which is a generated table, and by the rules of
//! its validation, each named by its source. [`schema`] also tells how lists merge.

mod check;
mod names;
mod place;
mod quantity;
mod rules;
pub mod schema;
#[rustfmt::skip]
mod schema_table;

pub use check::{Finding, Kind, Severity, check, check_beside_pods};

/// What to do about a finding of a code, where it does not say itself.
pub(crate) fn cure(code: &str) -> Option<&'static str> {
    Some(match code {
        "missing-field" => "add it",
        "invalid-name" => "use letters, digits and what else the rule in the message allows",
        "invalid-label" => "use at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
        "invalid-annotation" => "write the key as a label's; a domain and `/` may stand before it",
        "invalid-quantity" => "write an amount as 500m, 1.5 or 2Gi; limits are at least as large as requests",
        "duplicate-name" => "rename or remove one of the two",
        "unknown-volume" => "add the volume to the pod, or mend the name",
        "selector-mismatch" => {
            "give the pods the labels that the selector asks for, or remove it: the macro adds its own"
        }
        "unsupported-value" | "out-of-range" => "use a value that the message allows, or remove the field",
        "conflicting-fields" => "keep one of the fields, or add what the message asks for",
        "too-large" => "write less",
        _ => return None,
    })
}
