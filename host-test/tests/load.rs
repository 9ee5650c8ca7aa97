//! What the host loads, and what it refuses to.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

mod guests;

use guests::{ANOTHER_VERSION, THIS_VERSION, WIT, guest};
use sentry_streams_k8s_host::{ConsumerMacro, Error};

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
