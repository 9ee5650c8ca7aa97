//! Conditions of a pipeline, in the words of kstatus: tools that wait for objects (kubectl, Flux, Argo CD) know them.

use serde::{Deserialize, Serialize};

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Condition {
    /// Which: `Ready`, `Reconciling`, `Stalled`, `Rendered`, `Applied`.
    pub(crate) r#type: String,
    /// `True`, `False` or `Unknown`.
    pub(crate) status: String,
    /// Why, for programs.
    #[serde(default)]
    pub(crate) reason: String,
    /// Why, for people.
    #[serde(default)]
    pub(crate) message: String,
    /// The generation of the spec that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) observed_generation: Option<i64>,
    /// When `status` last became what it is.
    #[serde(default)]
    pub(crate) last_transition_time: String,
}

/// What a message may take; lists of problems are data elsewhere.
const MESSAGE: usize = 2000;

impl Condition {
    pub(crate) fn new(kind: &str, status: bool, reason: &str, message: impl Into<String>) -> Self {
        Self {
            r#type: kind.to_owned(),
            status: if status { "True" } else { "False" }.to_owned(),
            reason: reason.to_owned(),
            message: cut(&message.into(), MESSAGE),
            observed_generation: None,
            last_transition_time: String::new(),
        }
    }
}

/// The new conditions, with the times of the old ones where nothing turned, and with what others have set.
pub(crate) fn merge(
    old: &[Condition],
    new: Vec<Condition>,
    generation: i64,
    now: &str,
) -> Vec<Condition> {
    let foreign = old
        .iter()
        .filter(|old| new.iter().all(|new| new.r#type != old.r#type))
        .cloned()
        .collect::<Vec<_>>();
    let ours = new.into_iter().map(|mut condition| {
        let same =
            old.iter().find(|old| old.r#type == condition.r#type && old.status == condition.status);
        condition.last_transition_time = same
            .map(|old| &old.last_transition_time)
            .filter(|time| !time.is_empty())
            .map_or(now, |time| time)
            .to_owned();
        condition.observed_generation = Some(generation);
        condition
    });
    ours.chain(foreign).collect()
}

/// At most so many bytes, whole characters.
pub(crate) fn cut(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let end = (0..=bytes).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    format!("{}…", text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_moves_only_when_the_status_does() {
        let first =
            merge(&[], vec![Condition::new("Ready", false, "RollingOut", "1 of 2")], 1, "t1");
        let second =
            merge(&first, vec![Condition::new("Ready", false, "RollingOut", "2 of 2")], 2, "t2");
        assert_eq!(second[0].last_transition_time, "t1");
        assert_eq!(second[0].observed_generation, Some(2));
        let third = merge(&second, vec![Condition::new("Ready", true, "Ready", "")], 2, "t3");
        assert_eq!(third[0].last_transition_time, "t3");
    }

    #[test]
    fn conditions_of_others_stay() {
        let others = Condition::new("Paused", true, "SomeTool", "");
        let merged = merge(
            std::slice::from_ref(&others),
            vec![Condition::new("Ready", true, "Ready", "")],
            1,
            "t1",
        );
        assert_eq!(merged[1], others);
    }

    #[test]
    fn cuts_between_characters() {
        assert_eq!(cut("short", 10), "short");
        assert_eq!(cut("aéé", 4), "aé…");
    }
}
