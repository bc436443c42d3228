//! What the macros accept and refuse. The `.stderr` files hold for the pinned toolchain; `TRYBUILD=overwrite` writes them.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*/*.rs");
    cases.compile_fail("fail/*/*.rs");
}
