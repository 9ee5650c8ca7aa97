//! The context that somebody starts with: all that is needed, with what each field means above it.

mod deployment;
mod text;

pub(crate) use deployment::{of_deployment, share};
pub(crate) use text::write;

use serde_json::{Map, Value, json};

/// What is known of a context before it is written: values of its fields.
#[derive(Debug)]
pub(crate) struct Starter {
    /// The values, by field; the others have their defaults.
    pub(crate) fields: Map<String, Value>,
    /// The pipeline configuration as somebody wrote it.
    pub(crate) pipeline_config: Option<String>,
}

impl Default for Starter {
    /// Values to be replaced by one's own, with which a context is right.
    fn default() -> Self {
        let fields = json!({
            "service_name": "my-service",
            "pipeline_name": "my-pipeline",
            "segment_id": 0,
            "pipeline_module": "my_service/pipeline.py",
            "image_name": "example.com/my-service/image:1.0.0",
            "cpu_per_process": 1000,
            "memory_per_process": 512,
            "deployment_template": { "metadata": { "namespace": "my-service" } },
            "container_template": {
                "env": [{ "name": "KAFKA_BOOTSTRAP_SERVERS", "value": "kafka:9092" }],
            },
            "pipeline_config": {
                "env": {},
                "pipeline": {
                    "segments": [{
                        "steps_config": {
                            "my-source": {
                                "starts_segment": true, "bootstrap_servers": ["kafka:9092"],
                            },
                        },
                    }],
                },
            },
        });
        let fields = fields.as_object().cloned().unwrap_or_default();
        Self { fields, pipeline_config: None }
    }
}
