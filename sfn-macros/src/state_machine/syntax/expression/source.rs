//! An expression as text, for the message of a check: the same for the same tokens, however they are laid out.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Longer texts are cut.
const LONGEST: usize = 80;

/// The tokens on one line.
pub(in crate::state_machine) fn source(tokens: &TokenStream) -> String {
    let mut text = String::new();
    write(tokens, &mut text);
    if text.chars().count() > LONGEST {
        text = text.chars().take(LONGEST - 1).chain(['…']).collect();
    }
    text
}

fn write(tokens: &TokenStream, text: &mut String) {
    let mut tokens = tokens.clone().into_iter().peekable();
    let mut operand_before = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(&group.stream(), text);
                text.push_str(close);
                operand_before = true;
            }
            TokenTree::Punct(first) => {
                let mut sign = String::from(first.as_char());
                let mut joint = first.spacing() == Spacing::Joint;
                while joint && let Some(TokenTree::Punct(next)) = tokens.peek() {
                    sign.push(next.as_char());
                    joint = next.spacing() == Spacing::Joint;
                    tokens.next();
                }
                let binary = operand_before
                    && matches!(sign.as_str(), "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<=" | ">=" | "&&" | "||");
                match sign.as_str() {
                    "," => text.push_str(", "),
                    sign if binary => {
                        text.push(' ');
                        text.push_str(sign);
                        text.push(' ');
                    }
                    sign => text.push_str(sign),
                }
                operand_before = false;
            }
            word => {
                if operand_before {
                    text.push(' ');
                }
                text.push_str(&word.to_string());
                operand_before = true;
            }
        }
    }
}
