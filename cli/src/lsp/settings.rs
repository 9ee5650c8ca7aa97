//! What an editor may set: which files belong together, as `--set` and `--set-file` say it on the command line.

use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The name under which editors keep the settings of this server.
const SECTION: &str = "streams-k8s";

/// The settings, as `initializationOptions` or `workspace/didChangeConfiguration` give them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Settings {
    /// Contexts, with what is set in them.
    #[serde(default)]
    pub(super) contexts: Vec<Entry>,
}

/// A context, and what is set in it. Paths are relative to the workspace.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Entry {
    /// The file of the context.
    pub(super) context: PathBuf,
    /// Fields that are set to values.
    #[serde(default)]
    pub(super) set: Map<String, Value>,
    /// Fields that are set to the texts of files.
    #[serde(default)]
    pub(super) set_file: BTreeMap<String, PathBuf>,
}

impl Settings {
    /// Whether they are among an editor's settings, which may be those of other servers only.
    pub(super) fn are_in(all: &Value) -> bool {
        all.get(SECTION).or_else(|| all.get("contexts")).is_some()
    }

    /// Reads them, alone or beside those of other servers.
    pub(super) fn read(value: Value) -> Result<Self, serde_json::Error> {
        match value {
            Value::Object(mut all) if all.contains_key(SECTION) => {
                Self::read(all.remove(SECTION).unwrap_or_default())
            }
            Value::Null => Ok(Self::default()),
            own => serde_json::from_value(own),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_stand_alone_or_in_their_section() {
        let own = json!({ "contexts": [{
            "context": "a.yaml", "set": { "replicas": 3 }, "setFile": { "emergency_patch": "p.yaml" }
        }] });
        for value in [own.clone(), json!({ SECTION: own })] {
            let settings = Settings::read(value).unwrap();
            let [entry] = &settings.contexts[..] else { panic!("{settings:?}") };
            assert_eq!(entry.set_file["emergency_patch"], PathBuf::from("p.yaml"));
            assert_eq!(entry.set["replicas"], 3);
        }
        assert!(!Settings::are_in(&json!({ "yaml": {} })) && !Settings::are_in(&Value::Null));
        assert!(Settings::read(Value::Null).unwrap().contexts.is_empty());
        assert!(Settings::read(json!({ SECTION: null })).unwrap().contexts.is_empty());
        assert!(Settings::read(json!({ "context": [] })).is_err());
    }
}
