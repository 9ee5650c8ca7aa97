//! Problems as data: what is wrong, where, and how to fix it.

mod code;
#[expect(clippy::module_inception, reason = "the idea and its main type have one name")]
mod problem;
mod problems;
mod secret;
mod suggest;
mod text;

pub use code::{Code, Finder, Severity};
pub(crate) use problem::Cure;
pub use problem::{Edit, Fix, Place, Position, Problem};
pub use problems::MAX_PROBLEMS;
pub(crate) use problems::{Problems, Report};
pub use secret::is_secret;
pub(crate) use secret::{
    HIDDEN, describe, may_hold_secret, may_hold_secret_at, names_a_secret, shown_path,
};
pub(crate) use suggest::{NearNames, nearest};
pub(crate) use text::quoted;
