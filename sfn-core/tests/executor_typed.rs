//! The executor with typed functions: a `#[state_machine]` runs by its document, its tasks by typed handlers or bodies.
#![cfg(all(feature = "executor", feature = "macros"))]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sfn_core::asl::value::Value;
use sfn_core::executor::{Clock, ExecutionError, Executor, ExecutorBuilder, VirtualClock};
use sfn_core::task::Error;
use sfn_core::{SfnData, SfnError, state_machine, task};

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Trip {
    travel_to: String,
    nights: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Booking {
    booking_id: String,
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum HotelError {
    #[sfn(name = "FullyBooked")]
    Full { nights: u32 },
    #[sfn(timeout)]
    Timeout,
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "book-flight", timeout = "30s")]
async fn book_flight(travel_to: String) -> Result<Booking, Error>;

#[task(lambda = "BookHotel", timeout = "30s")]
async fn book_hotel(trip: Trip) -> Result<Booking, HotelError>;

#[task(lambda = "CancelFlight")]
async fn cancel_flight(booking_id: String) -> Result<(), Error> {
    match booking_id.as_str() {
        "f-paris" => Ok(()),
        _ => Err(Error::new("UnknownFlight", booking_id)),
    }
}

#[state_machine(timeout = "1h")]
async fn book_trip(trip: Trip) -> Result<Booking, Error> {
    let flight = book_flight(trip.travel_to).undo(|flight| cancel_flight(flight.booking_id)).await?;
    let hotel = book_hotel(Trip { travel_to: flight.booking_id, nights: trip.nights }).await?;
    Ok(Booking { booking_id: hotel.booking_id })
}

fn trip() -> Trip {
    Trip { travel_to: "paris".to_owned(), nights: 3 }
}

/// Flights that can be booked, and a hotel of the given behaviour.
fn executor() -> (VirtualClock, ExecutorBuilder) {
    let clock = VirtualClock::new();
    let builder = Executor::builder()
        .clock(clock.clone())
        .seed(1)
        .task(book_flight, |travel_to: String, _| async move { Ok(Booking { booking_id: format!("f-{travel_to}") }) });
    (clock, builder)
}

#[tokio::test]
async fn a_function_runs_by_its_document() {
    let (_, builder) = executor();
    let executor = builder
        .task(book_hotel, |trip: Trip, _| async move {
            Ok(Booking { booking_id: format!("{}, {} nights", trip.travel_to, trip.nights) })
        })
        .build();
    let execution = executor.start(book_trip, trip()).await.expect("the execution starts");
    let booking: Booking = execution.result().await.expect("the execution succeeds");
    assert_eq!(booking, Booking { booking_id: "f-paris, 3 nights".to_owned() });
    assert!(execution.arn().contains(":book_trip:"), "{}", execution.arn());
    executor.shutdown().await;
}

#[tokio::test]
async fn an_error_of_a_handler_arrives_by_its_name_and_the_body_of_a_task_serves_it() {
    let (_, builder) = executor();
    let executor =
        builder.task(book_hotel, |trip: Trip, _| async move { Err(HotelError::Full { nights: trip.nights }) }).build();
    let execution = executor.start(book_trip, trip()).await.expect("the execution starts");
    let Err(ExecutionError::Failed(error)) = execution.result().await else {
        panic!("the execution fails: {:?}", execution.status())
    };
    assert_eq!(error.error, "FullyBooked");
    assert_eq!(error.message(), r#"{"nights":3}"#);
    let undone: Vec<_> = execution
        .history()
        .iter()
        .filter(|event| event.kind == "TaskSucceeded")
        .filter_map(|event| Some(event.details.as_ref()?.get("output")?.get("Payload")?.clone()))
        .collect();
    assert_eq!(undone, [Value::object([("bookingId", Value::from("f-paris"))]), Value::Null]);
}

#[tokio::test]
async fn a_handler_that_takes_too_long_times_out_and_is_retried_as_the_task_says() {
    let (clock, builder) = executor();
    let begun = clock.now();
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let executor = builder
        .task(book_hotel, move |_: Trip, context| {
            counted.fetch_add(1, Ordering::SeqCst);
            async move {
                context.sleep(Duration::from_secs(60)).await;
                Ok(Booking { booking_id: "late".to_owned() })
            }
        })
        .build();
    let execution = executor.start(book_trip, trip()).await.expect("the execution starts");
    let Err(ExecutionError::Failed(error)) = execution.result().await else {
        panic!("the execution fails: {:?}", execution.status())
    };
    assert_eq!(error.error, "States.Timeout");
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert_eq!(execution.history().last().map(|event| event.timestamp - begun), Some(30_000));
}

#[tokio::test]
async fn a_handler_takes_precedence_over_a_body() {
    let (_, builder) = executor();
    let executor = builder
        .task(book_hotel, |_: Trip, _| async move { Err(HotelError::Timeout) })
        .task(cancel_flight, |_: String, _| async move { panic!("nobody reaches the airline") })
        .build();
    let execution = executor.start(book_trip, trip()).await.expect("the execution starts");
    assert!(execution.result().await.is_err());
    let errors: Vec<_> = execution
        .history()
        .iter()
        .filter(|event| event.kind == "TaskFailed")
        .filter_map(|event| Some(event.details.as_ref()?.get("error")?.as_str()?.to_owned()))
        .collect();
    assert_eq!(errors, ["States.Timeout", "Sfn.HandlerPanicked"]);
}
