//! What is read, before anybody knows what it means: files, the documents in them, and where things stand in a document.

mod documents;
mod files;
mod outline;
mod recognize;
mod walk;

pub(crate) use documents::{Document, documents, is_pipeline, is_pipeline_value, parts};
pub(crate) use files::{Input, STDIN, files, text_of};
pub(crate) use outline::Node;
pub(crate) use recognize::is_context;
pub(crate) use walk::found;
