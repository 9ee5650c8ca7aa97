//! From the component's file to the first call: compiled anew, and from the cache.
#![allow(missing_docs, clippy::unwrap_used, reason = "benchmarks")]

use criterion::{Criterion, criterion_group, criterion_main};
use sentry_streams_k8s_host::{Cache, ConsumerMacro};
use std::fs;

fn load(criterion: &mut Criterion) {
    let component =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../target/component/sentry_streams_k8s.wasm");
    let component = fs::read(component).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10);
    group.bench_function("compiled", |bencher| {
        bencher.iter(|| ConsumerMacro::from_bytes(&component).unwrap());
    });
    group.bench_function("cached", |bencher| {
        bencher.iter(|| {
            let cache = Cache::new(directory.path().join("cache"));
            ConsumerMacro::builder().cache(cache).from_bytes(&component).unwrap()
        });
    });
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
