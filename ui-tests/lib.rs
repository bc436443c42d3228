//! Compile-time tests of the macros live in `tests/`, their cases in `pass/` and `fail/`.
