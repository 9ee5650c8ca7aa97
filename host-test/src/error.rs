//! Every way a load or a call can fail.

use crate::Problem;
use std::path::PathBuf;
use std::time::Duration;

/// Why there is no component, or no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The component's file could not be read.
    #[error("cannot read the component {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },

    /// This is no WebAssembly component, or not one that this host can compile.
    #[error("cannot load the component: {0}")]
    Load(String),

    /// The component wants something from its host. The macro needs nothing, so this is not the macro.
    #[error("the component imports {}; the macro imports nothing", list(.0))]
    Imports(Vec<String>),

    /// The component does not have the interface of this host's version.
    #[error(
        "the component exports {}; this host needs sentry:streams-k8s/consumer-macro and consumer-macro-json of version \
         0.1.0: {reason}",
        list(exports)
    )]
    Interface {
        /// What it has.
        exports: Vec<String>,
        /// What does not fit.
        reason: String,
    },

    /// The call was stopped at [`Limits::time`](crate::Limits::time).
    #[error("the component did not finish in {0:?}")]
    Time(Duration),

    /// The component wanted more than [`Limits::memory`](crate::Limits::memory).
    #[error("the component needs more than {0} bytes of memory")]
    Memory(usize),

    /// The result is larger than [`Limits::output`](crate::Limits::output).
    #[error("the component's result is larger than {0} bytes")]
    Output(usize),

    /// The system gives this process too few addresses for a call.
    #[error(
        "the system gives this process too few addresses for a call; raise the limit (`ulimit -v`): {0}"
    )]
    Addresses(String),

    /// The component broke down: a fault of the component, whatever the context.
    #[error("the component failed: {0}")]
    Trap(String),

    /// The component refused the context and named no problem: a fault of the component, whatever the context.
    #[error("the component refuses the context and names no problem")]
    NoProblem,

    /// The context is not right; this is what the component says about it.
    #[error("the context is refused: {}", summary(.0))]
    Refused(Vec<Problem>),
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

fn summary(problems: &[Problem]) -> String {
    let Some(first) = problems.first() else { return "no problem is named".to_owned() };
    let place = if first.path.is_empty() { String::new() } else { format!("{}: ", first.path) };
    match problems.len() {
        1 => format!("{place}{}", first.message),
        n => format!("{place}{} (first of {n} problems)", first.message),
    }
}
