use sfn_core::{Error, task};

struct Opaque;

#[task(lambda = "A")]
async fn takes(opaque: Opaque) -> Result<String, Error>;

#[task(lambda = "A")]
async fn gives(id: String) -> Result<f32, Error>;

#[task(lambda = "A")]
async fn fails(id: String) -> Result<String, String>;

#[task(lambda = "A")]
async fn wrong_body(id: String) -> Result<String, Error> {
    Ok(3)
}

fn main() {}
