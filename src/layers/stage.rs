//! The layers by name.

/// A step on the way of an object, for those who watch it being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The managed container's base template.
    ContainerBase,
    /// The container template over it.
    ContainerTemplate,
    /// A Deployment's base template.
    Base,
    /// The deployment template over it.
    DeploymentTemplate,
    /// What the macro adds over it: all but the emergency patch.
    Platform,
    /// The canary, made of that: all but the emergency patch.
    Canary,
}
