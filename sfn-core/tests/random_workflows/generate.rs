//! Random workflows that rustc accepts: what is in scope, and how a function comes together.

mod expression;
mod statement;

use super::source::{Statement, Workflow};

/// Random numbers that a seed decides.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// The types that values of a workflow have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Bool,
    Byte,
    Number,
    Signed,
    Wide,
    Index,
    Text,
    MaybeText,
    MaybeNumber,
    MaybeLine,
    Line,
    Lines,
    Texts,
    Numbers,
    Order,
    Command,
    Job,
    Event,
    Color,
    Pair,
}

use Kind::*;

const KINDS: &[Kind] = &[
    Bool,
    Bool,
    Byte,
    Number,
    Number,
    Number,
    Signed,
    Wide,
    Index,
    Text,
    Text,
    Text,
    MaybeText,
    MaybeNumber,
    MaybeLine,
    Line,
    Lines,
    Texts,
    Numbers,
    Order,
    Command,
    Job,
    Event,
    Color,
    Pair,
];

impl Kind {
    fn rust(self) -> &'static str {
        match self {
            Bool => "bool",
            Byte => "u8",
            Number => "u32",
            Signed => "i32",
            Wide => "u64",
            Index => "usize",
            Text => "String",
            MaybeText => "Option<String>",
            MaybeNumber => "Option<u32>",
            MaybeLine => "Option<Line>",
            Line => "Line",
            Lines => "Vec<Line>",
            Texts => "Vec<String>",
            Numbers => "Vec<u32>",
            Order => "Order",
            Command => "Command",
            Job => "Job",
            Event => "Event",
            Color => "Color",
            Pair => "(u32, String)",
        }
    }
}

/// The error types of tasks and workflows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failure {
    Plain,
    Pay,
    Stock,
}

impl Failure {
    fn rust(self) -> &'static str {
        match self {
            Failure::Plain => "Error",
            Failure::Pay => "PayError",
            Failure::Stock => "StockError",
        }
    }
}

/// A task of the palette.
struct Task {
    name: &'static str,
    parameters: &'static [Kind],
    /// `None` for `()`.
    output: Option<Kind>,
    failure: Failure,
}

const TASKS: &[Task] = &[
    Task { name: "say", parameters: &[Text], output: Some(Text), failure: Failure::Plain },
    Task { name: "check", parameters: &[Text, Number], output: Some(Bool), failure: Failure::Plain },
    Task { name: "charge", parameters: &[Text], output: Some(Text), failure: Failure::Pay },
    Task { name: "stock", parameters: &[Number], output: Some(Number), failure: Failure::Stock },
    Task { name: "refund", parameters: &[Text], output: None, failure: Failure::Plain },
    Task { name: "poll", parameters: &[Text], output: Some(Job), failure: Failure::Plain },
    Task { name: "find", parameters: &[Text], output: Some(MaybeLine), failure: Failure::Plain },
    Task { name: "lines_of", parameters: &[Number], output: Some(Lines), failure: Failure::Plain },
    Task { name: "next", parameters: &[Number], output: Some(Command), failure: Failure::Pay },
    Task { name: "watch", parameters: &[Color], output: Some(Event), failure: Failure::Plain },
    Task { name: "pair", parameters: &[Line], output: Some(Pair), failure: Failure::Stock },
];

/// A value that an expression can read.
#[derive(Clone)]
struct Place {
    /// The name, or how a closure reads its parameter.
    code: String,
    kind: Kind,
    mutable: bool,
}

/// A loop or a labelled block around what is generated.
#[derive(Clone)]
struct Target {
    label: Option<String>,
    is_loop: bool,
    /// What `break` gives.
    value: Option<Kind>,
    /// Whether `break` without a value may stand here.
    breaks: bool,
}

/// Makes one workflow.
pub(super) struct Generator {
    random: Random,
    scope: Vec<Place>,
    targets: Vec<Target>,
    failure: Failure,
    output: Kind,
    /// How many names were made.
    names: usize,
    /// How many statements may still be made.
    budget: usize,
    /// Branches and loops around what is generated.
    depth: usize,
    /// Whether something may be awaited in an expression.
    awaits: bool,
}

/// Names that mean something in JSONata, in documents or in the generated code of the macro.
const NAMES: &[&str] = &[
    "text", "count", "sum", "i", "it", "err", "input", "states", "result", "order", "value", "payload", "undo",
    "string", "r#type", "say", "x", "item", "init", "map",
];

impl Generator {
    /// The workflow that the seed decides.
    pub(super) fn workflow(seed: u64) -> Workflow {
        let mut generator = Generator {
            random: Random(seed),
            scope: Vec::new(),
            targets: Vec::new(),
            failure: Failure::Plain,
            output: Bool,
            names: 0,
            budget: 0,
            depth: 0,
            awaits: true,
        };
        generator.function()
    }

    fn function(&mut self) -> Workflow {
        let input = self.pick(&[Order, Order, Order, Order, Text, Number, Lines, Command, Pair, MaybeLine]);
        self.output = self.pick(KINDS);
        self.failure = self.pick(&[Failure::Plain, Failure::Plain, Failure::Pay, Failure::Stock]);
        self.budget = 4 + self.below(18);
        let name = self.name();
        let signature = format!(
            "pub async fn workflow({name}: {}) -> Result<{}, {}>",
            input.rust(),
            self.output.rust(),
            self.failure.rust()
        );
        self.scope.push(Place { code: name, kind: input, mutable: false });
        let mut body = Vec::new();
        if !self.statements(8, &mut body) {
            body.push(self.result());
        }
        Workflow { signature, body }
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.random.next() % limit as u64) as usize
    }

    /// True once in so many times.
    fn rarely(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A name for something new; one that is in scope already may be taken again.
    fn name(&mut self) -> String {
        self.names += 1;
        match self.below(3) {
            0 => {
                let name = self.pick(NAMES);
                // A task that is shadowed could not be called.
                if TASKS.iter().any(|task| task.name == name) { format!("{name}_") } else { name.to_owned() }
            }
            _ => format!("v{}", self.names),
        }
    }

    /// Brings a name into scope, where it hides another.
    fn bind(&mut self, name: &str, kind: Kind, mutable: bool) {
        self.scope.retain(|place| !reads(&place.code, name));
        self.scope.push(Place { code: name.to_owned(), kind, mutable });
    }

    /// What `make` gives, with what came into scope gone again.
    fn scoped<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.scope.clone();
        let made = make(self);
        self.scope = outer;
        made
    }

    /// The statements of a block around which `make` brings names into scope.
    fn block(&mut self, limit: usize) -> (Vec<Statement>, bool) {
        let mut block = Vec::new();
        self.depth += 1;
        let ended = self.scoped(|generator| generator.statements(limit, &mut block));
        self.depth -= 1;
        (block, ended)
    }
}

/// True when the code is of the variable with this name.
fn reads(code: &str, name: &str) -> bool {
    code.trim_matches(['(', ')', '*']) == name
}
