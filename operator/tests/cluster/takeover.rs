//! In place of the reference's operator, in a workload namespace, and gone again.

use crate::harness::{
    OWNER, Operator, World, condition, consumer_macro, kubectl_ok, pipeline, wait_for,
};
use crate::trial;
use anyhow::{Result, ensure};
use kube::ResourceExt;
use kube::api::{Patch, PatchParams};
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("takes_over_from_the_reference_without_a_restart", takes_over),
        trial("cleans_up_in_another_namespace", cleans_up),
        trial("orphans_where_it_is_asked_to", orphans),
        trial("without_the_operator_nothing_is_stuck", removed),
        trial("a_dry_run_writes_nothing", dry_run),
    ]
}

const KOPF: &str = "kopf.zalando.org/KopfFinalizerMarker";

async fn held(world: &World, name: &str) -> Result<Vec<String>> {
    Ok(world.pipelines().get(name).await?.metadata.finalizers.unwrap_or_default())
}

/// Leaves a pipeline as the reference's operator does: applied by the same field manager, with its labels and
/// annotations only, its framework's finalizer and annotation, and its status.
async fn leave_as_the_reference(world: &World) -> Result<()> {
    let mut object = pipeline("p", json!({}));
    object["metadata"]["finalizers"] = json!([KOPF]);
    object["metadata"]["annotations"] =
        json!({ "kopf.zalando.org/last-handled-configuration": "{}" });
    let created = world.create_object(&object).await?;
    for manifest in consumer_macro()?.render(&object.to_string())?.manifests {
        let mut object: Value = serde_json::from_str(&manifest.json)?;
        object["metadata"]["namespace"] = json!(world.namespace);
        object["metadata"]["labels"][OWNER] = json!(created.uid());
        object["metadata"]["annotations"]["pipeline.streams.sentry.io/owner-name"] = json!("p");
        object["metadata"]["annotations"]["pipeline.streams.sentry.io/owner-namespace"] =
            json!(world.namespace);
        let api =
            if manifest.kind == "ConfigMap" { world.config_maps() } else { world.deployments() };
        let params = PatchParams::apply("streaming-operator").force();
        api.patch(&manifest.name, &params, &Patch::Apply(&object)).await?;
    }

    let time = "2026-01-01T00:00:00Z";
    let told = |kind: &str| json!({ "type": kind, "status": "True", "reason": kind, "message": "", "lastTransitionTime": time });
    let status = json!({ "status": {
        "conditions": [told("Rendered"), told("Applied")],
        "replicas": { "primary": 2, "canary": 0 },
        "workload_namespace": world.namespace,
    } });
    world.pipelines().patch_status("p", &PatchParams::default(), &Patch::Merge(status)).await?;
    Ok(())
}

async fn takes_over(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    leave_as_the_reference(&world).await?;
    let before = wait_for("pods", async || {
        let deployment = world.deployments().get("svc-pipeline-p-0").await?;
        let is_up = deployment.data["status"]["readyReplicas"] == 2;
        Ok(if is_up { Ok(deployment) } else { Err(deployment.data["status"].to_string()) })
    })
    .await?;
    let pods = ["-n", &namespace, "get", "pods", "-o", "name"];
    let pods_before = kubectl_ok(&pods, "")?;

    let operator = Operator::start("after", &[])?;
    let pipeline = world.until("p", "Ready").await?;
    let after = world.deployments().get("svc-pipeline-p-0").await?;
    ensure!(after.metadata.uid == before.metadata.uid, "another object");
    let (spec, old) = (&after.data["spec"], &before.data["spec"]);
    ensure!(spec == old, "its spec was changed: {old} became {spec}");
    ensure!(kubectl_ok(&pods, "")? == pods_before, "pods were restarted");
    ensure!(held(&world, "p").await?.is_empty(), "still held");
    let copy = &pipeline["metadata"]["annotations"]["kopf.zalando.org/last-handled-configuration"];
    ensure!(copy.is_null(), "{pipeline}");
    ensure!(
        condition(&pipeline, "Applied")["lastTransitionTime"] == "2026-01-01T00:00:00Z",
        "{pipeline}"
    );

    // It can be deleted, and its objects go with it.
    world.delete(world.pipelines(), "p").await?;
    world.until_ours(&[]).await?;
    operator.end()?;
    Ok(())
}

async fn cleans_up(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let workloads = World::new(&format!("{namespace}-w")).await?;
    let operator = Operator::start(
        "workloads",
        &["--watch-namespaces", &namespace, "--workload-namespace", &workloads.namespace],
    )?;
    world.create("p", json!({ "with_canary": true })).await?;
    let pipeline = world.until("p", "Ready").await?;
    ensure!(pipeline["status"]["workload_namespace"] == workloads.namespace.as_str(), "{pipeline}");
    ensure!(world.ours().await?.is_empty(), "objects beside the pipeline");
    workloads
        .until_ours(&["svc-pipeline-p", "svc-pipeline-p-0", "svc-pipeline-p-0-canary"])
        .await?;
    ensure!(held(&world, "p").await? == ["streams.sentry.io/cleanup"], "not held");

    // Drift is put right there as well.
    let damage = json!({ "metadata": { "labels": { OWNER: "another" } } });
    workloads.patch(workloads.deployments(), "svc-pipeline-p-0", damage).await?;
    let is_right = |d: &Value| d["metadata"]["labels"][OWNER] == pipeline["metadata"]["uid"];
    workloads
        .until_object(workloads.deployments(), "svc-pipeline-p-0", "its label", is_right)
        .await?;

    kubectl_ok(&["-n", &namespace, "delete", "streamingpipeline", "p", "--timeout=60s"], "")?;
    workloads.until_ours(&[]).await?;
    operator.end()?;
    Ok(())
}

async fn orphans(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let workloads = World::new(&format!("{namespace}-w")).await?;
    let operator = Operator::start(
        "orphans",
        &["--watch-namespaces", &namespace, "--workload-namespace", &workloads.namespace],
    )?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    world.annotate("p", "deletion-policy", "Orphan").await?;
    kubectl_ok(&["-n", &namespace, "delete", "streamingpipeline", "p", "--timeout=60s"], "")?;
    workloads.until_ours(&["svc-pipeline-p", "svc-pipeline-p-0"]).await?;

    // A new pipeline of the same name takes them only where it may.
    world.create("p", json!({})).await?;
    world.until("p", "NameTaken").await?;
    world.annotate("p", "adopt", "true").await?;
    world.until("p", "Ready").await?;
    operator.end()?;
    Ok(())
}

async fn removed(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let operator = Operator::start("removed", &[])?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    operator.end()?;
    kubectl_ok(&["-n", &namespace, "delete", "streamingpipeline", "p", "--timeout=30s"], "")?;
    world.until_ours(&[]).await?;
    kubectl_ok(&["delete", "namespace", &namespace, "--timeout=60s"], "")?;
    Ok(())
}

async fn dry_run(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let mark = crate::audit::Mark::now()?;
    let operator = Operator::start("dry", &["--dry-run"])?;
    world.create("p", json!({})).await?;
    wait_for("a word about what would be done", async || {
        let log = operator.log();
        let lines =
            ["would apply ConfigMap svc-pipeline-p", "would apply Deployment svc-pipeline-p-0"];
        Ok(if lines.iter().all(|line| log.contains(line)) { Ok(()) } else { Err(log) })
    })
    .await?;
    let writes = mark.writes()?;
    ensure!(writes.is_empty(), "{writes:?}");
    ensure!(world.ours().await?.is_empty(), "something was applied");
    operator.end()?;
    Ok(())
}
