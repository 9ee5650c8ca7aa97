//! Kubernetes' own validation: the program in `tests/kubernetes-validator`.

use serde_json::{Value, json};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

/// The running program. It answers one question at a time.
pub(crate) struct Validator {
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    child: Child,
}

impl Validator {
    /// Starts the program.
    pub(crate) fn start(program: &OsStr) -> Self {
        let mut child =
            Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let pipes = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { pipes: Mutex::new(pipes), child }
    }

    /// Why Kubernetes refuses an object; nothing when it takes it.
    pub(crate) fn reasons(&self, object: &Value) -> Vec<String> {
        self.answer(object, "errors")
    }

    /// What Kubernetes warns of when it takes an object.
    pub(crate) fn warnings(&self, object: &Value) -> Vec<String> {
        self.answer(object, "warnings")
    }

    /// All that Kubernetes says to an object: why it refuses it, of what it warns, the paths of what it drops.
    pub(crate) fn verdict(&self, object: &Value) -> [Vec<String>; 3] {
        let answer = self.ask(&json!({"id": "", "object": object}));
        ["errors", "warnings", "dropped"].map(|part| texts(&answer[part]))
    }

    /// What `kubectl patch` makes of an object, where Kubernetes takes that; else why it does not.
    pub(crate) fn patched(&self, object: &Value, patch: &Value) -> Result<Value, Vec<String>> {
        let mut answer = self.ask(&json!({"id": "", "object": object, "patch": patch}));
        let reasons = texts(&answer["errors"]);
        if reasons.is_empty() { Ok(answer["patched"].take()) } else { Err(reasons) }
    }

    fn answer(&self, object: &Value, part: &str) -> Vec<String> {
        texts(&self.ask(&json!({"id": "", "object": object}))[part])
    }

    fn ask(&self, question: &Value) -> Value {
        let mut pipes = self.pipes.lock().unwrap();
        writeln!(pipes.0, "{question}").unwrap();
        let mut line = String::new();
        pipes.1.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Validator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A list of texts; null is none.
fn texts(list: &Value) -> Vec<String> {
    let texts = list.as_array().into_iter().flatten();
    texts.map(|text| text.as_str().unwrap().to_owned()).collect()
}
