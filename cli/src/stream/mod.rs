//! Lists of objects that deploy tools pass around, in which ours are found and replaced while every other byte stays as
//! it is.

mod resource_list;
mod results;

pub(crate) use resource_list::ResourceList;
