//! What a unit renders, and why: for hovers, and to go to a rendered object.

use super::uri;
use super::workspace::{Unit, Workspace};
use crate::explanation::{Explanation, RenderedLine};
use anyhow::{Context as _, bail};
use gen_lsp_types::{Location, Position, Range};
use sentry_streams_k8s_host::{ConsumerMacro, Error};
use std::fs;
use tempfile::TempDir;

/// The most stories of one place: whoever points at a whole template has enough with these.
const FEW: usize = 6;

/// The explanation of the context in a part of a unit's file; of a template, of the unit's first context.
pub(super) fn explanation(
    workspace: &Workspace,
    unit: &Unit,
    part: Option<usize>,
    consumer_macro: &ConsumerMacro,
) -> anyhow::Result<Explanation> {
    let contexts = workspace.load(unit)?.contexts;
    let found = contexts.iter().find(|(number, _)| part.is_none_or(|part| part == *number));
    let (_, context) = found.context("there is no context here")?;
    let rendered = match consumer_macro.render(context.sent()) {
        Ok(rendered) => rendered,
        Err(Error::Refused(_)) => bail!("the context has problems, so nothing is rendered"),
        Err(error) => return Err(error.into()),
    };
    let Ok(explained) = consumer_macro.explain_json(context.sent())? else {
        bail!("the component renders the context and does not explain it");
    };
    Explanation::new(context, &rendered.manifests, &explained)
}

/// The stories of what a place in the context became, as Markdown.
pub(super) fn stories(explanation: &Explanation, from: &str) -> String {
    use crate::write::markdown::{self, escape};
    // In a table a bar has to be escaped; here is none.
    let code = |text: &str| markdown::code(text).replace("\\|", "|");
    let stories = explanation.stories_of(from);
    let mut text = String::new();
    for story in stories.iter().take(FEW) {
        let value = story.value.as_deref().map_or_else(|| "(removed)".to_owned(), code);
        text.extend([&code(&story.path), ": ", &value, "  \n", &escape(&story.titles), "\n"]);
        for sentence in &story.sentences {
            text.extend(["- ", &escape(sentence), "\n"]);
        }
        text.push('\n');
    }
    let more = stories.len().saturating_sub(FEW);
    if more > 0 {
        text.extend(["and ", &more.to_string(), " more fields\n"]);
    }
    text
}

/// A directory for rendered objects, as files that any editor can open. It goes when the server ends.
#[derive(Debug)]
pub(super) struct Rendered {
    directory: TempDir,
}

impl Rendered {
    pub(super) fn new() -> anyhow::Result<Self> {
        let directory = tempfile::Builder::new().prefix("streams-k8s-").tempdir();
        Ok(Self { directory: directory.context("cannot make a directory for rendered objects")? })
    }

    /// Writes the objects, and says where in them the fields are that a place in the context has a part in: of each object
    /// the first.
    pub(super) fn locate(
        &self,
        explanation: &Explanation,
        name: &str,
        from: &str,
    ) -> anyhow::Result<Vec<Location>> {
        let objects = explanation.rendered()?;
        let lines = |object: &Vec<RenderedLine<'_>>| {
            object.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect::<String>()
        };
        let text = objects.iter().map(lines).collect::<Vec<_>>().join("---\n");

        let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let file: String = name.chars().map(plain).collect();
        let path = self.directory.path().join(format!("{}.rendered.yaml", file.trim_matches('.')));
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;

        // A configuration becomes one text: what is in it is where that is.
        let is_there = |from: &str| objects.iter().flatten().any(|line| line.comes_from(from));
        let mut from = from;
        while !is_there(from) {
            let Some(above) = from.rfind(['.', '[']).and_then(|at| from.get(..at)) else { break };
            from = above;
        }

        let uri = uri::of(&path);
        let (mut start, mut locations) = (0_usize, Vec::new());
        for object in &objects {
            if let Some(at) = object.iter().position(|line| line.comes_from(from)) {
                let line = u32::try_from(start.saturating_add(at)).unwrap_or(u32::MAX);
                let position = Position::new(line, 0);
                locations.push(Location::new(uri.clone(), Range::new(position, position)));
            }
            start = start.saturating_add(object.len()).saturating_add(1);
        }
        Ok(locations)
    }
}
