use sfn_core::{Error, task, try_join};

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;

async fn outside(name: String) -> Result<String, Error> {
    let (text,) = try_join!(say(name))?;
    Ok(text)
}

fn main() {}
