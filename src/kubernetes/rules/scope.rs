//! What the rules of a container need to know of what is around it.

use super::super::place::Place;
use crate::value::{Index, Node, Value};

/// What a container is in its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// One of `containers`.
    Regular,
    /// One of `initContainers` that runs to its end.
    Init,
    /// One of `initContainers` with `restartPolicy: Always`.
    Sidecar,
}

/// What the rules of containers need to know of their pod.
pub(super) struct Pod<'p> {
    pub(super) spec: &'p Place<'p>,
    volumes: Vec<Place<'p>>,
    volumes_by_name: Index<'p>,
    claims: Index<'p>,
    /// `terminationGracePeriodSeconds`.
    pub(super) grace_period: i64,
    /// Whether the pod as a whole has a limit of memory.
    pub(super) has_memory_limit: bool,
    /// Whether `hostUsers` is false.
    pub(super) has_own_users: bool,
    /// `os.name`.
    pub(super) os: Option<&'p str>,
}

impl<'p> Pod<'p> {
    pub(super) fn new(spec: &'p Place<'p>, volumes: Vec<Place<'p>>) -> Self {
        let mut volumes_by_name = Index::default();
        for (at, volume) in volumes.iter().enumerate() {
            if let Some(name) = volume.text_of("name") {
                volumes_by_name.before(name, at);
            }
        }
        let mut claims = Index::default();
        for claim in spec.node.get("resourceClaims").and_then(Node::as_list).unwrap_or_default() {
            if let Some(name) = claim.get("name").and_then(Node::as_str) {
                claims.before(name, 0);
            }
        }

        // SetDefaults_PodSpec
        let grace_period = spec.number_of("terminationGracePeriodSeconds").unwrap_or(30);
        let has_memory_limit = spec.node.at(&["resources", "limits", "memory"]).is_some();
        let has_own_users =
            spec.node.get("hostUsers").is_some_and(|node| node.value == Value::Bool(false));
        let os = spec.node.at(&["os", "name"]).and_then(Node::as_str);
        Self {
            spec,
            volumes,
            volumes_by_name,
            claims,
            grace_period,
            has_memory_limit,
            has_own_users,
            os,
        }
    }

    pub(super) fn volume(&self, name: &str) -> Option<&Place<'p>> {
        self.volumes.get(self.volumes_by_name.get(name)?)
    }

    pub(super) fn volume_names(&self) -> impl Iterator<Item = &'p str> {
        self.volumes.iter().filter_map(|volume| volume.text_of("name"))
    }

    /// Whether it has a resource claim.
    pub(super) fn has_claim(&self, name: &str) -> bool {
        self.claims.get(name).is_some()
    }
}
