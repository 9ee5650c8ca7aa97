//! The emergency patch.

use crate::merge::{Mend, Merge};
use crate::node::Node;
use crate::problem::{Path, Problem, Trail};

/// Lays the patch over a Deployment.
pub(crate) fn apply<'a>(deployment: &mut Node<'a>, patch: &Node<'a>, place: &Path, problems: &mut Vec<Problem>) {
    Merge { root: place, mend: Mend::Above, other: "the Deployment has", problems }.apply(
        deployment,
        patch,
        &Trail::ROOT,
    );
}
