//! The fixes that problems carry, put into the files that they are of.

mod apply;
mod rounds;
mod unified;

pub(crate) use rounds::{Fixed, fix};
pub(crate) use unified::unified;
