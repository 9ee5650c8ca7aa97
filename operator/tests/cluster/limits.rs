//! What is too large or too slow is held to the limits of the host, told so, and delays nobody.

use crate::harness::{Operator, World, condition, kubectl_ok, pipeline};
use crate::trial;
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("a_rendering_of_seconds_is_stopped_and_told", slow),
        trial("logs_carry_what_is_looked_after", logs),
    ]
}

async fn slow(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    // Of no other namespace, whose pipelines would be rendered too.
    let only = ["--watch-namespaces", &namespace, "--render-timeout", "0.1"];
    let operator = Operator::start("slow", &only)?;
    // Near the megabyte that an object may have: a schema whose long names are compared with as many keys.
    let name = |kind: &str, n: usize| format!("{}{kind}{n:04}", "k".repeat(280));
    let keys: Map<_, _> = (0..1000).map(|n| (name("a", n), json!(0))).collect();
    let names: Vec<_> = (0..1000).map(|n| name("b", n)).collect();
    let properties: Map<_, _> = names.iter().map(|name| (name.clone(), json!({}))).collect();
    let schema =
        json!({ "properties": properties, "required": names, "additionalProperties": false });
    let spec = json!({ "pipeline_config": keys, "pipeline_config_schema": schema });
    let text = pipeline("slow", spec).to_string();
    ensure!(text.len() > 600_000, "{} bytes", text.len());
    kubectl_ok(&["-n", &namespace, "create", "-f", "-"], &text)?;
    let begin = Instant::now();
    world.create("good", json!({})).await?;
    world.until("good", "Ready").await?;
    println!("another is ready after {:?}", begin.elapsed());

    let stopped = world.until("slow", "RenderTimeout").await?;
    let message = condition(&stopped, "Stalled")["message"].to_string();
    ensure!(message.contains("did not finish in 100ms"), "{message}");
    // It is not tried over and over.
    let rendered = operator.renderings()?;
    for replicas in [3, 4, 5] {
        world.change("good", json!({ "replicas": replicas })).await?;
        world.until("good", "Ready").await?;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let more = operator.renderings()? - rendered;
    ensure!(more < 40.0, "{more} renderings");

    // Mended, it is looked at at once.
    let mended = json!([
        { "op": "remove", "path": "/spec/pipeline_config_schema" },
        {
            "op": "replace",
            "path": "/spec/pipeline_config",
            "value": pipeline("slow", json!({}))["spec"]["pipeline_config"],
        },
    ]);
    kubectl_ok(
        &[
            "-n",
            &namespace,
            "patch",
            "streamingpipeline",
            "slow",
            "--type=json",
            "-p",
            &mended.to_string(),
        ],
        "",
    )?;
    world.until("slow", "Ready").await?;
    operator.end()?;
    Ok(())
}

async fn logs(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let operator = Operator::start("logs", &[])?;
    let pipeline = world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    let log = operator.log();
    let applied = log
        .lines()
        .map(serde_json::from_str::<Value>)
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .find(|line| line["message"] == "applied")
        .unwrap_or_default();
    let span = &applied["span"];
    ensure!(span["pipeline"] == format!("{namespace}/p"), "{applied}");
    ensure!(span["uid"].as_str() == pipeline.metadata.uid.as_deref(), "{applied}");
    ensure!(span["generation"] == 1 && span["id"].is_u64(), "{applied}");
    operator.end()?;
    Ok(())
}
