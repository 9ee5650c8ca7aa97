//! What deploy tools pass around: streams of YAML documents and lists of objects, in which ours are found and replaced
//! while every other byte stays as it is.

mod documents;
mod outline;
mod resource_list;
mod results;

pub(crate) use documents::{Document, documents};
pub(crate) use resource_list::ResourceList;
