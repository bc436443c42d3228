//! What expressions mean: random typed expressions over random values, Rust's result against that of the JSONata which
//! they become. `SFN_PAIRS=100000` tries so many instead of 5,000, `SFN_SEED` begins elsewhere.

mod generate;
mod interpret;

use std::collections::HashMap;

use sfn_asl::Value;
use sfn_asl::query::jsonata;
use sfn_asl::query::{Budget, Random};
use sfn_asl::value::Number;

use super::{Builder, Typed};
use crate::data::Schema;
use crate::lower::expression::{Expression, Variable};
use crate::lower::syntax::{self, Binding};
use crate::lower::witness::{Site, Witness};
use generate::Generator;
use interpret::Interpreter;

/// The types of the generated expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    U8,
    U32,
    I32,
    U64,
    Usize,
    F64,
    Bool,
    Text,
    MaybeNumber,
    MaybeIndex,
    MaybeText,
    Numbers,
    Signed,
    Texts,
    Nested,
    MaybeLists,
}

const KINDS: [Kind; 16] = [
    Kind::U8,
    Kind::U32,
    Kind::I32,
    Kind::U64,
    Kind::Usize,
    Kind::F64,
    Kind::Bool,
    Kind::Text,
    Kind::MaybeNumber,
    Kind::MaybeIndex,
    Kind::MaybeText,
    Kind::Numbers,
    Kind::Signed,
    Kind::Texts,
    Kind::Nested,
    Kind::MaybeLists,
];

impl Kind {
    /// Tells the witness that a site has this type.
    fn witness(self, witness: &mut Witness, site: usize) {
        match self {
            Kind::U8 => witness.data::<u8>(site, Site::new()),
            Kind::U32 => witness.data::<u32>(site, Site::new()),
            Kind::I32 => witness.data::<i32>(site, Site::new()),
            Kind::U64 => witness.data::<u64>(site, Site::new()),
            Kind::Usize => witness.data::<usize>(site, Site::new()),
            Kind::F64 => witness.data::<f64>(site, Site::new()),
            Kind::Bool => witness.data::<bool>(site, Site::new()),
            Kind::Text => witness.data::<String>(site, Site::new()),
            Kind::MaybeNumber => witness.data::<Option<u32>>(site, Site::new()),
            Kind::MaybeIndex => witness.data::<Option<usize>>(site, Site::new()),
            Kind::MaybeText => witness.data::<Option<String>>(site, Site::new()),
            Kind::Numbers => witness.data::<Vec<u32>>(site, Site::new()),
            Kind::Signed => witness.data::<Vec<i32>>(site, Site::new()),
            Kind::Texts => witness.data::<Vec<String>>(site, Site::new()),
            Kind::Nested => witness.data::<Vec<Vec<u32>>>(site, Site::new()),
            Kind::MaybeLists => witness.data::<Vec<Option<Vec<u32>>>>(site, Site::new()),
        }
    }

    fn schema(self) -> Schema {
        let mut witness = Witness::new();
        self.witness(&mut witness, 0);
        witness.type_at(0).cloned().unwrap()
    }
}

/// A value of a [`Kind`]. Whole numbers carry the name of their type.
#[derive(Clone, Debug, PartialEq)]
enum Datum {
    Whole(i128, &'static str),
    Float(f64),
    Bool(bool),
    Text(String),
    Maybe(Option<Box<Datum>>),
    List(Vec<Datum>),
}

impl Datum {
    fn value(&self) -> Value {
        match self {
            Datum::Whole(number, _) => Value::from(i64::try_from(*number).unwrap()),
            Datum::Float(number) => Value::Number(Number::from_f64(*number).unwrap()),
            Datum::Bool(truth) => Value::from(*truth),
            Datum::Text(text) => Value::from(text.as_str()),
            Datum::Maybe(None) => Value::Null,
            Datum::Maybe(Some(datum)) => datum.value(),
            Datum::List(items) => Value::array(items.iter().map(Datum::value)),
        }
    }
}

const NOTHING: syntax::Function = syntax::Function {
    name: "generated",
    parameter: None,
    body: syntax::Block { statements: &[], tail: None, tail_name: None },
    timeout_seconds: None,
    assigned: &[],
};

/// How many random values an expression is tried with.
const TRIES: usize = 4;

#[test]
fn expressions_mean_in_jsonata_what_they_mean_in_rust() {
    let number =
        |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (pairs, seed) = (number("SFN_PAIRS", 5_000), number("SFN_SEED", 1));
    let mut failed = 0;
    for round in 0..pairs.div_ceil(TRIES as u64) {
        let mut generator = Generator::new(seed.wrapping_mul(0x1_0000_0000).wrapping_add(round));
        let kind = KINDS[generator.below(KINDS.len())];
        let depth = 1 + generator.below(4);
        let expression = generator.expression(kind, depth);
        let (text, typed) = lowered(&generator, expression);
        let parsed = jsonata::Expression::parse(&text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        for _ in 0..TRIES {
            let values = generator.values();
            let rust = Interpreter::new(&generator, &values).run(expression).map(|datum| datum.value());
            let found = evaluated(&parsed, &values);
            assert_eq!(found, rust, "seed {seed}, round {round}\n{text}\n{values:?}\n{expression:?}");
            if rust.is_err() {
                assert!(typed.expression.is_fallible(), "{text}");
                failed += 1;
            }
        }
    }
    // Both ways of ending are tried.
    assert!(failed > pairs / 50 && failed < pairs, "{failed} of {pairs} fail");
}

fn lowered(generator: &Generator, expression: &'static syntax::Expression) -> (String, Typed) {
    let mut builder = Builder::new(&NOTHING, &generator.witness);
    // As inside of a closure: a branch is an expression.
    builder.pure = 1;
    let mut names = HashMap::new();
    for (local, kind) in KINDS.iter().enumerate() {
        let variable = Variable(local);
        names.insert(variable, NAMES[local].to_owned());
        let typed = Typed { expression: Expression::Variable(variable), schema: kind.schema() };
        builder.bind(Binding { local, name: NAMES[local] }, typed);
    }
    let typed = builder.value(expression, None).unwrap_or_else(|error| panic!("{error}: {expression:?}"));
    (typed.expression.text(&names), typed)
}

/// The names of the variables, one a kind; some are those that the printer likes for its own.
const NAMES: [&str; 16] = ["a", "r", "x", "o", "i", "f", "truth", "s", "d", "q", "n", "l", "e", "p", "nested", "lists"];

fn evaluated(expression: &jsonata::Expression, values: &[Datum]) -> Result<Value, String> {
    let variables = |name: &str| {
        let local = NAMES.iter().position(|known| *known == name)?;
        Some(values[local].value())
    };
    match expression.evaluate_data(None, &variables, 0, &Random::new(0), &Budget::default()) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err("undefined".to_owned()),
        Err(error) if error.code == Some("D3137") => Err(error.message),
        Err(error) => Err(format!("{error:?}")),
    }
}
