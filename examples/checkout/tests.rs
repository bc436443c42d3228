//! Body and document agree, whatever becomes of the card.

use sfn::testing::{after, never};

use super::*;

fn declined() -> Result<Payment, PayError> {
    Err(PayError::Declined { reason: "limit".into() })
}

#[tokio::test]
async fn a_good_card_is_charged() {
    let run = shop().run(pay, bill()).await;
    assert_eq!(run.assert_succeeded(), "card-b1");
    run.assert_path(["Charge"]);
}

#[tokio::test]
async fn a_declined_card_is_told_about() {
    let env = shop().mock(charge, |_| declined()).mock(notify, |text| {
        assert_eq!(text, "declined: limit");
        Ok(())
    });
    let run = env.run(pay, bill()).await;
    run.assert_failed("Declined").assert_calls(notify, 1).assert_path([
        "Charge",
        "is Declined",
        "Notify",
        "Fail Declined",
    ]);
    assert_eq!(run.result().unwrap_err(), &Ended::Failed(sfn::Error::new("Declined", r#"{"reason":"limit"}"#)));
}

/// An error of that name without the fields of the variant is some other error.
#[tokio::test]
async fn a_cause_that_is_plain_text_is_passed_on() {
    for cause in ["card declined", "{\"why\":\"limit\"}", "", "{\"reason\":5}"] {
        let other = move || Err(PayError::Other(sfn::Error::new("CardDeclined", cause)));
        let run = shop().mock(charge, move |_| other()).run(pay, bill()).await;
        run.assert_failed("CardDeclined").assert_calls(notify, 0).assert_path(["Charge", "is Declined", "Fail"]);
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_for() {
    let limited = |times: usize| {
        let mut attempts = 0;
        shop().mock(charge, move |bill: Bill| {
            attempts += 1;
            if attempts <= times { Err(PayError::RateLimited) } else { Ok(Payment { id: bill.id }) }
        })
    };
    let run = limited(3).run(pay, bill()).await;
    run.assert_succeeded();
    run.assert_calls(charge, 4);
    assert_eq!(run.elapsed(), secs(2 + 4 + 8));
    let run = limited(5).run(pay, bill()).await;
    run.assert_failed("RateLimited").assert_calls(charge, 5);
    assert_eq!(run.elapsed(), secs(2 + 4 + 8 + 10));
}

#[tokio::test]
async fn a_slow_service_is_passed_over() {
    let run = shop().mock(charge, |_| never()).run(pay, bill()).await;
    assert_eq!(run.assert_succeeded(), "backup-b1");
    run.assert_path(["Charge", "ChargeBackup"]);
    assert_eq!(run.elapsed(), secs(10));
    let late = |bill: Bill| after(secs(11), Ok(Payment { id: bill.id }));
    shop().mock(charge, late).run(pay, bill()).await.assert_succeeded();
}

#[tokio::test]
async fn other_errors_are_passed_on() {
    let broken = || sfn::Error::new("Broken", "the service is down");
    let run = shop().mock(charge, move |_| Err(PayError::Other(broken()))).run(pay, bill()).await;
    run.assert_failed("Broken").assert_path(["Charge"]);
    let run = shop().mock(charge, |_| declined()).mock(notify, move |_| Err(broken())).run(pay, bill()).await;
    run.assert_failed("Broken").assert_path(["Charge", "is Declined", "Notify"]);
    let run = shop().mock(charge, |_| never()).mock(charge_backup, move |_| Err(broken())).run(pay, bill()).await;
    run.assert_failed("Broken").assert_path(["Charge", "ChargeBackup"]);
}

#[tokio::test]
async fn the_program_runs() {
    run().await.unwrap();
}
