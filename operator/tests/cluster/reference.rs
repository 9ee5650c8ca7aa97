//! The reference's operator itself: take-over from it in place, and back. `STREAMS_REFERENCE_OPERATOR` names its
//! program; `make test-takeover` installs it.

use crate::harness::{OWNER, Operator, World, condition, kubectl_ok, state, wait_for};
use crate::trial;
use anyhow::{Context, Result, ensure};
use kube::ResourceExt;
use kube::api::ListParams;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::process::{Child, Command};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("takes_over_from_the_running_reference_and_back", beside_the_pipelines),
        trial("takes_over_in_a_workload_namespace_and_back", in_another_namespace),
    ]
}

const FINALIZER: &str = "kopf.zalando.org/KopfFinalizerMarker";

/// The reference's operator, running as administrator. Ends with its owner.
struct Reference(Child);

impl Reference {
    /// None where it is not installed.
    fn start(workloads: &str) -> Result<Option<Self>> {
        let Some(program) = std::env::var_os("STREAMS_REFERENCE_OPERATOR") else {
            println!("SKIPPED: STREAMS_REFERENCE_OPERATOR does not name the reference's operator");
            return Ok(None);
        };
        let log = state().context("no cluster")?.join("reference.log");
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
        let child = Command::new(program)
            .env("WORKLOAD_NAMESPACE", workloads)
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("the reference's operator")?;
        Ok(Some(Self(child)))
    }

    fn end(mut self) -> Result<()> {
        Command::new("kill").args(["-s", "TERM", &self.0.id().to_string()]).status()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn beside_the_pipelines(namespace: String) -> Result<()> {
    there_and_back(&namespace, &namespace, &[]).await
}

async fn in_another_namespace(namespace: String) -> Result<()> {
    let workloads = World::new(&format!("{namespace}-w")).await?.namespace;
    there_and_back(&namespace, &workloads, &["--workload-namespace", &workloads]).await
}

/// What must not change: the Deployment, its pods, and since when the pipeline is applied.
struct Kept {
    uid: Option<String>,
    spec: Value,
    pods: String,
    times: [Value; 2],
}

impl Kept {
    async fn now(world: &World, workloads: &World) -> Result<Self> {
        let deployment = workloads.deployments().get("svc-pipeline-p-0").await?;
        let pipeline = world.pipelines().get("p").await?;
        let pods = ["-n", &workloads.namespace, "get", "pods", "-o", "name"];
        Ok(Self {
            uid: deployment.metadata.uid.clone(),
            spec: deployment.data["spec"].clone(),
            pods: kubectl_ok(&pods, "")?,
            times: ["Rendered", "Applied"]
                .map(|kind| condition(&pipeline.data, kind)["lastTransitionTime"].clone()),
        })
    }

    fn is_kept(&self, now: &Self) -> Result<()> {
        ensure!(now.uid == self.uid, "another object");
        ensure!(now.spec == self.spec, "{} became {}", self.spec, now.spec);
        ensure!(now.pods == self.pods, "pods were restarted: {} became {}", self.pods, now.pods);
        ensure!(now.times == self.times, "{:?} became {:?}", self.times, now.times);
        Ok(())
    }
}

async fn there_and_back(namespace: &str, workloads: &str, options: &[&str]) -> Result<()> {
    // It takes all pipelines of a cluster for its own.
    kubectl_ok(&["delete", "streamingpipelines", "--all", "-A", "--timeout=60s"], "")?;
    let world = World::new(namespace).await?;
    let workloads = World { client: world.client.clone(), namespace: workloads.to_owned() };
    let Some(reference) = Reference::start(&workloads.namespace)? else { return Ok(()) };
    let spec = json!({ "pipeline_name": "p", "with_canary": true, "replicas": 3 });
    world.create("p", spec).await?;
    until_applied_by_reference(&world, &workloads).await?;
    reference.end()?;
    let before = Kept::now(&world, &workloads).await?;

    let options = [&["--watch-namespaces", namespace], options].concat();
    let operator = Operator::start("there", &options)?;
    let pipeline = world.until("p", "Ready").await?;
    before.is_kept(&Kept::now(&world, &workloads).await?)?;
    let metadata = &pipeline["metadata"];
    ensure!(!metadata["finalizers"].to_string().contains("kopf"), "{metadata}");
    ensure!(!metadata["annotations"].to_string().contains("kopf"), "{metadata}");
    operator.end()?;

    // Back: what only this operator adds is gone, and what the reference reads is there.
    let reference = Reference::start(&workloads.namespace)?.context("it was there")?;
    until_applied_by_reference(&world, &workloads).await?;
    before.is_kept(&Kept::now(&world, &workloads).await?)?;
    let deployment = serde_json::to_value(workloads.deployments().get("svc-pipeline-p-0").await?)?;
    ensure!(deployment["metadata"]["ownerReferences"].is_null(), "{}", deployment["metadata"]);
    let pipeline = serde_json::to_value(world.pipelines().get("p").await?)?;
    for kind in ["Rendered", "Applied"] {
        ensure!(condition(&pipeline, kind)["status"] == "True", "{}", pipeline["status"]);
    }
    // And it works on: a change is its to apply.
    world.change("p", json!({ "replicas": 4 })).await?;
    let is_scaled = |d: &Value| d["spec"]["replicas"] == 3;
    workloads
        .until_object(workloads.deployments(), "svc-pipeline-p-0", "scaled by it", is_scaled)
        .await?;
    reference.end()?;

    // There once more, and gone: nothing is stuck.
    let operator = Operator::start("again", &options)?;
    world.until("p", "Ready").await?;
    kubectl_ok(&["-n", namespace, "delete", "streamingpipeline", "p", "--timeout=60s"], "")?;
    workloads.until_ours(&[]).await?;
    operator.end()?;
    Ok(())
}

/// Waits until the reference's operator has applied everything: then nothing of ours is left in it, its framework holds
/// the pipeline, and all pods are ready.
async fn until_applied_by_reference(world: &World, workloads: &World) -> Result<()> {
    wait_for("the reference's operator", async || {
        let pipeline = serde_json::to_value(world.pipelines().get("p").await?)?;
        let deployments = workloads.deployments().list(&ListParams::default()).await?.items;
        let of_reference = |object: &kube::api::DynamicObject| {
            let metadata = &object.metadata;
            let has = |all: &Option<std::collections::BTreeMap<String, String>>, key: &str| {
                all.as_ref().is_some_and(|all| all.contains_key(key))
            };
            has(&metadata.labels, OWNER)
                && !has(&metadata.annotations, "streams.sentry.io/digest")
                && object.data["status"]["readyReplicas"] == object.data["spec"]["replicas"]
        };
        let names: Vec<_> = deployments.iter().map(ResourceExt::name_any).collect();
        let is_applied = names == ["svc-pipeline-p-0", "svc-pipeline-p-0-canary"]
            && deployments.iter().all(of_reference)
            && pipeline["metadata"]["finalizers"].to_string().contains(FINALIZER)
            && condition(&pipeline, "Applied")["status"] == "True";
        Ok(if is_applied { Ok(()) } else { Err(pipeline.to_string()) })
    })
    .await
}
