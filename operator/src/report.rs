//! Decides what the status says. Pure: from what was found, wanted and done.

use crate::child::{Child, ObjectId};
use crate::conditions::{Condition, merge};
use crate::desired::Desired;
use crate::failure::Failure;
use crate::pipeline::Pipeline;
use crate::rollout::Rollout;
use crate::status::{Entry, Problem, Replicas, Status, few};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What came of a spec.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The component refused it.
    Refused(Vec<Problem>),
    /// The component was stopped or broke down.
    Broken { reason: &'static str, message: String },
    /// It is right, and this was done about it.
    Rendered { desired: Vec<Desired>, warnings: Vec<Problem>, done: Done },
}

/// What was done about a spec that is right.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// Objects that stand there, by name; those just applied as the API server answered.
    pub(crate) standing: BTreeMap<ObjectId, Child>,
    /// Which of them were just applied.
    pub(crate) applied: BTreeSet<ObjectId>,
    /// Objects that belong to somebody else.
    pub(crate) taken: Vec<String>,
    /// What went wrong.
    pub(crate) failure: Option<Failure>,
}

/// The status of a pipeline. `labelled` are its objects, whatever is desired now.
pub(crate) fn report(
    pipeline: &Pipeline,
    verdict: &Verdict,
    labelled: &[Child],
    namespace: &str,
    now: &str,
) -> Status {
    let old = &pipeline.status;
    let workloads = || labelled.iter().filter_map(|child| child.workload.as_ref());
    let mut status = Status {
        observed_generation: Some(pipeline.generation),
        workload_namespace: Some(namespace.to_owned()),
        total_replicas: Some(workloads().map(|w| w.total).fold(0, i64::saturating_add)),
        ready_replicas: Some(workloads().map(|w| w.ready).fold(0, i64::saturating_add)),
        problems: Vec::new(),
        ..old.clone()
    };
    let conditions = match verdict {
        Verdict::Refused(problems) => {
            status.problems = few(problems);
            not_rendered("InvalidSpec", &summary(problems))
        }
        Verdict::Broken { reason, message } => not_rendered(reason, message),
        Verdict::Rendered { desired, warnings, done } => {
            status.warnings = few(warnings);
            describe(&mut status, desired);
            if pipeline.is_suspended {
                suspended(desired, done)
            } else {
                status.inventory = inventory(old, desired, done);
                if done.failure.is_none() && done.taken.is_empty() {
                    status.requested_at.clone_from(&pipeline.requested_at);
                }
                rendered(desired, done)
            }
        }
    };
    status.conditions = merge(&old.conditions, conditions, pipeline.generation, now);
    status
}

/// What is news for people who look at the pipeline's events: why it is stuck, once for every reason.
pub(crate) fn news(old: &Status, new: &Status) -> Option<(String, String)> {
    let stuck =
        |status: &Status| status.condition("Stalled").filter(|c| c.status == "True").cloned();
    let is = stuck(new)?;
    let was = stuck(old);
    let is_same = was.is_some_and(|was| was.reason == is.reason && was.message == is.message);
    (!is_same || old.problems != new.problems).then_some((is.reason, is.message))
}

/// Whether a rollout is only further than it was: nothing that programs wait for.
pub(crate) fn is_only_progress(old: &Status, new: &Status) -> bool {
    let essence = |status: &Status| {
        let mut status = Status { total_replicas: None, ready_replicas: None, ..status.clone() };
        status.conditions.iter_mut().for_each(|condition| condition.message.clear());
        status
    };
    new.condition("Reconciling").is_some_and(|condition| condition.status == "True")
        && essence(old) == essence(new)
}

/// The first problems in a line, and how many more there are.
fn summary(problems: &[Problem]) -> String {
    const SHOWN: usize = 3;
    let shown = problems.iter().take(SHOWN).map(ToString::to_string);
    let more = match problems.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("; and {more} more, see status.problems"),
    };
    format!("{}{more}", shown.collect::<Vec<_>>().join("; "))
}

fn not_rendered(reason: &str, message: &str) -> Vec<Condition> {
    vec![
        Condition::new("Ready", false, reason, message),
        Condition::new("Reconciling", false, reason, ""),
        Condition::new("Stalled", true, reason, message),
        Condition::new("Rendered", false, reason, message),
        Condition::new("Applied", false, reason, "nothing was applied; what runs stays as it is"),
    ]
}

fn suspended(desired: &[Desired], done: &Done) -> Vec<Condition> {
    const REASON: &str = "Suspended";
    let (ready, message) = match progress(desired, done) {
        Progress::Done(message) => (true, message),
        Progress::Running(message) | Progress::GaveUp(message) => (false, message),
    };
    // What `Applied` said before stays true.
    vec![
        Condition::new("Ready", ready, REASON, message),
        Condition::new("Reconciling", false, REASON, ""),
        Condition::new("Stalled", false, REASON, ""),
        Condition::new("Rendered", true, "Rendered", ""),
    ]
}

fn rendered(desired: &[Desired], done: &Done) -> Vec<Condition> {
    let stuck = (!done.taken.is_empty()).then(|| ("NameTaken", done.taken.join("; "), true));
    let failed = || done.failure.as_ref().map(|f| (f.reason, f.message.clone(), f.is_stalled));
    if let Some((reason, message, is_stalled)) = stuck.or_else(failed) {
        return vec![
            Condition::new("Ready", false, reason, &message),
            Condition::new(
                "Reconciling",
                !is_stalled,
                reason,
                if is_stalled { "" } else { &message },
            ),
            Condition::new("Stalled", is_stalled, reason, if is_stalled { &message } else { "" }),
            Condition::new("Rendered", true, "Rendered", ""),
            Condition::new("Applied", false, reason, &message),
        ];
    }

    let (reason, message, [ready, reconciling, stalled]) = match progress(desired, done) {
        Progress::Done(message) => ("Ready", message, [true, false, false]),
        Progress::Running(message) => ("RollingOut", message, [false, true, false]),
        Progress::GaveUp(message) => ("ProgressDeadlineExceeded", message, [false, false, true]),
    };
    let only_if = |is: bool| if is { message.as_str() } else { "" };
    vec![
        Condition::new("Ready", ready, reason, &message),
        Condition::new("Reconciling", reconciling, reason, only_if(reconciling)),
        Condition::new("Stalled", stalled, reason, only_if(stalled)),
        Condition::new("Rendered", true, "Rendered", ""),
        Condition::new("Applied", true, "Applied", ""),
    ]
}

enum Progress {
    Done(String),
    Running(String),
    GaveUp(String),
}

fn progress(desired: &[Desired], done: &Done) -> Progress {
    let (mut running, mut gave_up, mut pods) = (Vec::new(), Vec::new(), 0_i64);
    for object in desired {
        let id = &object.id;
        match done.standing.get(id) {
            None => running.push(format!("{id} is not there yet")),
            Some(child) if child.is_deleted => running.push(format!("{id} is being deleted")),
            Some(child) => match child.workload.as_ref().map(|w| (w.rollout(), w.ready)) {
                Some((Rollout::Running(message), _)) => running.push(format!("{id}: {message}")),
                Some((Rollout::GaveUp(message), _)) => gave_up.push(format!("{id}: {message}")),
                Some((Rollout::Done, ready)) => pods = pods.saturating_add(ready),
                None => {}
            },
        }
    }
    if !gave_up.is_empty() {
        Progress::GaveUp(gave_up.join("; "))
    } else if !running.is_empty() {
        Progress::Running(running.join("; "))
    } else {
        Progress::Done(format!("{pods} pods are ready"))
    }
}

/// What the rendered objects say of themselves.
fn describe(status: &mut Status, desired: &[Desired]) {
    let deployment =
        |role: &str| desired.iter().find(|object| object.role == role).map(|object| &object.object);
    let replicas = |role| {
        deployment(role)
            .map_or(0, |o| o.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(1))
    };
    let Some(primary) = deployment("deployment") else { return };
    status.replicas =
        Some(Replicas { primary: replicas("deployment"), canary: replicas("canary_deployment") });
    status.config_version = primary
        .pointer("/spec/template/metadata/annotations/configVersion")
        .and_then(Value::as_str)
        .map(ToOwned::to_owned);

    let labels = |object: &Value| {
        object.pointer("/spec/selector/matchLabels").and_then(Value::as_object).cloned()
    };
    let mut common = labels(primary).unwrap_or_default();
    if let Some(canary) = deployment("canary_deployment").and_then(labels) {
        common.retain(|key, value| canary.get(key) == Some(value));
    }
    status.selector = Some(selector(&common));
}

/// Labels as a selector's text.
fn selector(labels: &Map<String, Value>) -> String {
    let mut pairs: Vec<_> = labels
        .iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?)))
        .collect();
    pairs.sort();
    pairs.join(",")
}

/// What was applied: just now, or before and still wanted.
fn inventory(old: &Status, desired: &[Desired], done: &Done) -> Vec<Entry> {
    let mut entries: Vec<_> = desired
        .iter()
        .filter_map(|object| match done.standing.get(&object.id) {
            Some(child) if done.applied.contains(&object.id) => Some(Entry {
                id: child.id.clone(),
                uid: child.uid.clone(),
                revision: child.revision.clone(),
            }),
            _ => old.inventory.iter().find(|entry| entry.id == object.id).cloned(),
        })
        .collect();
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    entries
}

#[cfg(test)]
mod tests;
