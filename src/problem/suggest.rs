//! "Did you mean …?"

use strsim::osa_distance;

/// The known name nearest to what was written, where one is near enough to be what was meant.
pub(crate) fn nearest<'k>(
    written: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    // Nobody means a field by a longer text; it bounds the work too.
    if written.len() > 64 {
        return None;
    }
    let written = normal(written);
    let allowed = (written.len() / 3).min(3);
    known
        .into_iter()
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
