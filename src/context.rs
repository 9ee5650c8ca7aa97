//! The context: what an application says about one pipeline step. Read, checked, and every problem told at once.

use crate::document;
use crate::index::Index;
use crate::node::{Map, Node, Origin, Source, Value};
use crate::output::PythonFloat;
use crate::position::positions;
use crate::problem::{Found, Path, Problem, Trail, is_full};
use crate::{name, pipeline_config, secret, suggest};
use std::borrow::Cow;

/// The fields that must be there, in the reference's order.
const REQUIRED: [&str; 10] = [
    "deployment_template",
    "container_template",
    "pipeline_config",
    "pipeline_module",
    "image_name",
    "cpu_per_process",
    "memory_per_process",
    "segment_id",
    "pipeline_name",
    "service_name",
];

/// The fields that may be there: the reference's, then the macro's own.
const OPTIONAL: [&str; 10] = [
    "log_level",
    "replicas",
    "emergency_patch",
    "enable_liveness_probe",
    "container_name",
    "with_canary",
    "allow_unknown_fields",
    "pipeline_config_schema",
    "segment_label",
    "silence",
];

const LOG_LEVELS: [&str; 4] = ["DEBUG", "INFO", "WARNING", "ERROR"];

/// Kubernetes keeps replicas in 32 bits.
const REPLICAS_MAX: i64 = i32::MAX as i64;

/// The fields that may be YAML text, and the source that text is.
const YAML_FIELDS: [(&str, Source); 5] = [
    ("deployment_template", Source::DeploymentTemplate),
    ("container_template", Source::ContainerTemplate),
    ("pipeline_config", Source::PipelineConfig),
    ("emergency_patch", Source::EmergencyPatch),
    ("pipeline_config_schema", Source::PipelineConfigSchema),
];

/// A context document: its fields, and what those hold that are given as YAML text.
#[derive(Debug)]
pub(crate) struct Inputs<'a> {
    text: &'a str,
    document: &'a Node<'a>,
    fields: &'a Map<'a>,
    /// Where the fields are in the document: its root, or `spec` of a `StreamingPipeline`.
    root: Path,
    /// `metadata.name` of a `StreamingPipeline`, the default of its `pipeline_name`.
    object_name: Option<&'a Node<'a>>,
    is_streaming_pipeline: bool,
    yaml: Vec<Yaml<'a>>,
}

/// A field given as YAML text.
#[derive(Debug)]
struct Yaml<'a> {
    field: &'static str,
    source: Source,
    text: &'a str,
    /// None where it cannot be read.
    root: Option<Node<'a>>,
}

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
    pub(crate) with_canary: bool,
    pub(crate) enable_liveness_probe: bool,
    pub(crate) segment_label: bool,
    pub(crate) allow_unknown_fields: bool,
    pub(crate) silence: Vec<&'a str>,
}

/// A mapping that is laid over others, and its place in the context.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layer<'a> {
    pub(crate) field: &'static str,
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

impl<'a> Inputs<'a> {
    /// Finds the fields and reads YAML text. None where there are no fields to look at.
    pub(crate) fn read(text: &'a str, document: &'a Node<'a>, found: &mut Found<'_>) -> Option<Self> {
        let Some(map) = document.as_map() else {
            let message = format!("the context must be a mapping of fields, got {}", document.describe());
            found.problems.push(Problem::new("wrong-type", Path::root(), message).origin(document.origin));
            return None;
        };
        let is_streaming_pipeline = map.get("kind").and_then(Node::as_str) == Some("StreamingPipeline");
        let mut inputs = Self {
            text,
            document,
            fields: map,
            root: Path::root(),
            object_name: None,
            is_streaming_pipeline,
            yaml: Vec::new(),
        };
        if is_streaming_pipeline {
            inputs.enter_streaming_pipeline(map, found.problems)?;
        }
        inputs.refuse_unknown_fields(found.problems);
        for (field, source) in YAML_FIELDS {
            let Some(Value::String(text)) = inputs.field(field).map(|node| &node.value) else { continue };
            let root = match document::read_yaml(text, source) {
                Ok(document) => {
                    found.warnings.extend(document.warnings.into_iter().map(|w| inputs.below(field, w)));
                    Some(document.root)
                }
                Err(wrong) => {
                    found.problems.extend(wrong.into_iter().map(|problem| inputs.below(field, problem)));
                    None
                }
            };
            inputs.yaml.push(Yaml { field, source, text, root });
        }
        Some(inputs)
    }

    /// Takes the fields from a `StreamingPipeline` object, the operator's form of a context.
    fn enter_streaming_pipeline(&mut self, map: &'a Map<'a>, problems: &mut Vec<Problem>) -> Option<()> {
        const API_VERSION: &str = "streams.sentry.io/v1alpha1";
        if map.get("apiVersion").and_then(Node::as_str) != Some(API_VERSION) {
            let message = format!("a StreamingPipeline must have apiVersion {API_VERSION}");
            problems.push(
                Problem::new("unsupported-value", Path::field("apiVersion"), message).origin(self.document.origin),
            );
        }
        self.object_name = self.document.at(&["metadata", "name"]);
        self.root = Path::field("spec");
        let spec = map.get("spec");
        if let Some(fields) = spec.and_then(Node::as_map) {
            self.fields = fields;
            return Some(());
        }
        let origin = spec.map_or(self.document.origin, |node| node.origin);
        let message = "a StreamingPipeline must have a mapping of fields under spec";
        problems.push(Problem::new("missing-field", self.root.clone(), message).origin(origin));
        None
    }

    fn refuse_unknown_fields(&self, problems: &mut Vec<Problem>) {
        for (key, node) in self.fields.iter() {
            let known = || REQUIRED.into_iter().chain(OPTIONAL);
            if known().any(|field| field == key.text) {
                continue;
            }
            if is_full(problems) {
                break;
            }
            let problem = self.at("unknown-field", &key.text, node.origin, format!("unknown field `{}`", key.text));
            let help = match suggest::nearest(&key.text, known()) {
                Some(field) => format!("did you mean `{field}`?"),
                None => "remove it; the context's fields are listed in the README and by `schema`".to_owned(),
            };
            problems.push(problem.help(help));
        }
    }

    fn field(&self, field: &str) -> Option<&'a Node<'a>> {
        self.fields.get(field).or_else(|| self.object_name.filter(|_| field == "pipeline_name"))
    }

    /// Where the fields are.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The place of a field.
    pub(crate) fn path(&self, field: &str) -> Path {
        self.root.key(field)
    }

    /// A problem found inside a field, moved to its place in the context.
    fn below(&self, field: &str, mut problem: Problem) -> Problem {
        let mut path = self.path(field);
        problem.path.steps().iter().cloned().for_each(|step| path.push(step));
        problem.path = path;
        problem
    }

    fn at(&self, code: &'static str, field: &str, origin: Origin, message: impl Into<String>) -> Problem {
        Problem::new(code, self.path(field), message).origin(origin)
    }

    /// Finds the places in the context of the values that were written at these origins; the first place of each.
    pub(crate) fn find(&self, places: &mut Places) {
        find(self.document, false, &Trail::ROOT, &Path::root(), places);
        for yaml in &self.yaml {
            if let Some(root) = &yaml.root {
                find(root, false, &Trail::ROOT, &self.path(yaml.field), places);
            }
        }
    }

    /// Finds line and column of these origins, each in its own text.
    pub(crate) fn position(&self, places: &mut Places) {
        let yaml = self.yaml.iter().map(|yaml| (yaml.source, yaml.text));
        for (source, text) in yaml.chain([(Source::Context, self.text)]) {
            let here: Vec<(usize, u32)> = places.in_text(source).collect();
            let positions = positions(text, here.iter().map(|(_, offset)| *offset));
            for ((at, _), position) in here.into_iter().zip(positions) {
                if let Some((_, place)) = places.list.get_mut(at) {
                    place.position = Some(position);
                }
            }
        }
    }

    /// Says line and column of every problem whose origin is known, and hides the secrets that it shows.
    pub(crate) fn locate(&self, problems: &mut [Problem]) {
        let mut places = Places::of(&mut problems.iter().filter_map(|problem| problem.origin));
        if places.list.is_empty() {
            return;
        }
        self.find(&mut places);
        self.position(&mut places);
        for problem in problems {
            let place = problem.origin.and_then(|origin| places.get(origin));
            if let Some((line, column)) = place.and_then(|place| place.position) {
                (problem.line, problem.column) = (Some(line), Some(column));
            }
            if let Some(secret) = place.and_then(|place| place.secret.as_ref()) {
                problem.hide(secret);
            }
        }
    }
}

/// Where values were written, by their origins.
#[derive(Debug, Default)]
pub(crate) struct Places {
    list: Vec<(Origin, Place)>,
    index: Index<'static>,
}

impl Places {
    /// Origins whose places are not known yet.
    pub(crate) fn of(origins: &mut dyn Iterator<Item = Origin>) -> Self {
        let mut places = Self::default();
        for origin in origins {
            if places.index.before(origin, places.list.len()).is_none() {
                places.list.push((origin, Place::default()));
            }
        }
        places
    }

    /// Where the value of an origin was written.
    pub(crate) fn get(&self, origin: Origin) -> Option<&Place> {
        self.list.get(self.index.get(origin)?).map(|(_, place)| place)
    }

    fn get_mut(&mut self, origin: Origin) -> Option<&mut Place> {
        self.list.get_mut(self.index.get(origin)?).map(|(_, place)| place)
    }

    /// The places in one text, in its order: each with its position in the list and its offset.
    fn in_text(&self, source: Source) -> impl Iterator<Item = (usize, u32)> {
        let all = self.index.in_order().filter_map(|at| Some((at, self.list.get(at)?.0)));
        all.filter(move |(_, origin)| origin.source == source).map(|(at, origin)| (at, origin.offset))
    }
}

/// Where a value was written.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// The place in the context.
    pub(crate) path: Option<Path>,
    /// Line and column of the text that holds it.
    pub(crate) position: Option<(u32, u32)>,
    /// The value as text, where it is a secret.
    pub(crate) secret: Option<String>,
}

/// Walks a document for the values that were written at certain origins.
fn find(node: &Node<'_>, is_secret: bool, trail: &Trail<'_>, root: &Path, places: &mut Places) {
    if let Some(place) = places.get_mut(node.origin) {
        place.path.get_or_insert_with(|| trail.under(root));
        place.secret = place.secret.take().or_else(|| secret::text(node).filter(|_| is_secret));
    }
    match &node.value {
        Value::Map(map) => map.iter().for_each(|(key, child)| {
            let is_secret = is_secret || secret::is_secret_in(node, &key.text);
            find(child, is_secret, &trail.key(&key.text), root, places);
        }),
        Value::List(items) => {
            items.iter().enumerate().for_each(|(at, child)| find(child, is_secret, &trail.index(at), root, places));
        }
        _ => {}
    }
}

impl<'c> Context<'c> {
    /// Whether the consumer has a volume of its own for `/tmp`.
    pub(crate) fn has_health_volume(&self) -> bool {
        self.enable_liveness_probe || self.processes > 1
    }

    /// How values of the context become other values in the objects, by their places.
    pub(crate) fn notes(&self) -> Vec<(Origin, String)> {
        let mut notes = Vec::new();
        if self.processes > 1 {
            for figure in [&self.cpu, &self.memory] {
                let note = format!("what one process needs, times {} processes of the segment", self.processes);
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

    /// Checks every field. None where a problem was found.
    pub(crate) fn check(inputs: &'c Inputs<'c>, found: &mut Found<'_>) -> Option<Self> {
        let Found { problems, warnings } = found;
        let mut fields = Fields { inputs, problems };
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
        let silence = fields.codes("silence");

        let processes = match (&pipeline_config, &segment) {
            (Some(config), Some(segment)) => {
                let place = inputs.path("pipeline_config");
                let config = config.map_or(&EMPTY, |layer| layer.node);
                let newer = schema.map(|layer| (layer.node, inputs.path(layer.field)));
                pipeline_config::check(config, newer, &place, fields.problems);
                pipeline_config::processes(
                    config,
                    &segment.text,
                    segment_label == Some(true),
                    &place,
                    fields.problems,
                    warnings,
                )
            }
            _ => None,
        };
        let cpu = fields.figure(&CPU, processes, warnings);
        let memory = fields.figure(&MEMORY, processes, warnings);
        if !fields.problems.is_empty() {
            return None;
        }
        Some(Self {
            deployment_template: deployment_template?.unwrap_or(Layer { field: "deployment_template", node: &EMPTY }),
            container_template: container_template?.unwrap_or(Layer { field: "container_template", node: &EMPTY }),
            pipeline_config: pipeline_config?.unwrap_or(Layer { field: "pipeline_config", node: &EMPTY }),
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
            replicas_origin: inputs.field("replicas").map_or(Origin::MACRO, |node| node.origin),
            with_canary: with_canary?,
            enable_liveness_probe: enable_liveness_probe?,
            segment_label: segment_label?,
            allow_unknown_fields: allow_unknown_fields?,
            silence,
        })
    }
}

static EMPTY: Node<'static> = Node { value: Value::Map(Map::EMPTY), origin: Origin::MACRO };

/// A resource figure: what one process needs, and the unit Kubernetes reads it in.
struct Figure {
    field: &'static str,
    unit: &'static str,
    /// In words, for one.
    unit_name: &'static str,
    /// How many of the smallest parts that Kubernetes keeps make one: a finer fraction would be rounded.
    parts: f64,
    zero_code: &'static str,
}

/// Kubernetes keeps thousandths of a CPU and nothing smaller.
const CPU: Figure = Figure {
    field: "cpu_per_process",
    unit: "m",
    unit_name: "thousandths of a CPU",
    parts: 1.0,
    zero_code: "cpu-zero",
};

/// Kubernetes keeps bytes; the figure is in Mi.
const MEMORY: Figure =
    Figure { field: "memory_per_process", unit: "Mi", unit_name: "MiB", parts: 1_048_576.0, zero_code: "memory-zero" };

/// Reads fields one by one; each reader gives None after telling a problem, or where a required field is missing.
struct Fields<'f, 'c> {
    inputs: &'c Inputs<'c>,
    problems: &'f mut Vec<Problem>,
}

impl<'c> Fields<'_, 'c> {
    fn refuse(&mut self, code: &'static str, field: &str, origin: Origin, message: String, help: impl Into<String>) {
        self.problems.push(self.inputs.at(code, field, origin, message).help(help));
    }

    fn require(&mut self) {
        for field in REQUIRED {
            let optional = self.inputs.is_streaming_pipeline && field == "segment_id";
            if !optional && self.inputs.field(field).is_none() {
                let message = format!("missing required field `{field}`");
                let origin = self.inputs.document.origin;
                self.refuse("missing-field", field, origin, message, format!("add `{field}` to the context"));
            }
        }
    }

    /// A mapping, or YAML text of one. Anything false in Python counts as no mapping: `Some(None)`.
    fn layer(&mut self, field: &'static str) -> Option<Option<Layer<'c>>> {
        let Some(given) = self.inputs.field(field) else { return Some(None) };
        let node = match self.inputs.yaml.iter().find(|yaml| yaml.field == field) {
            Some(yaml) => yaml.root.as_ref()?,
            None => given,
        };
        if !node.is_truthy() {
            return Some(None);
        }
        if node.as_map().is_some() {
            return Some(Some(Layer { field, node }));
        }
        let message = format!("expected a mapping or YAML text of one, got {}", node.describe());
        self.refuse("wrong-type", field, node.origin, message, "write it as `key: value` lines, or leave it empty");
        None
    }

    fn string(&mut self, field: &str, default: Option<&'static str>) -> Option<Text<'c>> {
        let Some(node) = self.inputs.field(field) else {
            return default.map(|text| Text { text: Cow::Borrowed(text), origin: Origin::MACRO });
        };
        match &node.value {
            Value::String(text) => Some(Text { text: Cow::Borrowed(text), origin: node.origin }),
            other => {
                let message = format!("expected a string, got {}", node.describe());
                let help = match other {
                    Value::Null => "give it a value",
                    Value::List(_) | Value::Map(_) => "write one string",
                    _ => "put it in quotes",
                };
                self.refuse("wrong-type", field, node.origin, message, help);
                None
            }
        }
    }

    /// The consumer opens this file when it starts.
    fn module(&mut self) -> Option<Text<'c>> {
        const FIELD: &str = "pipeline_module";
        let text = self.string(FIELD, None)?;
        if text.text.is_empty() {
            let message = "the consumer cannot open a pipeline without a name".to_owned();
            self.refuse(
                "unsupported-value",
                FIELD,
                text.origin,
                message,
                "give the path of the pipeline's Python file",
            );
            return None;
        }
        Some(text)
    }

    /// A string from which object names are made.
    fn name(&mut self, field: &str) -> Option<Text<'c>> {
        let text = self.string(field, None)?;
        if name::kubernetes_name(&text.text).is_empty() {
            let message = "no letter or digit is left of it in a Kubernetes name, so objects would collide".to_owned();
            self.refuse("invalid-name", field, text.origin, message, "use at least one of a-z, A-Z, 0-9");
            return None;
        }
        Some(text)
    }

    fn segment(&mut self) -> Option<Text<'c>> {
        const FIELD: &str = "segment_id";
        let Some(node) = self.inputs.field(FIELD) else {
            let default = Text { text: Cow::Borrowed("0"), origin: Origin::MACRO };
            return self.inputs.is_streaming_pipeline.then_some(default);
        };
        match &node.value {
            Value::Integer(text) | Value::String(text) if is_digits(text) => {
                Some(Text { text: Cow::Borrowed(text), origin: node.origin })
            }
            Value::Integer(digits) => {
                let message = format!("a segment is numbered from 0, got {digits}");
                self.refuse("out-of-range", FIELD, node.origin, message, "give the segment's number in the pipeline");
                None
            }
            _ => {
                let message = format!(
                    "expected an integer or a string of digits, got {}; the consumer cannot start with anything else",
                    shown(node)
                );
                self.refuse("wrong-type", FIELD, node.origin, message, "give the segment's number, for instance 0");
                None
            }
        }
    }

    fn log_level(&mut self) -> Option<Text<'c>> {
        const FIELD: &str = "log_level";
        let Some(node) = self.inputs.field(FIELD) else { return self.string(FIELD, Some("INFO")) };
        match &node.value {
            Value::String(text) if LOG_LEVELS.contains(&&**text) => {
                Some(Text { text: Cow::Borrowed(text), origin: node.origin })
            }
            _ => {
                let levels = LOG_LEVELS.join(", ");
                let message = format!("expected one of {levels}, got {}", shown(node));
                let help = match node
                    .as_str()
                    .and_then(|text| LOG_LEVELS.iter().find(|level| level.eq_ignore_ascii_case(text)))
                {
                    Some(level) => format!("write it as {level}"),
                    None => "choose one of them, or leave the field out for INFO".to_owned(),
                };
                self.refuse("unsupported-value", FIELD, node.origin, message, help);
                None
            }
        }
    }

    fn replicas(&mut self) -> Option<i64> {
        const FIELD: &str = "replicas";
        let Some(node) = self.inputs.field(FIELD) else { return Some(1) };
        if let Some(replicas @ 0..=REPLICAS_MAX) = node.as_i64() {
            return Some(replicas);
        }
        if let Value::Integer(digits) = &node.value {
            let message = format!("expected a number from 0 to {REPLICAS_MAX}, got {digits}");
            self.refuse("out-of-range", FIELD, node.origin, message, "Kubernetes keeps replicas in 32 bits");
        } else {
            let message = format!("expected an integer, got {}", shown(node));
            let help = "write it as a plain number, without quotes or fraction";
            self.refuse("wrong-type", FIELD, node.origin, message, help);
        }
        None
    }

    /// Python's truth of a field, where it cannot surprise: the string "false" is true there.
    fn truth(&mut self, field: &str, default: bool) -> Option<bool> {
        let Some(node) = self.inputs.field(field) else { return Some(default) };
        match &node.value {
            Value::Bool(_) | Value::Null | Value::Integer(_) | Value::Float(_) => Some(node.is_truthy()),
            _ if !node.is_truthy() => Some(false),
            _ => {
                let message = format!("expected true or false, got {}", shown(node));
                self.refuse("wrong-type", field, node.origin, message, "write true or false, without quotes");
                None
            }
        }
    }

    fn codes(&mut self, field: &str) -> Vec<&'c str> {
        let Some(node) = self.inputs.field(field) else { return Vec::new() };
        let codes: Option<Vec<&str>> = match &node.value {
            Value::Null => Some(Vec::new()),
            Value::List(items) => items.iter().map(Node::as_str).collect(),
            _ => None,
        };
        codes.unwrap_or_else(|| {
            let message = format!("expected a list of warning codes, got {}", node.describe());
            self.refuse("wrong-type", field, node.origin, message, "write it as [\"image-latest\"]");
            Vec::new()
        })
    }

    /// A figure for all processes, as the reference writes it.
    fn figure(&mut self, figure: &Figure, processes: Option<i64>, warnings: &mut Vec<Problem>) -> Option<Text<'c>> {
        let node = self.inputs.field(figure.field)?;
        let count = processes.unwrap_or(1);
        let text = match &node.value {
            Value::Integer(text) | Value::String(text) if is_digits(text) => {
                if count == 1 {
                    Some(text.to_string())
                } else {
                    times(text, count)
                }
            }
            Value::Float(value) => whole_parts(*value, count, figure.parts),
            Value::Integer(digits) => {
                let message = format!("expected 0 or more {}, got {digits}", figure.unit_name);
                self.refuse("out-of-range", figure.field, node.origin, message, "give what one process needs");
                return None;
            }
            _ => {
                let message = format!("expected a whole number of {}, got {}", figure.unit_name, shown(node));
                let help = format!("give a plain number: the macro adds the unit `{}`", figure.unit);
                self.refuse("wrong-type", figure.field, node.origin, message, help);
                return None;
            }
        };
        let Some(text) = text else {
            let message = format!("{} for {count} processes is no quantity that Kubernetes keeps exactly", shown(node));
            let help = format!("give a whole number of {} for one process", figure.unit_name);
            self.refuse("invalid-quantity", figure.field, node.origin, message, help);
            return None;
        };
        if text.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
            let message = format!("the container asks for no {}", figure.field.trim_end_matches("_per_process"));
            let help = "give what one process needs, or the scheduler may put it on a full node";
            warnings.push(self.inputs.at(figure.zero_code, figure.field, node.origin, message).help(help));
        }
        Some(Text { text: Cow::Owned(text + figure.unit), origin: node.origin })
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A product of any size the machine can hold, in decimal digits.
fn times(digits: &str, count: i64) -> Option<String> {
    let product = digits.parse::<i128>().ok()?.checked_mul(i128::from(count))?;
    Some(product.to_string())
}

/// A float times a count, where Kubernetes reads its plain notation and keeps all of it.
fn whole_parts(value: f64, count: i64, parts: f64) -> Option<String> {
    /// From here on Python writes an exponent.
    const PLAIN: f64 = 1e16;
    #[allow(clippy::cast_precision_loss, reason = "a count of processes that large is refused by the bound below")]
    let product = value * count as f64;
    let is_exact = (product * parts).fract() == 0.0 && product * parts < 9.0e15;
    ((0.0..PLAIN).contains(&product) && is_exact && product.is_sign_positive())
        .then(|| PythonFloat(product).to_string())
}

/// A value as a message shows it: short strings with their text.
fn shown(node: &Node<'_>) -> String {
    match &node.value {
        Value::String(text) if text.chars().nth(60).is_none() => format!("the string {text:?}"),
        _ => node.describe().to_string(),
    }
}
