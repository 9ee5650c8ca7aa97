//! How long an editor waits. Printed and not asserted: `cargo test --package streams-k8s --test lsp latency -- --nocapture`.

use crate::client::{Client, range};
use crate::{FULL, SMALL, line};
use std::time::{Duration, Instant};

#[test]
fn latency() {
    for (name, text) in [("small.yaml", SMALL), ("full.yaml", FULL)] {
        let start = Instant::now();
        let mut client = Client::new();
        let started = start.elapsed();
        let start = Instant::now();
        client.open(name, text);
        client.diagnostics(name, 1);
        let opened = start.elapsed();

        let (at, _) = line(text, "segment_id");
        let mut keys = Vec::new();
        for version in 2..102 {
            let start = Instant::now();
            client.change(name, version, &range(at, 0, 0), "x");
            client.diagnostics(name, version);
            keys.push(start.elapsed());
        }
        let mut hovers = Vec::new();
        client.change(name, 102, &range(at, 0, 100), "");
        client.diagnostics(name, 102);
        for _ in 0..20 {
            let start = Instant::now();
            assert!(!client.hover(name, (at, 2)).is_empty());
            hovers.push(start.elapsed());
        }
        let mut completions = Vec::new();
        for _ in 0..20 {
            let start = Instant::now();
            client.labels(name, (at, 0));
            completions.push(start.elapsed());
        }
        println!(
            "{name}: start {started:.0?}, opened to problems {opened:.1?}, key to problems {}, hover {}, completion {}",
            quantiles(keys),
            quantiles(hovers),
            quantiles(completions)
        );
    }
}

fn quantiles(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
    format!("{:.1?} (95 %: {:.1?})", at(50), at(95))
}
