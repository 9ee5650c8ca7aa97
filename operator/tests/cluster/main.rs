//! The operator on a real control plane. `make test-cluster` starts one and runs this.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::needless_pass_by_value,
    reason = "tests"
)]

mod admission;
mod at_rest;
mod audit;
mod autoscaling;
mod drift;
mod harness;
mod leftovers;
mod lifecycle;
mod limits;
mod model;
mod ownership;
mod problems;
mod recorded;
mod reference;
mod replicas;
mod rights;
mod takeover;

use anyhow::Result;
use harness::{Operator, install, state};
use libtest_mimic::{Arguments, Failed, Trial};
use std::process::ExitCode;

fn main() -> Result<ExitCode> {
    let arguments = Arguments::from_args();
    if state().is_none() && !arguments.list {
        println!("SKIPPED: there is no control plane; run `make test-cluster`");
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.list {
        let all = shared().into_iter().chain(alone()).collect();
        return Ok(libtest_mimic::run(&arguments, all).exit_code());
    }
    install()?;

    // All at once, beside one operator for the whole cluster.
    let operator = Operator::start("shared", &[])?;
    let conclusion = libtest_mimic::run(&arguments, shared());
    if conclusion.has_failed() {
        eprintln!("the operator's log is {}", operator.log_path().display());
    }
    operator.end()?;

    // One after the other, each with an operator of its own.
    let one = Arguments { test_threads: Some(1), ..arguments };
    let others = libtest_mimic::run(&one, alone());
    let has_failed = conclusion.has_failed() || others.has_failed();
    Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn shared() -> Vec<Trial> {
    [
        lifecycle::trials(),
        autoscaling::trials(),
        problems::trials(),
        drift::trials(),
        ownership::trials(),
        recorded::trials(),
        model::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn alone() -> Vec<Trial> {
    [
        at_rest::trials(),
        admission::trials(),
        leftovers::trials(),
        limits::trials(),
        replicas::trials(),
        rights::trials(),
        takeover::trials(),
        reference::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A test by its name.
fn trial<F: Future<Output = Result<()>>>(
    name: &'static str,
    test: impl FnOnce(String) -> F + Send + 'static,
) -> Trial {
    Trial::test(name, move || {
        let runtime = tokio::runtime::Runtime::new().map_err(Failed::from)?;
        let namespace: String = name
            .replace('_', "-")
            .chars()
            .take(40)
            .collect::<String>()
            .trim_end_matches('-')
            .to_owned();
        runtime.block_on(test(namespace)).map_err(|error| Failed::from(format!("{error:#}")))
    })
}
