//! What the host loads, and what it refuses to.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

mod guests;

use guests::{ANOTHER_VERSION, THIS_VERSION, WIT, guest};
use sentry_streams_k8s_host::{ConsumerMacro, Error};
use std::os::unix::fs::FileExt;

/// What the host says of a component with this interface.
fn refusal(wit: &str) -> Error {
    ConsumerMacro::from_bytes(&guest("(unreachable)", "", wit)).unwrap_err()
}

#[test]
fn the_interface_is_known() {
    ConsumerMacro::from_bytes(&guest("(unreachable)", "", WIT)).unwrap();
}

#[test]
fn a_component_that_imports_is_refused() {
    // One import by interface, one by function.
    let wit = WIT.replace(
        "export consumer-macro;",
        "import log; import now: func() -> u64; export consumer-macro;",
    );
    let wit = format!("{wit} interface log {{ log: func(text: string); }}");
    let imports = r#"(import "sentry:streams-k8s/log@0.1.0" "log" (func (param i32 i32)))
                     (import "$root" "now" (func (result i64)))"#;
    let error = ConsumerMacro::from_bytes(&guest("(unreachable)", imports, &wit)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the component imports sentry:streams-k8s/log@0.1.0, now; the macro imports nothing"
    );
}

#[test]
fn another_version_is_refused() {
    let error = refusal(&WIT.replace(THIS_VERSION, ANOTHER_VERSION));
    let Error::Interface { exports, .. } = &error else { panic!("{error:?}") };
    let found = [
        "sentry:streams-k8s/consumer-macro@99.0.0",
        "sentry:streams-k8s/consumer-macro-json@99.0.0",
    ];
    assert_eq!(*exports, found);
    let message = error.to_string();
    assert!(
        message
            .starts_with(&format!("the component exports {}; this host needs ", found.join(", "))),
        "{message}"
    );
}

#[test]
fn half_an_interface_is_refused() {
    for missing in ["export consumer-macro;", "export consumer-macro-json;"] {
        let error = refusal(&WIT.replace(missing, ""));
        assert!(matches!(error, Error::Interface { .. }), "without {missing} {error:?}");
    }
}

#[test]
fn other_types_are_refused() {
    for (was, is) in [
        ("help: option<string>", "help: option<u32>"),
        ("warnings: list<problem>,", "warnings: list<string>,"),
        ("namespace: option<string>", "namespace: option<string>, more: option<string>"),
        ("code: string", "kode: string"),
    ] {
        let error = refusal(&WIT.replace(was, is));
        assert!(matches!(error, Error::Interface { .. }), "{is}: {error:?}");
    }
}

#[test]
fn what_is_no_component_is_refused() {
    for (bytes, reason) in [
        (&b""[..], "it is not WebAssembly"),
        (b"(component)", "it is not WebAssembly"),
        (
            b"\0asm\x01\0\0\0",
            "it is a core module; the component is the file whose name does not end in .core.wasm",
        ),
    ] {
        let error = ConsumerMacro::from_bytes(bytes).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot load the component: {reason}"), "{bytes:?}");
    }
    let error = ConsumerMacro::from_bytes(b"\0asm\x0d\0\x01\0\xff").unwrap_err();
    assert!(matches!(error, Error::Load(_)), "{error:?}");
    let error = ConsumerMacro::from_bytes(&wat::parse_str("(component)").unwrap()).unwrap_err();
    assert!(error.to_string().starts_with("the component exports nothing; "), "{error}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = ConsumerMacro::from_file("not/here.wasm").unwrap_err();
    assert_eq!(error.to_string(), "cannot read the component not/here.wasm");
}

/// What the host says of the macro's interface with more code beside it.
fn refusal_of_code(definitions: &str) -> String {
    let component = guest("(unreachable)", definitions, WIT);
    ConsumerMacro::from_bytes(&component).unwrap_err().to_string()
}

#[test]
fn the_interface_is_looked_at_before_anything_is_compiled() {
    // Code that no compiler takes: who compiles it first says something else.
    let module = "(core module (func (result i32) (i64.const 0)))";
    let error = |rest: &str| {
        let component = wat::parse_str(format!("(component {rest} {module})")).unwrap();
        ConsumerMacro::from_bytes(&component).unwrap_err()
    };
    assert!(matches!(error(""), Error::Interface { .. }));
    assert!(matches!(error(r#"(import "now" (func))"#), Error::Imports(names) if names == ["now"]));
}

#[test]
fn code_that_could_take_long_to_compile_is_refused() {
    let loops = "(loop (br_if 0 (memory.grow (i32.const 0))))";
    let locals = format!("(local {})", "i32 ".repeat(500));
    for (definitions, reason) in [
        (format!("(func {})", "(drop (i32.const 1000))".repeat(13_000)), "bytes"),
        (format!("(func (param {}))", "i32 ".repeat(17)), "a function has 17 parameters"),
        ("(func (result i32 i32 i32) (unreachable))".to_owned(), "a function has 3 results"),
        (format!("(func {locals} {})", loops.repeat(300)), "a function has 467"),
        (format!("(func (br_table {} (i32.const 0)))", "0 ".repeat(30_000)), "a function has 5"),
        (format!("(func {})", loops.repeat(5_000)).repeat(20), "its code has 4"),
        ("(func)".repeat(40_000), "its code has 4"),
    ] {
        let message = refusal_of_code(&definitions);
        assert!(
            message.starts_with("cannot load the component: ")
                && message.contains(reason)
                && message.ends_with(": it could take long to compile"),
            "{reason}: {message}"
        );
    }

    // A few bytes of type would make megabytes of code.
    let component = wat::parse_str(
        r#"(component
            (component $inner
                (core module $m (func (export "f")))
                (core instance $i (instantiate $m))
                (func (export "f") (canon lift (core func $i "f"))))
            (instance $inner (instantiate $inner))
            (core func $f (canon lower (func $inner "f")))
            (instance $typed)
            (export "sentry:streams-k8s/consumer-macro@VERSION" (instance $typed))
            (export "sentry:streams-k8s/consumer-macro-json@VERSION" (instance $typed)))"#
            .replace("@VERSION", THIS_VERSION),
    );
    let error = ConsumerMacro::from_bytes(&component.unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "cannot load the component: its parts call each other");
}

#[test]
fn no_more_is_read_of_a_file_than_a_component_may_have() {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().write_all_at(b"\0asm\x0d\0\x01\0", 0).unwrap();
    file.as_file().set_len(1 << 40).unwrap();
    let error = ConsumerMacro::from_file(file.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot load the component: it has 4194305 bytes, and may have 4194304: it could take long to compile"
    );
}
