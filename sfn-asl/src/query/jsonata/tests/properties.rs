//! Whatever is written, nothing panics.

use proptest::prelude::*;

use super::{evaluate, evaluate_within};
use crate::query::Budget;
use crate::value::Value;

fn token() -> impl Strategy<Value = String> {
    let words = [
        "a",
        "b",
        "$a",
        "$b",
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
        ">=",
        "+",
        "-",
        "/",
        "&",
        "|",
        "^",
        "^(",
        "@",
        "#",
        "@$i",
        "#$i",
        "~>",
        "..",
        "and",
        "or",
        "in",
        "true",
        "false",
        "null",
        "0",
        "1",
        "-1",
        "2.5",
        "1e3",
        "'x'",
        "\"y\"",
        "`z`",
        "/a/",
        "/(a|b)*/i",
        "λ",
        "function($x){",
        "function($x)<n:n>{",
        "$map(",
        "$filter(",
        "$reduce(",
        "$sum(",
        "$string(",
        "$states.input",
        "$states",
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
        "/*",
        "*/",
        "\u{e9}",
        "'",
        "\\",
    ];
    prop_oneof![8 => prop::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,3}"]
}

fn input() -> Value {
    r#"{"a": [1, 2, {"b": [3, {"a": "x"}]}], "b": {"a": null, "c": "2020-01-01", "d": true}, "z": [[1], [2, [3]]]}"#
        .parse()
        .unwrap()
}

const BUDGET: Budget = Budget { steps: 20_000, depth: 100, bytes: 1 << 20 };

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn token_soup_never_panics(tokens in prop::collection::vec(token(), 0..14)) {
        let _ = evaluate_within(&tokens.join(" "), &input(), &BUDGET);
    }

    #[test]
    fn closed_token_soup_never_panics(tokens in prop::collection::vec(token(), 0..12)) {
        // With the brackets closed, more of it gets as far as being evaluated.
        let mut text = tokens.join(" ");
        let mut open = Vec::new();
        for character in text.chars() {
            match character {
                '(' => open.push(')'),
                '[' => open.push(']'),
                '{' => open.push('}'),
                ')' | ']' | '}' => { open.pop(); }
                _ => {}
            }
        }
        for close in open.into_iter().rev() {
            text.push_str(if text.ends_with(char::is_alphanumeric) { " " } else { " 1 " });
            text.push(close);
        }
        let _ = evaluate_within(&text, &input(), &BUDGET);
    }

    #[test]
    fn any_arguments_are_survived(function in 0usize..200, arguments in prop::collection::vec(argument(), 0..4)) {
        let names: Vec<&str> = crate::query::jsonata::functions::names().collect();
        let text = format!("${}({})", names[function % names.len()], arguments.join(", "));
        let _ = evaluate_within(&text, &input(), &BUDGET);
    }

    #[test]
    fn pictures_are_survived(number in any::<f64>(), picture in "[-#0-9.,;%e‰a-zA-Z\\[\\]]{0,12}") {
        for call in [
            format!("$formatNumber($states.input, '{picture}')"),
            format!("$formatInteger($states.input, '{picture}')"),
            format!("$parseInteger('12', '{picture}')"),
            format!("$fromMillis($states.input, '{picture}')"),
            format!("$fromMillis($states.input, '[{picture}]')"),
            format!("$toMillis('12', '[{picture}]')"),
            format!("$toMillis($string($states.input), '{picture}')"),
        ] {
            let input = crate::value::Number::from_f64(number).map_or(Value::Null, Value::Number);
            let _ = evaluate_within(&call, &input, &BUDGET);
        }
    }

    #[test]
    fn regular_expressions_are_survived(pattern in "[-a-c0-9\\\\^$.|?*+(){}\\[\\]dwsb:=!<&~]{1,12}") {
        let _ = evaluate_within(&format!("$match('abc 123', /{pattern}/)"), &input(), &BUDGET);
    }

    #[test]
    fn whole_numbers_print_as_they_are_read(number in any::<f64>()) {
        let number = number.trunc();
        prop_assume!(number.is_finite());
        let input = Value::Number(crate::value::Number::from_f64(number).unwrap());
        let value = evaluate("$number($string($states.input))", &input).unwrap().unwrap();
        prop_assert_eq!(value.as_f64(), Some(number));
    }

    #[test]
    fn dates_come_back(millis in -30_610_224_000_000i64..250_000_000_000_000) {
        let input = Value::from(millis);
        prop_assert_eq!(evaluate("$toMillis($fromMillis($states.input))", &input), Ok(Some(input.clone())));
        let picture = "'[Y0001]-[M01]-[D01] [H01]:[m01]:[s01].[f001] [Z]'";
        let text = format!("$toMillis($fromMillis($states.input, {picture}), {picture})");
        prop_assert_eq!(evaluate(&text, &input), Ok(Some(input.clone())));
    }

    #[test]
    fn integers_come_back(number in 0u64..10_000_000_000_000, picture in prop::sample::select(vec!["#,##0", "0", "w", "W", "Ww", "a", "A", "0;o", "w;o"])) {
        let input = Value::from(number);
        let text = format!("$parseInteger($formatInteger($states.input, '{picture}'), '{picture}')");
        let back = evaluate(&text, &input).unwrap();
        prop_assert_eq!(back, Some(input));
    }

    #[test]
    fn sorting_sorts(numbers in prop::collection::vec(-100i64..100, 2..40)) {
        let input = Value::array(numbers.iter().map(|number| Value::from(*number)));
        let mut sorted = numbers;
        sorted.sort();
        let sorted = Value::array(sorted.into_iter().map(Value::from));
        for text in ["$sort($states.input)", "$states.input^($)", "$sort($states.input, function($a, $b){ $a > $b })", "$reverse($states.input^(>$))"] {
            prop_assert_eq!(evaluate(text, &input), Ok(Some(sorted.clone())));
        }
    }
}

fn argument() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "$states.input",
        "$states.input.a",
        "$states.input.z",
        "$states.input.none",
        "null",
        "true",
        "false",
        "0",
        "1",
        "-3",
        "2.5",
        "1e300",
        "-1e300",
        "1/0",
        "0/0",
        "''",
        "'x'",
        "'a,b,c'",
        "'2020-01-01'",
        "'#,##0.00'",
        "'[Y]-[M]'",
        "'0'",
        "[]",
        "{}",
        "['a', 'b']",
        "[1, 2, 3]",
        "[1, 'a', null]",
        "{'a': 1}",
        "/a/",
        "/(b)|(c)/",
        "function(){1}",
        "function($x){$x}",
        "function($x, $y){$y}",
        "function($x, $y, $z){$z}",
        "$string",
        "$sum",
        "$string(?)",
        "|a|{'x':1}|",
        "($string ~> $length)",
        "[function(){1}]",
        "{'f': $sum}",
        "'\u{1F600}\u{e9}'",
        "'%E0%A4%A'",
    ])
    .prop_map(str::to_owned)
}
