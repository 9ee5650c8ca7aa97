//! `expand`: streams and directories of YAML documents, in which each `StreamingPipeline` becomes its objects: for Helm's
//! post-renderers, Argo CD's plugins, and pipes.

use crate::context::Context;
use crate::manifests::Manifest;
use crate::read::{self, Document};
use crate::report::Format;
use crate::run;
use crate::write::{self, yaml};
use sentry_streams_k8s_host::ConsumerMacro;
use std::path::Path;

/// A file of documents.
struct File {
    name: String,
    text: String,
}

/// Prints all documents, pipelines expanded; nothing where a pipeline is refused. Says whether none is.
pub(crate) fn run(paths: &[&Path], consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let files = read_all(paths)?;
    let documents: Vec<(&File, Document<'_>)> = files
        .iter()
        .flat_map(|file| read::documents(&file.text).into_iter().map(move |document| (file, document)))
        .collect();
    let pipelines = documents.iter().filter(|(_, document)| document.is_pipeline());
    let contexts: Vec<Context> = pipelines
        .map(|(file, document)| Context::part(file.name.clone(), document.text.to_owned(), document.line))
        .collect();
    let outcome = run::render(consumer_macro, &contexts)?;
    write::report(&outcome.report.text(Format::Text));
    let Some(manifests) = outcome.manifests else { return Ok(false) };
    let documents = documents.iter().map(|(_, document)| document);
    write::print(&expanded(documents, &manifests)?)?;
    Ok(true)
}

/// Prints the names of the files with pipelines.
pub(crate) fn list(paths: &[&Path]) -> anyhow::Result<bool> {
    for file in read_all(paths)? {
        if read::documents(&file.text).iter().any(Document::is_pipeline) {
            write::print(&format!("{}\n", file.name))?;
        }
    }
    Ok(true)
}

/// The files, and those of the directories in the order of their names.
fn read_all(paths: &[&Path]) -> anyhow::Result<Vec<File>> {
    let input = read::Input::default();
    let mut files = Vec::new();
    for path in paths {
        for path in read::files(path)? {
            let (name, text) = input.text(&path)?;
            files.push(File { name, text });
        }
    }
    Ok(files)
}

/// The stream with the objects of its pipelines in their place.
fn expanded<'d>(documents: impl Iterator<Item = &'d Document<'d>>, manifests: &[Manifest]) -> anyhow::Result<String> {
    let mut stream = String::new();
    let mut pipelines = 0_usize;
    for document in documents {
        if !document.is_pipeline() {
            push(&mut stream, document.text);
            continue;
        }
        for manifest in manifests.iter().filter(|manifest| manifest.context == pipelines) {
            push(&mut stream, &yaml(&manifest.object)?);
        }
        pipelines = pipelines.saturating_add(1);
    }
    Ok(stream)
}

fn push(stream: &mut String, document: &str) {
    stream.push_str("---\n");
    stream.push_str(document);
    if !document.ends_with('\n') {
        stream.push('\n');
    }
}
