//! What several tests start from.

use serde_json::{Value, json};

/// A context that is right, with some of its fields replaced.
pub(crate) fn context(fields: &Value) -> String {
    let mut context = json!({
        "service_name": "my-service",
        "pipeline_name": "profiles",
        "deployment_template": {},
        "container_template": {},
        "pipeline_config": {"pipeline": {"segments": [{"steps_config": {"a": {}}}]}},
        "pipeline_module": "pipeline.py",
        "image_name": "example.com/image:1",
        "cpu_per_process": 1000,
        "memory_per_process": 512,
        "segment_id": 0,
    });
    for (key, value) in fields.as_object().unwrap() {
        context[key] = value.clone();
    }
    context.to_string()
}
