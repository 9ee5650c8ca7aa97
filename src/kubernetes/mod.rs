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

pub use check::{Finding, Kind, Severity, check};
