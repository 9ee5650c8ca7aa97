//! Compiled code on disk.
//!
//! To load compiled code is to run it, so a file is used only when it is this user's (or root's), nobody else can
//! write it, and it holds what its header says: the code of this component, made by this version of the engine, to the
//! byte. Anything else is passed over and the component compiled again. The cache never makes a load fail.

use crate::Error;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use wasmtime::Engine;
use wasmtime::component::Component;

/// A directory of compiled components.
#[derive(Clone, Debug)]
pub struct Cache {
    directory: PathBuf,
}

const MAGIC: &[u8; 16] = b"streams-k8s code";
const DIGEST: usize = 32;
/// More than any component compiles to; a larger file is not ours, and is not read.
const MAX_BYTES: u64 = 64 << 20;
type Sum = [u8; DIGEST];

impl Cache {
    /// A cache in this directory, which is made (for this user only) when it is first needed.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// The cache of this user, where the system has a place for it: `~/.cache/streams-k8s` on Linux.
    pub fn of_user() -> Option<Self> {
        // One in the working directory would be that of whoever owns it.
        let directory = dirs::cache_dir().filter(|directory| directory.is_absolute())?;
        Some(Self::new(directory.join("streams-k8s")))
    }

    /// The code of a component, compiled where it is not here. What is here was inspected when it was compiled.
    pub(crate) fn load_or(
        &self,
        engine: &Engine,
        component: &[u8],
        compile: impl FnOnce() -> Result<Component, Error>,
    ) -> Result<Component, Error> {
        let key = key(engine, component);
        let path = self.directory.join(format!("{}.cwasm", hex(&key)));
        if let Some(component) =
            read(&path, &key).ok().and_then(|code| deserialize(engine, &code).ok())
        {
            return Ok(component);
        }
        let component = compile()?;
        // A cache that cannot be written is a slower start next time, no more.
        if let Ok(code) = component.serialize() {
            drop(self.write(&path, &key, &code));
        }
        Ok(component)
    }

    fn write(&self, path: &Path, key: &Sum, code: &[u8]) -> io::Result<()> {
        system::create_private(&self.directory)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        for part in [MAGIC.as_slice(), key, &digest(code), code] {
            file.write_all(part)?;
        }
        // Written in full under another name first: a reader never sees half a file.
        file.persist(path)?;
        Ok(())
    }
}

/// Names the code of one component for one engine (its version, its settings and this processor's features), inspected
/// by this version of the library.
fn key(engine: &Engine, component: &[u8]) -> Sum {
    struct Feed(Sha256);
    impl Hasher for Feed {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut feed = Feed(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut feed);
    feed.0.update(env!("CARGO_PKG_VERSION"));
    feed.0.update(digest(component));
    feed.0.finalize().into()
}

fn digest(bytes: &[u8]) -> Sum {
    Sha256::digest(bytes).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// The code in a file, once it is known to be what this cache wrote for this key.
fn read(path: &Path, key: &Sum) -> io::Result<Trusted> {
    let mut file = system::open_own(path)?;
    let mut code = Vec::new();
    read_part(&mut file, MAGIC)?;
    read_part(&mut file, key)?;
    let mut sum = Sum::default();
    file.read_exact(&mut sum)?;
    file.take(MAX_BYTES).read_to_end(&mut code)?;
    if digest(&code) == sum { Ok(Trusted(code)) } else { Err(io::ErrorKind::InvalidData.into()) }
}

fn read_part<const N: usize>(file: &mut File, expected: &[u8; N]) -> io::Result<()> {
    let mut part = [0; N];
    file.read_exact(&mut part)?;
    if part == *expected { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// Code that passed every check of [`read`]: the only way to make one.
struct Trusted(Vec<u8>);

#[allow(
    unsafe_code,
    reason = "compiled code can only be trusted, not checked; the trust is earned in `read`"
)]
fn deserialize(engine: &Engine, code: &Trusted) -> wasmtime::Result<Component> {
    // SAFETY: `deserialize` must be given what `serialize` gave, unchanged. `read` made sure that the file belongs to
    // this user or root, that nobody else may write it, and that its bytes are those this cache wrote there (digest),
    // for this component and this engine (key). The bytes are in our memory: the file can no longer change them.
    unsafe { Component::deserialize(engine, &code.0) }
}

#[cfg(unix)]
mod system {
    use rustix::fs::OFlags;
    use std::fs::{DirBuilder, File, Metadata};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
    use std::path::Path;

    pub(super) fn create_private(directory: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)
    }

    /// Opens a plain file that only this user, or root, can have written.
    pub(super) fn open_own(path: &Path) -> io::Result<File> {
        // Neither through a link, nor waiting for the other end of a pipe.
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
        let file = File::options().read(true).custom_flags(flags.cast_signed()).open(path)?;
        let directory = path.parent().ok_or(io::ErrorKind::NotFound)?.metadata()?;
        let metadata = file.metadata()?;
        if metadata.is_file() && is_own(&metadata) && is_own(&directory) {
            Ok(file)
        } else {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }

    fn is_own(metadata: &Metadata) -> bool {
        const OTHERS_WRITE: u32 = 0o022;
        let owner = metadata.uid();
        (owner == 0 || owner == rustix::process::geteuid().as_raw())
            && metadata.mode() & OTHERS_WRITE == 0
    }
}

/// Elsewhere it takes more to say who may write a file: no file is trusted, every load compiles.
#[cfg(not(unix))]
mod system {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(super) fn create_private(_directory: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn open_own(_path: &Path) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_not_read_to_its_end() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("code");
        let [key, code] = [[1; DIGEST].as_slice(), &vec![0; 64 << 20]];
        let mut content = [MAGIC, key, &digest(code), code].concat();
        std::fs::write(&path, &content).expect("a file");
        assert!(read(&path, &[1; DIGEST]).is_ok());

        // It would be right to its end.
        content.push(0);
        let longer = digest(content.get(80..).expect("code"));
        content.get_mut(48..80).expect("a digest").copy_from_slice(&longer);
        std::fs::write(&path, &content).expect("a file");
        assert!(read(&path, &[1; DIGEST]).is_err());
    }
}
