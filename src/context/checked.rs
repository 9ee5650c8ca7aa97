//! A context that is right.

use crate::kubernetes::Cluster;
use crate::problem::Code;
use crate::value::{Node, Origin, Path};
use std::borrow::Cow;

/// A context that is right.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) deployment_template: Layer<'a>,
    pub(crate) container_template: Layer<'a>,
    pub(crate) pipeline_config: Layer<'a>,
    pub(crate) emergency_patch: Option<Layer<'a>>,
    pub(crate) service_name: Text<'a>,
    pub(crate) pipeline_name: Text<'a>,
    pub(crate) pipeline_module: Text<'a>,
    pub(crate) image_name: Text<'a>,
    pub(crate) container_name: Text<'a>,
    pub(crate) log_level: Text<'a>,
    /// As it stands in the argument `--segment-id`.
    pub(crate) segment_id: Text<'a>,
    /// CPU and memory of the container, for all its processes, as Kubernetes quantities.
    pub(crate) cpu: Text<'a>,
    pub(crate) memory: Text<'a>,
    /// How many processes a step of the segment runs in.
    pub(crate) processes: i64,
    pub(crate) replicas: i64,
    pub(crate) replicas_origin: Origin,
    /// The metadata of a `StreamingPipeline`.
    pub(crate) pipeline_metadata: Option<&'a Node<'a>>,
    pub(crate) with_canary: bool,
    pub(crate) enable_liveness_probe: bool,
    pub(crate) segment_label: bool,
    pub(crate) allow_unknown_fields: bool,
    /// The codes of warnings that are not given.
    pub(crate) silence: Vec<Code>,
    /// The cluster that the objects are for.
    pub(crate) cluster: Cluster,
}

/// A mapping that is merged over others, and its place in the context.
#[derive(Clone, Debug)]
pub(crate) struct Layer<'a> {
    pub(crate) path: Path,
    pub(crate) node: &'a Node<'a>,
}

/// A string field, and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Text<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) origin: Origin,
}

impl<'a> Text<'a> {
    pub(crate) fn node(&self) -> Node<'a> {
        Node::string(self.text.clone(), self.origin)
    }
}

impl Context<'_> {
    /// Whether the consumer has a volume of its own for `/tmp`.
    pub(crate) fn has_health_volume(&self) -> bool {
        self.enable_liveness_probe || self.processes > 1
    }

    /// How values of the context become other values in the objects, by their places.
    pub(crate) fn notes(&self) -> Vec<(Origin, String)> {
        let mut notes = Vec::new();
        if self.processes > 1 {
            for figure in [&self.cpu, &self.memory] {
                let note = format!(
                    "what one process needs, times {} processes of the segment",
                    self.processes
                );
                notes.push((figure.origin, note));
            }
        }
        if self.splits() {
            let note = format!("{} replicas, of which the canary takes one", self.replicas);
            notes.push((self.replicas_origin, note));
        }
        notes
    }

    /// Whether there is a canary.
    pub(crate) fn splits(&self) -> bool {
        self.with_canary && self.replicas > 1
    }
}
