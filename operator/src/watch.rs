//! Watches pipelines and their objects, and asks for the reconciliation of what changed.
//!
//! Every watch has a task, a backoff and a count of errors of its own: one that fails does not delay the others.

use crate::cache::{PipelineName, Scope};
use crate::child::Child;
use crate::context::Context;
use crate::names::{KIND, OWNER_UID, PLURAL};
use crate::pipeline;
use futures::StreamExt;
use futures::channel::mpsc::UnboundedSender;
use kube::api::{Api, ApiResource, DynamicObject};
use kube::runtime::controller::{ReconcileReason, ReconcileRequest};
use kube::runtime::reflector::store::Writer;
use kube::runtime::reflector::{ObjectRef, Store};
use kube::runtime::watcher::{Config, Event};
use kube::runtime::{WatchStreamExt, watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::watch;
use tracing::{info, warn};

/// Asks for reconciliations.
#[derive(Clone)]
pub(crate) struct Queue {
    pub(crate) sender: UnboundedSender<ReconcileRequest<DynamicObject>>,
    pub(crate) context: Arc<Context>,
}

impl Queue {
    pub(crate) fn ask(&self, (namespace, name): &PipelineName) {
        let obj_ref = ObjectRef::new_with(name, pipeline::resource()).within(namespace);
        // Closed only when the operator ends.
        if self
            .sender
            .unbounded_send(ReconcileRequest { obj_ref, reason: ReconcileReason::Unknown })
            .is_ok()
        {
            self.context.metrics.queued(1);
        }
    }

    /// Asks for all pipelines; first for those whose change nobody has looked at.
    pub(crate) fn ask_for_all(&self, store: &Store<DynamicObject>) {
        let state = store.state();
        let (new, others): (Vec<_>, Vec<_>) =
            state.iter().partition(|object| pipeline::is_new(object));
        new.into_iter().chain(others).for_each(|object| self.ask(&name(object)));
    }
}

fn api(context: &Context, namespace: Option<&str>, resource: &ApiResource) -> Api<DynamicObject> {
    let client = context.cluster.client.clone();
    match namespace {
        Some(namespace) => Api::namespaced_with(client, namespace, resource),
        None => Api::all_with(client, resource),
    }
}

/// Watches the pipelines of a namespace, or of all; keeps them in `store`.
pub(crate) async fn watch_pipelines(
    namespace: Option<String>,
    mut store: Writer<DynamicObject>,
    context: Arc<Context>,
    queue: Queue,
) {
    let api = api(&context, namespace.as_deref(), &pipeline::resource());
    let mut events = std::pin::pin!(watcher(api, Config::default()).default_backoff());
    let scope: Scope = (KIND.to_owned(), namespace.clone());
    let mut listed = BTreeSet::new();
    while let Some(event) = events.next().await {
        let event = match event {
            Ok(event) => event.modify(pipeline::pack),
            Err(error) => {
                warn!(%error, "the watch of pipelines failed; it goes on");
                context.metrics.watch_failed(PLURAL);
                if let Some(message) = refusal(&error) {
                    context.watch_refused(&scope, message);
                }
                continue;
            }
        };
        store.apply_watcher_event(&event);
        match &event {
            Event::Init => listed.clear(),
            Event::InitApply(object) => {
                listed.insert(object.metadata.uid.clone().unwrap_or_default());
                note(object, &context);
            }
            Event::InitDone => {
                context.watch_allowed(&scope);
                context.cache().retain_pipelines(namespace.as_deref(), &listed);
                info!(pipelines = listed.len(), "pipelines are known");
                queue.ask_for_all(&store.as_reader());
            }
            Event::Apply(object) => {
                note(object, &context);
                queue.ask(&name(object));
            }
            Event::Delete(object) => {
                let uid = object.metadata.uid.as_deref().unwrap_or_default();
                context.cache().remove_pipeline(uid);
                context.forget(uid);
            }
        }
        let count = context.cache().pipelines();
        context.metrics.set_pipelines(count);
    }
}

/// What the API server says where a right to list is missing. A refused start of a watch does not count: what was
/// listed before is still known, and nothing tells when the start succeeds.
pub(crate) fn refusal(error: &watcher::Error) -> Option<String> {
    let watcher::Error::InitialListFailed(kube::Error::Api(status)) = error else { return None };
    (status.code == 403).then(|| status.message.clone())
}

fn note(object: &DynamicObject, context: &Context) {
    context.cache().add_pipeline(object.metadata.uid.clone().unwrap_or_default(), name(object));
}

fn name(object: &DynamicObject) -> PipelineName {
    (
        object.metadata.namespace.clone().unwrap_or_default(),
        object.metadata.name.clone().unwrap_or_default(),
    )
}

/// Watches the objects of one kind that have our label, in a namespace or in all. Says in `ready` when all are known.
pub(crate) async fn watch_children(
    resource: ApiResource,
    namespace: Option<String>,
    context: Arc<Context>,
    queues: Vec<Queue>,
    ready: watch::Sender<bool>,
) {
    let api = api(&context, namespace.as_deref(), &resource);
    let scope: Scope = (resource.kind.clone(), namespace);
    let mut events =
        std::pin::pin!(watcher(api, Config::default().labels(OWNER_UID)).default_backoff());
    let mut listed = BTreeMap::new();
    while let Some(event) = events.next().await {
        let read = |object: &DynamicObject| Child::read(&resource.kind, object);
        let concerned = match event {
            Ok(Event::Init) => {
                listed.clear();
                Vec::new()
            }
            Ok(Event::InitApply(object)) => {
                let child = read(&object);
                listed.insert(child.id.clone(), child.resource_version);
                context.cache().applied(&scope, child)
            }
            Ok(Event::InitDone) => {
                ready.send_replace(true);
                let mut concerned = context.cache().replaced(&scope, &listed);
                if context.watch_allowed(&scope) {
                    concerned = context.cache().pipeline_names();
                }
                concerned
            }
            Ok(Event::Apply(object)) => context.cache().applied(&scope, read(&object)),
            Ok(Event::Delete(object)) => context.cache().removed(&scope, &read(&object)),
            Err(error) => {
                warn!(%error, kind = resource.kind, "the watch of objects failed; it goes on");
                context.metrics.watch_failed(&resource.plural);
                if let Some(message) = refusal(&error) {
                    context.watch_refused(&scope, message);
                    // Nothing more will be known; pipelines are to be told why.
                    ready.send_replace(true);
                }
                Vec::new()
            }
        };
        for pipeline in &concerned {
            for queue in &queues {
                queue.ask(pipeline);
            }
        }
    }
}
