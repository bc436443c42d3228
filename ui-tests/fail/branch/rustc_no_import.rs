use sfn_core::{Error, state_machine, task};

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;

#[state_machine]
async fn no_import(names: Vec<String>) -> Result<Vec<String>, Error> {
    try_join!(say(names[0]))?;
    map(names).each(|name| say(name)).await
}

fn main() {}
