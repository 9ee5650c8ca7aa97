//! What the editor says, one message after the other: files are kept as they are there, what takes no time is answered, and
//! what takes the macro goes to the worker.

use super::completion;
use super::schema::Schema;
use super::settings::Settings;
use super::symbols;
use super::text::{Encoding, Text};
use super::uri;
use super::worker::{Job, Question};
use super::workspace::Workspace;
use gen_lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CompletionOptions, InitializeParams,
    LspNotificationMethod as Notifications, LspRequestMethod as Requests, MessageType,
    PositionEncodingKind, ServerCapabilities, ShowMessageParams, TextDocumentPositionParams,
    TextDocumentSyncKind, TextDocumentSyncOptions, Uri, WorkspaceFolders,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::mpsc::Sender;

pub(super) struct Server {
    pub(super) connection: Connection,
    pub(super) workspace: Workspace,
    pub(super) schema: Arc<Schema>,
    pub(super) jobs: Sender<Job>,
}

impl Server {
    /// Greets the editor.
    pub(super) fn start(
        connection: Connection,
        schema: Arc<Schema>,
        jobs: Sender<Job>,
    ) -> anyhow::Result<Self> {
        let (id, params) = connection.initialize_start()?;
        let params: InitializeParams = serde_json::from_value(params)?;
        let encoding = encoding(&params.capabilities);
        let workspace = Workspace { encoding, root: root(&params), ..Workspace::default() };
        let about = json!({
            "capabilities": capabilities(encoding),
            "serverInfo": { "name": "streams-k8s", "version": env!("CARGO_PKG_VERSION") },
        });
        connection.initialize_finish(id, about)?;
        if can_watch(&params.capabilities) {
            let _ = connection.sender.send(watch().into());
        }

        let mut server = Self { connection, workspace, schema, jobs };
        server.configure(
            params.initialization_options.map_or(Ok(Value::Null), serde_json::to_value)?,
        );
        Ok(server)
    }

    /// Serves until the editor goes.
    pub(super) fn run(mut self) -> anyhow::Result<()> {
        while let Ok(message) = self.connection.receiver.recv() {
            match message {
                Message::Request(request) => {
                    if self.connection.handle_shutdown(&request)? {
                        break;
                    }
                    self.request(request);
                }
                Message::Notification(notification) => self.notification(notification),
                Message::Response(_) => {}
            }
        }
        Ok(())
    }

    fn request(&self, request: Request) {
        let Request { id, method, params } = request;
        let answer = match Requests::from(method.as_str()) {
            Requests::TextDocumentCompletion => {
                let at: Option<TextDocumentPositionParams> = read(params);
                at.map(|at| {
                    let TextDocumentPositionParams { text_document, position } = at;
                    let uri = text_document.uri;
                    json!(completion::at(&self.workspace, &self.schema, &uri, position))
                })
            }
            Requests::TextDocumentDocumentSymbol => {
                let params: Option<gen_lsp_types::DocumentSymbolParams> = read(params);
                let symbols = params.map(|params| {
                    let file = self.workspace.open.get(&params.text_document.uri);
                    file.map(|file| symbols::of(file, &self.workspace))
                });
                symbols.map(|symbols| json!(symbols.unwrap_or_default()))
            }
            Requests::TextDocumentHover => return self.ask_at(id, params, Question::Hover),
            Requests::TextDocumentDefinition => {
                return self.ask_at(id, params, Question::Definition);
            }
            Requests::TextDocumentCodeAction => {
                return self.ask(id, read(params).map(Question::Actions));
            }
            _ => {
                let message = format!("{method} is not what this server does");
                return self.refuse(id, ErrorCode::MethodNotFound, message);
            }
        };
        match answer {
            Some(value) => self.send(Response::new_ok(id, value).into()),
            None => self.ask(id, None),
        }
    }

    fn ask_at(
        &self,
        id: RequestId,
        params: Value,
        question: fn(Uri, gen_lsp_types::Position) -> Question,
    ) {
        let at: Option<TextDocumentPositionParams> = read(params);
        self.ask(id, at.map(|at| question(at.text_document.uri, at.position)));
    }

    /// Lets the worker answer a question; none is one that cannot be read.
    fn ask(&self, id: RequestId, question: Option<Question>) {
        match question {
            Some(question) => self.tell(Job::Answer(id, self.workspace.clone(), question)),
            None => self.refuse(id, ErrorCode::InvalidParams, "wrong parameters".to_owned()),
        }
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, message: String) {
        self.send(Response::new_err(id, code as i32, message).into());
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let changed = match Notifications::from(method.as_str()) {
            Notifications::TextDocumentDidOpen => self.open(params),
            Notifications::TextDocumentDidChange => self.change(params),
            Notifications::TextDocumentDidClose => self.close(params),
            Notifications::WorkspaceDidChangeConfiguration => {
                if let Some(settings) = params.get("settings").filter(|all| Settings::are_in(all)) {
                    self.configure(settings.clone());
                }
                None
            }
            Notifications::WorkspaceDidChangeWatchedFiles => {
                self.tell(Job::CheckAll(self.workspace.clone()));
                None
            }
            Notifications::CancelRequest => {
                let id = params.get("id").cloned().unwrap_or_default();
                if let Some(id) = read(id) {
                    self.tell(Job::Cancel(id));
                }
                None
            }
            _ => None,
        };
        if let Some(uri) = changed {
            self.tell(Job::Check(self.workspace.clone(), uri));
        }
    }

    fn open(&mut self, params: Value) -> Option<Uri> {
        let params: gen_lsp_types::DidOpenTextDocumentParams = read(params)?;
        let file = params.text_document;
        self.workspace.set(file.uri.clone(), file.version, Text::new(file.text));
        Some(file.uri)
    }

    fn change(&mut self, params: Value) -> Option<Uri> {
        let params: gen_lsp_types::DidChangeTextDocumentParams = read(params)?;
        let uri = params.text_document.text_document_identifier.uri;
        let file = self.workspace.open.remove(&uri)?;
        let encoding = self.workspace.encoding;
        let text = Arc::unwrap_or_clone(file.text);
        let text = params
            .content_changes
            .into_iter()
            .fold(text, |text, change| text.changed(change, encoding));
        self.workspace.set(uri.clone(), params.text_document.version, text);
        Some(uri)
    }

    fn close(&mut self, params: Value) -> Option<Uri> {
        let params: gen_lsp_types::DidCloseTextDocumentParams = read(params)?;
        self.workspace.open.remove(&params.text_document.uri);
        Some(params.text_document.uri)
    }

    /// Takes settings, and says what is wrong with them.
    fn configure(&mut self, settings: Value) {
        match Settings::read(settings) {
            Ok(settings) => {
                self.workspace.settings = Arc::new(settings);
                self.tell(Job::CheckAll(self.workspace.clone()));
            }
            Err(error) => {
                let message = format!("the settings of streams-k8s are not right: {error}");
                let params = ShowMessageParams::new(MessageType::Warning, message);
                let method = Notifications::WindowShowMessage.to_string();
                self.send(Notification::new(method, params).into());
            }
        }
    }

    /// The worker ends only after this, and the editor only by saying so: what cannot be sent has nobody to read it.
    fn tell(&self, job: Job) {
        let _ = self.jobs.send(job);
    }

    fn send(&self, message: Message) {
        let _ = self.connection.sender.send(message);
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

/// What both count columns in: UTF-8 where the editor can, which is what the text is.
fn encoding(capabilities: &ClientCapabilities) -> Encoding {
    let general = capabilities.general.as_ref();
    let known = general.and_then(|general| general.position_encodings.as_deref());
    if known.unwrap_or_default().contains(&PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else {
        Encoding::Utf16
    }
}

/// Whether the editor tells of files that change on disk, when it is asked to.
fn can_watch(capabilities: &ClientCapabilities) -> bool {
    let workspace = capabilities.workspace.as_ref();
    let files = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
    files.and_then(|files| files.dynamic_registration).unwrap_or_default()
}

/// Asks for that: a template need not be open.
fn watch() -> Request {
    let files = json!({ "watchers": [{ "globPattern": "**/*.{yaml,yml,json}" }] });
    let method = Notifications::WorkspaceDidChangeWatchedFiles.to_string();
    let one = json!({ "id": "files", "method": method, "registerOptions": files });
    let method = Requests::ClientRegisterCapability.to_string();
    Request::new("files".to_owned().into(), method, json!({ "registrations": [one] }))
}

fn root(params: &InitializeParams) -> Option<std::path::PathBuf> {
    let folders = params.workspace_folders_initialize_params.workspace_folders.clone();
    let folder = match folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.into_iter().next().map(|folder| folder.uri)
        }
        _ => None,
    };
    #[expect(deprecated, reason = "editors that know no folders send it")]
    let uri = folder.or_else(|| params.root_uri.clone())?;
    uri::path(&uri)
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    let encoding = match encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
    };
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        ..TextDocumentSyncOptions::default()
    };
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(sync.into()),
        completion_provider: Some(CompletionOptions::default()),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        code_action_provider: Some(
            CodeActionOptions {
                code_action_kinds: Some(vec![CodeActionKind::QuickFix]),
                ..CodeActionOptions::default()
            }
            .into(),
        ),
        ..ServerCapabilities::default()
    }
}
