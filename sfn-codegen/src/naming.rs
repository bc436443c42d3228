//! Rust names from the names of states, functions and fields.
//!
//! Whatever the text, the name is one that rustc takes without a warning: punctuation separates words, a keyword or a
//! leading digit is dressed up, and letters that rustc's identifier lints distrust are written as their code points.
//! Two texts with one name are told apart by a number ([`distinct`]).

use std::collections::{BTreeMap, BTreeSet};

/// `ResizeImage` for types and variants. A name that would start with a digit, or be empty, starts with `fallback`.
pub(crate) fn type_name(text: &str, fallback: &str) -> String {
    let mut name = String::new();
    for word in words(text) {
        let needs_mark = name.chars().next_back().is_some_and(|c| c.is_ascii_digit())
            && word.chars().next().is_some_and(|c| c.is_ascii_digit());
        if needs_mark {
            name.push('_');
        }
        let mut characters = word.chars();
        name.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(characters.as_str());
    }
    if !name.chars().next().is_some_and(char::is_alphabetic) {
        name.insert_str(0, fallback);
    }
    if name == "Self" { format!("{name}_") } else { name }
}

/// `resize_image` for functions and fields. A name that would start with a digit, or be empty, starts with `fallback`.
pub(crate) fn value_name(text: &str, fallback: &str) -> String {
    let mut name = words(text).join("_");
    if !name.chars().next().is_some_and(char::is_alphabetic) {
        name = if name.is_empty() { fallback.to_owned() } else { format!("{fallback}_{name}") };
    }
    if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// The wanted names, each once and none of `reserved`: the first claimant of a name gets it, the next ones get it with
/// the first number from 2 on that nobody else wants.
pub(crate) fn distinct(wanted: Vec<String>, reserved: &[&str]) -> Vec<String> {
    let claimed: BTreeSet<String> = wanted.iter().cloned().chain(reserved.iter().map(|name| (*name).into())).collect();
    let mut taken: BTreeSet<String> = reserved.iter().map(|name| (*name).into()).collect();
    let mut next_number: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = Vec::with_capacity(wanted.len());
    for name in wanted {
        let mut chosen = name.clone();
        while taken.contains(&chosen) || (chosen != name && claimed.contains(&chosen)) {
            let number = next_number.entry(name.clone()).or_insert(2);
            // `2` after a digit would read as another number: `step_1` becomes `step_1_2`.
            let mark = if name.ends_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
            chosen = match name.strip_suffix('_') {
                Some(keyword) => format!("{keyword}{number}"),
                None if name.chars().any(char::is_uppercase) => format!("{name}{mark}{number}"),
                None => format!("{name}_{number}"),
            };
            *number += 1;
        }
        taken.insert(chosen.clone());
        names.push(chosen);
    }
    names
}

/// The words of a text in lower case. A word ends at whatever is no letter or digit, and where capitals say so:
/// `HTTPRequest2Go` is `http`, `request2`, `go`.
fn words(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().filter(|c| !is_combining_mark(*c)).collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (index, &character) in characters.iter().enumerate() {
        let previous = index.checked_sub(1).map(|index| characters[index]);
        let next = characters.get(index + 1).copied();
        if !character.is_alphanumeric() {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
            continue;
        }
        let begins_word = character.is_uppercase()
            && (previous.is_some_and(|c| c.is_lowercase() || c.is_numeric()) || next.is_some_and(char::is_lowercase));
        if begins_word && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if is_plain(character, &characters) {
            word.extend(character.to_lowercase());
        } else {
            word.push_str(&format!("u{:04x}", u32::from(character)));
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// True for characters that may stand in an identifier without a lint of rustc (`uncommon_codepoints`,
/// `mixed_script_confusables`) having a word to say, given the other characters of the name.
fn is_plain(character: char, name: &[char]) -> bool {
    if character.is_ascii() {
        return true;
    }
    match script(character) {
        // The ligatures and the thorn look like other letters.
        Some(Script::Latin) => !matches!(character, 'Æ' | 'æ' | 'Þ' | 'þ'),
        Some(known) => name.iter().any(|c| script(*c) == Some(known) && !LOOK_ALIKES.contains(c)),
        None => false,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Script {
    Latin,
    Hiragana,
    Katakana,
    Han,
    Hangul,
}

/// The script of a letter, for the scripts that names keep.
fn script(character: char) -> Option<Script> {
    match character {
        '×' | '÷' => None,
        '\u{C0}'..='\u{FF}' => Some(Script::Latin),
        '\u{3041}'..='\u{3094}' => Some(Script::Hiragana),
        '\u{30A1}'..='\u{30FA}' => Some(Script::Katakana),
        '\u{4E00}'..='\u{9FFF}' => Some(Script::Han),
        '\u{AC00}'..='\u{D7A3}' => Some(Script::Hangul),
        _ => None,
    }
}

fn is_combining_mark(character: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&character)
}

/// Letters that look like a letter of another script: a name made of them alone is suspicious to rustc.
const LOOK_ALIKES: &[char] = &[
    'へ', 'イ', 'エ', 'カ', 'タ', 'ト', 'ニ', 'ネ', 'ノ', 'ハ', 'ヒ', 'ヘ', 'ム', 'メ', 'ヨ', 'ロ', '一', '丅', '丫',
    '丿', '乄', '二', '亻', '八', '力', '匕', '卜', '厶', '口', '囗', '夕', '工', '彐', '礻',
];

/// The keywords of every edition, reserved ones included, in lower case.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests;
