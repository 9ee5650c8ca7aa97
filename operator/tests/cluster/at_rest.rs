//! Where nothing happens, nothing is asked; nor after a restart.

use crate::audit::Mark;
use crate::harness::{Operator, World, wait_for};
use crate::trial;
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use serde_json::json;
use std::time::Duration;

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("asks_nothing_at_rest_and_writes_nothing_after_a_restart", rests)]
}

/// Seconds to listen for: `REST_SECONDS`, else so many.
const REST: u64 = 20;
/// Seconds, at the least, after which a pipeline is looked at again without a reason.
const RESYNC: u64 = 480;

async fn rests(namespace: String) -> Result<()> {
    let seconds =
        std::env::var("REST_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(REST);
    // Not of other namespaces, whose pipelines may still be on their way out.
    let only = ["--watch-namespaces", &namespace];
    let operator = Operator::start("rest", &only)?;
    let world = World::new(&namespace).await?;
    let right = ["a", "b", "c"];
    for name in right {
        world.create(name, json!({ "with_canary": true })).await?;
        world.until(name, "Ready").await?;
    }
    world.create("wrong", json!({ "replicsa": 1 })).await?;
    world.until("wrong", "InvalidSpec").await?;
    tokio::time::sleep(Duration::from_secs(3)).await;

    let (mark, rendered) = (Mark::now()?, operator.renderings()?);
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let (requests, more) = (mark.requests()?, operator.renderings()? - rendered);
    ensure!(requests.is_empty(), "in {seconds} s of rest: {requests:?}");
    let pipelines = u32::try_from(right.len() + 1)?;
    let most = f64::from(pipelines * u32::try_from(seconds / RESYNC)?);
    ensure!(more <= most, "{more} renderings in {seconds} s of rest");
    println!("in {seconds} s of rest: 0 requests, {more} renderings");
    ensure!(operator.http("/livez")?.contains("200 OK"), "not alive");
    let metrics = operator.http("/metrics")?;
    ensure!(metrics.contains("streams_operator_queue 0"), "{metrics}");

    let ended = operator.end()?;
    ensure!(ended < Duration::from_secs(5), "took {ended:?} to end");
    let mark = Mark::now()?;
    let operator = Operator::start("rest-again", &only)?;
    wait_for("the operator to lead", async || {
        Ok(if operator.log().contains("\"leading\"") { Ok(()) } else { Err(operator.log()) })
    })
    .await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let metrics = operator.http("/metrics")?;
    ensure!(
        metrics.contains("reconciles_total{result=\"ok\"}"),
        "nothing was looked at: {metrics}"
    );
    let writes = mark.writes()?;
    ensure!(writes.is_empty(), "after a restart: {writes:?}");
    operator.end()?;
    Ok(())
}
