//! The cluster that the objects are for: its version of Kubernetes, and the features that are on in it.

use super::inputs::Inputs;
use crate::kubernetes::Cluster;
use crate::kubernetes::versions::{Gate, minor_of, minors};
use crate::problem::{Code, Cure, Problem, Report, nearest, quoted};
use crate::value::{Node, Path, Value};

/// Reads the cluster. Where nothing is said of it, its version is the newest.
pub(super) fn cluster(inputs: &Inputs<'_>, report: &mut Report) -> Cluster {
    let minor = version(inputs, report);
    let gates = gates(inputs, report);
    Cluster::new(minor, &gates)
}

/// The minor version that is named, or the newest where that is newer than all.
fn version(inputs: &Inputs<'_>, report: &mut Report) -> Option<u8> {
    const FIELD: &str = "kubernetes_version";

    let node = inputs.field(FIELD).filter(|node| node.value != Value::Null)?;
    let problem =
        |code, message: &str| Problem::new(code, inputs.path(FIELD), message).origin(node.origin);
    let Some(text) = node.as_str() else {
        let message = format!("expected a version as a string, got {}", node.describe());
        let is_number = matches!(node.value, Value::Float(_) | Value::Integer(_));
        let problem = problem(Code::WrongType, &message)
            .help("quote it, such as \"1.31\": without quotes 1.30 is the number 1.3")
            .cure(is_number.then_some(Cure::Quote));
        report.problems.add(problem);
        return None;
    };

    let known = minors();
    match minor_of(text) {
        Some(minor) if minor > u32::from(*known.end()) => {
            let message = format!(
                "Kubernetes {} is newer than 1.{}, the newest that this macro knows",
                quoted(text),
                known.end()
            );
            report
                .warnings
                .add(problem(Code::NewerKubernetes, &message).help(Code::NewerKubernetes.cure()));
            Some(*known.end())
        }
        minor => {
            let minor = minor.and_then(|minor| u8::try_from(minor).ok());
            let minor = minor.filter(|minor| known.contains(minor));
            if minor.is_none() {
                let all: Vec<String> = known.map(|minor| format!("1.{minor}")).collect();
                let message = format!("no version of Kubernetes that is known: {}", quoted(text));
                let help = format!("use one of {}", all.join(", "));
                report.problems.add(problem(Code::UnsupportedValue, &message).help(help));
            }
            minor
        }
    }
}

/// The features that are on, whatever the version has by default.
fn gates(inputs: &Inputs<'_>, report: &mut Report) -> Vec<Gate> {
    const FIELD: &str = "feature_gates";

    let Some(node) = inputs.field(FIELD).filter(|node| node.value != Value::Null) else {
        return Vec::new();
    };
    let path = inputs.path(FIELD);
    let items = node.as_list().unwrap_or_default();
    if node.as_list().is_none() || items.iter().any(|item| item.as_str().is_none()) {
        let message = format!("expected a list of feature gates, got {}", node.describe());
        let problem = Problem::new(Code::WrongType, path, message).origin(node.origin);
        report.problems.add(problem.help("write it as [\"PodLevelResources\"]"));
        return Vec::new();
    }

    let mut gates = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match Gate::named(item.as_str().unwrap_or_default()) {
            Some(gate) => gates.push(gate),
            None => report.problems.add_with(|| no_gate(item, path.index(at))),
        }
    }
    gates
}

/// What is in the list of gates and is none.
fn no_gate(item: &Node<'_>, path: Path) -> Problem {
    let name = item.as_str().unwrap_or_default();
    let message = format!("no field or rule depends on a feature gate {}", quoted(name));
    let problem = Problem::new(Code::UnsupportedValue, path, message).origin(item.origin);
    match nearest(name, Gate::names()) {
        Some(meant) => problem.help(format!("did you mean `{meant}`?")).replace(meant),
        None => problem.help("remove it: other features change nothing here"),
    }
}

#[cfg(test)]
mod tests {
    use crate::problem::Code;

    /// The codes that a context with these fields gets: problems, else warnings.
    fn codes(fields: &str) -> Vec<Code> {
        let context = format!(
            r#"{{"service_name": "a", "pipeline_name": "b", "pipeline_module": "a.py", "image_name": "a:1", "segment_id": 0,
                "cpu_per_process": 1, "memory_per_process": 1, "deployment_template": {{}}, "container_template": {{}},
                "pipeline_config": {{"pipeline": {{"segments": [{{}}]}}}}, {fields}}}"#
        );
        let found = crate::validate(&context).unwrap_or_else(|problems| problems);
        found.into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn versions() {
        for fields in [
            r#""kubernetes_version": null"#,
            r#""kubernetes_version": "1.28""#,
            r#""kubernetes_version": "v1.37.2-gke.1", "feature_gates": ["EnvFiles"]"#,
            r#""feature_gates": null"#,
        ] {
            assert_eq!(codes(fields), [], "{fields}");
        }
        assert_eq!(codes(r#""kubernetes_version": "1.99""#), [Code::NewerKubernetes]);
        for fields in [
            r#""kubernetes_version": "1.27""#,
            r#""kubernetes_version": "latest""#,
            r#""feature_gates": ["PodLevelResource"]"#,
        ] {
            assert_eq!(codes(fields), [Code::UnsupportedValue], "{fields}");
        }
        for fields in [r#""kubernetes_version": 1.31"#, r#""feature_gates": "EnvFiles""#] {
            assert_eq!(codes(fields), [Code::WrongType], "{fields}");
        }
    }
}
