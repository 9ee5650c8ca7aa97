//! An editor, as far as the language server can tell: messages over standard input and output of the real program.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

/// Longer than anything takes on a machine that builds something else.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Client {
    server: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    /// What came while something else was waited for.
    early: Vec<Value>,
    next: i64,
    pub(crate) workspace: TempDir,
    /// What the server said of itself.
    pub(crate) about: Value,
}

impl Client {
    /// Starts a server in an empty workspace.
    pub(crate) fn new() -> Self {
        Self::start(&[], &[], Value::Null)
    }

    /// Starts a server in a workspace of these files, for an editor with these encodings of positions and these settings.
    #[expect(clippy::needless_pass_by_value, reason = "it is always made for this")]
    pub(crate) fn start(files: &[(&str, &str)], encodings: &[&str], settings: Value) -> Self {
        let workspace = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(workspace.path().join(name), text).unwrap();
        }
        let mut server = Command::new(env!("CARGO_BIN_EXE_streams-k8s"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take().unwrap();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let early = Vec::new();
        let mut client =
            Self { server, input, messages, early, next: 0, workspace, about: Value::Null };
        let watching = json!({ "didChangeWatchedFiles": { "dynamicRegistration": true } });
        let mut capabilities = json!({ "workspace": watching });
        if !encodings.is_empty() {
            capabilities["general"] = json!({ "positionEncodings": encodings });
        }
        let root = uri(client.workspace.path());
        let params = json!({
            "processId": null, "rootUri": root, "capabilities": capabilities,
            "workspaceFolders": [{ "uri": root, "name": "test" }],
            "initializationOptions": settings,
        });
        client.about = client.ask("initialize", params).unwrap();
        client.tell("initialized", json!({}));
        client
    }

    /// The address of a file of the workspace.
    pub(crate) fn uri(&self, name: &str) -> String {
        uri(&self.workspace.path().join(name))
    }

    /// Sends a request and does not wait.
    #[expect(clippy::needless_pass_by_value, reason = "they are always made for this")]
    pub(crate) fn send(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        let id = self.next;
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The answer to a request: its result, or its error.
    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let mut message = self.wait(|message| message["id"] == id);
        match message.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(message["result"].take()),
        }
    }

    /// Sends a request, and waits for its answer.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.send(method, params);
        self.answer(id)
    }

    #[expect(clippy::needless_pass_by_value, reason = "they are always made for this")]
    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Opens a file with a text, as its first version.
    pub(crate) fn open(&mut self, name: &str, text: &str) {
        let uri = self.uri(name);
        let file = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": file }));
    }

    /// Replaces a range of an open file.
    pub(crate) fn change(&mut self, name: &str, version: i32, range: &Value, text: &str) {
        let file = json!({ "uri": self.uri(name), "version": version });
        let changes = json!([{ "range": range, "text": text }]);
        let params = json!({ "textDocument": file, "contentChanges": changes });
        self.tell("textDocument/didChange", params);
    }

    /// What is wrong in a version of a file.
    pub(crate) fn diagnostics(&mut self, name: &str, version: i32) -> Vec<Value> {
        let uri = self.uri(name);
        let mut message = self.wait(|message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
        });
        serde_json::from_value(message["params"]["diagnostics"].take()).unwrap()
    }

    /// Asks about a place in a file.
    pub(crate) fn ask_at(
        &mut self,
        method: &str,
        name: &str,
        (line, character): (u32, u32),
    ) -> Result<Value, Value> {
        let position = json!({ "line": line, "character": character });
        let params = json!({ "textDocument": { "uri": self.uri(name) }, "position": position });
        self.ask(method, params)
    }

    /// The labels of what can be written at a place.
    pub(crate) fn labels(&mut self, name: &str, at: (u32, u32)) -> Vec<String> {
        let items = self.ask_at("textDocument/completion", name, at).unwrap();
        let items = items.as_array().unwrap().iter();
        items.map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    }

    /// The text of a hover at a place; empty where there is none.
    pub(crate) fn hover(&mut self, name: &str, at: (u32, u32)) -> String {
        let hover = self.ask_at("textDocument/hover", name, at).unwrap();
        hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Ends the server as the protocol asks for, and says whether it went well.
    pub(crate) fn end(mut self) -> bool {
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        self.server.wait().unwrap().success()
    }

    /// The first message of a kind, from those that came before or come now.
    pub(crate) fn wait(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.early.iter().position(&is_wanted) {
            return self.early.remove(at);
        }
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("the server says nothing");
            if is_wanted(&message) {
                return message;
            }
            self.early.push(message);
        }
    }

    /// How many messages have come that nobody waited for yet and that are so.
    pub(crate) fn early(&self, is_so: impl Fn(&Value) -> bool) -> usize {
        self.early.iter().filter(|message| is_so(message)).count()
    }

    fn write(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // A test that failed does not end it.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        output.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

/// A range in one line.
pub(crate) fn range(line: u32, start: u32, end: u32) -> Value {
    json!({
        "start": { "line": line, "character": start },
        "end": { "line": line, "character": end },
    })
}
