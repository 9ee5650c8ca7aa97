//! A directory of files that is written as a whole or not at all.
//!
//! All names are looked at first. Then every file is complete in a directory beside its place, and only then they take
//! their places, one after the other; where one cannot, those before it are put back.

use super::signals;
use anyhow::{Context as _, bail, ensure};
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The file that lists what was written. Its name ends in nothing that a deploy tool reads.
const LIST: &str = ".streams-k8s-files";

const LIST_HEAD: &str = "# Files that `streams-k8s render --output-dir` wrote here.\n";

/// A file to write: its name and its text.
pub(crate) type File = (String, String);

/// Files that an earlier run wrote and this one did not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stale {
    /// By name; where they were to be pruned, they are gone.
    pub(crate) names: Vec<String>,
}

/// Writes files into a directory, which is made where there is none. With `prune`, files that an earlier run wrote and
/// this one does not are removed.
pub(crate) fn write(directory: &Path, files: &[File], prune: bool) -> anyhow::Result<Stale> {
    let place = || format!("cannot write to {}", directory.display());
    let made = Made::directory(directory).with_context(place)?;
    let stale = stale(directory, files)?;
    check(directory, files)?;

    let kept = files.iter().map(|(name, _)| name).chain(stale.iter().filter(|_| !prune));
    let names: BTreeSet<&str> = kept.map(String::as_str).collect();
    let list: String = names.iter().flat_map(|name| [name, "\n"]).collect();
    let list = (LIST.to_owned(), format!("{LIST_HEAD}{list}"));

    let staging = Staging::new(directory, &made).with_context(place)?;
    for (name, text) in files.iter().chain([&list]) {
        staging.add(name, text).with_context(place)?;
    }
    let removed: &[String] = if prune { &stale } else { &[] };
    let all: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).chain([LIST]).collect();
    staging.commit(directory, &all, removed)?;
    made.keep();
    Ok(Stale { names: stale })
}

/// The names in the list of an earlier run that are not written now and still there.
fn stale(directory: &Path, files: &[File]) -> anyhow::Result<Vec<String>> {
    let path = directory.join(LIST);
    // Of a pipe nobody may ever write the other end.
    let is_other = fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file());
    ensure!(!is_other, "cannot read {}: it is no file", path.display());
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let written: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let is_stale = |name: &&str| {
        // The list is a file that anybody may have changed: it names only files of this directory.
        !name.starts_with(['.', '#'])
            && !name.is_empty()
            && !name.contains(['/', '\\'])
            && !written.contains(name)
    };
    let is_there = |name: &&str| {
        fs::symlink_metadata(directory.join(name)).is_ok_and(|metadata| !metadata.is_dir())
    };
    let mut names: Vec<String> =
        text.lines().filter(is_stale).filter(is_there).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

/// Whether every file can have its place.
fn check(directory: &Path, files: &[File]) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for name in files.iter().map(|(name, _)| name.as_str()).chain([LIST]) {
        let path = directory.join(name);
        ensure!(seen.insert(name), "two objects would be written to {}", path.display());
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_dir() => {
                bail!("cannot write {}: it is a directory", path.display())
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot write {}", path.display()));
            }
        }
    }
    Ok(())
}

/// The directories that were made; they go again unless they are kept.
struct Made {
    /// The innermost first.
    directories: Vec<PathBuf>,
}

impl Made {
    fn directory(directory: &Path) -> std::io::Result<Self> {
        let missing =
            directory.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists());
        let made = Self { directories: missing.map(Path::to_owned).collect() };
        fs::create_dir_all(directory)?;
        Ok(made)
    }

    fn keep(mut self) {
        self.directories.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for directory in &self.directories {
            // One that somebody else has put something into stays.
            let _ = fs::remove_dir(directory);
        }
    }
}

/// Where files are complete before they take their places, and where those wait whose places they took.
struct Staging {
    directory: tempfile::TempDir,
    cleanup: signals::Cleanup,
}

impl Staging {
    fn new(directory: &Path, made: &Made) -> std::io::Result<Self> {
        let cleanup = signals::Cleanup::new();
        let mut hold = cleanup.hold();
        let staging = tempfile::Builder::new().prefix(".streams-k8s-").tempdir_in(directory)?;
        hold.on_signal(staging.path().to_owned(), made.directories.clone());
        drop(hold);

        let staging = Self { directory: staging, cleanup };
        for part in ["new", "old"] {
            fs::create_dir(staging.directory.path().join(part))?;
        }
        Ok(staging)
    }

    fn add(&self, name: &str, text: &str) -> std::io::Result<()> {
        let _hold = self.cleanup.hold();
        fs::write(self.new_file(name), text)
    }

    fn new_file(&self, name: &str) -> PathBuf {
        self.directory.path().join("new").join(name)
    }

    fn old_file(&self, name: &str) -> PathBuf {
        self.directory.path().join("old").join(name)
    }

    /// Gives every file its place and removes others, or leaves all as it was.
    fn commit(self, directory: &Path, names: &[&str], removed: &[String]) -> anyhow::Result<()> {
        // A signal waits until this is done: then nothing is half written.
        let _hold = self.cleanup.hold();
        let mut done = Vec::new();
        let steps = names
            .iter()
            .map(|name| (*name, false))
            .chain(removed.iter().map(|name| (name.as_str(), true)));
        for (name, is_removed) in steps {
            if let Err(error) = self.replace(directory, name, is_removed, &mut done) {
                let restored = self.restore(directory, &done);
                let path = directory.join(name);
                let error = Err(error).with_context(|| format!("cannot write {}", path.display()));
                return match restored {
                    Ok(()) => error,
                    Err(reason) => error
                        .with_context(|| format!("some files are changed and stay so: {reason}")),
                };
            }
        }
        Ok(())
    }

    fn replace<'n>(
        &self,
        directory: &Path,
        name: &'n str,
        is_removed: bool,
        done: &mut Vec<(&'n str, bool)>,
    ) -> std::io::Result<()> {
        let (path, old) = (directory.join(name), self.old_file(name));
        let metadata = fs::symlink_metadata(&path);
        if metadata.as_ref().is_ok_and(fs::Metadata::is_dir) {
            // It came after the names were looked at, and is not ours to move.
            return Err(ErrorKind::IsADirectory.into());
        }
        let was_there = metadata.is_ok();
        if was_there && !is_removed && fs::hard_link(&path, &old).is_ok() {
            // The old file keeps its place until the new one takes it.
            done.push((name, true));
        } else if was_there {
            fs::rename(&path, &old)?;
            done.push((name, true));
        } else {
            done.push((name, false));
        }
        if is_removed { Ok(()) } else { fs::rename(self.new_file(name), path) }
    }

    fn restore(&self, directory: &Path, done: &[(&str, bool)]) -> std::io::Result<()> {
        let mut result = Ok(());
        for (name, was_there) in done.iter().rev() {
            let path = directory.join(name);
            let undone = if *was_there {
                fs::rename(self.old_file(name), &path)
            } else {
                fs::remove_file(&path).or_else(|error| match error.kind() {
                    ErrorKind::NotFound => Ok(()),
                    _ => Err(error),
                })
            };
            result = result.and(undone);
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a file cannot take its place after others have theirs, those are put back.
    #[test]
    fn what_was_there_is_put_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        fs::write(path.join("a"), "old a").unwrap();
        fs::write(path.join("c"), "old c").unwrap();
        // Made after the names were looked at.
        fs::create_dir(path.join("z")).unwrap();
        fs::write(path.join("z/x"), "").unwrap();

        let made = Made { directories: Vec::new() };
        let staging = Staging::new(path, &made).unwrap();
        for name in ["a", "b", "z"] {
            staging.add(name, "new").unwrap();
        }
        let error = staging.commit(path, &["a", "b", "z"], &["c".to_owned()]).unwrap_err();
        assert!(error.to_string().starts_with("cannot write "), "{error:#}");

        let text = |name: &str| fs::read_to_string(path.join(name)).ok();
        assert_eq!(
            (text("a").as_deref(), text("b"), text("c").as_deref()),
            (Some("old a"), None, Some("old c"))
        );
        assert!(path.join("z/x").exists());
        let mut names: Vec<_> =
            path.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a", "c", "z"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_the_place_of_the_list_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let list = directory.path().join(LIST);
        assert!(std::process::Command::new("mkfifo").arg(&list).status().unwrap().success());
        let error = write(directory.path(), &[("a".to_owned(), "a".to_owned())], true).unwrap_err();
        assert!(error.to_string().ends_with("it is no file"), "{error:#}");
        assert!(!directory.path().join("a").exists());
    }
}
