//! The command line; every option also as an environment variable.
#![allow(clippy::doc_markdown, reason = "these comments are what --help prints")]

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

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
    Run(Box<Run>),
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
    #[arg(long, env = "DRY_RUN", value_parser = FalseyValueParser::new())]
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
    #[arg(long, env = "NO_LEADER_ELECTION", value_parser = FalseyValueParser::new())]
    pub(crate) no_leader_election: bool,

    /// How long rendering one pipeline may take
    #[arg(
        long,
        value_name = "SECONDS",
        env = "RENDER_TIMEOUT",
        default_value = "10",
        value_parser = seconds
    )]
    pub(crate) render_timeout: Duration,

    /// Where the API server's reviews of pipelines are answered, over TLS [default: nowhere]
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "ADMISSION_ADDRESS",
        requires_all = ["tls_certificate", "tls_key"]
    )]
    pub(crate) admission_address: Option<SocketAddr>,

    /// Certificate chain for reviews, in PEM; read again when it changes
    #[arg(long, value_name = "FILE", env = "TLS_CERTIFICATE")]
    pub(crate) tls_certificate: Option<PathBuf>,

    /// Its private key, in PEM
    #[arg(long, value_name = "FILE", env = "TLS_KEY")]
    pub(crate) tls_key: Option<PathBuf>,

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

impl Run {
    /// Namespaces to look after; none means all.
    pub(crate) fn namespaces(&self) -> Vec<String> {
        self.watch_namespaces.iter().filter(|namespace| !namespace.is_empty()).cloned().collect()
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    let time = Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
    if time.is_zero() { Err("nothing can be rendered in no time".to_owned()) } else { Ok(time) }
}

/// A value that was given: an environment variable that is empty, as charts leave it, counts as none.
pub(crate) fn given(value: Option<&String>) -> Option<String> {
    value.filter(|value| !value.is_empty()).cloned()
}

/// How to log.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    /// One JSON object a line
    Json,
    /// For people
    Text,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn run(arguments: &[&str]) -> Result<Run, clap::Error> {
        let all = ["streams-k8s-operator", "run"].iter().chain(arguments);
        match Arguments::try_parse_from(all)?.command {
            Command::Run(run) => Ok(*run),
            Command::Crd => panic!("another command"),
        }
    }

    #[test]
    fn every_option_is_an_environment_variable_too() {
        Arguments::command().debug_assert();
        let command = Arguments::command();
        let run = command.find_subcommand("run").unwrap();
        for option in run.get_arguments().filter(|option| option.get_id() != "help") {
            assert!(option.get_env().is_some(), "{}", option.get_id());
        }
    }

    #[test]
    fn what_is_empty_counts_as_not_given() {
        let run = run(&["--watch-namespaces", "", "--workload-namespace", ""]).unwrap();
        assert!(run.namespaces().is_empty());
        assert_eq!(given(run.workload_namespace.as_ref()), None);
    }

    #[test]
    fn a_timeout_is_a_number_of_seconds() {
        assert_eq!(run(&[]).unwrap().render_timeout, Duration::from_secs(10));
        let half = run(&["--render-timeout", "0.5"]).unwrap();
        assert_eq!(half.render_timeout, Duration::from_millis(500));
        for wrong in ["0", "-1", "soon", "inf"] {
            assert!(run(&["--render-timeout", wrong]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn reviews_need_a_certificate() {
        assert!(run(&["--admission-address", "127.0.0.1:0"]).is_err());
        assert!(run(&["--admission-address", "127.0.0.1:0", "--tls-key", "k"]).is_err());
        let files = ["--tls-certificate", "c", "--tls-key", "k"];
        let reviews = run(&[&["--admission-address", "127.0.0.1:0"], &files[..]].concat()).unwrap();
        assert!(reviews.tls_certificate.is_some());
        assert!(run(&[]).unwrap().admission_address.is_none());
    }
}
