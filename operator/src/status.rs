//! The status of a pipeline, as it stands in the object: its shape. What goes into it is decided in `report`.

use crate::child::ObjectId;
use crate::conditions::{Condition, cut};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// The status of a pipeline. Written whole: what is None is removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    #[serde(rename = "observedGeneration")]
    pub(crate) observed_generation: Option<i64>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) config_version: Option<String>,
    /// Pods asked for.
    pub(crate) replicas: Option<Replicas>,
    /// Pods there are.
    pub(crate) total_replicas: Option<i64>,
    pub(crate) ready_replicas: Option<i64>,
    /// Which pods are the pipeline's, for autoscalers.
    pub(crate) selector: Option<String>,
    pub(crate) workload_namespace: Option<String>,
    /// What was applied.
    pub(crate) inventory: Vec<Entry>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    /// The last request that was followed.
    pub(crate) requested_at: Option<String>,
}

/// Pods asked for in each Deployment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Replicas {
    pub(crate) primary: i64,
    pub(crate) canary: i64,
}

/// An object that was applied, and how it stood then.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    #[serde(flatten)]
    pub(crate) id: ObjectId,
    pub(crate) uid: String,
    /// Its generation; for kinds without one, a digest of its content.
    pub(crate) revision: String,
}

/// One thing that is wrong or suspicious about a spec.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Problem {
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) path: String,
    pub(crate) message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
}

/// How many problems a status holds: the object must stay small.
const PROBLEMS: usize = 20;
/// Bytes of each of their texts.
const TEXT: usize = 1000;

impl Status {
    /// Reads a status; one of another shape counts as none.
    pub(crate) fn read(status: &Value) -> Self {
        serde_json::from_value(status.clone()).unwrap_or_default()
    }

    pub(crate) fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.r#type == kind)
    }
}

impl From<&sentry_streams_k8s_host::Problem> for Problem {
    fn from(problem: &sentry_streams_k8s_host::Problem) -> Self {
        Self {
            code: problem.code.clone(),
            path: cut(&problem.path, TEXT),
            message: cut(&problem.message, TEXT),
            help: problem.help.as_deref().map(|help| cut(help, TEXT)),
        }
    }
}

/// Place, what is wrong, and what to do about it, in one line.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, " ({help})"))
    }
}

/// Those of the problems that a status holds.
pub(crate) fn few(problems: &[Problem]) -> Vec<Problem> {
    problems.iter().take(PROBLEMS).cloned().collect()
}
