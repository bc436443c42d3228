//! `sfn-codegen FILE` turns an Amazon States Language definition into typed Rust.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run(std::env::args_os().skip(1))
}
