//! The objects of all pipelines, as the watches tell of them: decisions need no reads.

use crate::child::{Child, ObjectId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Names a pipeline: namespace and name.
pub(crate) type PipelineName = (String, String);

/// A watch: the kind, and the namespace, or all.
pub(crate) type Scope = (String, Option<String>);

/// What the watches have told.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    children: HashMap<ObjectId, Child>,
    /// By the label with the owner's uid.
    by_owner: HashMap<String, Vec<ObjectId>>,
    /// Pipelines there are, by uid.
    pipelines: HashMap<String, PipelineName>,
    /// Pipelines that another pipeline's object concerns: they share it, or wait for its name.
    sharers: HashMap<ObjectId, BTreeSet<PipelineName>>,
    /// The newest resource version that each watch has told of.
    heard: HashMap<Scope, u64>,
}

impl Cache {
    pub(crate) fn get(&self, id: &ObjectId) -> Option<&Child> {
        self.children.get(id)
    }

    /// The objects with this pipeline's label, in order.
    pub(crate) fn of(&self, owner_uid: &str) -> Vec<Child> {
        let ids = self.by_owner.get(owner_uid).into_iter().flatten();
        let mut children: Vec<_> = ids.filter_map(|id| self.children.get(id)).cloned().collect();
        children.sort_by(|a, b| a.id.cmp(&b.id));
        children
    }

    /// Objects of a namespace, or of all, whose pipeline is gone and was to take them with it.
    pub(crate) fn left_behind(&self, namespace: Option<&str>) -> Vec<Child> {
        let is_left = |child: &&Child| {
            let Some((.., uid)) = &child.controller else { return false };
            // A copy of an object, made by hand, has its labels.
            child.is_applied
                && !child.is_deleted
                && child.owner() == Some(uid)
                && !self.is_alive(uid)
                && namespace.is_none_or(|namespace| namespace == child.id.namespace)
        };
        self.children.values().filter(is_left).cloned().collect()
    }

    pub(crate) fn is_alive(&self, pipeline_uid: &str) -> bool {
        self.pipelines.contains_key(pipeline_uid)
    }

    /// How many pipelines there are.
    pub(crate) fn pipelines(&self) -> usize {
        self.pipelines.len()
    }

    pub(crate) fn pipeline_names(&self) -> Vec<PipelineName> {
        self.pipelines.values().cloned().collect()
    }

    pub(crate) fn add_pipeline(&mut self, uid: String, name: PipelineName) {
        self.pipelines.insert(uid, name);
    }

    pub(crate) fn remove_pipeline(&mut self, uid: &str) {
        if let Some(name) = self.pipelines.remove(uid) {
            self.share(&name, Vec::new());
        }
    }

    /// Keeps only these pipelines of a namespace, or of all.
    pub(crate) fn retain_pipelines(&mut self, namespace: Option<&str>, uids: &BTreeSet<String>) {
        let is_in = |of: &str| namespace.is_none_or(|namespace| namespace == of);
        self.pipelines.retain(|uid, (of, _)| !is_in(of) || uids.contains(uid));
    }

    /// Remembers that these objects of other pipelines concern a pipeline.
    pub(crate) fn share(&mut self, pipeline: &PipelineName, ids: Vec<ObjectId>) {
        self.sharers.retain(|_, sharers| {
            sharers.remove(pipeline);
            !sharers.is_empty()
        });
        for id in ids {
            self.sharers.entry(id).or_default().insert(pipeline.clone());
        }
    }

    /// Takes over what the API server answered to a write, unless the watch has told of something newer.
    pub(crate) fn written(&mut self, child: Child) {
        let all = (child.id.kind.clone(), None);
        let one = (child.id.kind.clone(), Some(child.id.namespace.clone()));
        let heard = [all, one]
            .iter()
            .filter_map(|scope| self.heard.get(scope))
            .max()
            .copied()
            .unwrap_or_default();
        if child.resource_version > heard {
            self.insert(child);
        }
    }

    /// Takes over an object from a watch. Returns the pipelines it concerns.
    pub(crate) fn applied(&mut self, scope: &Scope, child: Child) -> Vec<PipelineName> {
        self.hear(scope, child.resource_version);
        let mut concerned = self.concerned(&child);
        if let Some(old) = self.children.get(&child.id) {
            concerned.extend(self.concerned(old));
            if old.resource_version > child.resource_version && old.uid == child.uid {
                return Vec::new();
            }
        }
        self.insert(child);
        concerned.sort();
        concerned.dedup();
        concerned
    }

    /// Forgets an object that is gone, or no longer has the label. Returns the pipelines it concerned.
    pub(crate) fn removed(&mut self, scope: &Scope, child: &Child) -> Vec<PipelineName> {
        self.hear(scope, child.resource_version);
        let concerned = self.concerned(child);
        if self
            .children
            .get(&child.id)
            .is_some_and(|old| old.resource_version <= child.resource_version)
        {
            self.forget(&child.id);
        }
        concerned
    }

    /// Takes over a complete list of what a watch sees. Returns the pipelines concerned by what is gone.
    pub(crate) fn replaced(
        &mut self,
        scope: &Scope,
        children: &BTreeMap<ObjectId, u64>,
    ) -> Vec<PipelineName> {
        let (kind, namespace) = scope;
        let newest = children.values().max().copied().unwrap_or_default();
        self.hear(scope, newest);
        let is_gone = |child: &&Child| {
            child.id.kind == *kind
                && namespace.as_ref().is_none_or(|namespace| *namespace == child.id.namespace)
                && !children.contains_key(&child.id)
                // What was written since the list was made is not in it.
                && child.resource_version <= newest
        };
        let gone: Vec<_> = self.children.values().filter(is_gone).cloned().collect();
        for child in &gone {
            self.forget(&child.id);
        }
        gone.iter().flat_map(|child| self.concerned(child)).collect()
    }

    fn hear(&mut self, scope: &Scope, resource_version: u64) {
        let heard = self.heard.entry(scope.clone()).or_default();
        *heard = resource_version.max(*heard);
    }

    fn insert(&mut self, child: Child) {
        self.forget(&child.id);
        if let Some(owner) = child.owner() {
            self.by_owner.entry(owner.to_owned()).or_default().push(child.id.clone());
            self.children.insert(child.id.clone(), child);
        }
    }

    fn forget(&mut self, id: &ObjectId) {
        let Some(old) = self.children.remove(id) else { return };
        let Some(owner) = old.owner() else { return };
        if let Some(ids) = self.by_owner.get_mut(owner) {
            ids.retain(|known| known != id);
            if ids.is_empty() {
                self.by_owner.remove(owner);
            }
        }
    }

    fn concerned(&self, child: &Child) -> Vec<PipelineName> {
        let owner = child.owner().and_then(|uid| self.pipelines.get(uid));
        owner
            .into_iter()
            .chain(self.sharers.get(&child.id).into_iter().flatten())
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::OWNER_UID;

    fn scope() -> Scope {
        ("Deployment".to_owned(), None)
    }

    fn child(owner: &str, resource_version: u64) -> Child {
        Child {
            id: ObjectId {
                kind: "Deployment".to_owned(),
                namespace: "n".to_owned(),
                name: "d".to_owned(),
            },
            labels: BTreeMap::from([(OWNER_UID.to_owned(), owner.to_owned())]).into(),
            resource_version,
            ..Child::default()
        }
    }

    fn name(name: &str) -> PipelineName {
        ("n".to_owned(), name.to_owned())
    }

    fn cache() -> Cache {
        let mut cache = Cache::default();
        cache.add_pipeline("uid-a".to_owned(), name("a"));
        cache.add_pipeline("uid-b".to_owned(), name("b"));
        cache
    }

    #[test]
    fn a_label_that_changes_concerns_both_pipelines() {
        let mut cache = cache();
        assert_eq!(cache.applied(&scope(), child("uid-a", 1)), [name("a")]);
        assert_eq!(cache.applied(&scope(), child("uid-b", 2)), [name("a"), name("b")]);
        assert!(cache.of("uid-a").is_empty());
        assert_eq!(cache.of("uid-b").len(), 1);
    }

    #[test]
    fn an_answer_is_known_before_the_watch_tells_it() {
        let mut cache = cache();
        cache.applied(&scope(), child("uid-a", 1));
        cache.written(child("uid-a", 5));
        assert_eq!(cache.of("uid-a")[0].resource_version, 5);

        // Late news from the watch does not bring back what was before the write.
        cache.applied(&scope(), child("uid-a", 3));
        assert_eq!(cache.of("uid-a")[0].resource_version, 5);
    }

    #[test]
    fn a_late_answer_does_not_bring_back_what_is_deleted() {
        let mut cache = cache();
        cache.removed(&scope(), &child("uid-a", 6));
        cache.written(child("uid-a", 5));
        assert!(cache.of("uid-a").is_empty());
    }

    #[test]
    fn a_new_list_forgets_what_is_gone_and_keeps_what_was_just_written() {
        let mut cache = cache();
        cache.applied(&scope(), child("uid-a", 1));
        let other = ObjectId { name: "other".to_owned(), ..child("uid-a", 1).id };
        assert_eq!(cache.replaced(&scope(), &BTreeMap::from([(other.clone(), 4)])), [name("a")]);
        assert!(cache.of("uid-a").is_empty());

        cache.written(child("uid-a", 9));
        cache.replaced(&scope(), &BTreeMap::from([(other, 4)]));
        assert_eq!(cache.of("uid-a").len(), 1);
    }

    #[test]
    fn what_was_controlled_by_a_pipeline_that_is_gone_is_left_behind() {
        let controller =
            |uid: &str| Some(("StreamingPipeline".to_owned(), "c".to_owned(), uid.to_owned()));
        let gone = Child { is_applied: true, controller: controller("uid-c"), ..child("uid-c", 1) };
        let left_behind = |child: Child| {
            let mut cache = cache();
            cache.applied(&scope(), child);
            cache.left_behind(Some("n")).len()
        };
        assert_eq!(left_behind(gone.clone()), 1);
        for stays in [
            Child {
                labels: child("uid-a", 1).labels,
                controller: controller("uid-a"),
                ..gone.clone()
            },
            Child { controller: controller("uid-a"), ..gone.clone() },
            Child { controller: None, ..gone.clone() },
            Child { is_applied: false, ..gone.clone() },
            Child { is_deleted: true, ..gone.clone() },
            Child {
                id: ObjectId { namespace: "other".to_owned(), ..gone.id.clone() },
                ..gone.clone()
            },
        ] {
            assert_eq!(left_behind(stays.clone()), 0, "{stays:?}");
        }
    }

    #[test]
    fn who_shares_an_object_hears_of_it() {
        let mut cache = cache();
        cache.applied(&scope(), child("uid-a", 1));
        cache.share(&name("b"), vec![child("uid-a", 1).id]);
        assert_eq!(cache.removed(&scope(), &child("uid-a", 2)), [name("a"), name("b")]);

        cache.share(&name("b"), Vec::new());
        assert_eq!(cache.removed(&scope(), &child("uid-a", 3)), [name("a")]);
    }
}
