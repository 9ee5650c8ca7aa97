//! Small components, written to misbehave. They stand as text: what each one does is all there is to it.
#![allow(dead_code, reason = "each test uses its part")]
#![allow(clippy::indexing_slicing, reason = "tests")]

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The interface of the macro.
pub(crate) const WIT: &str = include_str!("../../../wit/world.wit");

/// The version of that interface, and one that never is.
pub(crate) const THIS_VERSION: &str = concat!("@", env!("CARGO_PKG_VERSION"));
pub(crate) const ANOTHER_VERSION: &str = "@99.0.0";

/// A component with the macro's interface, whose typed `render` is these core instructions. They find the context's
/// pointer and length in `$context` and `$length`, and leave the pointer of the result on the stack.
pub(crate) fn render(body: &str) -> Vec<u8> {
    guest(body, "", WIT)
}

/// The same, with further core definitions, and with another interface.
pub(crate) fn guest(body: &str, definitions: &str, wit: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("world.wit", wit).unwrap();
    let world = resolve.select_world(&[package], None).unwrap();
    let version = resolve.packages[package].name.version.as_ref().unwrap();
    let typed = format!("sentry:streams-k8s/consumer-macro@{version}");
    let text = format!("sentry:streams-k8s/consumer-macro-json@{version}");

    let module = format!(
        r#"(module
            {definitions}
            (memory (export "memory") 1)
            (global $next (mut i32) (i32.const 4096))

            ;; Hands out memory, growing it as needed; what it hands out never comes back.
            (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (local $start i32)
                (local.set $start (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
                (global.set $next (i32.add (local.get $start) (local.get 3)))
                (block $done (loop $more
                    (br_if $done (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
                    (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then (unreachable)))
                    (br $more)))
                (local.get $start))

            (func (export "{typed}#render") (param $context i32) (param $length i32) (result i32) {body})

            ;; Accepts everything.
            (func (export "{typed}#validate") (param i32 i32) (result i32)
                (i32.store8 (i32.const 0) (i32.const 0))
                (i64.store (i32.const 4) (i64.const 0))
                (i32.const 0))

            ;; Answers with what it is given.
            (func $echo (param i32 i32) (result i32)
                (i32.store8 (i32.const 0) (i32.const 0))
                (i32.store (i32.const 4) (local.get 0))
                (i32.store (i32.const 8) (local.get 1))
                (i32.const 0))
            (export "{text}#render" (func $echo))
            (export "{text}#validate" (func $echo))
            (export "{text}#explain" (func $echo))

            (func $nothing (result i32)
                (i64.store (i32.const 0) (i64.const 0))
                (i32.const 0))
            (export "{text}#schema" (func $nothing))
            (export "{text}#version" (func $nothing)))"#
    );
    let mut module = wat::parse_str(module).unwrap_or_else(|error| panic!("{error}"));
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
}
