//! What would change a field: the place in the context to edit, in words.

use crate::value::{Node, Path, Source, Step};

const CONTAINERS: [&str; 4] = ["spec", "template", "spec", "containers"];

/// What is known of one object's fields by their place in it.
pub(super) struct Advisor<'o, 'n> {
    object: &'o Node<'n>,
    /// The macro's own container in the list of containers, where a patch has left it there.
    managed: Option<usize>,
    /// Where the fields of the context are.
    root: &'o Path,
}

impl<'o, 'n> Advisor<'o, 'n> {
    pub(super) fn new(object: &'o Node<'n>, root: &'o Path) -> Self {
        let containers = object.at(&CONTAINERS).and_then(Node::as_list).unwrap_or_default();
        // No other container comes from a base template.
        let managed =
            containers.iter().position(|container| container.origin.source == Source::Base);
        Self { object, managed, root }
    }

    /// How the macro makes the value of what the context says, where that is more than a copy.
    pub(super) fn note(&self, path: &Path) -> Option<&'static str> {
        match keys(path)[..] {
            [.., "annotations", "configVersion"] => {
                Some("the hash of the configuration: when it changes, pods restart")
            }
            ["data", _] => Some("the configuration as JSON text"),
            ["metadata", "name"] if self.is("Deployment") => Some(
                "service_name, pipeline_name and segment_id, joined and made a Kubernetes name",
            ),
            ["metadata", "name"] | [.., "configMap", "name"] => {
                Some("service_name and pipeline_name, joined and made a Kubernetes name")
            }
            [.., "labels" | "matchLabels", "pipeline" | "pipeline-app" | "service"] => {
                Some("made a Kubernetes label")
            }
            _ => None,
        }
    }

    /// What to edit, given the layer that set the field and the place its value was written at.
    pub(super) fn change(&self, path: &Path, layer: &str, place: Option<&Path>) -> String {
        match (layer, place) {
            ("emergency_patch", Some(place)) => {
                format!("change {place}, or remove it from the patch")
            }
            ("platform", Some(place)) => match keys(path)[..] {
                ["metadata", "name"] if self.is("Deployment") => {
                    self.edit("change", &["service_name", "pipeline_name", "segment_id"])
                }
                ["metadata", "name"] | [.., "configMap", "name"] => {
                    self.edit("change", &["service_name", "pipeline_name"])
                }
                _ => format!("change {place}"),
            },
            (_, Some(place)) => format!("change {place}"),
            ("base", None) => self.override_base(path),
            (_, None) => self.change_platform(path),
        }
    }

    /// A template may override what is in a base template.
    fn override_base(&self, path: &Path) -> String {
        if matches!(keys(path)[..], ["apiVersion" | "kind"]) {
            return "nothing: the macro makes Deployments".to_owned();
        }
        let template = match self.in_managed_container(path) {
            Some(below) => below.iter().cloned().fold(self.field("container_template"), with),
            None => path.steps().iter().cloned().fold(self.field("deployment_template"), with),
        };
        format!("set {template}")
    }

    /// What the macro sets without being told a value.
    fn change_platform(&self, path: &Path) -> String {
        let all = keys(path);
        if let [.., "labels" | "matchLabels", "env"] = all[..] {
            return "nothing: this label tells primary and canary apart".to_owned();
        }
        if let ["spec", "replicas"] = all[..] {
            return self.edit("set", &["replicas"]);
        }
        if let Some(below) = self.in_managed_container(path) {
            let field = match below {
                [Step::Key(key)] if key == "name" => Some("container_name"),
                [Step::Key(key), Step::Index(at)] if key == "args" => self.option_of_argument(*at),
                [Step::Key(key), ..] if key == "livenessProbe" => {
                    return format!(
                        "set {} to false, and give {} of your own",
                        self.field("enable_liveness_probe"),
                        self.field("container_template").key("livenessProbe")
                    );
                }
                _ => None,
            };
            if let Some(field) = field {
                return self.edit("set", &[field]);
            }
        }
        if self.is("Deployment") {
            format!("only {} can override it", self.field("emergency_patch"))
        } else {
            "nothing: the macro sets it".to_owned()
        }
    }

    /// The field of the context whose default an argument of the consumer is.
    fn option_of_argument(&self, at: usize) -> Option<&'static str> {
        let container = self.object.at(&CONTAINERS)?.as_list()?.get(self.managed?)?;
        match container.get("args")?.as_list()?.get(at.checked_sub(1)?)?.as_str()? {
            "--log-level" => Some("log_level"),
            "--segment-id" => Some("segment_id"),
            _ => None,
        }
    }

    /// The way from the managed container on, where the path leads through it.
    fn in_managed_container<'p>(&self, path: &'p Path) -> Option<&'p [Step]> {
        let (list, below) = path.steps().split_at_checked(CONTAINERS.len())?;
        let is_list = list
            .iter()
            .zip(CONTAINERS)
            .all(|(step, name)| matches!(step, Step::Key(key) if key == name));
        match below {
            [Step::Index(at), below @ ..] if is_list && Some(*at) == self.managed => Some(below),
            _ => None,
        }
    }

    fn is(&self, kind: &str) -> bool {
        self.object.get("kind").and_then(Node::as_str) == Some(kind)
    }

    fn field(&self, field: &str) -> Path {
        self.root.key(field)
    }

    fn edit(&self, verb: &str, fields: &[&str]) -> String {
        let fields: Vec<String> =
            fields.iter().map(|field| self.field(field).to_string()).collect();
        match fields.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("{verb} {} or {last}", others.join(", "))
            }
            _ => format!("{verb} {}", fields.join("")),
        }
    }
}

/// The keys on the way; a position in a list is an empty one.
fn keys(path: &Path) -> Vec<&str> {
    let steps = path.steps().iter().map(|step| match step {
        Step::Key(key) => key.as_str(),
        Step::Index(_) => "",
    });
    steps.collect()
}

fn with(mut path: Path, step: Step) -> Path {
    path.push(step);
    path
}
