//! What others do to the objects of a pipeline is put right.

use crate::harness::{OWNER, World, wait_for};
use crate::trial;
use anyhow::{Result, ensure};
use kube::api::ListParams;
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("puts_edits_right", edits),
        trial("brings_back_what_is_deleted", deletions),
        trial("brings_back_labels_and_annotations", labels),
        trial("leaves_what_others_add", additions),
    ]
}

const DEPLOYMENT: &str = "svc-pipeline-p-0";
const CONFIG: &str = "svc-pipeline-p";

async fn ready(namespace: &str) -> Result<(World, Value)> {
    let world = World::new(namespace).await?;
    world.create("p", json!({})).await?;
    let pipeline = world.until("p", "Ready").await?;
    Ok((world, pipeline))
}

async fn edits(namespace: String) -> Result<()> {
    let (world, _) = ready(&namespace).await?;
    world.patch(world.deployments(), DEPLOYMENT, json!({ "spec": { "replicas": 9 } })).await?;
    let is_right = |d: &Value| d["spec"]["replicas"] == 2;
    world.until_object(world.deployments(), DEPLOYMENT, "2 replicas", is_right).await?;

    let before = world.config_maps().get(CONFIG).await?.data["data"].clone();
    let key = before.as_object().and_then(|data| data.keys().next()).cloned().unwrap_or_default();
    world.patch(world.config_maps(), CONFIG, json!({ "data": { &key: "damaged" } })).await?;
    world
        .until_object(world.config_maps(), CONFIG, "its config", |c| {
            c["data"][&key] == before[&key]
        })
        .await?;

    // Nobody's fields are taken without a word.
    wait_for("the event", async || {
        let events = world.events().list(&ListParams::default()).await?;
        let is_it = |event: &Value| {
            event["reason"] == "DriftRepaired"
                && event["note"].as_str().is_some_and(|n| n.contains(".spec.replicas"))
        };
        Ok(if events.items.iter().any(|event| is_it(&event.data)) {
            Ok(())
        } else {
            Err("none".to_owned())
        })
    })
    .await
}

async fn deletions(namespace: String) -> Result<()> {
    let (world, _) = ready(&namespace).await?;
    for (api, name) in [(world.deployments(), DEPLOYMENT), (world.config_maps(), CONFIG)] {
        let uid = api.get(name).await?.metadata.uid;
        world.delete(api.clone(), name).await?;
        let is_new = |o: &Value| !o.is_null() && o["metadata"]["uid"].as_str() != uid.as_deref();
        world.until_object(api, name, "a new one", is_new).await?;
        world.until("p", "Ready").await?;
    }
    Ok(())
}

async fn labels(namespace: String) -> Result<()> {
    let (world, pipeline) = ready(&namespace).await?;
    let uid = pipeline["metadata"]["uid"].clone();
    let is_labelled = |o: &Value| {
        let metadata = &o["metadata"];
        metadata["labels"][OWNER] == uid
            && metadata["labels"]["service"] == "svc"
            && metadata["annotations"]["pipeline.streams.sentry.io/owner-name"] == "p"
            && metadata["ownerReferences"][0]["uid"] == uid
    };
    for damage in [
        json!({ "labels": { OWNER: null } }),
        json!({ "labels": { OWNER: "another" } }),
        json!({ "labels": { "service": "another" } }),
        json!({ "annotations": { "pipeline.streams.sentry.io/owner-name": null } }),
        json!({ "annotations": null, "labels": null }),
        json!({ "ownerReferences": null }),
    ] {
        for (api, name) in [(world.deployments(), DEPLOYMENT), (world.config_maps(), CONFIG)] {
            world.patch(api.clone(), name, json!({ "metadata": damage })).await?;
            world.until_object(api, name, &format!("mended after {damage}"), is_labelled).await?;
        }
    }
    Ok(())
}

async fn additions(namespace: String) -> Result<()> {
    let (world, _) = ready(&namespace).await?;
    let more = json!({
        "metadata": { "labels": { "team": "a" }, "annotations": { "note": "b" } },
        "spec": { "revisionHistoryLimit": 3 },
    });
    world.patch(world.deployments(), DEPLOYMENT, more).await?;
    world.change("p", json!({ "replicas": 3 })).await?;
    let is_applied = |d: &Value| d["spec"]["replicas"] == 3;
    let deployment =
        world.until_object(world.deployments(), DEPLOYMENT, "3 replicas", is_applied).await?;
    ensure!(deployment["metadata"]["labels"]["team"] == "a", "{deployment}");
    ensure!(deployment["spec"]["revisionHistoryLimit"] == 3, "{deployment}");
    Ok(())
}
