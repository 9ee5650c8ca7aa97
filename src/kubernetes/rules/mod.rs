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
mod image_name;
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
mod warnings;
mod windows;

use super::finding::Findings;
use super::place::Place;
use super::schema::Kind;
use crate::problem::Code;
use crate::value::{Node, Value};

/// Adds what the rules find.
pub(super) fn check(root: &Place<'_>, kind: Kind, findings: &mut Findings) {
    managed_kind(root, kind, findings);
    metadata::object(root, findings);
    size(root, findings);
    if let Some(status) = root.field("status").filter(|status| status.fields().next().is_some()) {
        findings.add(
            Code::ServerField,
            &status,
            "only an API server sets `status`, and it drops this one",
        );
    }
    match kind {
        Kind::Deployment => {
            deployment::check(root, findings);
            warnings::of_deployment(root, findings);
        }
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

/// An object that an API server does not read (`MaxRequestBodyBytes`), or cannot store (etcd's `DefaultMaxRequestBytes`):
/// its own form has all the texts, and little else.
fn size(root: &Place<'_>, findings: &mut Findings) {
    const MOST_STORED: usize = 3 << 19;
    const MOST_READ: usize = 3 << 20;

    let Size { texts, json } = Size::of(root.node);
    let message = if texts > MOST_STORED {
        format!(
            "the texts of the object have {texts} bytes; a cluster stores at most {MOST_STORED} (1.5 MiB)"
        )
    } else if json > MOST_READ {
        format!(
            "the object has {json} bytes or more; an API server reads at most {MOST_READ} (3 MiB)"
        )
    } else {
        return;
    };
    findings.add(Code::ObjectTooLarge, root, message);
}

/// The bytes of an object, at least.
#[derive(Default)]
struct Size {
    /// Of its texts.
    texts: usize,
    /// As JSON, escapes aside.
    json: usize,
}

impl Size {
    fn of(node: &Node<'_>) -> Self {
        let mut size = Self::default();
        size.add(node);
        size
    }

    fn add(&mut self, node: &Node<'_>) {
        let own = match &node.value {
            Value::String(text) | Value::Timestamp(text) => {
                self.texts = self.texts.saturating_add(text.len());
                text.len().saturating_add(2)
            }
            Value::List(items) => {
                for item in items {
                    self.add(item);
                }
                items.len().saturating_add(1)
            }
            Value::Map(map) => map.iter().fold(1, |own: usize, (key, value)| {
                self.add(value);
                own.saturating_add(key.text.len()).saturating_add(4)
            }),
            _ => 1,
        };
        self.json = self.json.saturating_add(own);
    }
}
