//! The language server: what the component knows of contexts, where they are written.
//!
//! Problems, their places and their fixes are the component's, and so are the stories of values; the fields that can be
//! written come from the schema. Here is what an editor adds to that: files that change with each key, positions in its
//! units, and which files belong together.

mod completion;
mod cursor;
mod explained;
mod findings;
mod schema;
mod server;
mod settings;
mod symbols;
mod text;
mod uri;
mod worker;
mod workspace;

use crate::write::ensure_output;
use anyhow::Context as _;
use lsp_server::Connection;
use schema::Schema;
use sentry_streams_k8s_host::ConsumerMacro;
use server::Server;
use std::sync::{Arc, mpsc};
use worker::Worker;

/// Serves an editor over standard input and output until it goes.
pub(crate) fn run(consumer_macro: ConsumerMacro) -> anyhow::Result<()> {
    ensure_output()?;
    let (connection, threads) = Connection::stdio();
    let (jobs, waiting) = mpsc::channel();
    let schema = Arc::new(Schema::new()?);
    let editor = connection.sender.clone();
    let worker = Worker::new(consumer_macro, Arc::clone(&schema), waiting, move |message| {
        let _ = editor.send(message);
    });
    let worker = std::thread::Builder::new()
        .name("consumer-macro".to_owned())
        .spawn(move || worker.run())
        .context("cannot start a thread")?;

    let served = Server::start(connection, schema, jobs).and_then(Server::run);
    // Without its server the worker has nothing more to do, and without both nobody writes any more.
    let end = worker.join();
    served?;
    anyhow::ensure!(end.is_ok(), "the thread that asks the macro has ended");
    threads.join().context("the editor cannot be read or written")
}
