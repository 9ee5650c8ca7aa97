//! Pipelines come, change and go.

use crate::harness::{World, condition, kubectl_ok, pipeline, wait_for};
use crate::trial;
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("creates_what_is_asked_for", creates),
        trial("changes_what_is_changed", changes),
        trial("deletes_with_the_pipeline", deletes),
        trial("comes_back_at_once_after_it_was_deleted", comes_back),
        trial("prunes_a_canary_and_old_names", prunes),
        trial("scales_by_the_subresource", scales),
        trial("an_autoscaler_finds_its_pods", autoscales),
        trial("suspends_and_goes_on", suspends),
        trial("applies_once_more_on_request", requests),
        trial("lets_go_with_its_namespace", namespace_goes),
    ]
}

async fn creates(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({ "with_canary": true })).await?;
    let pipeline = world.until("p", "Ready").await?;
    let status = &pipeline["status"];
    for (kind, expected) in [
        ("Ready", "True"),
        ("Reconciling", "False"),
        ("Stalled", "False"),
        ("Rendered", "True"),
        ("Applied", "True"),
    ] {
        ensure!(condition(&pipeline, kind)["status"] == expected, "{kind}: {status}");
    }
    ensure!(status["replicas"] == json!({ "primary": 1, "canary": 1 }), "{status}");
    ensure!(status["total_replicas"] == 2 && status["ready_replicas"] == 2, "{status}");
    ensure!(status["workload_namespace"] == namespace.as_str(), "{status}");

    let uid = &pipeline["metadata"]["uid"];
    for (api, name) in [
        (world.deployments(), "svc-pipeline-p-0"),
        (world.deployments(), "svc-pipeline-p-0-canary"),
        (world.config_maps(), "svc-pipeline-p"),
    ] {
        let object = serde_json::to_value(api.get(name).await?)?;
        let metadata = &object["metadata"];
        ensure!(metadata["labels"][crate::harness::OWNER] == *uid, "{metadata}");
        ensure!(metadata["ownerReferences"][0]["uid"] == *uid, "{metadata}");
        ensure!(
            metadata["annotations"]["pipeline.streams.sentry.io/owner-name"] == "p",
            "{metadata}"
        );
    }
    // Nothing holds it: Kubernetes cleans up.
    ensure!(pipeline["metadata"]["finalizers"].is_null(), "{}", pipeline["metadata"]);
    Ok(())
}

/// Of a Deployment and its consumer's container.
type Check = fn(&Value, &Value) -> bool;

async fn changes(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;

    let container = |object: &Value| object["spec"]["template"]["spec"]["containers"][0].clone();
    let checks: [(Value, Check); 6] = [
        (json!({ "image_name": "example.com/image:2" }), |_, c| {
            c["image"] == "example.com/image:2"
        }),
        (json!({ "cpu_per_process": 250 }), |_, c| c["resources"]["requests"]["cpu"] == "250m"),
        (json!({ "memory_per_process": 128 }), |_, c| {
            c["resources"]["limits"]["memory"] == "128Mi"
        }),
        (json!({ "replicas": 3 }), |d, _| d["spec"]["replicas"] == 3),
        (json!({ "log_level": "DEBUG" }), |_, c| c["args"].to_string().contains("DEBUG")),
        (
            json!({ "deployment_template": { "metadata": { "labels": { "team": "a" } } } }),
            |d, _| d["metadata"]["labels"]["team"] == "a",
        ),
    ];
    for (change, is_so) in checks {
        let what = change.to_string();
        world.change("p", change).await?;
        world
            .until_object(world.deployments(), "svc-pipeline-p-0", &what, |d| {
                is_so(d, &container(d))
            })
            .await?;
        world.until("p", "Ready").await?;
    }

    // What is no longer said is no longer there.
    world.change("p", json!({ "deployment_template": { "metadata": null } })).await?;
    let is_gone = |d: &Value| d["metadata"]["labels"]["team"].is_null();
    world
        .until_object(world.deployments(), "svc-pipeline-p-0", "without the label", is_gone)
        .await?;
    Ok(())
}

async fn deletes(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({ "with_canary": true })).await?;
    world.until("p", "Ready").await?;
    world.delete(world.pipelines(), "p").await?;
    world.until_ours(&[]).await
}

async fn comes_back(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    let before = world.deployments().get("svc-pipeline-p-0").await?;
    world.delete(world.pipelines(), "p").await?;
    // Kubernetes has not yet deleted what the first one owned.
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    let after = world.deployments().get("svc-pipeline-p-0").await?;
    ensure!(before.metadata.uid != after.metadata.uid, "it has what the first one left");
    Ok(())
}

async fn prunes(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({ "with_canary": true })).await?;
    world.until_ours(&["svc-pipeline-p", "svc-pipeline-p-0", "svc-pipeline-p-0-canary"]).await?;
    world.change("p", json!({ "with_canary": false })).await?;
    world.until_ours(&["svc-pipeline-p", "svc-pipeline-p-0"]).await?;
    world.change("p", json!({ "pipeline_name": "q" })).await?;
    world.until_ours(&["svc-pipeline-q", "svc-pipeline-q-0"]).await?;
    world.until("p", "Ready").await?;
    Ok(())
}

async fn scales(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({ "with_canary": true, "replicas": 3 })).await?;
    world.until("p", "Ready").await?;
    kubectl_ok(&["-n", &namespace, "scale", "streamingpipeline/p", "--replicas=6"], "")?;
    let replicas = |n: i64| move |d: &Value| d["spec"]["replicas"] == n;
    world.until_object(world.deployments(), "svc-pipeline-p-0", "5 replicas", replicas(5)).await?;
    world
        .until_object(world.deployments(), "svc-pipeline-p-0-canary", "1 replica", replicas(1))
        .await?;
    world.until("p", "Ready").await?;

    let path = format!(
        "/apis/streams.sentry.io/v1alpha1/namespaces/{namespace}/streamingpipelines/p/scale"
    );
    let scale: Value = serde_json::from_str(&kubectl_ok(&["get", "--raw", &path], "")?)?;
    ensure!(scale["spec"]["replicas"] == 6 && scale["status"]["replicas"] == 6, "{scale}");

    // The selector finds the pods of both Deployments, and nobody else's.
    let selector = scale["status"]["selector"].as_str().unwrap_or_default().to_owned();
    let pods = kubectl_ok(&["-n", &namespace, "get", "pods", "-l", &selector, "-o", "name"], "")?;
    ensure!(pods.lines().count() == 6, "{selector}: {pods}");
    Ok(())
}

async fn autoscales(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({ "replicas": 2 })).await?;
    world.until("p", "Ready").await?;
    let hpa = json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": { "name": "p", "namespace": namespace },
        "spec": {
            "scaleTargetRef": { "apiVersion": "streams.sentry.io/v1alpha1", "kind": "StreamingPipeline", "name": "p" },
            // More than there are: it scales without any metric.
            "minReplicas": 4, "maxReplicas": 5,
            "metrics": [{ "type": "Resource", "resource": {
                "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 50 },
            } }],
        },
    });
    kubectl_ok(&["apply", "-f", "-"], &hpa.to_string())?;
    let is_scaled = |d: &Value| d["spec"]["replicas"] == 4;
    world
        .until_object(
            world.deployments(),
            "svc-pipeline-p-0",
            "scaled by the autoscaler",
            is_scaled,
        )
        .await?;
    Ok(())
}

async fn suspends(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    world.annotate("p", "suspend", "true").await?;
    world.until("p", "Suspended").await?;
    world.change("p", json!({ "image_name": "example.com/image:2" })).await?;
    world.until("p", "Suspended").await?;
    let image = |d: &Value| d["spec"]["template"]["spec"]["containers"][0]["image"].clone();
    let deployment = serde_json::to_value(world.deployments().get("svc-pipeline-p-0").await?)?;
    ensure!(image(&deployment) == "example.com/image:1", "{deployment}");

    world.annotate("p", "suspend", "false").await?;
    let is_new = |d: &Value| image(d) == "example.com/image:2";
    world.until_object(world.deployments(), "svc-pipeline-p-0", "the new image", is_new).await?;
    world.until("p", "Ready").await?;
    Ok(())
}

async fn requests(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    world.annotate("p", "requested-at", "2026-11-25").await?;
    wait_for("the request to be followed", async || {
        let pipeline = world.pipelines().get("p").await?;
        let status = &pipeline.data["status"];
        Ok(if status["requested_at"] == "2026-11-25" { Ok(()) } else { Err(status.to_string()) })
    })
    .await
}

async fn namespace_goes(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    kubectl_ok(&["apply", "-n", &namespace, "-f", "-"], &pipeline("p", json!({})).to_string())?;
    world.until("p", "Ready").await?;
    // Ends only when nothing holds anything in it.
    kubectl_ok(&["delete", "namespace", &namespace, "--timeout=90s"], "")?;
    Ok(())
}
