//! `format!`: the text between the values, and the values, captured or given.

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, Token};

use super::{Expression, Kind};
use crate::state_machine::syntax::{Reader, Unsupported};

/// A part of a `format!`.
pub(in crate::state_machine) enum Piece {
    Literal(String),
    Value(Box<Expression>),
}

/// What stands between the parentheses of `format!`.
struct Given {
    text: syn::LitStr,
    arguments: Vec<(Option<Ident>, syn::Expr)>,
}

impl Parse for Given {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let text = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        let arguments = Punctuated::<_, Token![,]>::parse_terminated_with(input, |input| {
            let named = input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]);
            let name = named.then(|| Ident::parse_any(input)).transpose()?;
            if named {
                input.parse::<Token![=]>()?;
            }
            Ok((name, input.parse()?))
        })?;
        Ok(Given { text, arguments: arguments.into_iter().collect() })
    }
}

impl Reader {
    /// `format!(..)`
    pub(super) fn format(&mut self, call: &syn::Macro) -> Kind {
        let given: Given = match call.parse_body() {
            Ok(given) => given,
            Err(_) => {
                let message = "`format!` takes a text in quotes and the values in it";
                return Kind::Unsupported(Unsupported::new(&call.path, "SFN030", message));
            }
        };
        let parts = match parts(&given.text.value()) {
            Ok(parts) => parts,
            Err(message) => return Kind::Unsupported(Unsupported::new(&given.text, "SFN033", message)),
        };
        let mut used = vec![false; given.arguments.len()];
        let mut next = 0;
        let mut pieces = Vec::new();
        for part in parts {
            let place = match part {
                Part::Text(text) => {
                    pieces.push(Piece::Literal(text));
                    continue;
                }
                Part::Next => {
                    next += 1;
                    Some(next - 1)
                }
                Part::Position(position) => Some(position),
                Part::Name(name) => {
                    let named = |(given, _): &(Option<Ident>, _)| given.as_ref().is_some_and(|given| given == &name);
                    match given.arguments.iter().position(named) {
                        Some(place) => Some(place),
                        None => {
                            // The captured name is resolved where the text stands.
                            let Ok(mut name) = syn::parse_str::<Ident>(&name) else {
                                let message = format!("`{name}` is no name");
                                return Kind::Unsupported(Unsupported::new(&given.text, "SFN033", message));
                            };
                            name.set_span(given.text.span());
                            let path =
                                syn::Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path: name.into() });
                            let shown = self.shown(&path);
                            pieces.extend(shown);
                            None
                        }
                    }
                }
            };
            let Some(place) = place else { continue };
            let Some((_, value)) = given.arguments.get(place) else {
                let message = format!("`format!` has no argument {place}");
                return Kind::Unsupported(Unsupported::new(&given.text, "SFN033", message));
            };
            used[place] = true;
            let shown = self.shown(value);
            pieces.extend(shown);
        }
        if let Some(unused) = used.iter().position(|used| !used) {
            let value = given.arguments[unused].1.to_token_stream();
            return Kind::Unsupported(Unsupported::new(value, "SFN033", "this argument is not used in the text"));
        }
        Kind::Format { pieces, site: self.site() }
    }
}

impl Reader {
    /// What `{}` shows of a value.
    fn shown(&mut self, value: &syn::Expr) -> Vec<Piece> {
        match self.caught_parts(value) {
            Some([error, cause]) => {
                let between = Piece::Literal(": ".to_owned());
                vec![Piece::Value(Box::new(error)), between, Piece::Value(Box::new(cause))]
            }
            None => vec![Piece::Value(Box::new(self.operand(value)))],
        }
    }
}

/// A part of the text.
enum Part {
    Text(String),
    Next,
    Position(usize),
    Name(String),
}

fn parts(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '{' | '}' if characters.peek() == Some(&character) => {
                characters.next();
                literal.push(character);
            }
            '}' => return Err("a `}` in a text is written `}}`".into()),
            '{' => {
                let mut inside = String::new();
                loop {
                    match characters.next() {
                        Some('}') => break,
                        Some(other) => inside.push(other),
                        None => return Err("a `{` in a text is written `{{`".into()),
                    }
                }
                if inside.contains(':') {
                    return Err(format!(
                        "`{{{inside}}}` asks for a format that JSONata does not have; supported are `{{}}` and `{{name}}`"
                    ));
                }
                if !literal.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                }
                let name = inside.trim();
                parts.push(match name.parse() {
                    Ok(position) => Part::Position(position),
                    Err(_) if name.is_empty() => Part::Next,
                    Err(_) => Part::Name(name.to_owned()),
                });
            }
            other => literal.push(other),
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    Ok(parts)
}

impl Piece {
    /// The value, when it is one.
    pub(in crate::state_machine) fn value(&self) -> Option<&Expression> {
        match self {
            Piece::Literal(_) => None,
            Piece::Value(value) => Some(value),
        }
    }
}
