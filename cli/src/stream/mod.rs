//! Lists of objects that deploy tools pass around, in which ours are found and replaced while every other byte stays as
//! it is.

mod check;
mod list;
mod results;

pub(crate) use list::ObjectList;
