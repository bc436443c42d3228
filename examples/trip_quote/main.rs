//! A quote for a trip: flights and hotels are asked side by side, and a while later the weather, which may stay unknown.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use serde::{Deserialize, Serialize};
use sfn::asl::Value;
use sfn::executor::{ExecutionError, Executor};
use sfn::history::HistoryEvent;
use sfn::task::{secs, sleep};
use sfn::{SfnData, state_machine, task, try_join};
use sfn_core as sfn;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Trip {
    city: String,
    nights: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Price {
    cents: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Weather {
    sky: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Quote {
    total: u32,
    weather: Option<Weather>,
}

#[task(lambda = "Flights")]
async fn flights(trip: Trip) -> Result<Price, sfn::Error>;

#[task(lambda = "Hotels")]
async fn hotels(city: String) -> Result<Price, sfn::Error>;

#[task(lambda = "Weather")]
async fn weather(city: String) -> Result<Weather, sfn::Error>;

#[state_machine]
async fn quote(trip: Trip) -> Result<Quote, sfn::Error> {
    let (f, h, w) = try_join!(flights(trip), hotels(trip.city), async {
        #[state("Wait 5s")]
        sleep(secs(5)).await;
        Ok(weather(trip.city).await.ok())
    })?;
    Ok(Quote { total: f.cents + h.cents, weather: w })
}

sfn::golden!(quote, "quote.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", quote::definition()?.to_json_pretty());
    for sky in [Some("clear"), None] {
        println!("\nthe weather is {}", sky.unwrap_or("unknown"));
        run(sky).await?;
    }
    Ok(())
}

/// Runs the document in this process, its five seconds in no time; the functions below do the work of the Lambda functions.
async fn run(sky: Option<&'static str>) -> Result<(), Box<dyn std::error::Error>> {
    let executor = Executor::builder()
        .clock(sfn::executor::VirtualClock::new())
        .task(flights, |trip: Trip, _| async move { Ok(Price { cents: 9_000 + 100 * trip.nights }) })
        .task(hotels, |_city, _| async { Ok(Price { cents: 12_000 }) })
        .task(weather, move |_city, _| async move {
            match sky {
                Some(sky) => Ok(Weather { sky: sky.to_owned() }),
                None => Err(sfn::Error::new("NoSatellite", "it is cloudy up there")),
            }
        })
        .build();
    let execution = executor.start(quote, trip()).await?;
    execution.ended().await;
    for event in execution.history() {
        if let Some(line) = line(&event) {
            println!("  {line}");
        }
    }
    match execution.result().await {
        Ok(quote) => println!("SUCCEEDED {}", serde_json::to_string(&quote)?),
        Err(ExecutionError::Failed(error)) => println!("FAILED {}: {}", error.error, error.message()),
        Err(other) => return Err(other.into()),
    }
    executor.shutdown().await;
    Ok(())
}

/// What an event tells about a state.
fn line(event: &HistoryEvent) -> Option<String> {
    let detail = |name: &str| event.details.as_ref().and_then(|details| details.get(name));
    let text = |name: &str| detail(name).and_then(Value::as_str).unwrap_or_default();
    match event.kind {
        kind if kind.ends_with("StateEntered") => Some(text("name").to_owned()),
        "TaskSucceeded" => Some(format!("  returned {}", detail("output")?.get("Payload")?)),
        "TaskFailed" => Some(format!("  failed with {}", text("error"))),
        _ => None,
    }
}

fn trip() -> Trip {
    Trip { city: "Oslo".to_owned(), nights: 2 }
}

#[cfg(test)]
mod tests;
