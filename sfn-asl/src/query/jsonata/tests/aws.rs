use super::check;

#[test]
fn partition_cuts_into_chunks() {
    check(
        "[0, 1, 2]",
        &[
            ("$partition([0], 1)", "[[0]]"),
            ("$partition([0], 5)", "[[0]]"),
            ("$partition($states.input, 2)", "[[0,1],[2]]"),
            ("$partition($states.input, 2.9)", "[[0,1],[2]]"),
            ("$partition($states.input, 1)[1]", "[1]"),
            ("$partition([], 1)", "[]"),
            ("$partition(7, 1)", "[[7]]"),
            (
                "$partition($states.input, 0)",
                "T0410: Argument 2 of function \"partition\" does not match function signature",
            ),
            ("$partition($states.input.none, 1)", "undefined"),
        ],
    );
}

#[test]
fn range_includes_both_ends() {
    check(
        "{}",
        &[
            ("$range(1, 9, 2)", "[1,3,5,7,9]"),
            ("$range(1, 8, 2)", "[1,3,5,7]"),
            ("$range(3, 1, -1)", "[3,2,1]"),
            ("$range(1.9, 2.9, 1)", "[1,2]"),
            ("$range(1, 1, 1)", "[1]"),
            ("$range(2, 1, 1)", "[]"),
            ("$range(1, 2, 0)", "T0410: Argument 3 of function \"range\" does not match function signature"),
        ],
    );
}

#[test]
fn hash_gives_hexadecimal_digits() {
    check(
        "{}",
        &[
            ("$hash('input', 'MD5')", "\"a43c1b0aa53a0c908810c06ab1ff3967\""),
            ("$hash('input', 'SHA-1')", "\"140f86aae51ab9e1cda9b4254fe98a74eb54c1a1\""),
            ("$length($hash('input', 'SHA-256'))", "64"),
            ("$length($hash('input', 'SHA-384'))", "96"),
            ("$length($hash('input', 'SHA-512'))", "128"),
            ("$hash('input', 'sha256')", "T0410: Argument 2 of function \"hash\" does not match function signature"),
        ],
    );
}

#[test]
fn random_repeats_with_a_seed() {
    check(
        "{}",
        &[
            ("$random(7) = $random(7)", "true"),
            ("$random(7) = $random(8)", "false"),
            ("$random() = $random()", "false"),
            ("($r := $random(); $r >= 0 and $r < 1)", "true"),
            ("$contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)", "true"),
            ("$uuid() = $uuid()", "false"),
        ],
    );
}

#[test]
fn parse_reads_json_text() {
    check(
        "{\"text\": \"[1, 2, {\\\"a\\\": null}]\"}",
        &[
            ("$parse($states.input.text)", "[1,2,{\"a\":null}]"),
            ("$parse('true')", "true"),
            ("$parse($states.input.none)", "undefined"),
            ("$exists($parse('null'))", "true"),
            ("$eval('1')", "T1006: Attempted to invoke a non-function"),
        ],
    );
    assert!(super::evaluate("$parse('{')", &crate::value::Value::Null).is_err());
}

#[test]
fn states_is_what_the_scope_has() {
    check(
        "{\"a\": {\"b\": [1, {\"c\": 2}]}}",
        &[
            ("$states.input.a.b[1].c", "2"),
            ("$states.input.a.b", "[1,{\"c\":2}]"),
            ("$states", "{\"input\":{\"a\":{\"b\":[1,{\"c\":2}]}},\"context\":{}}"),
            ("$states.context", "{}"),
            ("$states.result", "undefined"),
            ("$keys($states)", "[\"input\",\"context\"]"),
            ("($states := {'input': 1}; $states.input)", "1"),
            ("$doesNotExist", "undefined"),
            ("$", "undefined"),
            ("[1/0]", "[\"Infinity\"]"),
            ("$millis()", "1500000000000"),
            ("$now()", "\"2017-07-14T02:40:00.000Z\""),
        ],
    );
}
