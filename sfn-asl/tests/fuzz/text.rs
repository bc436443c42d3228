//! Random JSON values.

use super::random::Random;

/// A JSON value of a few levels.
pub(crate) fn json(random: &mut Random, depth: usize) -> String {
    let scalars = [
        "null",
        "true",
        "false",
        "0",
        "1",
        "-1",
        "2.5",
        "1e3",
        "1e400",
        "9007199254740993",
        "\"\"",
        "\"x\"",
        "\"$.a\"",
        "\"2020-01-01T00:00:00Z\"",
        "\"ä\\ud83d\\ude00\"",
        "\"a,b\"",
        "\"1\"",
    ];
    if depth == 0 || random.once_in(3) {
        // A number beyond a double is no JSON for every reader.
        let scalar = random.pick(&scalars);
        return if scalar == "1e400" { "1e300".to_owned() } else { scalar.to_owned() };
    }
    let length = random.below(4);
    if random.once_in(2) {
        let items: Vec<String> = (0..length).map(|_| json(random, depth - 1)).collect();
        return format!("[{}]", items.join(","));
    }
    let keys = ["a", "b", "c", "items", "x.$", "Error", "a b", "", "ä"];
    let members: Vec<String> = (0..length)
        .map(|at| {
            format!(
                "\"{}{}\":{}",
                random.pick(&keys),
                if at == 0 { String::new() } else { at.to_string() },
                json(random, depth - 1)
            )
        })
        .collect();
    format!("{{{}}}", members.join(","))
}
