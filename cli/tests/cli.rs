//! The command line, where printed output alone does not show what happened.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const SMALL: &str = include_str!("cmd/render.in/small.yaml");

/// The list of what was written.
const LIST: &str = ".streams-k8s-files";

fn streams_k8s(arguments: &[&str], input: &str) -> Output {
    run(Command::new(env!("CARGO_BIN_EXE_streams-k8s")).args(arguments), input)
}

fn run(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that has failed before reads nothing.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// The names of all files in a directory.
fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn standard_input_is_read() {
    let named = streams_k8s(&["render", "-"], SMALL);
    assert!(
        stdout(&named).starts_with("apiVersion: apps/v1\nkind: Deployment\n"),
        "{}",
        stderr(&named)
    );
    assert_eq!(streams_k8s(&["render"], SMALL).stdout, named.stdout);
    let refused = streams_k8s(&["validate"], "replica: 1");
    assert_eq!(refused.status.code(), Some(1));
    assert!(stdout(&refused).contains("--> <stdin>:1:1"), "{}", stdout(&refused));
}

#[test]
fn nothing_is_written_when_anything_fails() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    let good = directory.path().join("good.yaml");
    let bad = directory.path().join("bad.yaml");
    fs::write(&good, SMALL).unwrap();
    fs::write(&bad, "{}").unwrap();
    let (good, bad, out_name) =
        (good.to_str().unwrap(), bad.to_str().unwrap(), out.to_str().unwrap());

    let output = streams_k8s(&["render", good, bad], "");
    assert_eq!((output.status.code(), stdout(&output)), (Some(1), ""));
    let output = streams_k8s(&["render", "--output-dir", out_name, good, bad], "");
    assert_eq!((output.status.code(), stdout(&output)), (Some(1), ""));
    assert!(!out.exists());

    let output = streams_k8s(&["render", "--output-dir", out_name, good], "");
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), ""));
    let expected = [
        LIST,
        "apps_v1_deployment_uptime-pipeline-results-0.yaml",
        "v1_configmap_uptime-pipeline-results.yaml",
    ];
    assert_eq!(names(&out), expected);
    // A second time it replaces them, and leaves nothing else behind.
    fs::write(out.join(expected[1]), "old").unwrap();
    assert!(streams_k8s(&["render", "--output-dir", out_name, good], "").status.success());
    assert_eq!(names(&out), expected);
    assert!(
        fs::read_to_string(out.join(expected[1])).unwrap().starts_with("apiVersion: apps/v1\n")
    );
}

#[test]
fn a_directory_that_cannot_be_written_is_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    // A directory where the second file is to be: it can only fail once the first one could be in place.
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let output = streams_k8s(&["render", "--output-dir", file.to_str().unwrap()], SMALL);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: cannot write to "), "{}", stderr(&output));
    assert_eq!(names(directory.path()), ["file"]);
}

#[test]
fn many_contexts_keep_their_order() {
    let directory = tempfile::tempdir().unwrap();
    let mut arguments = vec!["render".to_owned()];
    for number in 0..200 {
        let path = directory.path().join(format!("{number}.yaml"));
        fs::write(
            &path,
            SMALL.replace("service_name: uptime", &format!("service_name: s{number}")),
        )
        .unwrap();
        arguments.push(path.to_str().unwrap().to_owned());
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = streams_k8s(&arguments, "");
    let names: Vec<&str> =
        stdout(&output).lines().filter(|line| line.starts_with("  name: ")).collect();
    let expected: Vec<String> = (0..200)
        .flat_map(|n| {
            [format!("  name: s{n}-pipeline-results-0"), format!("  name: s{n}-pipeline-results")]
        })
        .collect();
    assert_eq!(names, expected);
    // No progress bar: this is no terminal.
    assert_eq!(stderr(&output), "");
}

#[test]
fn colour_is_for_those_who_want_it() {
    let command = || Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
    let forced =
        run(command().arg("validate").env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR"), "{}");
    assert!(stdout(&forced).contains('\x1b'));
    let refused = run(command().arg("validate").env("NO_COLOR", "1"), "{}");
    assert!(!stdout(&refused).contains('\x1b'));
    let piped =
        run(command().arg("validate").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE"), "{}");
    assert!(!stdout(&piped).contains('\x1b'));
}

#[test]
fn the_schema_is_the_contexts() {
    let output = streams_k8s(&["schema"], "");
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected: serde_json::Value =
        serde_json::from_str(include_str!("../../wit/context.schema.json")).unwrap();
    assert_eq!(printed, expected);
}

#[test]
fn a_stream_without_pipelines_stays_as_it_is() {
    let stream = "---\n# Source: a.yaml\na: 0o17 # odd\n---\nb: [12:30:45]\n";
    let output = streams_k8s(&["expand"], stream);
    assert_eq!((output.status.code(), stdout(&output), stderr(&output)), (Some(0), stream, ""));
    assert_eq!(stdout(&streams_k8s(&["expand", "--list"], stream)), "");
}

#[test]
fn a_krm_function_answers_with_the_list() {
    let pipeline = include_str!("cmd/expand.in/application/pipeline.yaml");
    let list = |pipeline: &str| {
        let item: String = pipeline.lines().flat_map(|line| ["  ", line, "\n"]).collect();
        format!("kind: ResourceList\nitems:\n- a: 1\n-\n{item}")
    };
    let output = streams_k8s(&["krm"], &list(pipeline));
    let answer = stdout(&output);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""));
    assert!(
        answer.starts_with("kind: ResourceList\nitems:\n- a: 1\n-\n  apiVersion: apps/v1\n"),
        "{answer}"
    );
    let kinds: Vec<_> = answer.lines().filter(|line| line.starts_with("  kind: ")).collect();
    assert_eq!(kinds, ["  kind: Deployment", "  kind: ConfigMap", "  kind: Deployment"]);

    let refused = list(&pipeline.replace("replicas: 3", "replicas: -1"));
    let output = streams_k8s(&["krm"], &refused);
    let results =
        stdout(&output).strip_prefix(&refused).unwrap().strip_prefix("results: ").unwrap();
    let results: serde_json::Value = serde_json::from_str(results).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        (&results[0]["severity"], &results[0]["field"]["path"]),
        (&"error".into(), &"spec.replicas".into())
    );
    assert!(stderr(&output).contains("--> <stdin> (items[1] profiles):14:"), "{}", stderr(&output));
    assert_eq!(streams_k8s(&["krm"], "a: 1").status.code(), Some(2));
}

#[test]
fn shells_are_completed() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = streams_k8s(&["completions", shell], "");
        assert!(output.status.success() && stdout(&output).contains("output-dir"), "{shell}");
    }
}

#[test]
fn values_that_json_cannot_carry_are_not_lost() {
    let context = format!("{SMALL}emergency_patch: {{metadata: {{annotations: {{10: a}}}}}}\n");
    let output = streams_k8s(&["render", "--set", "replicas=2"], &context);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("<stdin> has the key 10, which is no string"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_text_that_is_not_utf8_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("latin1.yaml");
    fs::write(&path, b"a: b\nc: \xe9\n").unwrap();
    let output = streams_k8s(&["render", path.to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("is not UTF-8 text: the first wrong byte is in line 2"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn who_reads_no_further_is_not_bothered() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_streams-k8s"))
        .args(["render", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(SMALL.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""));
}

/// Runs a command whose standard output, or standard error, nobody reads.
fn unread(arguments: &[&str], directory: &Path, is_stderr: bool) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_streams-k8s"));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let command = command.args(arguments).current_dir(directory).stdin(Stdio::null());
    let command = if is_stderr {
        command.stderr(writer).stdout(Stdio::null())
    } else {
        command.stdout(writer).stderr(Stdio::null())
    };
    command.status().unwrap().code()
}

#[test]
fn a_closed_pipe_changes_no_exit_code() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    fs::write(directory.join("wrong.yaml"), "replica: 1\n").unwrap();
    fs::write(directory.join("warned.yaml"), SMALL.replace("2026.11.0", "latest")).unwrap();
    for is_stderr in [false, true] {
        assert_eq!(unread(&["validate", "wrong.yaml"], directory, is_stderr), Some(1));
        assert_eq!(unread(&["render", "wrong.yaml"], directory, is_stderr), Some(1));
        assert_eq!(unread(&["render", "warned.yaml"], directory, is_stderr), Some(0));
        assert_eq!(unread(&["render", "missing.yaml"], directory, is_stderr), Some(2));
    }
    assert_eq!(unread(&["render", "warned.yaml", "--output-dir", "out"], directory, true), Some(0));
    assert_eq!(names(&directory.join("out")).len(), 3);
}

/// What prints anything, each command and the help.
#[cfg(target_os = "linux")]
const PRINTING: &[&str] = &[
    "--help",
    "--version",
    "help",
    "help render",
    "render --help",
    "validate -h",
    "render right.yaml",
    "render -o json right.yaml",
    "validate right.yaml",
    "validate wrong.yaml",
    "validate --format sarif right.yaml",
    "validate --diff wrong.yaml",
    "validate --fix -",
    "explain right.yaml",
    "explain -o html right.yaml",
    "diff right.yaml right.yaml",
    "diff right.yaml other.yaml",
    "diff right.yaml --kubernetes-version 1.30 --to 1.34",
    "migrate-check right.yaml --recorded recorded.yaml",
    "expand pipeline.yaml",
    "expand --list pipeline.yaml",
    "krm",
    "init",
    "lsp",
    "schema",
    "version",
    "completions bash",
];

/// Data that could not be written is no success, and no answer either (which is 0 or 1).
#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_a_failure() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let write = |name: &str, text: &str| fs::write(directory.join(name), text).unwrap();
    write("right.yaml", SMALL);
    write("other.yaml", &SMALL.replace("2026.11.0", "2026.12.0"));
    write("wrong.yaml", &format!("{SMALL}replica: 3\n"));
    write("recorded.yaml", stdout(&streams_k8s(&["render"], SMALL)));
    let pipeline = include_str!("cmd/expand.in/application/pipeline.yaml");
    write("pipeline.yaml", pipeline);
    let item: String = pipeline.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let list =
        format!("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n-\n{item}");
    let message = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    let message = format!("Content-Length: {}\r\n\r\n{message}", message.len());

    for command in PRINTING {
        let input = match *command {
            "krm" => &list,
            "lsp" => &message,
            _ => SMALL,
        };
        for (output, reason) in [(">&-", "it is closed"), (">/dev/full", "No space left")] {
            let line = format!("exec \"$0\" {command} {output}");
            let shell = ["-c", line.as_str(), env!("CARGO_BIN_EXE_streams-k8s")];
            let output = run(Command::new("sh").args(shell).current_dir(directory), input);
            let said = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{line}: {said}");
            assert!(*command == "lsp" || said.contains(reason), "{line}: {said}");
        }
    }
    // What prints nothing needs no output.
    let line = "exec \"$0\" render right.yaml --output-dir out >&-";
    let shell = ["-c", line, env!("CARGO_BIN_EXE_streams-k8s")];
    let output = run(Command::new("sh").args(shell).current_dir(directory), "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn pipelines_in_a_list_are_expanded() {
    let pipeline = include_str!("cmd/expand.in/application/pipeline.yaml");
    let item: String = pipeline.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let stream =
        format!("---\n# before\n---\nkind: List\nitems:\n- a: 0o17 # odd\n-\n{item}---\nb: 1\n");
    let output = streams_k8s(&["expand"], &stream);
    let answer = stdout(&output);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""));
    assert!(answer.starts_with(
        "---\n# before\n---\nkind: List\nitems:\n- a: 0o17 # odd\n-\n  apiVersion: apps/v1\n"
    ));
    assert!(answer.ends_with("---\nb: 1\n") && !answer.contains("results:"), "{answer}");
    assert_eq!(stdout(&streams_k8s(&["expand", "--list"], &stream)), "<stdin>\n");

    let refused = streams_k8s(&["expand"], &stream.replace("replicas: 3", "replicas: -1"));
    assert_eq!((refused.status.code(), stdout(&refused)), (Some(1), ""));
    assert!(stderr(&refused).contains("--> <stdin> (items[1] profiles):"), "{}", stderr(&refused));
}

#[test]
fn what_expand_does_not_know_stays() {
    let pipeline = include_str!("cmd/expand.in/application/pipeline.yaml");
    let stream = format!(
        "%TAG ! tag:x,2000:\n---\na: !foo 1\n---\n# Source: c/templates/p.yaml\n{pipeline}...\n%YAML 1.1\n---\nb: 1\n"
    );
    let output = streams_k8s(&["expand"], &stream);
    let answer = stdout(&output);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""));
    assert!(
        answer.starts_with(
            "%TAG ! tag:x,2000:\n---\na: !foo 1\n---\n# Source: c/templates/p.yaml\napiVersion: apps/v1\n"
        )
    );
    assert!(answer.ends_with("...\n%YAML 1.1\n---\nb: 1\n"), "{answer}");
    let objects = answer.matches("\nkind: Deployment\n").count()
        + answer.matches("\nkind: ConfigMap\n").count();
    assert_eq!(answer.matches("# Source: c/templates/p.yaml\n").count(), objects, "{answer}");

    let problem = streams_k8s(&["expand"], &stream.replace("replicas: 3", "replicas: -1"));
    assert!(
        stderr(&problem).contains("--> <stdin> (from c/templates/p.yaml):"),
        "{}",
        stderr(&problem)
    );
    for (input, reason) in [
        ("", "nothing to expand"),
        ("\n\n", "nothing to expand"),
        ("a: 1\rb: 2\r", "carriage return"),
    ] {
        let output = streams_k8s(&["expand"], input);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{input:?}");
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
    }
}

#[test]
fn another_kind_of_the_group_is_a_problem() {
    let pipeline = include_str!("cmd/expand.in/application/pipeline.yaml");
    let output = streams_k8s(
        &["expand"],
        &pipeline.replace("kind: StreamingPipeline", "kind: StreamingPipelines"),
    );
    assert_eq!((output.status.code(), stdout(&output)), (Some(1), ""));
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_out_of_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let tree = directory.path().join("tree");
    fs::create_dir(&tree).unwrap();
    fs::write(directory.path().join("secret"), "a: 1\n").unwrap();
    fs::write(tree.join("a.yaml"), "a: 1\n").unwrap();
    std::os::unix::fs::symlink(tree.join("a.yaml"), tree.join("b.yaml")).unwrap();
    let path = tree.to_str().unwrap();
    assert_eq!(stdout(&streams_k8s(&["expand", path], "")), "---\na: 1\n---\na: 1\n");
    std::os::unix::fs::symlink("../secret", tree.join("z.yaml")).unwrap();
    let output = streams_k8s(&["expand", path], "");
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""));
    assert!(stderr(&output).contains("z.yaml is a link that leads out of "), "{}", stderr(&output));
}

#[test]
fn inputs_have_a_bound_and_are_read_once() {
    let output = streams_k8s(&["render", "-", "-"], SMALL);
    assert!(
        stderr(&output).contains("standard input can be read only once"),
        "{}",
        stderr(&output)
    );
    let output = streams_k8s(&["diff", "-", "-"], SMALL);
    assert!(
        stderr(&output).contains("standard input can be read only once"),
        "{}",
        stderr(&output)
    );
    let output = streams_k8s(&["validate", "/dev/zero"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is larger than 64 MiB"), "{}", stderr(&output));
    let output = streams_k8s(&["render", "missing", "absent"], "");
    let reason = "No such file or directory";
    let expected = format!("error: cannot read missing: {reason}; cannot read absent: {reason}\n");
    assert_eq!(stderr(&output), expected);
}

#[test]
fn each_document_of_a_file_is_a_context() {
    let other = SMALL.replace("pipeline_name: results", "pipeline_name: others");
    let output = streams_k8s(&["validate"], &format!("{SMALL}---\n{other}---\n"));
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), "all 2 contexts are right\n"));
    let both = streams_k8s(&["render", "--set", "replicas=2"], &format!("{SMALL}---\n{other}"));
    assert_eq!(stdout(&both).matches("replicas: 2").count(), 2);
    let wrong = streams_k8s(&["validate"], &format!("{SMALL}---\n{other}replica: 1\n"));
    assert!(stdout(&wrong).contains("--> <stdin>:42:1"), "{}", stdout(&wrong));
}

/// What bash completes at the end of a line.
fn completed(script: &Path, words: &[&str]) -> Vec<String> {
    let [.., previous, current] = words else { return Vec::new() };
    let (list, at) = (words.join("' '"), words.len().saturating_sub(1));
    let program = format!(
        "source '{}'; COMP_WORDS=('{list}'); COMP_CWORD={at}; \
         $(complete -p streams-k8s | sed 's/.*-F \\([^ ]*\\) .*/\\1/') streams-k8s '{current}' '{previous}'; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script.display(),
    );
    let output = Command::new("bash").args(["--norc", "-c", &program]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_what_follows_a_command() {
    if Command::new("bash").arg("--version").output().is_err() {
        eprintln!("skipped: there is no bash");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let script = directory.path().join("script");
    fs::write(&script, streams_k8s(&["completions", "bash"], "").stdout).unwrap();
    for (words, expected) in [
        (&["streams-k8s", "val"][..], "validate"),
        (&["streams-k8s", "render", "--o"], "--output-dir"),
        (&["streams-k8s", "explain", "--layer", ""], "emergency_patch"),
        (&["streams-k8s", "migrate-check", "--rec"], "--recorded"),
        (&["streams-k8s", "completions", ""], "zsh"),
    ] {
        let completed = completed(&script, words);
        assert!(completed.iter().any(|word| word == expected), "{words:?}: {completed:?}");
    }
}

#[test]
fn a_setting_is_of_a_whole_field() {
    let output = streams_k8s(&["render", "--set", "pipeline_config.env.x=1"], SMALL);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("it sets a whole field of the context"),
        "{}",
        stderr(&output)
    );
    let output = streams_k8s(&["render", "-f", "-", "-o", "yml"], SMALL);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn an_incident_patch_is_compared_without_a_file_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let context = directory.path().join("small.yaml");
    fs::write(&context, SMALL).unwrap();
    let context = context.to_str().unwrap();
    let patched = streams_k8s(
        &["diff", context, context, "--set", "emergency_patch={spec: {replicas: 9}}"],
        "",
    );
    assert_eq!(patched.status.code(), Some(1), "{}", stderr(&patched));
    assert!(stdout(&patched).contains("~ spec.replicas: 1 -> 9\n"), "{}", stdout(&patched));
    assert!(stdout(&patched).contains("no pods restart"), "{}", stdout(&patched));

    let renamed = directory.path().join("renamed.yaml");
    fs::write(&renamed, SMALL.replace("pipeline_name: results", "pipeline_name: results2"))
        .unwrap();
    let renamed = streams_k8s(&["diff", context, renamed.to_str().unwrap()], "");
    let expected = "both consume at once until Deployment uptime-pipeline-results-0 is deleted: it, and the new Deployment \
                    uptime-pipeline-results2-0";
    assert!(stdout(&renamed).contains(expected), "{}", stdout(&renamed));
}

#[test]
fn a_saved_deployment_of_a_server_is_the_rendered_one() {
    let directory = tempfile::tempdir().unwrap();
    let list = streams_k8s(&["render", "-o", "json"], SMALL);
    let mut list: serde_json::Value = serde_json::from_slice(&list.stdout).unwrap();
    let deployment = &mut list["items"][0];
    deployment["metadata"]["namespace"] = "default".into();
    deployment["metadata"]["uid"] = "1".into();
    deployment["status"] = serde_json::json!({ "replicas": 1 });
    deployment["spec"]["progressDeadlineSeconds"] = 600.into();
    deployment["spec"]["template"]["metadata"]["creationTimestamp"] = serde_json::Value::Null;
    let pod = &mut deployment["spec"]["template"]["spec"];
    pod["dnsPolicy"] = "ClusterFirst".into();
    pod["schedulerName"] = "default-scheduler".into();
    pod["securityContext"] = serde_json::json!({});
    pod["containers"][0]["terminationMessagePath"] = "/dev/termination-log".into();
    for volume in pod["volumes"].as_array_mut().unwrap() {
        if volume.get("configMap").is_some() {
            volume["configMap"]["defaultMode"] = 420.into();
        }
    }
    let live = directory.path().join("live.json");
    fs::write(&live, list.to_string()).unwrap();
    let output = streams_k8s(&["diff", live.to_str().unwrap(), "-"], SMALL);
    assert_eq!(
        (output.status.code(), stdout(&output)),
        (Some(0), "nothing differs\n"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn applications_of_other_tools_are_left_to_them() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    fs::write(
        directory.path().join("pipeline.yaml"),
        include_str!("cmd/expand.in/application/pipeline.yaml"),
    )
    .unwrap();
    fs::write(directory.path().join("latin1.yaml"), b"a: \xe9\n").unwrap();
    let list = || {
        let output = streams_k8s(&["expand", "--list", path], "");
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output).to_owned()
    };
    assert_eq!(list(), format!("{path}/pipeline.yaml\n"));
    for file in ["kustomization.yaml", "Chart.yaml"] {
        fs::write(directory.path().join(file), "resources: []\n").unwrap();
        assert_eq!(list(), "");
        fs::remove_file(directory.path().join(file)).unwrap();
    }
}
