//! The files that contexts are read from.

use crate::context::{Context, Setting};
use crate::read::{self, Input};
use crate::write::reason;
use anyhow::ensure;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// A file with contexts, or standard input.
#[derive(Debug)]
pub(crate) struct Source {
    /// What people call it.
    pub(crate) name: String,
    /// Where it is; none of standard input.
    pub(crate) path: Option<PathBuf>,
    /// A byte order mark, where the file begins with one.
    pub(crate) mark: &'static str,
    /// What follows it.
    pub(crate) text: String,
    which: Which,
}

/// Which documents of a file are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// All: somebody named the file as one of contexts.
    All,
    /// Those that are contexts: the file was found.
    Contexts,
}

/// The byte order mark.
const MARK: &str = "\u{feff}";

impl Source {
    /// Reads files, and the files below directories and of patterns, in this order. Of what is found, files without a
    /// context are left out.
    pub(crate) fn read_all(
        paths: &[&Path],
        which: Which,
        input: &Input,
    ) -> anyhow::Result<Vec<Self>> {
        let read = |path: &&Path| Self::read(path, which, input);
        // One needs no other threads.
        let results: Vec<_> = match paths {
            [path] => vec![read(path)],
            _ => paths.par_iter().map(read).collect(),
        };
        let (mut sources, mut errors) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Ok(read) => sources.extend(read),
                Err(error) => errors.push(reason(&error)),
            }
        }
        ensure!(errors.is_empty(), "{}", errors.join("; "));
        Ok(sources)
    }

    fn read(path: &Path, which: Which, input: &Input) -> anyhow::Result<Vec<Self>> {
        if path == Path::new("-") {
            let (name, text) = input.text(path)?;
            return Ok(vec![Self::new(name, None, text, which)]);
        }
        let Some(files) = read::found(path)? else {
            let (name, text) = input.text(path)?;
            return Ok(vec![Self::new(name, Some(path.to_owned()), text, which)]);
        };

        let read = |file: PathBuf| {
            // What is no text is no context.
            let Some((name, text)) = read::text_of(&file)? else { return Ok(None) };
            let source = Self::new(name, Some(file), text, Which::Contexts);
            Ok(Some(source).filter(Self::has_contexts))
        };
        let sources: Vec<Self> = files
            .into_par_iter()
            .filter_map(|file| read(file).transpose())
            .collect::<anyhow::Result<_>>()?;
        ensure!(
            !sources.is_empty() || which == Which::Contexts,
            "{} has no context: a StreamingPipeline, or a document with at least three of a context's required fields",
            path.display()
        );
        Ok(sources)
    }

    /// A file that is yet to be written.
    pub(crate) fn written(name: String, text: String) -> Self {
        Self::new(name, None, text, Which::All)
    }

    fn new(name: String, path: Option<PathBuf>, text: String, which: Which) -> Self {
        let (mark, text) = match text.strip_prefix(MARK) {
            Some(rest) => (MARK, rest.to_owned()),
            None => ("", text),
        };
        Self { name, path, mark, text, which }
    }

    fn has_contexts(&self) -> bool {
        read::documents(&self.text).iter().any(read::is_context)
    }

    /// The contexts of files, with fields set in them.
    pub(crate) fn all_contexts(
        sources: &[Self],
        settings: &[Setting],
    ) -> anyhow::Result<Vec<Context>> {
        let mut contexts = Vec::new();
        for source in sources {
            contexts.extend(source.contexts(settings)?);
        }
        Ok(contexts)
    }

    /// The contexts of the file, with fields set in them.
    pub(crate) fn contexts(&self, settings: &[Setting]) -> anyhow::Result<Vec<Context>> {
        self.contexts_of(&self.text, settings)
    }

    /// The contexts of the file if it had another text.
    pub(crate) fn contexts_of(
        &self,
        text: &str,
        settings: &[Setting],
    ) -> anyhow::Result<Vec<Context>> {
        let documents = read::documents(text);
        let is_whole = documents.len() < 2 && self.which == Which::All;
        if is_whole {
            return Ok(vec![Context::new(&self.name, text, 0, settings)?]);
        }
        let meant = documents
            .iter()
            .filter(|document| self.which == Which::All || read::is_context(document));
        meant
            .map(|document| Context::new(&self.name, document.text, document.line, settings))
            .collect()
    }
}
