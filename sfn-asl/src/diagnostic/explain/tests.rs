use crate::diagnostic::{Code, UnknownCode};
use crate::validate::{MachineType, Options, check};

/// The examples of a page, by the first word behind `json`, with the words behind that.
fn examples(page: &str) -> Vec<(&str, Vec<&str>, String)> {
    let mut examples = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("```json ") {
        let (tags, after) = after.split_once('\n').expect("a fence ends its line");
        let (text, after) = after.split_once("\n```").expect("a fence is closed");
        let mut tags = tags.split_whitespace();
        let kind = tags.next().expect("an example is wrong or right");
        let tags: Vec<&str> = tags.collect();
        let text = if tags.contains(&"long") { text.replace('…', &"x".repeat(1_100_000)) } else { text.to_owned() };
        examples.push((kind, tags, text));
        rest = after;
    }
    examples
}

#[test]
fn each_code_has_a_page_whose_examples_show_it_and_nothing_else() {
    for code in Code::ALL {
        let page = code.explain();
        assert!(page.starts_with(&format!("# {code}\n\n")), "{code}");
        let examples = examples(page);
        let kinds: Vec<&str> = examples.iter().map(|(kind, ..)| *kind).collect();
        assert_eq!(kinds, ["wrong", "right"], "{code}");
        for (kind, tags, text) in examples {
            let machine_type = if tags.contains(&"express") { MachineType::Express } else { MachineType::Standard };
            let found: Vec<Code> = check(&text, &Options { machine_type, ..Options::default() })
                .iter()
                .map(|finding| finding.code)
                .collect();
            assert!(!found.is_empty() || kind == "right", "{code}: {kind} shows nothing");
            let strange: Vec<&Code> = found.iter().filter(|found| kind == "right" || **found != code).collect();
            assert!(strange.is_empty(), "{code}: {kind} shows {strange:?}");
        }
    }
}

#[test]
fn codes_are_read_by_their_names() {
    for code in Code::ALL {
        assert_eq!(code.name().parse(), Ok(code));
        assert_eq!(code.name().to_lowercase().replace('_', "-").parse(), Ok(code));
    }
    assert_eq!("NO_SUCH".parse::<Code>(), Err(UnknownCode("NO_SUCH".into())));
}
