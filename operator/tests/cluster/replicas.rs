//! Of several replicas one writes.

use crate::audit::Mark;
use crate::harness::{ACCOUNT, Operator, World, kubectl_ok, wait_for};
use crate::trial;
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("another_leads_when_the_leader_is_killed", killed),
        trial("who_led_and_wakes_up_writes_nothing", wakes),
        trial("who_ends_hands_over", hands_over),
        trial("clocks_that_differ_make_no_second_leader", clocks),
    ]
}

async fn leads(operator: &Operator) -> Result<()> {
    wait_for("a replica to lead", async || {
        let log = operator.log();
        Ok(if log.contains("\"leading\"") { Ok(()) } else { Err(log) })
    })
    .await
}

async fn pair(first: &str, second: &str) -> Result<(Operator, Operator)> {
    let leader = Operator::start(first, &[])?;
    leads(&leader).await?;
    let other = Operator::start(second, &[])?;
    Ok((leader, other))
}

async fn killed(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let (leader, other) = pair("killed-a", "killed-b").await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    ensure!(!other.log().contains("\"leading\""), "both lead");

    let begin = Instant::now();
    drop(leader);
    world.change("p", json!({ "replicas": 3 })).await?;
    let is_scaled = |d: &Value| d["spec"]["replicas"] == 3;
    world
        .until_object(world.deployments(), "svc-pipeline-p-0", "scaled by the other", is_scaled)
        .await?;
    ensure!(begin.elapsed() < Duration::from_secs(20), "took {:?}", begin.elapsed());
    println!("another leads after {:?}", begin.elapsed());
    other.end()?;
    Ok(())
}

async fn wakes(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let (leader, other) = pair("wakes-a", "wakes-b").await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;

    leader.signal("STOP")?;
    leads(&other).await?;
    for replicas in [3, 4] {
        world.change("p", json!({ "replicas": replicas })).await?;
        world.until("p", "Ready").await?;
    }
    // It wakes up with everything to do that it missed.
    let mark = Mark::now()?;
    leader.signal("CONT")?;
    world.change("p", json!({ "replicas": 5 })).await?;
    world.until("p", "Ready").await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let writes = mark.writes()?;
    ensure!(!writes.is_empty(), "the other wrote nothing");
    ensure!(writes.iter().all(|write| write.agent.contains("wakes-b")), "{writes:?}");
    other.end()?;
    leader.end()?;
    Ok(())
}

async fn hands_over(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let (leader, other) = pair("hands-a", "hands-b").await?;
    world.create("p", json!({})).await?;
    leader.end()?;
    let begin = Instant::now();
    world.change("p", json!({ "replicas": 3 })).await?;
    world.until("p", "Ready").await?;
    ensure!(begin.elapsed() < Duration::from_secs(10), "took {:?}", begin.elapsed());
    println!("handed over after {:?}", begin.elapsed());
    other.end()?;
    Ok(())
}

/// As if the leader's clock were an hour late: what it writes looks as if the lease had run out long ago.
async fn clocks(namespace: String) -> Result<()> {
    let world = World::new(&namespace).await?;
    let (leader, other) = pair("clocks-a", "clocks-b").await?;
    world.create("p", json!({})).await?;
    world.until("p", "Ready").await?;
    let late = json!({ "spec": { "renewTime": "2020-01-01T00:00:00.000000Z" } }).to_string();
    let patch = ["-n", ACCOUNT, "patch", "lease", ACCOUNT, "--type=merge", "-p", &late];
    for replicas in 2..8 {
        kubectl_ok(&patch, "")?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        ensure!(!other.log().contains("\"leading\""), "both lead");
        world.change("p", json!({ "replicas": replicas })).await?;
        world.until("p", "Ready").await?;
    }
    ensure!(!leader.log().contains("no longer leading"), "{}", leader.log());
    other.end()?;
    leader.end()?;
    Ok(())
}
