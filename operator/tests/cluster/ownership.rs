//! What belongs to somebody else is not touched.

use crate::harness::{World, condition};
use crate::trial;
use anyhow::{Result, ensure};
use kube::api::{DynamicObject, PostParams};
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("two_pipelines_of_one_name", two),
        trial("segments_share_their_config", segments),
        trial("a_foreign_deployment_stays_until_adopted", foreign),
        trial("an_immutable_selector_is_told_and_recreated_on_demand", immutable),
        trial("a_copy_made_by_hand_is_not_pruned", copy),
    ]
}

async fn two(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("a", json!({ "pipeline_name": "same" })).await?;
    world.until("a", "Ready").await?;
    world
        .create("b", json!({ "pipeline_name": "same", "image_name": "example.com/image:2" }))
        .await?;
    let b = world.until("b", "NameTaken").await?;
    let message = condition(&b, "Stalled")["message"].to_string();
    ensure!(message.contains(&format!("belongs to StreamingPipeline {namespace}/a")), "{message}");

    // The first is as it was.
    let deployment = serde_json::to_value(world.deployments().get("svc-pipeline-same-0").await?)?;
    ensure!(
        deployment["spec"]["template"]["spec"]["containers"][0]["image"] == "example.com/image:1",
        "{deployment}"
    );
    world.until("a", "Ready").await?;

    // The second follows once it is gone.
    world.delete(world.pipelines(), "a").await?;
    let is_seconds = |d: &Value| d.to_string().contains("example.com/image:2");
    world
        .until_object(world.deployments(), "svc-pipeline-same-0", "the second's", is_seconds)
        .await?;
    world.until("b", "Ready").await?;
    Ok(())
}

async fn segments(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let step = json!({ "starts_segment": true, "bootstrap_servers": ["127.0.0.1:9092"] });
    let config = json!({ "pipeline": { "segments": [
        { "steps_config": { "in": step } }, { "steps_config": { "on": step } },
    ] } });
    let segment = |id: u8| json!({ "pipeline_name": "p", "segment_id": id, "segment_label": true, "pipeline_config": config });
    for id in [0, 1] {
        let name = format!("s{id}");
        world.create(&name, segment(id)).await?;
        world.until(&name, "Ready").await?;
    }
    world.until_ours(&["svc-pipeline-p", "svc-pipeline-p-0", "svc-pipeline-p-1"]).await?;

    // With the first goes the config; the second brings it back.
    world.delete(world.pipelines(), "s0").await?;
    let second = world.pipelines().get("s1").await?.metadata.uid;
    let is_seconds =
        |c: &Value| c["metadata"]["ownerReferences"][0]["uid"].as_str() == second.as_deref();
    world.until_object(world.config_maps(), "svc-pipeline-p", "the second's", is_seconds).await?;
    world.until_ours(&["svc-pipeline-p", "svc-pipeline-p-1"]).await?;
    world.until("s1", "Ready").await?;
    Ok(())
}

async fn foreign(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let labels = json!({ "service": "svc", "pipeline": "p", "pipeline-app": "pipeline-py", "env": "primary" });
    let theirs: DynamicObject = serde_json::from_value(json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "svc-pipeline-p-0" },
        "spec": {
            "replicas": 1, "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels },
                "spec": { "containers": [{ "name": "theirs", "image": "example.com/theirs:1" }] },
            },
        },
    }))?;
    let theirs = world.deployments().create(&PostParams::default(), &theirs).await?;
    world.create("p", json!({})).await?;
    let pipeline = world.until("p", "NameTaken").await?;
    let message = condition(&pipeline, "Stalled")["message"].to_string();
    ensure!(message.contains("streams.sentry.io/adopt=true"), "{message}");
    let now = world.deployments().get("svc-pipeline-p-0").await?;
    ensure!(now.metadata.generation == theirs.metadata.generation, "it was touched");
    // Not even the config was applied.
    ensure!(world.ours().await?.is_empty(), "something was applied");

    world.annotate("p", "adopt", "true").await?;
    let is_ours = |d: &Value| {
        d["spec"]["template"]["spec"]["containers"].to_string().contains("example.com/image:1")
    };
    let ours =
        world.until_object(world.deployments(), "svc-pipeline-p-0", "adopted", is_ours).await?;
    ensure!(ours["metadata"]["uid"].as_str() == theirs.metadata.uid.as_deref(), "another object");
    world.until("p", "Ready").await?;
    Ok(())
}

async fn immutable(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    let before = world.deployments().get("svc-pipeline-p-0").await?;
    world.change("p", json!({ "segment_label": true })).await?;
    let pipeline = world.until("p", "ImmutableField").await?;
    let message = condition(&pipeline, "Stalled")["message"].to_string();
    for part in [
        "does not let spec.selector change",
        "spec.selector.matchLabels.pipeline-segment would be added as",
        "streams.sentry.io/recreate=true",
    ] {
        ensure!(message.contains(part), "no {part:?} in {message}");
    }
    let after = world.deployments().get("svc-pipeline-p-0").await?;
    ensure!(before.metadata.uid == after.metadata.uid, "it was made anew unasked");

    world.annotate("p", "recreate", "true").await?;
    world.until("p", "Ready").await?;
    let anew = world.deployments().get("svc-pipeline-p-0").await?;
    ensure!(before.metadata.uid != anew.metadata.uid, "it was not made anew");
    Ok(())
}

async fn copy(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    let mut copy = world.deployments().get("svc-pipeline-p-0").await?;
    copy.metadata = kube::core::ObjectMeta {
        name: Some("copy".to_owned()),
        labels: copy.metadata.labels,
        annotations: copy.metadata.annotations,
        ..kube::core::ObjectMeta::default()
    };
    world.deployments().create(&PostParams::default(), &copy).await?;
    world.change("p", json!({ "with_canary": true })).await?;
    world.until("p", "Ready").await?;
    world.change("p", json!({ "with_canary": false })).await?;
    world.until_ours(&["copy", "svc-pipeline-p", "svc-pipeline-p-0"]).await?;
    Ok(())
}
