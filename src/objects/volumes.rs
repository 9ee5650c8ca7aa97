//! The volumes that the macro adds to a pod, and where the consumer finds them.

use crate::context::Context;

/// The file with the pipeline configuration, in its mount.
pub(super) const CONFIG_FILE: &str = "/etc/pipeline-config/pipeline_config.yaml";

/// The file by which the consumer says that it is alive, in its mount.
pub(super) const HEALTH_FILE: &str = "/tmp/health.txt";

/// A volume that the macro adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ManagedVolume {
    /// The pipeline configuration, from the ConfigMap.
    Config,
    /// Memory that several processes share.
    SharedMemory,
    /// Where the consumer says that it is alive.
    Health,
}

/// What a managed volume is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VolumeSource {
    /// The pipeline's ConfigMap.
    ConfigMap,
    /// An empty directory in memory.
    Memory,
    /// An empty directory.
    EmptyDir,
}

impl ManagedVolume {
    /// The volumes of a step, in the reference's order.
    pub(super) fn of(context: &Context<'_>) -> Vec<Self> {
        let mut volumes = vec![Self::Config];

        if context.processes > 1 {
            volumes.push(Self::SharedMemory);
        }
        if context.has_health_volume() {
            volumes.push(Self::Health);
        }

        volumes
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Config => "pipeline-config",
            Self::SharedMemory => "dshm",
            Self::Health => "liveness-health",
        }
    }

    /// The path at which the consumer's container has it.
    pub(super) fn mount_path(self) -> &'static str {
        match self {
            Self::Config => "/etc/pipeline-config",
            Self::SharedMemory => "/dev/shm",
            Self::Health => "/tmp",
        }
    }

    pub(super) fn source(self) -> VolumeSource {
        match self {
            Self::Config => VolumeSource::ConfigMap,
            Self::SharedMemory => VolumeSource::Memory,
            Self::Health => VolumeSource::EmptyDir,
        }
    }
}
