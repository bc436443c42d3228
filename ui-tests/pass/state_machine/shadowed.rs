//! Nothing is assumed to be in scope.
#![allow(dead_code, non_camel_case_types)]

mod std {}
mod core {}
mod alloc {}
mod serde {}
struct Option;
struct Vec;
struct Box;
struct Some;
struct String;
trait Clone {}
trait Send {}
trait Default {}
trait Future {}
trait Data {}
struct Call;
struct Site;
struct Witness;
type Result<T> = ::core::result::Result<T, ::sfn_core::Error>;

#[derive(::sfn_core::SfnData, ::serde::Serialize, ::serde::Deserialize)]
#[derive(::core::clone::Clone)]
struct Order {
    id: ::std::string::String,
    #[serde(default)]
    note: ::core::option::Option<::std::string::String>,
}

#[derive(::sfn_core::SfnError)]
enum Failed {
    Declined {
        reason: ::std::string::String,
    },
    Whole(u8),
    #[sfn(timeout)]
    Slow,
    #[sfn(other)]
    Other(::sfn_core::Error),
}

#[::sfn_core::task(lambda = "Charge", timeout = "5s", retry(on = [Failed::Declined], max = 1, cap = "1m"))]
async fn charge(
    id: ::std::string::String,
    witness: ::core::option::Option<::std::string::String>,
) -> ::core::result::Result<::std::string::String, Failed>;

#[::sfn_core::task(lambda = "Refund")]
async fn refund(run: ::std::string::String) -> Result<()> {
    let _ = run;
    Ok(())
}

#[::sfn_core::state_machine(timeout = "1h")]
async fn order_saga(input: Order) -> Result<(::std::string::String, u8)> {
    let seen = charge(input.id, input.note).undo(|value| refund(value)).await?;
    let witness = 3;
    refund(input.id).await?;
    Ok((seen, witness))
}

#[::sfn_core::state_machine]
async fn __sfn_site_0(__sfn_run: Order) -> Result<Order> {
    let __sfn_seen = __sfn_run;
    let __sfn_result = __sfn_seen;
    Ok(__sfn_result)
}

fn main() {
    order_saga::definition().unwrap();
    __sfn_site_0::definition().unwrap();
}
