//! Secrets in contexts: nothing that is said about a context shows one, whatever else is wrong around it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::process::Command;

const SECRET: &str = "hunter2";

/// Contexts with a secret, each wrong in another way at or near the secret.
fn contexts() -> Vec<(&'static str, String)> {
    let head = "service_name: uptime\npipeline_name: results\npipeline_module: m.py\nimage_name: x:1\nsegment_id: 0\n\
                cpu_per_process: 1\nmemory_per_process: 1\ndeployment_template: {}\npipeline_config: {pipeline: {segments: []}}\n";
    let env =
        |rest: &str| format!("{head}container_template:\n  env:\n    - name: DB_PASSWORD\n{rest}");
    let text = |rest: &str| {
        format!("{head}container_template: |\n  env:\n    - name: DB_PASSWORD\n{rest}")
    };
    let config = |rest: &str| {
        format!("{head}container_template: {{}}\n")
            .replace("pipeline_config: {pipeline: {segments: []}}", rest)
    };
    let long = "y".repeat(400);
    let json = |value: &str| {
        format!(
            "{{\"service_name\": 5,\n \"container_template\": {{\"env\": [\n {{\"name\": \"DB_PASSWORD\",\n \"value\": {value}}}]}}}}"
        )
    };
    vec![
        ("at", env("      value: @hunter2\n")),
        ("percent", env("      value: %hunter2\n")),
        ("star", env("      value: *hunter2\n")),
        ("colon", env("      value: hunter2: x\n")),
        ("unclosed", env("      value: \"hunter2\n")),
        ("escape", env("      value: \"hunter2\\q\"\n")),
        ("control", env("      value: \"hunter2\u{1}\"\n")),
        ("tag", env("      value: !x hunter2\n")),
        ("lines", env("      value: \"a\n        hunter2\n        b: \"c\"\n")),
        ("below", env("      value:\n        hunter2:\n")),
        ("items", env("      value:\n        - hunter2\n")),
        (
            "number",
            config(
                "pipeline_config:\n  pipeline: {segments: []}\n  sentry_sdk_config:\n    dsn:\n      hunter2: 1",
            ),
        ),
        ("typo", env("      vaule: hunter2\n")),
        ("tab", env("      value: |\n\thunter2\n")),
        (
            "flow",
            format!(
                "{head}container_template: {{env: [{{name: DB_PASSWORD,\n  value: {{a: hunter2}}}}]}}\n"
            ),
        ),
        (
            "window",
            format!(
                "{head}container_template: {{\"env\": [{{\"name\": \"DB_PASSWORD\", \"x\": \"{long}\", \"value\": \"hunter2\", \"foo\": 1}}]}}\n"
            ),
        ),
        ("json-escape", json("\"hunter2\\x\"")),
        ("json-unclosed", json("\"hunter2")),
        ("json-number", json("{\"a\": \"hunter2\"}")),
        ("text-at", text("      value: @hunter2\n")),
        ("text-below", text("      value:\n        hunter2: 1\n")),
        ("text-typo", text("      vaule: hunter2\n")),
        (
            "quoted-text",
            format!(
                "{head}container_template: \"env:\\n- name: DB_PASSWORD\\n  value: @hunter2\"\n"
            ),
        ),
        ("args", format!("{head}container_template:\n  args: [--password,\n    hunter2, 5]\n")),
        (
            "command",
            format!("{head}container_template:\n  command:\n  - export API_TOKEN=hunter2\n  - 5\n"),
        ),
        (
            "patch",
            format!(
                "{head}container_template: {{}}\nemergency_patch: |\n  spec: {{replicas: x}}\n  api_token:\n    hunter2\n"
            ),
        ),
        (
            "patch-syntax",
            format!(
                "{head}container_template: {{}}\nemergency_patch: |\n  api_token: x\n  a: [hunter2\n"
            ),
        ),
        (
            "alias",
            format!(
                "{head}container_template:\n  x: &a hunter2\n  env: [{{name: DB_PASSWORD, value: *a}}]\n"
            ),
        ),
        ("later", format!("{head}container_template: [hunter2\n# password\n")),
    ]
}

#[test]
fn no_excerpt_holds_a_secret() {
    let directory = tempfile::tempdir().unwrap();
    for (name, context) in contexts() {
        let file = format!("{name}.yaml");
        fs::write(directory.path().join(&file), &context).unwrap();
        let pipeline = format!(
            "apiVersion: streams.sentry.io/v1alpha1\nkind: StreamingPipeline\nmetadata: {{name: p}}\nspec:\n{}",
            context.lines().flat_map(|line| ["  ", line, "\n"]).collect::<String>()
        );
        fs::write(directory.path().join("stream.yaml"), pipeline).unwrap();
        let template: String =
            context.split_once("container_template:").unwrap_or_default().1.to_owned();
        fs::write(directory.path().join("template.yaml"), template).unwrap();

        let setting = "--set-file=container_template=template.yaml";
        for arguments in [
            &["validate", &file][..],
            &["render", &file],
            &["explain", &file],
            &["validate", &file, "--format", "json"],
            &["validate", &file, "--format", "github"],
            &["validate", &file, "--format", "sarif"],
            &["validate", &file, "--format", "junit"],
            &["validate", &file, "--set", "replicas=x"],
            &["validate", &file, setting],
            &["expand", "stream.yaml"],
        ] {
            let command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"))
                .args(arguments)
                .current_dir(directory.path())
                .output();
            let output = command.unwrap();
            if output.status.success() {
                continue;
            }
            // Only the excerpts are the command line's: messages are the component's own.
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            let excerpt = said.lines().find(|line| line.contains(SECRET) && line.contains(" | "));
            assert_eq!(excerpt, None, "{name}: {arguments:?}: {said}");
        }
    }
}

#[test]
fn what_a_fix_changes_shows_no_secret() {
    let directory = tempfile::tempdir().unwrap();
    for (name, context) in contexts() {
        // A change right before and right behind the secret.
        let context = format!("replica: 1\n{context}log_level: debug\n");
        fs::write(directory.path().join("context.yaml"), &context).unwrap();
        let command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"))
            .args(["validate", "--diff", "context.yaml"])
            .current_dir(directory.path())
            .output();
        let shown = String::from_utf8(command.unwrap().stdout).unwrap();
        assert!(!shown.contains(SECRET), "{name}: {shown}");
    }
}

#[test]
fn differences_hide_secrets_unless_they_are_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let context = |env: &str, config: &str| {
        format!(
            "service_name: uptime\npipeline_name: results\npipeline_module: m.py\nimage_name: x:1\nsegment_id: 0\n\
             cpu_per_process: 1\nmemory_per_process: 1\ndeployment_template: {{}}\n\
             pipeline_config: {{pipeline: {{segments: [{{steps_config: {{}}}}]}}, x: {{{config}}}}}\n\
             container_template: {{env: [{env}], args: [--token, a]}}\n"
        )
    };
    let files = [
        ("old.yaml", context("{name: DB_PASSWORD, value: hunter2}", "api_token: hunter2")),
        ("new.yaml", context("{name: DB_PASSWORD, value: hunter2b}", "api_token: hunter2b")),
        ("less.yaml", context("", "")),
        ("args.yaml", context("", "").replace("--token, a", "--token, hunter2")),
    ];
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    for (old, new) in
        [("old", "new"), ("old", "less"), ("less", "new"), ("less", "args"), ("args", "less")]
    {
        let (old, new) = (format!("{old}.yaml"), format!("{new}.yaml"));
        let recorded = format!("--recorded={new}");
        for form in ["text", "json", "markdown"] {
            for arguments in
                [["diff", &old, &new, "-o", form], ["migrate-check", &old, &recorded, "-o", form]]
            {
                let run = |more: &[&str]| {
                    let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
                    let output = command
                        .args(arguments)
                        .args(more)
                        .current_dir(directory.path())
                        .output()
                        .unwrap();
                    assert_eq!(
                        output.status.code(),
                        Some(1),
                        "{arguments:?}: {}",
                        String::from_utf8_lossy(&output.stderr)
                    );
                    String::from_utf8(output.stdout).unwrap()
                };
                let hidden = run(&[]);
                assert!(
                    !hidden.contains(SECRET) && hidden.contains("(hidden)"),
                    "{arguments:?}: {hidden}"
                );
                assert!(run(&["--show-secrets"]).contains(SECRET), "{arguments:?}");
            }
        }
    }
}
