//! Lists are cut and pasted.

use super::*;
use crate::report::Finding;
use crate::run::Outcome;
use sentry_streams_k8s_host::Problem;

const PIPELINE: &str = "apiVersion: streams.sentry.io/v1alpha1";

/// A macro that makes two objects of a pipeline, and finds fault with those named `bad` and `odd`.
fn outcome(list: &ObjectList<'_>, pipelines: &[Pipeline<'_>]) -> Outcome {
    let (mut report, mut objects) = (Report::default(), Vec::new());
    for pipeline in pipelines {
        let name = pipeline.node.text_at(&["metadata", "name"]).unwrap_or_default();
        objects.push(vec![json!({ "a": name, "text": "x\n\n y\n" }), json!({ "b": [name] })]);
        let problem = Problem {
            code: "code".to_owned(),
            path: "spec.x".to_owned(),
            message: "no\u{7f}".to_owned(),
            help: Some("yes".to_owned()),
            source: None,
            line: None,
            column: None,
            end: None,
            fix: None,
        };
        let finding =
            Finding { context: list.context_name(pipeline), problem, place: None, fix: None };
        match name {
            "bad" => report.problems.push(finding),
            "odd" => report.warnings.push(finding),
            _ => {}
        }
    }
    let objects = report.is_clean().then_some(objects);
    Outcome { report, objects }
}

fn run(text: &str) -> anyhow::Result<String> {
    let list = ObjectList::of_resources("<stdin>", text)?;
    let pipelines = list.pipelines();
    let outcome = outcome(&list, &pipelines);
    list.expanded(&pipelines, outcome.objects.as_deref(), &outcome.report)
}

/// The two objects of a pipeline `p`, as items of a list.
fn items(indentation: &str) -> String {
    let lines = ["- a: p", "  text: |", "    x", "", "     y", "- b:", "  - p"];
    let line = |line: &str| {
        if line.is_empty() { "\n".to_owned() } else { format!("{indentation}{line}\n") }
    };
    lines.map(line).concat()
}

const IN_FLOW: &str = r#"{"a":"p","text":"x\n\n y\n"},{"b":["p"]}"#;

#[test]
fn items_become_their_objects_and_all_else_stays() {
    for indentation in ["", "  "] {
        let indented = |lines: &str| {
            lines.lines().flat_map(|line| [indentation, line, "\n"]).collect::<String>()
        };
        let before = indented("- a: 0o17 # odd\n  b: 12:30:45");
        let before = format!("kind: ResourceList\nitems:\n{before}");
        let item =
            indented(&format!("- {PIPELINE}\n  kind: StreamingPipeline\n  metadata:\n    name: p"));
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
    let pipeline = r#"{"apiVersion":"streams.sentry.io/v1alpha1","kind":"StreamingPipeline","metadata":{"name":"odd"}}"#;
    let out = run(&format!(r#"{{"kind":"ResourceList","items":[1.0, {pipeline}]}}"#)).unwrap();
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(out["items"].to_string(), r#"[1.0,{"a":"odd","text":"x\n\n y\n"},{"b":["odd"]}]"#);
    assert_eq!(out["results"][0]["severity"], "warning");
    for (items, count) in [("", 2), (r#","items":[]"#, 2), (r#","items":[{}]"#, 3)] {
        let out = run(&format!(r#"{{"kind":"ResourceList","functionConfig":{pipeline}{items}}}"#))
            .unwrap();
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
    let out = run(&format!("kind: ResourceList\nitems:\n- a: 1\n{config}")
        .replace("name: p", "name: p, namespace: n"));
    assert_eq!(out.unwrap().matches("- b:").count(), 1);
}

#[test]
fn a_refused_pipeline_stays_and_is_told_of() {
    let annotations =
        "annotations: {config.kubernetes.io/path: a.yaml, config.kubernetes.io/index: '2'}";
    let pipeline = format!(
        "- {PIPELINE}\n  kind: StreamingPipeline\n  metadata:\n    namespace: n\n    name:"
    );
    let list =
        format!("kind: ResourceList\nitems:\n{pipeline} p\n{pipeline} bad\n    {annotations}\n");
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
fn results_are_written_anew_wherever_they_stand() {
    let bad = format!("{PIPELINE}\n  kind: StreamingPipeline\n  metadata: {{name: bad}}\n");
    let items = format!("items:\n- {bad}");
    for old in [
        "results:\n- message: old\n  severity: info\n- {message: older}\n",
        "results:\n  - message: old\n",
        "results:\n- # comment\n  message: old\n",
        "results: [{message: old}]\n",
        "results: []\n",
        "results:\n",
        "\"results\": null\n",
        "results: # none\n",
    ] {
        for list in [
            format!("kind: ResourceList\n{items}{old}"),
            format!("kind: ResourceList\n{old}{items}"),
        ] {
            let out = run(&list).unwrap();
            let results = Node::read(&out).unwrap().unwrap();
            let results = results.entry("results").unwrap().items();
            assert_eq!(results.len(), 1, "{out}");
            assert_eq!(results[0].text_at(&["severity"]), Some("error"), "{out}");
            assert_eq!(run(&out).unwrap(), out);
        }
    }
}

#[test]
fn pipelines_in_a_list_in_a_list_are_refused() {
    let list = format!("{{kind: List, items: [{{{PIPELINE}, kind: StreamingPipeline}}]}}");
    let within = format!("{{kind: List, items: [{list}]}}");
    for item in [&list, &within] {
        let error = run(&format!("kind: ResourceList\nitems:\n- a: 1\n- {item}\n")).unwrap_err();
        assert!(format!("{error:#}").contains("items[1] is a list with pipelines"), "{error:#}");
    }
    let document = |text| Document { head: "", text, line: 0 };
    assert!(ObjectList::in_stream("a", &document(&within)).is_err());
    assert!(ObjectList::in_stream("a", &document(&list)).unwrap().is_some());
    let others = "{kind: List, items: [{kind: List, items: [{kind: ConfigMap}]}]}";
    assert!(ObjectList::in_stream("a", &document(others)).unwrap().is_none());
}

#[test]
fn a_pipeline_keeps_its_place() {
    let text = format!(
        "kind: ResourceList\nitems:\n- {PIPELINE}\n  kind: StreamingPipeline\n  metadata: {{name: p}}\n"
    );
    let list = ObjectList::of_resources("<stdin>", &text).unwrap();
    let context = list.context(&list.pipelines()[0]);
    assert_eq!((context.name.as_str(), context.lines_before), ("<stdin> (items[0] p)", 2));
    assert_eq!(
        Node::read(&context.text).unwrap().unwrap().text_at(&["kind"]),
        Some("StreamingPipeline")
    );
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
    let flow = format!(
        "{{kind: ResourceList, items: [{{{PIPELINE}, kind: StreamingPipeline, metadata: {{name: é}}}}]}}"
    );
    let list = format!(
        "kind: ResourceList\nitems:\n- {item}- a: |+\n    é\n\n# c\nfunctionConfig:\n  {item}results: []\n"
    );
    for text in [flow, list] {
        let cuts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let answers: Vec<String> = cuts.filter_map(|at| run(&text[..at]).ok()).collect();
        assert!(!answers.is_empty());
        let broken: Vec<_> =
            answers.iter().filter(|answer| !matches!(Node::read(answer), Ok(Some(_)))).collect();
        assert_eq!(broken, Vec::<&String>::new());
    }
}

#[test]
fn json_is_yaml_too() {
    assert_eq!(flow(&["\u{7f}\u{85}\u{2028}\u{1b}é"]), r#"["\u007f\u0085\u2028\u001bé"]"#);
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let item = format!("{PIPELINE}\n  kind: StreamingPipeline\n  metadata: {{name: p}}\n");
    let anchored = item.replace("{name: p}", "&m {name: p}");
    for (list, reason) in [
        (format!("items:\n- {anchored}- *m\n"), "has an anchor that an alias elsewhere"),
        (
            format!("x: &m {{name: p}}\nitems:\n- {}", item.replace("{name: p}", "*m")),
            "has an alias of an anchor elsewhere",
        ),
        (format!("x: &p\n  {item}items:\n- *p\n"), "a pipeline is an alias"),
        (format!("items:\n- &p\n  {item}- *p\n"), "has an anchor that an alias elsewhere"),
        (
            format!("x: &p\n  {item}items:\n- <<: *p\n  a: 1\n"),
            "a pipeline is an alias or has merge keys",
        ),
        (format!("items:\n-\ta: 1\n- {item}"), "line 3: "),
        (format!("items:\n- {item}").replace('\n', "\r"), "carriage return"),
        (format!("items:\n- {item}items: []\n"), "`items` stands twice"),
    ] {
        let error =
            run(&format!("kind: ResourceList\n{list}")).map_err(|error| format!("{error:#}"));
        assert!(error.as_ref().is_err_and(|error| error.contains(reason)), "{reason}: {error:?}");
    }
}

#[test]
fn odd_lists_are_kept() {
    let flow = format!("{{{PIPELINE}, kind: StreamingPipeline, metadata: {{name: p}}}}");
    let block = format!("{PIPELINE}\n  kind: StreamingPipeline\n  metadata: {{name: p}}\n");
    assert_eq!(
        run(&format!("\u{feff}kind: ResourceList\nitems:\n- {block}- b: 2\n")).unwrap(),
        format!("kind: ResourceList\nitems:\n{}- b: 2\n", items(""))
    );
    assert_eq!(
        run(&format!("{{kind: ResourceList, items: [1, {flow},],}}")).unwrap(),
        format!("{{kind: ResourceList, items: [1, {IN_FLOW},],}}")
    );
    let odd = flow.replace("name: p", "name: odd");
    for list in [
        format!("{{kind: ResourceList, items: [1, {odd},],}}"),
        format!("{{kind: ResourceList, functionConfig: {odd}, items: [1,],}}"),
    ] {
        let text = run(&list).unwrap();
        assert!(Node::read(&text).is_ok() && text.contains("results"), "{text}");
    }
    // The first item is a list itself.
    for indentation in ["", "  "] {
        let first = format!("{indentation}- - x\n{indentation}  - y\n");
        let item =
            format!("{indentation}- {}", block.replace("\n  ", &format!("\n{indentation}  ")));
        assert_eq!(
            run(&format!("kind: ResourceList\nitems:\n{first}{item}")).unwrap(),
            format!("kind: ResourceList\nitems:\n{first}{}", items(indentation))
        );
    }
    // Anchors of its own go with the pipeline, those of others stay.
    let own = block.replace("{name: p}", "{name: p, labels: &l {a: b}, annotations: *l}");
    let others = "- c: &c 1\n- d: *c\n";
    assert_eq!(
        run(&format!("kind: ResourceList\nitems:\n- {own}{others}")).unwrap(),
        format!("kind: ResourceList\nitems:\n{}{others}", items(""))
    );
}
