//! What changes, and what that means for what runs.

use super::secret::{HIDDEN, without_secrets};

/// What a change means, the gravest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Consequence {
    /// Labels, annotations: nothing that runs notices.
    MetadataOnly,
    /// The text means the same.
    SameMeaning,
    /// How later rollouts go; pods stay.
    Rollout,
    /// The configuration in a `ConfigMap`; pods read it when they start.
    ConfigMap,
    /// The number of pods.
    Scale,
    /// An object that is new.
    Created,
    /// An object that is no more.
    Gone,
    /// The pod template: every pod is replaced.
    Restart,
    /// Kubernetes refuses it.
    Refused,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The place in the object; items of keyed lists by their key: `containers[consumer].image`.
    pub(crate) path: String,
    /// The value before as JSON text; none where there was none.
    pub(crate) old: Option<String>,
    /// The value now.
    pub(crate) new: Option<String>,
    /// What it means.
    pub(crate) consequence: Consequence,
    /// Whether names say that the values are secrets.
    pub(crate) is_secret: bool,
}

/// An object that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectDiff {
    /// Its kind.
    pub(crate) kind: String,
    /// Its namespace, where it has one.
    pub(crate) namespace: Option<String>,
    /// Its name.
    pub(crate) name: String,
    /// What changes in it; one change without a path where the object is new or gone.
    pub(crate) changes: Vec<Change>,
}

impl Consequence {
    /// Its name, for programs.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::MetadataOnly => "metadata-only",
            Self::SameMeaning => "same-meaning",
            Self::Rollout => "rollout-settings",
            Self::ConfigMap => "config-map",
            Self::Scale => "scale",
            Self::Created => "created",
            Self::Gone => "gone",
            Self::Restart => "pods-restart",
            Self::Refused => "refused",
        }
    }

    /// What happens, in a sentence.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::MetadataOnly => "metadata only: nothing restarts",
            Self::SameMeaning => "the same, written otherwise: nothing restarts",
            Self::Rollout => "settings for later rollouts: nothing restarts",
            Self::ConfigMap => {
                "the configuration: pods read it when they start, which a new configVersion makes them do"
            }
            Self::Scale => "the number of pods: some start or stop, and none restarts for it",
            Self::Created => "it is created",
            Self::Gone => "it is no longer rendered: what runs stays until somebody deletes it",
            Self::Restart => "the pod template changes: all pods restart",
            Self::Refused => {
                "Kubernetes refuses this: selectors cannot change; delete the Deployment first, or give it another name"
            }
        }
    }
}

impl ObjectDiff {
    /// What people call the object: `Deployment profiling/profiles-0`.
    pub(crate) fn title(&self) -> String {
        let namespace =
            self.namespace.as_deref().map(|namespace| format!("{namespace}/")).unwrap_or_default();
        format!("{} {namespace}{}", self.kind, self.name)
    }

    /// What the changes mean, the gravest first, each once.
    pub(crate) fn consequences(&self) -> Vec<Consequence> {
        let mut all: Vec<Consequence> =
            self.changes.iter().map(|change| change.consequence).collect();
        all.sort_unstable();
        all.dedup();
        all.reverse();
        all
    }
}

impl Change {
    /// The same, with values that may be secrets hidden.
    pub(crate) fn without_secrets(&self) -> Self {
        let hidden = |value: &String| {
            if self.is_secret { HIDDEN.to_owned() } else { without_secrets(value) }
        };
        Self {
            old: self.old.as_ref().map(hidden),
            new: self.new.as_ref().map(hidden),
            ..self.clone()
        }
    }
}
