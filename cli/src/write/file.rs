//! A file that gets another text whole or not at all.

use super::signals;
use anyhow::Context as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// Replaces the text of a file that is there. A link stays one, and the file keeps its permissions.
pub(crate) fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let place = || format!("cannot write {}", path.display());
    let path = path.canonicalize().with_context(place)?;
    let directory = path.parent().unwrap_or(Path::new("."));

    // A signal waits until this is done: then nothing is half written, or left.
    let cleanup = signals::Cleanup::new();
    let _hold = cleanup.hold();
    let mut file = tempfile::Builder::new()
        .prefix(".streams-k8s-")
        .tempfile_in(directory)
        .with_context(place)?;
    file.write_all(text.as_bytes()).with_context(place)?;
    let permissions = fs::metadata(&path).with_context(place)?.permissions();
    file.as_file().set_permissions(permissions).with_context(place)?;
    file.persist(&path).with_context(place)?;
    Ok(())
}

/// Writes a file that is not there yet.
pub(crate) fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    let place = || format!("cannot write {}", path.display());
    let mut file = fs::File::create_new(path).with_context(place)?;
    file.write_all(text.as_bytes()).with_context(place)
}
