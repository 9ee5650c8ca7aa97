//! `explain`: where every field of the rendered objects comes from.

mod html;
mod lines;
pub(crate) mod markdown;
mod story;
mod text;

use crate::arguments::Explain;
use crate::context::Context;
use crate::output::json_text;
use crate::place;
use crate::report::{Place, Report};
use crate::run::findings;
use crate::yaml;
use anyhow::{Context as _, bail};
use clap::ValueEnum;
use sentry_streams_k8s::document::{self, Document};
use sentry_streams_k8s::node::Source;
use sentry_streams_k8s_host::{ConsumerMacro, Error, Manifest};
use serde::Deserialize;
use serde_json::Value;
use std::io::Write;

/// Explains a context, and says whether it was right.
pub(crate) fn run(arguments: &Explain, consumer_macro: &ConsumerMacro) -> anyhow::Result<bool> {
    let contexts = crate::read(&arguments.input)?;
    let [context] = &contexts[..] else { bail!("explain takes one context") };
    let mut report = Report::default();
    let rendered = match consumer_macro.render(context.sent()) {
        Ok(rendered) => rendered,
        Err(Error::Refused(problems)) => {
            report.problems = findings(context, problems);
            report.print(arguments.input.format, &mut anstream::stderr())?;
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    report.warnings = findings(context, rendered.warnings);
    report.print(arguments.input.format, &mut anstream::stderr())?;
    let Ok(explained) = consumer_macro.explain_json(context.sent())? else {
        bail!("the component renders the context and does not explain it");
    };
    let explanation = Explanation::new(context, &rendered.manifests, &explained)?;
    let question = Question { field: arguments.field.as_deref(), layer: arguments.layer };
    anstream::stdout().write_all(explanation.write(arguments.output, &question)?.as_bytes())?;
    Ok(true)
}

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

/// How an explanation is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people, in colour on a terminal
    #[default]
    Text,
    /// For programs, as the macro gives it
    Json,
    /// For comments and documents
    Markdown,
    /// One page to open in a browser
    Html,
}

/// What part of an explanation is asked for.
#[derive(Debug, Default)]
pub(crate) struct Question<'q> {
    pub(crate) field: Option<&'q str>,
    pub(crate) layer: Option<Layer>,
}

/// A value and where it comes from; for a field, also what it was before.
#[derive(Debug, Deserialize)]
struct Field {
    #[serde(default)]
    path: String,
    value: Value,
    layer: Layer,
    from: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    note: Option<String>,
    change: Option<String>,
    /// Oldest first.
    #[serde(default)]
    replaced: Vec<Field>,
    /// Where the value stands in a file.
    #[serde(skip)]
    place: Option<Place>,
}

#[derive(Debug, Deserialize)]
struct Fields {
    fields: Vec<Field>,
    removed: Vec<Field>,
}

/// An explained object.
#[derive(Debug)]
struct Object {
    role: String,
    /// What people call it: `Deployment profiling/profiles-0`.
    title: String,
    value: Value,
    fields: Vec<Field>,
    removed: Vec<Field>,
}

/// An explained context.
#[derive(Debug)]
pub(crate) struct Explanation {
    /// What people call the context.
    name: String,
    objects: Vec<Object>,
    /// As the macro gave it.
    json: Value,
}

impl Explanation {
    /// Reads the macro's two answers to a context.
    pub(crate) fn new(context: &Context, manifests: &[Manifest], explained: &str) -> anyhow::Result<Self> {
        let wrong = "the component's explanation is not what it should be";
        let json: Value = serde_json::from_str(explained).context(wrong)?;
        let document = document::read(&context.text, Source::Context).ok();
        let mut objects = Vec::with_capacity(manifests.len());
        for manifest in manifests {
            let fields = json.pointer(&format!("/manifests/{}", manifest.role)).context(wrong)?;
            let Fields { mut fields, mut removed } = Fields::deserialize(fields).context(wrong)?;
            locate(context, document.as_ref(), fields.iter_mut().chain(&mut removed));
            let namespace = manifest.namespace.as_deref().map(|name| format!("{name}/")).unwrap_or_default();
            objects.push(Object {
                role: manifest.role.clone(),
                title: format!("{} {namespace}{}", manifest.kind, manifest.name),
                value: serde_json::from_str(&manifest.json).context(wrong)?,
                fields,
                removed,
            });
        }
        Ok(Self { name: context.name.clone(), objects, json })
    }

    /// Writes what is asked for.
    pub(crate) fn write(&self, form: Form, question: &Question<'_>) -> anyhow::Result<String> {
        let found = question.field.map(|field| story::find(self, field)).transpose()?;
        match (form, found, question.layer) {
            (Form::Json, found, layer) => Ok(self.json(found.as_deref(), layer)),
            (Form::Html, None, None) => html::page(self),
            (Form::Html, ..) => bail!("the page has all fields and layers: leave out --field and --layer"),
            (_, Some(_), Some(_)) => bail!("--field and --layer are two questions: ask one"),
            (Form::Text, Some(found), _) => Ok(text::stories(&found)),
            (Form::Text, _, Some(layer)) => Ok(text::layer(self, layer)),
            (Form::Text, None, None) => text::objects(self),
            (Form::Markdown, Some(found), _) => Ok(markdown::stories(&found)),
            (Form::Markdown, _, Some(layer)) => Ok(markdown::layer(self, layer)),
            (Form::Markdown, None, None) => markdown::objects(self),
        }
    }

    /// The macro's answer, with only the fields that are asked for.
    fn json(&self, found: Option<&[story::Found<'_>]>, layer: Option<Layer>) -> String {
        let mut json = self.json.clone();
        for object in &self.objects {
            for (list, fields) in [("fields", &object.fields), ("removed", &object.removed)] {
                let is_asked = |field: &Field| {
                    found.is_none_or(|found| found.iter().any(|found| std::ptr::eq(found.field, field)))
                        && layer.is_none_or(|layer| field.layers().any(|other| other == layer))
                };
                let mut asked = fields.iter().map(is_asked);
                let items = json.pointer_mut(&format!("/manifests/{}/{list}", object.role));
                if let Some(items) = items.and_then(Value::as_array_mut) {
                    items.retain(|_| asked.next().unwrap_or_default());
                }
            }
        }
        json_text(&json)
    }
}

impl Object {
    /// The object as YAML, each line with its field.
    fn lines(&self) -> anyhow::Result<Vec<lines::Line<'_>>> {
        let text = yaml::write(&self.value)?;
        Ok(lines::annotate(&text, &self.fields))
    }
}

impl Field {
    /// The layers that have set it, the last one last.
    fn layers(&self) -> impl Iterator<Item = Layer> {
        self.replaced.iter().map(|value| value.layer).chain([self.layer])
    }

    /// The value as one line of text.
    fn shown(&self) -> String {
        self.value.to_string()
    }

    /// The value it had before, and its layer.
    fn before(&self) -> Option<&Self> {
        self.replaced.last()
    }

    /// Where its value stands, for people: `context.yaml:12:9`.
    fn position(&self) -> Option<String> {
        self.place.as_ref().map(|place| format!("{}:{}:{}", place.name, place.line, place.column))
    }
}

impl Layer {
    const ALL: [Self; 6] = [
        Self::Base,
        Self::DeploymentTemplate,
        Self::ContainerTemplate,
        Self::Platform,
        Self::PipelineConfig,
        Self::EmergencyPatch,
    ];

    fn name(self) -> &'static str {
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
    fn tag(self) -> &'static str {
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
    fn about(self) -> &'static str {
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

/// Finds the file and line of every value.
fn locate<'f>(context: &Context, document: Option<&Document<'_>>, fields: impl Iterator<Item = &'f mut Field>) {
    for field in fields {
        if let Some(from) = &field.from {
            field.place = place::of_value(context, document, from, field.line.zip(field.column));
        }
        locate(context, document, field.replaced.iter_mut());
    }
}
