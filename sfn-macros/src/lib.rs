//! The attributes and derives of `sfn-core`. They know tokens, nothing of types.
//!
//! Each macro goes the same way: syntax (tokens to a tree), check (all findings of a run), expand (tree to tokens), and
//! where something was found a skeleton, so that callers of what is broken stay quiet.

mod crate_path;
mod data;
mod errors;
mod failure;
mod golden;
mod meta;
mod state_machine;
mod task;

use proc_macro::TokenStream;

/// Makes a state machine of a plain `async fn`.
///
/// The body stays ordinary Rust, checked by rustc; it is also lowered to a definition in the States Language:
/// `name::definition()`. Supported are `let`, awaited task calls with `?`, `.undo(..)`, struct literals, field access,
/// literals, `return` and a final `Ok(..)`; anything else is an error at its token.
///
/// Arguments: `timeout = "1h"` for the whole execution, `crate = path` where `sfn-core` goes by a name that is not found
/// in `Cargo.toml`, `test = false` to leave out the test that checks the definition, say of a machine
/// inside of a function, where no test can stand.
///
/// ```ignore
/// #[state_machine(timeout = "1h")]
/// async fn greet(person: Person) -> Result<Greeting, sfn_core::Error> {
///     let text = compose(person.name).await?;
///     Ok(Greeting { text })
/// }
/// ```
#[proc_macro_attribute]
pub fn state_machine(arguments: TokenStream, item: TokenStream) -> TokenStream {
    state_machine::expand(arguments.into(), item.into()).into()
}

/// Makes a task of an `async fn`: a function that makes the call, and a type of the same name that describes it.
///
/// The function has no body, `;`, when the work is done elsewhere; a body is the default handler of the task. One
/// parameter is the payload itself, several are an object with their names as keys.
///
/// Arguments: `lambda = "Name"`, `timeout = "30s"`, `heartbeat = "5m"`,
/// `retry(on = ["Name", MyError::Variant], max = 3, interval = "1s", backoff = 2.0, cap = "1m", jitter)`, which may be
/// repeated and comes before the default policy, `retry = "none"` to drop that, `crate = path`.
///
/// ```ignore
/// #[task(lambda = "ChargeCard", timeout = "30s")]
/// async fn charge_card(request: Charge) -> Result<Payment, PayError>;
/// ```
#[proc_macro_attribute]
pub fn task(arguments: TokenStream, item: TokenStream) -> TokenStream {
    task::expand(arguments.into(), item.into()).into()
}

/// Makes a struct workflow data: it can be kept in a variable, passed to a task and returned.
///
/// The struct also derives `Clone`, `Serialize` and `Deserialize`; serde's `rename`, `rename_all`, `default` and
/// `skip_serializing_if = "Option::is_none"` are read, every other attribute of serde is refused at its place.
#[proc_macro_derive(SfnData, attributes(sfn, serde))]
pub fn derive_data(item: TokenStream) -> TokenStream {
    data::expand(item.into()).into()
}

/// Makes an enum the error of tasks and state machines.
///
/// A variant is known by its own name or by `#[sfn(name = "..")]`; `#[sfn(timeout)]` is a task that took too long, and
/// `#[sfn(other)]`, which every enum needs, takes all other errors in its one field of type `sfn_core::Error`. The fields
/// of a variant travel as JSON in the cause.
#[proc_macro_derive(SfnError, attributes(sfn))]
pub fn derive_error(item: TokenStream) -> TokenStream {
    failure::expand(item.into()).into()
}

/// Makes a test that keeps the document of a state machine in a file beside the source.
///
/// `golden!(order_saga, "order_saga.asl.json")` fails when the file is not what `order_saga` lowers to, and shows where
/// they part; with `SFN_UPDATE=1` in the environment it writes the file. The path is relative to the source file.
#[proc_macro]
pub fn golden(input: TokenStream) -> TokenStream {
    golden::expand(input.into()).into()
}
