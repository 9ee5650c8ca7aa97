//! One pipeline step.
use crate::problem::{Path, Problem};

/// One Kubernetes object.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Its key in the result.
    pub role: &'static str,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: Option<String>,
    /// JSON text.
    pub json: String,
}

/// What a render gives.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The objects.
    pub manifests: Vec<Manifest>,
    /// The warnings.
    pub warnings: Vec<Problem>,
}

/// Renders.
pub fn render(_context: &str) -> Result<Rendered, Vec<Problem>> {
    Err(vec![Problem::new("internal", Path::root(), "not written yet")])
}
/// Validates.
pub fn validate(context: &str) -> Result<Vec<Problem>, Vec<Problem>> {
    render(context).map(|r| r.warnings)
}
/// Schema.
pub fn schema() -> &'static str {
    "{}"
}
