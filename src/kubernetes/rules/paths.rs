//! Paths in volumes and profiles.

use super::super::finding::Findings;
use super::super::place::Place;
use crate::problem::Code;

/// `validateLocalDescendingPath`.
pub(super) fn relative_path(place: &Place<'_>, findings: &mut Findings) {
    if place.text().is_some_and(|path| path.starts_with('/')) {
        findings.add(Code::UnsupportedValue, place, "must be a relative path");
    }
    no_steps_back(place, findings);
}

/// `validatePathNoBacksteps`.
pub(super) fn no_steps_back(place: &Place<'_>, findings: &mut Findings) {
    if place.text().is_some_and(|path| path.split('/').any(|part| part == "..")) {
        findings.add(Code::UnsupportedValue, place, "must not contain `..`");
    }
}

/// `ValidateLocalNonReservedPath`.
pub(super) fn file_path(place: Option<Place<'_>>, findings: &mut Findings) {
    let Some(place) = place else { return };
    relative_path(&place, findings);
    if place
        .text()
        .is_some_and(|path| path.starts_with("..") && !path.split('/').any(|part| part == ".."))
    {
        findings.add(Code::UnsupportedValue, &place, "must not start with `..`");
    }
}
