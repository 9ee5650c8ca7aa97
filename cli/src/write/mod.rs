//! How text is written, whatever it says: the ground that all else stands on.

mod html;
mod json;
pub(crate) mod markdown;
mod sanitize;
mod yaml;

pub(crate) use html::html_escape;
pub(crate) use json::json_text;
pub(crate) use sanitize::sanitize;
pub(crate) use yaml::write as yaml;
