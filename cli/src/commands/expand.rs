//! `expand`: streams and directories of YAML documents, in which each `StreamingPipeline` becomes its objects: for Helm's
//! post-renderers, Argo CD's plugins, and pipes.

use crate::context::Context;
use crate::format::{self, Format};
use crate::read::{self, Document, Input};
use crate::report::Report;
use crate::run;
use crate::stream::ObjectList;
use crate::write::{self, yaml};
use anyhow::ensure;
use sentry_streams_k8s_host::ConsumerMacro;
use serde_json::Value;
use std::path::Path;

/// A file of documents.
struct File {
    name: String,
    text: String,
}

/// A part of a stream.
enum Part<'f> {
    Pipeline(Document<'f>),
    /// A `List` that has pipelines.
    List(Document<'f>, ObjectList<'f>),
    Other(Document<'f>),
}

/// What begins the comment in which Helm names a document's template.
const SOURCE: &str = "# Source: ";

/// The files of a directory that tell kustomize what to do, and are no objects.
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The file of a directory that is a chart of Helm.
const CHART: &str = "Chart.yaml";

/// Prints all documents, pipelines expanded; nothing where a pipeline is refused. Says whether none is.
pub(crate) fn run(paths: &[&Path], consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let files = read_all(paths)?;
    ensure!(
        files.iter().any(|file| !file.text.trim().is_empty()),
        "there is nothing to expand: the input is empty, perhaps as the command that should have written it failed"
    );
    let mut parts = Vec::new();
    for file in &files {
        parts.extend(parts_of(file)?);
    }
    let contexts: Vec<Context> =
        parts.iter().flat_map(|(file, part)| contexts(file, part)).collect();

    let outcome = run::render(consumer_macro, &contexts)?;
    write::report(&format::write(&outcome.report, Format::Text)?);
    let Some(objects) = outcome.objects else { return Ok(false) };
    let parts: Vec<Part<'_>> = parts.into_iter().map(|(_, part)| part).collect();
    write::print(&expanded(&parts, &objects)?)?;
    Ok(true)
}

/// Prints the names of the files with pipelines. Files that are no text have none, and a directory that is kustomize's or
/// Helm's is left to them: Argo CD asks this of every application.
pub(crate) fn list(paths: &[&Path]) -> anyhow::Result<bool> {
    let input = Input::default();
    for path in paths {
        if KUSTOMIZATIONS.iter().chain([&CHART]).any(|name| path.join(name).exists()) {
            continue;
        }
        for path in files(path)? {
            let is_text = path == Path::new("-")
                || std::fs::read(&path).is_ok_and(|text| str::from_utf8(&text).is_ok());
            if !is_text {
                continue;
            }
            let (name, text) = input.text(&path)?;
            let file = File { name, text };
            if parts_of(&file)?.iter().any(|(_, part)| !matches!(part, Part::Other(_))) {
                write::print(&format!("{}\n", file.name))?;
            }
        }
    }
    Ok(true)
}

/// The files, and those of the directories in the order of their names.
fn read_all(paths: &[&Path]) -> anyhow::Result<Vec<File>> {
    let input = Input::default();
    let mut all = Vec::new();
    for path in paths {
        for path in files(path)? {
            let (name, text) = input.text(&path)?;
            all.push(File { name, text });
        }
    }
    Ok(all)
}

fn files(path: &Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut files = read::files(path)?;
    if path.is_dir() {
        files.retain(|file| !KUSTOMIZATIONS.iter().any(|name| file.ends_with(name)));
    }
    Ok(files)
}

fn parts_of(file: &File) -> anyhow::Result<Vec<(&File, Part<'_>)>> {
    let is_cut = file.text.split('\r').skip(1).all(|rest| rest.starts_with('\n'));
    ensure!(
        is_cut,
        "{}: a line ends with a carriage return alone; end it with a line feed",
        file.name
    );

    let mut parts = Vec::new();
    for document in read::parts(&file.text) {
        let part = if document.has_content() && document.is_pipeline() {
            Part::Pipeline(document)
        } else if let Some(list) = ObjectList::in_stream(&file.name, &document)? {
            Part::List(document, list)
        } else {
            Part::Other(document)
        };
        parts.push((file, part));
    }
    Ok(parts)
}

/// The contexts of a part.
fn contexts(file: &File, part: &Part<'_>) -> Vec<Context> {
    match part {
        Part::Other(_) => Vec::new(),
        Part::List(_, list) => {
            list.pipelines().iter().map(|pipeline| list.context(pipeline)).collect()
        }
        Part::Pipeline(document) => {
            let name = match source(document) {
                Some(source) => format!(
                    "{} (from {})",
                    file.name,
                    source.strip_prefix(SOURCE).unwrap_or(source)
                ),
                None => file.name.clone(),
            };
            vec![Context::part(name, document.text.to_owned(), document.line)]
        }
    }
}

/// The comment in which Helm names the template.
fn source<'d>(document: &Document<'d>) -> Option<&'d str> {
    document
        .text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .find(|line| line.starts_with(SOURCE))
}

/// The stream with the objects of its pipelines in their place.
fn expanded(parts: &[Part<'_>], objects: &[Vec<Value>]) -> anyhow::Result<String> {
    let mut stream = String::new();
    let mut objects = objects;
    for part in parts {
        match part {
            Part::Other(document) => push(&mut stream, document.head, document.text),
            Part::List(document, list) => {
                let pipelines = list.pipelines();
                let own = objects.split_off(..pipelines.len()).unwrap_or_default();
                let list = list.expanded(&pipelines, Some(own), &Report::default())?;
                push(&mut stream, document.head, &list);
            }
            Part::Pipeline(document) => {
                let source = source(document).map(|line| format!("{line}\n")).unwrap_or_default();
                for object in objects.split_off_first().into_iter().flatten() {
                    push(&mut stream, "", &(source.clone() + &yaml(object)?));
                }
            }
        }
    }
    Ok(stream)
}

fn push(stream: &mut String, head: &str, document: &str) {
    // Directives are only allowed where the document before has ended.
    let ends =
        stream.is_empty() || stream.lines().last().is_some_and(|line| line.trim_end() == "...");
    if head.lines().any(|line| line.starts_with('%')) && !ends {
        stream.push_str("...\n");
    }
    stream.extend([head, "---\n", document]);
    if !document.ends_with('\n') {
        stream.push('\n');
    }
}
