//! The base templates, as `build.rs` made them of `src/templates/*.yaml`.

use crate::node::{Node, Origin, Source, Value};
use std::borrow::Cow;

/// What every Deployment starts from.
pub(crate) fn deployment<'a>() -> Node<'a> {
    include!(concat!(env!("OUT_DIR"), "/deployment.rs"))
}

/// What the managed container starts from.
pub(crate) fn container<'a>() -> Node<'a> {
    include!(concat!(env!("OUT_DIR"), "/container.rs"))
}

fn base_origin(offset: u32) -> Origin {
    Origin { source: Source::Base, offset }
}
