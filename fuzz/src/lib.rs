//! What the fuzz targets share: contexts made of a fuzzer's bytes, and what must hold for every context.

pub mod generate;
pub mod laws;

#[path = "../../host-test/src/bin/streams-k8s/yaml.rs"]
mod yaml;

/// A value as the command line writes it; none where YAML's readers would round a number.
pub fn write_yaml(value: &serde_json::Value) -> Option<String> {
    yaml::write(value).ok()
}
