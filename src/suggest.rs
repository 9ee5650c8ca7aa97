//! "Did you mean …?"

/// The known name nearest to what was written, where one is near enough to be what was meant.
pub(crate) fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // Nobody means a field by a longer text; it bounds the work too.
    if written.len() > 64 {
        return None;
    }
    let written = normal(written);
    let allowed = (written.len() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|name| (normal(name), name))
        // Every character more or less is one step, and takes no table to count.
        .filter(|(normal, _)| normal.len().abs_diff(written.len()) <= allowed)
        .map(|(normal, name)| (distance(&written, &normal), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Names are compared without case and separators: `replica_count` is near `replicaCount`.
fn normal(name: &str) -> Vec<char> {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len().saturating_add(1));
        row.push(i.saturating_add(1));
        for (j, &y) in b.iter().enumerate() {
            let cost = |cells: &[usize], at: usize, cost: usize| {
                cells.get(at).map_or(usize::MAX, |cell| cell.saturating_add(cost))
            };
            let mut best =
                cost(&last, j, usize::from(x != y)).min(cost(&last, j.saturating_add(1), 1)).min(cost(&row, j, 1));
            if let (Some(i), Some(j)) = (i.checked_sub(1), j.checked_sub(1))
                && a.get(i) == Some(&y)
                && b.get(j) == Some(&x)
            {
                best = best.min(cost(&before, j, 1));
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_far_ones_are_not() {
        let known = ["nodeSelector", "nodeName", "containers", "initContainers", "env", "envFrom", "image"];
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

    #[test]
    fn distance_counts_a_swap_as_one() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        for (a, b, expected) in
            [("", "", 0), ("abc", "", 3), ("", "abc", 3), ("abc", "acb", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(&chars(a), &chars(b)), expected, "{a} {b}");
        }
    }
}
