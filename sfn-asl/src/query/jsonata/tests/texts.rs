use super::check;
use crate::query::jsonata::Expression;

#[test]
fn parse_errors_have_the_librarys_text_and_their_place() {
    for (text, message, offset) in [
        ("[1, 2", "Expected \"]\" before end of expression", 5),
        ("[1 2]", "Expected \"]\", got 2", 3),
        ("$states.input[0,1]", "Expected \"]\", got \",\"", 15),
        ("'\u{e9}' & 'abc", "String literal must be terminated by a matching quote", 7),
        ("1 +", "Unexpected end of expression", 3),
        ("", "Unexpected end of expression", 0),
        ("a b", "Syntax error: \"b\"", 2),
        ("/x", "No terminating / in regular expression", 2),
        ("a ! b", "Unknown operator: \"!\"", 2),
        ("(1", "Expected \")\" before end of expression", 2),
        ("\"\\q\"", "Unsupported escape sequence: \\\"q\"", 2),
        ("function(x){1}", "Parameter 1 of function definition must be a variable name (start with $)", 9),
        (")", "The symbol \")\" cannot be used as a unary operator", 0),
    ] {
        let error = Expression::parse(text).unwrap_err();
        assert_eq!((error.message.as_str(), error.offset), (message, offset), "{text}");
    }
}

#[test]
fn evaluation_errors_have_the_librarys_text() {
    check(
        "{\"a\": \"x\", \"n\": null}",
        &[
            ("$doesNotExist(1)", "T1006: Attempted to invoke a non-function"),
            ("count([1])", "T1005: Attempted to invoke a non-function. Did you mean $count?"),
            ("$states.input.a + 1", "T2001: The left side of the \"+\" operator must evaluate to a number"),
            ("1 - $states.input.a", "T2002: The right side of the \"-\" operator must evaluate to a number"),
            ("1 < 'x'", "T2009: The values 1 and \"x\" either side of operator \"<\" must be of the same data type"),
            (
                "$states.input.n < 1",
                "T2010: The expressions either side of operator \"<\" must evaluate to numeric or string values",
            ),
            ("$uppercase(1)", "T0410: Argument 1 of function \"uppercase\" does not match function signature"),
            ("$sum(['a'])", "T0412: Argument 1 of function \"sum\" must be an array of \"numbers\""),
            ("$number('x')", "D3030: Unable to cast value to a number: \"x\""),
            ("{1: 2}", "T1003: Key in object structure must evaluate to a string; got: 1"),
            ("{'a': 1, 'a': 2}", "D1009: Multiple key definitions evaluate to same key: \"a\""),
            ("$error('gone')", "D3137: gone"),
            ("-'x'", "D1002: Cannot negate a non-numeric value: \"x\""),
            (
                "$power(10, 400)",
                "D3061: The power function has resulted in a value that cannot be represented as a JSON number: base=10, exponent=400",
            ),
            ("1 ~> 2", "T2006: The right side of the function application operator ~> must be a function"),
        ],
    );
}
