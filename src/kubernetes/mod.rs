//! What a Kubernetes API server says to a Deployment or a `ConfigMap`, before it is asked.
//!
//! [`problems`] finds what the server would refuse: by the API's schema, which is a generated table, and by the rules of
//! its validation, each named by its source. [`schema`] also says how lists merge.

mod availability;
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
pub mod versions;
#[rustfmt::skip]
mod versions_table;

use crate::problem::Problem;
use crate::value::Node;
pub(crate) use check::check;
pub(crate) use names::lower_case_letter;
pub use schema::Kind;
pub use versions::Cluster;

/// Everything that the API server of a cluster would warn of, and what else is suspicious in an object.
pub fn warnings(object: &Node<'_>, kind: Kind, cluster: Cluster) -> Vec<Problem> {
    check(object, kind, cluster).warnings.into_list()
}

/// Everything that the API server of a cluster would refuse of an object, by its paths in it.
pub fn problems(object: &Node<'_>, kind: Kind, cluster: Cluster) -> Vec<Problem> {
    check(object, kind, cluster).problems.into_list()
}
