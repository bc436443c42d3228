use sfn_core::prelude::*;

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;

#[state_machine]
async fn races(name: String) -> Result<String, Error> {
    tokio::select! {
        first = say(name) => first,
        second = say(name) => second,
    };
    tokio::spawn(say(name));
    futures::future::select(say(name), say(name));
    let handle = spawn(say(name));
    Ok(name)
}

fn main() {}
