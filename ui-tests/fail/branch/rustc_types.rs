use sfn_core::prelude::*;

#[derive(SfnError)]
enum PayError {
    #[sfn(name = "CardDeclined")]
    Declined,
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;

#[task(lambda = "Pay")]
async fn pay(cents: u32) -> Result<u32, PayError>;

#[state_machine]
async fn wrong_argument(name: String) -> Result<String, Error> {
    let (text, _) = try_join!(say(name), pay(name))?;
    Ok(text)
}

#[state_machine]
async fn wrong_number(name: String) -> Result<String, Error> {
    let (text, other, third) = try_join!(say(name), pay(5))?;
    Ok(text)
}

#[state_machine]
async fn wrong_items(name: String) -> Result<Vec<String>, Error> {
    map(name).each(|letter| say(letter)).await
}

#[state_machine]
async fn wrong_error(name: String) -> Result<u32, Error> {
    let (paid, _) = try_join!(
        async {
            if name.is_empty() {
                Err(PayError::Declined)
            } else {
                pay(5).await
            }
        },
        say(name),
    )?;
    Ok(paid)
}

fn main() {}
