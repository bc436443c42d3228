//! Patterns: of `let`, of `match`, of loops and of closures.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;

use super::{Binding, Reader, Unsupported};

/// A pattern, its tokens kept with the type that a `let` gives it.
pub(in crate::state_machine) struct Pattern {
    pub(in crate::state_machine) tokens: TokenStream,
    pub(in crate::state_machine) shape: Shape,
}

/// What a pattern asks and binds.
pub(in crate::state_machine) enum Shape {
    /// `_`
    Any,
    /// `name`, `name @ inner`
    Name { binding: Binding, inner: Option<Box<Shape>> },
    /// `5`, `true`, `"text"`
    Literal(Literal),
    /// `Type::Variant`, `None`: the last name.
    Path { name: String },
    /// `(a, ..)`, `Some(a)`, `Type::Variant(a, .., b)`; a plain tuple has no name. `rest` is where `..` stands.
    Items { name: String, items: Vec<Shape>, rest: Option<usize> },
    /// `Type { a, .. }`, `Type::Variant { a, .. }`
    Fields { name: String, fields: Vec<(syn::Member, Shape)> },
    /// `a | b`
    Or(Vec<Shape>),
    /// Something else.
    Unsupported(Unsupported),
}

/// A literal in a pattern.
pub(in crate::state_machine) enum Literal {
    Integer(i64),
    Bool(bool),
    Text(String),
}

impl Pattern {
    /// The name that the pattern binds, `Some(None)` for `_`; `None` when it is another pattern.
    pub(in crate::state_machine) fn simple(&self) -> Option<Option<Binding>> {
        match &self.shape {
            Shape::Any => Some(None),
            Shape::Name { binding, inner: None } => Some(Some(binding.clone())),
            _ => None,
        }
    }
}

impl Shape {
    /// Calls `visit` with what is not supported in the pattern.
    pub(in crate::state_machine) fn unsupported<'a>(&'a self, visit: &mut dyn FnMut(&'a Unsupported)) {
        match self {
            Shape::Unsupported(unsupported) => visit(unsupported),
            Shape::Name { inner: Some(inner), .. } => inner.unsupported(visit),
            Shape::Items { items, .. } | Shape::Or(items) => items.iter().for_each(|item| item.unsupported(visit)),
            Shape::Fields { fields, .. } => fields.iter().for_each(|(_, field)| field.unsupported(visit)),
            Shape::Name { inner: None, .. } | Shape::Any | Shape::Literal(_) | Shape::Path { .. } => {}
        }
    }
}

impl Reader {
    /// Reads a pattern; its names come into scope.
    pub(super) fn pattern(&mut self, pattern: &syn::Pat) -> Pattern {
        let inner = match pattern {
            syn::Pat::Type(typed) => &typed.pat,
            other => other,
        };
        Pattern { tokens: pattern.to_token_stream(), shape: self.shape(inner, &mut Vec::new()) }
    }

    /// `known` are the names that an alternative has bound already: they are the same locals.
    fn shape(&mut self, pattern: &syn::Pat, known: &mut Vec<Binding>) -> Shape {
        let refused =
            |tokens: TokenStream, message: &str| Shape::Unsupported(Unsupported::new(tokens, "SFN004", message));
        match pattern {
            syn::Pat::Wild(_) => Shape::Any,
            syn::Pat::Paren(inner) => self.shape(&inner.pat, known),
            syn::Pat::Ident(name) if name.by_ref.is_some() => refused(
                name.by_ref.to_token_stream(),
                "`ref` is not supported: a state machine has values, no references",
            ),
            syn::Pat::Ident(name) if name.mutability.is_none() && name.subpat.is_none() && is_constant(&name.ident) => {
                Shape::Path { name: name.ident.unraw().to_string() }
            }
            syn::Pat::Ident(name) => {
                let inner = name.subpat.as_ref().map(|(_, inner)| Box::new(self.shape(inner, known)));
                let same = known.iter().find(|binding| binding.name == name.ident).cloned();
                let binding = same.unwrap_or_else(|| {
                    let binding = self.bind(&name.ident);
                    known.push(binding.clone());
                    binding
                });
                Shape::Name { binding, inner }
            }
            syn::Pat::Path(path) => Shape::Path { name: last_name(&path.path) },
            syn::Pat::Lit(literal) => self.literal(&literal.lit, false, pattern),
            syn::Pat::Tuple(tuple) => self.items(String::new(), &tuple.elems, known),
            syn::Pat::TupleStruct(tuple) => self.items(last_name(&tuple.path), &tuple.elems, known),
            syn::Pat::Struct(structure) => {
                let fields = structure.fields.iter().map(|field| (field.member.clone(), self.shape(&field.pat, known)));
                Shape::Fields { name: last_name(&structure.path), fields: fields.collect() }
            }
            syn::Pat::Or(alternatives) => {
                Shape::Or(alternatives.cases.iter().map(|alternative| self.shape(alternative, known)).collect())
            }
            syn::Pat::Reference(inner) => {
                refused(inner.and_token.to_token_stream(), "`&` in a pattern is not supported: there are no references")
            }
            other => refused(other.to_token_stream(), "this pattern is not supported yet"),
        }
    }

    fn literal(&mut self, literal: &syn::Lit, negative: bool, pattern: &syn::Pat) -> Shape {
        let read = match literal {
            syn::Lit::Bool(literal) => Some(Literal::Bool(literal.value)),
            syn::Lit::Str(literal) => Some(Literal::Text(literal.value())),
            syn::Lit::Int(literal) => {
                let number = literal.base10_parse::<i64>().ok();
                number.map(|number| Literal::Integer(if negative { -number } else { number }))
            }
            _ => None,
        };
        match read {
            Some(literal) => Shape::Literal(literal),
            None => {
                let message = "a literal in a pattern is a whole number, a truth value or a text";
                Shape::Unsupported(Unsupported::new(pattern, "SFN004", message))
            }
        }
    }

    fn items(
        &mut self,
        name: String,
        elements: &syn::punctuated::Punctuated<syn::Pat, syn::Token![,]>,
        known: &mut Vec<Binding>,
    ) -> Shape {
        let rest = elements.iter().position(|element| matches!(element, syn::Pat::Rest(_)));
        let items = elements.iter().filter(|element| !matches!(element, syn::Pat::Rest(_)));
        let items = items.map(|element| self.shape(element, known)).collect();
        Shape::Items { name, items, rest }
    }
}

/// By Rust's convention: `None`, `LIMIT` are constants, `name` is bound.
fn is_constant(name: &proc_macro2::Ident) -> bool {
    name.unraw().to_string().starts_with(char::is_uppercase)
}

fn last_name(path: &syn::Path) -> String {
    path.segments.last().map(|segment| segment.ident.unraw().to_string()).unwrap_or_default()
}
