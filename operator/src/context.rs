//! What all reconciliations share.

use crate::cache::{Cache, Scope};
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::metrics::Metrics;
use crate::names::KIND;
use crate::pipeline::Pipeline;
use sentry_streams_k8s_host::ConsumerMacro;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What all reconciliations share.
pub(crate) struct Context {
    pub(crate) cluster: Cluster,
    pub(crate) consumer_macro: ConsumerMacro,
    pub(crate) workload_namespace: Option<String>,
    /// The version of the cluster's API server, for pipelines that name none.
    pub(crate) kubernetes_version: Option<String>,
    pub(crate) metrics: Arc<Metrics>,
    cache: Mutex<Cache>,
    /// How often each pipeline failed in a row, and the version each was last written as.
    memory: Mutex<HashMap<String, Memory>>,
    /// Watches that are refused, and what the API server said: their objects are not known.
    refused: Mutex<BTreeMap<Scope, String>>,
    pub(crate) reconciles: AtomicU64,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    pub(crate) failures: u32,
    pub(crate) written: u64,
    /// When its status was written last.
    pub(crate) told: Option<Instant>,
    /// Of a pipeline whose rendering broke down.
    pub(crate) broken: Option<Broken>,
}

/// A rendering that broke down or was stopped.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    /// A hash of what was to be rendered.
    pub(crate) of: u64,
    /// How often in a row that was tried, and when it is to be tried again.
    pub(crate) attempts: u32,
    pub(crate) next: Instant,
    pub(crate) reason: &'static str,
    pub(crate) message: String,
}

impl Context {
    pub(crate) fn new(
        cluster: Cluster,
        consumer_macro: ConsumerMacro,
        workload_namespace: Option<String>,
        kubernetes_version: Option<String>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            cluster,
            consumer_macro,
            workload_namespace,
            kubernetes_version,
            metrics,
            cache: Mutex::default(),
            memory: Mutex::default(),
            refused: Mutex::default(),
            reconciles: AtomicU64::default(),
        }
    }

    pub(crate) fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn memory<R>(&self, uid: &str, change: impl FnOnce(&mut Memory) -> R) -> R {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        change(memory.entry(uid.to_owned()).or_default())
    }

    /// Notes that a watch is refused.
    pub(crate) fn watch_refused(&self, watch: &Scope, message: String) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.insert(watch.clone(), message);
    }

    /// Notes that a watch is allowed. Returns whether it was refused before.
    pub(crate) fn watch_allowed(&self, watch: &Scope) -> bool {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.remove(watch).is_some()
    }

    /// What the API server says of the watches that it refuses.
    pub(crate) fn refusals(&self) -> Vec<String> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.values().cloned().collect()
    }

    /// Why nothing can be decided about a pipeline whose objects are in this namespace, where some are not known.
    pub(crate) fn blindness(&self, namespace: &str) -> Option<Failure> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let matters =
            |(kind, of): &Scope| kind != KIND && of.as_ref().is_none_or(|of| of == namespace);
        let messages: Vec<_> =
            refused.iter().filter(|(watch, _)| matters(watch)).map(|(_, said)| &**said).collect();
        (!messages.is_empty()).then(|| Failure {
            reason: "Forbidden",
            message: messages.join("; "),
            is_stalled: true,
        })
    }

    /// Forgets a pipeline that is gone.
    pub(crate) fn forget(&self, uid: &str) {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).remove(uid);
    }

    pub(crate) fn wrote(&self, pipeline: &mut Pipeline, version: String) {
        let number = version.parse().unwrap_or_default();
        self.memory(&pipeline.uid, |memory| memory.written = number);
        pipeline.resource_version = version;
    }
}
