//! What changes between two sets of objects, what that means for what runs, and which listed difference to the reference
//! a change is.

mod change;
mod defaults;
mod deviation;
mod differ;
mod objects;
mod quantity;
mod secret;

#[cfg(test)]
mod cases;

pub(crate) use change::{Change, Consequence, ObjectDiff};
pub(crate) use deviation::{entry, of_change, of_problem};
pub(crate) use objects::compare;
pub(crate) use quantity::read_amount;
pub(crate) use secret::{is_name, names_secret};
