//! What is wrong in a unit, at its places in the editor's files.

use super::workspace::{File, Loaded, Unit, Workspace};
use crate::context::Context;
use crate::read::Node;
use crate::report::Finding;
use crate::run;
use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticSeverity as Severity, Message, TextEdit, Uri,
};
use sentry_streams_k8s_host::{ConsumerMacro, Edit, Error, Problem};
use std::collections::BTreeMap;
use std::ops::Range;

/// Where the codes of problems are explained.
const PAGE: &str = "https://github.com/getsentry/sentry-streams-k8s/blob/main/docs/problems.md";
/// Who says it.
pub(super) const SOURCE: &str = "streams-k8s";

/// Something wrong in a file, and what would fix it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) diagnostic: Diagnostic,
    pub(super) fix: Option<Fix>,
}

/// Changes of the file that fix something.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fix {
    pub(super) title: String,
    pub(super) edits: Vec<TextEdit>,
}

/// What is wrong in each file.
pub(super) type Items = BTreeMap<String, Vec<Item>>;

/// Checks the contexts of a unit.
pub(super) fn of_unit(workspace: &Workspace, unit: &Unit, consumer_macro: &ConsumerMacro) -> Items {
    let loaded = match workspace.load(unit) {
        Ok(loaded) => loaded,
        Err(error) => {
            let item = Item { diagnostic: plain(&format!("{error:#}")), fix: None };
            return Items::from([(unit.context.clone(), vec![item])]);
        }
    };

    // Also of files without problems that is told.
    let files = std::iter::once(&loaded.file).chain(&loaded.templates);
    let mut items: Items = files.map(|file| (file.uri.0.clone(), Vec::new())).collect();
    let mut add = |file: &File, item| items.entry(file.uri.0.clone()).or_default().push(item);
    for (_, context) in &loaded.contexts {
        let (severity, problems) = match consumer_macro.validate(context.sent()) {
            Ok(warnings) => (Severity::Warning, warnings),
            Err(Error::Refused(problems)) => (Severity::Error, problems),
            Err(error) => {
                add(&loaded.file, Item { diagnostic: plain(&error.to_string()), fix: None });
                continue;
            }
        };
        for finding in run::findings(context, problems) {
            let place = Place::of(&loaded, context, &finding);
            let diagnostic = place.diagnostic(workspace, severity, &finding.problem);
            let fix = place.fix(workspace, context, &finding);
            add(place.file, Item { diagnostic, fix });
        }
    }
    items
}

/// A message about a file as a whole.
fn plain(message: &str) -> Diagnostic {
    Diagnostic {
        severity: Some(Severity::Error),
        source: Some(SOURCE.to_owned()),
        message: Message::String(message.to_owned()),
        ..Diagnostic::default()
    }
}

/// Where a finding is.
struct Place<'c> {
    file: &'c File,
    bytes: Range<usize>,
    is_template: bool,
}

impl<'c> Place<'c> {
    fn of(loaded: &'c Loaded, context: &Context, finding: &Finding) -> Self {
        let file = &loaded.file;
        let Some(place) = &finding.place else {
            return Self { file, bytes: 0..0, is_template: false };
        };
        let bytes = |file: &File| {
            let start = file.text.at((place.line, place.column));
            start..file.text.at(place.end).max(start)
        };
        if place.name == context.name {
            return Self { file, bytes: bytes(file), is_template: false };
        }
        match loaded.templates.iter().find(|template| template.name == place.name) {
            Some(template) => Self { file: template, bytes: bytes(template), is_template: true },
            None => Self { file, bytes: key(file, context, &finding.problem), is_template: false },
        }
    }

    fn diagnostic(
        &self,
        workspace: &Workspace,
        severity: Severity,
        problem: &Problem,
    ) -> Diagnostic {
        let help = problem.help.as_deref().map(|help| format!("\nhelp: {help}"));
        Diagnostic {
            range: self.file.text.range(self.bytes.clone(), workspace.encoding),
            severity: Some(severity),
            code: Some(Code::String(problem.code.clone())),
            code_description: Some(CodeDescription { href: Uri(PAGE.to_owned()) }),
            source: Some(SOURCE.to_owned()),
            message: Message::String(problem.message.clone() + &help.unwrap_or_default()),
            ..Diagnostic::default()
        }
    }

    fn fix(&self, workspace: &Workspace, context: &Context, finding: &Finding) -> Option<Fix> {
        let fix = if self.is_template {
            // The edits of a field's own text count in that text: here it is a file.
            let problem = &finding.problem;
            let setting = context.setting(problem.source.as_deref()?)?;
            problem.fix.as_ref().filter(|_| setting.name == self.file.name)
        } else {
            finding.fix.as_ref()
        }?;
        let edit = |edit: &Edit| {
            let byte =
                |at: sentry_streams_k8s_host::Position| self.file.text.at((at.line, at.column));
            let range = self.file.text.range(byte(edit.start)..byte(edit.end), workspace.encoding);
            TextEdit::new(range, edit.text.clone())
        };
        Some(Fix { title: fix.title.clone(), edits: fix.edits.iter().map(edit).collect() })
    }
}

/// The key of the field whose text a problem is in, where that text does not stand in the file as it is, or the
/// settings give it; the start of the context where it has no such key.
fn key(file: &File, context: &Context, problem: &Problem) -> Range<usize> {
    let path = problem.path.strip_prefix("spec.").unwrap_or(&problem.path);
    let field = problem.source.as_deref();
    let field = field.or_else(|| path.split(['.', '[']).next()).unwrap_or_default();
    let start = file.text.line(context.lines_before as usize).start;
    let root = Node::read(&context.text).ok().flatten();
    let entry = root.as_ref().and_then(|root| {
        let entries = root.entries().iter();
        let below = root.entry("spec").map(Node::entries).unwrap_or_default();
        entries.chain(below).find(|(key, _)| key.as_text() == Some(field))
    });
    entry.map_or(start..start, |(key, _)| {
        start.saturating_add(key.range.start)..start.saturating_add(key.range.end)
    })
}
