//! The versions of Kubernetes: which cluster objects are for, what its version knows, which features are on in it.

use super::versions_table::{FIELDS, GATES, NEWEST, OLDEST, REMOVED, VALUES};
pub use super::versions_table::{
    FeatureGate, Gate, KnownField, KnownValue, Level, RemovedField, Stage,
};

/// A cluster: its version of Kubernetes, and the features that are on in it.
#[derive(Clone, Copy, Debug)]
pub struct Cluster {
    minor: u8,
    is_named: bool,
    /// A bit for each gate that is on.
    gates: u64,
}

impl Default for Cluster {
    fn default() -> Self {
        Self::new(None, &[])
    }
}

impl Cluster {
    /// A cluster of a minor version, with features on that are off by default. Where no version is named, it is the
    /// newest, and nothing is said of what that version does not do.
    pub fn new(minor: Option<u8>, on: &[Gate]) -> Self {
        let version = minor.unwrap_or(NEWEST);
        let default = GATES.iter().filter(|row| is_on(row, version)).map(|row| row.gate);
        let gates = default.chain(on.iter().copied()).fold(0, |gates, gate| gates | bit(gate));
        Self { minor: version, is_named: minor.is_some(), gates }
    }

    /// Its minor version: 31 of Kubernetes 1.31.
    pub fn minor(&self) -> u8 {
        self.minor
    }

    /// Whether its version is known, and not only taken to be the newest.
    pub fn is_named(&self) -> bool {
        self.is_named
    }

    /// Whether a feature is on in it.
    pub fn has(&self, gate: Gate) -> bool {
        self.gates & bit(gate) != 0
    }
}

/// The minor versions that are known, the oldest first.
pub fn minors() -> std::ops::RangeInclusive<u8> {
    OLDEST..=NEWEST
}

/// The minor version that a text names, as people and API servers write one: `1.31`, `v1.31.4`, `v1.31.4-gke.100`,
/// `1.31+`.
pub fn minor_of(text: &str) -> Option<u32> {
    let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, rest) = rest.split_at_checked(end)?;
    let is_whole = rest.is_empty() || rest.starts_with(['.', '+', '-']);
    digits.parse().ok().filter(|_| is_whole)
}

/// What is known of a field; nothing where every version knows it, and none drops it.
pub fn field(object: &str, field: &str) -> Option<&'static KnownField> {
    FIELDS.iter().find(|row| row.field == field && row.object == object)
}

/// What is known of a field that the newest version does not have.
pub(super) fn removed(object: &str, field: &str) -> Option<&'static RemovedField> {
    REMOVED.iter().find(|row| row.field == field && row.object == object)
}

/// What is known of a field's value.
pub(super) fn value(object: &str, field: &str, value: &str) -> Option<&'static KnownValue> {
    VALUES.iter().find(|row| row.value == value && row.field == field && row.object == object)
}

impl Gate {
    /// The gate of a name.
    pub fn named(name: &str) -> Option<Self> {
        GATES.iter().find(|row| row.name == name).map(|row| row.gate)
    }

    /// The names of all gates that are known: those on which fields, values or rules of the objects depend.
    pub fn names() -> impl Iterator<Item = &'static str> {
        GATES.iter().map(|row| row.name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// The stages that it went through, the first one first.
    pub fn stages(self) -> &'static [Stage] {
        self.row().map_or(&[], |row| row.stages)
    }

    fn row(self) -> Option<&'static FeatureGate> {
        GATES.get(usize::from(self as u8))
    }
}

impl Level {
    /// Its name, as Kubernetes has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Stable => "stable",
        }
    }
}

fn bit(gate: Gate) -> u64 {
    1 << (gate as u8)
}

fn is_on(row: &FeatureGate, minor: u8) -> bool {
    row.stages.iter().rev().find(|stage| stage.since <= minor).is_some_and(|stage| stage.is_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_stand_in_the_order_of_their_numbers() {
        assert!(GATES.len() <= 64);
        for (at, row) in GATES.iter().enumerate() {
            assert_eq!(usize::from(row.gate as u8), at, "{}", row.name);
            assert_eq!(Gate::named(row.name), Some(row.gate));
        }
    }

    #[test]
    fn versions_as_people_and_servers_write_them() {
        for text in ["1.31", "v1.31", "1.31.4", "v1.31.4-gke.100", "1.31+", "v1.31.4+k3s1"] {
            assert_eq!(minor_of(text), Some(31), "{text}");
        }
        for text in ["", "1", "1.", "31", "2.31", "1.31x", "1.x", "v1.99999999999"] {
            assert_eq!(minor_of(text), None, "{text}");
        }
    }

    #[test]
    fn features_come_on_with_versions_and_with_clusters() {
        let gate = Gate::PodLevelResources;
        assert!(!Cluster::new(Some(33), &[]).has(gate));
        assert!(Cluster::new(Some(33), &[gate]).has(gate));
        assert!(Cluster::new(Some(34), &[]).has(gate));
        assert!(Cluster::default().has(gate) && !Cluster::default().is_named());
    }
}
