//! ConfigMap.

use super::super::names;
use super::super::place::{Findings, Place};

/// `ValidateConfigMap`.
pub(super) fn check(root: &Place<'_>, findings: &mut Findings) {
    let data = root.field("data");
    let binary = root.field("binaryData");
    let mut size = 0_usize;
    for bag in [&data, &binary].into_iter().flatten() {
        for (key, value) in bag.entries() {
            if let Err(rule) = names::config_map_key(key) {
                findings.error("invalid-name", &value, format!("the key {rule}"));
            }
            size = size.saturating_add(value.text().map_or(0, str::len));
        }
    }
    if let (Some(data), Some(binary)) = (&data, &binary) {
        for (key, value) in data.entries().filter(|(key, _)| binary.node.get(key).is_some()) {
            findings.error("duplicate-name", &value, format!("the key `{key}` stands in `binaryData` too"));
        }
    }
    // MaxSecretSize
    if size > 1 << 20 {
        findings.error("too-large", root, format!("the data has {size} bytes; the limit is 1048576 (1 MiB)"));
    }
}
