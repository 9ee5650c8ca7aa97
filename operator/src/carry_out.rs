//! Carries out a plan: the requests, in order, and what their answers mean.

use crate::child::{Child, ObjectId};
use crate::cluster::Error as ClusterError;
use crate::context::Context;
use crate::desired::Desired;
use crate::difference::differences;
use crate::failure::{Failure, Refusal, classify};
use crate::pipeline::Pipeline;
use crate::plan::{Action as Step, Found, Plan};
use crate::report::Done;

/// The objects that have these names, and those with the pipeline's label. Those unknown to the cache are asked for:
/// they may be there, and be somebody else's.
pub(crate) async fn find(
    ids: impl Iterator<Item = &ObjectId>,
    labelled: Vec<Child>,
    context: &Context,
) -> Result<Found, Failure> {
    let mut found = Found { labelled, ..Found::default() };
    for id in ids {
        let known = context.cache().get(id).cloned();
        let child = match known {
            Some(child) => Some(child),
            None => match context.cluster.get(id).await {
                Ok(child) => child,
                Err(error) => match stop(&error, &format!("cannot read {id}")) {
                    Stop::Failed(failure) => return Err(failure),
                    Stop::Quietly | Stop::TryAgain => None,
                },
            },
        };
        if let Some(child) = child {
            found.named.insert(id.clone(), child);
        }
    }
    Ok(found)
}

/// Why a plan was not carried out to its end.
pub(crate) enum Stop {
    /// There is nothing to say: this replica does not lead, or the namespace goes away.
    Quietly,
    /// Something changed meanwhile.
    TryAgain,
    Failed(Failure),
}

fn stop(error: &ClusterError, what: &str) -> Stop {
    let ClusterError::Api(error) = error else { return Stop::Quietly };
    match classify(error, what) {
        Refusal::Failed(failure) => Stop::Failed(failure),
        Refusal::Terminating => Stop::Quietly,
        Refusal::Gone => Stop::TryAgain,
        Refusal::Immutable(fields) => Stop::Failed(immutable(what, &fields, &[])),
        Refusal::Contested(fields) => {
            let message = format!("{what}: others own {fields}");
            Stop::Failed(Failure { reason: "Conflict", message, is_stalled: false })
        }
    }
}

/// What cannot be changed in place: the fields that the API server names, and how they would change.
fn immutable(what: &str, fields: &[String], changes: &[String]) -> Failure {
    let changes =
        if changes.is_empty() { String::new() } else { format!(": {}", changes.join("; ")) };
    let message = format!(
        "{what}: Kubernetes does not let {} change{changes}; go back, or have the object deleted and created anew by \
         annotating the pipeline with streams.sentry.io/recreate=true",
        fields.join(", ")
    );
    Failure { reason: "ImmutableField", message, is_stalled: true }
}

/// Does what was planned, in order, up to the first failure.
pub(crate) async fn carry_out(
    pipeline: &Pipeline,
    plan: Plan,
    done: &mut Done,
    context: &Context,
) -> Result<(), Stop> {
    for step in plan.actions {
        match step {
            Step::SetFinalizers(_) => {}
            Step::Apply(desired) => apply(pipeline, &desired, done, context).await?,
            Step::Delete(id, uid) => delete(&id, &uid, context).await?,
        }
    }
    Ok(())
}

async fn apply(
    pipeline: &Pipeline,
    desired: &Desired,
    done: &mut Done,
    context: &Context,
) -> Result<(), Stop> {
    let id = &desired.id;
    let (child, taken) = match context.cluster.apply(desired).await {
        Ok(applied) => applied,
        Err(ClusterError::DryRun) => return Ok(()),
        Err(error) => {
            let what = format!("cannot apply {id}");
            let ClusterError::Api(answer) = &error else { return Err(stop(&error, &what)) };
            let Refusal::Immutable(fields) = classify(answer, &what) else {
                return Err(stop(&error, &what));
            };
            if let (true, Some(old)) = (pipeline.recreates, done.standing.get_mut(id)) {
                return recreate(pipeline, old, context).await;
            }
            // Objects are not kept whole, so this one is read once more to say what is the matter.
            let standing = context.cluster.read(id).await.ok().flatten();
            let standing = standing.map(|object| object.data).unwrap_or_default();
            let changes: Vec<_> = fields
                .iter()
                .flat_map(|field| differences(&standing, &desired.object, field))
                .collect();
            return Err(Stop::Failed(immutable(&what, &fields, &changes)));
        }
    };
    if let Some(fields) = taken {
        let note = format!("{id} was put right; others had changed {fields}");
        context.cluster.tell(pipeline, true, "DriftRepaired", &note).await;
    }
    context.cache().written(child.clone());
    done.applied.insert(id.clone());
    done.standing.insert(id.clone(), child);
    Ok(())
}

/// Deletes what cannot be changed; it is created anew when the watch tells that it is gone.
async fn recreate(pipeline: &Pipeline, old: &mut Child, context: &Context) -> Result<(), Stop> {
    delete(&old.id, &old.uid, context).await?;
    old.is_deleted = true;
    let note = format!("{} is deleted and created anew", old.id);
    context.cluster.tell(pipeline, false, "Recreated", &note).await;
    Ok(())
}

async fn delete(id: &ObjectId, uid: &str, context: &Context) -> Result<(), Stop> {
    match context.cluster.delete(id, uid, None).await {
        Ok(()) | Err(ClusterError::DryRun) => Ok(()),
        Err(error) => Err(stop(&error, &format!("cannot delete {id}"))),
    }
}
