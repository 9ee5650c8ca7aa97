//! What the host does with components that misbehave.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

mod guests;

use guests::{WIT, guest, render};
use sentry_streams_k8s_host::{ConsumerMacro, Error, Limits};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a call may take that has to be stopped.
const SHORT: Duration = Duration::from_millis(100);

/// What a call may take that has to be answered, however busy the machine is.
const LONG: Duration = Duration::from_mins(5);

/// Spins on a context of one byte, answers others.
const SPINS: &str = "
  (if (i32.eq (local.get $length) (i32.const 1)) (then (loop $forever (br $forever))))
  (i32.store8 (i32.const 0) (i32.const 0))
  (i64.store (i32.const 4) (i64.const 0)) (i64.store (i32.const 12) (i64.const 0))
  (i32.const 0)";

/// Takes memory until there is no more, then breaks down, as Rust does.
const ALLOCATES: &str = "
  (if (i32.eq (local.get $length) (i32.const 1)) (then (loop $forever
    (drop (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1000000))) (br $forever))))
  (i32.store8 (i32.const 0) (i32.const 0))
  (i64.store (i32.const 4) (i64.const 0)) (i64.store (i32.const 12) (i64.const 0))
  (i32.const 0)";

/// Answers with many manifests, each of whose texts is all the memory there is: small inside, endless outside.
const HUGE: &str = "
  (local $i i32) (local $list i32)
  (i32.store8 (i32.const 0) (i32.const 0))
  (i64.store (i32.const 4) (i64.const 0)) (i64.store (i32.const 12) (i64.const 0))
  (if (i32.eq (local.get $length) (i32.const 1)) (then
    (local.set $list (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 440000)))
    (loop $next
      ;; the ninth and tenth words are `json`: its pointer stays 0, its length is all ASCII
      (i32.store (i32.add (local.get $list) (i32.add (i32.mul (local.get $i) (i32.const 44)) (i32.const 40)))
        (i32.const 0x40404))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 10000))))
    (i32.store (i32.const 4) (local.get $list)) (i32.store (i32.const 8) (i32.const 10000))))
  (i32.const 0)";

/// The defaults are the same in every host: the table in `docs/hosts.md`.
#[test]
fn the_defaults_are_those_of_all_hosts() {
    let page = include_str!("../../docs/hosts.md");
    let Limits { time, memory, output, .. } = Limits::default();
    for (limit, value) in [
        ("time", format!("{} s", time.as_secs())),
        ("memory", format!("{} MiB", memory >> 20)),
        ("output", format!("{} MiB", output >> 20)),
    ] {
        let row = format!("| {limit} | {value} |");
        assert!(page.contains(&row), "docs/hosts.md has no {row:?}");
    }
}

fn load(component: &[u8], time: Duration) -> ConsumerMacro {
    let limits = Limits::default().time(time).memory(16 << 20).output(8 << 20);
    ConsumerMacro::builder().limits(limits).from_bytes(component).unwrap()
}

/// Repeats a call to which a busy machine did not give its short time.
fn patiently<T>(call: impl Fn() -> Result<T, Error>) -> T {
    let start = Instant::now();
    loop {
        match call() {
            Err(Error::Time(SHORT)) if start.elapsed() < LONG => {}
            answer => return answer.unwrap_or_else(|error| panic!("{error:?}")),
        }
    }
}

/// A one-byte context goes wrong as expected, twice, and every other call in between and after works.
fn fails_and_recovers(consumer_macro: &ConsumerMacro, is_expected: impl Fn(&Error) -> bool) {
    for _ in 0..2 {
        let error = consumer_macro.render("!").unwrap_err();
        assert!(is_expected(&error), "{error:?}");
        let rendered = patiently(|| consumer_macro.render("fine"));
        assert!(rendered.manifests.is_empty());
        assert_eq!(patiently(|| consumer_macro.render_json("{}")).unwrap(), "{}");
    }
}

/// Refuses every context, and names no problem.
const REFUSES: &str = "
  (i32.store8 (i32.const 0) (i32.const 1))
  (i64.store (i32.const 4) (i64.const 0))
  (i32.const 0)";

#[test]
fn a_refusal_without_a_problem_is_the_components_fault() {
    let error = load(&render(REFUSES), Duration::from_secs(10)).render("{}").unwrap_err();
    assert!(matches!(error, Error::NoProblem), "{error:?}");
}

#[test]
fn a_spinning_component_is_stopped() {
    let start = Instant::now();
    // How late it is stopped depends on the machine; that this ends shows that it is.
    fails_and_recovers(&load(&render(SPINS), SHORT), |error| matches!(error, Error::Time(SHORT)));
    let took = start.elapsed();
    assert!(took >= 2 * SHORT, "stopped before its time: {took:?}");
}

#[test]
fn the_clock_starts_again_after_a_rest() {
    let consumer_macro = load(&render(SPINS), SHORT);
    std::thread::sleep(SHORT);
    assert!(matches!(consumer_macro.render("!"), Err(Error::Time(_))));
}

#[test]
fn an_allocating_component_is_stopped() {
    fails_and_recovers(
        &load(&render(ALLOCATES), LONG),
        |error| matches!(error, Error::Memory(bytes) if *bytes == 16 << 20),
    );
}

#[test]
fn a_component_that_starts_too_large_is_refused() {
    let limits = Limits::default().memory(65535);
    let error = ConsumerMacro::builder().limits(limits).from_bytes(&render(SPINS)).unwrap_err();
    assert!(matches!(error, Error::Memory(65535)), "{error:?}");
}

#[test]
fn a_second_memory_is_refused() {
    let error = ConsumerMacro::from_bytes(&guest(SPINS, "(memory $second 1)", WIT)).unwrap_err();
    assert!(matches!(error, Error::Load(_)), "{error:?}");
}

#[test]
fn a_growing_table_is_stopped() {
    let body = "
        (if (i32.eq (table.grow $table (ref.null func) (i32.const 1000000)) (i32.const -1)) (then (unreachable)))
        (i32.const 0)";
    let error = load(&guest(body, "(table $table 1 funcref)", WIT), LONG).render("").unwrap_err();
    assert!(matches!(error, Error::Memory(_)), "{error:?}");
}

#[test]
fn a_huge_result_is_stopped() {
    fails_and_recovers(
        &load(&render(HUGE), LONG),
        |error| matches!(error, Error::Output(bytes) if *bytes == 8 << 20),
    );
}

#[test]
fn a_huge_text_is_stopped() {
    let consumer_macro = load(&render(SPINS), LONG);
    let text = "x".repeat(9 << 20);
    assert!(matches!(consumer_macro.render_json(&text), Err(Error::Output(_))));
    let text = "x".repeat(17 << 20);
    assert!(matches!(consumer_macro.render_json(&text), Err(Error::Memory(_))));
    let text = "x".repeat(7 << 20);
    assert_eq!(consumer_macro.render_json(&text).unwrap().unwrap(), text);
}

#[test]
fn a_component_that_breaks_down_is_an_error() {
    let error = load(&render("(unreachable)"), LONG).render("").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the component failed: wasm trap: wasm `unreachable` instruction executed"
    );
    let error = load(&render("(i32.const -4)"), LONG).render("").unwrap_err();
    assert!(matches!(error, Error::Trap(_)), "{error:?}");
    let recursive = guest("(call $f) (i32.const 0)", "(func $f (call $f))", WIT);
    let error = load(&recursive, LONG).render("").unwrap_err();
    assert_eq!(error.to_string(), "the component failed: wasm trap: call stack exhausted");
}

#[test]
fn nothing_stays_between_calls() {
    let body = "
        (if (global.get $calls) (then (unreachable)))
        (if (i32.load (i32.const 65528)) (then (unreachable)))
        (global.set $calls (i32.const 1)) (i32.store (i32.const 65528) (i32.const 1))
        (i32.store8 (i32.const 0) (i32.const 0))
        (i64.store (i32.const 4) (i64.const 0)) (i64.store (i32.const 12) (i64.const 0))
        (i32.const 0)";
    let consumer_macro = load(&guest(body, "(global $calls (mut i32) (i32.const 0))", WIT), LONG);
    for _ in 0..100 {
        consumer_macro.render("").unwrap();
    }
}

#[test]
fn many_threads_call_at_once() {
    fn shared<T: Send + Sync + Clone>(value: &T) -> T {
        value.clone()
    }
    let consumer_macro = load(&render(SPINS), LONG);
    std::thread::scope(|scope| {
        for thread in 0..100 {
            let consumer_macro = shared(&consumer_macro);
            scope.spawn(move || {
                for call in 0..20 {
                    let text = format!("{thread} {call}");
                    assert_eq!(consumer_macro.render_json(&text).unwrap().unwrap(), text);
                }
            });
        }
    });
}

#[test]
fn calls_are_answered_while_others_spin() {
    const CALLERS: usize = 20;
    let consumer_macro = load(&render(SPINS), SHORT);
    let (start, answered) = (Instant::now(), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        // One spins at any time until all are answered: they end only if they need not wait for it to end.
        scope.spawn(|| {
            while answered.load(Ordering::Relaxed) < CALLERS && start.elapsed() < LONG {
                assert!(matches!(consumer_macro.render("!"), Err(Error::Time(SHORT))));
            }
        });
        for thread in 0..CALLERS {
            let (consumer_macro, answered) = (&consumer_macro, &answered);
            scope.spawn(move || {
                let text = format!("text {thread}");
                assert_eq!(patiently(|| consumer_macro.render_json(&text)).unwrap(), text);
                answered.fetch_add(1, Ordering::Relaxed);
            });
        }
    });
}

/// `BLESS=1 cargo test -p sentry-streams-k8s-host --test limits` writes it: Go's tools read no text.
#[test]
fn the_guest_of_the_go_tests_is_what_its_text_says() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../go/testdata");
    let (text, binary) = (directory.join("guest.wat"), directory.join("guest.wasm"));
    let expected = wat::parse_file(text).unwrap();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&binary, &expected).unwrap();
    }
    assert!(std::fs::read(binary).unwrap() == expected, "go/testdata/guest.wasm has drifted");
}
