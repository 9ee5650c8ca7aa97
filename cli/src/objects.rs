//! Objects to compare: rendered from contexts, or read from what somebody rendered.

use crate::context::Context;
use crate::read;
use crate::report::Report;
use crate::run::findings;
use crate::stream::{self, Document};
use anyhow::bail;
use sentry_streams_k8s::document;
use sentry_streams_k8s::node::{Node, Source};
use sentry_streams_k8s::output::json;
use sentry_streams_k8s_host::{ConsumerMacro, Error};
use std::path::{Path, PathBuf};

/// The objects of a file, or of all files of a directory, each as JSON text.
pub(crate) fn load(path: &Path, consumer_macro: &ConsumerMacro, report: &mut Report) -> anyhow::Result<Vec<String>> {
    let mut objects = Vec::new();
    for file in files(path)? {
        let context = Context::read(&file, &[])?;
        let documents = documents(&context)?;
        if let [document] = &documents[..]
            && is_context(document)
        {
            objects.extend(render(&context, consumer_macro, report)?);
            continue;
        }
        for document in &documents {
            if is_context(document) {
                bail!("{}: a context must be the one document of its file", context.name);
            }
            objects.extend(objects_of(document));
        }
    }
    Ok(objects)
}

/// The objects of a context; none where it is not right, which the report says.
pub(crate) fn render(
    context: &Context,
    consumer_macro: &ConsumerMacro,
    report: &mut Report,
) -> anyhow::Result<Vec<String>> {
    match consumer_macro.render(context.sent()) {
        Ok(rendered) => {
            report.warnings.extend(findings(context, rendered.warnings));
            Ok(rendered.manifests.into_iter().map(|manifest| manifest.json).collect())
        }
        Err(Error::Refused(problems)) => {
            report.problems.extend(findings(context, problems));
            Ok(Vec::new())
        }
        Err(error) => Err(error.into()),
    }
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
fn documents(context: &Context) -> anyhow::Result<Vec<Node<'_>>> {
    let mut documents = Vec::new();
    for Document { text, line } in stream::documents(&context.text) {
        match document::read(text, Source::Context) {
            Ok(document) if document.root.as_map().is_some() => documents.push(document.root),
            Ok(document) if !document.root.is_truthy() => {}
            Ok(document) => bail!("{}: expected objects or a context, got {}", context.name, document.root.describe()),
            Err(problems) => {
                let reason = problems.first().map(|problem| problem.message.as_str()).unwrap_or_default();
                let below = problems.first().and_then(|problem| problem.origin);
                let below = below.map_or(0, |origin| document::position(text, origin.offset as usize).0);
                bail!("{}:{}: {reason}", context.name, line.saturating_add(below as usize));
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
    let objects = ["deployment", "configmap", "canary_deployment"].into_iter().filter_map(|role| roles.get(role));
    objects.filter(|object| object.get("kind").is_some()).map(json).collect()
}
