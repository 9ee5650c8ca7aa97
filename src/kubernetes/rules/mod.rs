//! The rules that Kubernetes' validation adds to the schema.
//!
//! Each function names its source: the function of Kubernetes' `pkg/apis/core/validation` or
//! `pkg/apis/apps/validation` (version 1.37) that has the rule, or another place. The code is ours.

mod annotations;
mod config_map;
mod constraint;
mod container;
mod deployment;
mod driver;
mod env;
mod metadata;
mod paths;
mod pod;
mod probe;
mod resources;
mod scheduling;
mod scope;
mod security;
#[cfg(test)]
mod testing;
mod volume;
mod windows;

use super::finding::Findings;
use super::place::Place;
use super::schema::Kind;
use crate::problem::Code;

/// Adds what the rules find.
pub(super) fn check(root: &Place<'_>, kind: Kind, findings: &mut Findings) {
    managed_kind(root, kind, findings);
    metadata::object(root, findings);
    match kind {
        Kind::Deployment => deployment::check(root, findings),
        Kind::ConfigMap => config_map::check(root, findings),
    }
}

/// What the macro renders is of the kind that its result names.
fn managed_kind(root: &Place<'_>, kind: Kind, findings: &mut Findings) {
    let (api_version, name) = kind.names();
    for (field, expected) in [("apiVersion", api_version), ("kind", name)] {
        match root.field(field) {
            None => findings.missing(root, field, format!("`{field}` is required: {expected}")),
            Some(place) if place.text().is_some_and(|text| text != expected) => {
                findings.add(Code::UnsupportedValue, &place, format!("must be {expected}"));
            }
            Some(_) => {}
        }
    }
}
