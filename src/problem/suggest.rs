//! "Did you mean …?"

use std::cell::Cell;
use strsim::osa_distance;

/// How many names of the input are compared with what was written there.
const COMPARED: usize = 2_000;

/// How many are compared with one text: of more, nobody has an overview.
const COMPARED_WITH_ONE: usize = 100;

/// Looks for near names among those that the input itself gives, until enough were compared: thousands of names that
/// are not there, each beside thousands that are, would take minutes.
#[derive(Debug)]
pub(crate) struct NearNames {
    left: Cell<usize>,
}

impl Default for NearNames {
    fn default() -> Self {
        Self { left: Cell::new(COMPARED) }
    }
}

impl NearNames {
    /// The known name nearest to what was written, as [`nearest`] has it.
    pub(crate) fn nearest<'k>(
        &self,
        written: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Option<&'k str> {
        self.nearest_of(written, &mut known.into_iter())
    }

    #[inline(never)]
    fn nearest_of<'k>(
        &self,
        written: &str,
        known: &mut dyn Iterator<Item = &'k str>,
    ) -> Option<&'k str> {
        let most = self.left.get().min(COMPARED_WITH_ONE);
        if most == 0 {
            return None;
        }
        let mut known =
            known.take(most).inspect(|_| self.left.set(self.left.get().saturating_sub(1)));
        nearest_of(written, &mut known)
    }
}

/// The known name nearest to what was written, where one is near enough to be what was meant.
pub(crate) fn nearest<'k>(
    written: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    nearest_of(written, &mut known.into_iter())
}

// One copy for all kinds of lists.
#[inline(never)]
fn nearest_of<'k>(written: &str, known: &mut dyn Iterator<Item = &'k str>) -> Option<&'k str> {
    // Nobody means a field by a longer text; it bounds the work too.
    if written.len() > 64 {
        return None;
    }
    let written = normal(written);
    let allowed = (written.len() / 3).min(3);
    known
        .map(|name| (normal(name), name))
        // Every character more or less is one step, and takes no table to count.
        .filter(|(normal, _)| normal.len().abs_diff(written.len()) <= allowed)
        .map(|(normal, name)| (osa_distance(&written, &normal), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Names are compared without case and separators: `replica_count` is near `replicaCount`.
fn normal(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_until_it_is_enough() {
        let names = NearNames::default();
        let known: Vec<String> = (0..100).map(|n| format!("name{n:03}")).collect();
        let nearest = || names.nearest("name042", known.iter().map(String::as_str));

        assert!((0..COMPARED / known.len()).all(|_| nearest() == Some("name042")));
        assert_eq!(nearest(), None);
    }

    #[test]
    fn the_nearest_name_is_found_and_far_ones_are_not() {
        let known =
            ["nodeSelector", "nodeName", "containers", "initContainers", "env", "envFrom", "image"];
        for (written, expected) in [
            ("nodeSelectors", Some("nodeSelector")),
            ("NodeSelector", Some("nodeSelector")),
            ("node_selector", Some("nodeSelector")),
            ("contianers", Some("containers")),
            ("evn", Some("env")),
            ("imgae", Some("image")),
            ("zzz", None),
            ("", None),
            ("replicas", None),
        ] {
            assert_eq!(nearest(written, known), expected, "{written}");
        }
    }
}
