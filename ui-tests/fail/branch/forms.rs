use sfn_core::prelude::*;

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;

#[state_machine]
async fn forms(names: Vec<String>) -> Result<String, Error> {
    try_join!()?;
    try_join!(say(names[0]).await, say(names[0])?, names, { Ok(1) })?;
    try_join!(sleep(secs(5)), try_join!(say(names[0])), say)?;
    try_join!(
        say(names[0]),
        say(names[0]),
        say(names[0]),
        say(names[0]),
        say(names[0]),
        say(names[0]),
        say(names[0]),
        say(names[0]),
        say(names[0]),
    )?;
    let both = try_join!(say(names[0]), say(names[0]));
    try_join!(async { say(names[0]).await? }, async { say(names[0]).await?; })?;
    map(names).each(say).await?;
    map(names).each(|a, b, c| say(a)).await?;
    map(names).each(async |name| say(name)).await?;
    map(names).concurrency(2).concurrency(3).each(|name| say(name)).await?;
    map(names).limit(3).each(|name| say(name)).await?;
    map(names).each(|(i, j), name| say(name)).await?;
    map(names).each(|name| say(name));
    names.each(|name| say(name)).await?;
    let later = async { say(names[0]).await };
    Ok(say(names[0]).await?)
}

fn main() {}
