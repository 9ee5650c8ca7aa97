//! Compiled code is kept on disk, and never run unless it is what was put there.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]
#![cfg(unix)]

mod guests;

use guests::{ANOTHER_VERSION, THIS_VERSION, WIT, guest, render};
use sentry_streams_k8s_host::{Cache, ConsumerMacro, Error};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// A component whose answer is one manifest of this many bytes of name, so that one can tell which code ran.
fn named(length: usize) -> Vec<u8> {
    render(&format!(
        "(i32.store8 (i32.const 0) (i32.const 0))
         (i32.store (i32.const 4) (i32.const 64)) (i32.store (i32.const 8) (i32.const 1))
         (i64.store (i32.const 12) (i64.const 0))
         (i32.store (i32.const 84) (i32.const {length}))
         (i32.const 0)"
    ))
}

fn load(cache: &Path, component: &[u8]) -> Result<ConsumerMacro, Error> {
    ConsumerMacro::builder().cache(Cache::new(cache)).from_bytes(component)
}

/// Which component's code runs.
fn length(consumer_macro: &ConsumerMacro) -> usize {
    consumer_macro.render("").unwrap().manifests[0].name.len()
}

fn entries(cache: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> =
        fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// A cache with one entry.
fn filled(component: &[u8]) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    load(&cache, component).unwrap();
    let [entry] = entries(&cache).try_into().unwrap();
    (directory, cache, entry)
}

/// Loads again, and says whether the entry was written anew: that is, passed over.
fn is_passed_over(cache: &Path, entry: &Path, component: &[u8]) -> bool {
    let before = fs::symlink_metadata(entry).unwrap().ino();
    assert_eq!(length(&load(cache, component).unwrap()), 3);
    fs::symlink_metadata(entry).unwrap().ino() != before
}

#[test]
fn code_is_kept_and_used() {
    let component = named(3);
    let (_directory, cache, entry) = filled(&component);
    assert!(!is_passed_over(&cache, &entry, &component));
    // Private to this user.
    assert_eq!(fs::metadata(&cache).unwrap().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(&entry).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn components_do_not_share_code() {
    let (_directory, cache, entry) = filled(&named(3));
    assert_eq!(length(&load(&cache, &named(4)).unwrap()), 4);
    let other = entries(&cache).into_iter().find(|path| *path != entry).unwrap();
    // Another component's code, whole and sound, under this one's name.
    fs::copy(other, &entry).unwrap();
    assert!(is_passed_over(&cache, &entry, &named(3)));
}

#[test]
fn a_changed_file_is_never_run() {
    let component = named(3);
    let (_directory, cache, entry) = filled(&component);
    let sound = fs::read(&entry).unwrap();
    let places = [0, 15, 16, 47, 48, 79, 80, sound.len() / 2, sound.len() - 1];
    for place in places {
        let mut changed = sound.clone();
        changed[place] ^= 1;
        fs::write(&entry, changed).unwrap();
        assert!(is_passed_over(&cache, &entry, &component), "a bit of byte {place}");
    }
    for length in [0, 10, 16, 48, 80, sound.len() - 1] {
        fs::write(&entry, &sound[..length]).unwrap();
        assert!(is_passed_over(&cache, &entry, &component), "cut to {length}");
    }
    fs::write(&entry, [&sound[..], b"more"].concat()).unwrap();
    assert!(is_passed_over(&cache, &entry, &component), "longer");
    assert!(!is_passed_over(&cache, &entry, &component), "repaired");
}

#[test]
fn what_others_may_write_is_never_run() {
    let component = named(3);
    let (_directory, cache, entry) = filled(&component);
    for mode in [0o620, 0o602, 0o666] {
        fs::set_permissions(&entry, Permissions::from_mode(mode)).unwrap();
        assert!(is_passed_over(&cache, &entry, &component), "a file of mode {mode:o}");
    }
    for mode in [0o770, 0o707, 0o1777] {
        fs::set_permissions(&cache, Permissions::from_mode(mode)).unwrap();
        assert!(is_passed_over(&cache, &entry, &component), "a directory of mode {mode:o}");
    }
    fs::set_permissions(&cache, Permissions::from_mode(0o755)).unwrap();
    assert!(!is_passed_over(&cache, &entry, &component), "others may read");
}

#[test]
fn a_link_is_never_followed() {
    let component = named(3);
    let (directory, cache, entry) = filled(&component);
    let elsewhere = directory.path().join("elsewhere");
    fs::rename(&entry, &elsewhere).unwrap();
    symlink(&elsewhere, &entry).unwrap();
    assert!(is_passed_over(&cache, &entry, &component));
    assert!(fs::symlink_metadata(&entry).unwrap().is_file());
}

#[test]
fn anothers_file_is_never_run() {
    let component = named(3);
    let (_directory, cache, entry) = filled(&component);
    // Only root can give files away; without, there is no such file to try.
    if std::os::unix::fs::chown(&entry, Some(65534), None).is_ok() {
        assert!(is_passed_over(&cache, &entry, &component));
        std::os::unix::fs::chown(&cache, Some(65534), None).unwrap();
        assert!(is_passed_over(&cache, &entry, &component));
    }
}

#[test]
fn a_cache_that_cannot_be_used_does_no_harm() {
    let component = named(3);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    for cache in [file.as_path(), &file.join("below"), Path::new("/proc/none")] {
        assert_eq!(length(&load(cache, &component).unwrap()), 3, "{}", cache.display());
    }
    // An entry that is a directory can be neither read nor replaced.
    let (_directory, cache, entry) = filled(&component);
    fs::remove_file(&entry).unwrap();
    fs::create_dir(&entry).unwrap();
    assert_eq!(length(&load(&cache, &component).unwrap()), 3);
    assert_eq!(entries(&cache), [entry]);
}

#[test]
fn a_refused_component_is_refused_from_the_cache() {
    let directory = tempfile::tempdir().unwrap();
    let component = guest("(unreachable)", "", &WIT.replace(THIS_VERSION, ANOTHER_VERSION));
    for _ in 0..2 {
        assert!(matches!(load(directory.path(), &component), Err(Error::Interface { .. })));
    }
}

#[test]
fn many_fill_one_cache() {
    let component = named(3);
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(length(&load(&cache, &component).unwrap()), 3));
        }
    });
    assert_eq!(entries(&cache).len(), 1);
}
