//! Every state that a status can tell of.

use super::*;
use crate::desired::desired;
use crate::desired::tests::{pipeline, rendered};
use crate::rollout::Workload;

const NOW: &str = "2026-11-25T12:00:00Z";

fn wanted() -> Vec<Desired> {
    desired(&pipeline(), &rendered(2), "streams").unwrap()
}

fn running(desired: &Desired, ready: i64) -> Child {
    let replicas = desired.object["spec"]["replicas"].as_i64();
    let workload = replicas.map(|desired| Workload {
        generation: 1,
        observed_generation: 1,
        desired,
        total: desired,
        updated: desired,
        ready: ready.min(desired),
        available: ready.min(desired),
        ..Workload::default()
    });
    Child {
        id: desired.id.clone(),
        uid: "u".to_owned(),
        revision: "1".to_owned(),
        workload,
        ..Child::default()
    }
}

/// Everything applied, with so many pods ready in each Deployment.
fn applied(ready: i64) -> Done {
    let standing: BTreeMap<_, _> =
        wanted().iter().map(|d| (d.id.clone(), running(d, ready))).collect();
    Done { applied: standing.keys().cloned().collect(), standing, ..Done::default() }
}

fn of(pipeline: &Pipeline, done: Done) -> Status {
    let labelled: Vec<_> = done.standing.values().cloned().collect();
    let verdict = Verdict::Rendered { desired: wanted(), warnings: Vec::new(), done };
    report(pipeline, &verdict, &labelled, "streams", NOW)
}

/// Checks `Ready`, `Reconciling`, `Stalled`, `Rendered`, `Applied`, as letters, and the reason and message of `Ready`.
#[track_caller]
fn says(status: &Status, conditions: &str, reason: &str, message: &str) {
    let letters: String = ["Ready", "Reconciling", "Stalled", "Rendered", "Applied"]
        .iter()
        .map(|kind| status.condition(kind).map_or('-', |c| c.status.chars().next().unwrap_or('?')))
        .collect();
    let ready = status.condition("Ready").unwrap();
    assert_eq!((letters.as_str(), ready.reason.as_str()), (conditions, reason));
    assert!(ready.message.contains(message), "{}", ready.message);
}

fn problem(number: usize) -> Problem {
    Problem {
        code: "wrong".to_owned(),
        path: format!("spec.f{number}"),
        message: "is wrong".to_owned(),
        help: (number == 0).then(|| "mend it".to_owned()),
    }
}

#[test]
fn ready_when_everything_runs() {
    says(&of(&pipeline(), applied(2)), "TFFTT", "Ready", "3 pods are ready");
}

#[test]
fn reconciling_while_pods_are_missing() {
    says(
        &of(&pipeline(), applied(1)),
        "FTFTT",
        "RollingOut",
        "Deployment p-0: 1 of 2 pods are available",
    );
}

#[test]
fn stalled_when_kubernetes_gave_up() {
    let mut done = applied(1);
    for child in done.standing.values_mut().filter(|child| child.id.name == "p-0") {
        child.workload.as_mut().unwrap().gave_up = Some("has timed out progressing".to_owned());
    }
    says(&of(&pipeline(), done), "FFTTT", "ProgressDeadlineExceeded", "has timed out");
}

#[test]
fn reconciling_while_an_object_is_being_deleted() {
    let mut done = applied(2);
    done.standing.values_mut().for_each(|child| child.is_deleted = true);
    says(&of(&pipeline(), done), "FTFTT", "RollingOut", "is being deleted");
}

#[test]
fn refused_with_the_first_problems_and_all_as_data() {
    let problems: Vec<_> = (0..25).map(problem).collect();
    let verdict = Verdict::Refused(problems.clone());
    let status = report(&pipeline(), &verdict, &[], "streams", NOW);
    says(
        &status,
        "FFTFF",
        "InvalidSpec",
        "spec.f0: is wrong (mend it); spec.f1: is wrong; spec.f2: is wrong; and 22 more",
    );
    assert_eq!(status.problems, problems[..20]);
}

#[test]
fn a_wrong_spec_leaves_what_is_known_of_what_runs() {
    let mut pipeline = pipeline();
    pipeline.status = of(&pipeline, applied(2));
    pipeline.generation = 2;
    let labelled: Vec<_> = applied(2).standing.into_values().collect();
    let verdict = Verdict::Refused(vec![problem(0)]);
    let status = report(&pipeline, &verdict, &labelled, "streams", NOW);
    assert_eq!(status.inventory, pipeline.status.inventory);
    assert_eq!(status.selector, pipeline.status.selector);
    assert_eq!((status.total_replicas, status.ready_replicas), (Some(3), Some(3)));
    assert_eq!(status.observed_generation, Some(2));
}

#[test]
fn problems_are_gone_once_they_are_mended() {
    let mut pipeline = pipeline();
    let verdict = Verdict::Refused(vec![problem(0)]);
    pipeline.status = report(&pipeline, &verdict, &[], "streams", NOW);
    assert!(of(&pipeline, applied(2)).problems.is_empty());
}

#[test]
fn broken_rendering_is_told_as_what_it_is() {
    let verdict =
        Verdict::Broken { reason: "RenderTimeout", message: "did not finish in 5s".to_owned() };
    says(
        &report(&pipeline(), &verdict, &[], "streams", NOW),
        "FFTFF",
        "RenderTimeout",
        "did not finish",
    );
}

#[test]
fn what_is_taken_stalls() {
    let done = Done {
        taken: vec!["Deployment p-0 exists and is another's".to_owned()],
        ..Done::default()
    };
    says(&of(&pipeline(), done), "FFTTF", "NameTaken", "is another's");
}

#[test]
fn a_failure_stalls_only_where_somebody_has_to_act() {
    for (is_stalled, conditions) in [(true, "FFTTF"), (false, "FTFTF")] {
        let failure = Failure { reason: "Why", message: "because".to_owned(), is_stalled };
        says(
            &of(&pipeline(), Done { failure: Some(failure), ..Done::default() }),
            conditions,
            "Why",
            "because",
        );
    }
}

#[test]
fn after_a_failure_only_what_was_applied_counts_as_applied() {
    let mut pipeline = pipeline();
    pipeline.status = of(&pipeline, applied(2));
    let mut done = applied(2);
    done.standing.values_mut().for_each(|child| child.revision = "2".to_owned());
    done.applied.retain(|id| id.kind == "ConfigMap");
    done.failure = Some(Failure { reason: "Why", message: String::new(), is_stalled: true });
    let revisions: Vec<_> =
        of(&pipeline, done).inventory.into_iter().map(|entry| entry.revision).collect();
    assert_eq!(revisions, ["2", "1", "1"]);
}

#[test]
fn suspended_says_so_and_keeps_what_was_said_of_applying() {
    let mut pipeline = pipeline();
    pipeline.status = of(&pipeline, applied(2));
    pipeline.is_suspended = true;
    says(&of(&pipeline, applied(2)), "TFFTT", "Suspended", "3 pods");
}

#[test]
fn a_request_counts_as_followed_only_when_it_was() {
    let mut pipeline = pipeline();
    pipeline.requested_at = Some("now".to_owned());
    assert_eq!(of(&pipeline, applied(2)).requested_at.as_deref(), Some("now"));
    let done = Done { taken: vec!["x".to_owned()], ..Done::default() };
    assert_eq!(of(&pipeline, done).requested_at, None);
}

#[test]
fn says_what_autoscalers_need() {
    let status = of(&pipeline(), applied(2));
    assert_eq!(status.replicas, Some(Replicas { primary: 2, canary: 1 }));
    assert_eq!(status.total_replicas, Some(3));
    // The label that tells the two Deployments apart is left out: it selects the pods of both.
    assert_eq!(status.selector.as_deref(), Some("pipeline=p"));
    assert_eq!(status.config_version.as_deref(), Some("abc"));
}

#[test]
fn the_same_again_is_the_same_status() {
    let mut pipeline = pipeline();
    pipeline.status = of(&pipeline, applied(2));
    let verdict = Verdict::Rendered { desired: wanted(), warnings: Vec::new(), done: applied(2) };
    let labelled: Vec<_> = applied(2).standing.into_values().collect();
    assert_eq!(report(&pipeline, &verdict, &labelled, "streams", "later"), pipeline.status);
}

#[test]
fn a_status_reads_back_as_it_was_written() {
    let mut status = of(&pipeline(), applied(2));
    status.problems = vec![problem(0), problem(1)];
    assert_eq!(Status::read(&serde_json::to_value(&status).unwrap()), status);
}

#[test]
fn reads_the_status_that_the_reference_wrote() {
    let status = Status::read(&serde_json::json!({
        "conditions": [
            {"type": "Rendered", "status": "True", "reason": "Rendered", "message": "ok",
             "lastTransitionTime": "2026-01-01T00:00:00Z"},
            {"type": "Applied", "status": "True", "reason": "Applied", "message": "ok",
             "lastTransitionTime": "2026-01-01T00:00:00Z"},
        ],
        "config_version": "abc",
        "replicas": {"primary": 2, "canary": 0},
        "workload_namespace": "workloads",
    }));
    assert_eq!(status.condition("Applied").unwrap().last_transition_time, "2026-01-01T00:00:00Z");
    assert_eq!(status.config_version.as_deref(), Some("abc"));
}

#[test]
fn progress_is_told_from_what_programs_wait_for() {
    let (started, further, ready) =
        (of(&pipeline(), applied(0)), of(&pipeline(), applied(1)), of(&pipeline(), applied(2)));
    assert!(is_only_progress(&started, &further));
    assert!(!is_only_progress(&further, &ready), "ready is news");
    assert!(!is_only_progress(&ready, &further), "so is its end");
    let another = Status { observed_generation: Some(2), ..further.clone() };
    assert!(!is_only_progress(&started, &another), "and another generation");
}

#[test]
fn tells_of_every_new_reason_once() {
    let refused = |number| {
        let verdict = Verdict::Refused(vec![problem(number)]);
        report(&pipeline(), &verdict, &[], "streams", NOW)
    };
    let (fine, wrong, otherwise) = (of(&pipeline(), applied(2)), refused(0), refused(1));
    assert_eq!(news(&fine, &wrong).unwrap().0, "InvalidSpec");
    assert_eq!(news(&wrong, &wrong), None);
    assert!(news(&wrong, &otherwise).is_some());
    assert_eq!(news(&wrong, &fine), None);
}
