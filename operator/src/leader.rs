//! Leader election: of several replicas, one writes.
//!
//! The library renews the lease and says when it is taken or lost, but not that a renewal failed: it tries again, and
//! still counts as the holder when the lease has long run out. So a failed renewal counts as a loss here, and the
//! election starts anew.

use crate::metrics::Metrics;
use kube::Client;
use kube_lease_manager::LeaseManagerBuilder;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tracing::{info, warn};

/// How long a lease holds. Who leads next does so this long after a leader vanished.
const LEASE: u64 = 15;
/// How long before the end a lease is renewed.
const GRACE: u64 = 5;
/// How long an answer about the lease may take: less than [`GRACE`], so that a failed renewal is known in time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3);

/// Where the lease is, and who wants it.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) identity: String,
}

/// Wants the lease until told to stop, and says in `leads` whether it has it. Gives it back at the end.
pub(crate) async fn elect(
    client: Client,
    lease: Lease,
    leads: Arc<watch::Sender<bool>>,
    metrics: Arc<Metrics>,
    mut stop: watch::Receiver<bool>,
) {
    let set = |is_leader: bool| {
        if leads.send_replace(is_leader) != is_leader {
            info!(identity = lease.identity, "{}", if is_leader { "leading" } else { "no longer leading" });
        }
        metrics.set_leader(is_leader);
    };
    while !*stop.borrow() {
        let builder = LeaseManagerBuilder::new(client.clone(), &lease.name)
            .with_namespace(&lease.namespace)
            .with_identity(&lease.identity)
            .with_duration(LEASE)
            .with_grace(GRACE);
        let manager = match builder.build().await {
            Ok(manager) => manager,
            Err(error) => {
                warn!(%error, "cannot get at the lease");
                tokio::time::sleep(PATIENCE).await;
                continue;
            }
        };
        loop {
            let changed = tokio::select! {
                changed = manager.changed() => Some(changed),
                _ = stop.wait_for(|stop| *stop) => None,
            };
            match changed {
                None => {
                    set(false);
                    if let Err(error) = manager.release().await {
                        warn!(%error, "cannot give the lease back");
                    }
                    return;
                }
                Some(Ok(is_leader)) => set(is_leader),
                Some(Err(error)) => {
                    warn!(%error, "cannot renew the lease");
                    set(false);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    break;
                }
            }
        }
    }
}
