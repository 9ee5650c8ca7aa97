//! Figures about the operator, in the `OpenMetrics` format.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Labels of [`Metrics::reconciles`] and [`Metrics::reviews`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ByResult {
    result: &'static str,
}

/// Labels of [`Metrics::api_calls`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ByCall {
    verb: String,
    resource: String,
    code: u16,
}

/// Labels of [`Metrics::problems`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ByCode {
    code: String,
}

/// Labels of what there is for each watch.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ByWatch {
    watch: String,
}

/// All figures.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    reconciles: Family<ByResult, Counter>,
    reconcile_time: Times,
    render_time: Times,
    api_calls: Family<ByCall, Counter>,
    applies_skipped: Counter,
    problems: Family<ByCode, Counter>,
    watch_errors: Family<ByWatch, Counter>,
    watch_age: Family<ByWatch, Gauge<f64, std::sync::atomic::AtomicU64>>,
    pipelines: Gauge,
    queue: Gauge,
    leader: Gauge,
    definition_outdated: Gauge,
    reviews: Family<ByResult, Counter>,
    review_time: Times,
    /// When each watch last heard anything.
    heard: Mutex<HashMap<String, Instant>>,
}

/// How long things took.
#[derive(Debug)]
struct Times(Histogram);

impl Default for Times {
    fn default() -> Self {
        Self(Histogram::new(exponential_buckets(0.000_25, 2.0, 17)))
    }
}

impl Metrics {
    pub(crate) fn reconciled(&self, result: &'static str, time: Duration) {
        self.reconciles.get_or_create(&ByResult { result }).inc();
        self.reconcile_time.0.observe(time.as_secs_f64());
    }

    pub(crate) fn rendered(&self, time: Duration) {
        self.render_time.0.observe(time.as_secs_f64());
    }

    pub(crate) fn called(&self, verb: &str, resource: &str, code: u16) {
        let (verb, resource) = (verb.to_owned(), resource.to_owned());
        self.api_calls.get_or_create(&ByCall { verb, resource, code }).inc();
    }

    pub(crate) fn skipped(&self, applies: usize) {
        self.applies_skipped.inc_by(u64::try_from(applies).unwrap_or(u64::MAX));
    }

    pub(crate) fn problem(&self, code: &str) {
        self.problems.get_or_create(&ByCode { code: code.to_owned() }).inc();
    }

    pub(crate) fn watch_failed(&self, watch: &str) {
        self.watch_errors.get_or_create(&ByWatch { watch: watch.to_owned() }).inc();
    }

    /// Notes that a watch heard something: an event, a bookmark, or that it may go on.
    pub(crate) fn watch_heard(&self, watch: &str) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        match heard.get_mut(watch) {
            Some(time) => *time = Instant::now(),
            None => drop(heard.insert(watch.to_owned(), Instant::now())),
        }
    }

    /// Forgets the watch of a resource, which is given up: nothing is to be heard of it.
    pub(crate) fn forget_watch(&self, resource: &str) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.retain(|watch, _| !watch.ends_with(resource));
    }

    /// The watch that has heard nothing for longest, and for how long.
    pub(crate) fn stalest_watch(&self) -> Option<(String, Duration)> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.iter().map(|(watch, at)| (watch.clone(), at.elapsed())).max_by_key(|(_, age)| *age)
    }

    pub(crate) fn set_leader(&self, is_leader: bool) {
        self.leader.set(i64::from(is_leader));
    }

    pub(crate) fn set_definition_outdated(&self, is_outdated: bool) {
        self.definition_outdated.set(i64::from(is_outdated));
    }

    pub(crate) fn reviewed(&self, result: &'static str, time: Duration) {
        self.reviews.get_or_create(&ByResult { result }).inc();
        self.review_time.0.observe(time.as_secs_f64());
    }

    pub(crate) fn set_pipelines(&self, count: usize) {
        self.pipelines.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    pub(crate) fn queued(&self, change: i64) {
        self.queue.inc_by(change);
    }

    /// The registry, to be encoded. Gauges of age are set as of now.
    pub(crate) fn encode(&self) -> Result<String, std::fmt::Error> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (watch, at) in heard {
            self.watch_age.get_or_create(&ByWatch { watch }).set(at.elapsed().as_secs_f64());
        }

        let mut registry = Registry::with_prefix("streams_operator");
        registry.register("reconciles", "Reconciliations by result", self.reconciles.clone());
        registry.register_with_unit(
            "reconcile",
            "Time a reconciliation took",
            Unit::Seconds,
            self.reconcile_time.0.clone(),
        );
        registry.register_with_unit(
            "render",
            "Time the component took",
            Unit::Seconds,
            self.render_time.0.clone(),
        );
        registry.register("api_calls", "Requests to the API server", self.api_calls.clone());
        registry.register(
            "applies_skipped",
            "Objects that were as they should be",
            self.applies_skipped.clone(),
        );
        registry.register("problems", "Problems found in specs, by code", self.problems.clone());
        registry.register("watch_errors", "Errors of watches", self.watch_errors.clone());
        registry.register_with_unit(
            "watch_age",
            "Time since a watch heard anything",
            Unit::Seconds,
            self.watch_age.clone(),
        );
        registry.register("pipelines", "Pipelines there are", self.pipelines.clone());
        registry.register("queue", "Reconciliations asked for and not begun", self.queue.clone());
        registry.register("leader", "Whether this replica leads", self.leader.clone());
        registry.register(
            "definition_outdated",
            "Whether the definition in the cluster is older than this operator",
            self.definition_outdated.clone(),
        );
        registry.register("reviews", "Reviews of pipelines by result", self.reviews.clone());
        registry.register_with_unit(
            "review",
            "Time a review took",
            Unit::Seconds,
            self.review_time.0.clone(),
        );

        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../docs/operator.md");

    /// All figures: those by label are told only once they have been seen.
    fn text() -> String {
        let metrics = Metrics::default();
        metrics.reconciled("ok", Duration::ZERO);
        metrics.called("get", "deployments", 200);
        metrics.problem("unknown-field");
        metrics.watch_failed("deployments");
        metrics.watch_heard("deployments");
        metrics.reviewed("allowed", Duration::ZERO);
        metrics.encode().unwrap()
    }

    fn names(text: &str) -> impl Iterator<Item = &str> {
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
    }

    #[test]
    fn every_figure_is_documented() {
        let text = text();
        for name in names(&text) {
            assert!(PAGE.contains(name), "docs/operator.md does not have {name}");
        }
    }

    #[test]
    fn alerts_are_documented_and_ask_for_figures_that_there_are() {
        let alerts = include_str!("../../charts/streams-k8s-operator/files/alerts.yaml");
        let text = text();
        for line in alerts.lines().map(str::trim) {
            if let Some(alert) = line.strip_prefix("- alert: ") {
                let row = format!("| `{alert}` |");
                assert!(PAGE.contains(&row), "docs/operator.md does not have {alert}");
            }
            if let Some(expression) = line.strip_prefix("expr: ") {
                let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                for asked in words.filter(|word| word.starts_with("streams_operator_")) {
                    let is_there = |name: &str| {
                        ["", "_total", "_bucket"].iter().any(|end| asked == format!("{name}{end}"))
                    };
                    assert!(names(&text).any(is_there), "there is no {asked}");
                }
            }
        }
    }
}
