//! Every code that a finding can have is explained: a row in the table of `sfn_core::errors`, and a page with an example of
//! what is refused and of what to write instead.

use std::collections::BTreeSet;
use std::path::Path;

/// The codes `SFN` and three digits in a text.
fn codes(text: &str) -> BTreeSet<&str> {
    let starts = text.match_indices("SFN").map(|(start, _)| start);
    let codes = starts.filter_map(|start| text.get(start..start + 6));
    codes.filter(|code| code[3..].bytes().all(|byte| byte.is_ascii_digit())).collect()
}

fn sources(folder: &Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            sources(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push(std::fs::read_to_string(path).expect("a source is text"));
        }
    }
}

#[test]
fn each_code_has_a_row_and_a_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    sources(&root.join("../sfn-macros/src"), &mut texts);
    sources(&root.join("src"), &mut texts);
    let used: BTreeSet<&str> = texts.iter().flat_map(|text| codes(text)).collect();
    assert!(used.contains("SFN001") && used.len() > 30, "the codes are found: {used:?}");
    let pages = include_str!("../src/docs/errors.md");
    for code in &used {
        assert!(pages.contains(&format!("\n| {code} | ")), "{code} has no row");
        let page = pages.split(&format!("\n# {code}\n")).nth(1).unwrap_or_else(|| panic!("{code} has no page"));
        let page = page.split("\n# ").next().unwrap_or_default();
        assert_eq!(
            page.matches("```text\n").count(),
            2,
            "the page of {code} has what is refused and what to write instead"
        );
    }
    assert_eq!(codes(pages), used, "no page is of a code that nothing says");
}
