//! Values to text.

mod config_text;
mod json;
mod plain;

pub use config_text::{ConfigText, config_version};
pub use json::{json, python_json};
pub(crate) use plain::split_plain;
