//! The one value type: what JSON and PyYAML's `safe_load` can say, with the place each value was written at; and its
//! parts: numbers in exact order, floats as Python writes them, paths, and how things are found among many.

mod decimal;
mod float;
mod index;
mod node;
mod number;
mod origin;
mod path;

pub(crate) use decimal::Decimal;
pub use float::PythonFloat;
pub(crate) use index::Index;
pub use node::{Description, Key, KeyKind, MAX_DEPTH, Map, Node, Value};
pub(crate) use number::Number;
pub use origin::{Origin, Source};
pub(crate) use path::Trail;
pub use path::{Path, Step};
