//! The context's fields, read one by one: what is right becomes a [`Context`], all that is wrong is reported.

use super::checked::{Context, Layer, Text};
use super::fields::FIELDS;
use super::figure::{CPU, Figure, MEMORY, figure_text, is_digits, is_number};
use super::inputs::Inputs;
use super::{cluster, names, pipeline_config, silence};
use crate::problem::{Code, Cure, Problem, Report};
use crate::value::{Map, Node, Origin, Value};
use std::borrow::Cow;

/// The levels that the consumer's runner and the reference both take.
const LOG_LEVELS: [&str; 4] = ["DEBUG", "INFO", "WARNING", "ERROR"];

/// Kubernetes keeps replicas in 32 bits.
const REPLICAS_MAX: i64 = i32::MAX as i64;

static EMPTY: Node<'static> = Node { value: Value::Map(Map::EMPTY), origin: Origin::MACRO };

/// Checks every field. None where a problem was found.
pub(crate) fn check<'c>(inputs: &'c Inputs<'c>, report: &mut Report) -> Option<Context<'c>> {
    let mut fields = Fields { inputs, report };
    fields.require();

    let deployment_template = fields.layer("deployment_template");
    let container_template = fields.layer("container_template");
    let pipeline_config = fields.layer("pipeline_config");
    let emergency_patch = fields.layer("emergency_patch");
    let schema = fields.layer("pipeline_config_schema").flatten();
    let pipeline_module = fields.module();
    let image_name = fields.string("image_name", None);
    let segment = fields.segment();
    let pipeline_name = fields.name("pipeline_name");
    let service_name = fields.name("service_name");
    let log_level = fields.log_level();
    let replicas = fields.replicas();
    let enable_liveness_probe = fields.truth("enable_liveness_probe", true);
    let with_canary = fields.truth("with_canary", false);
    let container_name = fields.string("container_name", Some("pipeline-consumer"));
    let allow_unknown_fields = fields.truth("allow_unknown_fields", false);
    let segment_label = fields.truth("segment_label", false);
    let silence = fields.silence();
    let cluster = cluster::cluster(inputs, fields.report);

    let processes = match (&pipeline_config, &segment) {
        (Some(config), Some(segment)) => {
            let place = inputs.path("pipeline_config");
            let config = config.as_ref().map_or(&EMPTY, |layer| layer.node);
            pipeline_config::check(config, schema.as_ref(), &place, fields.report);
            let segment_label = segment_label == Some(true);
            pipeline_config::processes(config, &segment.text, segment_label, &place, fields.report)
        }
        _ => None,
    };
    let cpu = fields.figure(&CPU, processes);
    let memory = fields.figure(&MEMORY, processes);
    if !fields.report.problems.is_empty() {
        return None;
    }

    let layer_or_empty = |layer: Option<Layer<'c>>, field| {
        layer.unwrap_or_else(|| Layer { path: inputs.path(field), node: &EMPTY })
    };
    Some(Context {
        deployment_template: layer_or_empty(deployment_template?, "deployment_template"),
        container_template: layer_or_empty(container_template?, "container_template"),
        pipeline_config: layer_or_empty(pipeline_config?, "pipeline_config"),
        emergency_patch: emergency_patch?,
        service_name: service_name?,
        pipeline_name: pipeline_name?,
        pipeline_module: pipeline_module?,
        image_name: image_name?,
        container_name: container_name?,
        log_level: log_level?,
        segment_id: segment?,
        cpu: cpu?,
        memory: memory?,
        processes: processes?,
        replicas: replicas?,
        pipeline_metadata: inputs.pipeline_metadata(),
        replicas_origin: inputs.field("replicas").map_or(Origin::MACRO, |node| node.origin),
        with_canary: with_canary?,
        enable_liveness_probe: enable_liveness_probe?,
        segment_label: segment_label?,
        allow_unknown_fields: allow_unknown_fields?,
        silence,
        cluster,
    })
}

/// Reads fields one by one; each reader gives None after a problem, or where a required field is missing.
struct Fields<'r, 'c> {
    inputs: &'c Inputs<'c>,
    report: &'r mut Report,
}

impl<'c> Fields<'_, 'c> {
    fn problem(
        &self,
        code: Code,
        field: &str,
        origin: Origin,
        message: impl AsRef<str>,
    ) -> Problem {
        Problem::new(code, self.inputs.path(field), message).origin(origin)
    }

    fn refuse(
        &mut self,
        code: Code,
        field: &str,
        node: &Node<'_>,
        message: impl AsRef<str>,
        help: impl AsRef<str>,
    ) {
        let problem = self.problem(code, field, node.origin, message).help(help);
        self.report.problems.add(problem);
    }

    fn require(&mut self) {
        for field in FIELDS.iter().filter(|field| self.inputs.is_required(field)) {
            let name = field.name;
            // Where it is only misspelt, its name is reported as unknown, and that is enough.
            if self.inputs.field(name).is_some() || self.inputs.is_misspelt(name) {
                continue;
            }

            let message = format!("missing required field `{name}`");
            let help = format!("add `{name}` to the context: {}", field.kind);
            let problem =
                self.problem(Code::MissingField, name, self.inputs.origin(), message).help(help);
            self.report.problems.add(problem);
        }
    }

    /// A mapping, or YAML text of one. Anything false in Python counts as no mapping: `Some(None)`.
    fn layer(&mut self, field: &'static str) -> Option<Option<Layer<'c>>> {
        let Some(node) = self.inputs.content(field)?.filter(|node| node.is_truthy()) else {
            return Some(None);
        };
        if node.as_map().is_some() {
            return Some(Some(Layer { path: self.inputs.path(field), node }));
        }

        let message = format!("expected a mapping or YAML text of one, got {}", node.describe());
        self.refuse(
            Code::WrongType,
            field,
            node,
            message,
            "write it as `key: value` lines, or leave it empty",
        );
        None
    }

    fn string(&mut self, field: &str, default: Option<&'static str>) -> Option<Text<'c>> {
        let Some(node) = self.inputs.field(field) else {
            return default.map(|text| Text { text: Cow::Borrowed(text), origin: Origin::MACRO });
        };
        if let Value::String(text) = &node.value {
            return Some(Text { text: Cow::Borrowed(text), origin: node.origin });
        }

        let message = format!("expected a string, got {}", node.describe());
        let (help, cure) = match &node.value {
            Value::Null => ("give it a value", None),
            Value::List(_) | Value::Map(_) => ("write one string", None),
            _ => ("put it in quotes", Some(Cure::Quote)),
        };
        let problem = self.problem(Code::WrongType, field, node.origin, message).help(help);
        self.report.problems.add(problem.cure(cure));
        None
    }

    /// The consumer opens this file when it starts.
    fn module(&mut self) -> Option<Text<'c>> {
        const FIELD: &str = "pipeline_module";

        let text = self.string(FIELD, None)?;
        if text.text.is_empty() {
            let message = "the consumer cannot open a pipeline without a name";
            let problem = self.problem(Code::UnsupportedValue, FIELD, text.origin, message);
            self.report.problems.add(problem.help("give the path of the pipeline's Python file"));
            return None;
        }

        Some(text)
    }

    /// A string from which object names are made.
    fn name(&mut self, field: &str) -> Option<Text<'c>> {
        let text = self.string(field, None)?;
        if names::kubernetes_name(&text.text).is_empty() {
            let message =
                "no letter or digit is left of it in a Kubernetes name, so objects would collide";
            let problem = self.problem(Code::EmptyName, field, text.origin, message);
            self.report.problems.add(problem.help(Code::EmptyName.cure()));
            return None;
        }

        Some(text)
    }

    fn segment(&mut self) -> Option<Text<'c>> {
        const FIELD: &str = "segment_id";

        let Some(node) = self.inputs.field(FIELD) else {
            let is_optional =
                FIELDS.iter().any(|field| field.name == FIELD && !self.inputs.is_required(field));
            return is_optional.then_some(Text { text: Cow::Borrowed("0"), origin: Origin::MACRO });
        };
        match &node.value {
            Value::Integer(text) | Value::String(text) if is_digits(text) => {
                return Some(Text { text: Cow::Borrowed(text), origin: node.origin });
            }
            Value::Integer(digits) => {
                let message = format!("a segment is numbered from 0, got {digits}");
                self.refuse(
                    Code::OutOfRange,
                    FIELD,
                    node,
                    message,
                    "give the segment's number in the pipeline",
                );
            }
            _ => {
                let got = describe_short(node);
                let message = format!(
                    "expected an integer or a string of digits, got {got}; the consumer cannot start with anything else"
                );
                self.refuse(
                    Code::WrongType,
                    FIELD,
                    node,
                    message,
                    "give the segment's number, for instance 0",
                );
            }
        }

        None
    }

    fn log_level(&mut self) -> Option<Text<'c>> {
        const FIELD: &str = "log_level";

        let Some(node) = self.inputs.field(FIELD) else { return self.string(FIELD, Some("INFO")) };
        let text = node.as_str();
        if let Some(level) = text.filter(|text| LOG_LEVELS.contains(text)) {
            return Some(Text { text: Cow::Borrowed(level), origin: node.origin });
        }

        let levels = LOG_LEVELS.join(", ");
        let message = format!("expected one of {levels}, got {}", describe_short(node));
        let problem = self.problem(Code::UnsupportedValue, FIELD, node.origin, message);
        let meant =
            text.and_then(|text| LOG_LEVELS.iter().find(|level| level.eq_ignore_ascii_case(text)));
        self.report.problems.add(match meant {
            Some(level) => problem.help(format!("write it as {level}")).replace(level),
            None => problem.help("choose one of them, or leave the field out for INFO"),
        });
        None
    }

    fn replicas(&mut self) -> Option<i64> {
        const FIELD: &str = "replicas";

        let Some(node) = self.inputs.field(FIELD) else { return Some(1) };
        if let Some(replicas @ 0..=REPLICAS_MAX) = node.as_i64() {
            return Some(replicas);
        }

        if let Value::Integer(digits) = &node.value {
            let message = format!("expected a number from 0 to {REPLICAS_MAX}, got {digits}");
            let help = if digits.starts_with('-') {
                "give 0 or more"
            } else {
                "Kubernetes keeps replicas in 32 bits"
            };
            self.refuse(Code::OutOfRange, FIELD, node, message, help);
        } else {
            let message = format!("expected an integer, got {}", describe_short(node));
            let help = "write it as a plain number, without quotes or fraction";
            let digits = node
                .as_str()
                .filter(|text| is_digits(text) && (*text == "0" || !text.starts_with('0')));
            let problem = self.problem(Code::WrongType, FIELD, node.origin, message).help(help);
            self.report
                .problems
                .add(problem.cure(digits.map(|text| Cure::Replace(text.to_owned()))));
        }
        None
    }

    /// Python's truth of a field, where it cannot surprise: the string "false" is true there.
    fn truth(&mut self, field: &str, default: bool) -> Option<bool> {
        let Some(node) = self.inputs.field(field) else { return Some(default) };
        match &node.value {
            Value::Bool(_) | Value::Null | Value::Integer(_) | Value::Float(_) => {
                return Some(node.is_truthy());
            }
            _ if !node.is_truthy() => return Some(false),
            _ => {}
        }

        let message = format!("expected true or false, got {}", describe_short(node));
        let problem = self.problem(Code::WrongType, field, node.origin, message);
        let plain = node.as_str().filter(|text| matches!(*text, "true" | "false"));
        let cure = plain.map(|text| Cure::Replace(text.to_owned()));
        self.report.problems.add(problem.help("write true or false, without quotes").cure(cure));
        None
    }

    /// The codes of warnings that are not given.
    fn silence(&mut self) -> Vec<Code> {
        const FIELD: &str = "silence";

        let Some(node) = self.inputs.field(FIELD).filter(|node| node.value != Value::Null) else {
            return Vec::new();
        };
        let items = node.as_list().unwrap_or_default();
        if node.as_list().is_none() || items.iter().any(|item| item.as_str().is_none()) {
            let message = format!("expected a list of warning codes, got {}", node.describe());
            self.refuse(Code::WrongType, FIELD, node, message, "write it as [\"image-latest\"]");
            return Vec::new();
        }

        silence::codes(items, &self.inputs.path(FIELD), &mut self.report.problems)
    }

    /// A figure for all processes, as the reference writes it.
    fn figure(&mut self, figure: &Figure, processes: Option<i64>) -> Option<Text<'c>> {
        let node = self.inputs.field(figure.field)?;
        let count = processes.unwrap_or(1);

        let (code, message, help) = match &node.value {
            Value::Integer(digits) if !is_digits(digits) => {
                let message = format!("expected 0 or more {}, got {digits}", figure.unit_name);
                (Code::OutOfRange, message, "give what one process needs".to_owned())
            }
            value if !is_number(value) => {
                let message = format!(
                    "expected a whole number of {}, got {}",
                    figure.unit_name,
                    describe_short(node)
                );
                let help =
                    format!("give a plain number: the macro adds the unit `{}`", figure.unit);
                (Code::WrongType, message, help)
            }
            _ => match figure_text(node, count, figure) {
                Some(text) => return Some(self.whole_figure(node, &text, figure)),
                None => {
                    let got = describe_short(node);
                    let message = format!(
                        "{got} for {count} processes is no quantity that Kubernetes keeps exactly"
                    );
                    let help =
                        format!("give a whole number of {} for one process", figure.unit_name);
                    (Code::InvalidQuantity, message, help)
                }
            },
        };
        self.refuse(code, figure.field, node, message, help);
        None
    }

    fn whole_figure(&mut self, node: &Node<'_>, text: &str, figure: &Figure) -> Text<'c> {
        if text.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
            let message = format!(
                "the container asks for no {}",
                figure.field.trim_end_matches("_per_process")
            );
            let help = "give what one process needs, or the scheduler may put it on a full node";
            let warning =
                self.problem(figure.zero_code, figure.field, node.origin, message).help(help);
            self.report.warnings.add(warning);
        }

        Text { text: Cow::Owned(format!("{text}{}", figure.unit)), origin: node.origin }
    }
}

/// A value as a message shows it: short strings with their text.
fn describe_short(node: &Node<'_>) -> String {
    match &node.value {
        Value::String(text) if text.chars().nth(60).is_none() => format!("the string {text:?}"),
        _ => node.describe().to_string(),
    }
}
