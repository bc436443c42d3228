//! A month is closed by a state machine of its own; then a report is started, whose end nobody awaits.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use serde::{Deserialize, Serialize};
use sfn::executor::{ExecutionError, Executor, VirtualClock};
use sfn::{SfnData, state_machine, task};
use sfn_core as sfn;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Month {
    month: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Close {
    month: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Books {
    balance: i64,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Report {
    month: String,
    books: Books,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Closed {
    balance: i64,
    report: String,
}

#[task(lambda = "SumUp", timeout = "5m")]
async fn sum_up(month: String) -> Result<i64, sfn::Error>;

#[task(lambda = "PrintReport")]
async fn print_report(month: String, balance: i64) -> Result<(), sfn::Error>;

#[state_machine(timeout = "1h")]
async fn close_books(close: Close) -> Result<Books, sfn::Error> {
    let balance = sum_up(close.month).await?;
    Ok(Books { balance })
}

#[state_machine]
async fn report(report: Report) -> Result<(), sfn::Error> {
    print_report(report.month, report.books.balance).await
}

#[state_machine]
async fn monthly(m: Month) -> Result<Closed, sfn::Error> {
    let books = close_books(Close { month: m.month }).await?;
    let run = report(Report { month: m.month, books }).start().await?;
    Ok(Closed { balance: books.balance, report: run.execution_arn })
}

sfn::golden!(monthly, "monthly_close.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", monthly::definition()?.to_json_pretty());
    for month in ["may", "june"] {
        println!("\n{month}");
        match run(month).await? {
            Ok(closed) => println!("SUCCEEDED {}", serde_json::to_string(&closed)?),
            Err(error) => println!("FAILED {}: {}", error.error, error.cause),
        }
    }
    Ok(())
}

/// Runs the three documents in this process; only the books of May can be closed.
async fn run(month: &str) -> Result<Result<Closed, sfn::Error>, Box<dyn std::error::Error>> {
    let executor = Executor::builder()
        .clock(VirtualClock::new())
        .task(sum_up, |month: String, _| async move {
            match month.as_str() {
                "may" => Ok(1_200),
                _ => Err(sfn::Error::new("BooksAreOpen", format!("{month} is not over"))),
            }
        })
        .task(print_report, |(month, balance), _| async move {
            println!("  the report of {month}: {balance}");
            Ok(())
        })
        .build();
    let execution = executor.start(monthly, Month { month: month.to_owned() }).await?;
    let result = execution.result().await;
    // The report is an execution of its own: give it a moment to end.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    executor.shutdown().await;
    match result {
        Ok(closed) => Ok(Ok(closed)),
        Err(ExecutionError::Failed(error)) => Ok(Err(error)),
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests;
