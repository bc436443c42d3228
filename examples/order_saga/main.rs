//! An order saga: stock is reserved, a card charged, a parcel sent; when a step fails, those before it are undone.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use serde::{Deserialize, Serialize};
use sfn::asl::Value;
use sfn::executor::{ExecutionError, Executor};
use sfn::history::HistoryEvent;
use sfn::{SfnData, SfnError, state_machine, task};
use sfn_core as sfn;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: String,
    items: Vec<Item>,
    total_cents: u32,
    address: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Item {
    sku: String,
    quantity: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Reservation {
    reservation_id: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Charge {
    order_id: String,
    cents: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Payment {
    payment_id: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Shipment {
    tracking: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    order_id: String,
    payment_id: String,
    tracking: String,
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum PayError {
    #[sfn(name = "CardDeclined")]
    Declined { reason: String },
    #[sfn(timeout)]
    Timeout,
    #[sfn(other)]
    Other(sfn::Error),
}

#[task(lambda = "ReserveStock", timeout = "30s")]
async fn reserve_stock(order_id: String, items: Vec<Item>) -> Result<Reservation, sfn::Error>;

#[task(lambda = "ChargeCard", timeout = "30s")]
async fn charge_card(req: Charge) -> Result<Payment, PayError>;

#[task(lambda = "ShipOrder", timeout = "30s")]
async fn ship_order(order_id: String, address: String) -> Result<Shipment, sfn::Error>;

#[task(lambda = "RefundCard")]
async fn refund_card(payment_id: String) -> Result<(), sfn::Error>;

#[task(lambda = "ReleaseStock")]
async fn release_stock(reservation_id: String) -> Result<(), sfn::Error>;

#[state_machine(timeout = "1h")]
async fn order_saga(order: Order) -> Result<Receipt, sfn::Error> {
    let res = reserve_stock(order.order_id, order.items).undo(|r| release_stock(r.reservation_id)).await?;
    let pay = charge_card(Charge { order_id: order.order_id, cents: order.total_cents })
        .undo(|p| refund_card(p.payment_id))
        .await?;
    let ship = ship_order(order.order_id, order.address).await?;
    Ok(Receipt { order_id: order.order_id, payment_id: pay.payment_id, tracking: ship.tracking })
}

sfn::golden!(order_saga, "order_saga.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", order_saga::definition()?.to_json_pretty());
    for card in ["a good card", "a declined card"] {
        println!("\n{card}");
        run(card == "a good card").await?;
    }
    Ok(())
}

/// Runs the document in this process; the functions below do the work of the Lambda functions.
async fn run(card_is_good: bool) -> Result<(), Box<dyn std::error::Error>> {
    let executor = Executor::builder()
        .task(reserve_stock, |(order_id, _items), _| async move {
            Ok(Reservation { reservation_id: format!("reservation-of-{order_id}") })
        })
        .task(charge_card, move |charge: Charge, _| async move {
            match card_is_good {
                true => Ok(Payment { payment_id: format!("payment-of-{}", charge.order_id) }),
                false => Err(PayError::Declined { reason: format!("{} cents are too much", charge.cents) }),
            }
        })
        .task(ship_order, |(order_id, _address), _| async move {
            Ok(Shipment { tracking: format!("parcel-of-{order_id}") })
        })
        .task(refund_card, |_payment_id, _| async { Ok(()) })
        .task(release_stock, |_reservation_id, _| async { Ok(()) })
        .build();
    let execution = executor.start(order_saga, order()).await?;
    execution.ended().await;
    for event in execution.history() {
        if let Some(line) = line(&event) {
            println!("  {line}");
        }
    }
    match execution.result().await {
        Ok(receipt) => println!("SUCCEEDED {}", serde_json::to_string(&receipt)?),
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
        "TaskTimedOut" => Some("  timed out".to_owned()),
        _ => None,
    }
}

fn order() -> Order {
    Order {
        order_id: "o-1".to_owned(),
        items: vec![Item { sku: "teapot".to_owned(), quantity: 1 }],
        total_cents: 4_500,
        address: "1 Main Street".to_owned(),
    }
}

#[cfg(test)]
mod tests;
