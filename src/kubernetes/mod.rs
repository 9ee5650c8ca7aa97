//! What a Kubernetes API server says to a Deployment or a `ConfigMap`, before it is asked.
//!
//! [`problems`] finds what the server would refuse: by the API's schema, which is a generated table, and by the rules of
//! its validation, each named by its source. [`schema`] also says how lists merge.

mod check;
mod finding;
mod names;
mod place;
mod quantity;
mod rules;
pub mod schema;
#[rustfmt::skip]
mod schema_table;
mod types;

use crate::problem::Problem;
use crate::value::Node;
pub(crate) use check::check;
pub use schema::Kind;

/// Everything that the API server would refuse of an object, by its paths in it.
pub fn problems(object: &Node<'_>, kind: Kind) -> Vec<Problem> {
    check(object, kind).problems.into_list()
}
