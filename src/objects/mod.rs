//! The objects of a step: the Deployments, their container and volumes, the `ConfigMap`.

mod configmap;
mod container;
mod deployment;
mod inherited;
mod names;
mod templates;
mod volumes;

pub(crate) use configmap::build as configmap;
pub(crate) use deployment::{Track, build as deployments};
