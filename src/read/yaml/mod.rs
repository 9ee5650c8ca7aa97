//! YAML as `PyYAML`'s `safe_load` reads it.
//!
//! The text becomes a flat list of pieces in document order ([`compose`]); values are built from it ([`build`]),
//! following aliases backwards. Only what aliases copy can grow, and that is counted.

mod build;
mod characters;
mod compose;
mod syntax;

use super::document::Document;
use crate::problem::Problem;
use crate::value::Source;

/// Why a text gives no document.
#[derive(Debug)]
pub(super) enum Failure {
    /// It is not YAML.
    Syntax(Problem),
    /// It is YAML, and says something that cannot be read.
    Value(Vec<Problem>),
}

/// Reads a text that is one YAML document.
pub(super) fn read(text: &str, source: Source) -> Result<Document<'_>, Failure> {
    let pieces =
        compose::compose(text).map_err(|error| Failure::Syntax(error.into_problem(source)))?;

    build::build(&pieces, source).map_err(Failure::Value)
}

#[cfg(test)]
mod tests;
