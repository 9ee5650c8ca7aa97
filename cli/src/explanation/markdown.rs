//! Explanations for comments and documents.

use super::layer::Layer;
use super::lines;
use super::model::{Explanation, Field};
use super::story::{Found, together};
use crate::write::markdown::{code, escape, fence, row};
use crate::write::{html_escape, sanitize};
use std::fmt::Write;

/// All objects with the layer of each line at the margin, and what the emergency patch did as a table.
pub(super) fn objects(explanation: &Explanation) -> anyhow::Result<String> {
    let mut text = String::new();
    for object in &explanation.objects {
        let _ = writeln!(text, "<details>\n<summary>{}</summary>\n", html_escape(&object.title));
        let mut block = String::new();
        for line in lines::of_object(object)? {
            let layer = line.field.map(|field| field.layer);
            let tag = layer.filter(|_| !line.is_continued).map_or("", Layer::tag);
            let _ = writeln!(block, "{tag:>5} | {}", sanitize(&line.text));
        }
        let fence = fence(&block);
        let _ = writeln!(text, "{fence}text\n{block}{fence}\n\n</details>\n");
        let patched = object.fields.iter().filter(|field| field.layer == Layer::EmergencyPatch);
        let rows: Vec<String> = patched
            .map(|field| row(&[&code(&field.path), &code(&field.shown()), &before(field)]))
            .chain(object.removed.iter().map(|field| {
                let was = format!("{} ({})", code(&field.shown()), field.layer.name());
                row(&[&code(&field.path), "removed", &was])
            }))
            .collect();
        if !rows.is_empty() {
            let _ = writeln!(
                text,
                "| patched field | now | before |\n|---|---|---|\n{}",
                rows.concat()
            );
        }
    }
    text.push_str("| tag | fields | layer |\n|---|---|---|\n");
    for layer in Layer::ALL {
        let fields = explanation.objects.iter().flat_map(|object| &object.fields);
        let set = fields.filter(|field| field.layer == layer).count().to_string();
        text.push_str(&row(&[&code(layer.tag()), &set, layer.about()]));
    }
    Ok(text)
}

/// The stories of fields.
pub(super) fn stories(found: &[Found<'_>]) -> String {
    let mut text = String::new();
    for (titles, found, sentences) in together(found) {
        let value =
            if found.is_removed { "removed".to_owned() } else { code(&found.field.shown()) };
        let _ = writeln!(text, "**{}** {}: {value}\n", escape(&titles), code(&found.field.path));
        for sentence in &sentences {
            text.extend(["- ", &escape(sentence), "\n"]);
        }
        text.push('\n');
    }
    text
}

/// What a layer contributes, as a table an object.
pub(super) fn layer(explanation: &Explanation, layer: Layer) -> String {
    let mut text = String::new();
    for object in &explanation.objects {
        let set = object.fields.iter().filter(|field| field.layer == layer).map(|field| {
            row(&[
                &code(&field.path),
                &code(&field.shown()),
                &before(field),
                &code(&field.position().unwrap_or_default()),
            ])
        });
        let removed =
            object.removed.iter().filter(|_| layer == Layer::EmergencyPatch).map(|field| {
                row(&[
                    &code(&field.path),
                    "removed",
                    &format!("{} ({})", code(&field.shown()), field.layer.name()),
                    "",
                ])
            });
        let rows: Vec<String> = set.chain(removed).collect();
        if !rows.is_empty() {
            let title = escape(&object.title);
            let _ = writeln!(
                text,
                "### {title}\n\n| field | value | before | place |\n|---|---|---|---|\n{}",
                rows.concat()
            );
        }
    }
    if text.is_empty() {
        text = format!("Nothing comes from {}.\n", layer.about());
    }
    text
}

fn before(field: &Field) -> String {
    field
        .before()
        .map(|value| format!("{} ({})", code(&value.shown()), value.layer.name()))
        .unwrap_or_default()
}
