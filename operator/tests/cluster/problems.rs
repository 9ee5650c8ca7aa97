//! Specs that are wrong, and clusters that refuse.

use crate::harness::{World, condition, kubectl, kubectl_ok, pipeline, wait_for};
use crate::trial;
use anyhow::{Result, ensure};
use kube::api::ListParams;
use libtest_mimic::Trial;
use serde_json::{Value, json};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("tells_all_problems_and_leaves_what_runs", tells),
        trial("recovers_when_the_spec_is_mended", recovers),
        trial("clients_strict_and_not_with_a_misspelled_field", clients),
        trial("a_rollout_that_does_not_progress_is_stalled", no_progress),
        trial("refusals_of_the_api_server_are_told", refused),
        trial("a_poisoned_pipeline_delays_nobody", poison),
    ]
}

async fn tells(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    let before = world.deployments().get("svc-pipeline-p-0").await?;

    let wrong = json!({
        "replicsa": 3,
        "pipeline_config": { "pipeline": { "segments": [] } },
        "container_template": { "env": [{ "name": "A", "valeu": "x" }] },
    });
    world.change("p", wrong).await?;
    let pipeline = world.until("p", "InvalidSpec").await?;
    let problems = pipeline["status"]["problems"].as_array().cloned().unwrap_or_default();
    ensure!(!problems.is_empty(), "{pipeline}");
    let misspelled = problems.iter().find(|problem| problem["path"] == "spec.replicsa");
    ensure!(misspelled.is_some_and(|p| p["help"].to_string().contains("replicas")), "{problems:?}");
    ensure!(condition(&pipeline, "Stalled")["status"] == "True", "{pipeline}");
    ensure!(condition(&pipeline, "Rendered")["status"] == "False", "{pipeline}");

    let after = world.deployments().get("svc-pipeline-p-0").await?;
    ensure!(before.metadata.generation == after.metadata.generation, "what runs was touched");
    wait_for("the event", async || {
        let events = world.events().list(&ListParams::default()).await?;
        let is_it = |event: &Value| event["reason"] == "InvalidSpec" && event["type"] == "Warning";
        Ok(if events.items.iter().any(|event| is_it(&event.data)) {
            Ok(())
        } else {
            Err("none".to_owned())
        })
    })
    .await
}

async fn recovers(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    world.create("p", json!({ "replicsa": 3 })).await?;
    world.until("p", "InvalidSpec").await?;
    ensure!(world.ours().await?.is_empty(), "something was applied");
    world.change("p", json!({ "replicsa": null })).await?;
    let pipeline = world.until("p", "Ready").await?;
    ensure!(pipeline["status"]["problems"] == json!([]), "{pipeline}");
    Ok(())
}

async fn clients(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    // The field stays in the object whatever the client asks for, and the component says what is meant.
    for validation in ["strict", "warn", "ignore"] {
        let text = pipeline(validation, json!({ "replicsa": 3 })).to_string();
        let flag = format!("--validate={validation}");
        let (is_ok, said) = kubectl(&["-n", &namespace, "apply", &flag, "-f", "-"], &text)?;
        ensure!(is_ok, "{validation}: {said}");
        let pipeline = world.until(validation, "InvalidSpec").await?;
        let message = condition(&pipeline, "Ready")["message"].to_string();
        ensure!(message.contains("did you mean `replicas`?"), "{validation}: {message}");
    }
    Ok(())
}

async fn no_progress(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let nowhere = json!({ "spec": {
        "progressDeadlineSeconds": 2,
        "template": { "spec": { "nodeSelector": { "no": "such-node" } } },
    } });
    world.create("p", json!({ "deployment_template": nowhere })).await?;
    let pipeline = world.until("p", "ProgressDeadlineExceeded").await?;
    ensure!(condition(&pipeline, "Stalled")["status"] == "True", "{pipeline}");
    ensure!(condition(&pipeline, "Applied")["status"] == "True", "{pipeline}");

    world.change("p", json!({ "deployment_template": { "spec": { "template": null } } })).await?;
    world.until("p", "Ready").await?;
    Ok(())
}

async fn refused(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": { "name": "few" },
        "spec": { "hard": { "count/deployments.apps": "0" } },
    });
    kubectl_ok(&["-n", &namespace, "apply", "-f", "-"], &quota.to_string())?;
    world.create("p", json!({})).await?;
    let pipeline = world.until("p", "Forbidden").await?;
    let message = condition(&pipeline, "Stalled")["message"].to_string();
    ensure!(message.contains("exceeded quota"), "{message}");

    // Tried again by itself.
    kubectl_ok(&["-n", &namespace, "delete", "resourcequota", "few"], "")?;
    world.until("p", "Ready").await?;
    Ok(())
}

async fn poison(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let deep = (0..300).fold(json!(1), |inner, _| json!({ "a": inner }));
    let huge = "x".repeat(900_000);
    for (name, spec) in [
        ("deep", json!({ "pipeline_config": { "deep": deep } })),
        (
            "huge",
            json!({ "deployment_template": { "metadata": { "annotations": { "a": huge } } } }),
        ),
        ("strange", json!({ "container_template": { "\u{0}": "\u{1f600}", "": [[[]]] } })),
    ] {
        kubectl_ok(&["-n", &namespace, "create", "-f", "-"], &pipeline(name, spec).to_string())?;
    }
    world.create("good", json!({})).await?;
    world.until("good", "Ready").await?;
    for name in ["deep", "huge", "strange"] {
        let message = wait_for(&format!("a word about {name}"), async || {
            // The client of these tests does not read what is this deep either.
            let path = "-o=jsonpath={.status.conditions[?(@.type=='Ready')].message}";
            let said = kubectl_ok(&["-n", &namespace, "get", "streamingpipeline", name, path], "")?;
            Ok(if said.is_empty() { Err("nothing".to_owned()) } else { Ok(said) })
        })
        .await?;
        ensure!(message.len() < 4096, "{name}: {message}");
        ensure!(name != "deep" || message.contains("nested more deeply"), "{message}");
    }
    Ok(())
}
