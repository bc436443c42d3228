//! Body and document agree, whichever branch succeeds, fails or comes late.

use sfn::testing::{Env, after, env, secs};

use super::*;

/// Flights after 2 seconds, hotels after 1, the weather at once.
fn all_is_well() -> Env {
    env()
        .mock(flights, |trip: Trip| after(secs(2), Ok(Price { cents: 1_000 * trip.nights })))
        .mock(hotels, |_| after(secs(1), Ok(Price { cents: 500 })))
        .mock(weather, |city| Ok(Weather { sky: format!("clear over {city}") }))
}

fn broken() -> sfn::Error {
    sfn::Error::new("Broken", "the service is down")
}

#[tokio::test]
async fn all_three_answer() {
    let run = all_is_well().run(quote, trip()).await;
    let weather = Some(Weather { sky: "clear over Oslo".into() });
    assert_eq!(run.assert_succeeded(), &Quote { total: 2_500, weather });
    run.assert_path(["join", "Flights", "Hotels", "Wait 5s", "Weather"]);
    assert_eq!(run.elapsed(), secs(5));
}

#[tokio::test]
async fn the_weather_may_stay_unknown() {
    let run = all_is_well().mock(weather, |_| Err(broken())).run(quote, trip()).await;
    assert_eq!(run.assert_succeeded(), &Quote { total: 2_500, weather: None });
    run.assert_path(["join", "Flights", "Hotels", "Wait 5s", "Weather", "Return"]);
}

#[tokio::test]
async fn the_first_failure_stops_the_rest() {
    let run = all_is_well().mock(hotels, |_| after(secs(1), Err(broken()))).run(quote, trip()).await;
    run.assert_failed("Broken").assert_calls(flights, 1).assert_calls(weather, 0);
    assert_eq!(run.elapsed(), secs(1));
}

#[tokio::test]
async fn a_late_failure_counts_as_well() {
    let run = all_is_well().mock(flights, |_| after(secs(60), Err(broken()))).run(quote, trip()).await;
    run.assert_failed("Broken").assert_calls(weather, 1);
    assert_eq!(run.elapsed(), secs(60));
}

#[tokio::test]
async fn errors_of_the_lambda_service_are_retried_in_a_branch() {
    let mut attempts = 0;
    let env = all_is_well().mock(hotels, move |_| {
        attempts += 1;
        match attempts {
            1..=3 => Err(sfn::Error::new("Lambda.TooManyRequestsException", "slow down")),
            _ => Ok(Price { cents: 500 }),
        }
    });
    let run = env.run(quote, trip()).await;
    run.assert_succeeded();
    run.assert_calls(hotels, 4);
    // The upper bounds of the jitter, beside the five seconds.
    assert_eq!(run.elapsed(), secs(1 + 2 + 4));
}

#[tokio::test]
async fn a_price_that_is_too_high_ends_the_workflow() {
    let env = all_is_well().mock(hotels, |_| Ok(Price { cents: u32::MAX }));
    env.run(quote, trip()).await.assert_failed("States.QueryEvaluationError");
}

#[tokio::test]
async fn the_program_runs() {
    run(Some("clear")).await.unwrap();
    run(None).await.unwrap();
}

/// The document as the design of the language gives it, but for what the README says.
#[test]
fn the_document_is_that_of_the_design() {
    let Some(mut design) = design("parallel.asl.json") else { return };
    let join = &mut design["States"]["join"];
    let guard = "u32 overflow in `f.cents + h.cents`";
    let total = join["Output"]["total"].as_str().unwrap().replace("u32 overflow at src/quote.rs:9", guard);
    join["Output"]["total"] = total.into();
    let states = join["Branches"][2]["States"].as_object_mut().unwrap();
    let end = states.remove("Weather done").unwrap();
    states.insert("Return".to_owned(), end);
    let weather = states["Weather"].as_object_mut().unwrap();
    weather.remove("Next");
    weather.insert("End".to_owned(), true.into());
    weather["Catch"][0]["Next"] = "Return".into();
    let ours = quote::definition().unwrap();
    assert_eq!(serde_json::to_value(ours.document()).unwrap(), design);
}

/// The document of the design, when its reference is at hand.
fn design(name: &str) -> Option<serde_json::Value> {
    let reference = std::env::var_os("SFN_REFERENCE").map(std::path::PathBuf::from);
    let reference = reference.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared").into());
    let text = std::fs::read_to_string(reference.join("design/dsl-examples").join(name));
    let Ok(text) = text else {
        println!("SKIPPED: no reference data");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}
