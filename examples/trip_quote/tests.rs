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
    run.assert_path(["join", "Flights", "Hotels", "Wait 5s", "Weather", "Weather done"]);
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
