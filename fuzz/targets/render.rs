//! Contexts that are right for the most part, as JSON and as YAML.
#![no_main]

use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use sentry_streams_k8s_fuzz::{generate, laws, write_yaml};

fuzz_target!(|bytes: &[u8]| {
    let Ok(context) = generate::context(&mut Unstructured::new(bytes)) else { return };
    let text = context.to_string();
    let rendered = laws::check(&text);
    // A number that YAML readers would round has no YAML text, and a float without a point is text in YAML 1.1.
    if !text.contains(['e', 'E']) || rendered.is_ok() {
        let Some(yaml) = write_yaml(&context) else { return };
        match (rendered, laws::check(&yaml)) {
            (Ok(json), Ok(yaml)) => assert_eq!(json.manifests, yaml.manifests),
            (Ok(_), Err(problems)) => panic!("as YAML it is refused: {problems:?}\n{yaml}"),
            (Err(problems), Ok(_)) => panic!("as YAML it is right: {problems:?}\n{yaml}"),
            (Err(_), Err(_)) => {}
        }
    }
});
