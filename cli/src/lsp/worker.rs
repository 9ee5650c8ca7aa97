//! The thread that asks the macro: checks of files, of which only the newest state counts, and what is asked about them.
//!
//! What waits is looked through before each step: a check that a newer one follows is left out, and so is a request that
//! the editor has cancelled. A call that runs is held to the host's limits.

use super::completion;
use super::cursor::{Cursor, Purpose};
use super::explained::{self, Rendered};
use super::findings::{self, Item, Items};
use super::schema::Schema;
use super::workspace::{Unit, Workspace};
use anyhow::Context as _;
use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, Contents, Hover, LspNotificationMethod,
    MarkupContent, MarkupKind, Position, PublishDiagnosticsParams, Uri, WorkspaceEdit,
};
use lsp_server::{ErrorCode, Message, Notification, RequestId, Response};
use sentry_streams_k8s_host::ConsumerMacro;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

/// What is asked of the thread, with the files as they were then.
pub(super) enum Job {
    /// A file was opened, changed or closed.
    Check(Workspace, Uri),
    /// Which files belong together has changed.
    CheckAll(Workspace),
    /// Something is to be answered.
    Answer(RequestId, Workspace, Question),
    /// A request need not be answered.
    Cancel(RequestId),
}

/// What an editor asks about a file.
pub(super) enum Question {
    Hover(Uri, Position),
    Definition(Uri, Position),
    Actions(CodeActionParams),
}

/// What was last found, and how to say it.
pub(super) struct Worker<S> {
    consumer_macro: ConsumerMacro,
    schema: Arc<Schema>,
    jobs: Receiver<Job>,
    /// To the editor.
    send: S,
    waiting: VecDeque<Job>,
    found: BTreeMap<Unit, Items>,
    rendered: Option<Rendered>,
}

impl<S: Fn(Message)> Worker<S> {
    pub(super) fn new(
        consumer_macro: ConsumerMacro,
        schema: Arc<Schema>,
        jobs: Receiver<Job>,
        send: S,
    ) -> Self {
        let (waiting, found) = (VecDeque::new(), BTreeMap::new());
        Self { consumer_macro, schema, jobs, send, waiting, found, rendered: None }
    }

    /// Works until nobody can ask any more.
    pub(super) fn run(mut self) {
        while let Some(job) = self.next() {
            match job {
                Job::Check(workspace, uri) => self.check(&workspace, &BTreeSet::from([uri.0])),
                Job::CheckAll(workspace) => {
                    let all = workspace.open.keys().map(|uri| uri.0.clone()).collect();
                    self.check(&workspace, &all);
                }
                Job::Answer(id, workspace, question) => {
                    let answer = self.answer(&workspace, question);
                    self.respond(id, answer);
                }
                Job::Cancel(_) => {}
            }
        }
    }

    fn next(&mut self) -> Option<Job> {
        loop {
            let job = match self.waiting.pop_front() {
                Some(job) => job,
                None => self.jobs.recv().ok()?,
            };
            self.waiting.extend(self.jobs.try_iter());
            match &job {
                Job::Check(_, uri) if self.is_outdated(&uri.0) => {}
                Job::Answer(id, ..) if self.is_cancelled(id) => {
                    let code = ErrorCode::RequestCanceled as i32;
                    let response = Response::new_err(id.clone(), code, "cancelled".to_owned());
                    (self.send)(response.into());
                }
                _ => return Some(job),
            }
        }
    }

    /// Whether a newer state of a file waits to be checked.
    fn is_outdated(&self, uri: &str) -> bool {
        self.waiting.iter().any(|job| match job {
            Job::Check(_, other) => other.0 == uri,
            Job::CheckAll(_) => true,
            Job::Answer(..) | Job::Cancel(_) => false,
        })
    }

    fn is_cancelled(&self, id: &RequestId) -> bool {
        self.waiting.iter().any(|job| matches!(job, Job::Cancel(other) if other == id))
    }

    /// Checks the units of some files, also of those that they are no more part of, and tells what has changed.
    fn check(&mut self, workspace: &Workspace, uris: &BTreeSet<String>) {
        let units = uris.iter().flat_map(|uri| workspace.units(&Uri(uri.clone())));
        let is_open = |unit: &Unit| workspace.has_open(unit);
        let units: BTreeSet<Unit> = units.filter(is_open).collect();
        let is_of = |(unit, items): &(&Unit, &Items)| {
            !is_open(unit)
                || uris.contains(&unit.context)
                || items.keys().any(|uri| uris.contains(uri))
        };
        let old: Vec<Unit> =
            self.found.iter().filter(is_of).map(|(unit, _)| unit.clone()).collect();

        let new = units
            .iter()
            .map(|unit| (unit.clone(), findings::of_unit(workspace, unit, &self.consumer_macro)));
        let new: Vec<(Unit, Items)> = new.collect();
        self.waiting.extend(self.jobs.try_iter());
        if uris.iter().all(|uri| self.is_outdated(uri)) && !uris.is_empty() {
            return;
        }

        let mut touched = BTreeSet::new();
        for unit in old {
            touched.extend(self.found.remove(&unit).unwrap_or_default().into_keys());
        }
        for (unit, items) in new {
            touched.extend(items.keys().cloned());
            self.found.insert(unit, items);
        }
        for uri in &touched {
            self.publish(workspace, uri);
        }
    }

    /// What is wrong in a file, in all units that it is part of.
    fn items(&self, uri: &str) -> Vec<&Item> {
        let mut items: Vec<&Item> = Vec::new();
        for item in self.found.values().filter_map(|items| items.get(uri)).flatten() {
            if !items.contains(&item) {
                items.push(item);
            }
        }
        items
    }

    fn publish(&self, workspace: &Workspace, uri: &str) {
        let items = self.items(uri).into_iter();
        let uri = Uri(uri.to_owned());
        let version = workspace.open.get(&uri).and_then(|file| file.version);
        let diagnostics = items.map(|item| item.diagnostic.clone()).collect();
        let params = PublishDiagnosticsParams::new(uri, version, diagnostics);
        let method = LspNotificationMethod::TextDocumentPublishDiagnostics.to_string();
        (self.send)(Notification::new(method, params).into());
    }

    fn respond(&self, id: RequestId, answer: anyhow::Result<Value>) {
        let response = match answer {
            Ok(value) => Response::new_ok(id, value),
            Err(error) => {
                Response::new_err(id, ErrorCode::RequestFailed as i32, format!("{error:#}"))
            }
        };
        (self.send)(response.into());
    }

    fn answer(&mut self, workspace: &Workspace, question: Question) -> anyhow::Result<Value> {
        let value = match question {
            Question::Hover(uri, at) => serde_json::to_value(self.hover(workspace, &uri, at)),
            Question::Definition(uri, at) => {
                serde_json::to_value(self.definition(workspace, &uri, at)?)
            }
            Question::Actions(params) => serde_json::to_value(self.actions(&params)),
        };
        Ok(value?)
    }

    /// What stands under the cursor: the field's description, and what became of it.
    fn hover(&self, workspace: &Workspace, uri: &Uri, at: Position) -> Option<Hover> {
        let (unit, cursor) = Self::under(workspace, uri, at)?;
        let field = workspace.field(uri);
        let path = cursor.whole_path();
        let about = completion::about(&self.schema, &cursor, &path, field);
        let mut text = String::new();
        if let Some(name) = path.steps().last().and_then(|step| step.key()) {
            let title = about.title().map(|title| format!(": {title}")).unwrap_or_default();
            text = format!("{}{title}\n\n", crate::write::markdown::code(name));
        }
        if let Some(description) = about.description() {
            text.extend([description, "\n\n"]);
        }

        let part = field.is_none().then_some(cursor.part);
        let explanation = explained::explanation(workspace, &unit, part, &self.consumer_macro);
        let stories = explanation
            .ok()
            .map(|explanation| explained::stories(&explanation, &from(&cursor, field)));
        let stories = stories.filter(|stories| !stories.is_empty());
        if about.description().is_none() && stories.is_none() {
            return None;
        }
        if let Some(stories) = stories {
            text.extend(["---\n\n", &stories]);
        }
        let file = workspace.open.get(uri)?;
        Some(Hover {
            contents: Contents::MarkupContent(MarkupContent::new(MarkupKind::Markdown, text)),
            range: Some(file.text.range(cursor.word, workspace.encoding)),
        })
    }

    /// Where the rendered objects have what stands under the cursor.
    fn definition(
        &mut self,
        workspace: &Workspace,
        uri: &Uri,
        at: Position,
    ) -> anyhow::Result<Option<Vec<gen_lsp_types::Location>>> {
        let Some((unit, cursor)) = Self::under(workspace, uri, at) else { return Ok(None) };
        let field = workspace.field(uri);
        let part = field.is_none().then_some(cursor.part);
        let explanation = explained::explanation(workspace, &unit, part, &self.consumer_macro)?;
        if self.rendered.is_none() {
            self.rendered = Some(Rendered::new()?);
        }
        let rendered = self.rendered.as_ref().context("there is no directory")?;
        let file = workspace.open.get(uri).context("the file is not open")?;
        let name = Path::new(&file.name).with_extension("");
        let name = format!("{}-{}", name.display(), cursor.part);
        Ok(Some(rendered.locate(&explanation, &name, &from(&cursor, field))?))
    }

    fn under(workspace: &Workspace, uri: &Uri, at: Position) -> Option<(Unit, Cursor)> {
        let file = workspace.open.get(uri)?;
        let unit = workspace.units(uri).into_iter().next()?;
        let offset = file.text.offset(at, workspace.encoding);
        Some((unit, Cursor::at(file.text.as_str(), offset, Purpose::Read)?))
    }

    /// The fixes of what is wrong in a range.
    fn actions(&self, params: &CodeActionParams) -> Vec<CodeAction> {
        let wanted = params.context.only.as_ref();
        if wanted.is_some_and(|kinds| {
            !kinds
                .iter()
                .any(|kind| [CodeActionKind::Empty, CodeActionKind::QuickFix].contains(kind))
        }) {
            return Vec::new();
        }
        let uri = &params.text_document.uri;
        let is_near = |item: &&Item| {
            let (wanted, range) = (params.range, item.diagnostic.range);
            range.start <= wanted.end && wanted.start <= range.end
        };
        let action = |item: &Item| {
            let fix = item.fix.clone()?;
            let changes = HashMap::from([(uri.clone(), fix.edits)]);
            Some(CodeAction {
                title: fix.title,
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(vec![item.diagnostic.clone()]),
                is_preferred: Some(true),
                edit: Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }),
                ..CodeAction::default()
            })
        };
        self.items(&uri.0).into_iter().filter(is_near).filter_map(action).collect()
    }
}

/// The path from the context's root, as the macro writes it.
fn from(cursor: &Cursor, field: Option<&str>) -> String {
    let path = cursor.whole_path();
    match field {
        Some(field) => sentry_streams_k8s::value::Path::field(field).join(&path).to_string(),
        None => path.to_string(),
    }
}
