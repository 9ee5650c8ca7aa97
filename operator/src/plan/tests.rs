//! Every decision, by example.

use super::*;
use crate::child::content_revision;
use crate::desired::desired;
use crate::desired::tests::{pipeline, rendered};
use crate::names::{DIGEST, OWNER_UID};
use crate::rollout::Workload;
use crate::status::Entry;
use crate::texts::Texts;

const NAMESPACE: &str = "streams";

fn wanted(pipeline: &Pipeline) -> Vec<Desired> {
    desired(pipeline, &rendered(2), NAMESPACE).unwrap()
}

/// The object as it stands once it is applied.
fn standing(desired: &Desired, owner: &str) -> Child {
    let strings = |key: &str| crate::child::strings(desired.object["metadata"].get(key));
    let is_config = desired.id.kind == "ConfigMap";
    Child {
        id: desired.id.clone(),
        uid: format!("uid of {}", desired.id.name),
        labels: strings("labels").into(),
        annotations: strings("annotations").into(),
        owners: vec![owner.to_owned()],
        controller: Some(("StreamingPipeline".to_owned(), "p".to_owned(), owner.to_owned())),
        revision: if is_config { content_revision(&desired.object) } else { "1".to_owned() },
        is_applied: true,
        workload: (!is_config).then(Workload::default),
        ..Child::default()
    }
}

/// A pipeline that was applied, its objects as they stand, and what it wants.
fn settled() -> (Pipeline, Vec<Desired>, Found) {
    let mut pipeline = pipeline();
    let desired = wanted(&pipeline);
    let children: Vec<_> = desired.iter().map(|object| standing(object, &pipeline.uid)).collect();
    let entry = |child: &Child| Entry {
        id: child.id.clone(),
        uid: child.uid.clone(),
        revision: child.revision.clone(),
    };
    pipeline.status.inventory = children.iter().map(entry).collect();
    let named = children.iter().map(|child| (child.id.clone(), child.clone())).collect();
    (pipeline, desired, Found { named, labelled: children })
}

fn id(kind: &str, name: &str) -> ObjectId {
    ObjectId { kind: kind.to_owned(), namespace: NAMESPACE.to_owned(), name: name.to_owned() }
}

fn damage(found: &mut Found, id: &ObjectId, damage: impl Fn(&mut Child)) {
    found.named.get_mut(id).into_iter().for_each(&damage);
    found.labelled.iter_mut().filter(|child| child.id == *id).for_each(&damage);
}

/// The names of what is applied and, with a minus, deleted.
fn steps(plan: &Plan) -> Vec<String> {
    let step = |action: &Action| match action {
        Action::Apply(desired) => desired.id.name.clone(),
        Action::Delete(id, _) => format!("-{}", id.name),
        Action::SetFinalizers(finalizers) => format!("finalizers {finalizers:?}"),
    };
    plan.actions.iter().map(step).collect()
}

#[track_caller]
fn does(pipeline: &Pipeline, desired: &[Desired], found: &Found, expected: &[&str]) {
    assert_eq!(steps(&plan(pipeline, desired, found, |_| true)), expected);
}

#[test]
fn applies_everything_to_an_empty_cluster() {
    let pipeline = pipeline();
    does(&pipeline, &wanted(&pipeline), &Found::default(), &["p", "p-0", "p-0-canary"]);
}

#[test]
fn does_nothing_where_nothing_differs() {
    let (pipeline, desired, found) = settled();
    does(&pipeline, &desired, &found, &[]);
}

#[test]
fn applies_what_changed_and_nothing_else() {
    let (pipeline, _, found) = settled();
    let changed = desired(&pipeline, &rendered(5), NAMESPACE).unwrap();
    does(&pipeline, &changed, &found, &["p-0"]);
}

#[test]
fn puts_right_what_others_changed() {
    type Damage = fn(&mut Child);
    let damages: [Damage; 5] = [
        |child| child.revision = "another".to_owned(),
        |child| child.labels.edit(|all| drop(all.remove("env").unwrap())),
        |child| child.annotations.edit(|all| drop(all.remove(DIGEST).unwrap())),
        |child| rename_owner(child),
        |child| child.owners.clear(),
    ];
    for (number, change) in damages.into_iter().enumerate() {
        let (pipeline, desired, mut found) = settled();
        damage(&mut found, &id("Deployment", "p-0"), change);
        assert_eq!(steps(&plan(&pipeline, &desired, &found, |_| true)), ["p-0"], "damage {number}");
    }
}

fn rename_owner(child: &mut Child) {
    child.annotations.edit(|all| drop(all.insert(OWNER_NAME.to_owned(), "q".to_owned())));
}

#[test]
fn what_others_added_stays() {
    let (pipeline, desired, mut found) = settled();
    damage(&mut found, &id("Deployment", "p-0"), |child| {
        child.labels.edit(|all| drop(all.insert("team".to_owned(), "a".to_owned())));
        let revision = "deployment.kubernetes.io/revision";
        child.annotations.edit(|all| drop(all.insert(revision.to_owned(), "3".to_owned())));
    });
    does(&pipeline, &desired, &found, &[]);
}

#[test]
fn creates_anew_what_others_deleted() {
    let (pipeline, desired, mut found) = settled();
    found.named.remove(&id("ConfigMap", "p"));
    found.labelled.retain(|child| child.id.kind != "ConfigMap");
    does(&pipeline, &desired, &found, &["p"]);
}

#[test]
fn applies_when_asked_to_once() {
    let (mut pipeline, desired, found) = settled();
    pipeline.requested_at = Some("now".to_owned());
    does(&pipeline, &desired, &found, &["p", "p-0", "p-0-canary"]);
    pipeline.status.requested_at = Some("now".to_owned());
    does(&pipeline, &desired, &found, &[]);
}

#[test]
fn leaves_what_is_being_deleted_until_it_is_gone() {
    let (pipeline, desired, mut found) = settled();
    damage(&mut found, &id("Deployment", "p-0"), |child| {
        child.is_deleted = true;
        child.revision = "2".to_owned();
    });
    does(&pipeline, &desired, &found, &[]);
}

#[test]
fn does_nothing_while_suspended() {
    let (mut pipeline, _, found) = settled();
    pipeline.is_suspended = true;
    does(&pipeline, &desired(&pipeline, &rendered(9), NAMESPACE).unwrap(), &found, &[]);
}

#[test]
fn deletes_what_is_no_longer_rendered() {
    let (pipeline, mut desired, found) = settled();
    desired.retain(|object| object.role != "canary_deployment");
    does(&pipeline, &desired, &found, &["-p-0-canary"]);
}

#[test]
fn never_deletes_a_copy_made_by_hand() {
    let (pipeline, desired, mut found) = settled();
    let copy =
        Child { id: id("Deployment", "copy"), is_applied: false, ..found.labelled[1].clone() };
    found.labelled.push(copy);
    does(&pipeline, &desired, &found, &[]);
}

#[test]
fn takes_nothing_from_others_and_then_applies_nothing() {
    let pipeline = pipeline();
    let desired = wanted(&pipeline);
    let foreign = Child { id: id("Deployment", "p-0"), ..Child::default() };
    let found = Found { named: [(foreign.id.clone(), foreign)].into(), ..Found::default() };
    let plan = plan(&pipeline, &desired, &found, |_| true);
    assert_eq!(steps(&plan), [""; 0]);
    assert!(
        plan.taken[0].contains("Deployment p-0 exists and was not made by this operator"),
        "{:?}",
        plan.taken
    );
    assert!(plan.taken[0].contains("streams.sentry.io/adopt=true"));
}

#[test]
fn takes_what_belongs_to_nobody_where_it_may() {
    let mut pipeline = pipeline();
    let desired = wanted(&pipeline);
    let foreign = Child { id: id("Deployment", "p-0"), ..Child::default() };
    pipeline.adopts = true;
    let found = Found { named: [(foreign.id.clone(), foreign.clone())].into(), ..Found::default() };
    does(&pipeline, &desired, &found, &["p", "p-0", "p-0-canary"]);

    let controller = Some(("Rollout".to_owned(), "r".to_owned(), "u".to_owned()));
    let theirs = Child { controller, ..foreign };
    let found = Found { named: [(theirs.id.clone(), theirs)].into(), ..Found::default() };
    let plan = plan(&pipeline, &desired, &found, |_| true);
    assert!(plan.taken[0].contains("controlled by Rollout r"), "{:?}", plan.taken);
}

#[test]
fn knows_its_objects_without_their_label() {
    // By the uid in the inventory alone.
    let (pipeline, desired, mut found) = settled();
    damage(&mut found, &id("Deployment", "p-0"), |child| {
        child.labels = Texts::default();
        child.owners.clear();
        child.controller = None;
    });
    does(&pipeline, &desired, &found, &["p-0"]);

    // Another object of the same name is not the one that was applied.
    damage(&mut found, &id("Deployment", "p-0"), |child| child.uid = "another".to_owned());
    assert_eq!(plan(&pipeline, &desired, &found, |_| true).taken.len(), 1);
}

fn of_another(desired: &[Desired]) -> Found {
    let named = desired.iter().map(|object| {
        let mut child = standing(object, "uid-of-q");
        child.labels.edit(|all| drop(all.insert(OWNER_UID.to_owned(), "uid-of-q".to_owned())));
        rename_owner(&mut child);
        (child.id.clone(), child)
    });
    Found { named: named.collect(), ..Found::default() }
}

#[test]
fn never_takes_from_a_pipeline_that_is_there() {
    let mut pipeline = pipeline();
    pipeline.adopts = true;
    let desired = wanted(&pipeline);
    let plan = plan(&pipeline, &desired, &of_another(&desired), |uid| uid == "uid-of-q");
    assert_eq!(plan.taken.len(), 2, "the two Deployments");
    assert_eq!(plan.others.len(), 3, "it looks again when any of them changes");
    assert!(plan.taken[0].contains("belongs to StreamingPipeline streams/q"), "{:?}", plan.taken);
}

#[test]
fn segments_of_a_pipeline_share_its_config_while_it_says_the_same() {
    let pipeline = pipeline();
    let mut desired = wanted(&pipeline);
    desired.retain(|object| object.id.kind == "ConfigMap");
    let mut found = of_another(&desired);
    let first = plan(&pipeline, &desired, &found, |_| true);
    assert_eq!(
        (first.others.as_slice(), first.taken.len()),
        ([id("ConfigMap", "p")].as_slice(), 0)
    );

    damage(&mut found, &id("ConfigMap", "p"), |child| child.revision = "another".to_owned());
    let second = plan(&pipeline, &desired, &found, |_| true);
    assert_eq!((second.others.len(), second.taken.len()), (1, 1));
}

#[test]
fn takes_from_a_pipeline_that_is_gone_only_where_it_may() {
    let mut pipeline = pipeline();
    let mut desired = wanted(&pipeline);
    desired.retain(|object| object.role == "deployment");
    let mut found = of_another(&desired);
    // Kept by nobody but its label, as in another namespace.
    damage(&mut found, &id("Deployment", "p-0"), |child| child.owners.clear());
    let without = plan(&pipeline, &desired, &found, |_| false);
    assert!(
        without.taken[0].contains("belonged to StreamingPipeline streams/q, which is gone"),
        "{:?}",
        without.taken
    );
    pipeline.adopts = true;
    assert_eq!(steps(&plan(&pipeline, &desired, &found, |_| false)), ["p-0"]);
}

#[test]
fn waits_for_what_a_pipeline_of_its_name_leaves() {
    let mut pipeline = pipeline();
    let desired = wanted(&pipeline);
    let found = of_another(&desired);
    let waiting = plan(&pipeline, &desired, &found, |_| false);
    assert_eq!((waiting.leaving.len(), waiting.others.len(), waiting.taken.len()), (3, 3, 0));
    assert_eq!(steps(&waiting), [""; 0]);
    pipeline.adopts = true;
    assert_eq!(steps(&plan(&pipeline, &desired, &found, |_| false)), ["p", "p-0", "p-0-canary"]);
}

#[test]
fn holds_a_pipeline_only_where_kubernetes_does_not_clean_up() {
    let mut pipeline = pipeline();
    assert_eq!(finalizers(&pipeline, NAMESPACE), None);
    let ours = vec![FINALIZER.to_owned()];
    assert_eq!(finalizers(&pipeline, "workloads"), Some(Action::SetFinalizers(ours.clone())));

    pipeline.finalizers = ours;
    assert_eq!(finalizers(&pipeline, "workloads"), None);
    assert_eq!(finalizers(&pipeline, NAMESPACE), Some(Action::SetFinalizers(Vec::new())));
}

#[test]
fn removes_what_the_reference_left_and_keeps_what_others_need() {
    let mut pipeline = pipeline();
    let foreign = "example.com/theirs".to_owned();
    pipeline.finalizers = vec![KOPF_FINALIZER.to_owned(), foreign.clone()];
    assert_eq!(
        finalizers(&pipeline, NAMESPACE),
        Some(Action::SetFinalizers(vec![foreign.clone()]))
    );

    pipeline.finalizers = vec![foreign.clone()];
    assert_eq!(finalizers(&pipeline, NAMESPACE), None);
    pipeline.has_kopf_annotation = true;
    assert_eq!(finalizers(&pipeline, NAMESPACE), Some(Action::SetFinalizers(vec![foreign])));
}

#[test]
fn a_pipeline_that_nothing_holds_is_left_to_kubernetes() {
    let (pipeline, _, found) = settled();
    assert_eq!(plan_deletion(&pipeline, &found.labelled), Plan::default());
}

#[test]
fn a_held_pipeline_goes_when_its_objects_are_gone() {
    for finalizer in [FINALIZER, KOPF_FINALIZER] {
        let (mut pipeline, _, mut found) = settled();
        pipeline.finalizers = vec![finalizer.to_owned(), "example.com/theirs".to_owned()];
        assert_eq!(
            steps(&plan_deletion(&pipeline, &found.labelled)),
            ["-p", "-p-0", "-p-0-canary"]
        );

        found.labelled.iter_mut().for_each(|child| child.is_deleted = true);
        assert_eq!(steps(&plan_deletion(&pipeline, &found.labelled)), [""; 0], "waits");

        let released = plan_deletion(&pipeline, &[]);
        assert_eq!(steps(&released), [r#"finalizers ["example.com/theirs"]"#]);
    }
}

#[test]
fn an_orphaning_pipeline_leaves_its_objects() {
    let (mut pipeline, _, found) = settled();
    pipeline.finalizers = vec![FINALIZER.to_owned()];
    pipeline.orphans = true;
    assert_eq!(steps(&plan_deletion(&pipeline, &found.labelled)), ["finalizers []"]);
}
