//! Reads documents and prints what they say, for comparison with another reader: every line of standard input is a
//! YAML document as a JSON string, every line of standard output the answer in the form of `tests/yaml/canonical.rs`.

use sentry_streams_k8s::read;
use sentry_streams_k8s::value::Source;
use std::io::{BufRead as _, Write as _};

#[path = "canonical.rs"]
mod canonical;

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let text: String = serde_json::from_str(&line?)?;
        writeln!(output, "{}", canonical::answer(read::read_yaml(&text, Source::Context)))?;
    }
    Ok(())
}
