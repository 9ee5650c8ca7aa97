//! Leader election: of several replicas, one writes.
//!
//! The library renews the lease and says when it is taken or lost, but not that a renewal failed: it tries again, and
//! still counts as the holder when the lease has long run out. So a failed renewal counts as a loss here, and the
//! election starts anew. Nor does it look at a lease before it runs out, so that one given back lies idle; who waits
//! looks again every few seconds. And a replica that was stopped for a while, and wakes up, believes for a moment what it
//! believed before: so the time of the last renewal counts for every write.

use crate::metrics::Metrics;
use kube::Client;
use kube_lease_manager::LeaseManagerBuilder;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tracing::{info, warn};

/// How long a lease holds. Who leads next does so this long after a leader vanished.
const LEASE: u64 = 15;
/// How long before the end a lease is renewed.
const GRACE: u64 = 5;
/// How long an answer about the lease may take: less than [`GRACE`], so that a failed renewal is known in time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3);

/// How often who waits looks whether the lease was given back.
const LOOK: Duration = Duration::from_secs(3);
/// How long after a renewal was asked for this replica may write.
const TENURE: Duration = Duration::from_secs(LEASE - 1);

/// Whether this replica may write.
#[derive(Debug)]
pub(crate) struct Leadership {
    leads: watch::Sender<bool>,
    /// When the renewal that succeeded last was asked for. None: no lease is needed.
    renewed: Option<Mutex<Instant>>,
}

impl Leadership {
    /// Of one replica that needs no lease.
    pub(crate) fn without_lease() -> Self {
        Self { leads: watch::Sender::new(true), renewed: None }
    }

    /// Of one of several replicas: it does not lead yet.
    pub(crate) fn by_lease() -> Self {
        Self { leads: watch::Sender::new(false), renewed: Some(Mutex::new(Instant::now())) }
    }

    /// Whether this replica leads now.
    pub(crate) fn is_held(&self) -> bool {
        let age = self
            .renewed
            .as_ref()
            .map(|time| time.lock().unwrap_or_else(PoisonError::into_inner).elapsed());
        *self.leads.borrow() && age.is_none_or(|age| age < TENURE)
    }

    /// Tells when it is gained and lost.
    pub(crate) fn watch(&self) -> watch::Receiver<bool> {
        self.leads.subscribe()
    }

    /// Notes that the lease was written, which was asked for at this time.
    pub(crate) fn renewed(&self, asked: Instant) {
        if let Some(time) = &self.renewed {
            *time.lock().unwrap_or_else(PoisonError::into_inner) = asked;
        }
    }
}

/// Where the lease is, and who wants it.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) identity: String,
}

/// Wants the lease until told to stop, and says in `leadership` whether it has it. Gives it back at the end.
pub(crate) async fn elect(
    client: Client,
    lease: Lease,
    leadership: Arc<Leadership>,
    metrics: Arc<Metrics>,
    mut stop: watch::Receiver<bool>,
) {
    let set = |is_leader: bool| {
        if leadership.leads.send_replace(is_leader) != is_leader {
            info!(
                identity = lease.identity,
                "{}",
                if is_leader { "leading" } else { "no longer leading" }
            );
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
                () = tokio::time::sleep(LOOK), if !*leadership.leads.borrow() => break,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_that_was_not_renewed_in_time_does_not_count() {
        let leadership = Leadership::by_lease();
        assert!(!leadership.is_held(), "nobody said so");
        leadership.leads.send_replace(true);
        assert!(leadership.is_held());

        leadership.renewed(Instant::now().checked_sub(TENURE).unwrap());
        assert!(!leadership.is_held(), "it may be another's by now");
        leadership.renewed(Instant::now());
        assert!(leadership.is_held());
        leadership.leads.send_replace(false);
        assert!(!leadership.is_held(), "it is lost");
    }

    #[test]
    fn without_a_lease_nothing_runs_out() {
        assert!(Leadership::without_lease().is_held());
    }
}
