//! Whole commands: what they print, and their exit codes. `TRYCMD=overwrite cargo test --test commands` writes anew what
//! is expected.
#![allow(missing_docs, reason = "tests")]

#[test]
fn commands_print_what_is_expected() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}
