//! KRM functions: a `ResourceList` on stdin, the same with its `StreamingPipeline` objects expanded on stdout.
//!
//! The list is cut and pasted as text, so all other objects come out as they went in, byte for byte.

use crate::arguments::Format;
use crate::context::{self, Context};
use crate::outline::Node;
use crate::report::{Finding, Report, harmless};
use crate::run::{self, Outcome};
use crate::stream::is_pipeline;
use crate::yaml;
use anyhow::{Context as _, ensure};
use sentry_streams_k8s_host::ConsumerMacro;
use serde_json::{Value, json};
use std::io::Write;
use std::ops::Range;
use std::path::Path;

/// Expands the list on standard input, and says whether no pipeline is refused.
pub(crate) fn run(consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let (name, text) = context::read(Path::new("-"))?;
    let list = ResourceList::read(&name, &text)?;
    let pipelines = list.pipelines();
    let contexts: Vec<Context> = pipelines.iter().map(|pipeline| list.context(pipeline)).collect();
    let outcome = run::render(consumer_macro, &contexts)?;
    outcome.report.print(Format::Text, &mut anstream::stderr())?;
    std::io::stdout().write_all(list.expanded(&pipelines, &outcome)?.as_bytes())?;
    Ok(outcome.report.is_clean())
}

struct ResourceList<'t> {
    name: &'t str,
    text: &'t str,
    root: Node,
}

/// A `StreamingPipeline` of a list.
struct Pipeline<'n> {
    /// Where it is in the list: `items[0]`, `functionConfig`.
    place: String,
    node: &'n Node,
    is_item: bool,
}

/// A piece of the list's text, and what comes in its place.
type Edit = (Range<usize>, String);

impl<'t> ResourceList<'t> {
    fn read(name: &'t str, text: &'t str) -> anyhow::Result<Self> {
        let root = Node::read(text).with_context(|| format!("cannot read the ResourceList in {name}"))?;
        let root = root.filter(|root| root.text_at(&["kind"]) == Some("ResourceList"));
        Ok(Self { name, text, root: root.with_context(|| format!("{name} has no ResourceList"))? })
    }

    fn items(&self) -> &[Node] {
        self.root.entry("items").map_or(&[], Node::items)
    }

    /// The pipelines among the items, and the one in `functionConfig` unless that is an item too, as it is where
    /// kustomize runs a generator.
    fn pipelines(&self) -> Vec<Pipeline<'_>> {
        let items = self.items().iter().enumerate().filter(|(_, item)| is_pipeline(item));
        let mut pipelines: Vec<_> =
            items.map(|(index, node)| Pipeline { place: format!("items[{index}]"), node, is_item: true }).collect();
        if let Some(config) = self.root.entry("functionConfig").filter(|config| is_pipeline(config))
            && !pipelines.iter().any(|item| is_same(item.node, config))
        {
            pipelines.push(Pipeline { place: "functionConfig".to_owned(), node: config, is_item: false });
        }
        pipelines
    }

    fn context(&self, pipeline: &Pipeline<'_>) -> Context {
        let Range { start, end } = pipeline.node.range;
        let lines_before = self.before(start).matches('\n').count();
        // It keeps its columns, so that its lines go on below the first one.
        let text = " ".repeat(self.column(start)) + self.text.get(start..end).unwrap_or_default();
        Context::part(self.context_name(pipeline), text, lines_before)
    }

    fn context_name(&self, pipeline: &Pipeline<'_>) -> String {
        let name = pipeline.node.text_at(&["metadata", "name"]).unwrap_or_default();
        format!("{} ({} {name})", self.name, pipeline.place)
    }

    /// The list's text with each pipeline's objects in its place, unless there are problems, and with results.
    fn expanded(&self, pipelines: &[Pipeline<'_>], outcome: &Outcome) -> anyhow::Result<String> {
        let mut edits = Vec::new();
        for (index, pipeline) in pipelines.iter().enumerate() {
            let Some(manifests) = &outcome.manifests else { break };
            let manifests = manifests.iter().filter(|manifest| manifest.context == index);
            let objects: Vec<&Value> = manifests.map(|manifest| &manifest.object).collect();
            edits.push(if pipeline.is_item {
                self.replaced(pipeline.node, &objects)?
            } else {
                self.appended(&objects)?
            });
        }
        let results = self.results(pipelines, &outcome.report);
        if !results.is_empty() {
            edits.push(self.with_results(&flow(&results)));
        }
        Ok(self.edited(edits))
    }

    /// The objects in an item's place.
    fn replaced(&self, item: &Node, objects: &[&Value]) -> anyhow::Result<Edit> {
        let Range { start, end } = item.range;
        let end = start.saturating_add(self.text.get(start..end).unwrap_or_default().trim_end().len());
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
    fn appended(&self, objects: &[&Value]) -> anyhow::Result<Edit> {
        let Some(list) = self.root.entry("items") else {
            return Ok(self.with_entry("items", &flow(objects)));
        };
        if list.items().is_empty() {
            ensure!(!list.range.is_empty(), "give the ResourceList `items: []` where it has none");
            return Ok((list.range.clone(), flow(objects)));
        }
        if list.is_flow {
            let end = list.range.end.saturating_sub(1);
            return Ok((end..end, format!(", {}", without_brackets(&flow(objects)))));
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
        match self.root.entry("results") {
            Some(old) if old.is_flow => (old.range.clone(), results.to_owned()),
            Some(old) => (old.range.start..self.end_of_lines(old), format!("{results}\n")),
            None => self.with_entry("results", results),
        }
    }

    /// One more entry at the end of the list's own mapping.
    fn with_entry(&self, key: &str, value: &str) -> Edit {
        if self.root.is_flow {
            let end = self.root.range.end.saturating_sub(1);
            return (end..end, format!(", \"{key}\": {value}"));
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
            let pipeline = pipelines.iter().find(|pipeline| self.context_name(pipeline) == finding.context)?;
            Some(result(severity, finding, pipeline.node))
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

    /// What ends the line before a place.
    fn newline_at(&self, at: usize) -> &'static str {
        if self.before(at).ends_with('\n') { "" } else { "\n" }
    }

    /// What stands before each item of a block list.
    fn dash(&self, list: &Node) -> String {
        // The parser has a list that is not indented begin after its first dash.
        let is_indented = self.text.get(list.range.start..).is_some_and(|text| text.starts_with('-'));
        let start = if is_indented { list.range.start } else { self.root.range.start };
        " ".repeat(self.column(start)) + "- "
    }
}

/// An object in block style: its first line as it is, those below at a column.
fn block(object: &Value, column: usize) -> anyhow::Result<String> {
    let text = yaml::write(object)?;
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
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
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
    ["name", "namespace"].iter().all(|key| item.text_at(&["metadata", key]) == config.text_at(&["metadata", key]))
}

/// An entry of `results`, as the KRM functions specification has it.
fn result(severity: &str, Finding { problem, .. }: &Finding, object: &Node) -> Value {
    let annotation = |name: &str| {
        let [of_kustomize, of_all] = ["internal.", ""].map(|prefix| {
            let key = format!("{prefix}config.kubernetes.io/{name}");
            object.text_at(&["metadata", "annotations", &key])
        });
        of_kustomize.or(of_all)
    };
    let message = match &problem.help {
        Some(help) => format!("{}; {help}", problem.message),
        None => problem.message.clone(),
    };
    let mut result = json!({
        "message": harmless(&message),
        "severity": severity,
        "resourceRef": {
            "apiVersion": object.text_at(&["apiVersion"]),
            "kind": object.text_at(&["kind"]),
            "name": object.text_at(&["metadata", "name"]),
        },
        "tags": { "code": problem.code },
    });
    let mut set = |path: &[&str], value: Value| {
        let place = path.iter().fold(&mut result, |place, key| &mut place[key]);
        *place = value;
    };
    if let Some(namespace) = object.text_at(&["metadata", "namespace"]) {
        set(&["resourceRef", "namespace"], json!(namespace));
    }
    if !problem.path.is_empty() {
        set(&["field", "path"], json!(harmless(&problem.path)));
    }
    if let Some(path) = annotation("path") {
        set(&["file", "path"], json!(path));
        if let Some(index) = annotation("index").and_then(|index| index.parse::<u64>().ok()) {
            set(&["file", "index"], json!(index));
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifests::Manifest;
    use sentry_streams_k8s_host::Problem;

    const PIPELINE: &str = "apiVersion: streams.sentry.io/v1alpha1";

    /// A macro that makes two objects of a pipeline, and finds fault with those named `bad` and `odd`.
    fn outcome(list: &ResourceList<'_>, pipelines: &[Pipeline<'_>]) -> Outcome {
        let (mut report, mut manifests) = (Report::default(), Vec::new());
        for (context, pipeline) in pipelines.iter().enumerate() {
            let name = pipeline.node.text_at(&["metadata", "name"]).unwrap_or_default();
            let mut add = |object| {
                manifests.push(Manifest { context, kind: String::new(), name: String::new(), namespace: None, object });
            };
            add(json!({ "a": name, "text": "x\n\n y\n" }));
            add(json!({ "b": [name] }));
            let problem = Problem {
                code: "code".to_owned(),
                path: "spec.x".to_owned(),
                message: "no\u{7f}".to_owned(),
                help: Some("yes".to_owned()),
                line: None,
                column: None,
            };
            let finding = Finding { context: list.context_name(pipeline), problem, place: None };
            match name {
                "bad" => report.problems.push(finding),
                "odd" => report.warnings.push(finding),
                _ => {}
            }
        }
        let manifests = report.is_clean().then_some(manifests);
        Outcome { report, manifests }
    }

    fn run(text: &str) -> anyhow::Result<String> {
        let list = ResourceList::read("<stdin>", text)?;
        let pipelines = list.pipelines();
        list.expanded(&pipelines, &outcome(&list, &pipelines))
    }

    /// The two objects of a pipeline `p`, as items of a list.
    fn items(indentation: &str) -> String {
        let lines = ["- a: p", "  text: |", "    x", "", "     y", "- b:", "  - p"];
        let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("{indentation}{line}\n") };
        lines.map(line).concat()
    }

    const IN_FLOW: &str = r#"{"a":"p","text":"x\n\n y\n"},{"b":["p"]}"#;

    #[test]
    fn items_become_their_objects_and_all_else_stays() {
        for indentation in ["", "  "] {
            let indented = |lines: &str| lines.lines().flat_map(|line| [indentation, line, "\n"]).collect::<String>();
            let before = indented("- a: 0o17 # odd\n  b: 12:30:45");
            let before = format!("kind: ResourceList\nitems:\n{before}");
            let item = indented(&format!("- {PIPELINE}\n  kind: StreamingPipeline\n  metadata:\n    name: p"));
            let after = format!("{}functionConfig: {{}}\n", indented("- c: |\n    ---\n# end"));
            let out = run(&format!("{before}{item}{after}")).unwrap();
            assert_eq!(out, format!("{before}{}{after}", items(indentation)));
        }
    }

    #[test]
    fn last_items_and_items_in_brackets() {
        let item = format!("{PIPELINE}\n    kind: StreamingPipeline\n    metadata: {{name: p}}");
        let out = run(&format!("kind: ResourceList\nitems:\n  -\n    {item}")).unwrap();
        let expected = items("  ").replacen("  - a", "  -\n    a", 1);
        assert_eq!(out, format!("kind: ResourceList\nitems:\n{}", expected.trim_end()));
        let item = format!("{{{PIPELINE}, kind: StreamingPipeline, metadata: {{name: p}}}}");
        let out = run(&format!("kind: ResourceList\nitems:\n- {item}\n- 1\n")).unwrap();
        assert_eq!(out, format!("kind: ResourceList\nitems:\n{}- 1\n", items("")));
        let out = run(&format!("kind: ResourceList\nitems: [1, {item}]\n")).unwrap();
        assert_eq!(out, format!("kind: ResourceList\nitems: [1, {IN_FLOW}]\n"));
    }

    #[test]
    fn lists_in_json() {
        let pipeline =
            r#"{"apiVersion":"streams.sentry.io/v1alpha1","kind":"StreamingPipeline","metadata":{"name":"odd"}}"#;
        let out = run(&format!(r#"{{"kind":"ResourceList","items":[1.0, {pipeline}]}}"#)).unwrap();
        let out: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(out["items"].to_string(), r#"[1.0,{"a":"odd","text":"x\n\n y\n"},{"b":["odd"]}]"#);
        assert_eq!(out["results"][0]["severity"], "warning");
        for (items, count) in [("", 2), (r#","items":[]"#, 2), (r#","items":[{}]"#, 3)] {
            let out = run(&format!(r#"{{"kind":"ResourceList","functionConfig":{pipeline}{items}}}"#)).unwrap();
            let out: Value = serde_json::from_str(&out).unwrap();
            assert_eq!(out["items"].as_array().unwrap().len(), count);
        }
    }

    #[test]
    fn a_function_config_becomes_its_objects_once() {
        let pipeline = format!("{PIPELINE}\n  kind: StreamingPipeline\n  metadata: {{name: p}}\n");
        let config = format!("functionConfig:\n  {pipeline}");
        for (before, after) in [
            ("items:\n- a: 1\n".to_owned(), format!("items:\n- a: 1\n{}", items(""))),
            ("items:\n  - a: 1\n".to_owned(), format!("items:\n  - a: 1\n{}", items("  "))),
            (format!("items:\n- {pipeline}"), format!("items:\n{}", items(""))),
            ("items: []\n".to_owned(), format!("items: [{IN_FLOW}]\n")),
            ("items: null\n".to_owned(), format!("items: [{IN_FLOW}]\n")),
        ] {
            let out = run(&format!("kind: ResourceList\n{before}{config}")).unwrap();
            assert_eq!(out, format!("kind: ResourceList\n{after}{config}"));
        }
        let out = run(&format!("kind: ResourceList\n{config}")).unwrap();
        assert_eq!(out, format!("kind: ResourceList\n{config}items: [{IN_FLOW}]\n"));
        let out =
            run(&format!("kind: ResourceList\nitems:\n- a: 1\n{config}").replace("name: p", "name: p, namespace: n"));
        assert_eq!(out.unwrap().matches("- b:").count(), 1);
    }

    #[test]
    fn a_refused_pipeline_stays_and_is_told_of() {
        let annotations = "annotations: {config.kubernetes.io/path: a.yaml, config.kubernetes.io/index: '2'}";
        let pipeline = format!("- {PIPELINE}\n  kind: StreamingPipeline\n  metadata:\n    namespace: n\n    name:");
        let list = format!("kind: ResourceList\nitems:\n{pipeline} p\n{pipeline} bad\n    {annotations}\n");
        let out = run(&list).unwrap();
        let results = out.strip_prefix(&list).unwrap().strip_prefix("results: ").unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(results).unwrap(),
            json!([{
                "message": "no\u{2421}; yes",
                "severity": "error",
                "resourceRef": {
                    "apiVersion": "streams.sentry.io/v1alpha1", "kind": "StreamingPipeline", "name": "bad", "namespace": "n",
                },
                "tags": { "code": "code" },
                "field": { "path": "spec.x" },
                "file": { "path": "a.yaml", "index": 2 },
            }])
        );
        // Results are written anew, not added to.
        let again = run(&out).unwrap();
        assert_eq!(again, out);
    }

    #[test]
    fn a_pipeline_keeps_its_place() {
        let text =
            format!("kind: ResourceList\nitems:\n- {PIPELINE}\n  kind: StreamingPipeline\n  metadata: {{name: p}}\n");
        let list = ResourceList::read("<stdin>", &text).unwrap();
        let context = list.context(&list.pipelines()[0]);
        assert_eq!((context.name.as_str(), context.lines_before), ("<stdin> (items[0] p)", 2));
        assert_eq!(Node::read(&context.text).unwrap().unwrap().text_at(&["kind"]), Some("StreamingPipeline"));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in ["", "a: 1", "- 1", "kind: [", "kind: ResourceList\n---\nkind: ResourceList\n"] {
            assert!(run(text).is_err(), "{text:?}");
        }
        let text = format!(
            "kind: ResourceList\nfunctionConfig: {{{PIPELINE}, kind: StreamingPipeline, metadata: {{name: p}}}}\n"
        );
        assert!(run(&format!("{text}items:\n")).unwrap_err().to_string().contains("`items: []`"));
    }

    #[test]
    fn a_list_cut_anywhere_is_refused_or_stays_yaml() {
        let item = format!("{PIPELINE}\n  kind: StreamingPipeline\n  metadata:\n    name: odd\n");
        let flow =
            format!("{{kind: ResourceList, items: [{{{PIPELINE}, kind: StreamingPipeline, metadata: {{name: é}}}}]}}");
        let list = format!(
            "kind: ResourceList\nitems:\n- {item}- a: |+\n    é\n\n# c\nfunctionConfig:\n  {item}results: []\n"
        );
        for text in [flow, list] {
            let cuts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            let answers: Vec<String> = cuts.filter_map(|at| run(&text[..at]).ok()).collect();
            assert!(!answers.is_empty());
            let broken: Vec<_> = answers.iter().filter(|answer| !matches!(Node::read(answer), Ok(Some(_)))).collect();
            assert_eq!(broken, Vec::<&String>::new());
        }
    }

    #[test]
    fn json_is_yaml_too() {
        assert_eq!(flow(&["\u{7f}\u{85}\u{2028}\u{1b}é"]), r#"["\u007f\u0085\u2028\u001bé"]"#);
    }
}
