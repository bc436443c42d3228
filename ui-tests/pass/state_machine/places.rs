//! Machines and tasks in modules, in functions, behind aliases; types that are generic, boxed or of one field.
#![deny(warnings)]
#![allow(dead_code)]

use sfn_core as sfn;

mod tasks {
    use sfn_core::prelude::*;

    /// Says hello.
    #[task(lambda = "Greet")]
    pub async fn greet(name: String) -> Result<Greeting, Error> {
        Ok(Greeting { text: format!("hello {name}") })
    }

    #[derive(SfnData, serde::Serialize, serde::Deserialize, Clone)]
    pub struct Greeting {
        pub text: String,
    }
}

use sfn::prelude::*;

#[derive(SfnData, serde::Serialize, serde::Deserialize, Clone)]
struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Page<T>>>,
}

#[derive(SfnData, serde::Serialize, serde::Deserialize, Clone)]
struct Id(String);

#[derive(SfnData, serde::Serialize, serde::Deserialize, Clone)]
struct Marker;

type Outcome<T> = Result<T, sfn::Error>;

/// A machine with a word about it.
#[state_machine]
async fn aliased(page: Page<Id>) -> Outcome<tasks::Greeting> {
    let _items = page.items;
    let id: Id = Id { 0: "x".to_string() };
    let name = id.0;
    let greeting = tasks::greet(name).await?;
    #[allow(unused_variables)]
    let unused = (greeting.text, Marker, -1.5, true);
    return Ok(greeting);
}

fn main() {
    #[state_machine(timeout = "2d")]
    async fn local(_: ()) -> Result<(), sfn::Error> {
        Ok(())
    }
    local::definition().unwrap();
    aliased::definition().unwrap();
}
