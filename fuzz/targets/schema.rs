//! A pipeline's configuration against any schema.
#![no_main]

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use sentry_streams_k8s_fuzz::{generate, laws};
use serde_json::json;

fuzz_target!(|bytes: &[u8]| {
    let _ = check(&mut Unstructured::new(bytes));
});

fn check(u: &mut Unstructured<'_>) -> Result<()> {
    let context = json!({
        "service_name": "my-service",
        "pipeline_name": "profiles",
        "pipeline_module": "pipeline.py",
        "image_name": "example.com/image:1",
        "cpu_per_process": 1000,
        "memory_per_process": 512,
        "segment_id": 0,
        "deployment_template": {},
        "container_template": {},
        "pipeline_config_schema": generate::schema(u, 5)?,
        "pipeline_config": generate::config(u)?,
    });
    let _ = laws::check(&context.to_string());
    Ok(())
}
