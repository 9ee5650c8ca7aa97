//! Explanations as one page to open in a browser: it loads nothing, and everything in it that is not ours is escaped.

use super::layer::Layer;
use super::lines;
use super::model::{Explanation, Field, Object};
use super::story::{Found, sentences};
use crate::write::html_escape as escape;
use std::fmt::Write;

/// The page of an explanation.
pub(super) fn page(explanation: &Explanation) -> anyhow::Result<String> {
    let name = escape(&explanation.name);
    let mut page = Page::default();
    for object in &explanation.objects {
        page.object(object)?;
    }
    let Page { links, objects, stories, .. } = page;
    let layers: String = Layer::ALL.into_iter().map(|layer| legend(explanation, layer)).collect();
    let (theme, style) = (include_str!("theme.css"), include_str!("page.css"));
    let script = include_str!("page.js");
    Ok(format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{name} explained</title>
<style>
{theme}{style}</style>
</head>
<body>
<header>
<h1>{name} <small>where every field comes from</small></h1>
<fieldset>
<legend>Layers, the last one counts</legend>
{layers}</fieldset>
<nav aria-label="Objects">
{links}</nav>
<p class="keys">Point at a line for its story. <kbd>↑</kbd> <kbd>↓</kbd> move, <kbd>p</kbd> goes to the next patched
line, <kbd>Enter</kbd> or a click keeps the story, <kbd>Esc</kbd> lets it go.</p>
<noscript><p>The stories of lines need JavaScript; <code>streams-k8s explain --field</code> prints them too.</p></noscript>
</header>
<main>
<div class="objects">
{objects}</div>
<aside id="story" aria-live="polite" aria-label="Story of the line"><p class="empty">No line is chosen.</p></aside>
</main>
<div hidden>
{stories}</div>
<script>
{script}</script>
</body>
</html>
"#
    ))
}

#[derive(Default)]
struct Page {
    /// To the objects.
    links: String,
    objects: String,
    stories: String,
    /// How many stories there are; lines of one value share one.
    count: usize,
}

impl Page {
    fn object(&mut self, object: &Object) -> anyhow::Result<()> {
        let title = escape(&object.title);
        let section = self.links.lines().count();
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(self.links, "<a href=\"#o{section}\">{title}</a>");
        let _ = write!(
            self.objects,
            "<section id=\"o{section}\">\n<h2>{title}</h2>\n<div class=\"yaml\" role=\"listbox\" aria-label=\"{title}\">\n"
        );
        for line in lines::of_object(object)? {
            let Some(field) = line.field else {
                let text = escape(&line.text);
                let _ = writeln!(
                    self.objects,
                    "<div class=\"line\" role=\"presentation\"><i></i><code>{text}</code></div>"
                );
                continue;
            };
            if !line.is_continued {
                self.story(object, field, false);
            }
            let before = field
                .before()
                .filter(|_| !line.is_continued && field.layer == Layer::EmergencyPatch);
            let was =
                before.map(|before| format!("was {} ({})", before.shown(), before.layer.name()));
            self.line(field.layer, &line.text, was.as_deref(), line.is_continued);
        }
        for field in &object.removed {
            self.story(object, field, true);
            let text = format!("removed {}", field.path);
            let was = format!("was {} ({})", field.shown(), field.layer.name());
            self.line(Layer::EmergencyPatch, &text, Some(&was), false);
        }
        self.objects.push_str("</div>\n</section>\n");
        Ok(())
    }

    /// A line with the latest story.
    fn line(&mut self, layer: Layer, text: &str, was: Option<&str>, is_continued: bool) {
        let story = self.count;
        let (class, tag) = (layer.name(), if is_continued { "" } else { layer.tag() });
        let text = escape(text);
        let was = was.map(|was| format!("<small>{}</small>", escape(was))).unwrap_or_default();
        // Only the first line of a value can be stepped on.
        let role = if is_continued {
            "role=\"presentation\""
        } else {
            "role=\"option\" tabindex=\"-1\" aria-selected=\"false\""
        };
        let _ = writeln!(
            self.objects,
            "<div class=\"line {class}\" {role} data-story=\"s{story}\"><i>{tag}</i><code>{text}</code>{was}</div>"
        );
    }

    fn story(&mut self, object: &Object, field: &Field, is_removed: bool) {
        self.count = self.count.saturating_add(1);
        let (path, value) = (escape(&field.path), escape(&field.shown()));
        let title = escape(&object.title);
        let (class, tag) = if is_removed {
            ("emergency_patch", "removed")
        } else {
            (field.layer.name(), field.layer.name())
        };
        let mut paragraphs = String::new();
        for sentence in sentences(&Found { object, field, is_removed }) {
            paragraphs.extend(["<p>", &escape(&sentence), "</p>"]);
        }
        let _ = writeln!(
            self.stories,
            "<div id=\"s{}\"><h3>{path}</h3><p class=\"of\">{title}</p>\
             <p><b class=\"chip {class}\">{tag}</b> <code>{value}</code></p>{paragraphs}</div>",
            self.count
        );
    }
}

fn legend(explanation: &Explanation, layer: Layer) -> String {
    let fields = explanation.objects.iter().flat_map(|object| &object.fields);
    let count = fields.filter(|field| field.layer == layer).count();
    let (name, about) = (layer.name(), layer.about());
    format!(
        "<label title=\"{about}\"><input type=\"checkbox\" checked value=\"{name}\"> <b class=\"chip {name}\">{name}</b> {count}</label>\n"
    )
}
