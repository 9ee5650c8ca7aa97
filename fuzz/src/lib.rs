//! What the fuzz targets share: contexts made of a fuzzer's bytes, and what must hold for every context.

pub mod generate;
pub mod laws;

#[path = "../../cli/src/write/yaml.rs"]
mod yaml;

/// How the command line compares objects.
#[path = "../../cli/src/compare/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the command line uses all of it")]
mod compare;

/// A value as the command line writes it; none where YAML's readers would round a number.
pub fn write_yaml(value: &serde_json::Value) -> Option<String> {
    yaml::write(value).ok()
}
