//! No expression takes the process down: each ends in an error or a value, on the stack of an ordinary thread.

use super::{evaluate, evaluate_within};
use crate::query::Budget;
use crate::query::jsonata::{Expression, JsonataError};
use crate::value::Value;

const MEMORY: &str = "Expression evaluation memory limit exceeded: Check for excessive memory usage";
const STACK: &str =
    "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";
const STEPS: &str = "Expression evaluation step limit exceeded: Check for infinite loop";

/// Runs on a thread with the stack that threads have.
fn on_a_thread<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap()
}

fn run(text: &str, input: &Value) -> Result<Option<Value>, JsonataError> {
    let (text, input) = (text.to_owned(), input.clone());
    let started = std::time::Instant::now();
    let shown = text.chars().take(60).collect::<String>();
    let result = on_a_thread(move || evaluate(&text, &input));
    println!("{:?} {shown}", started.elapsed());
    result
}

#[test]
fn excess_ends_in_an_error() {
    let thousand =
        Value::array((0..1000).map(|index| Value::object([("a", Value::array(vec![Value::from(index); 1000]))])));
    let long = Value::from("a".repeat(200_000));
    let input = Value::object([("items", thousand), ("long", long)]);
    let mut surprises = Vec::new();
    for (text, message) in [
        ("$pad('x', 2000000000)", MEMORY),
        ("$pad('x', -2000000000, 'abc')", MEMORY),
        ("$pad('x', 1e300)", MEMORY),
        ("[1..10000000]", MEMORY),
        ("$range(1, 10000000, 1)", MEMORY),
        ("$replace($states.input.long, 'a', $states.input.long)", MEMORY),
        ("$replace($states.input.long, /a/, $states.input.long)", MEMORY),
        ("$join([1..100000].($states.input.long))", MEMORY),
        ("[1..1000].($states.input.items)", MEMORY),
        ("[1..100000].[$states.input.items]", MEMORY),
        ("($a := [1..3000]; $a.($a.($a)))", MEMORY),
        ("($a := [1..1000]; $a.$a.$a)", MEMORY),
        ("[1..2000000].$string()", MEMORY),
        ("($x := 'abcdefgh'; $f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $f($x, 40))", MEMORY),
        ("($f := function($s, $n){ $n = 0 ? $s : $f($append($s, $s), $n - 1) }; $f([1], 60))", MEMORY),
        ("($f := function($s, $n){ $n = 0 ? $s : $f({'a': $s, 'b': $s}, $n - 1) }; $string($f('x', 60)))", STEPS),
        ("($f := function($s, $n){ $n = 0 ? $s : $f({'a': $s, 'b': $s}, $n - 1) }; $count($f('x', 60).**))", MEMORY),
        ("($f := function($s, $n){ $n = 0 ? $s : $f({'a': $s, 'b': $s}, $n - 1) }; $f('x', 60) = $f('x', 60))", STEPS),
        ("($f := function($s, $n){ $n = 0 ? $s : $f([$s, $s], $n - 1) }; $f('x', 60))", MEMORY),
        ("($f := function($s, $n){ $n = 0 ? $s : $f([[$s], [$s]], $n - 1) }; $f('x', 60))", MEMORY),
        ("($f := function($s, $n){ $n = 0 ? $s : $f({'a': $s, 'b': $s, 'f': $sum}, $n - 1) }; $f('x', 60))", MEMORY),
        ("($x := [1..1000000].(0); [1..1000000][$x])", STEPS),
        ("($x := [1..1000000].(0); [1..1000].($x ? 1))", STEPS),
        ("($f := function(){ $f() }; $f())", STEPS),
        ("($f := function($n){ 1 + $f($n + 1) }; $f(0))", STACK),
        ("($f := function($n){ $map([$n], function($x){ $f($x) }) }; $f(0))", STACK),
        ("($f := function($n){ $n[$f($)] }; $f(1))", STACK),
        ("($f := function($n){ $n{'a': $f($)} }; $f(1))", STACK),
        ("($f := function($n){ ([$n, 2])^($f($)) }; $f(1))", STACK),
        ("($f := function($n){ $reduce([$n, 2], function($a, $b){ $f($a) + 1 }) }; $f(1))", STACK),
        ("($f := function($n){ $sort([$n, 2], function($a, $b){ $f($a) }) }; $f(1))", STACK),
        ("($f := function($n){ ({'x': $n} ~> |$|{'a': $f(1)}|).a }; $f(1))", STACK),
        ("($f := function($n){ $n.($f($)) }; $f(1))", STACK),
        ("($f := function($n){ [$f($n)] }; $f(1))", STACK),
        ("($f := function($n){ {'a': $f($n)} }; $f(1))", STACK),
        ("($f := function($n){ $n ~> $f() ~> $string() }; $f(1))", STACK),
        ("($f := function($n){ $replace('aa', /a/, function($m){ $f(1) }) }; $f(1))", STACK),
        ("($f := function($n){ ([1, 2])@$x.([3])#$i.($f($i)) }; $f(1))", STACK),
        ("($f := function($n){ $string($f(?)($n)) }; $f(1))", STACK),
        ("($g := function($n){ $n }; $f := function($n){ $string(($g ~> $f)($n)) }; $f(1))", STACK),
    ] {
        let result = run(text, &input).map(|value| value.map(|value| value.json_size())).map_err(|error| error.message);
        if result != Err(message.to_owned()) {
            surprises.push(format!("{text}: {result:?}"));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn patterns_that_explode_end() {
    let text = format!("{}!", "a".repeat(40));
    let input = Value::from(text);
    for pattern in ["/^(a+)+$/", "/^(a|aa)+$/", "/(a*)*b/", "/^(?=(a+)+$)a/", "/(.*)\\1\\1\\1b/", "/(x+x+)+y/"] {
        let _ = run(&format!("$contains($states.input, {pattern})"), &input);
    }
    assert!(Expression::parse(&format!("/{}/", "(a{1000}){1000}")).is_err());
    assert!(Expression::parse(&format!("/{}a/", "(".repeat(100_000))).is_err());
    let alike = Value::from("a".repeat(5_000));
    for pattern in ["/a.*b|a/", "/a(?=.*b)/", "/(a)(.*b)?/", "/(?:a?){20}b/"] {
        let _ = run(&format!("$count($match($states.input, {pattern}))"), &alike);
    }
    let many = Value::from("ab".repeat(20_000));
    for text in [
        "$count($match($states.input, /b/))",
        "$length($replace($states.input, /b/, 'cc'))",
        "$length($replace($states.input, /b/, function($m){ $m.match }))",
        "$count($split($states.input, /b/))",
    ] {
        assert!(matches!(run(text, &many), Ok(Some(_))), "{text}");
    }
}

#[test]
fn nesting_ends_in_a_syntax_error() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{'a':", "}"),
        ("-", ""),
        ("$f(", ")"),
        ("function(){", "}"),
        ("1 ? ", ""),
        ("1 ? 2 : ", ""),
        ("$a ?: ", ""),
        ("$a ?? ", ""),
        ("$a := ", ""),
        ("a[", "]"),
        ("a{'b':", "}"),
        ("|a|", "|"),
        ("a^(", ")"),
        ("a.(", ")"),
        ("1+(", ")"),
    ] {
        let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        assert!(on_a_thread(move || Expression::parse(&text).is_err()), "{open}");
    }
    for part in ["()", "[0]", "^(a)", "{'a':1}", "@$a", "#$a", "~>$f", "=1~>$f"] {
        let text = format!("$f{}", part.repeat(100_000));
        on_a_thread(move || drop(Expression::parse(&text)));
    }
}

#[test]
fn what_parses_can_be_walked() {
    // As deep as the parser lets it: evaluating, dropping and telling what it reads must do with an ordinary stack.
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{'a':", "1", "}"),
        ("-", "$x", ""),
        ("$string(", "1", ")"),
        ("(function(){", "1", "})()"),
        ("1 ? ", "1", ""),
        ("0 ? 2 : ", "1", ""),
        ("$a ?: ", "1", ""),
        ("$states.input[", "1", "]"),
        ("$states.input{'b':", "1", "}"),
        ("$states.input^(", "1", ")"),
        ("$states.input.(", "1", ")"),
        ("1+(", "1", ")"),
        ("$map([1,2],function($x){", "1", "})"),
        ("$states.input@$x.(", "1", ")"),
        ("$states.input~>|a|", "{}", "|"),
    ] {
        let parses = |count: usize| {
            let text = format!("{}{inner}{}", open.repeat(count), close.repeat(count));
            on_a_thread(move || Expression::parse(&text).is_ok())
        };
        let (mut most, mut refused) = (1, 1_000);
        while refused - most > 1 {
            let middle = (most + refused) / 2;
            if parses(middle) { most = middle } else { refused = middle }
        }
        assert!(most >= 60, "{open} {most}");
        let text = format!("{}{inner}{}", open.repeat(most), close.repeat(most));
        let budget = Budget { depth: u32::MAX, ..Budget::default() };
        let input = Value::array([Value::from(1), Value::object([("a", Value::from(2))])]);
        let _ = on_a_thread(move || evaluate_within(&text, &input, &budget));
    }
}

#[test]
fn long_chains_are_not_deep() {
    let sum = vec!["1"; 5_000].join("+");
    assert_eq!(run(&sum, &Value::Null), Ok(Some(Value::from(5_000))));
    let either = vec!["false"; 5_000].join(" or ");
    assert_eq!(run(&either, &Value::Null), Ok(Some(Value::from(false))));
    let text = vec!["'ab'"; 5_000].join("&");
    assert_eq!(run(&format!("$length({text})"), &Value::Null), Ok(Some(Value::from(10_000))));
    let path = format!("$states.input{}", ".a".repeat(50_000));
    assert_eq!(run(&path, &Value::Null), Ok(None));
    let chain = format!("1{}", " ~> $string() ~> $number()".repeat(2_000));
    assert_eq!(run(&chain, &Value::Null), Ok(Some(Value::from(1))));
}

#[test]
fn deep_values_are_ordinary() {
    let mut arrays = Value::from(1);
    let mut objects = Value::from(1);
    for _ in 0..200_000 {
        arrays = Value::array([arrays]);
        objects = Value::object([("a", objects)]);
    }
    let input = Value::object([("arrays", arrays), ("objects", objects)]);
    for text in [
        "$states.input.arrays = $states.input.arrays",
        "$count($states.input.**) > 0",
        "$count($states.input.objects.**) > 0",
        "$length($string($states.input.arrays)) > 0",
        "$length($string($states.input, true)) > 0",
        "$count($states.input.arrays.*) > 0",
        "$exists($clone($states.input))",
        "$exists($states.input ~> |a|{'b': 1}|)",
        "$exists($states.input.arrays.a) = false",
        "$boolean($states.input.arrays)",
        "$exists($distinct([$states.input.arrays, $states.input.arrays]))",
        "$exists($keys($states.input.arrays)) = false",
        "$exists($spread($states.input.arrays))",
        "$states.input.arrays in [[$states.input.arrays]]",
        "$not($exists($lookup($states.input.arrays, 'a')))",
    ] {
        let result = run(text, &input);
        assert!(
            matches!(&result, Ok(Some(Value::Bool(_)))) || result.as_ref().is_err_and(|error| error.code.is_none()),
            "{text}: {result:?}"
        );
    }
    for text in [
        "($f := function($x, $n){ $n = 0 ? $x : $f([$x], $n - 1) }; $f(1, 100000))",
        "($f := function($x, $n){ $n = 0 ? $x : $f([[$x]], $n - 1) }; $f(1, 100000))",
        "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x}, $n - 1) }; $f(1, 100000))",
        "($f := function($g, $n){ $n = 0 ? $g : $f(function(){ $g() }, $n - 1) }; $count($f(function(){1}, 100000)))",
        "($f := function($g, $n){ $n = 0 ? $g : $f([$g], $n - 1) }; $f(function(){1}, 100000))",
        "($f := function($g, $n){ $n = 0 ? $g : $f({'a': $g}, $n - 1) }; $f(function(){1}, 100000))",
        "($f := function($g, $n){ $n = 0 ? $g : $f($g ~> $string, $n - 1) }; $count($f($string, 100000)))",
        "($f := function($g, $n){ $n = 0 ? $g : $f($g(?), $n - 1) }; $count($f($string, 100000)))",
        "($f := function($g, $n){ $n = 0 ? $g : $f($g(?), $n - 1) }; $f($string, 100000)(1))",
        "($f := function($g, $n){ $n = 0 ? $g : $f($g ~> $string, $n - 1) }; $f($string, 100000)(1))",
        "($f := function($n){ ($g := function(){ $f }; $n = 0 ? 1 : $f($n - 1)) }; $f(50000))",
    ] {
        let _ = run(text, &Value::Null);
    }
}

#[test]
fn what_is_gone_does_not_count() {
    // Each makes far more on its way than the budget would hold at once.
    for (text, expected) in [
        ("$length($reduce([1..4000], function($s, $x){ $s & '0123456789abcdef' }, ''))", 64_000),
        ("$count($reduce([1..20000], function($s, $x){ $append($s, [[$x]]) }, []))", 20_000),
        ("$count($keys($reduce([1..600], function($o, $x){ $merge([$o, {'key' & $x: $x}]) }, {})))", 600),
        ("$count($reduce([1..3000], function($s, $x){ [$x, $s] }, []))", 3_000),
        (
            "($f := function($s, $n){ $n = 0 ? $length($s) : $f($s & '0123456789abcdef', $n - 1) }; $f('', 4000))",
            64_000,
        ),
        ("$sum($map([1..1000], function($x){ $count([1..10000]) }))", 10_000_000),
        ("$sum([1..1000].($f := function($x){ $count([1..3000]) }; $f(1)))", 3_000_000),
    ] {
        assert_eq!(run(text, &Value::Null), Ok(Some(Value::from(expected))), "{text}");
    }
}

#[test]
fn recursion_has_room() {
    let factorial = "($f := function($n){ $n = 0 ? 1 : $n * $f($n - 1) }; $f(60))";
    assert!(run(factorial, &Value::Null).is_ok());
    let tail = "($f := function($n, $sum){ $n = 0 ? $sum : $f($n - 1, $sum + $n) }; $f(100000, 0))";
    assert_eq!(run(tail, &Value::Null), Ok(Some(Value::from(5_000_050_000i64))));
}
