//! The component's exports: glue only.
#![allow(unsafe_code, missing_docs, clippy::pedantic, reason = "generated bindings")]

wit_bindgen::generate!({ path: "wit", world: "plugin" });

use crate::{answer, problem};
use exports::sentry::streams_k8s::{consumer_macro as typed, consumer_macro_json as text};

struct Plugin;
export!(Plugin);

impl typed::Guest for Plugin {
    fn render(context: String) -> Result<typed::Rendered, typed::Failure> {
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
        crate::render(&context)
            .map(|rendered| answer::rendered(&rendered))
            .map_err(|problems| answer::failure(&problems))
    }

    fn validate(context: String) -> Result<String, String> {
        crate::validate(&context)
            .map(|warnings| answer::accepted(&warnings))
            .map_err(|problems| answer::failure(&problems))
    }

    fn explain(context: String) -> Result<String, String> {
        crate::explain(&context).map_err(|problems| answer::failure(&problems))
    }

    fn schema() -> String {
        crate::schema().to_owned()
    }

    fn version() -> String {
        crate::VERSION.to_owned()
    }
}

fn problems(problems: Vec<crate::Problem>) -> Vec<typed::Problem> {
    problems.into_iter().map(Into::into).collect()
}

impl From<crate::Problem> for typed::Problem {
    fn from(problem: crate::Problem) -> Self {
        let place = problem.place.as_ref();

        Self {
            code: problem.code.name().to_owned(),
            path: problem.path.to_string(),
            source: place.and_then(|place| place.source).map(str::to_owned),
            line: place.map(|place| place.start.line),
            column: place.map(|place| place.start.column),
            end: place.map(|place| place.end.into()),
            message: problem.message,
            help: problem.help,
            fix: problem.fix.map(|fix| (*fix).into()),
        }
    }
}

impl From<problem::Position> for typed::Position {
    fn from(problem::Position { line, column }: problem::Position) -> Self {
        Self { line, column }
    }
}

impl From<problem::Fix> for typed::Fix {
    fn from(problem::Fix { title, edits }: problem::Fix) -> Self {
        Self { title, edits: edits.into_iter().map(Into::into).collect() }
    }
}

impl From<problem::Edit> for typed::Edit {
    fn from(problem::Edit { start, end, text }: problem::Edit) -> Self {
        Self { start: start.into(), end: end.into(), text }
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
