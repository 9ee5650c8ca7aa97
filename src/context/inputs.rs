//! The context as it is given: its fields, and what those hold that are YAML text.

use super::fields::{self, FIELDS, Field};
use super::locate;
use super::places::Places;
use crate::problem::{Code, HIDDEN, Problem, Report, names_a_secret, nearest};
use crate::read::{self, Positions};
use crate::value::{Key, Map, Node, Origin, Path, Source, Value};

/// The Kubernetes object that has a context as its `spec`.
const STREAMING_PIPELINE: &str = "StreamingPipeline";
const API_VERSION: &str = "streams.sentry.io/v1alpha1";

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

impl<'a> Inputs<'a> {
    /// Finds the fields and reads YAML text. None where there are no fields to look at.
    pub(crate) fn read(text: &'a str, document: &'a Node<'a>, report: &mut Report) -> Option<Self> {
        let map = mapping(document, report)?;
        let is_streaming_pipeline =
            map.get("kind").and_then(Node::as_str) == Some(STREAMING_PIPELINE);
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
            inputs.enter_streaming_pipeline(map, report)?;
        } else if let Some(problem) = something_else(document, map) {
            report.problems.add(problem);
            return None;
        }
        inputs.refuse_unknown_fields(report);
        inputs.read_yaml(report);

        Some(inputs)
    }

    /// Takes the fields from a `StreamingPipeline` object, the operator's form of a context.
    fn enter_streaming_pipeline(&mut self, map: &'a Map<'a>, report: &mut Report) -> Option<()> {
        if map.get("apiVersion").and_then(Node::as_str) != Some(API_VERSION) {
            let message = format!("a {STREAMING_PIPELINE} must have apiVersion {API_VERSION}");
            let origin = map.get("apiVersion").map_or(self.document.origin, |node| node.origin);
            let problem = Problem::new(Code::UnsupportedValue, Path::field("apiVersion"), message);
            report
                .problems
                .add(problem.help(format!("write `apiVersion: {API_VERSION}`")).origin(origin));
        }

        refuse_fields_beside_spec(map, report);
        self.object_name = self.document.at(&["metadata", "name"]);
        self.root = Path::field("spec");
        let spec = map.get("spec");
        if let Some(fields) = spec.and_then(Node::as_map) {
            self.fields = fields;
            return Some(());
        }

        let origin = spec.map_or(self.document.origin, |node| node.origin);
        let message = format!("a {STREAMING_PIPELINE} must have a mapping of fields under spec");
        let problem = Problem::new(Code::MissingField, self.root.clone(), message);
        report.problems.add(problem.help("put the context's fields below `spec:`").origin(origin));
        None
    }

    fn refuse_unknown_fields(&self, report: &mut Report) {
        for (key, _) in self.fields.iter() {
            if Field::named(&key.text).is_some() {
                continue;
            }

            report.problems.add_with(|| {
                let shown = shown(key);
                let message = format!("unknown field `{shown:.64}`");
                let problem =
                    Problem::new(Code::UnknownField, self.path(shown), message).origin(key.origin);
                problem
                    .help(
                        "remove it; the context's fields are listed in the README and by `schema`",
                    )
                    .did_you_mean(nearest(&key.text, fields::names()), |field| {
                        self.field(field).is_some()
                    })
            });
        }
    }

    fn read_yaml(&mut self, report: &mut Report) {
        for field in FIELDS {
            let Some(source) = field.source else { continue };
            let Some(Value::String(text)) = self.field(field.name).map(|node| &node.value) else {
                continue;
            };

            let place = self.path(field.name);
            let below = |mut problem: Problem| {
                problem.path = place.join(&problem.path);
                problem
            };
            let root = match read::read_yaml(text, source) {
                Ok(document) => {
                    report.warnings.add_all(document.warnings.into_iter().map(below));
                    Some(document.root)
                }
                Err(problems) => {
                    report.problems.add_all(problems.into_iter().map(below));
                    None
                }
            };
            self.yaml.push(Yaml { field: field.name, source, text, root });
        }
    }

    /// The value of a field.
    pub(super) fn field(&self, field: &str) -> Option<&'a Node<'a>> {
        self.fields.get(field).or_else(|| self.object_name.filter(|_| field == "pipeline_name"))
    }

    /// Whether a field must be there.
    pub(super) fn is_required(&self, field: &Field) -> bool {
        field.required && !(self.is_streaming_pipeline && field.name == "segment_id")
    }

    /// Whether something that is written as a field's name is nearest to this one, and so meant by it.
    pub(super) fn is_misspelt(&self, field: &str) -> bool {
        let unknown = self.fields.iter().filter(|(key, _)| Field::named(&key.text).is_none());
        unknown
            .take(FIELDS.len())
            .any(|(key, _)| nearest(&key.text, fields::names()) == Some(field))
    }

    /// What a field holds: its value, or what its YAML text says. None where that cannot be read.
    pub(super) fn content(&self, field: &str) -> Option<Option<&Node<'a>>> {
        let Some(given) = self.field(field) else { return Some(None) };

        match self.yaml.iter().find(|yaml| yaml.field == field) {
            Some(yaml) => yaml.root.as_ref().map(Some),
            None => Some(Some(given)),
        }
    }

    /// The metadata of a `StreamingPipeline`.
    pub(super) fn pipeline_metadata(&self) -> Option<&'a Node<'a>> {
        self.document.get("metadata").filter(|_| self.is_streaming_pipeline)
    }

    /// Where the document as a whole was written.
    pub(super) fn origin(&self) -> Origin {
        self.document.origin
    }

    /// Where the fields are.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The place of a field.
    pub(crate) fn path(&self, field: &str) -> Path {
        self.root.key(field)
    }

    /// Finds the places in the context of what was written at these origins; the first place of each.
    pub(crate) fn find(&self, places: &mut Places) {
        places.find(self.document, &Path::root());

        for yaml in &self.yaml {
            if let Some(root) = &yaml.root {
                places.find(root, &self.path(yaml.field));
            }
        }
    }

    /// The lines and columns of offsets in the text of a source.
    pub(crate) fn positions(&self, source: Source, offsets: Vec<u32>) -> Option<Positions> {
        let text =
            self.texts().into_iter().find_map(|(other, text)| (other == source).then_some(text))?;
        Some(Positions::of(text, offsets))
    }

    /// Gives every problem whose origin is known its place and its fix.
    pub(crate) fn locate(&self, problems: &mut [Problem]) {
        let mut places = Places::of(&mut problems.iter().filter_map(|problem| problem.origin));
        if places.is_empty() {
            return;
        }

        self.find(&mut places);
        locate::locate(problems, &self.texts(), &places);
    }

    fn texts(&self) -> Vec<(Source, &'a str)> {
        let yaml = self.yaml.iter().map(|yaml| (yaml.source, yaml.text));
        yaml.chain([(Source::Context, self.text)]).collect()
    }
}

/// What stands beside `spec` is read by nobody.
fn refuse_fields_beside_spec(map: &Map<'_>, report: &mut Report) {
    const KNOWN: [&str; 5] = ["apiVersion", "kind", "metadata", "spec", "status"];

    for (key, _) in map.iter().filter(|(key, _)| !KNOWN.contains(&&*key.text)) {
        report.problems.add_with(|| {
            let shown = shown(key);
            let message =
                format!("a {STREAMING_PIPELINE} has no field `{shown:.64}` beside its spec");
            let problem =
                Problem::new(Code::UnknownField, Path::field(shown), message).origin(key.origin);
            if Field::named(&key.text).is_some() {
                problem.help(format!("move `{}` below `spec:`", key.text))
            } else {
                let is_taken = |name: &str| map.get(name).is_some();
                problem.help("remove it").did_you_mean(nearest(&key.text, KNOWN), is_taken)
            }
        });
    }
}

/// A key that is nothing known, as a message shows it: where it has swallowed a secret's name, not at all.
fn shown<'k>(key: &'k Key<'_>) -> &'k str {
    if names_a_secret(&key.text) { HIDDEN } else { &key.text }
}

/// Gives the problems of a context that cannot be read their places.
pub(crate) fn locate_unread(text: &str, problems: &mut [Problem]) {
    locate::locate(problems, &[(Source::Context, text)], &Places::default());
}

/// The fields of a document, which must be a mapping.
fn mapping<'a>(document: &'a Node<'a>, report: &mut Report) -> Option<&'a Map<'a>> {
    if let Some(map) = document.as_map() {
        return Some(map);
    }

    let problem = if document.value == Value::Null {
        Problem::new(
            Code::NotAContext,
            Path::root(),
            "the text is empty: there is no context in it",
        )
        .help(Code::NotAContext.cure())
    } else {
        let message =
            format!("the context must be a mapping of fields, got {}", document.describe());
        Problem::new(Code::WrongType, Path::root(), message)
            .help("write it as `field: value` lines")
    };
    report.problems.add(problem.origin(document.origin));
    None
}

/// The one problem of a mapping that is no context at all: another Kubernetes object, a chart, values.
fn something_else(document: &Node<'_>, map: &Map<'_>) -> Option<Problem> {
    let has_field = map.iter().any(|(key, _)| Field::named(&key.text).is_some());
    let api_version = map.get("apiVersion").and_then(Node::as_str);
    let kind = map.get("kind");

    if let Some((kind, node)) = kind.and_then(|node| Some((node.as_str()?, node))) {
        let is_ours = api_version == Some(API_VERSION);
        if !is_ours && (has_field || api_version.is_none()) {
            return None;
        }
        let version = api_version.unwrap_or_default();
        let message = format!("this is a {kind:.64} ({version:.64}), not a context");
        let problem =
            Problem::new(Code::NotAContext, Path::field("kind"), message).origin(node.origin);
        let is_near = is_ours || nearest(kind, [STREAMING_PIPELINE]).is_some();
        return Some(if is_near {
            problem
                .help(format!("did you mean `kind: {STREAMING_PIPELINE}`?"))
                .replace(STREAMING_PIPELINE)
        } else {
            problem.help(Code::NotAContext.cure())
        });
    }

    let is_near =
        || map.iter().take(100).any(|(key, _)| nearest(&key.text, fields::names()).is_some());
    if has_field || map.is_empty() || is_near() {
        return None;
    }
    let message = "this is not a context: it has none of a context's fields";
    let problem = Problem::new(Code::NotAContext, Path::root(), message).origin(document.origin);
    Some(problem.help("the context's fields are listed in the README and by `schema`"))
}
