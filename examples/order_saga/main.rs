//! An order saga: stock is reserved, a card charged, a parcel sent; when a step fails, those before it are undone.

use serde::{Deserialize, Serialize};
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

fn main() {
    println!("{}", order_saga::definition().unwrap().to_json_pretty());
}
