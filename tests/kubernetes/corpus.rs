//! The cases: each a part of a context, in YAML, that is added to `context.yaml`.

use sentry_streams_k8s::read;
use sentry_streams_k8s::value::Source;
use sentry_streams_k8s::write::json;
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

/// A part of a context.
pub(crate) struct Case {
    /// The file's name.
    pub(crate) name: String,
    /// The comment in its first line.
    pub(crate) about: String,
    /// What it holds.
    text: String,
}

const CONTEXT: &str = include_str!("context.yaml");
const TEMPLATES: [&str; 3] = ["deployment_template", "container_template", "emergency_patch"];

/// The cases of a folder, by name.
pub(crate) fn cases(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kubernetes").join(folder);
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let case = |file: &Path| {
        let text = fs::read_to_string(file).unwrap();
        let about = text.lines().next().unwrap().trim_start_matches("# ").to_owned();
        Case { name: file.file_stem().unwrap().to_str().unwrap().to_owned(), about, text }
    };
    files.iter().map(|file| case(file)).collect()
}

impl Case {
    /// The case that adds nothing.
    pub(crate) fn plain() -> Self {
        Self { name: String::new(), about: String::new(), text: "{}".to_owned() }
    }

    /// The context with this part, as YAML text.
    pub(crate) fn context(&self) -> String {
        let replaced = |line: &str| {
            self.text.lines().any(|own| own.split(':').next() == line.split(':').next())
        };
        let rest: Vec<&str> = CONTEXT.lines().filter(|line| !replaced(line)).collect();
        format!("{}\n{}", rest.join("\n"), self.text)
    }

    /// The Deployment that the context asks for, made without the macro: the templates laid over the Deployment of a
    /// context without any.
    pub(crate) fn deployment(&self) -> Value {
        let part = value(&self.text);
        let mut context = value(CONTEXT);
        for (key, value) in part.as_object().unwrap() {
            if !TEMPLATES.contains(&key.as_str()) {
                context[key] = value.clone();
            }
        }
        let rendered = sentry_streams_k8s::render(&context.to_string()).unwrap();
        let mut deployment: Value = serde_json::from_str(&rendered.manifests[0].json).unwrap();
        let none = Value::Object(Map::new());
        let template = |name: &str| part.get(name).unwrap_or(&none);
        lay(
            &mut deployment["spec"]["template"]["spec"]["containers"][0],
            template("container_template"),
        );
        lay(&mut deployment, template("deployment_template"));
        patch(&mut deployment, template("emergency_patch"));
        deployment
    }
}

/// YAML text as a JSON value.
pub(crate) fn value(text: &str) -> Value {
    serde_json::from_str(&json(&read::read(text, Source::Context).unwrap().root)).unwrap()
}

/// Lays a template over what the macro manages: mappings merge, the template's items come first.
fn lay(base: &mut Value, template: &Value) {
    match (base, template) {
        (Value::Object(base), Value::Object(template)) => {
            for (key, value) in template {
                lay(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(base), Value::Array(template)) => {
            base.splice(..0, template.iter().cloned());
        }
        (base, template) => *base = template.clone(),
    }
}

/// Lays a patch over an object: items with a name merge by it, others come last.
fn patch(base: &mut Value, template: &Value) {
    match (base, template) {
        (Value::Object(base), Value::Object(template)) => {
            for (key, value) in template {
                patch(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(base), Value::Array(template)) => {
            for item in template {
                match base
                    .iter_mut()
                    .find(|other| !item["name"].is_null() && other["name"] == item["name"])
                {
                    Some(other) => patch(other, item),
                    None => base.push(item.clone()),
                }
            }
        }
        (base, template) => *base = template.clone(),
    }
}
