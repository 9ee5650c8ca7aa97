//! One call: of the macro compiled for this machine, and of the component, with an instance of its own.
//!
//! The contexts are those that `bench/contexts.py` writes.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "benchmarks")]

use cpu_time::ThreadTime;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sentry_streams_k8s::answer;
use sentry_streams_k8s_host::ConsumerMacro;
use std::fs;
use std::path::Path;
use std::time::Duration;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Every context with its name, the short ones first.
fn contexts() -> Vec<(String, String)> {
    let directory = Path::new(ROOT).join("target/bench/contexts");
    let entries =
        fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let files = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let mut contexts: Vec<_> = files
        .map(|path| {
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    contexts.sort_by_key(|(_, text)| text.len());
    contexts
}

/// Time of the processor in this thread: it does not count what else the machine does.
struct ProcessorTime;

impl Measurement for ProcessorTime {
    type Intermediate = ThreadTime;
    type Value = Duration;

    fn start(&self) -> ThreadTime {
        ThreadTime::now()
    }

    fn end(&self, start: ThreadTime) -> Duration {
        start.elapsed()
    }

    fn add(&self, left: &Duration, right: &Duration) -> Duration {
        WallTime.add(left, right)
    }

    fn zero(&self) -> Duration {
        WallTime.zero()
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

fn calls(criterion: &mut Criterion<ProcessorTime>) {
    let component = Path::new(ROOT).join("target/component/sentry_streams_k8s.wasm");
    let consumer_macro = ConsumerMacro::from_file(component).unwrap();
    let mut group = criterion.benchmark_group("calls");
    group
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .sample_size(40);
    // What every call pays: an instance within its limits, and a function that does nothing.
    group.bench_function("instance", |bencher| bencher.iter(|| consumer_macro.version().unwrap()));
    for (name, context) in contexts() {
        group.throughput(Throughput::Bytes(context.len() as u64));
        group.bench_with_input(BenchmarkId::new("native", &name), &context, |bencher, context| {
            bencher.iter(|| answer::rendered(&sentry_streams_k8s::render(context).unwrap()));
        });
        group.bench_with_input(BenchmarkId::new("text", &name), &context, |bencher, context| {
            bencher.iter(|| consumer_macro.render_json(context).unwrap().unwrap());
        });
        group.bench_with_input(BenchmarkId::new("typed", &name), &context, |bencher, context| {
            bencher.iter(|| consumer_macro.render(context).unwrap());
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ProcessorTime);
    targets = calls
}
criterion_main!(benches);
