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
    /// `LIMIT`, `Type::LIMIT`: a constant by Rust's convention, or a variant of such a name.
    Constant { name: String, site: usize, tokens: TokenStream },
    /// `1..=5`, `..'z'`
    Range { low: Option<Bound>, high: Option<Bound>, closed: bool },
    /// `[first, .., last]`, `[first, rest @ ..]`; `rest` is where `..` stands, and its name.
    Slice { items: Vec<Shape>, rest: Option<(usize, Option<Binding>)> },
}

/// A literal in a pattern.
pub(in crate::state_machine) enum Literal {
    Integer(i64),
    Bool(bool),
    Text(String),
    Float(f64),
}

/// Where a range begins or ends.
pub(in crate::state_machine) enum Bound {
    Literal(Literal),
    Constant { site: usize, tokens: TokenStream },
}

impl Pattern {
    /// Takes what looks like a constant for a variant: the variants of an error are no data.
    pub(super) fn of_errors(&mut self) {
        self.shape.without_constants();
    }

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
            Shape::Items { items, .. } | Shape::Or(items) | Shape::Slice { items, .. } => {
                items.iter().for_each(|item| item.unsupported(visit));
            }
            Shape::Fields { fields, .. } => fields.iter().for_each(|(_, field)| field.unsupported(visit)),
            Shape::Name { inner: None, .. }
            | Shape::Any
            | Shape::Literal(_)
            | Shape::Path { .. }
            | Shape::Constant { .. }
            | Shape::Range { .. } => {}
        }
    }

    /// Calls `visit` with the constants in the pattern: their sites and their tokens.
    pub(in crate::state_machine) fn constants(&self, visit: &mut dyn FnMut(usize, &TokenStream)) {
        match self {
            Shape::Constant { site, tokens, .. } => visit(*site, tokens),
            Shape::Range { low, high, .. } => {
                for bound in [low, high].into_iter().flatten() {
                    if let Bound::Constant { site, tokens } = bound {
                        visit(*site, tokens);
                    }
                }
            }
            Shape::Name { inner: Some(inner), .. } => inner.constants(visit),
            Shape::Items { items, .. } | Shape::Or(items) | Shape::Slice { items, .. } => {
                items.iter().for_each(|item| item.constants(visit));
            }
            Shape::Fields { fields, .. } => fields.iter().for_each(|(_, field)| field.constants(visit)),
            _ => {}
        }
    }

    fn without_constants(&mut self) {
        match self {
            Shape::Constant { name, .. } => *self = Shape::Path { name: std::mem::take(name) },
            Shape::Name { inner: Some(inner), .. } => inner.without_constants(),
            Shape::Items { name, items, .. } if name != "Ok" => items.iter_mut().for_each(Shape::without_constants),
            Shape::Or(items) => items.iter_mut().for_each(Shape::without_constants),
            _ => {}
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
                self.named(name.ident.unraw().to_string(), name.to_token_stream())
            }
            syn::Pat::Ident(name) => {
                let inner = name.subpat.as_ref().map(|(_, inner)| Box::new(self.shape(inner, known)));
                Shape::Name { binding: self.known(&name.ident, known), inner }
            }
            syn::Pat::Path(path) => self.named(last_name(&path.path), path.to_token_stream()),
            syn::Pat::Lit(literal) => match read_literal(&literal.lit) {
                Some(literal) => Shape::Literal(literal),
                None => refused(pattern.to_token_stream(), NO_LITERAL),
            },
            syn::Pat::Range(range) => {
                let low = range.start.as_deref().map(|bound| self.bound(bound)).transpose();
                let high = range.end.as_deref().map(|bound| self.bound(bound)).transpose();
                let closed = matches!(range.limits, syn::RangeLimits::Closed(_));
                match (low, high) {
                    (Ok(low), Ok(high)) => Shape::Range { low, high, closed },
                    (Err(unsupported), _) | (_, Err(unsupported)) => Shape::Unsupported(unsupported),
                }
            }
            syn::Pat::Slice(slice) => self.slice(&slice.elems, known),
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

    /// A path: a variant, or a constant by the look of its name.
    fn named(&mut self, name: String, tokens: TokenStream) -> Shape {
        let is_constant = name.len() > 1 && !name.contains(char::is_lowercase);
        if is_constant { Shape::Constant { name, site: self.site(), tokens } } else { Shape::Path { name } }
    }

    fn bound(&mut self, bound: &syn::Expr) -> Result<Bound, Unsupported> {
        let refused = |message: &str| Err(Unsupported::new(bound, "SFN004", message));
        match bound {
            syn::Expr::Lit(literal) => match read_literal(&literal.lit) {
                Some(Literal::Text(text)) if text.chars().any(|character| character > '\u{D7FF}') => {
                    refused("a range of characters ends below U+D800: behind that, JSONata orders them otherwise")
                }
                Some(literal) => Ok(Bound::Literal(literal)),
                None => refused(NO_LITERAL),
            },
            syn::Expr::Path(path) => Ok(Bound::Constant { site: self.site(), tokens: path.to_token_stream() }),
            _ => refused("a range goes from a literal or a constant to another"),
        }
    }

    fn slice(
        &mut self,
        elements: &syn::punctuated::Punctuated<syn::Pat, syn::Token![,]>,
        known: &mut Vec<Binding>,
    ) -> Shape {
        let mut items = Vec::new();
        let mut rest = None;
        for element in elements {
            match element {
                syn::Pat::Rest(_) => rest = Some((items.len(), None)),
                syn::Pat::Ident(name)
                    if name.by_ref.is_none()
                        && matches!(&name.subpat, Some((_, inner)) if matches!(**inner, syn::Pat::Rest(_))) =>
                {
                    rest = Some((items.len(), Some(self.known(&name.ident, known))));
                }
                element => items.push(self.shape(element, known)),
            }
        }
        Shape::Slice { items, rest }
    }

    /// The local of a name that an alternative may have bound already.
    fn known(&mut self, name: &proc_macro2::Ident, known: &mut Vec<Binding>) -> Binding {
        let same = known.iter().find(|binding| binding.name == *name).cloned();
        same.unwrap_or_else(|| {
            let binding = self.bind(name);
            known.push(binding.clone());
            binding
        })
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

const NO_LITERAL: &str =
    "a literal in a pattern is a whole number of 64 bits, a float, a truth value, a character or a text";

fn read_literal(literal: &syn::Lit) -> Option<Literal> {
    match literal {
        syn::Lit::Bool(literal) => Some(Literal::Bool(literal.value)),
        syn::Lit::Str(literal) => Some(Literal::Text(literal.value())),
        syn::Lit::Char(literal) => Some(Literal::Text(literal.value().to_string())),
        syn::Lit::Int(literal) => literal.base10_parse().ok().map(Literal::Integer),
        syn::Lit::Float(literal) => literal.base10_parse().ok().map(Literal::Float),
        _ => None,
    }
}

/// By Rust's convention: `None`, `LIMIT` are constants, `name` is bound.
fn is_constant(name: &proc_macro2::Ident) -> bool {
    name.unraw().to_string().starts_with(char::is_uppercase)
}

fn last_name(path: &syn::Path) -> String {
    path.segments.last().map(|segment| segment.ident.unraw().to_string()).unwrap_or_default()
}
