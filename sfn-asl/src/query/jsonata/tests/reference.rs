//! Where the reference is odd, and followed: found by the differential run.

use super::check;

#[test]
fn pictures_of_numbers() {
    check(
        "null",
        &[
            // Groups that are not regular are counted from the point, those beyond the front from the end.
            (r##"$formatNumber(1, "#,##,##0")"##, r#"",1,""#),
            (r##"$formatNumber(1000, "#,##,##0")"##, r#""10,00,""#),
            (r##"$formatNumber(12345.678, "#,#0,0.0,0#")"##, r#""12,34,5.6,7,8""#),
            (r##"$formatNumber(1234567, "#,##0")"##, r#""1,234,567""#),
            (r##"$formatNumber(-1234567.891, "#,##0.00")"##, r#""-1,234,567.89""#),
            // From 1e21 on a number has no digits but those of its text.
            (r##"$formatNumber(1e21, "0.0")"##, r#""1e+21.0""#),
        ],
    );
}

#[test]
fn texts_that_are_no_numbers_and_no_moments() {
    check(
        "null",
        &[
            (r#"$parseInteger("x", "0")"#, r#""NaN""#),
            (r#"$parseInteger("0x1F", "0")"#, "31"),
            (r#"$parseInteger("-0x1F", "0")"#, "-31"),
            (r#"$parseInteger("12abc", "0")"#, "12"),
            (r#"$toMillis("2018-02-30")"#, "1519948800000"),
            (r#"$toMillis("2018-02-32")"#, r#""NaN""#),
            (
                r#"$toMillis("2018-2-3")"#,
                "D3110: The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given \"2018-2-3\"",
            ),
            (r#"$fromMillis(1.5, "[f001]", "-0800")"#, r#""002""#),
        ],
    );
}

#[test]
fn arguments_given_piecemeal_are_not_held_against_the_signature() {
    check(
        "null",
        &[
            (r#"$map([1, "a"], $substring("abc", ?))"#, r#"["bc","abc"]"#),
            (r#"$map([[1], [2]], $substring(?, 0, 1))"#, r#"["1","2"]"#),
            (r#"$filter(["abc", 5], $contains(?, "a"))"#, r#""abc""#),
            (r#"$map([true, null], $pad(?, 5))"#, r#"["true ","null "]"#),
            // Called as it stands, a function has its signature.
            (r#"$map([1], $uppercase)"#, "T0410: Argument 1 of function \"map\" does not match function signature"),
        ],
    );
}

#[test]
fn a_pattern_looks_from_the_index_on() {
    check(
        "null",
        &[(r#"$map(["abc", "bab", "a"], /a/).match"#, r#"["a","a"]"#), (r#"$map(["b", "a"], /a/)"#, "undefined")],
    );
}

#[test]
fn lists_in_brackets_that_a_filter_made_one_value_of() {
    check(
        "null",
        &[
            (r#"[{"a": 1}][0].a"#, "undefined"),
            (r#"([{"a": 1}])[0].a"#, "1"),
            (r#"([{"a": 1}][0]).a"#, "1"),
            (r#"["ab"][0].($ & "!")"#, r#"["a!","b!"]"#),
            (r#"[{"a": 1}, {"a": 2}].a"#, "[1,2]"),
            // What such a list binds is lost, and so is a filter before the position.
            ("[10, 20]#$i.[$, $i]", "[10,20]"),
            ("[10, 20][1]#$i.($)", "[10,20]"),
            ("([10, 20])#$i.[$, $i]", "[10,0,20,1]"),
        ],
    );
}

#[test]
fn faults_of_the_right_side_of_and_and_or() {
    check(
        "null",
        &[
            (r#"true and (1 - "a")"#, "T2002: The right side of the \"and\" operator must evaluate to a number"),
            (r#"false or $uppercase(1)"#, "T0410: Argument 1 of function \"or\" does not match function signature"),
            (r#"(1 - "a") and true"#, "T2002: The right side of the \"-\" operator must evaluate to a number"),
            // The first key that comes twice is told of before a later one that is no text.
            (r#"{"a": 1, "a": 2, 3: 4}"#, "D1009: Multiple key definitions evaluate to same key: \"a\""),
            (r#"$substring("abc", $undefined, 2)"#, r#""""#),
        ],
    );
}
