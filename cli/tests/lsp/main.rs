//! The language server, as an editor talks to it.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::expect_used, clippy::arithmetic_side_effects, clippy::panic, reason = "tests")]

mod client;
mod latency;

use client::{Client, range};
use serde_json::{Value, json};

const SMALL: &str = include_str!("../../../examples/small.yaml");
const FULL: &str = include_str!("../../../examples/full.yaml");
const PIPELINES: &str = include_str!("../../../examples/operator/pipelines.yaml");

/// The line of a text that begins with something, from 0, and how many blanks stand before it.
fn line(text: &str, start: &str) -> (u32, u32) {
    let line = text.lines().position(|line| line.trim_start().starts_with(start)).unwrap();
    let text = text.lines().nth(line).unwrap();
    (u32::try_from(line).unwrap(), u32::try_from(text.len() - text.trim_start().len()).unwrap())
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn problems_come_and_go_while_somebody_types() {
    let mut client = Client::new();
    assert_eq!(client.about["capabilities"]["positionEncoding"], "utf-16");
    client.open("a.yaml", SMALL);
    assert_eq!(client.diagnostics("a.yaml", 1), Vec::<Value>::new());

    let (at, _) = line(SMALL, "segment_id");
    client.change("a.yaml", 2, &range(at, 0, 0), "replica: 3\n");
    let found = client.diagnostics("a.yaml", 2);
    assert_eq!(codes(&found), ["unknown-field"]);
    assert_eq!(found[0]["range"], range(at, 0, 7));
    assert_eq!((&found[0]["severity"], &found[0]["source"]), (&json!(1), &json!("streams-k8s")));
    assert!(found[0]["message"].as_str().unwrap().contains("\nhelp: did you mean `replicas`?"));

    client.change("a.yaml", 3, &range(at, 7, 7), "s");
    assert_eq!(client.diagnostics("a.yaml", 3), Vec::<Value>::new());
    assert!(client.end());
}

#[test]
fn a_closed_file_has_no_problems() {
    let mut client = Client::new();
    client.open("a.yaml", &SMALL.replace("segment_id: 0", "segment_id: x"));
    assert_eq!(client.diagnostics("a.yaml", 1).len(), 1);
    let file = json!({ "uri": client.uri("a.yaml") });
    client.tell("textDocument/didClose", json!({ "textDocument": file }));
    let uri = client.uri("a.yaml");
    let gone = client
        .wait(|message| message["params"]["uri"] == uri && message["params"]["version"].is_null());
    assert_eq!(gone["params"]["diagnostics"], json!([]));
}

/// The macro counts characters, editors UTF-16 or bytes; lines may end with CRLF.
#[test]
fn positions_are_in_the_encoding_that_was_agreed_on() {
    let text =
        SMALL.replace("pipeline_name: results", "\"pipeline_name\": {\"😀é\": 1, \"é😀\": 2}");
    let text = text.replace("segment_id: 0", "segment_id: \"é😀\"").replace('\n', "\r\n");
    for (encodings, chosen, ends) in [
        (&["utf-16"][..], "utf-16", (37, 17)),
        (&["utf-32", "utf-8", "utf-16"], "utf-8", (43, 20)),
        (&[], "utf-16", (37, 17)),
    ] {
        let mut client = Client::start(&[], encodings, Value::Null);
        assert_eq!(client.about["capabilities"]["positionEncoding"], chosen);
        client.open("a.yaml", &text);
        let found = client.diagnostics("a.yaml", 1);
        let (name, segment) = (line(&text, "\"pipeline_name").0, line(&text, "segment_id").0);
        let ranges: Vec<&Value> = found.iter().map(|one| &one["range"]).collect();
        assert_eq!(ranges, [&range(name, 17, ends.0), &range(segment, 12, ends.1)], "{chosen}");

        // What is replaced is what the editor means.
        client.change("a.yaml", 2, &range(segment, 12, ends.1), "0");
        client.change("a.yaml", 3, &range(name, 17, ends.0), "results");
        assert_eq!(client.diagnostics("a.yaml", 3), Vec::<Value>::new());
    }
}

#[test]
fn each_document_of_a_file_is_checked() {
    let mut client = Client::new();
    client.open("a.yaml", PIPELINES);
    let found = client.diagnostics("a.yaml", 1);
    assert_eq!(codes(&found), ["unknown-field"]);
    let (at, column) = line(PIPELINES, "replicsa");
    assert_eq!(found[0]["range"], range(at, column, column + 8));
    assert!(client.hover("a.yaml", (line(PIPELINES, "with_canary").0, 4)).contains("the canary"));

    let file = json!({ "uri": client.uri("a.yaml") });
    let symbols = client.ask("textDocument/documentSymbol", json!({ "textDocument": file }));
    let symbols = symbols.unwrap();
    let names: Vec<&str> =
        symbols.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["uptime", "results", "misspelled"]);
}

#[test]
fn a_context_may_be_json() {
    let mut client = Client::new();
    let text = "{\n  \"service_name\": \"s\",\n  \"pipeline_name\": \"p\",\n  \"replica\": 3,\n  \"log_level\": \"\",\n  \"\"\n}\n";
    client.open("a.json", text);
    assert!(codes(&client.diagnostics("a.json", 1)).contains(&"unsupported-value"));
    assert!(client.labels("a.json", (5, 3)).contains(&"image_name".to_owned()));
    assert_eq!(client.labels("a.json", (4, 16)), ["DEBUG", "INFO", "WARNING", "ERROR"]);

    client.change("a.json", 2, &range(5, 2, 4), "\"image_name\": \"x\"");
    let found = client.diagnostics("a.json", 2);
    assert!(codes(&found).contains(&"unknown-field"), "{found:?}");
    assert!(client.hover("a.json", (4, 6)).contains("How much the consumer logs"));
}

#[test]
fn other_files_are_left_alone() {
    let mut client = Client::new();
    client.open("values.yaml", "replicas: 3\nimage: [\n");
    client.open("a.yaml", SMALL);
    client.diagnostics("a.yaml", 1);
    let uri = client.uri("values.yaml");
    assert_eq!(client.labels("values.yaml", (0, 0)), Vec::<String>::new());
    assert_eq!(client.hover("values.yaml", (0, 2)), "");
    assert_eq!(client.early(|message| message["params"]["uri"] == uri), 0);
}

#[test]
fn fixes_make_it_right() {
    let mut client = Client::new();
    let text = SMALL.replace("segment_id: 0", "segment_id: 0\nreplica: 2");
    client.open("a.yaml", &text);
    let found = client.diagnostics("a.yaml", 1);
    let params = json!({
        "textDocument": { "uri": client.uri("a.yaml") },
        "range": found[0]["range"],
        "context": { "diagnostics": found },
    });
    let actions = client.ask("textDocument/codeAction", params.clone()).unwrap();
    let [action] = &actions.as_array().unwrap()[..] else { panic!("{actions}") };
    assert_eq!(
        (&action["title"], &action["kind"]),
        (&json!("rename to `replicas`"), &json!("quickfix"))
    );
    let edits = action["edit"]["changes"][client.uri("a.yaml")].as_array().unwrap().clone();
    for edit in &edits {
        client.change("a.yaml", 2, &edit["range"], edit["newText"].as_str().unwrap());
    }
    assert_eq!(client.diagnostics("a.yaml", 2), Vec::<Value>::new());
    assert_eq!(client.ask("textDocument/codeAction", params).unwrap(), json!([]));
}

#[test]
fn fields_and_values_are_completed() {
    let mut client = Client::new();
    client.open("a.yaml", FULL);
    client.diagnostics("a.yaml", 1);

    // A field of the context, of those that are not there.
    let end = u32::try_from(FULL.lines().count()).unwrap();
    client.change("a.yaml", 2, &range(end, 0, 0), "s");
    let labels = client.labels("a.yaml", (end, 1));
    assert!(labels.contains(&"silence".to_owned()) && !labels.contains(&"replicas".to_owned()));

    // Fields of Kubernetes in a template that is text, where the line is not finished.
    let (at, column) = line(FULL, "serviceAccountName");
    let blank = format!("{}\n", " ".repeat(column as usize));
    client.change("a.yaml", 3, &range(at, 0, 0), &blank);
    let items = client.ask_at("textDocument/completion", "a.yaml", (at, column)).unwrap();
    let items = items.as_array().unwrap();
    let item = items.iter().find(|item| item["label"] == "priorityClassName").unwrap();
    assert_eq!(item["textEdit"]["newText"], "priorityClassName: ");
    assert_eq!(item["textEdit"]["range"], range(at, column, column));
    assert_eq!(item["detail"], "string");
    assert!(item["documentation"]["value"].as_str().unwrap().contains("priority"));
    assert!(!items.iter().any(|item| item["label"] == "nodeSelector"), "it is there already");

    // The values that one can have, as the macro's rules know them.
    client.change("a.yaml", 4, &range(at, column, column), "restartPolicy: ");
    let labels = client.labels("a.yaml", (at, column + 15));
    assert_eq!(labels, Vec::<String>::new(), "a Deployment's has only one: {labels:?}");
    client.change("a.yaml", 5, &range(at, column, column + 15), "hostNetwork: ");
    assert_eq!(client.labels("a.yaml", (at, column + 13)), ["true", "false"]);
    let (at, column) = line(FULL, "whenUnsatisfiable");
    let value = (at + 1, column + 20);
    assert_eq!(client.labels("a.yaml", value), ["DoNotSchedule", "ScheduleAnyway"]);
}

#[test]
fn a_hover_has_the_description_and_the_story() {
    let mut client = Client::new();
    client.open("a.yaml", FULL);
    let (at, _) = line(FULL, "memory_per_process");
    let text = client.hover("a.yaml", (at, 3));
    assert!(text.starts_with("`memory_per_process`: integer or digits, required"), "{text}");
    assert!(text.contains("MiB"), "{text}");
    assert!(
        text.contains("`spec.template.spec.containers[1].resources.limits.memory`: `\"6144Mi\"`")
    );
    assert!(text.contains("times 4 processes of the segment"), "{text}");

    let (at, column) = line(FULL, "minReadySeconds");
    let text = client.hover("a.yaml", (at, column + 2));
    assert!(text.contains("Minimum number of seconds"), "{text}");
    assert!(text.contains("`spec.minReadySeconds`: `10`"), "{text}");
    assert_eq!(client.hover("a.yaml", (0, 5)), "", "of a comment there is nothing to say");
}

#[test]
fn one_can_go_to_the_rendered_object() {
    let mut client = Client::new();
    client.open("a.yaml", FULL);
    let (at, column) = line(FULL, "minReadySeconds");
    let found = client.ask_at("textDocument/definition", "a.yaml", (at, column)).unwrap();
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), 2, "the Deployment's and the canary's");
    for place in found {
        let path = place["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let line = place["range"]["start"]["line"].as_u64().unwrap();
        assert_eq!(text.lines().nth(line.try_into().unwrap()), Some("  minReadySeconds: 10"));
    }
    let (in_config, column) = line(FULL, "write_healthcheck");
    let config = client.ask_at("textDocument/definition", "a.yaml", (in_config, column)).unwrap();
    assert_eq!(
        config.as_array().unwrap().len(),
        3,
        "the ConfigMap has it, and the others its digest"
    );
    let directory = found[0]["uri"].as_str().unwrap().strip_prefix("file://").unwrap().to_owned();

    client.change("a.yaml", 2, &range(at, column, column), "x");
    let refused = client.ask_at("textDocument/definition", "a.yaml", (at, column)).unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("has problems"), "{refused}");
    assert!(client.end());
    assert!(!std::path::Path::new(&directory).exists(), "it goes with the server");
}

/// A context whose templates are files of their own.
fn templates() -> Client {
    let context = SMALL.replace("deployment_template:\n  metadata:\n    namespace: uptime\n", "");
    let settings = json!({ "streams-k8s": { "contexts": [{
        "context": "context.yaml",
        "set": { "replicas": 2 },
        "setFile": { "deployment_template": "deployment.yaml" },
    }] } });
    let files = [("context.yaml", context.as_str()), ("deployment.yaml", "metadata: {}\n")];
    Client::start(&files, &[], settings)
}

#[test]
fn templates_of_their_own_are_checked_with_their_context() {
    let mut client = templates();
    client.open(
        "context.yaml",
        &std::fs::read_to_string(client.workspace.path().join("context.yaml")).unwrap(),
    );
    assert_eq!(client.diagnostics("context.yaml", 1), Vec::<Value>::new());
    let text = "# 😀\nspec:\n  template:\n    spec:\n      dnsPolcy: Default\n      \n";
    client.open("deployment.yaml", text);
    let found = client.diagnostics("deployment.yaml", 1);
    assert_eq!(codes(&found), ["unknown-field"]);
    assert_eq!(found[0]["range"], range(4, 6, 14));

    let labels = client.labels("deployment.yaml", (5, 6));
    assert!(labels.contains(&"dnsConfig".to_owned()), "{labels:?}");
    let params = json!({
        "textDocument": { "uri": client.uri("deployment.yaml") },
        "range": range(4, 8, 8), "context": { "diagnostics": [] },
    });
    let actions = client.ask("textDocument/codeAction", params).unwrap();
    let edit = &actions[0]["edit"]["changes"][client.uri("deployment.yaml")][0];
    assert_eq!((&edit["newText"], &edit["range"]), (&json!("dnsPolicy"), &range(4, 6, 14)));

    client.change("deployment.yaml", 2, &range(4, 6, 14), "dnsPolicy");
    assert_eq!(client.diagnostics("deployment.yaml", 2), Vec::<Value>::new());
    let text = client.hover("deployment.yaml", (4, 17));
    assert!(
        text.contains("Set DNS policy") && text.contains("dnsPolicy`: `\"Default\"`"),
        "{text}"
    );
    let found = client.ask_at("textDocument/definition", "deployment.yaml", (4, 8)).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1);
}

#[test]
fn a_template_that_changes_on_disk_counts() {
    let mut client = templates();
    client.wait(|message| message["method"] == "client/registerCapability");
    let context = std::fs::read_to_string(client.workspace.path().join("context.yaml")).unwrap();
    client.open("context.yaml", &context);
    assert_eq!(client.diagnostics("context.yaml", 1), Vec::<Value>::new());

    let file = client.workspace.path().join("deployment.yaml");
    std::fs::write(file, "spec: {replcas: 2}\n").unwrap();
    let change = json!({ "uri": client.uri("deployment.yaml"), "type": 2 });
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    let uri = client.uri("deployment.yaml");
    let told = client.wait(|message| {
        message["params"]["uri"] == uri && message["params"]["diagnostics"] != json!([])
    });
    assert_eq!(told["params"]["diagnostics"][0]["range"], range(0, 7, 14));
}

#[test]
fn settings_that_are_wrong_are_told() {
    let mut client = Client::start(&[], &[], json!({ "context": [] }));
    let said = client.wait(|message| message["method"] == "window/showMessage");
    assert!(said["params"]["message"].as_str().unwrap().contains("unknown field `context`"));

    // And what they name may not be there.
    client.open("a.yaml", SMALL);
    assert_eq!(client.diagnostics("a.yaml", 1), Vec::<Value>::new());
    let contexts = json!([{ "context": "a.yaml", "setFile": { "emergency_patch": "no.yaml" } }]);
    let settings = json!({ "settings": { "streams-k8s": { "contexts": contexts } } });
    client.tell("workspace/didChangeConfiguration", settings);
    let found = client.diagnostics("a.yaml", 1);
    assert!(found[0]["message"].as_str().unwrap().contains("no.yaml"), "{found:?}");
}

#[test]
fn requests_can_be_cancelled_and_mistaken() {
    let mut client = Client::new();
    client.open("a.yaml", FULL);
    let position = json!({ "line": 7, "character": 3 });
    let params = json!({ "textDocument": { "uri": client.uri("a.yaml") }, "position": position });
    let id = client.send("textDocument/hover", params);
    client.tell("$/cancelRequest", json!({ "id": id }));
    // It may be done before it is cancelled.
    if let Err(error) = client.answer(id) {
        assert_eq!(error["code"], -32800);
    }
    assert_eq!(client.ask("textDocument/hover", json!({})).unwrap_err()["code"], -32602);
    assert_eq!(client.ask("no/such", json!({})).unwrap_err()["code"], -32601);
    client.tell("textDocument/didChange", json!({ "x": 1 }));
    client.tell("no/such", json!([]));
    assert!(client.end());
}

/// A text is broken while it is written: whatever it is, the server goes on.
#[test]
fn no_text_ends_the_server() {
    let mut client = Client::new();
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": u32::MAX, "character": 0 } });
    client.open("a.yaml", "");
    let mut version = 1;
    let broken = [
        "\u{feff}",
        "\r",
        "- [{",
        "a: |\n\tb",
        "? x\n: !!y &z *z",
        "%YAML 9\n---\n",
        "\0",
        "{\"a\":",
        "'",
        "---\n---\n...",
        "a: &a [*a]",
    ];
    let cuts = (0..FULL.len()).step_by(97).filter_map(|at| FULL.get(..at));
    for text in broken.into_iter().chain(cuts) {
        version += 1;
        let text = format!("service_name: s\npipeline_name: p\n{text}");
        client.change("a.yaml", version, &whole, &text);
        let lines = u32::try_from(text.lines().count()).unwrap();
        let end = text.lines().last().unwrap_or_default().encode_utf16().count();
        let at = (lines.saturating_sub(1), u32::try_from(end).unwrap());
        client.labels("a.yaml", at);
        client.hover("a.yaml", at);
        client.hover("a.yaml", (lines, 99));
    }
    client.change("a.yaml", version + 1, &whole, SMALL);
    assert_eq!(client.diagnostics("a.yaml", version + 1), Vec::<Value>::new());
    assert!(client.end());
}

/// Of many changes at once the last one counts, and not each of them is checked.
#[test]
fn outdated_texts_are_not_checked() {
    let mut client = Client::new();
    client.open("a.yaml", FULL);
    let (at, _) = line(FULL, "replicas");
    for version in 2..200 {
        client.change("a.yaml", version, &range(at, 0, 0), "x");
    }
    let found = client.diagnostics("a.yaml", 199);
    assert_eq!(codes(&found), ["unknown-field"]);
    assert_eq!(found[0]["range"]["end"]["character"], json!(198 + 8));
    let published = client.early(|message| message["method"] == "textDocument/publishDiagnostics");
    println!("198 changes at once: {} of them checked and told", published + 1);
    assert!(published < 150, "{published}");
}
