//! Runs targets: a fixed number of rounds, or as long as it is told.
//!
//! `SFN_FUZZ_SECONDS` runs the targets side by side for so many seconds, `SFN_FUZZ_SEED` chooses where they begin, and
//! `SFN_FUZZ_ROUND` runs that round alone, as a finding names it. The words of the command line choose targets.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a driver reports, and looks at the clock")]

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::random::Random;

/// Longest time for one input, debug builds on a busy machine included.
const PATIENCE: Duration = Duration::from_secs(60);

/// The stack of a thread of tokio, and of `std`.
const STACK: usize = 2 << 20;

/// Something that is to survive any input.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Rounds when no time is given.
    pub(crate) rounds: u64,
    pub(crate) run: fn(&mut Case) -> Result<(), String>,
}

/// One round: where its input comes from, and where it is shown.
pub(crate) struct Case {
    pub(crate) random: Random,
    shown: Arc<Mutex<Shown>>,
}

struct Shown {
    input: String,
    round: u64,
    began: Instant,
}

impl Case {
    /// Shows the input, should it be a finding.
    pub(crate) fn input(&self, text: &str) {
        let mut shown = self.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        shown.input.clear();
        shown.input.push_str(text);
    }
}

/// How long, and from where.
#[derive(Clone, Copy)]
struct Plan {
    until: Option<Instant>,
    seed: u64,
    only: Option<u64>,
}

/// Runs the targets that the command line names, all of them if it names none.
pub(crate) fn run(targets: &[Target]) -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let chosen =
        targets.iter().filter(|target| words.is_empty() || words.iter().any(|word| target.name.contains(&**word)));
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("SFN_FUZZ_SECONDS");
    let plan = Plan {
        until: seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds)),
        seed: number("SFN_FUZZ_SEED").unwrap_or(1),
        only: number("SFN_FUZZ_ROUND"),
    };
    let mut failed = false;
    let mut running = Vec::new();
    for target in chosen {
        let started = Running::start(*target, plan);
        match plan.until {
            Some(_) => running.push(started),
            None => failed |= !started.finish(),
        }
    }
    for started in running {
        failed |= !started.finish();
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

struct Running {
    target: Target,
    thread: std::thread::JoinHandle<Result<u64, String>>,
    shown: Arc<Mutex<Shown>>,
    seed: u64,
}

impl Running {
    fn start(target: Target, plan: Plan) -> Self {
        let shown = Arc::new(Mutex::new(Shown { input: String::new(), round: 0, began: Instant::now() }));
        let own = shown.clone();
        let thread = std::thread::Builder::new()
            .name(target.name.to_owned())
            .stack_size(STACK)
            .spawn(move || rounds(target, plan, &own))
            .expect("a thread can be started");
        Running { target, thread, shown, seed: plan.seed }
    }

    /// Waits for the end; a round that hangs ends the process.
    fn finish(self) -> bool {
        while !self.thread.is_finished() {
            std::thread::sleep(Duration::from_millis(20));
            let shown = self.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if shown.began.elapsed() > PATIENCE && !self.thread.is_finished() {
                report(&self.target, self.seed, &shown, &format!("takes longer than {PATIENCE:?}"));
                std::process::exit(1);
            }
        }
        match self.thread.join() {
            Ok(Ok(rounds)) => {
                println!("fuzz {}: {rounds} rounds, no finding", self.target.name);
                true
            }
            Ok(Err(finding)) => {
                let shown = self.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                report(&self.target, self.seed, &shown, &finding);
                false
            }
            Err(_) => false,
        }
    }
}

fn report(target: &Target, seed: u64, shown: &Shown, finding: &str) {
    println!("fuzz {}: {finding}", target.name);
    println!("  again: SFN_FUZZ_SEED={seed} SFN_FUZZ_ROUND={} .. fuzz {}", shown.round, target.name);
    println!("  input: {}", shown.input);
}

fn rounds(target: Target, plan: Plan, shown: &Arc<Mutex<Shown>>) -> Result<u64, String> {
    let mut round = plan.only.unwrap_or(0);
    loop {
        {
            let mut shown = shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            shown.round = round;
            shown.began = Instant::now();
        }
        let mut case = Case { random: Random::new(plan.seed, round), shown: shown.clone() };
        match std::panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&mut case))) {
            Ok(Ok(())) => {}
            Ok(Err(finding)) => return Err(finding),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
                return Err(format!("panics: {}", text.unwrap_or("without a word")));
            }
        }
        round += 1;
        let over = match plan.until {
            _ if plan.only.is_some() => true,
            Some(until) => Instant::now() >= until,
            None => round >= target.rounds,
        };
        if over {
            return Ok(round);
        }
    }
}
