//! The component's exports: glue only.
#![allow(unsafe_code, missing_docs, clippy::pedantic, reason = "generated bindings")]

wit_bindgen::generate!({ path: "wit", world: "plugin" });

use crate::report;
use exports::sentry::streams_k8s::{consumer_macro as typed, consumer_macro_json as text};

struct Plugin;
export!(Plugin);

impl typed::Guest for Plugin {
    fn render(context: String) -> Result<typed::Rendered, typed::Failure> {
        take_memory(&context);
        let rendered = crate::render(&context)?;
        let manifests = rendered.manifests.into_iter().map(Into::into).collect();
        Ok(typed::Rendered { manifests, warnings: problems(rendered.warnings) })
    }

    fn validate(context: String) -> Result<typed::Accepted, typed::Failure> {
        Ok(typed::Accepted { warnings: problems(crate::validate(&context)?) })
    }
}

impl text::Guest for Plugin {
    fn render(context: String) -> Result<String, String> {
        take_memory(&context);
        crate::render(&context)
            .map(|rendered| report::rendered(&rendered))
            .map_err(|problems| report::failure(&problems))
    }

    fn validate(context: String) -> Result<String, String> {
        crate::validate(&context)
            .map(|warnings| report::accepted(&warnings))
            .map_err(|problems| report::failure(&problems))
    }

    fn explain(context: String) -> Result<String, String> {
        crate::explain(&context).map_err(|problems| report::failure(&problems))
    }

    fn schema() -> String {
        crate::schema().to_owned()
    }

    fn version() -> String {
        crate::VERSION.to_owned()
    }
}

/// Takes the memory that most calls need at once. The allocator takes 64 KiB at a time, each of which is a system call
/// of the host.
fn take_memory(context: &str) {
    let mut memory = Vec::<u8>::new();
    // To read a context and write its objects takes some twelve times its length. Without so much, the call says so.
    let _ = memory.try_reserve_exact(context.len().saturating_mul(12).min(1 << 20));
    // Given back, it stays with the allocator.
    drop(std::hint::black_box(memory));
}

fn problems(problems: Vec<crate::Problem>) -> Vec<typed::Problem> {
    problems.into_iter().map(Into::into).collect()
}

impl From<crate::Problem> for typed::Problem {
    fn from(problem: crate::Problem) -> Self {
        Self {
            code: problem.code.to_owned(),
            path: problem.path.to_string(),
            message: problem.message,
            help: problem.help,
            line: problem.line,
            column: problem.column,
        }
    }
}

impl From<Vec<crate::Problem>> for typed::Failure {
    fn from(found: Vec<crate::Problem>) -> Self {
        Self { problems: problems(found) }
    }
}

impl From<crate::Manifest> for typed::Manifest {
    fn from(manifest: crate::Manifest) -> Self {
        let crate::Manifest { role, kind, name, namespace, json } = manifest;
        Self { role: role.to_owned(), kind, name, namespace, json }
    }
}
