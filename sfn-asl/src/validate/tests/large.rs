//! Definitions as long as AWS takes them, made to be slow: each is judged within seconds, debug builds included.

use std::time::{Duration, Instant};

use super::*;

#[track_caller]
fn judged_in_time(what: &str, text: &str) {
    assert!(text.len() <= limits::LONGEST_DEFINITION, "{what}: {}", text.len());
    let begin = Instant::now();
    let findings = check(text, &Options::default());
    let time = begin.elapsed();
    assert!(time < Duration::from_secs(20), "{what}: {time:?}, {} findings", findings.len());
    assert!(!findings.iter().any(|finding| finding.code == crate::diagnostic::Code::InvalidJsonDescription), "{what}");
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(",")
}

#[test]
fn long_definitions_are_judged_in_time() {
    let jsonata = |states: String| format!(r#"{{"StartAt":"s0","QueryLanguage":"JSONata","States":{{{states}}}}}"#);
    let variables = (0..110_000).map(|at| format!("$v{at}")).collect::<Vec<_>>().join("+");
    judged_in_time(
        "variables",
        &jsonata(format!(r#""s0":{{"Type":"Pass","Output":"{{% {variables} %}}","End":true}}"#)),
    );
    let calls = (0..80_000).map(|at| format!("$f{at}()")).collect::<Vec<_>>().join(",");
    judged_in_time("calls", &jsonata(format!(r#""s0":{{"Type":"Pass","Output":"{{% [{calls}] %}}","End":true}}"#)));
    let paths = many(40_000, |at| format!(r#""k{at}.$":"$v{at}""#));
    judged_in_time("paths", &pass(&format!(r#""Parameters":{{{paths}}}"#)));
    let chain = |fields: &dyn Fn(usize) -> String, count: usize| {
        many(count, |at| {
            let next = if at + 1 == count { r#""End":true"#.to_owned() } else { format!(r#""Next":"s{}""#, at + 1) };
            format!(r#""s{at}":{{"Type":"Pass",{}{next}}}"#, fields(at))
        })
    };
    judged_in_time(
        "assignments",
        &jsonata(chain(&|at| format!(r#""Assign":{{"v{at}":"{{% $v{} %}}"}},"#, at / 2), 12_000)),
    );
    judged_in_time("a chain", &jsonata(chain(&|_| String::new(), 24_000)));
    let rules = many(12_000, |at| format!(r#"{{"Variable":"$.a","NumericEquals":{at},"Next":"D"}}"#));
    judged_in_time("rules", &choice(&rules));
    let nested = many(300, |_| {
        let tests = many(60, |at| format!(r#"{{"Variable":"$.a","NumericEquals":{at}}}"#));
        format!(r#"{{"Or":[{tests}],"Next":"D"}}"#)
    });
    judged_in_time("rules of rules", &choice(&nested));
    let errors = many(20_000, |at| format!(r#"{{"ErrorEquals":["E{at}"],"Next":"S"}}"#));
    judged_in_time("catchers", &task(&format!(r#""Catch":[{errors}]"#)));
    let ways = many(2_000, |from| {
        let rules = many(8, |at| {
            format!(r#"{{"Condition":true,"Assign":{{"v{from}":1}},"Next":"s{}"}}"#, (from * 7 + at * 131) % 2_000)
        });
        format!(r#""s{from}":{{"Type":"Choice","Choices":[{rules}],"Default":"e"}}"#)
    });
    judged_in_time("ways", &jsonata(format!(r#"{ways},"e":{{"Type":"Succeed"}}"#)));
}
