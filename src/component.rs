//! The component's exports: glue only.
#![allow(unsafe_code, missing_docs, clippy::pedantic, reason = "generated bindings")]

wit_bindgen::generate!({ path: "wit", world: "plugin" });

use crate::problem;
use exports::sentry::streams_k8s::{consumer_macro, consumer_macro_json};

struct Plugin;
export!(Plugin);

impl From<problem::Problem> for consumer_macro::Problem {
    fn from(p: problem::Problem) -> Self {
        Self {
            code: p.code.to_owned(),
            path: p.path.to_string(),
            message: p.message,
            help: p.help,
            line: None,
            column: None,
        }
    }
}

impl consumer_macro::Guest for Plugin {
    fn render(context: String) -> Result<consumer_macro::Rendered, consumer_macro::Failure> {
        match crate::render(&context) {
            Ok(_) => Ok(consumer_macro::Rendered { manifests: vec![], warnings: vec![] }),
            Err(problems) => Err(consumer_macro::Failure { problems: problems.into_iter().map(Into::into).collect() }),
        }
    }
    fn validate(context: String) -> Result<consumer_macro::Accepted, consumer_macro::Failure> {
        match crate::validate(&context) {
            Ok(_) => Ok(consumer_macro::Accepted { warnings: vec![] }),
            Err(problems) => Err(consumer_macro::Failure { problems: problems.into_iter().map(Into::into).collect() }),
        }
    }
}

impl consumer_macro_json::Guest for Plugin {
    fn render(_context: String) -> Result<String, String> {
        Err(r#"{"problems":[{"code":"internal","path":"","message":"not written yet"}]}"#.to_owned())
    }
    fn validate(_context: String) -> Result<String, String> {
        Err(r#"{"problems":[{"code":"internal","path":"","message":"not written yet"}]}"#.to_owned())
    }
    fn schema() -> String {
        crate::schema().to_owned()
    }
    fn version() -> String {
        crate::VERSION.to_owned()
    }
}
