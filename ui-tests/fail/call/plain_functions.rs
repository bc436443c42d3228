use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sfn_core::{Error, SfnData, state_machine};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: String,
    price: f64,
    texts: Vec<String>,
}

impl Order {
    fn new(id: String) -> Order {
        Order { id, price: 0.0, texts: Vec::new() }
    }
}

fn uuid() -> String {
    String::new()
}

fn fixed(price: f64, digits: u32) -> String {
    format!("{price} {digits}")
}

#[state_machine]
async fn calls(order: Order) -> Result<Order, Error> {
    let id = uuid();
    let now = SystemTime::now();
    let text = fixed(order.price, 2);
    let other = Order::new(order.id);
    let list = Vec::with_capacity(3);
    let number = u8::try_from(order.texts.len());
    let character = order.texts.len().try_into();
    for letter in order.id.chars() {}
    Ok(other)
}

fn main() {}
