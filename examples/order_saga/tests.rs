//! Body and document agree, whichever step succeeds, fails or times out.

use std::time::Duration;

use sfn::testing::{Env, after, env, hours, minutes, never, secs};

use super::*;

/// An environment in which every step succeeds.
fn all_is_well() -> Env {
    env()
        .mock(reserve_stock, |_| Ok(Reservation { reservation_id: "r1".into() }))
        .mock(charge_card, |_| Ok(Payment { payment_id: "p1".into() }))
        .mock(ship_order, |_| Ok(Shipment { tracking: "t1".into() }))
        .mock(refund_card, |payment_id| {
            assert_eq!(payment_id, "p1");
            Ok(())
        })
        .mock(release_stock, |reservation_id| {
            assert_eq!(reservation_id, "r1");
            Ok(())
        })
}

fn broken() -> sfn::Error {
    sfn::Error::new("Broken", "the service is down")
}

#[tokio::test]
async fn a_good_order_is_shipped() {
    let run = all_is_well().run(order_saga, order()).await;
    let receipt = Receipt { order_id: "o-1".into(), payment_id: "p1".into(), tracking: "t1".into() };
    assert_eq!(run.assert_succeeded(), &receipt);
    run.assert_path(["ReserveStock", "ChargeCard", "ShipOrder"]);
    assert_eq!(run.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn declined_card_releases_stock() {
    let env = all_is_well().mock(charge_card, |charge: Charge| {
        assert_eq!(charge.cents, 4_500);
        Err(PayError::Declined { reason: "limit".into() })
    });
    let run = env.run(order_saga, order()).await;
    run.assert_failed("CardDeclined").assert_calls(release_stock, 1).assert_calls(refund_card, 0).assert_path([
        "ReserveStock",
        "ChargeCard",
        "Undo ReserveStock",
        "Fail",
    ]);
    assert_eq!(run.elapsed(), secs(0));
}

#[tokio::test]
async fn each_step_may_fail() {
    let run = all_is_well().mock(reserve_stock, |_| Err(broken())).run(order_saga, order()).await;
    run.assert_failed("Broken").assert_path(["ReserveStock"]);
    let run = all_is_well().mock(charge_card, |_| Err(PayError::Other(broken()))).run(order_saga, order()).await;
    run.assert_failed("Broken").assert_path(["ReserveStock", "ChargeCard", "Undo ReserveStock", "Fail"]);
    let run = all_is_well().mock(ship_order, |_| Err(broken())).run(order_saga, order()).await;
    run.assert_failed("Broken").assert_path([
        "ReserveStock",
        "ChargeCard",
        "ShipOrder",
        "Undo ChargeCard",
        "Undo ReserveStock",
        "Fail",
    ]);
}

#[tokio::test]
async fn each_step_may_time_out() {
    let run = all_is_well().mock(reserve_stock, |_| never()).run(order_saga, order()).await;
    run.assert_failed("States.Timeout").assert_path(["ReserveStock"]);
    assert_eq!(run.elapsed(), secs(30));
    let slow = |_: Charge| after(minutes(1), Ok(Payment { payment_id: "late".into() }));
    let run = all_is_well().mock(charge_card, slow).run(order_saga, order()).await;
    run.assert_failed("States.Timeout").assert_calls(release_stock, 1);
    assert_eq!(run.elapsed(), secs(30));
    let run = all_is_well().mock(ship_order, |_| never()).run(order_saga, order()).await;
    run.assert_failed("States.Timeout").assert_calls(refund_card, 1).assert_calls(release_stock, 1);
    assert_eq!(run.elapsed(), secs(30));
}

#[tokio::test]
async fn a_compensation_that_fails_is_passed_over() {
    let run = all_is_well()
        .mock(ship_order, |_| Err(broken()))
        .mock(refund_card, |_| Err(sfn::Error::new("NoSuchPayment", "p1")))
        .run(order_saga, order())
        .await;
    run.assert_failed("Broken").assert_calls(refund_card, 1).assert_calls(release_stock, 1);
}

#[tokio::test]
async fn a_compensation_that_never_ends_meets_the_timeout_of_the_machine() {
    let env = all_is_well().mock(charge_card, |_| Err(PayError::Timeout)).mock(release_stock, |_| never());
    let run = env.run(order_saga, order()).await;
    run.assert_timed_out();
    assert_eq!(run.elapsed(), hours(1));
}

#[tokio::test]
async fn errors_of_the_lambda_service_are_retried() {
    let mut attempts = 0;
    let env = all_is_well().mock(reserve_stock, move |_| {
        attempts += 1;
        match attempts {
            1..=3 => Err(sfn::Error::new("Lambda.TooManyRequestsException", "slow down")),
            _ => Ok(Reservation { reservation_id: "r1".into() }),
        }
    });
    let run = env.run(order_saga, order()).await;
    run.assert_succeeded();
    run.assert_calls(reserve_stock, 4);
    // The upper bounds of the jitter.
    assert_eq!(run.elapsed(), secs(1 + 2 + 4));
}

#[tokio::test]
async fn the_program_runs() {
    run(true).await.unwrap();
    run(false).await.unwrap();
}
