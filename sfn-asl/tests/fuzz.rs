//! Random inputs for what reads texts: nothing panics, hangs or answers in two ways. See `fuzz/driver.rs` for how to run it.

#[path = "fuzz/document.rs"]
mod document;
#[path = "fuzz/driver.rs"]
mod driver;
#[path = "fuzz/random.rs"]
mod random;
#[path = "fuzz/text.rs"]
mod text;
#[path = "fuzz/words.rs"]
mod words;

use std::process::ExitCode;

use driver::{Case, Target};
use sfn_asl::query::intrinsic::Intrinsic;
use sfn_asl::query::jsonata::Expression;
use sfn_asl::query::path::{Path, ReferencePath};
use sfn_asl::query::{Budget, NoEnvironment, Random, Scope};
use sfn_asl::validate::{self, MachineType, Options, Resources};
use sfn_asl::value::Value;
use sfn_asl::{Definition, Diagnostic, parse};

const TARGETS: [Target; 5] = [
    Target { name: "parse", rounds: 1_500, run: parse },
    Target { name: "validate", rounds: 600, run: validate },
    Target { name: "path", rounds: 4_000, run: path },
    Target { name: "intrinsic", rounds: 4_000, run: intrinsic },
    Target { name: "jsonata", rounds: 3_000, run: jsonata },
];

fn main() -> ExitCode {
    driver::run(&TARGETS)
}

const JSON_WORDS: [&str; 30] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "1",
    "-",
    "1e5",
    "0.5",
    "\"a\":",
    "\"States\":{",
    "\"StartAt\":\"s0\"",
    "\"Type\":\"Pass\"",
    "\"End\":true",
    "\\u12",
    "\\",
    "\n",
    "- ",
    "? ",
    "&a ",
    "*a",
    "!!str ",
    "|\n  x",
    "# c",
    "---\n",
    "${P}",
];

/// Any text: JSON, YAML, or nothing of the kind.
fn parse(case: &mut Case) -> Result<(), String> {
    let random = &mut case.random;
    let text = match random.below(4) {
        0 => words::soup(random, &JSON_WORDS, 40),
        1 => text::json(random, 5),
        _ => {
            let document = document::definition(random, true);
            words::mutated(random, &document, &JSON_WORDS, 6)
        }
    };
    case.input(&text);
    if let Ok(value) = Value::parse(&text) {
        let printed = value.to_json();
        let again = Value::parse(&printed).map_err(|error| format!("what was printed is refused: {error}"))?;
        same(&again.to_json(), &printed, "printing once more")?;
        let pretty =
            Value::parse(&value.to_json_pretty()).map_err(|error| format!("what was printed is refused: {error}"))?;
        same(&pretty.to_json(), &printed, "printing with blanks")?;
        if value.json_size() != printed.len() {
            return Err(format!("the size {} of a text of {} bytes", value.json_size(), printed.len()));
        }
    }
    definition(&text)?;
    #[cfg(feature = "yaml")]
    places(&text, &validate::check_as(&text, sfn_asl::Format::Yaml, &Options::default()))?;
    let _ = parse::parse_state(&text, &Options::default());
    Ok(())
}

/// Definitions, right and wrong: the readers agree with each other.
fn validate(case: &mut Case) -> Result<(), String> {
    let wild = !case.random.once_in(3);
    let text = document::definition(&mut case.random, wild);
    case.input(&text);
    definition(&text)?;
    let document = Value::parse(&text).map_err(|error| format!("the generator writes JSON: {error}"))?;
    for machine_type in [MachineType::Standard, MachineType::Express] {
        for resources in [Resources::AnyUri, Resources::Aws] {
            let options = Options { machine_type, resources };
            let of_text = lines(&validate::check(&text, &options));
            let mut of_value = lines(&validate::check_value(&document, &options));
            // Only a text has keys twice.
            of_value.extend(of_text.iter().filter(|line| line.starts_with("DUPLICATE_")).cloned());
            if let Some(line) = of_text.iter().find(|line| !of_value.contains(line)) {
                return Err(format!("only the text has: {line}"));
            }
        }
    }
    Ok(())
}

fn lines(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(Diagnostic::to_string).collect()
}

/// What must hold for any text that may be a definition.
fn definition(text: &str) -> Result<(), String> {
    let findings = validate::check(text, &Options::default());
    places(text, &findings)?;
    let refused = findings.iter().any(Diagnostic::is_error);
    match Definition::parse_json(text) {
        Ok(_) if refused => Err("check() has errors, parse() has none".to_owned()),
        Err(_) if !refused => Err("parse() has errors, check() has none".to_owned()),
        Err(_) => Ok(()),
        Ok(definition) => {
            let printed = definition.to_json_pretty();
            let again =
                Definition::parse_json(&printed).map_err(|error| format!("what was printed is refused: {error}"))?;
            match again.machine() == definition.machine() && again.to_json() == definition.to_json() {
                true => Ok(()),
                false => Err("what was printed reads differently".to_owned()),
            }
        }
    }
}

fn places(text: &str, findings: &[Diagnostic]) -> Result<(), String> {
    for finding in findings {
        let right = finding.range.clone().is_some_and(|range| range.start <= range.end && text.get(range).is_some());
        if !right || finding.position.is_none() {
            return Err(format!("`{finding}` stands at {:?}, {:?}", finding.range, finding.position));
        }
    }
    Ok(())
}

fn same(found: &str, expected: &str, what: &str) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what} gives {found}")) }
}

/// Runs something under a scope whose input is a random document.
fn scoped<T>(random: &mut random::Random, budget: &Budget, run: impl FnOnce(&Scope<'_>) -> T) -> T {
    let input = Value::parse(&text::json(random, 4)).expect("the generator writes JSON");
    let draws = Random::new(random.next());
    run(&Scope {
        input: &input,
        result: Some(&input),
        error_output: None,
        environment: &NoEnvironment,
        now: 1_500_000_000_000,
        random: &draws,
        budget,
    })
}

const BUDGET: Budget = Budget { steps: 200_000, depth: 200, bytes: 4 << 20 };

const PATH_WORDS: [&str; 44] = [
    "$",
    "$$",
    ".",
    "..",
    "a",
    "b",
    "c",
    "items",
    "[",
    "]",
    "['",
    "']",
    "[\"",
    "\"]",
    "*",
    "[*]",
    "[0]",
    "[-1]",
    "[1:]",
    "[:2]",
    "[:-1]",
    "[0,1]",
    "['a','b']",
    "[?(",
    ")]",
    "@",
    "@.a",
    "==",
    "!=",
    "<",
    ">=",
    "=~",
    "/a/",
    "&&",
    "||",
    "!",
    "'x'",
    "1",
    "null",
    " in ",
    ".length()",
    ".min()",
    "\\",
    "ä",
];

fn path(case: &mut Case) -> Result<(), String> {
    let random = &mut case.random;
    let start = random.pick(&["$", "$.a", "$.items[0]", "$v", "$$.x", ""]).to_owned();
    let text = start + &words::soup(random, &PATH_WORDS, 12);
    case.input(&text);
    let Ok(path) = Path::parse(&text) else { return Ok(()) };
    same(path.text(), &text, "the path's text")?;
    let reference = ReferencePath::parse(&text);
    if reference.is_ok() != path.is_reference() {
        return Err("the two readers of paths differ".to_owned());
    }
    if path.is_reference() && !path.is_definite() {
        return Err("a reference path names one place".to_owned());
    }
    scoped(&mut case.random, &BUDGET, |scope| {
        let found = path.evaluate(scope);
        if path.evaluate(scope) != found {
            return Err("the path answers in two ways".to_owned());
        }
        if let (false, Ok(found)) = (path.is_definite(), &found)
            && !text.contains('(')
            && found.as_array().is_none()
            && !text.contains("','")
        {
            return Err(format!("an indefinite path answers {found}"));
        }
        if let Ok(reference) = reference
            && let Ok(changed) = reference.inject(scope.input, Value::from("put"))
        {
            let back = reference.path().select(&changed, scope.budget);
            if back.as_ref().ok().and_then(Option::as_ref) != Some(&Value::from("put")) {
                return Err(format!("what was put in is not there: {back:?} in {changed}"));
            }
        }
        Ok(())
    })
}

const INTRINSIC_WORDS: [&str; 40] = [
    "States.Format(",
    "States.StringToJson(",
    "States.JsonToString(",
    "States.Array(",
    "States.ArrayPartition(",
    "States.ArrayContains(",
    "States.ArrayRange(",
    "States.ArrayGetItem(",
    "States.ArrayLength(",
    "States.ArrayUnique(",
    "States.Base64Encode(",
    "States.Base64Decode(",
    "States.Hash(",
    "States.JsonMerge(",
    "States.MathRandom(",
    "States.MathAdd(",
    "States.StringSplit(",
    "States.UUID()",
    ")",
    ")",
    ")",
    ",",
    ", ",
    "'{}'",
    "'a,b'",
    "'MD5'",
    "'\\\\{'",
    "'",
    "$.a",
    "$.items[*]",
    "$",
    "1",
    "-2.5",
    "1e9",
    "null",
    "true",
    "false",
    "$$.x",
    "\\'",
    "99999999999",
];

fn intrinsic(case: &mut Case) -> Result<(), String> {
    let random = &mut case.random;
    let mut text = random.pick(&INTRINSIC_WORDS[..18]).to_owned();
    for _ in 0..random.below(8) {
        text.push_str(random.pick(&INTRINSIC_WORDS));
        if random.once_in(2) {
            text.push(',');
        }
    }
    // With the brackets closed more of it gets as far as being evaluated.
    let open = text.matches('(').count().saturating_sub(text.matches(')').count());
    while text.ends_with(',') {
        text.pop();
    }
    text.push_str(&")".repeat(open));
    case.input(&text);
    let Ok(call) = Intrinsic::parse(&text) else { return Ok(()) };
    scoped(&mut case.random, &BUDGET, |scope| {
        let found = call.evaluate(scope);
        if let Ok(found) = &found
            && call.returns_text()
            && !matches!(call.name(), "States.ArrayGetItem" | "ArrayGetItem")
            && found.as_str().is_none()
        {
            return Err(format!("a function that gives a text gives {found}"));
        }
        Ok(())
    })
}

const JSONATA_WORDS: [&str; 96] = [
    "a",
    "b",
    "$states.input",
    "$states.input.a",
    "$v",
    "$",
    "$$",
    "%",
    "*",
    "**",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ",",
    ";",
    ":",
    "?",
    "?:",
    "??",
    ":=",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    "+",
    "-",
    "/",
    "&",
    "|",
    "^(",
    "@$i",
    "#$i",
    "~>",
    "..",
    " and ",
    " or ",
    " in ",
    "true",
    "null",
    "0",
    "1",
    "-1",
    "2.5",
    "1e3",
    "'x'",
    "`z`",
    "/a+/",
    "/(a|b)*c/i",
    "function($x){",
    "function($x)<n:n>{",
    "$x",
    "($x := 1; ",
    "($f := function($n){",
    "$f(",
    "$map(",
    "$filter(",
    "$reduce(",
    "$sum(",
    "$string(",
    "$count(",
    "$append(",
    "$sort(",
    "$match(",
    "$replace(",
    "$fromMillis(",
    "$toMillis(",
    "$formatNumber(",
    "$formatInteger(",
    "$parseInteger(",
    "$each(",
    "$sift(",
    "$merge(",
    "$spread(",
    "$zip(",
    "$split(",
    "$join(",
    "$substring(",
    "$pad(",
    "$round(",
    "$keys(",
    "$lookup(",
    "$partition(",
    "$range(",
    "$hash(",
    "$parse(",
    "$uuid()",
    "$random()",
    "[1..5]",
    "'#,##0.00'",
    "'[Y0001]-[M01]'",
    "1000000",
];

fn jsonata(case: &mut Case) -> Result<(), String> {
    let random = &mut case.random;
    let mut text = match random.below(3) {
        0 => {
            let start = random.pick(&document::EXPRESSIONS).replace("\\\"", "\"");
            words::mutated(random, &start, &JSONATA_WORDS, 5)
        }
        _ => words::soup(random, &JSONATA_WORDS, 16),
    };
    close(&mut text);
    case.input(&text);
    let Ok(expression) = Expression::parse(&text) else { return Ok(()) };
    let reads = expression.reads();
    if reads.variables.iter().any(|name| reads.functions.contains(name)) {
        return Err(format!("a name is a variable and a function: {reads:?}"));
    }
    scoped(&mut case.random, &BUDGET, |scope| match expression.evaluate(scope) {
        Ok(Some(value)) if value.json_size() > 64 << 20 => Err(format!("the value has {} bytes", value.json_size())),
        Ok(Some(value)) => match Value::parse(&value.to_json()) {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("the value is no JSON: {error}")),
        },
        _ => Ok(()),
    })
}

/// Closes what is open, so that more gets as far as being evaluated.
fn close(text: &mut String) {
    let mut open = Vec::new();
    for character in text.chars() {
        match character {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    for close in open.into_iter().rev() {
        text.push_str(if text.ends_with(char::is_alphanumeric) { " " } else { " 1 " });
        text.push(close);
    }
}
