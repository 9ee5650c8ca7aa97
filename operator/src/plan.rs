//! Decides what to do about a pipeline. Pure: what is done, and what comes of it, is elsewhere.

use crate::child::{Child, ObjectId};
use crate::desired::Desired;
use crate::names::{FINALIZER, KOPF_FINALIZER, OWNER_NAME, OWNER_NAMESPACE};
use crate::pipeline::Pipeline;
use std::collections::BTreeMap;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    /// Set the pipeline's finalizers to these, and remove what the reference's framework left in its annotations.
    SetFinalizers(Vec<String>),
    /// Apply this object.
    Apply(Desired),
    /// Delete this object, if it still has this uid.
    Delete(ObjectId, String),
}

/// What is known of the cluster.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The objects that have the names of desired ones, whoever they belong to.
    pub(crate) named: BTreeMap<ObjectId, Child>,
    /// The objects that have the pipeline's label.
    pub(crate) labelled: Vec<Child>,
}

/// What to do.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Plan {
    pub(crate) actions: Vec<Action>,
    /// Objects that belong to somebody else, and why they are not taken. Nothing is applied then.
    pub(crate) taken: Vec<String>,
    /// Objects of a pipeline that is gone, which Kubernetes is about to delete. Nothing is applied before.
    pub(crate) leaving: Vec<String>,
    /// Objects of other pipelines that have names of this one's: content with them or not, it looks again when they
    /// change.
    pub(crate) others: Vec<ObjectId>,
}

impl Plan {
    /// How many objects are to be applied.
    pub(crate) fn applies(&self) -> usize {
        self.actions.iter().filter(|action| matches!(action, Action::Apply(_))).count()
    }
}

/// What to do about a pipeline that is there, so that what is desired stands in the cluster.
///
/// `is_alive` tells whether a pipeline of this uid exists.
pub(crate) fn plan(
    pipeline: &Pipeline,
    desired: &[Desired],
    found: &Found,
    is_alive: impl Fn(&str) -> bool,
) -> Plan {
    let mut plan = Plan::default();
    if pipeline.is_suspended {
        return plan;
    }

    let is_requested = pipeline.requested_at != pipeline.status.requested_at;
    let mut applies = Vec::new();
    for object in desired {
        let Some(child) = found.named.get(&object.id) else {
            applies.push(Action::Apply(object.clone()));
            continue;
        };
        match ownership(pipeline, child, &is_alive) {
            Ownership::Ours if child.is_deleted => {}
            Ownership::Ours if is_requested || differs(pipeline, object, child) => {
                applies.push(Action::Apply(object.clone()));
            }
            Ownership::Ours => {}
            Ownership::OtherPipeline(reason) => {
                plan.others.push(child.id.clone());
                if !object.has_content_of(child) {
                    plan.taken.push(format!("{} exists and {reason}", child.id));
                }
            }
            Ownership::Leaving => {
                plan.others.push(child.id.clone());
                plan.leaving.push(child.id.to_string());
            }
            Ownership::Foreign(reason) => {
                plan.taken.push(format!("{} exists and {reason}", child.id));
            }
        }
    }
    if plan.taken.is_empty() && plan.leaving.is_empty() {
        plan.actions.extend(applies);
        plan.actions.extend(prune(desired, found));
    }
    plan
}

/// What to do about a pipeline that is being deleted.
pub(crate) fn plan_deletion(pipeline: &Pipeline, labelled: &[Child]) -> Plan {
    let mut plan = Plan::default();
    if !pipeline.is_held() {
        return plan;
    }
    let children: Vec<_> = if pipeline.orphans {
        Vec::new()
    } else {
        labelled.iter().filter(|c| c.is_applied).collect()
    };
    plan.actions
        .extend(children.iter().filter(|child| !child.is_deleted).map(|child| delete(child)));
    if children.is_empty() {
        let others = pipeline
            .finalizers
            .iter()
            .filter(|name| ![FINALIZER, KOPF_FINALIZER].contains(&name.as_str()));
        plan.actions.push(Action::SetFinalizers(others.cloned().collect()));
    }
    plan
}

/// Holds the pipeline only where Kubernetes would not clean up after it, and lets go of what the reference left.
pub(crate) fn finalizers(pipeline: &Pipeline, namespace: &str) -> Option<Action> {
    let is_needed = namespace != pipeline.namespace;
    let is_right = pipeline.has_finalizer(FINALIZER) == is_needed;
    if is_right && !pipeline.has_finalizer(KOPF_FINALIZER) && !pipeline.has_kopf_annotation {
        return None;
    }
    let others = pipeline
        .finalizers
        .iter()
        .filter(|name| ![FINALIZER, KOPF_FINALIZER].contains(&name.as_str()));
    let ours = is_needed.then(|| FINALIZER.to_owned());
    Some(Action::SetFinalizers(others.cloned().chain(ours).collect()))
}

/// Whether an object of ours is not what was last applied, or is no longer wanted so.
fn differs(pipeline: &Pipeline, object: &Desired, child: &Child) -> bool {
    let applied = pipeline
        .status
        .inventory
        .iter()
        .find(|entry| entry.id == child.id && entry.uid == child.uid);
    !object.has_metadata(child, &pipeline.uid)
        || applied.is_none_or(|entry| entry.revision != child.revision)
}

/// Whose an object is.
enum Ownership {
    Ours,
    OtherPipeline(String),
    /// Its pipeline is gone, and it goes too.
    Leaving,
    Foreign(String),
}

fn ownership(pipeline: &Pipeline, child: &Child, is_alive: impl Fn(&str) -> bool) -> Ownership {
    // By its uid an object is known even without its label, or with a wrong one.
    let is_known = pipeline
        .status
        .inventory
        .iter()
        .any(|entry| entry.uid == child.uid && entry.id == child.id);
    if child.owner() == Some(&pipeline.uid)
        || child.owners.contains(&pipeline.uid)
        || is_known && child.owner().is_none_or(|uid| !is_alive(uid))
    {
        return Ownership::Ours;
    }

    if let Some(uid) = child.owner() {
        let text = |key| child.annotations.get(key).unwrap_or("?");
        let owner = format!("StreamingPipeline {}/{}", text(OWNER_NAMESPACE), text(OWNER_NAME));
        return if is_alive(uid) {
            Ownership::OtherPipeline(format!(
                "belongs to {owner}: give one of the two another pipeline_name"
            ))
        } else if pipeline.adopts {
            Ownership::Ours
        } else if child.owners.iter().any(|owner| owner == uid) {
            Ownership::Leaving
        } else {
            Ownership::Foreign(format!("belonged to {owner}, which is gone: {ADOPT_IT}"))
        };
    }
    if let Some((kind, name, _)) = &child.controller {
        return Ownership::Foreign(format!(
            "is controlled by {kind} {name}: choose another pipeline_name"
        ));
    }
    if pipeline.adopts {
        Ownership::Ours
    } else {
        Ownership::Foreign(format!("was not made by this operator: {ADOPT_IT}"))
    }
}

const ADOPT_IT: &str =
    "choose another pipeline_name, or annotate the pipeline with streams.sentry.io/adopt=true";

/// Deletes what was applied for this pipeline and is no longer desired.
fn prune(desired: &[Desired], found: &Found) -> Vec<Action> {
    let is_desired = |id: &ObjectId| desired.iter().any(|object| object.id == *id);
    // A copy of an object, made by hand, has its labels; only what was applied may be deleted.
    let unwanted = found
        .labelled
        .iter()
        .filter(|child| child.is_applied && !child.is_deleted && !is_desired(&child.id));
    unwanted.map(delete).collect()
}

fn delete(child: &Child) -> Action {
    Action::Delete(child.id.clone(), child.uid.clone())
}

#[cfg(test)]
mod tests;
