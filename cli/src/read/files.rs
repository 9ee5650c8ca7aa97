//! Files and standard input.

use anyhow::{Context as _, bail, ensure};
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The files of a directory that hold documents.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// The most bytes that are read of one input: no context and no stream of objects is near it, and a device has no end.
const MAX_BYTES: u64 = 64 << 20;

/// What standard input is called, where nobody gave it a name.
pub(crate) const STDIN: &str = "<stdin>";

/// What a command reads; standard input only once.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// The name of the file whose text standard input is.
    stdin_name: Option<String>,
    is_stdin_read: AtomicBool,
}

impl Input {
    /// Input in which standard input is the text of a file, where it has a name.
    pub(crate) fn new(stdin_name: Option<String>) -> Self {
        Self { stdin_name, ..Self::default() }
    }

    /// The name and the text of a file, or of standard input.
    pub(crate) fn text(&self, path: &Path) -> anyhow::Result<(String, String)> {
        if path == Path::new("-") {
            return self.standard_input();
        }

        let name = path.display().to_string();
        let place = || format!("cannot read {name}");
        let file = File::open(path).with_context(place)?;
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            bail!("{name} is a directory, where one file is asked for");
        }
        let text = text(&name, file).with_context(place)?;
        Ok((name, text))
    }

    fn standard_input(&self) -> anyhow::Result<(String, String)> {
        ensure!(
            !self.is_stdin_read.swap(true, Ordering::Relaxed),
            "standard input can be read only once: `-` stands twice"
        );
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            crate::write::note("reading from standard input; Ctrl-D ends it");
        }
        let name = self.stdin_name.as_deref().unwrap_or(STDIN);
        let text = text(name, stdin.lock()).context("cannot read standard input")?;
        Ok((name.to_owned(), text))
    }
}

/// The name and the text of a file that was found; none where it is no text.
pub(crate) fn text_of(path: &Path) -> anyhow::Result<Option<(String, String)>> {
    let name = path.display().to_string();
    let place = || format!("cannot read {name}");
    let bytes = bytes(&name, File::open(path).with_context(place)?).with_context(place)?;
    Ok(String::from_utf8(bytes).ok().map(|text| (name, text)))
}

fn bytes(name: &str, reader: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES.saturating_add(1)).read_to_end(&mut bytes)?;
    ensure!(bytes.len() as u64 <= MAX_BYTES, "{name} is larger than {} MiB", MAX_BYTES >> 20);
    Ok(bytes)
}

fn text(name: &str, reader: impl Read) -> anyhow::Result<String> {
    match String::from_utf8(bytes(name, reader)?) {
        Ok(text) => Ok(text),
        Err(error) => {
            let before = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
            let line = before.filter(|byte| **byte == b'\n').count().saturating_add(1);
            bail!("{name} is not UTF-8 text: the first wrong byte is in line {line}")
        }
    }
}

/// The file itself, or the files of the directory that hold documents, by name. Links that lead out of the directory
/// are refused: whoever wrote them there may not be allowed to read what they name.
pub(crate) fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let place = || format!("cannot read {}", path.display());
    let root = path.canonicalize().with_context(place)?;

    let mut files = Vec::new();
    for entry in path.read_dir().with_context(place)? {
        let file = entry.with_context(place)?.path();
        if !has_known_extension(&file) || !file.is_file() {
            continue;
        }
        let target =
            file.canonicalize().with_context(|| format!("cannot read {}", file.display()))?;
        ensure!(
            target.starts_with(&root),
            "{} is a link that leads out of {}",
            file.display(),
            path.display()
        );
        files.push(file);
    }
    files.sort();
    Ok(files)
}

/// Whether a file's name says that it holds documents.
pub(super) fn has_known_extension(file: &Path) -> bool {
    file.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known))
}
