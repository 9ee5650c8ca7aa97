//! A pipeline's configuration against any schema.
#![no_main]

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use sentry_streams_k8s_fuzz::{generate, laws};

fuzz_target!(|bytes: &[u8]| {
    let _ = check(&mut Unstructured::new(bytes));
});

fn check(u: &mut Unstructured<'_>) -> Result<()> {
    let mut context = generate::plain_context();
    context["pipeline_config_schema"] = generate::schema(u, 5)?;
    context["pipeline_config"] = generate::config(u)?;
    let _ = laws::check(&context.to_string());
    Ok(())
}
