use crate::query::jsonata::Expression;

/// What an expression reads, as one text: variables, members of `$states` with a dot, `.` for it as a whole, unqualified
/// names in backticks.
fn reads(text: &str) -> String {
    let expression = Expression::parse(text).unwrap();
    let reads = expression.reads();
    let members = [
        (".", reads.states),
        (".input", reads.input),
        (".result", reads.result),
        (".errorOutput", reads.error_output),
        (".context", reads.context),
    ];
    let members = members.into_iter().filter(|(_, read)| *read).map(|(name, _)| name.to_owned());
    let variables = reads.variables.iter().map(|name| name.to_string());
    let unqualified = reads.unqualified.iter().map(|(name, offset)| format!("`{name}`@{offset}"));
    variables.chain(members).chain(unqualified).collect::<Vec<_>>().join(" ")
}

#[test]
fn reads_are_told_by_the_tree() {
    for (text, expected) in [
        ("$a + $b * $a", "a b"),
        ("$states.input.x & $states.context.y", ".input .context"),
        ("$states.result", ".result"),
        ("$states.errorOutput.Cause", ".errorOutput"),
        ("$states", "."),
        ("$states.*", "."),
        ("$count($states)", "."),
        ("[$states, $states.result]", ". .result"),
        ("$states.other", ""),
        ("$count($sum)", ""),
        ("($x := 1; $x + $y)", "y"),
        ("($y := $x; $x := 1)", "x"),
        ("($x := 1) + $x", "x"),
        ("$variable := 1", ""),
        ("function($x){ $x + $y }", "y"),
        ("($f := function($n){ $n > 0 ? $f($n - 1) }; $f(3))", ""),
        ("($f := function(){ $later }; $later := 1; $f())", ""),
        ("$xs@$x.$ys[$x = id]", "xs ys"),
        ("$xs#$i[$i > 1]", "xs"),
        ("$states.input.xs#$i.($i + name)", ".input"),
        ("phone", "`phone`@0"),
        ("phone.number + $", "`phone`@0 `$`@15"),
        ("$$.a", "`$$`@0"),
        ("states.input", "`states`@0"),
        ("*", "`*`@0"),
        ("$states.input.xs[id = 1 and $ > 2].name", ".input"),
        ("$states.input.xs^(>price).{'a': name}", ".input"),
        ("$map($states.input.xs, function($v){ $v.name & other })", ".input"),
        ("{'a': name}", "`name`@6"),
        ("[$a, b]", "a `b`@5"),
        ("$states.input ~> |x|{'y': 1}|", ".input"),
        ("($x := a; $x)", "`a`@7"),
        ("'name'", ""),
    ] {
        assert_eq!(reads(text), expected, "{text}");
    }
}

#[test]
fn an_expression_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    shared(&Expression::parse("function($x){ /a/ }").unwrap());
}
