//! What pipelines that are gone have left goes, even where Kubernetes' garbage collector does not see to it.

use crate::harness::{Operator, World, signal, state};
use crate::trial;
use anyhow::{Context, Result, ensure};
use kube::api::{DeleteParams, PostParams, PropagationPolicy};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("deletes_what_the_garbage_collector_forgets", forgotten),
        trial("keeps_what_is_orphaned_and_what_is_copied", kept),
    ]
}

/// Longer than leftovers are left.
const WHILE: Duration = Duration::from_secs(25);

const OBJECTS: [&str; 2] = ["svc-pipeline-p", "svc-pipeline-p-0"];

/// The controller manager, which is stopped as long as this is kept.
struct Stopped(u32);

impl Stopped {
    fn new() -> Result<Self> {
        let file = state().context("no cluster")?.join("kube-controller-manager.pid");
        let process = std::fs::read_to_string(file)?.trim().parse()?;
        signal(process, "STOP")?;
        Ok(Self(process))
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = signal(self.0, "CONT");
    }
}

async fn ready(namespace: &str) -> Result<(World, Operator)> {
    let operator = Operator::start(namespace, &["--watch-namespaces", namespace])?;
    let world = World::new(namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    Ok((world, operator))
}

async fn forgotten(namespace: String) -> Result<()> {
    let (world, operator) = ready(&namespace).await?;
    let stopped = Stopped::new()?;
    world.delete(world.pipelines(), "p").await?;
    world.until_ours(&[]).await?;

    // A new pipeline of that name waits no longer than that.
    let old = world.create("p", json!({})).await?.metadata.uid;
    world.until_ours(&OBJECTS).await?;
    world.delete(world.pipelines(), "p").await?;
    world.create("p", json!({ "replicas": 3 })).await?;
    let is_new = |object: &Value| {
        object["spec"]["replicas"] == 3
            && object["metadata"]["ownerReferences"][0]["uid"].as_str() != old.as_deref()
    };
    world.until_object(world.deployments(), OBJECTS[1], "of the new pipeline", is_new).await?;
    drop(stopped);
    operator.end()?;
    Ok(())
}

async fn kept(namespace: String) -> Result<()> {
    let (world, operator) = ready(&namespace).await?;
    let config_map = world.config_maps().get(OBJECTS[0]).await?;
    let mut copy = serde_json::to_value(config_map)?;
    copy["metadata"] = json!({ "name": "copy", "labels": copy["metadata"]["labels"] });
    world.config_maps().create(&PostParams::default(), &serde_json::from_value(copy)?).await?;

    let orphan = DeleteParams {
        propagation_policy: Some(PropagationPolicy::Orphan),
        ..DeleteParams::default()
    };
    // As the garbage collector does it, which forgets to where it has not yet heard of the objects.
    let stopped = Stopped::new()?;
    world.pipelines().delete("p", &orphan).await?;
    for (api, name) in [(world.config_maps(), OBJECTS[0]), (world.deployments(), OBJECTS[1])] {
        world.patch(api, name, json!({ "metadata": { "ownerReferences": null } })).await?;
    }
    world.patch(world.pipelines(), "p", json!({ "metadata": { "finalizers": null } })).await?;
    tokio::time::sleep(WHILE).await;
    ensure!(world.pipelines().get_opt("p").await?.is_none(), "the pipeline is there");
    let ours = world.ours().await?;
    ensure!(ours == ["copy", OBJECTS[0], OBJECTS[1]], "{ours:?}");
    drop(stopped);
    operator.end()?;
    Ok(())
}
