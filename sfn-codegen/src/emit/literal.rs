//! Texts as Rust literals that rustc takes without a warning and reads back to the very text.

use std::str::FromStr;

use proc_macro2::Literal;

use crate::plan::is_treacherous;

/// `"…"`, with everything escaped that cannot be seen or would reorder its surroundings.
pub(crate) fn string(text: &str) -> Literal {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            character if is_treacherous(character) => literal.extend(character.escape_unicode()),
            character => literal.push(character),
        }
    }
    literal.push('"');
    Literal::from_str(&literal).expect("an escaped text is a literal")
}

/// `r#"…"#` if the text can stand in one, else as [`string`].
///
/// A raw literal cannot hold a carriage return: rustc reads `\r\n` in a source as `\n`. It should not hold what rustc
/// refuses to see in a source.
pub(crate) fn raw_string(text: &str) -> Literal {
    if text.chars().any(|c| is_treacherous(c) && !matches!(c, '\n' | '\t')) {
        return string(text);
    }
    let mut hashes = 0;
    for (index, _) in text.match_indices('"') {
        let behind = text[index + 1..].bytes().take_while(|byte| *byte == b'#').count();
        hashes = hashes.max(behind + 1);
    }
    if hashes > 255 {
        return string(text);
    }
    let fence = "#".repeat(hashes);
    Literal::from_str(&format!("r{fence}\"{text}\"{fence}")).expect("a text within a long enough fence is a literal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, raw: &str) {
        for literal in [string(text), raw_string(text)] {
            let parsed: syn::LitStr = syn::parse_str(&literal.to_string()).expect("a string literal");
            assert_eq!(parsed.value(), text);
        }
        assert_eq!(raw_string(text).to_string(), raw);
    }

    #[test]
    fn texts_come_back() {
        check("", r#"r"""#);
        check("a\n\tb", "r\"a\n\tb\"");
        check("{\"a\": 1}", "r#\"{\"a\": 1}\"#");
        check("\"##", "r###\"\"##\"###");
        check("状態 😀", "r\"状態 😀\"");
        check("a\r\nb", r#""a\r\nb""#);
        check("\u{0}\u{7f}", r#""\u{0}\u{7f}""#);
        check("\u{202e}\u{feff}", r#""\u{202e}\u{feff}""#);
        check("a\\b", r#"r"a\b""#);
        let many = format!("\"{}", "#".repeat(255));
        check(&many, &format!("\"\\\"{}\"", "#".repeat(255)));
    }
}
