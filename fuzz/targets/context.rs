//! Any text as a context.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sentry_streams_k8s_fuzz::laws;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = laws::check(text);
    }
});
