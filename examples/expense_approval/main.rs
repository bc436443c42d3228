//! An expense above a limit waits for a manager, who answers by a token; then it is paid.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use serde::{Deserialize, Serialize};
use sfn::executor::{Executor, VirtualClock};
use sfn::{SfnData, SfnError, TaskToken, state_machine, task};
use sfn_core as sfn;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Expense {
    purpose: String,
    cents: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Decision {
    Approved,
    Rejected { reason: String },
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Outcome {
    Paid { payment: String },
    Rejected { reason: String },
    Expired,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Payment {
    id: String,
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum AskError {
    #[sfn(timeout)]
    Expired,
    #[sfn(other)]
    Other(sfn::Error),
}

#[task(callback, sqs = "ApprovalQueueUrl", timeout = "3d", heartbeat = "12h")]
async fn ask_manager(expense: Expense, token: TaskToken) -> Result<Decision, AskError>;

#[task(lambda = "Pay")]
async fn pay(expense: Expense) -> Result<Payment, sfn::Error>;

#[state_machine]
async fn expense(exp: Expense) -> Result<Outcome, sfn::Error> {
    #[state("Needs approval?")]
    if exp.cents > 10_000 {
        match ask_manager(exp).await {
            Ok(Decision::Approved) => {}
            Ok(Decision::Rejected { reason }) => return Ok(Outcome::Rejected { reason }),
            Err(AskError::Expired) => return Ok(Outcome::Expired),
            Err(e) => return Err(e.into()),
        }
    }
    Ok(Outcome::Paid { payment: pay(exp).await?.id })
}

sfn::golden!(expense, "expense_approval.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", expense::definition()?.to_json_pretty());
    for cents in [4_500, 60_000, 900_000, 20_000] {
        let outcome = run(cents).await?;
        println!("{cents} cents: {}", serde_json::to_string(&outcome)?);
    }
    Ok(())
}

/// Runs the document in this process, in which three days pass at once; the manager reads the queue below.
async fn run(cents: u32) -> Result<Outcome, Box<dyn std::error::Error>> {
    let (queue, mut messages) = tokio::sync::mpsc::unbounded_channel();
    let executor = Executor::builder()
        .clock(VirtualClock::new())
        .callback(ask_manager, move |expense: Expense, token| {
            // A manager who does not answer in time is one who never gets the message.
            if expense.cents != 20_000 {
                let _ = queue.send((expense, token));
            }
            async { Ok(()) }
        })
        .task(pay, |expense: Expense, _| async move { Ok(Payment { id: format!("payment of {}", expense.cents) }) })
        .build();
    let manager = tokio::spawn({
        let executor = executor.clone();
        async move {
            while let Some((expense, token)) = messages.recv().await {
                let decision = match expense.cents {
                    ..500_000 => Decision::Approved,
                    _ => Decision::Rejected { reason: "buy a cheaper one".to_owned() },
                };
                // An answer that comes too late has no effect.
                let _ = sfn::callback::<ask_manager>(&executor, token).ok(decision).await;
            }
        }
    });
    let execution = executor.start(expense, Expense { purpose: "a chair".to_owned(), cents }).await?;
    let outcome = execution.result().await;
    executor.shutdown().await;
    manager.abort();
    Ok(outcome?)
}

#[cfg(test)]
mod tests;
