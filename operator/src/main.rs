//! The operator: keeps in the cluster what the Consumer Macro renders of each `StreamingPipeline`, and says in its
//! status how that goes.
//!
//! Decisions are pure functions: `plan` (what to do) and `report` (what to say), of a pipeline, what the component
//! renders of it, and what the watches have told. `reconcile` carries them out. What a manifest looks like is the
//! component's business alone.

mod admission;
mod arguments;
mod cache;
mod carry_out;
mod child;
mod client;
mod cluster;
mod conditions;
mod context;
mod crd;
mod definition;
mod depth;
mod desired;
mod difference;
mod failure;
mod leader;
mod leftovers;
mod metrics;
mod names;
mod pipeline;
mod plan;
mod reconcile;
mod render;
mod report;
mod rollout;
mod run;
mod server;
mod status;
mod texts;
mod tls;
mod watch;

use anyhow::Context;
use arguments::{Arguments, Command, LogFormat, Run};
use clap::Parser;
use std::io::Write;
use tracing_subscriber::EnvFilter;

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Crd => {
            std::io::stdout()
                .write_all(crd::text()?.as_bytes())
                .context("cannot print the definition")?;
            Ok(())
        }
        Command::Run(arguments) => {
            log(&arguments)?;
            tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()?
                .block_on(run::run(*arguments))
        }
    }
}

fn log(arguments: &Run) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&arguments.log_level)
        .with_context(|| format!("not a log level: {}", arguments.log_level))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Where a log cannot be written there is nowhere to say so; that must not end the operator.
        .log_internal_errors(false);
    match arguments.log_format {
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(true).with_span_list(false).init();
        }
        LogFormat::Text => log.init(),
    }
    Ok(())
}
