//! A list of objects: what a KRM function reads and writes, or a `List` in a stream.
//!
//! It is cut and pasted as text, so all other objects come out as they went in, byte for byte.

use super::{check, results};
use crate::context::Context;
use crate::read::{Document, Node, is_pipeline};
use crate::report::Report;
use crate::write::yaml;
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::ops::Range;

/// A list of objects, some of which may be pipelines.
pub(crate) struct ObjectList<'t> {
    name: &'t str,
    text: &'t str,
    /// The lines before it in its file.
    lines_before: usize,
    root: Node,
}

/// A `StreamingPipeline` of a list.
pub(crate) struct Pipeline<'n> {
    /// Where it is in the list: `items[0]`, `functionConfig`.
    place: String,
    node: &'n Node,
    is_item: bool,
}

/// The list of a KRM function.
const RESOURCE_LIST: &str = "ResourceList";

/// A piece of the list's text, and what comes in its place.
type Edit = (Range<usize>, String);

impl<'t> ObjectList<'t> {
    /// Reads a `ResourceList`.
    pub(crate) fn of_resources(name: &'t str, text: &'t str) -> anyhow::Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let root =
            Node::read(text).with_context(|| format!("cannot read the ResourceList in {name}"))?;
        let root = root.filter(|root| root.text_at(&["kind"]) == Some(RESOURCE_LIST));
        let root = root.with_context(|| format!("{name} has no ResourceList"))?;
        let list = Self { name, text, lines_before: 0, root };
        list.check().with_context(|| format!("cannot expand the ResourceList in {name}"))?;
        Ok(list)
    }

    /// Reads a document of a stream; none where it is no list with pipelines.
    pub(crate) fn in_stream(
        name: &'t str,
        document: &Document<'t>,
    ) -> anyhow::Result<Option<Self>> {
        let Ok(Some(root)) = Node::read(document.text) else { return Ok(None) };
        if root.text_at(&["kind"]) != Some("List") {
            return Ok(None);
        }
        let list = Self { name, text: document.text, lines_before: document.line, root };
        if !check::has_pipelines(&list.root) {
            return Ok(None);
        }
        list.check().with_context(|| format!("cannot expand the List in {name}"))?;
        Ok(Some(list))
    }

    /// Whether pieces of the text can be replaced without a change to any other.
    fn check(&self) -> anyhow::Result<()> {
        for key in ["items", "results", "functionConfig"] {
            let count =
                self.root.entries().iter().filter(|(name, _)| name.as_text() == Some(key)).count();
            ensure!(count < 2, "`{key}` stands twice");
        }
        check::nesting(self.items())?;
        check::line_ends(self.text)?;
        let pipelines = self.pipelines();
        check::anchors(
            &self.root,
            pipelines.iter().map(|pipeline| (pipeline.place.as_str(), pipeline.node)),
        )?;
        check::items(self.text, pipelines.iter().filter(|pipeline| pipeline.is_item).count())
    }

    fn items(&self) -> &[Node] {
        self.root.entry("items").map_or(&[], Node::items)
    }

    /// The pipelines among the items, and the one in `functionConfig` unless that is an item too, as it is where
    /// kustomize runs a generator.
    pub(crate) fn pipelines(&self) -> Vec<Pipeline<'_>> {
        let items = self.items().iter().enumerate().filter(|(_, item)| is_pipeline(item));
        let mut pipelines: Vec<_> = items
            .map(|(index, node)| Pipeline { place: format!("items[{index}]"), node, is_item: true })
            .collect();
        if let Some(config) = self.root.entry("functionConfig").filter(|config| is_pipeline(config))
            && !pipelines.iter().any(|item| is_same(item.node, config))
        {
            pipelines.push(Pipeline {
                place: "functionConfig".to_owned(),
                node: config,
                is_item: false,
            });
        }
        pipelines
    }

    pub(crate) fn context(&self, pipeline: &Pipeline<'_>) -> Context {
        let Range { start, end } = pipeline.node.range;
        let lines_before =
            self.lines_before.saturating_add(self.before(start).matches('\n').count());
        // It keeps its columns, so that its lines go on below the first one.
        let text = " ".repeat(self.column(start)) + self.text.get(start..end).unwrap_or_default();
        Context::part(self.context_name(pipeline), text, lines_before)
    }

    fn context_name(&self, pipeline: &Pipeline<'_>) -> String {
        let name = pipeline.node.text_at(&["metadata", "name"]).unwrap_or_default();
        match results::annotation(pipeline.node, "path") {
            Some(file) => format!("{} ({} {name} of {file})", self.name, pipeline.place),
            None => format!("{} ({} {name})", self.name, pipeline.place),
        }
    }

    /// The list's text with each pipeline's objects in its place, unless there are none, as there are problems.
    pub(crate) fn expanded(
        &self,
        pipelines: &[Pipeline<'_>],
        objects: Option<&[Vec<Value>]>,
        report: &Report,
    ) -> anyhow::Result<String> {
        let mut edits = Vec::new();
        for (pipeline, objects) in pipelines.iter().zip(objects.unwrap_or_default()) {
            edits.push(if pipeline.is_item {
                self.replaced(pipeline.node, objects)?
            } else {
                self.appended(objects)?
            });
        }
        if self.root.text_at(&["kind"]) == Some(RESOURCE_LIST) {
            let results = self.results(pipelines, report);
            if !results.is_empty() {
                edits.push(self.with_results(&flow(&results)));
            }
        }

        let is_edited = !edits.is_empty();
        let text = self.edited(edits);
        if is_edited {
            check::expanded(self.text, &text, objects)?;
        }
        Ok(text)
    }

    /// The objects in an item's place.
    fn replaced(&self, item: &Node, objects: &[Value]) -> anyhow::Result<Edit> {
        let Range { start, end } = item.range;
        let end =
            start.saturating_add(self.text.get(start..end).unwrap_or_default().trim_end().len());
        let list = self.root.entry("items").filter(|list| !list.is_flow);
        let Some(list) = list else { return Ok((start..end, without_brackets(&flow(objects)))) };
        let dash = self.dash(list);
        let mut text = String::new();
        for (index, object) in objects.iter().enumerate() {
            if index > 0 {
                text.push('\n');
                text.push_str(&dash);
            }
            let column = if index > 0 { dash.len() } else { self.column(start) };
            text.push_str(&block(object, column)?);
        }
        Ok((start..end, text))
    }

    /// The objects after the last item.
    fn appended(&self, objects: &[Value]) -> anyhow::Result<Edit> {
        let Some(list) = self.root.entry("items") else {
            return Ok(self.with_entry("items", &flow(objects)));
        };
        if list.items().is_empty() {
            ensure!(!list.range.is_empty(), "give the ResourceList `items: []` where it has none");
            return Ok((list.range.clone(), flow(objects)));
        }
        if list.is_flow {
            let end = list.range.end.saturating_sub(1);
            return Ok((
                end..end,
                format!("{}{}", self.comma(end), without_brackets(&flow(objects))),
            ));
        }
        let end = self.end_of_lines(list);
        let dash = self.dash(list);
        let mut text = self.newline_at(end).to_owned();
        for object in objects {
            text.extend([&dash, &block(object, dash.len())?, "\n"]);
        }
        Ok((end..end, text))
    }

    fn with_results(&self, results: &str) -> Edit {
        let old = self.root.entries().iter().find(|(key, _)| key.as_text() == Some("results"));
        let Some((key, old)) = old else { return self.with_entry("results", results) };
        // From the key on: where a block list begins, and what is null, is not told exactly.
        let start = key.range.end;
        if old.range.is_empty() {
            let rest = self.text.get(start..).unwrap_or_default();
            let colon = rest.find(':').map_or(0, |colon| colon.saturating_add(1));
            (start..start.saturating_add(colon), format!(": {results}"))
        } else if old.is_flow {
            (start..old.range.end, format!(": {results}"))
        } else {
            (start..self.end_of_lines(old), format!(": {results}\n"))
        }
    }

    /// One more entry at the end of the list's own mapping.
    fn with_entry(&self, key: &str, value: &str) -> Edit {
        if self.root.is_flow {
            let end = self.root.range.end.saturating_sub(1);
            return (end..end, format!("{}\"{key}\": {value}", self.comma(end)));
        }
        let end = self.end_of_lines(&self.root);
        let indentation = " ".repeat(self.column(self.root.range.start));
        (end..end, format!("{}{indentation}{key}: {value}\n", self.newline_at(end)))
    }

    fn edited(&self, mut edits: Vec<Edit>) -> String {
        edits.sort_by_key(|(range, _)| range.start);
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for (range, new) in edits {
            text.push_str(self.text.get(at..range.start).unwrap_or_default());
            text.push_str(&new);
            at = range.end;
        }
        text + self.text.get(at..).unwrap_or_default()
    }

    /// An entry of `results` for each problem and warning.
    fn results(&self, pipelines: &[Pipeline<'_>], report: &Report) -> Vec<Value> {
        let warnings = report.warnings.iter().map(|finding| ("warning", finding));
        let problems = report.problems.iter().map(|finding| ("error", finding));
        let results = warnings.chain(problems).filter_map(|(severity, finding)| {
            let pipeline =
                pipelines.iter().find(|pipeline| self.context_name(pipeline) == finding.context)?;
            Some(results::entry(severity, finding, pipeline.node))
        });
        results.collect()
    }

    fn before(&self, at: usize) -> &str {
        self.text.get(..at).unwrap_or_default()
    }

    /// The text before a place in its line.
    fn before_in_line(&self, at: usize) -> &str {
        self.before(at).rsplit('\n').next().unwrap_or_default()
    }

    fn column(&self, at: usize) -> usize {
        self.before_in_line(at).chars().count()
    }

    /// The end of the lines of a block collection, which else ends at what follows it.
    fn end_of_lines(&self, node: &Node) -> usize {
        let indentation = self.before_in_line(node.range.end);
        let is_blank = indentation.chars().all(|c| c == ' ');
        node.range.end.saturating_sub(if is_blank { indentation.len() } else { 0 })
    }

    /// What parts a further item from those before the closing bracket at a place, which may have a comma already.
    fn comma(&self, at: usize) -> &'static str {
        if self.before(at).trim_end().ends_with(',') { " " } else { ", " }
    }

    /// What ends the line before a place.
    fn newline_at(&self, at: usize) -> &'static str {
        if self.before(at).ends_with('\n') { "" } else { "\n" }
    }

    /// What stands before each item of a block list.
    fn dash(&self, list: &Node) -> String {
        let indentation = self.dash_column(list).unwrap_or_else(|| {
            // The parser has a list that is not indented begin after its first dash.
            let is_indented =
                self.text.get(list.range.start..).is_some_and(|text| text.starts_with('-'));
            self.column(if is_indented { list.range.start } else { self.root.range.start })
        });
        " ".repeat(indentation) + "- "
    }

    /// The column of the dash of the first item, where only blanks are between the two.
    fn dash_column(&self, list: &Node) -> Option<usize> {
        let before = self.before(list.items().first()?.range.start).trim_end().strip_suffix('-')?;
        let indentation = before.rsplit('\n').next()?;
        indentation.chars().all(|c| c == ' ').then_some(indentation.len())
    }
}

/// An object in block style: its first line as it is, those below at a column.
fn block(object: &Value, column: usize) -> anyhow::Result<String> {
    let text = yaml(object)?;
    let mut lines = text.strip_suffix('\n').unwrap_or(&text).split('\n');
    let mut indented = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        indented.push('\n');
        if !line.is_empty() {
            indented.push_str(&" ".repeat(column));
            indented.push_str(line);
        }
    }
    Ok(indented)
}

/// A list as JSON that is YAML too: of the characters that YAML takes only as escapes, JSON has some as they are.
fn flow(values: &[impl serde::Serialize]) -> String {
    let json = json!(values).to_string();
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                text.extend(["\\u", &format!("{:04x}", u32::from(c))]);
            }
            c => text.push(c),
        }
    }
    text
}

fn without_brackets(list: &str) -> String {
    list.strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or(list).to_owned()
}

/// Whether two objects are the same by name.
fn is_same(item: &Node, config: &Node) -> bool {
    ["name", "namespace"]
        .iter()
        .all(|key| item.text_at(&["metadata", key]) == config.text_at(&["metadata", key]))
}

#[cfg(test)]
mod tests;
