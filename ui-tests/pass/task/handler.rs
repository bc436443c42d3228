//! A task with a body serves itself.
use sfn_core::prelude::*;
use sfn_core::task::Task;

#[task(lambda = "Add")]
async fn add(mut a: u32, b: u32) -> Result<u32, Error> {
    a += b;
    Ok(a)
}

#[task(lambda = "Tick")]
async fn tick() -> Result<(), Error> {
    Ok(())
}

#[task(lambda = "Elsewhere")]
async fn elsewhere(r#type: String) -> Result<(), Error>;

fn is_spawnable<T: Send + 'static>(_: T) {}

fn main() {
    is_spawnable(add::HANDLER.expect("add has a body")((1, 2)));
    assert!(tick::HANDLER.is_some());
    assert!(elsewhere::HANDLER.is_none());
    let _ = elsewhere("a".to_string());
}
