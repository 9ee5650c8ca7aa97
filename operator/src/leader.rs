//! Leader election: of several replicas, one writes.
//!
//! The times in a lease are for people. Clocks of machines differ, so each replica goes by its own clock, and counts from
//! when it saw the lease change, as client-go does. The libraries for this client compare the time that one machine wrote
//! with the clock of another, so that two replicas lead at once where clocks are further apart than a lease is long.
//!
//! A replica that was stopped for a while, and wakes up, believes for a moment what it believed before: so the time of
//! the last renewal counts for every write. A write that has gone out may still be on its way: so a replica stops long
//! before the lease is free.

use crate::metrics::Metrics;
use crate::names::FIELD_MANAGER;
use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use k8s_openapi::jiff::Timestamp;
use kube::api::{Api, ObjectMeta, Patch, PatchParams, PostParams};
use kube::{Client, ResourceExt};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::{info, warn};

/// A lease that nobody renewed for so long is free.
const LEASE: Duration = Duration::from_secs(15);
/// How often it is renewed.
const RENEW: Duration = Duration::from_secs(3);
/// How often who waits looks at it.
const LOOK: Duration = Duration::from_secs(2);
/// When to try again after something failed.
const RETRY: Duration = Duration::from_secs(1);
/// How long an answer about the lease may take, so that a renewal that failed is tried again in time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3);
/// How long after a renewal was asked for this replica may write. What it sent last has the rest of the lease to arrive,
/// as with client-go's times; others count from when they saw the renewal, which is later.
const TENURE: Duration = Duration::from_secs(10);

/// Why a write was not sent.
#[derive(Debug, thiserror::Error)]
#[error("this replica does not lead")]
pub(crate) struct NotLeading;

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
    fn renewed(&self, asked: Instant) {
        if let Some(time) = &self.renewed {
            *time.lock().unwrap_or_else(PoisonError::into_inner) = asked;
        }
    }
}

/// Where the lease is, and who wants it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) identity: String,
}

/// Wants the lease until told to stop, and says in `leadership` whether it has it. Gives it back at the end.
pub(crate) async fn elect(
    client: Client,
    place: Place,
    leadership: Arc<Leadership>,
    metrics: Arc<Metrics>,
    mut stop: watch::Receiver<bool>,
) {
    let set = |is_leader: bool| {
        // Who watches it is told of changes only: on each, all pipelines are looked at.
        let is_change = |leads: &mut bool| std::mem::replace(leads, is_leader) != is_leader;
        if leadership.leads.send_if_modified(is_change) {
            let said = if is_leader { "leading" } else { "no longer leading" };
            info!(identity = place.identity, "{said}");
        }
        metrics.set_leader(is_leader);
    };
    let mut candidate = Candidate::new(client, &place);

    while !*stop.borrow() {
        let asked = Instant::now();
        let pause = match timeout(PATIENCE, candidate.stand()).await {
            Ok(Ok(Standing::Leads)) => {
                // Whoever could not write for a while has left things undone, and begins to lead anew.
                if !leadership.is_held() {
                    set(false);
                }
                leadership.renewed(asked);
                set(asked.elapsed() < TENURE);
                RENEW
            }
            Ok(Ok(Standing::Waits(time))) => {
                set(false);
                time.min(LOOK)
            }
            failed => {
                match failed {
                    Ok(Err(error)) => warn!(%error, "cannot get at the lease"),
                    _ => warn!("no answer about the lease in {} s", PATIENCE.as_secs()),
                }
                // What was renewed lately is still held.
                set(leadership.is_held());
                RETRY
            }
        };

        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }

    set(false);
    if let Ok(Err(error)) = timeout(PATIENCE, candidate.give_back()).await {
        warn!(%error, "cannot give the lease back");
    }
}

/// How a candidate stands.
enum Standing {
    Leads,
    /// Another leads; at the earliest after this time the lease is free.
    Waits(Duration),
}

/// The lease, and since when it has looked like that, by the clock of this process.
struct Seen {
    lease: Lease,
    since: Instant,
}

impl Seen {
    /// A lease as it stands now, after what was seen before.
    fn new(lease: Lease, before: Option<&Self>, now: Instant) -> Self {
        let version = |lease: &Lease| lease.resource_version();
        let since = before
            .filter(|before| version(&before.lease) == version(&lease))
            .map_or(now, |before| before.since);
        Self { lease, since }
    }

    fn holder(&self) -> &str {
        let spec = self.lease.spec.as_ref();
        spec.and_then(|spec| spec.holder_identity.as_deref()).unwrap_or_default()
    }

    /// How long nobody else may take it.
    fn holds_for(&self, now: Instant) -> Duration {
        if self.holder().is_empty() {
            return Duration::ZERO;
        }
        LEASE.saturating_sub(now.saturating_duration_since(self.since))
    }
}

/// A replica that wants the lease.
struct Candidate<'a> {
    api: Api<Lease>,
    name: &'a str,
    identity: &'a str,
    seen: Option<Seen>,
    /// Whether what was seen is what this replica wrote last.
    has_written: bool,
}

impl<'a> Candidate<'a> {
    fn new(client: Client, place: &'a Place) -> Self {
        Self {
            api: Api::namespaced(client, &place.namespace),
            name: &place.name,
            identity: &place.identity,
            seen: None,
            has_written: false,
        }
    }

    /// Takes the lease or renews it, where that is allowed.
    async fn stand(&mut self) -> kube::Result<Standing> {
        // Where an answer is lost on the way, what stands there must be seen first.
        if !std::mem::take(&mut self.has_written) {
            let lease = self.api.get_opt(self.name).await?;
            self.seen = lease.map(|lease| Seen::new(lease, self.seen.as_ref(), Instant::now()));
        }

        let lease = match &self.seen {
            None => self.create().await?,
            Some(seen) if seen.holder() == self.identity => self.write(seen, renewal()).await?,
            Some(seen) => {
                let time = seen.holds_for(Instant::now());
                if !time.is_zero() {
                    return Ok(Standing::Waits(time));
                }
                self.write(seen, taking(self.identity, &seen.lease)).await?
            }
        };
        self.seen = Some(Seen { lease, since: Instant::now() });
        self.has_written = true;
        Ok(Standing::Leads)
    }

    async fn create(&self) -> kube::Result<Lease> {
        let lease = Lease {
            metadata: ObjectMeta { name: Some(self.name.to_owned()), ..ObjectMeta::default() },
            spec: Some(LeaseSpec {
                holder_identity: Some(self.identity.to_owned()),
                lease_duration_seconds: i32::try_from(LEASE.as_secs()).ok(),
                acquire_time: Some(MicroTime(Timestamp::now())),
                renew_time: Some(MicroTime(Timestamp::now())),
                lease_transitions: Some(0),
                ..LeaseSpec::default()
            }),
        };
        self.api.create(&PostParams::default(), &lease).await
    }

    /// Changes the lease, if it is still as it was seen.
    async fn write(&self, seen: &Seen, spec: Value) -> kube::Result<Lease> {
        let patch = json!({
            "metadata": { "resourceVersion": seen.lease.resource_version() },
            "spec": spec,
        });
        let params =
            PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
        self.api.patch(self.name, &params, &Patch::Merge(&patch)).await
    }

    /// Lets another take the lease at once.
    async fn give_back(&self) -> kube::Result<()> {
        match &self.seen {
            Some(seen) if seen.holder() == self.identity => {
                self.write(seen, json!({ "holderIdentity": null, "renewTime": null })).await?;
            }
            _ => {}
        }
        Ok(())
    }
}

fn renewal() -> Value {
    json!({ "renewTime": MicroTime(Timestamp::now()) })
}

/// The holder is another from now on.
fn taking(identity: &str, lease: &Lease) -> Value {
    let now = MicroTime(Timestamp::now());
    let transitions = lease.spec.as_ref().and_then(|spec| spec.lease_transitions).unwrap_or(0);
    json!({
        "holderIdentity": identity,
        "leaseDurationSeconds": LEASE.as_secs(),
        "acquireTime": now,
        "renewTime": now,
        "leaseTransitions": transitions.saturating_add(1),
    })
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

    fn lease(version: &str, holder: Option<&str>, renewed: &str) -> Lease {
        Lease {
            metadata: ObjectMeta {
                resource_version: Some(version.to_owned()),
                ..ObjectMeta::default()
            },
            spec: Some(LeaseSpec {
                holder_identity: holder.map(ToOwned::to_owned),
                renew_time: Some(MicroTime(renewed.parse().unwrap())),
                ..LeaseSpec::default()
            }),
        }
    }

    #[test]
    fn a_lease_is_free_when_it_has_not_changed_for_long_whatever_time_stands_in_it() {
        let begin = Instant::now();
        let after = |seconds| begin + Duration::from_secs(seconds);
        for renewed in ["1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z"] {
            let lease = |version| lease(version, Some("other"), renewed);
            let first = Seen::new(lease("1"), None, begin);
            assert_eq!(first.holds_for(begin), LEASE);

            let same = Seen::new(lease("1"), Some(&first), after(10));
            assert_eq!(same.holds_for(after(10)).as_secs(), 5, "it has not changed");
            let renewed = Seen::new(lease("2"), Some(&same), after(10));
            assert_eq!(renewed.holds_for(after(10)), LEASE, "it was renewed");
            assert_eq!(renewed.holds_for(after(25)), Duration::ZERO, "nobody renewed it");
        }
    }

    #[test]
    fn a_lease_that_was_given_back_is_free() {
        let now = Instant::now();
        for holder in [None, Some("")] {
            let seen = Seen::new(lease("1", holder, "2026-01-01T00:00:00Z"), None, now);
            assert_eq!(seen.holds_for(now), Duration::ZERO);
        }
    }
}
