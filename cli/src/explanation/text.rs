//! Explanations for a terminal. Styled always; the stream takes colours out where they are not wanted.

use super::layer::Layer;
use super::lines;
use super::model::{Explanation, Field, Object};
use super::story::{Found, together};
use crate::write::sanitize;
use clap::builder::styling::{AnsiColor, Style};
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

/// All objects as they are rendered, with the layer of each line at the margin.
pub(super) fn objects(explanation: &Explanation) -> anyhow::Result<String> {
    let mut text = String::new();
    for object in &explanation.objects {
        title(&mut text, object);
        for line in lines::of_object(object)? {
            let layer = line.field.map(|field| field.layer);
            let tag = layer.filter(|_| !line.is_continued).map_or("", Layer::tag);
            let style = layer.map(Layer::style).unwrap_or_default();
            let bar = if layer == Some(Layer::EmergencyPatch) { '!' } else { '|' };
            let _ = write!(text, "{style}{tag:>5} {bar} {}{style:#}", sanitize(&line.text));
            let before = line.field.filter(|_| layer == Some(Layer::EmergencyPatch) && !line.is_continued);
            if let Some(before) = before.and_then(Field::before) {
                let (value, tag) = (sanitize(&before.shown()), before.layer.tag());
                let _ = write!(text, "  {FAINT}# was {value} ({tag}){FAINT:#}");
            }
            text.push('\n');
        }
        let style = Layer::EmergencyPatch.style();
        for field in &object.removed {
            let (path, value) = (sanitize(&field.path), sanitize(&field.shown()));
            let tag = field.layer.tag();
            let _ = writeln!(text, "{style}PATCH ! removed {path}: {value}{style:#}  {FAINT}# was {tag}{FAINT:#}");
        }
        text.push('\n');
    }
    legend(&mut text, explanation);
    Ok(text)
}

/// The layers there are, and how much each of them has set.
fn legend(text: &mut String, explanation: &Explanation) {
    for layer in Layer::ALL {
        let fields = || explanation.objects.iter().flat_map(|object| &object.fields);
        let set = fields().filter(|field| field.layer == layer).count();
        let style = layer.style();
        let (tag, about) = (layer.tag(), layer.about());
        let _ = writeln!(text, "{style}{tag:>5}{style:#} {set:>4} from {about}");
    }
}

/// The stories of fields.
pub(super) fn stories(found: &[Found<'_>]) -> String {
    let stories = together(found).into_iter().map(|(titles, found, sentences)| {
        let style = if found.is_removed { Layer::EmergencyPatch } else { found.field.layer }.style();
        let (path, value) = (sanitize(&found.field.path), sanitize(&found.field.shown()));
        let value = if found.is_removed { "(removed)".to_owned() } else { value };
        let titles = sanitize(&titles);
        let mut text = format!("{FAINT}{titles}{FAINT:#}\n{TITLE}{path}{TITLE:#}: {style}{value}{style:#}\n");
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
                let was = field.before().map(|before| format!("  # was {} ({})", before.shown(), before.layer.tag()));
                let was = sanitize(&was.unwrap_or_default());
                lines.push(format!("{style}{path}: {}{style:#}{FAINT}{was}{FAINT:#}", sanitize(&field.shown())));
            } else if let Some(value) = field.replaced.iter().find(|value| value.layer == layer) {
                let now = format!("# replaced by {}: {}", field.layer.tag(), field.shown());
                lines.push(format!("{path}: {}  {FAINT}{}{FAINT:#}", sanitize(&value.shown()), sanitize(&now)));
            }
        }
        for field in &object.removed {
            let (path, value) = (sanitize(&field.path), sanitize(&field.shown()));
            if layer == Layer::EmergencyPatch {
                let was = field.layer.tag();
                lines.push(format!("{style}{path}: removed{style:#}{FAINT}  # was {value} ({was}){FAINT:#}"));
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
