//! The command line; every option also as an environment variable.
#![allow(clippy::doc_markdown, reason = "these comments are what --help prints")]

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;

/// Keeps in the cluster what the Sentry Streams Consumer Macro renders of each StreamingPipeline.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the operator
    Run(Run),
    /// Print the CustomResourceDefinition of StreamingPipeline
    Crd,
}

/// Options of `run`.
#[derive(Clone, Debug, Args)]
#[allow(clippy::struct_field_names, reason = "the field is named as its option is")]
pub(crate) struct Run {
    /// Look after the pipelines of these namespaces only
    #[arg(long, value_name = "NAMESPACE", env = "WATCH_NAMESPACES", value_delimiter = ',')]
    pub(crate) watch_namespaces: Vec<String>,

    /// Put the objects of all pipelines into this namespace instead of each pipeline's own
    #[arg(long, value_name = "NAMESPACE", env = "WORKLOAD_NAMESPACE")]
    pub(crate) workload_namespace: Option<String>,

    /// Write nothing; log what would be written
    #[arg(long, env = "DRY_RUN")]
    pub(crate) dry_run: bool,

    /// Where health and metrics are served
    #[arg(long, value_name = "ADDRESS", env = "HTTP_ADDRESS", default_value = "0.0.0.0:8080")]
    pub(crate) http_address: SocketAddr,

    /// Namespace of the lease by which replicas choose a leader [default: the one that the operator runs in]
    #[arg(long, value_name = "NAMESPACE", env = "LEASE_NAMESPACE")]
    pub(crate) lease_namespace: Option<String>,

    /// Name of that lease
    #[arg(long, value_name = "NAME", env = "LEASE_NAME", default_value = "streams-k8s-operator")]
    pub(crate) lease_name: String,

    /// Lead without a lease; for one replica only
    #[arg(long, env = "NO_LEADER_ELECTION")]
    pub(crate) no_leader_election: bool,

    /// Who this replica is [default: the host's name and a number]
    #[arg(long, value_name = "NAME", env = "POD_NAME")]
    pub(crate) identity: Option<String>,

    /// How much to log: error, warn, info, debug, trace, or directives such as info,kube=debug
    #[arg(long, value_name = "LEVEL", env = "LOG_LEVEL", default_value = "info")]
    pub(crate) log_level: String,

    /// How to log
    #[arg(long, value_name = "FORMAT", env = "LOG_FORMAT", default_value = "json")]
    pub(crate) log_format: LogFormat,
}

/// How to log.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    /// One JSON object a line
    Json,
    /// For people
    Text,
}
