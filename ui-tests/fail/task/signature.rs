use sfn_core::{Error, task};

#[task(lambda = "A")]
fn not_async(id: String) -> Result<String, Error>;

#[task(lambda = "A")]
async fn no_result(id: String);

#[task(lambda = "A")]
async fn generic<T>(id: T) -> Result<String, Error>;

#[task(lambda = "A")]
async fn borrowed(id: &String) -> Result<String, Error>;

#[task(lambda = "A")]
async fn pattern((a, b): (String, String)) -> Result<String, Error>;

#[task(lambda = "A")]
async fn many(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8) -> Result<String, Error>;

fn main() {}
