//! The layers that a value can come from.

use clap::ValueEnum;
use serde::Deserialize;

/// What set a value; of several the last one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub(crate) enum Layer {
    /// The macro's base templates
    Base,
    /// `deployment_template` of the context
    DeploymentTemplate,
    /// `container_template` of the context
    ContainerTemplate,
    /// The macro itself, from the other fields of the context
    Platform,
    /// `pipeline_config` of the context
    PipelineConfig,
    /// `emergency_patch` of the context
    EmergencyPatch,
}

impl Layer {
    pub(super) const ALL: [Self; 6] = [
        Self::Base,
        Self::DeploymentTemplate,
        Self::ContainerTemplate,
        Self::Platform,
        Self::PipelineConfig,
        Self::EmergencyPatch,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::DeploymentTemplate => "deployment_template",
            Self::ContainerTemplate => "container_template",
            Self::Platform => "platform",
            Self::PipelineConfig => "pipeline_config",
            Self::EmergencyPatch => "emergency_patch",
        }
    }

    /// What stands at the margin.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::DeploymentTemplate => "depl",
            Self::ContainerTemplate => "cont",
            Self::Platform => "plat",
            Self::PipelineConfig => "conf",
            Self::EmergencyPatch => "PATCH",
        }
    }

    /// What it is, in a few words.
    pub(super) fn about(self) -> &'static str {
        match self {
            Self::Base => "the macro's base templates",
            Self::DeploymentTemplate => "deployment_template of the context",
            Self::ContainerTemplate => "container_template of the context",
            Self::Platform => "the macro, from the other fields of the context or by itself",
            Self::PipelineConfig => "pipeline_config of the context",
            Self::EmergencyPatch => "emergency_patch of the context",
        }
    }
}
