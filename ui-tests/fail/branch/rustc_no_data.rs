use sfn_core::prelude::*;

struct Handle(u32);

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;

#[state_machine]
async fn no_data(name: String) -> Result<String, Error> {
    let (text, handle) = try_join!(say(name), async { Ok(Handle(5)) })?;
    Ok(text)
}

fn main() {}
