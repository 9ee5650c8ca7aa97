//! Does what was decided about one pipeline, and says so in its status. No decisions here: they are in `plan` and
//! `report`.

use crate::cache::PipelineName;
use crate::carry_out::{Stop, carry_out, find};
use crate::child::Child;
use crate::cluster::Error as ClusterError;
use crate::context::{Broken, Context};
use crate::failure::Failure;
use crate::pipeline::{self, Pipeline};
use crate::plan::{Action as Step, Plan, finalizers, plan, plan_deletion};
use crate::render::render;
use crate::report::{Verdict, is_only_progress, news, report};
use k8s_openapi::jiff::Timestamp;
use kube::api::DynamicObject;
use kube::runtime::controller::Action;
use std::hash::{BuildHasher, DefaultHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tracing::{Instrument, debug, info_span, warn};

/// Why a reconciliation is to be tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// It is in the status.
    #[error("{0}")]
    Failed(String),
    /// The pipeline changed meanwhile.
    #[error("the pipeline changed while it was being looked after")]
    Changed,
    /// The API server did not take the status or the finalizers.
    #[error("cannot write the pipeline: {0}")]
    Write(ClusterError),
    /// Nothing came back for a minute.
    #[error("took longer than {} s", TIME.as_secs())]
    Time,
}

/// A net below the watches: looked at again when nothing happened for so long.
const RESYNC: Duration = Duration::from_mins(10);
/// What one reconciliation may take; one that hangs must not hold its place for ever.
const TIME: Duration = Duration::from_mins(1);
/// How often a status tells of mere progress: a large rollout would else be a write for every pod.
const PROGRESS: Duration = Duration::from_secs(1);
/// How long a pipeline whose rendering broke down is not rendered again as it is, at first; up to [`RESYNC`].
const BROKEN: Duration = Duration::from_secs(10);
/// Waits after failures of one pipeline: these two are the first and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Looks after one pipeline.
pub(crate) async fn reconcile(
    object: Arc<DynamicObject>,
    context: Arc<Context>,
) -> Result<Action, Error> {
    let object = Arc::new(pipeline::unpack(&object));
    let pipeline = Pipeline::read(&object);
    let id = context.reconciles.fetch_add(1, Ordering::Relaxed);
    let span = info_span!(
        "reconcile",
        pipeline = format!("{}/{}", pipeline.namespace, pipeline.name),
        uid = pipeline.uid,
        generation = pipeline.generation,
        id,
    );
    let uid = pipeline.uid.clone();
    let begin = Instant::now();
    let work = look_after(&object, pipeline, &context).instrument(span.clone());
    let result = tokio::time::timeout(TIME, work).await.unwrap_or(Err(Error::Time));
    let _entered = span.enter();
    match &result {
        Ok(_) => {
            context.memory(&uid, |memory| memory.failures = 0);
            context.metrics.reconciled("ok", begin.elapsed());
        }
        Err(Error::Changed) => context.metrics.reconciled("changed", begin.elapsed()),
        Err(error) => {
            context.memory(&uid, |memory| memory.failures = memory.failures.saturating_add(1));
            context.metrics.reconciled("failed", begin.elapsed());
            warn!(%error, "failed");
        }
    }
    result
}

/// When to try again: each pipeline waits for itself, longer each time.
#[expect(clippy::needless_pass_by_value, reason = "the signature is the library's")]
pub(crate) fn after_error(
    object: Arc<DynamicObject>,
    error: &Error,
    context: Arc<Context>,
) -> Action {
    if matches!(error, Error::Changed) {
        return Action::requeue(jitter(Duration::from_millis(200)));
    }
    let uid = object.metadata.uid.as_deref().unwrap_or_default();
    let failures = context.memory(uid, |memory| memory.failures);
    Action::requeue(jitter(wait(FIRST_WAIT, failures, LONGEST_WAIT)))
}

/// Twice as long after each failure.
fn wait(first: Duration, failures: u32, longest: Duration) -> Duration {
    let factor = 1_u32.checked_shl(failures.saturating_sub(1).min(16)).unwrap_or(u32::MAX);
    first.saturating_mul(factor).min(longest)
}

/// Up to a fifth longer or shorter, so that many do not come at once.
fn jitter(time: Duration) -> Duration {
    let random = RandomState::new().hash_one(0) % 400;
    let factor = f64::from(u32::try_from(random).unwrap_or_default()).mul_add(0.001, 0.8);
    time.mul_f64(factor)
}

async fn look_after(
    object: &Arc<DynamicObject>,
    mut pipeline: Pipeline,
    context: &Arc<Context>,
) -> Result<Action, Error> {
    if !context.cluster.leadership.is_held() {
        return Ok(Action::await_change());
    }
    let written = context.memory(&pipeline.uid, |memory| memory.written);
    if pipeline.resource_version.parse().unwrap_or(u64::MAX) < written {
        // The watch has not yet told of what was written last; it will.
        return Ok(Action::requeue(FIRST_WAIT));
    }
    let namespace =
        context.workload_namespace.clone().unwrap_or_else(|| pipeline.namespace.clone());
    let name: PipelineName = (pipeline.namespace.clone(), pipeline.name.clone());
    let labelled = context.cache().of(&pipeline.uid);
    if pipeline.is_deleted {
        context.cache().share(&name, Vec::new());
        return match context.blindness(&namespace) {
            // It may leave something behind that is not known.
            Some(failure) if pipeline.is_held() => Err(Error::Failed(failure.message)),
            _ => clean_up(pipeline, &labelled, context).await,
        };
    }

    if let Some(Step::SetFinalizers(finalizers)) = finalizers(&pipeline, &namespace) {
        set_finalizers(&mut pipeline, &finalizers, context).await?;
    }

    let mut verdict = judge(object, &pipeline, &namespace, context).await?;
    let mut failure = None;
    if let Verdict::Rendered { desired, done, .. } = &mut verdict {
        let found = match context.blindness(&namespace) {
            Some(failure) => Err(failure),
            None => find(desired.iter().map(|object| &object.id), labelled, context).await,
        };
        match found {
            Ok(found) => {
                let plan = plan(&pipeline, desired, &found, |uid| context.cache().is_alive(uid));
                context.cache().share(&name, plan.others.clone());
                context.metrics.skipped(desired.len().saturating_sub(plan.applies()));
                done.standing = found.named;
                done.taken.clone_from(&plan.taken);
                done.failure = waiting(&plan);
                match carry_out(&pipeline, plan, done, context).await {
                    Ok(()) => {}
                    Err(Stop::Quietly) => return Ok(Action::await_change()),
                    Err(Stop::TryAgain) => return Err(Error::Changed),
                    Err(Stop::Failed(failed)) => done.failure = Some(failed),
                }
            }
            Err(failed) => done.failure = Some(failed),
        }
        failure = done.failure.as_ref().map(|failure| failure.message.clone());
        if failure.is_none() && !done.taken.is_empty() {
            failure = Some(done.taken.join("; "));
        }
    }

    let is_told = say(&mut pipeline, &verdict, &namespace, context).await?;
    match failure {
        Some(failure) => Err(Error::Failed(failure)),
        None if !is_told => Ok(Action::requeue(PROGRESS)),
        None => {
            let broken = context.memory(&pipeline.uid, |memory| memory.broken.clone());
            let next = broken.map(|broken| broken.next.saturating_duration_since(Instant::now()));
            Ok(Action::requeue(jitter(next.unwrap_or(RESYNC).max(FIRST_WAIT))))
        }
    }
}

/// Renders a pipeline; one whose rendering broke down only when it has changed, or after a while that grows: it may
/// have taken all the time there is.
async fn judge(
    object: &Arc<DynamicObject>,
    pipeline: &Pipeline,
    namespace: &str,
    context: &Arc<Context>,
) -> Result<Verdict, Error> {
    let text = pipeline::context(object, context.kubernetes_version.as_deref());
    let of = hash(&text);
    let known = context.memory(&pipeline.uid, |memory| memory.broken.clone());
    let known = known.filter(|known| known.of == of);
    if let Some(known) = known.as_ref().filter(|known| Instant::now() < known.next) {
        return Ok(Verdict::Broken { reason: known.reason, message: known.message.clone() });
    }

    let begin = Instant::now();
    let rendering = {
        let (object, context, pipeline, namespace) =
            (object.clone(), context.clone(), pipeline.clone(), namespace.to_owned());
        tokio::task::spawn_blocking(move || {
            render(&context.consumer_macro, &object, &text, &pipeline, &namespace)
        })
    };
    let verdict = rendering.await.map_err(|error| Error::Failed(error.to_string()))?;
    context.metrics.rendered(begin.elapsed());

    let broken = match &verdict {
        Verdict::Broken { reason, message } => {
            let attempts = known.map_or(0, |known| known.attempts).saturating_add(1);
            let next = Instant::now().checked_add(wait(BROKEN, attempts, RESYNC));
            let next = next.unwrap_or_else(Instant::now);
            Some(Broken { of, attempts, next, reason, message: message.clone() })
        }
        _ => None,
    };
    context.memory(&pipeline.uid, |memory| memory.broken = broken);
    Ok(verdict)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// What has to go before anything can be applied.
fn waiting(plan: &Plan) -> Option<Failure> {
    let message =
        || format!("{} of a pipeline that is gone is about to be deleted", plan.leaving.join(", "));
    (!plan.leaving.is_empty()).then(|| Failure {
        reason: "WaitingForDeletion",
        message: message(),
        is_stalled: false,
    })
}

/// Deletes what a pipeline that goes away leaves, where Kubernetes would not, and lets it go.
async fn clean_up(
    mut pipeline: Pipeline,
    labelled: &[Child],
    context: &Context,
) -> Result<Action, Error> {
    for step in plan_deletion(&pipeline, labelled).actions {
        match step {
            Step::SetFinalizers(finalizers) => {
                set_finalizers(&mut pipeline, &finalizers, context).await?;
            }
            Step::Delete(id, uid) => match context.cluster.delete(&id, &uid, None).await {
                Ok(()) | Err(ClusterError::DryRun) => {}
                Err(error) => return Err(Error::Write(error)),
            },
            Step::Apply(_) => {}
        }
    }
    Ok(Action::requeue(jitter(RESYNC)))
}

async fn set_finalizers(
    pipeline: &mut Pipeline,
    finalizers: &[String],
    context: &Context,
) -> Result<(), Error> {
    match context.cluster.set_finalizers(pipeline, finalizers).await {
        Ok(version) => {
            context.wrote(pipeline, version);
            Ok(())
        }
        Err(error) => quiet(error, pipeline, context).await,
    }
}

/// Writes the status, if it says anything new. Returns false where that can wait a moment.
async fn say(
    pipeline: &mut Pipeline,
    verdict: &Verdict,
    namespace: &str,
    context: &Context,
) -> Result<bool, Error> {
    let labelled = context.cache().of(&pipeline.uid);
    let now = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let status = report(pipeline, verdict, &labelled, namespace, &now);
    if status == pipeline.status {
        debug!("nothing new");
        return Ok(true);
    }
    let told = context.memory(&pipeline.uid, |memory| memory.told);
    if is_only_progress(&pipeline.status, &status)
        && told.is_some_and(|told| told.elapsed() < PROGRESS)
    {
        return Ok(false);
    }
    match context.cluster.set_status(pipeline, &status).await {
        Ok(version) => context.wrote(pipeline, version),
        Err(error) => return quiet(error, pipeline, context).await.map(|()| true),
    }
    context.memory(&pipeline.uid, |memory| memory.told = Some(Instant::now()));
    if let Some((reason, note)) = news(&pipeline.status, &status) {
        status.problems.iter().for_each(|problem| context.metrics.problem(&problem.code));
        context.cluster.tell(pipeline, true, &reason, &note).await;
    }
    Ok(true)
}

/// What could not be written, where that matters.
async fn quiet(error: ClusterError, pipeline: &Pipeline, context: &Context) -> Result<(), Error> {
    match error {
        ClusterError::NotLeading | ClusterError::DryRun => Ok(()),
        // Somebody else wrote meanwhile: the watch tells what.
        ClusterError::Api(kube::Error::Api(status)) if status.code == 409 => Err(Error::Changed),
        // The pipeline is gone.
        ClusterError::Api(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        ClusterError::Api(kube::Error::Api(status)) if status.code == 403 => {
            // Where not even the status can be written, an event is all there is.
            context.cluster.tell(pipeline, true, "Forbidden", &status.message).await;
            Err(Error::Write(ClusterError::Api(kube::Error::Api(status))))
        }
        error @ ClusterError::Api(_) => Err(Error::Write(error)),
    }
}
