//! The pipeline configuration: what Sentry Streams' runtime reads, and what of it decides the manifests.

use super::checked::Layer;
use crate::json_schema::{PIPELINE_CONFIG, Schema};
use crate::problem::{Code, Problem, Problems, Report, nearest};
use crate::value::{Node, Path, Trail, Value};

/// Checks a configuration against the schema of Sentry Streams' runtime, or the newer one a host gives, and that it
/// has a list of segments, which no schema need ask for.
pub(super) fn check(
    config: &Node<'_>,
    newer: Option<&Layer<'_>>,
    place: &Path,
    report: &mut Report,
) {
    let violations = match newer {
        None => {
            ignored(config, place, &mut report.warnings);
            PIPELINE_CONFIG.violations(config, place)
        }
        Some(schema) => match Schema::compile(schema.node, &schema.path) {
            Ok(schema) => schema.violations(config, place),
            Err(problems) => problems,
        },
    };
    let is_right = violations.is_empty();
    report.problems.extend(violations);
    if !is_right {
        return;
    }

    match config.at(&["pipeline", "segments"]) {
        None => {
            let message = "missing required key `pipeline` with its `segments`";
            let help =
                "give the pipeline's configuration: {pipeline: {segments: [{steps_config: {…}}]}}";
            let problem =
                Problem::new(Code::InvalidConfig, place.key("pipeline"), message).help(help);
            report.problems.add(problem.origin(config.origin));
        }
        Some(segments) if segments.as_list().is_none() => {
            let place = place.key("pipeline").key("segments");
            let message = format!("expected a list, got {}", segments.describe());
            let problem = Problem::new(Code::InvalidConfig, place, message)
                .help("write one item for each segment");
            report.problems.add(problem.origin(segments.origin));
        }
        Some(_) => {}
    }
}

/// Keys that do nothing, and are nearly one that the runner or the macro reads. Others are allowed, and reach the runner.
fn ignored(config: &Node<'_>, place: &Path, warnings: &mut Problems) {
    let mut check = |node: &Node<'_>, trail: &Trail<'_>, known: &[&str]| {
        let Some(map) = node.as_map() else { return };
        let absent: Vec<&str> =
            known.iter().copied().filter(|name| map.get(name).is_none()).collect();
        for (key, _) in map.iter().filter(|(key, _)| !known.contains(&&*key.text)) {
            if warnings.has_room()
                && let Some(near) = nearest(&key.text, absent.iter().copied())
            {
                let place = trail.entry(map, &key.text).under(place);
                let message = format!("the key `{:.64}` does nothing", key.text);
                let problem = Problem::new(Code::IgnoredKey, place, message).origin(key.origin);
                warnings.add(problem.did_you_mean(Some(near), |_| false));
            }
        }
    };

    let root = Trail::ROOT;
    check(config, &root, &["env", "pipeline", "metrics", "sentry_sdk_config"]);
    let Some(pipeline) = config.get("pipeline") else { return };
    let pipeline_trail = root.key("pipeline");
    check(pipeline, &pipeline_trail, &["segments", "adapter_config"]);
    let list_trail = pipeline_trail.key("segments");
    let segments = pipeline.get("segments").and_then(Node::as_list).unwrap_or_default();
    let mut not_parallel = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        let at_trail = list_trail.index(at);
        check(segment, &at_trail, &["steps_config"]);
        let Some(steps) = segment.get("steps_config").and_then(Node::as_map) else { continue };
        let names_trail = at_trail.key("steps_config");
        for (name, step) in steps.iter() {
            let step_trail = names_trail.key(&name.text);
            check(step, &step_trail, &["parallelism"]);
            let Some(parallelism) = step.get("parallelism") else { continue };
            let trail = step_trail.key("parallelism");
            check(parallelism, &trail, &["multi_process"]);
            if parallelism.as_map().is_none() && parallelism.value != Value::Null {
                not_parallel.push((trail.under(place), parallelism.origin));
            }
        }
    }
    for (place, origin) in not_parallel {
        let message = "a step runs in several processes by `multi_process` only; this does nothing";
        let help = "write it as {multi_process: {processes: 4, batch_size: 1000, batch_time: 0.2}}";
        warnings.add(Problem::new(Code::IgnoredKey, place, message).help(help).origin(origin));
    }
}

/// In how many processes the deployed segment runs: the setting of its first step that has one, else 1.
///
/// The reference takes the setting of whichever segment has one, and refuses two; each Deployment runs one segment,
/// so its own counts here. A segment that the configuration does not list has no setting of its own: there the
/// reference's rule stands.
pub(super) fn processes(
    config: &Node<'_>,
    segment: &str,
    segment_label: bool,
    place: &Path,
    report: &mut Report,
) -> Option<i64> {
    let list = config.at(&["pipeline", "segments"])?;
    let segments = list.as_list()?;
    let place = place.key("pipeline").key("segments");
    if segments.len() > 1 && !segment_label {
        let message = format!(
            "the pipeline has {} segments, and the Deployments of all of them select each other's pods",
            segments.len()
        );
        let help = "set `segment_label: true` to add the segment to labels and selector; a Deployment that exists \
                    must be deleted first, since its selector cannot change";
        report.warnings.add(
            Problem::new(Code::OverlappingSelectors, place.clone(), message)
                .help(help)
                .origin(list.origin),
        );
    }
    let index = segment.parse::<usize>().ok().filter(|index| *index < segments.len());
    if index.is_none() && !segments.is_empty() {
        let message = format!(
            "segment {segment} is deployed, and only segments 0 to {} are listed",
            segments.len().saturating_sub(1)
        );
        let help = "check `segment_id`, or add the segment to the configuration";
        report.warnings.add(
            Problem::new(Code::SegmentNotFound, place.clone(), message)
                .help(help)
                .origin(list.origin),
        );
    }
    let deployed = |at: &usize| index.is_none_or(|index| *at == index);
    let mut settings: Vec<(Path, &Node<'_>)> = Vec::new();
    for (at, segment) in segments.iter().enumerate().filter(|(at, _)| deployed(at)) {
        match setting(segment, &place.index(at)) {
            Ok(Some(setting)) => settings.push(setting),
            Ok(None) => {}
            Err(problem) => {
                report.problems.add(*problem);
                return None;
            }
        }
    }
    match settings.as_slice() {
        [] => Some(1),
        [(place, node)] => count(node, place, report),
        [.., (place, node)] => {
            let message = format!(
                "several segments set how many processes they run in, and the deployed segment {segment} is none of them"
            );
            let help = "give a `segment_id` that the configuration lists";
            report.problems.add(
                Problem::new(Code::InvalidConfig, place.clone(), message)
                    .help(help)
                    .origin(node.origin),
            );
            None
        }
    }
}

/// The number of processes that a segment's first step with such a setting asks for.
fn setting<'n, 'a>(
    segment: &'n Node<'a>,
    place: &Path,
) -> Result<Option<(Path, &'n Node<'a>)>, Box<Problem>> {
    let Some(steps) = segment.get("steps_config").and_then(Node::as_map) else { return Ok(None) };
    for (step, config) in steps.iter() {
        let Some(parallelism) = config.get("parallelism").filter(|node| node.as_map().is_some())
        else {
            continue;
        };
        let Some(multi_process) = parallelism.get("multi_process").filter(|node| node.is_truthy())
        else {
            continue;
        };
        let place =
            place.key("steps_config").key(&step.text).key("parallelism").key("multi_process");
        if multi_process.as_map().is_none() {
            let message = format!("expected a mapping, got {}", multi_process.describe());
            let help = "write it as {processes: 4, batch_size: 1000, batch_time: 0.2}";
            return Err(Box::new(
                Problem::new(Code::InvalidConfig, place, message)
                    .help(help)
                    .origin(multi_process.origin),
            ));
        }
        let processes = multi_process.get("processes").filter(|node| node.value != Value::Null);
        if let Some(processes) = processes {
            return Ok(Some((place.key("processes"), processes)));
        }
    }
    Ok(None)
}

fn count(node: &Node<'_>, place: &Path, report: &mut Report) -> Option<i64> {
    if let Some(processes @ 0..=0xffff_ffff) = node.as_i64() {
        return Some(processes.max(1));
    }

    let message = match &node.value {
        Value::Integer(digits) => format!("no segment can run in {digits} processes"),
        _ => format!("expected an integer, got {}", node.describe()),
    };
    let problem = Problem::new(Code::InvalidProcesses, place.clone(), message)
        .help(Code::InvalidProcesses.cure());
    report.problems.add(problem.origin(node.origin));
    None
}
