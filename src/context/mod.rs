//! The context: what an application says about one pipeline step. Read, checked, and every problem reported at once.

mod check;
mod checked;
mod cluster;
mod fields;
mod figure;
mod inputs;
mod locate;
pub(crate) mod names;
mod pipeline_config;
mod places;
mod repair;
mod silence;

pub(crate) use check::check;
pub(crate) use checked::{Context, Layer};
pub use fields::{FIELDS, Field};
pub(crate) use inputs::{Inputs, locate_unread};
pub(crate) use places::Places;
