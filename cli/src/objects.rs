//! Objects to compare: rendered from contexts, or read from what somebody rendered.

use crate::context::{Context, Setting};
use crate::read::{self, Document, Input};
use crate::report::Report;
use crate::run::{self, findings};
use anyhow::{bail, ensure};
use sentry_streams_k8s::read as document;
use sentry_streams_k8s::value::{Node, Source};
use sentry_streams_k8s::write::json;
use sentry_streams_k8s_host::ConsumerMacro;
use std::path::{Path, PathBuf};

/// Objects of a file, as they stand there or still to be rendered.
enum Part {
    Objects(Vec<String>),
    Context,
}

/// The objects of a file, or of all files of a directory, each as JSON text. Settings are for contexts.
pub(crate) fn load(
    path: &Path,
    settings: &[Setting],
    input: &Input,
    consumer_macro: &ConsumerMacro,
    report: &mut Report,
) -> anyhow::Result<Vec<String>> {
    let (mut parts, mut contexts) = (Vec::new(), Vec::new());
    for file in files(path)? {
        let (name, text) = input.text(&file)?;
        let documents = documents(&name, &text)?;
        ensure!(!documents.is_empty() || path.is_dir(), "{name} is empty");
        for (document, part) in documents {
            if is_context(&document) {
                contexts.push(Context::new(&name, part.text, part.line, settings)?);
                parts.push(Part::Context);
            } else {
                parts.push(Part::Objects(objects_of(&document)));
            }
        }
    }
    ensure!(
        settings.is_empty() || !contexts.is_empty(),
        "{} has no context in which a field could be set",
        path.display()
    );

    let mut rendered = render(&contexts, consumer_macro, report)?.into_iter();
    let objects = parts.into_iter().flat_map(|part| match part {
        Part::Objects(objects) => objects,
        Part::Context => rendered.next().unwrap_or_default(),
    });
    Ok(objects.collect())
}

/// The objects in a text, each as JSON text.
pub(crate) fn of_text(name: &str, text: &str) -> anyhow::Result<Vec<String>> {
    let documents = documents(name, text)?;
    Ok(documents.iter().flat_map(|(document, _)| objects_of(document)).collect())
}

/// The objects of each context; none where it is not right, which the report says.
pub(crate) fn render(
    contexts: &[Context],
    consumer_macro: &ConsumerMacro,
    report: &mut Report,
) -> anyhow::Result<Vec<Vec<String>>> {
    let results = run::each(contexts, |text| consumer_macro.render(text))?;
    report.contexts.extend(contexts.iter().map(|context| context.name.clone()));
    let objects = contexts.iter().zip(results).map(|(context, result)| match result {
        Ok(rendered) => {
            report.warnings.extend(findings(context, rendered.warnings));
            rendered.manifests.into_iter().map(|manifest| manifest.json).collect()
        }
        Err(problems) => {
            report.problems.extend(findings(context, problems));
            Vec::new()
        }
    });
    Ok(objects.collect())
}

/// Objects as the component's library knows them.
pub(crate) fn nodes(objects: &[String]) -> anyhow::Result<Vec<Node<'_>>> {
    let mut nodes = Vec::with_capacity(objects.len());
    for object in objects {
        match document::read(object, Source::Context) {
            Ok(document) => nodes.push(document.root),
            Err(_) => bail!("an object cannot be read back"),
        }
    }
    Ok(nodes)
}

/// The file itself, or the YAML and JSON files of the directory, by name.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let files = read::files(path)?;
    if files.is_empty() {
        bail!("{} has no .yaml, .yml or .json file", path.display());
    }
    Ok(files)
}

/// The documents of a file that have something in them.
fn documents<'t>(name: &str, text: &'t str) -> anyhow::Result<Vec<(Node<'t>, Document<'t>)>> {
    let mut documents = Vec::new();
    for part in read::documents(text) {
        match document::read(part.text, Source::Context) {
            Ok(document) if document.root.as_map().is_some() => {
                documents.push((document.root, part));
            }
            Ok(document) if !document.root.is_truthy() => {}
            Ok(document) => {
                bail!("{name}: expected objects or a context, got {}", document.root.describe())
            }
            Err(problems) => {
                let problem = problems.first();
                let reason = problem.map(|problem| problem.message.as_str()).unwrap_or_default();
                let origin = problem.and_then(|problem| problem.origin);
                let below = origin
                    .map_or(0, |origin| document::position(part.text, origin.offset as usize).0);
                bail!("{name}:{}: {reason}", part.line.saturating_add(below as usize));
            }
        }
    }
    Ok(documents)
}

/// Whether a document is a context: neither an object nor a mapping of objects.
fn is_context(document: &Node<'_>) -> bool {
    match document.get("kind").and_then(Node::as_str) {
        Some(kind) => kind == "StreamingPipeline",
        None => objects_of(document).is_empty(),
    }
}

/// The objects in a document: itself, a `List`, or the macro's result as this tool or the reference gives it.
fn objects_of(document: &Node<'_>) -> Vec<String> {
    if let (Some("List"), Some(items)) =
        (document.get("kind").and_then(Node::as_str), document.get("items").and_then(Node::as_list))
    {
        return items.iter().flat_map(objects_of).collect();
    }
    if document.get("kind").is_some() {
        return vec![json(document)];
    }
    let roles = document.get("manifests").unwrap_or(document);
    let objects = ["deployment", "configmap", "canary_deployment"]
        .into_iter()
        .filter_map(|role| roles.get(role));
    objects.filter(|object| object.get("kind").is_some()).map(json).collect()
}
