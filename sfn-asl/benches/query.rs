//! How fast paths, intrinsic functions and payload templates are read and evaluated.

use divan::{Bencher, black_box};
use sfn_asl::Value;
use sfn_asl::query::intrinsic::Intrinsic;
use sfn_asl::query::path::{Path, ReferencePath};
use sfn_asl::query::{Budget, NoEnvironment, PayloadTemplate, Random, Scope};

fn main() {
    divan::main();
}

/// An order with a hundred lines, about 10 KiB.
fn document() -> Value {
    let lines = (0..100).map(|index| {
        Value::object([
            ("sku", Value::from(format!("SKU-{index:05}"))),
            ("quantity", Value::from(index % 7)),
            ("price", Value::object([("amount", Value::from(index * 10)), ("currency", Value::from("EUR"))])),
        ])
    });
    Value::object([
        ("id", Value::from("order-1")),
        (
            "customer",
            Value::object([("name", Value::from("A")), ("address", Value::object([("city", Value::from("B"))]))]),
        ),
        ("lines", Value::array(lines)),
    ])
}

fn with_scope<T>(run: impl FnOnce(&Scope<'_>) -> T) -> T {
    let (input, random, budget) = (document(), Random::new(1), Budget::default());
    run(&Scope {
        input: &input,
        result: None,
        error_output: None,
        environment: &NoEnvironment,
        now: 0,
        random: &random,
        budget: &budget,
    })
}

const PATHS: [&str; 8] = [
    "$.id",
    "$.customer.address.city",
    "$.lines[42].price.amount",
    "$.lines[*].sku",
    "$.lines[10:20].quantity",
    "$..amount",
    "$.lines[?(@.quantity > 3 && @.price.currency == 'EUR')].sku",
    "$.lines.length()",
];

#[divan::bench(args = PATHS)]
fn path_evaluate(bencher: Bencher, text: &str) {
    let path = Path::parse(text).expect("the path is well formed");
    with_scope(|scope| bencher.bench_local(|| black_box(&path).evaluate(scope)));
}

#[divan::bench(args = PATHS)]
fn path_parse(text: &str) -> bool {
    Path::parse(black_box(text)).is_ok()
}

#[divan::bench]
fn reference_path_inject(bencher: Bencher) {
    let path = ReferencePath::parse("$.customer.address.country").expect("the path is well formed");
    with_scope(|scope| bencher.bench_local(|| path.inject(black_box(scope.input), Value::Null)));
}

#[divan::bench(args = [
    "States.Format('order {} of {}', $.id, $.customer.name)",
    "States.ArrayLength($.lines)",
    "States.JsonToString($.customer)",
    "States.ArrayUnique($.lines[*].quantity)",
])]
fn intrinsic_evaluate(bencher: Bencher, text: &str) {
    let intrinsic = Intrinsic::parse(text).expect("the call is well formed");
    with_scope(|scope| bencher.bench_local(|| black_box(&intrinsic).evaluate(scope)));
}

#[divan::bench]
fn payload_template_evaluate(bencher: Bencher) {
    let source = Value::parse(
        r#"{"FunctionName": "charge", "Payload": {"id.$": "$.id", "city.$": "$.customer.address.city",
            "note.$": "States.Format('order {}', $.id)", "fixed": {"a": [1, 2, 3]}}}"#,
    );
    let template = PayloadTemplate::parse(&source.expect("the source is JSON")).expect("the template is well formed");
    with_scope(|scope| bencher.bench_local(|| black_box(&template).evaluate(scope)));
}
