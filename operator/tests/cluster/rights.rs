//! Rights that are missing, and definitions that are.

use crate::harness::{Operator, World, condition, install, kubectl_ok, wait_for};
use crate::trial;
use anyhow::{Context, Result, ensure};
use kube::api::ListParams;
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("missing_rights_are_named_and_waited_for", rights),
        trial("a_right_to_watch_that_is_missing_is_told_in_every_pipeline", blind),
        trial("where_no_status_can_be_written_an_event_says_so", no_status),
        trial("an_older_definition_is_told", older),
        trial("goes_on_when_the_definition_comes_back", definition),
    ]
}

const DEFINITION: &str = "crd/streamingpipelines.streams.sentry.io";
const ROLE: &str = "clusterrole/streams-k8s-operator";

/// Lets the operator do only this to a resource.
fn allow(resource: &str, verbs: &[&str]) -> Result<()> {
    let role: Value = serde_json::from_str(&kubectl_ok(&["get", ROLE, "-o", "json"], "")?)?;
    let rules = role["rules"].as_array().cloned().unwrap_or_default();
    let place = rules.iter().position(|rule| rule["resources"][0] == resource);
    let place = place.context("there is no such rule")?;
    let patch =
        json!([{ "op": "replace", "path": format!("/rules/{place}/verbs"), "value": verbs }]);
    kubectl_ok(&["patch", ROLE, "--type=json", "-p", &patch.to_string()], "")?;
    Ok(())
}

async fn blind(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    allow("configmaps", &["get", "create", "patch", "delete"])?;
    let operator = Operator::start("blind", &[])?;
    let pipeline = world.until("p", "Forbidden").await?;
    let message = condition(&pipeline, "Stalled")["message"].to_string();
    for word in ["cannot list", "configmaps", "at the cluster scope"] {
        ensure!(message.contains(word), "{word}: {message}");
    }
    ensure!(world.ours().await?.is_empty(), "something was applied blindly");
    let health = operator.http("/readyz")?;
    ensure!(health.contains("503") && health.contains("cannot list"), "{health}");

    install()?;
    world.until("p", "Ready").await?;
    ensure!(operator.http("/readyz")?.contains("200 OK"), "not ready");
    operator.end()?;
    Ok(())
}

async fn no_status(namespace: String) -> Result<()> {
    let operator = Operator::start("no-status", &[])?;
    let world = World::new(&namespace).await?;
    allow("streamingpipelines/status", &["get"])?;
    world.create("p", json!({})).await?;
    wait_for("the event", async || {
        let events = world.events().list(&ListParams::default()).await?;
        let is_it = |event: &Value| {
            let note = event["note"].as_str().unwrap_or_default();
            event["reason"] == "Forbidden" && note.contains("streamingpipelines/status")
        };
        let seen = events.items.iter().any(|event| is_it(&event.data));
        Ok(if seen { Ok(()) } else { Err("none".to_owned()) })
    })
    .await?;
    install()?;
    world.until("p", "Ready").await?;
    operator.end()?;
    Ok(())
}

async fn older(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let path = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/log_level";
    let remove = json!([{ "op": "remove", "path": path }]).to_string();
    kubectl_ok(&["patch", DEFINITION, "--type=json", "-p", &remove], "")?;
    let operator = Operator::start("older", &[])?;
    let outdated = async |value: u8| {
        wait_for(&format!("outdated {value}"), async || {
            let metrics = operator.http("/metrics")?;
            let is_it = metrics.contains(&format!("definition_outdated {value}\n"));
            Ok(if is_it { Ok(()) } else { Err(operator.log()) })
        })
        .await
    };
    outdated(1).await?;
    let log = operator.log();
    ensure!(log.contains("\"missing\":\"spec.log_level\""), "{log}");
    // It works all the same.
    world.create("p", json!({ "log_level": "DEBUG" })).await?;
    world.until("p", "Ready").await?;

    install()?;
    outdated(0).await?;
    world.create("q", json!({})).await?;
    world.until("q", "Ready").await?;
    operator.end()?;
    Ok(())
}

async fn rights(namespace: String) -> Result<()> {
    let operator = Operator::start("rights", &[])?;
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;

    // The rule about Deployments, without the verb to write them.
    allow("deployments", &["get", "list", "watch"])?;
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
