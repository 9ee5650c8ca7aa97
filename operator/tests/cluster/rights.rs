//! Rights that are missing, and definitions that are.

use crate::harness::{Operator, World, condition, install, kubectl_ok};
use crate::trial;
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("missing_rights_are_named_and_waited_for", rights),
        trial("goes_on_when_the_definition_comes_back", definition),
    ]
}

const ROLE: &str = "clusterrole/streams-k8s-operator";

async fn rights(namespace: String) -> Result<()> {
    let operator = Operator::start("rights", &[])?;
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;

    // The rule about Deployments, without the verb to write them.
    let rule =
        r#"[{"op": "replace", "path": "/rules/2/verbs", "value": ["get", "list", "watch"]}]"#;
    kubectl_ok(&["patch", ROLE, "--type=json", "-p", rule], "")?;
    world.change("p", json!({ "image_name": "example.com/image:2" })).await?;
    let pipeline = world.until("p", "Forbidden").await?;
    let message = condition(&pipeline, "Stalled")["message"].to_string();
    for word in ["patch", "deployments", &namespace] {
        ensure!(message.contains(word), "{word}: {message}");
    }

    // Given back, it goes on by itself.
    install()?;
    world.until("p", "Ready").await?;
    operator.end()?;
    Ok(())
}

async fn definition(namespace: String) -> Result<()> {
    let operator = Operator::start("definition", &[])?;
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    // With the definition go the pipelines, and with them their objects.
    kubectl_ok(&["delete", "crd", "streamingpipelines.streams.sentry.io", "--timeout=60s"], "")?;
    world.until_ours(&[]).await?;

    install()?;
    world.create("q", json!({})).await?;
    world.until("q", "Ready").await?;
    let is_there = |d: &Value| !d.is_null();
    world.until_object(world.deployments(), "svc-pipeline-q-0", "there", is_there).await?;
    operator.end()?;
    Ok(())
}
