//! Files and standard input.

use anyhow::{Context as _, bail};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The files of a directory that hold documents.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// The name and the text of a file, or of standard input.
pub(crate) fn text(path: &Path) -> anyhow::Result<(String, String)> {
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        ("<stdin>".to_owned(), bytes)
    } else {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
        (name, bytes)
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(error) => {
            let line = error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|byte| **byte == b'\n');
            bail!("{name} is not UTF-8 text: the first wrong byte is in line {}", line.count().saturating_add(1))
        }
    }
}

/// The file itself, or the files of the directory that hold documents, by name.
pub(crate) fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let place = || format!("cannot read {}", path.display());
    let mut files = Vec::new();
    for entry in path.read_dir().with_context(place)? {
        let file = entry.with_context(place)?.path();
        let is_known = file.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known));
        if is_known && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}
