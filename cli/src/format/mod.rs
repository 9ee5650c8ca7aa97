//! How problems are shown: one file a format.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod text;

pub(crate) use json::finding as json_of;

use crate::place::FileSpan;
use crate::report::{Finding, Report};
use crate::write::sanitize;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// How problems are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one JSON document
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// SARIF 2.1.0, with fixes: for code scanning
    Sarif,
    /// `JUnit` XML, in which each problem is a failure
    #[value(help = "JUnit XML, in which each problem is a failure")]
    Junit,
}

/// The variable by which GitHub Actions name the root of the repository.
const GITHUB_ROOT: &str = "GITHUB_WORKSPACE";

/// A report in a form; in text, with colours.
pub(crate) fn write(report: &Report, format: Format) -> anyhow::Result<String> {
    Ok(match format {
        Format::Text => text::write(report),
        Format::Json => json::write(report),
        Format::Github => github::write(report),
        Format::Gitlab => gitlab::write(report),
        Format::Sarif => sarif::write(report),
        Format::Junit => junit::write(report)?,
    })
}

/// Where a problem is in a file; none where it is in no file, but in an argument or on standard input.
fn span(finding: &Finding) -> Option<&FileSpan> {
    finding.place.as_ref()?.file.as_ref()
}

/// A file's name as a service that shows a repository knows it: with `/`, from the root that a variable names, or from
/// the directory of the run.
fn relative(name: &str, variable: &str) -> String {
    let path = Path::new(name);
    let here = std::env::current_dir().unwrap_or_default();
    let absolute = here.join(path);
    let root = std::env::var_os(variable).filter(|root| !root.is_empty()).map(PathBuf::from);
    let root = root.filter(|root| absolute.starts_with(root)).unwrap_or(here);
    let name = absolute.strip_prefix(root).unwrap_or(path).display().to_string();
    sanitize(&if cfg!(windows) { name.replace('\\', "/") } else { name })
}

/// What is wrong, and below it what to do.
fn message(finding: &Finding) -> String {
    let problem = &finding.problem;
    let message = sanitize(&problem.message);
    let message = match sanitize(&problem.path) {
        path if path.is_empty() => message,
        path => format!("{path}: {message}"),
    };
    match &problem.help {
        Some(help) => format!("{message}\nhelp: {}", sanitize(help)),
        None => message,
    }
}
