use sfn_core::{Error, SfnError};

#[derive(SfnError)]
enum NoOther {
    Declined { reason: String },
}

#[derive(SfnError)]
enum Twice {
    Declined,
    #[sfn(name = "Declined")]
    Refused,
    #[sfn(timeout)]
    Slow,
    #[sfn(name = "States.Timeout")]
    Slower,
    #[sfn(other)]
    Other(Error),
    #[sfn(other)]
    Another(Error),
}

#[derive(SfnError)]
enum Shapes {
    #[sfn(timeout)]
    Slow(String),
    Pair(String, String),
    #[sfn(name = "")]
    Empty,
    #[sfn(name = "A", timeout)]
    Both,
    #[sfn(nmae = "A")]
    Typo,
    #[sfn(other)]
    Other,
}

#[derive(SfnError)]
struct NoEnum;

#[derive(SfnError)]
enum Generic<T> {
    Declined(T),
    #[sfn(other)]
    Other(Error),
}

fn main() {}
