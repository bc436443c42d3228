//! Branches and maps: the body of a workflow and the document that it becomes do the same, in the same order.

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;
use sfn_core::testing::{Env, Run, after, env, never};

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Trip {
    city: String,
    nights: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Price {
    cents: u32,
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum PayError {
    #[sfn(name = "CardDeclined")]
    Declined { reason: String },
    #[sfn(timeout)]
    Slow,
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "Flights")]
async fn flights(trip: Trip) -> Result<Price, Error>;
#[task(lambda = "Hotels", timeout = "1m")]
async fn hotels(city: String, nights: u32) -> Result<Price, PayError>;
#[task(lambda = "Weather")]
async fn weather(city: String) -> Result<String, Error>;
#[task(lambda = "Reserve")]
async fn reserve(id: String) -> Result<String, Error>;
#[task(lambda = "Release")]
async fn release(id: String) -> Result<(), Error>;
#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;

fn trip(nights: u32) -> Trip {
    Trip { city: "Oslo".into(), nights }
}

fn broken(what: &str) -> Error {
    Error::new("Broken", what)
}

/// Flights after 3 seconds, hotels after 2, the weather at once.
fn all_is_well() -> Env {
    env()
        .mock(flights, |trip: Trip| after(secs(3), Ok(Price { cents: 100 * trip.nights })))
        .mock(hotels, |(_, nights): (String, u32)| after(secs(2), Ok(Price { cents: 50 * nights })))
        .mock(weather, |city| Ok(format!("rain in {city}")))
        .mock(reserve, |id| Ok(format!("r-{id}")))
        .mock(release, |_| Ok(()))
        .mock(say, |text| Ok(format!("<{text}>")))
}

fn at<M: Machine>(run: &Run<M>) -> Vec<(&'static str, u64)> {
    run.calls().iter().map(|call| (call.task, call.at.as_secs())).collect()
}

// Calls

#[state_machine]
async fn quote(trip: Trip) -> Result<u32, Error> {
    let (flight, hotel) = try_join!(flights(trip), hotels(trip.city, trip.nights))?;
    Ok(flight.cents + hotel.cents)
}

#[tokio::test]
async fn all_succeed() {
    let run = all_is_well().run(quote, trip(2)).await;
    assert_eq!(run.assert_succeeded(), &300);
    run.assert_path(["join", "Flights", "Hotels"]);
    assert_eq!(at(&run), [("flights", 0), ("hotels", 0)]);
    assert_eq!(run.elapsed(), secs(3));
}

#[tokio::test]
async fn the_first_failure_stops_the_others() {
    let env = all_is_well().mock(hotels, |_| after(secs(1), Err(PayError::Declined { reason: "full".into() })));
    let run = env.run(quote, trip(2)).await;
    run.assert_failed("CardDeclined");
    assert_eq!(run.elapsed(), secs(1));
    let run = all_is_well().mock(hotels, |_| never()).run(quote, trip(2)).await;
    run.assert_failed("States.Timeout");
    assert_eq!(run.elapsed(), minutes(1));
}

#[tokio::test]
async fn of_two_failures_at_one_moment_the_first_counts() {
    let fails = |what: &'static str, delay| move |_| after(delay, Err(Error::new(what, "")));
    for delay in [secs(0), secs(4)] {
        let env = all_is_well()
            .mock(flights, fails("A", delay))
            .mock(hotels, move |_| after(delay, Err(PayError::Other(Error::new("B", "")))));
        env.run(quote, trip(1)).await.assert_failed("A");
    }
}

#[tokio::test]
async fn an_overflow_behind_branches_ends_the_run() {
    let env = all_is_well().mock(flights, |_| Ok(Price { cents: u32::MAX }));
    env.run(quote, trip(1)).await.assert_failed("States.QueryEvaluationError");
}

// Blocks

#[state_machine]
async fn slow_weather(trip: Trip) -> Result<(u32, Option<String>), Error> {
    let (flight, sky) = try_join!(flights(trip), async {
        sleep(secs(5)).await;
        Ok(weather(trip.city).await.ok())
    })?;
    Ok((flight.cents, sky))
}

#[tokio::test]
async fn a_wait_in_a_branch() {
    let run = all_is_well().run(slow_weather, trip(1)).await;
    assert_eq!(run.assert_succeeded(), &(100, Some("rain in Oslo".to_string())));
    assert_eq!(at(&run), [("flights", 0), ("weather", 5)]);
    assert_eq!(run.elapsed(), secs(5));
    let run = all_is_well().mock(weather, |_| Err(broken("sky"))).run(slow_weather, trip(1)).await;
    assert_eq!(run.assert_succeeded(), &(100, None));
}

#[state_machine]
async fn steps(trip: Trip) -> Result<String, Error> {
    let mut note = "start".to_string();
    note = say(note).await?;
    let (first, second, third) = try_join!(
        async {
            let mut nights = trip.nights;
            let mut text = String::from("");
            while nights > 0 {
                text = say(format!("{text}{nights}")).await?;
                nights -= 1;
                if nights == 7 {
                    fail!("TooMany", "{nights} nights in {}", trip.city);
                }
            }
            Ok(text)
        },
        async move {
            match hotels(trip.city, trip.nights).timeout(secs(10)).await {
                Ok(price) => Ok(format!("{} cents", price.cents)),
                Err(PayError::Declined { reason }) => {
                    sleep(secs(20)).await;
                    Ok(reason)
                }
                Err(PayError::Slow) => Err(PayError::Slow.into()),
                Err(e) => Err(e.into()),
            }
        },
        say(note).retry(on!("Broken"), backoff(secs(1)).max(2)),
    )?;
    Ok(format!("{first} {second} {third}"))
}

#[tokio::test]
async fn statements_in_branches() {
    let run = all_is_well().run(steps, trip(2)).await;
    assert_eq!(run.assert_succeeded(), "<<2>1> 100 cents <<start>>");
    assert_eq!(run.elapsed(), secs(2));
    // A failure of its own, in the middle of a loop.
    let run = all_is_well().run(steps, trip(8)).await;
    run.assert_failed("TooMany").assert_calls(hotels, 1);
    // An error that is caught in the branch.
    let full = all_is_well().mock(hotels, |_| Err(PayError::Declined { reason: "full".into() }));
    let run = full.run(steps, trip(1)).await;
    assert_eq!(run.assert_succeeded(), "<1> full <<start>>");
    assert_eq!(run.elapsed(), secs(20));
    // A timeout in the branch.
    let run = all_is_well().mock(hotels, |_| never()).run(steps, trip(1)).await;
    run.assert_failed("States.Timeout");
    assert_eq!(run.elapsed(), secs(10));
    // Retries in a branch.
    let mut calls = 0;
    let env = all_is_well().mock(say, move |text: String| {
        calls += 1;
        if text == "<start>" && calls < 5 { Err(broken("say")) } else { Ok(format!("<{text}>")) }
    });
    let run = env.run(steps, trip(1)).await;
    assert_eq!(run.assert_succeeded(), "<1> 50 cents <<start>>");
    assert_eq!(run.elapsed(), secs(3));
}

#[state_machine]
async fn with_undo(trip: Trip) -> Result<u32, Error> {
    let stock = reserve(trip.city).undo(|id| release(id)).await?;
    let (flight, hotel) = try_join!(flights(trip), async {
        let nights = trip.nights - 1;
        let price = hotels(stock, nights).await?;
        Ok(price.cents)
    })?;
    let total = flight.cents + hotel;
    weather(trip.city).await?;
    Ok(total)
}

#[tokio::test]
async fn a_compensation_before_branches_runs_when_one_fails() {
    let run = all_is_well().run(with_undo, trip(2)).await;
    assert_eq!(run.assert_succeeded(), &250);
    let run = all_is_well().mock(flights, |_| Err(broken("f"))).run(with_undo, trip(2)).await;
    run.assert_failed("Broken").assert_calls(release, 1);
    let run = all_is_well().mock(weather, |_| Err(broken("w"))).run(with_undo, trip(2)).await;
    run.assert_failed("Broken").assert_calls(release, 1);
    // A check that fails is no error that a compensation follows, wherever it stands.
    let run = all_is_well().run(with_undo, trip(0)).await;
    run.assert_failed("States.QueryEvaluationError").assert_calls(release, 0);
    let run = all_is_well().mock(flights, |_| Ok(Price { cents: u32::MAX })).run(with_undo, trip(2)).await;
    run.assert_failed("States.QueryEvaluationError").assert_calls(release, 0);
}

#[state_machine]
async fn looked_at(trip: Trip) -> Result<String, Error> {
    let result = match try_join!(flights(trip), hotels(trip.city, trip.nights)) {
        Ok((flight, _)) if flight.cents > 1000 => "dear".to_string(),
        Ok((flight, hotel)) => format!("{}", flight.cents + hotel.cents),
        Err(e) => {
            say(trip.city).await?;
            return Err(e);
        }
    };
    Ok(result)
}

#[state_machine]
async fn perhaps(trip: Trip) -> Result<u32, Error> {
    let prices = try_join!(flights(trip), hotels(trip.city, trip.nights - 1)).ok();
    match prices {
        Some((flight, hotel)) => Ok(flight.cents + hotel.cents),
        None => Ok(0),
    }
}

#[tokio::test]
async fn the_outcome_is_looked_at() {
    let run = all_is_well().run(looked_at, trip(2)).await;
    assert_eq!(run.assert_succeeded(), "300");
    let run = all_is_well().run(looked_at, trip(20)).await;
    assert_eq!(run.assert_succeeded(), "dear");
    let run = all_is_well().mock(flights, |_| Err(broken("f"))).run(looked_at, trip(2)).await;
    run.assert_failed("Broken").assert_calls(say, 1);
    let run = all_is_well().run(perhaps, trip(2)).await;
    assert_eq!(run.assert_succeeded(), &250);
    let run = all_is_well().mock(flights, |_| Err(broken("f"))).run(perhaps, trip(2)).await;
    assert_eq!(run.assert_succeeded(), &0);
    // Neither is a check that fails.
    all_is_well().run(perhaps, trip(0)).await.assert_failed("States.QueryEvaluationError");
}

#[state_machine]
async fn nested(trip: Trip) -> Result<((String, u32), String), Error> {
    let city = trip.city;
    try_join!(
        async {
            let (sky, price) = try_join!(weather(city), async {
                if trip.nights == 0 {
                    fail!("NoNights", "in {city}");
                }
                let price = hotels(city, trip.nights).await?;
                Ok(price.cents)
            })?;
            let sky = say(sky).await?;
            Ok((sky, price))
        },
        say(city),
    )
}

#[tokio::test]
async fn branches_in_branches() {
    let run = all_is_well().run(nested, trip(2)).await;
    assert_eq!(run.assert_succeeded(), &(("<rain in Oslo>".to_string(), 100), "<Oslo>".to_string()));
    run.assert_path(["join", "join #2", "Say #2", "Weather", "if", "Hotels", "Say"]);
    assert_eq!(at(&run), [("say", 0), ("weather", 0), ("hotels", 0), ("say", 2)]);
    all_is_well().run(nested, trip(0)).await.assert_failed("NoNights");
}

// Maps

#[state_machine]
async fn thumbs(trips: Vec<Trip>) -> Result<Vec<u32>, Error> {
    let prices = map(trips).concurrency(2).each(|i, trip| hotels(format!("{}{i}", trip.city), trip.nights)).await?;
    let cents: Vec<u32> = prices.iter().map(|price| price.cents).collect::<Vec<_>>();
    Ok(cents)
}

#[tokio::test]
async fn a_map_keeps_the_order_of_its_items() {
    let run = all_is_well().run(thumbs, vec![]).await;
    assert_eq!(run.assert_succeeded(), &Vec::<u32>::new());
    run.assert_path(["map trips"]);
    let run = all_is_well().run(thumbs, vec![trip(4)]).await;
    assert_eq!(run.assert_succeeded(), &vec![200]);
    // The first takes longest; at most two run at once.
    let mut number = 0;
    let env = all_is_well().mock(hotels, move |(_, nights): (String, u32)| {
        number += 1;
        after(secs(if number == 1 { 5 } else { 2 }), Ok(Price { cents: nights }))
    });
    let run = env.run(thumbs, (1..=4).map(trip).collect()).await;
    assert_eq!(run.assert_succeeded(), &vec![1, 2, 3, 4]);
    assert_eq!(at(&run), [("hotels", 0), ("hotels", 0), ("hotels", 2), ("hotels", 4)]);
    assert_eq!(run.elapsed(), secs(6));
}

#[tokio::test]
async fn a_failed_iteration_stops_the_others() {
    let env = all_is_well().mock(hotels, |(_, nights): (String, u32)| match nights {
        3 => after(secs(1), Err(PayError::Declined { reason: "full".into() })),
        _ => after(secs(2), Ok(Price { cents: nights })),
    });
    let run = env.run(thumbs, (1..=9).map(trip).collect()).await;
    run.assert_failed("CardDeclined").assert_calls(hotels, 4);
    assert_eq!(run.elapsed(), secs(3));
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Tour {
    name: String,
    limit: usize,
    days: Vec<Vec<Trip>>,
}

#[state_machine]
async fn tour(tour: Tour) -> Result<Vec<Vec<String>>, Error> {
    let prefix = say(tour.name).await?;
    map(tour.days)
        .concurrency(tour.limit)
        .each(|day, trips| async move {
            if trips.is_empty() {
                sleep(secs(1)).await;
                return_nothing(day).await
            } else {
                let texts = map(trips)
                    .each(|Trip { city, nights }| async {
                        let (sky, _) = try_join!(weather(city), say(prefix))?;
                        if nights > 9 {
                            fail!("TooLong", "{nights} nights");
                        }
                        Ok(format!("{prefix} {day} {sky}"))
                    })
                    .await?;
                Ok(texts)
            }
        })
        .await
}

#[task(lambda = "ReturnNothing")]
async fn return_nothing(day: usize) -> Result<Vec<String>, Error>;

#[tokio::test]
async fn maps_in_maps() {
    let nothing = || all_is_well().mock(return_nothing, |_| Ok(vec![]));
    let tour_of = |days: Vec<Vec<Trip>>| Tour { name: "t".into(), limit: 1, days };
    let run = nothing().run(tour, tour_of(vec![])).await;
    assert_eq!(run.assert_succeeded(), &Vec::<Vec<String>>::new());
    let run = nothing().run(tour, tour_of(vec![vec![], vec![trip(1)], vec![]])).await;
    let oslo = "<t> 1 rain in Oslo".to_string();
    assert_eq!(run.assert_succeeded(), &vec![vec![], vec![oslo], vec![]]);
    assert_eq!(run.elapsed(), secs(2));
    let run = nothing().run(tour, tour_of(vec![vec![trip(1), trip(10), trip(2)]])).await;
    run.assert_failed("TooLong");
}

#[state_machine]
async fn captured_input(tour: Tour) -> Result<Vec<String>, Error> {
    let all = map(tour.days[0]).each(|trip| say(format!("{} {}", tour.name, trip.city))).await?;
    Ok(all)
}

#[tokio::test]
async fn an_iteration_reads_what_is_around_it() {
    let tour = Tour { name: "t".into(), limit: 1, days: vec![vec![trip(1), trip(2)]] };
    let run = all_is_well().run(captured_input, tour.clone()).await;
    assert_eq!(run.assert_succeeded(), &vec!["<t Oslo>".to_string(), "<t Oslo>".to_string()]);
    let run = all_is_well().run(captured_input, Tour { days: vec![], ..tour }).await;
    run.assert_failed("States.QueryEvaluationError");
}

// Any timing

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Each call takes 0 to 3 seconds, and one in eight fails.
fn by_chance(seed: u64) -> Env {
    let chance = |salt: u64| {
        let mut numbers = Numbers(seed.wrapping_mul(31).wrapping_add(salt));
        numbers.below(7);
        move || (secs(numbers.below(4)), numbers.below(8))
    };
    let (mut say_chance, mut hotels_chance, mut flights_chance, mut weather_chance) =
        (chance(1), chance(2), chance(3), chance(4));
    env()
        .mock(say, move |text| match say_chance() {
            (delay, 0) => after(delay, Err(broken(&format!("say {text}")))),
            (delay, _) => after(delay, Ok(format!("<{text}>"))),
        })
        .mock(hotels, move |(_, nights)| match hotels_chance() {
            (delay, 0) => after(delay, Err(PayError::Declined { reason: format!("{nights}") })),
            (_, 1) => after(secs(90), Ok(Price { cents: 0 })),
            (delay, _) => after(delay, Ok(Price { cents: nights })),
        })
        .mock(flights, move |trip: Trip| match flights_chance() {
            (delay, 0) => after(delay, Err(broken("flights"))),
            (delay, more) => after(delay, Ok(Price { cents: trip.nights + more as u32 })),
        })
        .mock(weather, move |city| match weather_chance() {
            (delay, 0 | 1) => after(delay, Err(Error::new("Cloudy", city))),
            (delay, _) => after(delay, Ok("sun".to_string())),
        })
        .mock(reserve, Ok)
        .mock(release, |_| Ok(()))
}

#[state_machine(timeout = "20s")]
async fn crossing(trips: Vec<Trip>) -> Result<u32, Error> {
    let kept = reserve("k".to_string()).undo(|id| release(id)).await?;
    let (prices, (sky, total)) = try_join!(
        map(trips).concurrency(3).each(|i, trip| async {
            if trip.nights > 3 {
                let (flight, text) = try_join!(flights(trip), async {
                    sleep(secs(1)).await;
                    say(format!("{i}")).retry(on!("Broken"), backoff(secs(1)).max(1)).await
                },)?;
                if text == "<2>" {
                    fail!("Two", "{kept}");
                }
                Ok(flight.cents)
            } else {
                match hotels(trip.city, trip.nights).timeout(secs(2)).await {
                    Ok(price) => Ok(price.cents),
                    Err(PayError::Slow) => {
                        sleep(secs(1)).await;
                        Ok(7)
                    }
                    Err(e) => Err(e.into()),
                }
            }
        }),
        async {
            let sky = weather(kept).retry(on!("Cloudy"), backoff(secs(1)).rate(1.0).max(2)).await.ok();
            let mut total = 0;
            for i in 0..3u32 {
                let (a, b) = try_join!(say(format!("a{i}")), async {
                    if i == 1 {
                        sleep(secs(2)).await;
                    }
                    Ok(say(format!("b{i}")).await.ok())
                })?;
                total += i;
                if b.is_none() {
                    say(a).await?;
                }
            }
            Ok((sky, total))
        },
    )?;
    let nights: u32 = prices.iter().map(|cents| *cents).sum::<u32>();
    match sky {
        Some(_) => Ok(nights + total),
        None => Ok(nights),
    }
}

#[tokio::test]
async fn whatever_takes_how_long_body_and_document_meet() {
    let (mut good, mut bad) = (0, 0);
    let runs = std::env::var("SFN_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(100);
    for seed in 0..runs {
        let nights = |index: u32| 1 + (seed as u32 + index * 3) % 5;
        let trips = (0..(seed as u32 % 6)).map(|index| trip(nights(index))).collect();
        let run = by_chance(seed).run(crossing, trips).await;
        if run.failed() { bad += 1 } else { good += 1 }
    }
    assert!(good > 10 && bad > 10, "{good} {bad}");
}

// Places where branches stand

#[state_machine]
async fn small(trip: Trip) -> Result<u32, Error> {
    let mut total = 0u32;
    let city = "Bergen".to_string();
    for round in 0..3u32 {
        let both = try_join!(async { Ok(trip.nights + round) }, async {
            if round == 2 {
                say(city).await?;
            }
            Ok(())
        })?;
        total += both.0;
    }
    let ((one,), nothing) = try_join!(async { try_join!(say(city)) }, async {
        let empty: Vec<u32> = Vec::new();
        map(empty).each(|number| async { Ok(number * 2) }).await
    },)?;
    if one == "<Oslo>" {
        total += 100;
    }
    if nothing.is_empty() {
        total += 1;
    }
    Ok(total)
}

#[state_machine]
async fn constant_branches(_: String) -> Result<(u32, bool), Error> {
    try_join!(async { Ok(5) }, async { fail!("Always", "no way") })
}

#[state_machine]
async fn numbers(count: u32) -> Result<Vec<(usize, u32)>, Error> {
    let offset = count - 1;
    map(vec![1u32, 2, 3])
        .each(|i, number| async {
            let mut sum = number;
            loop {
                sum += offset;
                if sum > 10 {
                    break;
                }
                sleep(secs(u64::from(number))).await;
            }
            Ok((i, sum))
        })
        .await
}

#[state_machine]
async fn mapped_outcomes(names: Vec<String>) -> Result<Vec<String>, Error> {
    let tidy = map(names.iter().filter(|name| !name.is_empty()).cloned().collect::<Vec<_>>())
        .each(|name| say(name))
        .await
        .ok();
    match map(tidy.unwrap_or(vec!["none".to_string()])).concurrency(1).each(|name| weather(name)).await {
        Ok(skies) => Ok(skies),
        Err(e) => {
            say("bad".to_string()).await?;
            Err(e)
        }
    }
}

#[state_machine]
async fn in_an_operand(trip: Trip) -> Result<String, Error> {
    let text = format!("{} and {}", try_join!(say(trip.city))?.0, say("x".to_string()).await?);
    Ok(text)
}

#[tokio::test]
async fn branches_stand_wherever_a_call_does() {
    let run = all_is_well().run(small, trip(2)).await;
    assert_eq!(run.assert_succeeded(), &10);
    run.assert_calls(say, 2);
    all_is_well().run(constant_branches, String::new()).await.assert_failed("Always");
    let run = all_is_well().run(numbers, 4).await;
    assert_eq!(run.assert_succeeded(), &vec![(0, 13), (1, 11), (2, 12)]);
    assert_eq!(run.elapsed(), secs(6));
    all_is_well().run(numbers, 0).await.assert_failed("States.QueryEvaluationError");
    let run = all_is_well().run(mapped_outcomes, vec!["a".into(), "".into()]).await;
    assert_eq!(run.assert_succeeded(), &vec!["rain in <a>".to_string()]);
    let env = all_is_well().mock(say, |_| Err(broken("say")));
    let run = env.run(mapped_outcomes, vec!["a".into()]).await;
    assert_eq!(run.assert_succeeded(), &vec!["rain in none".to_string()]);
    let env = all_is_well().mock(weather, |_| Err(broken("weather")));
    env.run(mapped_outcomes, vec!["a".into()]).await.assert_failed("Broken").assert_calls(say, 2);
    let run = all_is_well().run(in_an_operand, trip(1)).await;
    assert_eq!(run.assert_succeeded(), "<Oslo> and <x>");
}

/// A check inside of branches that a catcher is around ends the machine by a catcher of its own, before all others.
#[test]
fn checks_pass_the_catchers() {
    let document = with_undo::definition().unwrap().document().to_json();
    let catch = r#""Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Assign":{"err":"{% $states.errorOutput %}"},"Next":"Fail"},"#;
    assert!(document.contains(catch), "{document}");
    // Nothing inside of these can fail so.
    let document = looked_at::definition().unwrap().document().to_json();
    assert!(!document.contains("States.QueryEvaluationError"), "{document}");
}

#[state_machine]
async fn idioms(trips: Vec<Trip>) -> Result<Vec<(usize, u32)>, Error> {
    #[state("Both")]
    let (count, lists): (usize, Vec<(usize, u32)>) = try_join!(
        async {
            let count = trips.len();
            Ok::<_, Error>(count)
        },
        map(trips).each(|i: usize, mut trip: Trip| async move {
            trip.nights += 1;
            if trip.nights > 2 {
                trip.nights = hotels(trip.city, trip.nights).await?.cents;
            }
            sfn_core::try_join!(async { Ok(i) }, async { Ok::<u32, Error>(trip.nights) })
        }),
    )?;
    if count == 0 {
        say("none".to_string()).await?;
    }
    Ok(lists)
}

#[state_machine]
async fn many(count: u32) -> Result<usize, Error> {
    let mut names = Vec::new();
    for number in 0..count {
        names.push(format!("{number}"));
    }
    let said = map(names).each(|_, name| say(name)).await?;
    Ok(said.len())
}

#[tokio::test]
async fn idioms_of_rust() {
    let run = all_is_well().run(idioms, vec![trip(1), trip(2)]).await;
    assert_eq!(run.assert_succeeded(), &vec![(0, 2), (1, 150)]);
    assert_eq!(run.path()[0], "Both");
    all_is_well().run(idioms, vec![]).await.assert_calls(say, 1);
    // As many at once as AWS runs.
    let env = all_is_well().mock(say, |text| after(secs(1), Ok(text)));
    let run = env.run(many, 81).await;
    assert_eq!(run.assert_succeeded(), &81);
    assert_eq!(run.elapsed(), secs(3));
}

// What may fail before branches and in what they are given

#[state_machine]
async fn checked_before(trip: Trip) -> Result<u32, Error> {
    let less = trip.nights - 1;
    try_join!(say(trip.city), weather(trip.city))?;
    Ok(less)
}

#[state_machine]
async fn checked_for_one(trip: Trip) -> Result<u32, Error> {
    let less = trip.nights - 1;
    let (_, price) = try_join!(say(trip.city), hotels(trip.city, less))?;
    Ok(price.cents)
}

#[state_machine]
async fn checked_in_one(trip: Trip) -> Result<u32, Error> {
    let (_, price, _) = try_join!(say(trip.city), hotels(trip.city, trip.nights - 1), weather(trip.city))?;
    Ok(price.cents)
}

#[state_machine]
async fn checked_behind(trip: Trip) -> Result<u32, Error> {
    reserve(trip.city).undo(|id| release(id)).await?;
    let (text, _) = try_join!(say(trip.city), weather(trip.city))?;
    let _less = trip.nights - 1;
    say(text).await?;
    Ok(0)
}

#[state_machine]
async fn checked_items(trip: Trip) -> Result<Vec<String>, Error> {
    reserve(trip.city).undo(|id| release(id)).await?;
    map(vec![trip.nights - 1, 7]).each(|number| say(format!("{}", 10 / number))).await
}

#[tokio::test]
async fn checks_happen_where_the_body_makes_them() {
    for nights in [0, 1, 2] {
        let failed = nights == 0;
        let run = all_is_well().run(checked_before, trip(nights)).await;
        assert_eq!((run.failed(), run.calls().len()), (failed, if failed { 0 } else { 2 }));
        let run = all_is_well().run(checked_for_one, trip(nights)).await;
        assert_eq!((run.failed(), run.calls().len()), (failed, if failed { 0 } else { 2 }));
        let run = all_is_well().run(checked_in_one, trip(nights)).await;
        assert_eq!((run.failed(), run.calls().len()), (failed, if failed { 1 } else { 3 }));
        let run = all_is_well().run(checked_behind, trip(nights)).await;
        assert_eq!((run.failed(), run.calls().len()), (failed, if failed { 3 } else { 4 }));
        let run = all_is_well().run(checked_items, trip(nights)).await;
        let calls = [1, 1, 3][nights as usize];
        assert_eq!((run.failed(), run.calls().len()), (nights < 2, calls), "{nights}");
        run.assert_calls(release, 0);
    }
}
