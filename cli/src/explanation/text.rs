//! Explanations for a terminal. Styled always; the stream takes colours out where they are not wanted.

use super::layer::Layer;
use super::lines::{self, Line};
use super::model::{Explanation, Field, Object};
use super::story::{Found, together};
use crate::write::sanitize;
use clap::builder::styling::{AnsiColor, Style};
use std::collections::HashSet;
use std::fmt::Write;

const TITLE: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

impl Layer {
    fn style(self) -> Style {
        let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
        match self {
            Self::Base => Style::new().dimmed(),
            Self::DeploymentTemplate => color(AnsiColor::Blue),
            Self::ContainerTemplate => color(AnsiColor::Cyan),
            Self::Platform => color(AnsiColor::Green),
            Self::PipelineConfig => color(AnsiColor::Magenta),
            Self::EmergencyPatch => color(AnsiColor::Red).bold(),
        }
    }
}

/// All objects as they are rendered, with the layer of each line at the margin. Of a canary only what it has of its own.
pub(super) fn objects(explanation: &Explanation) -> anyhow::Result<String> {
    let mut text = String::new();
    legend(&mut text, explanation);
    text.push('\n');
    let mut primary: Vec<String> = Vec::new();
    for object in &explanation.objects {
        title(&mut text, object);
        let lines: Vec<String> = lines::of_object(object)?.iter().map(line).collect();
        if object.role == "canary_deployment" {
            push_differing(&mut text, &lines, &primary);
        } else {
            for line in &lines {
                text.extend([line, "\n"]);
            }
        }
        if object.role == "deployment" {
            primary = lines;
        }

        let style = Layer::EmergencyPatch.style();
        for field in &object.removed {
            let (path, value) = (sanitize(&field.path), sanitize(&field.shown()));
            let tag = field.layer.tag();
            let _ = writeln!(
                text,
                "{style}PATCH ! removed {path}: {value}{style:#}  {FAINT}# was {tag}{FAINT:#}"
            );
        }
        text.push('\n');
    }
    Ok(text)
}

/// A line with its layer.
fn line(line: &Line<'_>) -> String {
    let layer = line.field.map(|field| field.layer);
    let tag = layer.filter(|_| !line.is_continued).map_or("", Layer::tag);
    let style = layer.map(Layer::style).unwrap_or_default();
    let bar = if layer == Some(Layer::EmergencyPatch) { '!' } else { '|' };
    let mut text = format!("{style}{tag:>5} {bar} {}{style:#}", sanitize(&line.text));

    let before = line.field.filter(|_| layer == Some(Layer::EmergencyPatch) && !line.is_continued);
    if let Some(before) = before.and_then(Field::before) {
        let (value, tag) = (sanitize(&before.shown()), before.layer.tag());
        let _ = write!(text, "  {FAINT}# was {value} ({tag}){FAINT:#}");
    }
    text
}

/// The lines of a canary; of many that its Deployment has too only how many they are.
fn push_differing(text: &mut String, lines: &[String], primary: &[String]) {
    const FEW: usize = 4;
    let known: HashSet<&String> = primary.iter().collect();
    for part in lines.chunk_by(|a, b| known.contains(a) == known.contains(b)) {
        let is_known = part.first().is_some_and(|line| known.contains(line));
        if is_known && part.len() > FEW {
            let _ = writeln!(
                text,
                "      {FAINT}| … {} lines as in the Deployment{FAINT:#}",
                part.len()
            );
        } else {
            for line in part {
                text.extend([line, "\n"]);
            }
        }
    }
}

/// The layers there are, and how much each of them has set.
fn legend(text: &mut String, explanation: &Explanation) {
    for layer in Layer::ALL {
        let fields = || explanation.objects.iter().flat_map(|object| &object.fields);
        let set = fields().filter(|field| field.layer == layer).count();
        let style = layer.style();
        let (tag, name, about) = (layer.tag(), layer.name(), layer.about());
        let about =
            if about.starts_with(name) { about.to_owned() } else { format!("{name}: {about}") };
        let _ = writeln!(text, "{style}{tag:>5}{style:#} {set:>4} from {about}");
    }
}

/// The stories of fields.
pub(super) fn stories(found: &[Found<'_>]) -> String {
    let stories = together(found).into_iter().map(|(titles, found, sentences)| {
        let style =
            if found.is_removed { Layer::EmergencyPatch } else { found.field.layer }.style();
        let (path, value) = (sanitize(&found.field.path), sanitize(&found.field.shown()));
        let value = if found.is_removed { "(removed)".to_owned() } else { value };
        let titles = sanitize(&titles);
        let mut text =
            format!("{FAINT}{titles}{FAINT:#}\n{TITLE}{path}{TITLE:#}: {style}{value}{style:#}\n");
        for sentence in sentences {
            let _ = writeln!(text, "  {}", sanitize(&sentence));
        }
        text
    });
    stories.collect::<Vec<_>>().join("\n")
}

/// What a layer contributes: what it set that still stands, what of it was replaced, and, of the patch, what it removed.
pub(super) fn layer(explanation: &Explanation, layer: Layer) -> String {
    let style = layer.style();
    let mut text = String::new();
    for object in &explanation.objects {
        let mut lines = Vec::new();
        for field in &object.fields {
            let path = sanitize(&field.path);
            if field.layer == layer {
                let was = field
                    .before()
                    .map(|before| format!("  # was {} ({})", before.shown(), before.layer.tag()));
                let was = sanitize(&was.unwrap_or_default());
                lines.push(format!(
                    "{style}{path}: {}{style:#}{FAINT}{was}{FAINT:#}",
                    sanitize(&field.shown())
                ));
            } else if let Some(value) = field.replaced.iter().find(|value| value.layer == layer) {
                let now = format!("# replaced by {}: {}", field.layer.tag(), field.shown());
                lines.push(format!(
                    "{path}: {}  {FAINT}{}{FAINT:#}",
                    sanitize(&value.shown()),
                    sanitize(&now)
                ));
            }
        }
        for field in &object.removed {
            let (path, value) = (sanitize(&field.path), sanitize(&field.shown()));
            if layer == Layer::EmergencyPatch {
                let was = field.layer.tag();
                lines.push(format!(
                    "{style}{path}: removed{style:#}{FAINT}  # was {value} ({was}){FAINT:#}"
                ));
            } else if field.layer == layer {
                lines.push(format!("{path}: {value}  {FAINT}# removed by PATCH{FAINT:#}"));
            }
        }
        if !lines.is_empty() {
            title(&mut text, object);
            for line in &lines {
                text.extend(["  ", line, "\n"]);
            }
            text.push('\n');
        }
    }
    if text.is_empty() {
        text = format!("nothing comes from {}\n", layer.about());
    }
    text
}

fn title(text: &mut String, object: &Object) {
    let _ = writeln!(text, "{TITLE}{}{TITLE:#}", sanitize(&object.title));
}
