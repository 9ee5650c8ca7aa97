//! What the rules of a container need to know of what is around it.

use super::super::place::Place;
use crate::value::Index;

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
    volume_names: Index<'p>,
    /// `terminationGracePeriodSeconds`.
    pub(super) grace_period: i64,
}

impl<'p> Pod<'p> {
    pub(super) fn new(spec: &'p Place<'p>, volumes: Vec<Place<'p>>) -> Self {
        let mut volume_names = Index::default();
        for (at, volume) in volumes.iter().enumerate() {
            if let Some(name) = volume.text_of("name") {
                volume_names.before(name, at);
            }
        }

        // SetDefaults_PodSpec
        let grace_period = spec.number_of("terminationGracePeriodSeconds").unwrap_or(30);
        Self { spec, volumes, volume_names, grace_period }
    }

    pub(super) fn volume(&self, name: &str) -> Option<&Place<'p>> {
        self.volumes.get(self.volume_names.get(name)?)
    }

    /// The names of the volumes, of which no more than a person overlooks.
    pub(super) fn some_volume_names(&self) -> impl Iterator<Item = &'p str> {
        self.volumes.iter().take(100).filter_map(|volume| volume.text_of("name"))
    }
}
