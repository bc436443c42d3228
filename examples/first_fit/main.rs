//! The first bin that takes a parcel is searched for, one after the other.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use serde::{Deserialize, Serialize};
use sfn::testing::{Env, env};
use sfn::{SfnData, state_machine, task};
use sfn_core as sfn;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Query {
    need: u32,
    bins: Vec<String>,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Fit {
    bin: Option<String>,
    tried: u32,
}

#[task(lambda = "TryBin")]
async fn try_bin(bin: String, need: u32) -> Result<bool, sfn::Error>;

#[state_machine]
async fn first_fit(q: Query) -> Result<Fit, sfn::Error> {
    let mut tried = 0u32;
    for bin in q.bins {
        let ok = try_bin(bin, q.need).await?;
        tried += 1;
        if ok {
            return Ok(Fit { bin: Some(bin), tried });
        }
    }
    Ok(Fit { bin: None, tried })
}

sfn::golden!(first_fit, "first_fit.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run().await
}

/// Prints the document and runs it beside the body.
async fn run() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", first_fit::definition()?.to_json_pretty());
    for fitting in ["bin-2", "no bin"] {
        let query = Query { need: 5, bins: vec!["bin-1".to_owned(), "bin-2".to_owned(), "bin-3".to_owned()] };
        let run = warehouse(fitting).run(first_fit, query).await;
        println!("\n{fitting} fits\n  {}\n  {:?}", run.path().join(" -> "), run.assert_succeeded());
    }
    Ok(())
}

/// A warehouse in which one bin fits.
fn warehouse(fitting: &'static str) -> Env {
    env().mock(try_bin, move |(bin, _need)| Ok(bin == fitting))
}

#[cfg(test)]
mod tests;
