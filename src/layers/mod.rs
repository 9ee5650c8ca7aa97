//! Layers on top of each other.

mod merge;
mod patch;
mod stage;

pub(crate) use merge::{Merge, Written, overwritten, positions};
pub(crate) use patch::apply as apply_patch;
pub use patch::identity;
pub(crate) use stage::Stage;
