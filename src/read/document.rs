//! A document that was read, and its limits.

use super::unique::Repeat;
use crate::problem::{Code, Cure, Problem, quoted};
use crate::value::{MAX_DEPTH, Node, Path};

/// The most digits an integer may have: Python, which the reference runs on, reads and prints no longer ones.
pub const MAX_INTEGER_DIGITS: usize = 4300;

/// How much copies made by aliases and merge keys may take, in bytes: the text they copy and 64 for every value. No
/// object that etcd stores (1.5 MiB) comes near it; a few lines of nested aliases would fill any memory.
pub const MAX_ALIASED_BYTES: usize = 8 * 1024 * 1024;

/// A document that was read.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// Its value.
    pub root: Node<'a>,
    /// What is legal but suspicious: keys that stand twice in a mapping, of which the last one counts. Like problems,
    /// they end when there are more than [`MAX_PROBLEMS`](crate::problem::MAX_PROBLEMS).
    pub warnings: Vec<Problem>,
}

/// The problem of nesting past [`MAX_DEPTH`].
pub(super) fn too_deep(path: Path) -> Problem {
    Problem::new(
        Code::TooDeep,
        path,
        format!("lists and mappings are nested deeper than {MAX_DEPTH} levels, aliases followed"),
    )
    .help("flatten the value")
}

/// The warning of a key that stands twice in a mapping.
pub(super) fn duplicate_key(mapping: &Path, repeat: &Repeat<'_>) -> Problem {
    let key = &*repeat.key.text;
    let message = format!("the key {} stands twice; the last value counts", quoted(key));

    Problem::new(Code::DuplicateKey, mapping.key(key), message)
        .help("remove one of them")
        .origin(repeat.key.origin)
        .cure(Cure::RemoveRange(repeat.overwritten))
}
