//! What the generated workflows consist of: types, tasks, mocks that answer at random, and the loop that runs them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub use serde::{Deserialize, Serialize};
pub use sfn_core::prelude::*;
use sfn_core::task::TaskError;
use sfn_core::testing::{After, Env, after, env};

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub order_id: String,
    pub paid: bool,
    pub count: u32,
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    pub lines: Vec<Line>,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Line {
    pub sku: String,
    pub count: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Command {
    Refund { cents: u32, note: Option<String> },
    Resize { w: u8, h: u8 },
    Ping,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
pub enum Job {
    Running,
    Done { url: String },
    Failed(String),
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "t", content = "c")]
pub enum Event {
    Tick,
    Moved(u32, String),
    Named(String),
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Color {
    Red,
    DarkGreen,
    Blue,
}

#[derive(SfnError, Clone, Debug, PartialEq)]
pub enum PayError {
    #[sfn(name = "CardDeclined")]
    Declined {
        reason: String,
    },
    Limit(u32),
    RateLimited,
    #[sfn(timeout)]
    Slow,
    #[sfn(other)]
    Other(Error),
}

#[derive(SfnError, Clone, Debug, PartialEq)]
pub enum StockError {
    Empty,
    Short {
        left: u32,
        note: Option<String>,
    },
    #[sfn(other)]
    Other(Error),
}

pub const NO_TEXT: Option<String> = None;
pub const NO_NUMBER: Option<u32> = None;
pub const NO_LINE: Option<Line> = None;
pub const FEW: u32 = 3;

#[task(lambda = "Say")]
pub async fn say(text: String) -> Result<String, Error>;
#[task(lambda = "Check")]
pub async fn check(text: String, count: u32) -> Result<bool, Error>;
#[task(lambda = "Charge", timeout = "30s")]
pub async fn charge(id: String) -> Result<String, PayError>;
#[task(lambda = "Stock")]
pub async fn stock(count: u32) -> Result<u32, StockError>;
#[task(lambda = "Refund")]
pub async fn refund(id: String) -> Result<(), Error>;
#[task(lambda = "Poll")]
pub async fn poll(id: String) -> Result<Job, Error>;
#[task(lambda = "Find")]
pub async fn find(text: String) -> Result<Option<Line>, Error>;
#[task(lambda = "LinesOf")]
pub async fn lines_of(count: u32) -> Result<Vec<Line>, Error>;
#[task(lambda = "Next", timeout = "1m", retry(on = ["Boom"], max = 1, interval = "1s"))]
pub async fn next(count: u32) -> Result<Command, PayError>;
#[task(lambda = "Watch")]
pub async fn watch(color: Color) -> Result<Event, Error>;
#[task(lambda = "Pair")]
pub async fn pair(line: Line) -> Result<(u32, String), StockError>;

/// Random numbers that a seed decides.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// Values of a type at random.
pub trait Arbitrary {
    fn arbitrary(random: &mut Random) -> Self;
}

impl Arbitrary for () {
    fn arbitrary(_: &mut Random) {}
}
impl Arbitrary for bool {
    fn arbitrary(random: &mut Random) -> Self {
        random.below(2) == 0
    }
}
impl Arbitrary for u8 {
    fn arbitrary(random: &mut Random) -> Self {
        [0, 1, 2, 3, 5, 255][random.below(6) as usize]
    }
}
impl Arbitrary for u32 {
    fn arbitrary(random: &mut Random) -> Self {
        [0, 1, 1, 2, 2, 3, 4, 7, 10, u32::MAX][random.below(10) as usize]
    }
}
impl Arbitrary for String {
    fn arbitrary(random: &mut Random) -> Self {
        ["", "a", "b", "ab", "a,b", " a ", "A", "{\"reason\":\"r\"}", "é😀", "null"][random.below(10) as usize].to_owned()
    }
}
impl<T: Arbitrary> Arbitrary for Option<T> {
    fn arbitrary(random: &mut Random) -> Self {
        (random.below(3) > 0).then(|| T::arbitrary(random))
    }
}
impl<T: Arbitrary> Arbitrary for Vec<T> {
    fn arbitrary(random: &mut Random) -> Self {
        let count = [0, 1, 1, 2, 3][random.below(5) as usize];
        (0..count).map(|_| T::arbitrary(random)).collect()
    }
}
impl<A: Arbitrary, B: Arbitrary> Arbitrary for (A, B) {
    fn arbitrary(random: &mut Random) -> Self {
        (A::arbitrary(random), B::arbitrary(random))
    }
}
impl Arbitrary for Line {
    fn arbitrary(random: &mut Random) -> Self {
        Line { sku: String::arbitrary(random), count: u32::arbitrary(random) }
    }
}
impl Arbitrary for Order {
    fn arbitrary(random: &mut Random) -> Self {
        Order {
            order_id: String::arbitrary(random),
            paid: bool::arbitrary(random),
            count: u32::arbitrary(random),
            note: Option::arbitrary(random),
            limit: Option::arbitrary(random),
            lines: Vec::arbitrary(random),
        }
    }
}
impl Arbitrary for Command {
    fn arbitrary(random: &mut Random) -> Self {
        match random.below(3) {
            0 => Command::Refund { cents: u32::arbitrary(random), note: Option::arbitrary(random) },
            1 => Command::Resize { w: u8::arbitrary(random), h: u8::arbitrary(random) },
            _ => Command::Ping,
        }
    }
}
impl Arbitrary for Job {
    fn arbitrary(random: &mut Random) -> Self {
        match random.below(3) {
            0 => Job::Running,
            1 => Job::Done { url: String::arbitrary(random) },
            _ => Job::Failed(String::arbitrary(random)),
        }
    }
}
impl Arbitrary for Event {
    fn arbitrary(random: &mut Random) -> Self {
        match random.below(3) {
            0 => Event::Tick,
            1 => Event::Moved(u32::arbitrary(random), String::arbitrary(random)),
            _ => Event::Named(String::arbitrary(random)),
        }
    }
}
impl Arbitrary for Color {
    fn arbitrary(random: &mut Random) -> Self {
        [Color::Red, Color::DarkGreen, Color::Blue][random.below(3) as usize].clone()
    }
}

/// An error that no enum names: of a function, of the service, or with the name of a variant and a cause that is none.
fn foreign(random: &mut Random) -> Error {
    match random.below(7) {
        0 => Error::new("Boom", "why"),
        1 => Error::new("CardDeclined", "plain text"),
        2 => Error::new("CardDeclined", "{\"reason\":5}"),
        3 => Error::new("Limit", ""),
        4 => Error::new("Short", "{}"),
        5 => Error::new("States.TaskFailed", "the service"),
        _ => Error::new("RateLimited", "{\"any\":[]}"),
    }
}

impl Arbitrary for Error {
    fn arbitrary(random: &mut Random) -> Self {
        foreign(random)
    }
}
impl Arbitrary for PayError {
    fn arbitrary(random: &mut Random) -> Self {
        match random.below(5) {
            0 => PayError::Declined { reason: String::arbitrary(random) },
            1 => PayError::Limit(u32::arbitrary(random)),
            2 => PayError::RateLimited,
            3 => PayError::Slow,
            _ => PayError::from_error(foreign(random)),
        }
    }
}
impl Arbitrary for StockError {
    fn arbitrary(random: &mut Random) -> Self {
        match random.below(3) {
            0 => StockError::Empty,
            1 => StockError::Short { left: u32::arbitrary(random), note: Option::arbitrary(random) },
            _ => StockError::from_error(foreign(random)),
        }
    }
}

/// Answers of one task; `times_out` where a call may stay without an answer.
fn script<I, O: Arbitrary, E: Arbitrary>(
    seed: u64,
    times_out: bool,
) -> impl FnMut(I) -> Option<After<Result<O, E>>> + Send + 'static {
    let mut random = Random::new(seed);
    // Some scripts fail often, some never.
    let failing = [0, 0, 1, 2, 5][random.below(5) as usize];
    move |_| {
        let delay = match random.below(12) {
            0 if times_out => return None,
            1 => Duration::from_millis(500),
            2 => Duration::from_secs(11),
            _ => Duration::ZERO,
        };
        let fails = random.below(10) < failing;
        Some(after(delay, if fails { Err(E::arbitrary(&mut random)) } else { Ok(O::arbitrary(&mut random)) }))
    }
}

/// An environment that the seed decides.
pub fn scripted(seed: u64) -> Env {
    let mut seeds = Random::new(seed);
    let mut seed = move || seeds.below(u64::MAX);
    env()
        .mock(say, script(seed(), false))
        .mock(check, script(seed(), false))
        .mock(charge, script(seed(), true))
        .mock(stock, script(seed(), false))
        .mock(refund, script(seed(), false))
        .mock(poll, script(seed(), false))
        .mock(find, script(seed(), false))
        .mock(lines_of, script(seed(), false))
        .mock(next, script(seed(), true))
        .mock(watch, script(seed(), false))
        .mock(pair, script(seed(), false))
}

/// Runs a machine on an input that the seed decides; true when it succeeded.
#[macro_export]
macro_rules! run {
    ($machine:path) => {
        |seed: u64| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime of one thread");
            let input = $crate::palette::Arbitrary::arbitrary(&mut $crate::palette::Random::new(!seed));
            !runtime.block_on($crate::palette::scripted(seed).run($machine, input)).failed()
        }
    };
}

static RUNS: AtomicU64 = AtomicU64::new(0);

/// A machine by its name.
pub type Entry = (&'static str, fn(u64) -> bool);

/// Runs every machine under the seeds `first..first + count`, which are the arguments; prints a line for each failure and one for
/// each machine.
pub fn main(machines: &'static [Entry]) {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().expect("a number"));
    let (first, count): (u64, u64) = (arguments.next().unwrap_or(0), arguments.next().unwrap_or(1));
    std::panic::set_hook(Box::new(|_| {}));
    std::thread::spawn(|| {
        let mut last = u64::MAX;
        loop {
            std::thread::sleep(Duration::from_secs(20));
            let runs = RUNS.load(Ordering::Relaxed);
            if runs == last {
                println!("HANG");
                std::process::exit(3);
            }
            last = runs;
        }
    });
    for (name, run) in machines {
        println!("BEGIN {name}");
        let mut succeeded = 0;
        let mut agree = true;
        for seed in first..first + count {
            RUNS.fetch_add(1, Ordering::Relaxed);
            match std::panic::catch_unwind(|| run(seed)) {
                Ok(success) => succeeded += u64::from(success),
                Err(panic) => {
                    let text = panic.downcast_ref::<String>().map(String::as_str);
                    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text");
                    println!("FAIL {name} {seed} {text:?}");
                    agree = false;
                    break;
                }
            }
        }
        println!("END {name} {agree} {succeeded}");
    }
}
