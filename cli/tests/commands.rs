//! Whole commands: what they print, and their exit codes. `TRYCMD=overwrite cargo test --test commands` writes anew what
//! is expected.
#![allow(missing_docs, reason = "tests")]

#[test]
fn commands_print_what_is_expected() {
    let cases = trycmd::TestCases::new();
    // Where the tests run is nothing to them.
    cases.env("GITHUB_WORKSPACE", "").env("CI_PROJECT_DIR", "").case("tests/cmd/*.trycmd");
}
