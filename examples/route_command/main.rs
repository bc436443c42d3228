//! A command is routed by its variant.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use serde::{Deserialize, Serialize};
use sfn::testing::{Env, env};
use sfn::{SfnData, state_machine, task};
use sfn_core as sfn;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Cmd {
    Refund { cents: u32, note: Option<String> },
    Resize { w: u16, h: u16 },
    Ping,
}

#[task(lambda = "Escalate")]
async fn escalate(cents: u32) -> Result<(), sfn::Error>;

#[task(lambda = "Refund")]
async fn refund(cents: u32, note: String) -> Result<(), sfn::Error>;

#[state_machine]
async fn route(cmd: Cmd) -> Result<String, sfn::Error> {
    match cmd {
        Cmd::Refund { cents, .. } if cents > 50_000 => {
            escalate(cents).await?;
            Ok("escalated".into())
        }
        Cmd::Refund { cents, note } => {
            refund(cents, note.unwrap_or("none".into())).await?;
            Ok(format!("refunded {}", cents / 100))
        }
        Cmd::Resize { w, h } => Ok(format!("area={}", u32::from(w) * u32::from(h))),
        Cmd::Ping => Ok("pong".into()),
    }
}

sfn::golden!(route, "route_command.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run().await
}

/// Prints the document and runs it beside the body.
async fn run() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", route::definition()?.to_json_pretty());
    let commands = [
        Cmd::Refund { cents: 60_000, note: None },
        Cmd::Refund { cents: 900, note: Some("late".to_owned()) },
        Cmd::Resize { w: 640, h: 480 },
        Cmd::Ping,
    ];
    for command in commands {
        let run = desk().run(route, command.clone()).await;
        println!("\n{command:?}\n  {}\n  {}", run.path().join(" -> "), run.assert_succeeded());
    }
    Ok(())
}

/// A desk that takes every command.
fn desk() -> Env {
    env().mock(escalate, |_| Ok(())).mock(refund, |_| Ok(()))
}

#[cfg(test)]
mod tests;
