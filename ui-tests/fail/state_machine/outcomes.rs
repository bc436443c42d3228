use sfn_core::prelude::*;

#[derive(SfnError)]
enum PayError {
    Declined { reason: String },
    RateLimited,
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "Pay")]
async fn pay(id: String) -> Result<String, PayError>;
#[task(lambda = "Refund")]
async fn refund(id: String) -> Result<(), Error>;

#[state_machine]
async fn outcomes(id: String) -> Result<String, Error> {
    match pay(id).undo(|paid| refund(paid)).await {
        Ok(text) => refund(text).await?,
        Err(PayError::Declined { .. } | PayError::RateLimited) => {}
        Err(whole @ PayError::RateLimited) => {}
        Err(_) => {}
    }
    if let result = pay(id).await {
        refund(id).await?;
    }
    let Err(e) = pay(id).await else {
        return Ok(id);
    };
    refund(e).await?;
    let both = pay(id).undo(|paid| refund(paid)).await.ok();
    match pay(id).await {
        Ok(text) => Ok(text),
        Err(e) if pay(id).await? == id => Err(e.into()),
        Err(e) => Err(id),
    }
}

fn main() {}
