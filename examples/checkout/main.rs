//! A bill is paid: a rate limit is waited for, a declined card is told about, a slow service is passed over for another.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use serde::{Deserialize, Serialize};
use sfn::task::backoff;
use sfn::testing::{Ended, Env, env, never, secs};
use sfn::{SfnData, SfnError, state_machine, task};
use sfn_core as sfn;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Bill {
    id: String,
    cents: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Payment {
    id: String,
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum PayError {
    #[sfn(name = "CardDeclined")]
    Declined {
        reason: String,
    },
    RateLimited,
    #[sfn(timeout)]
    Timeout,
    #[sfn(other)]
    Other(sfn::Error),
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum CheckoutError {
    Declined {
        reason: String,
    },
    #[sfn(other)]
    Other(sfn::Error),
}

#[task(lambda = "Charge")]
async fn charge(bill: Bill) -> Result<Payment, PayError>;

#[task(lambda = "ChargeBackup")]
async fn charge_backup(bill: Bill) -> Result<Payment, sfn::Error>;

#[task(lambda = "Notify")]
async fn notify(text: String) -> Result<(), sfn::Error>;

#[state_machine]
async fn pay(bill: Bill) -> Result<String, CheckoutError> {
    match charge(bill).timeout(secs(10)).retry(on!(PayError::RateLimited), backoff(secs(2)).max(4).cap(secs(10))).await
    {
        Ok(p) => Ok(p.id),
        Err(PayError::Declined { reason }) => {
            notify(format!("declined: {reason}")).await?;
            Err(CheckoutError::Declined { reason })
        }
        Err(PayError::Timeout) => Ok(charge_backup(bill).await?.id),
        Err(e) => Err(e.into()),
    }
}

sfn::golden!(pay, "checkout.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run().await
}

/// Prints the document and runs it beside the body, in virtual time.
async fn run() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", pay::definition()?.to_json_pretty());
    let declined = || Err(PayError::Declined { reason: "limit".to_owned() });
    let cards = [
        ("a good card", shop()),
        ("a declined card", shop().mock(charge, move |_| declined())),
        ("a service that does not answer", shop().mock(charge, |_| never())),
    ];
    for (what, shop) in cards {
        let run = shop.run(pay, bill()).await;
        println!("\n{what}\n  {}", run.path().join(" -> "));
        match run.result() {
            Ok(payment) => println!("  {payment} after {:?}", run.elapsed()),
            Err(Ended::Failed(error)) => println!("  {error}"),
            Err(Ended::TimedOut) => println!("  timed out"),
        }
    }
    Ok(())
}

/// A shop in which all is well.
fn shop() -> Env {
    env()
        .mock(charge, |bill: Bill| Ok(Payment { id: format!("card-{}", bill.id) }))
        .mock(charge_backup, |bill: Bill| Ok(Payment { id: format!("backup-{}", bill.id) }))
        .mock(notify, |_| Ok(()))
}

fn bill() -> Bill {
    Bill { id: "b1".to_owned(), cents: 4_500 }
}

#[cfg(test)]
mod tests;
