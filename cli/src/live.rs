//! What runs in a cluster, asked of kubectl: by its configuration, and only read.

use anyhow::{Context as _, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::{Command, Stdio};

/// The objects that run under the names of rendered ones, as one YAML or JSON text a namespace, which is empty where none
/// does. Objects without a namespace are looked for in kubectl's own.
pub(crate) fn objects(rendered: &[String], context: Option<&str>) -> anyhow::Result<Vec<String>> {
    let mut names: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
    for object in rendered {
        let object: Value = serde_json::from_str(object)?;
        let text = |place| object.pointer(place).and_then(Value::as_str);
        let group = text("/apiVersion").and_then(|version| version.rsplit_once('/'));
        let group = group.map(|(group, _)| format!(".{group}")).unwrap_or_default();
        let kind = text("/kind").unwrap_or_default().to_lowercase();
        let name = format!("{kind}{group}/{}", text("/metadata/name").unwrap_or_default());
        names.entry(text("/metadata/namespace").map(str::to_owned)).or_default().push(name);
    }
    names.iter().map(|(namespace, names)| get(namespace.as_deref(), names, context)).collect()
}

/// `kubectl get` of some objects; nothing of those that are not there.
fn get(namespace: Option<&str>, names: &[String], context: Option<&str>) -> anyhow::Result<String> {
    let mut command = Command::new("kubectl");
    command.args(["get", "--output=json", "--ignore-not-found"]);
    command.args(context.map(|context| format!("--context={context}")));
    command.args(namespace.map(|namespace| format!("--namespace={namespace}")));
    let output = command
        .args(names)
        .stdin(Stdio::null())
        .output()
        .context("cannot run kubectl, which `--live` asks what runs")?;
    // Before its reason it may log what it tried.
    let said = String::from_utf8_lossy(&output.stderr);
    let reason = said.trim().lines().last().unwrap_or_default();
    ensure!(output.status.success(), "kubectl cannot say what runs: {reason}");
    String::from_utf8(output.stdout).context("kubectl's answer is no text")
}
