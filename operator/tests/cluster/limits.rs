//! What is too large or too slow is held to the limits of the host, told so, and delays nobody.

use crate::harness::{Operator, World, condition, kubectl_ok, pipeline};
use crate::trial;
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("a_rendering_of_seconds_is_stopped_and_told", slow),
        trial("logs_carry_what_is_looked_after", logs),
    ]
}

async fn slow(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let operator = Operator::start("slow", &["--render-timeout", "0.1"])?;
    // Near the megabyte that an object may have, and all of it patches of one container with many variables.
    let env: Vec<_> = (0..3000).map(|n| json!({ "name": format!("V{n}"), "value": "x" })).collect();
    let change = json!({ "name": "pipeline-consumer", "env": [{ "name": "V1", "value": "y" }] });
    let containers = vec![change; 9_000];
    let patch = json!({ "spec": { "template": { "spec": { "containers": containers } } } });
    let spec = json!({ "container_template": { "env": env }, "emergency_patch": patch });
    let text = pipeline("slow", spec).to_string();
    ensure!(text.len() > 600_000, "{} bytes", text.len());
    kubectl_ok(&["-n", &namespace, "create", "-f", "-"], &text)?;
    let begin = Instant::now();
    world.create("good", json!({})).await?;
    world.until("good", "Ready").await?;
    println!("another is ready after {:?}", begin.elapsed());

    let pipeline = world.until("slow", "RenderTimeout").await?;
    let message = condition(&pipeline, "Stalled")["message"].to_string();
    ensure!(message.contains("did not finish in 100ms"), "{message}");
    // It is not tried over and over.
    let rendered = renderings(&operator)?;
    for replicas in [3, 4, 5] {
        world.change("good", json!({ "replicas": replicas })).await?;
        world.until("good", "Ready").await?;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let more = renderings(&operator)? - rendered;
    ensure!(more < 40.0, "{more} renderings");

    // Mended, it is looked at at once.
    kubectl_ok(
        &[
            "-n",
            &namespace,
            "patch",
            "streamingpipeline",
            "slow",
            "--type=json",
            "-p",
            r#"[{"op": "remove", "path": "/spec/emergency_patch"}]"#,
        ],
        "",
    )?;
    world.until("slow", "Ready").await?;
    operator.end()?;
    Ok(())
}

fn renderings(operator: &Operator) -> Result<f64> {
    let metrics = operator.http("/metrics")?;
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix("streams_operator_render_seconds_count "));
    Ok(line.unwrap_or_default().parse()?)
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
