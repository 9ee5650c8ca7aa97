//! How text is written, whatever it says.

mod closed;
pub(crate) mod directory;
pub(crate) mod file;
mod held;
mod html;
mod json;
pub(crate) mod markdown;
mod sanitize;
mod signals;
mod streams;
mod yaml;

pub(crate) use held::Held;
pub(crate) use html::html_escape;
pub(crate) use json::json_text;
pub(crate) use sanitize::sanitize;
pub(crate) use signals::outlive_file_limits;
pub(crate) use streams::{ensure_output, error, note, print, print_styled, reason, report};
pub(crate) use yaml::write as yaml;
