//! What all reconciliations share.

use crate::cache::Cache;
use crate::cluster::Cluster;
use crate::metrics::Metrics;
use crate::pipeline::Pipeline;
use sentry_streams_k8s_host::ConsumerMacro;
use std::collections::HashMap;
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
    pub(crate) reconciles: AtomicU64,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    pub(crate) failures: u32,
    pub(crate) written: u64,
    /// When its status was written last.
    pub(crate) told: Option<Instant>,
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
