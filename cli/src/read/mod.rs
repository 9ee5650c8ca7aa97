//! What is read, before anybody knows what it means: files, the documents in them, and where things stand in a document.

mod documents;
mod files;
mod outline;

pub(crate) use documents::{Document, documents, is_pipeline, is_pipeline_type, parts};
pub(crate) use files::{Input, files};
pub(crate) use outline::Node;
