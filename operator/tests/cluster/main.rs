//! The operator on a real control plane. `make test-cluster` starts one and runs this.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::needless_pass_by_value,
    reason = "tests"
)]

mod drift;
mod harness;
mod lifecycle;
mod ownership;
mod problems;

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
        return Ok(libtest_mimic::run(&arguments, shared()).exit_code());
    }
    install()?;

    // All at once, beside one operator for the whole cluster.
    let operator = Operator::start("shared", &[])?;
    let conclusion = libtest_mimic::run(&arguments, shared());
    if conclusion.has_failed() {
        eprintln!("the operator's log is {}", operator.log_path().display());
    }
    operator.end()?;
    Ok(conclusion.exit_code())
}

fn shared() -> Vec<Trial> {
    [lifecycle::trials(), problems::trials(), drift::trials(), ownership::trials()].into_iter().flatten().collect()
}

/// A test by its name.
fn trial<F: Future<Output = Result<()>>>(name: &'static str, test: impl FnOnce(String) -> F + Send + 'static) -> Trial {
    Trial::test(name, move || {
        let runtime = tokio::runtime::Runtime::new().map_err(Failed::from)?;
        runtime.block_on(test(name.replace('_', "-"))).map_err(|error| Failed::from(format!("{error:#}")))
    })
}
