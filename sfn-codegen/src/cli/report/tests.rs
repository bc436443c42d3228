use super::*;

#[track_caller]
fn check(text: &str, range: Range<usize>, source: &str, marks: &str) {
    assert_eq!(excerpt(text, range), Some((source.into(), marks.into())), "{text:?}");
}

#[test]
fn the_line_is_shown_with_its_marks() {
    check("a\n  \"b\": 1\nc", 4..7, "  \"b\": 1", "  ^^^");
    check("abc", 3..3, "abc", "   ^");
    check("", 0..0, "", "^");
    check("ab\r\ncd", 1..2, "ab", " ^");
    check("{\n}", 0..3, "{", "^");
    check("\t\tx", 2..3, "  x", "  ^");
    check("状態 x", 7..8, "状態 x", "     ^");
    check("a\u{1b}[31mb", 6..7, "a\u{FFFD}[31mb", "      ^");
}

#[test]
fn a_long_line_is_cut_around_the_fault() {
    let text = format!("{}HERE{}", "a".repeat(500), "b".repeat(500));
    let (source, marks) = excerpt(&text, 500..504).expect("an excerpt");
    assert_eq!(source.chars().count(), WIDEST + 4);
    assert!(source.starts_with("… a") && source.ends_with("b …"), "{source}");
    assert_eq!(source.chars().position(|c| c == 'H'), marks.chars().position(|c| c == '^'));
    assert_eq!(marks.trim(), "^^^^");

    let (source, marks) = excerpt(&text, 0..1004).expect("an excerpt");
    assert_eq!((source.chars().count(), marks.len()), (WIDEST + 2, WIDEST));

    let (source, marks) = excerpt(&text, 1003..1004).expect("an excerpt");
    assert_eq!(source.chars().count(), WIDEST + 2);
    assert_eq!(marks.chars().count(), WIDEST + 2);
}

#[test]
fn ranges_that_do_not_fit_the_text_show_nothing() {
    assert_eq!(excerpt("é", 1..2), None);
    check("ab", 7..9, "ab", "  ^");
}

#[test]
fn nothing_that_commands_a_terminal_is_printed() {
    assert_eq!(visible("a\u{1b}[2J\n\u{202e}b"), "a\\u{1b}[2J\\u{a}\\u{202e}b");
}
