//! Expressions in the body that rustc checks: places are copied, and every type that matters is told to a site.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{Expander, located, number, site_name};
use crate::state_machine::syntax::{Expression, Kind, Piece, source};

mod operation;

impl Expander<'_> {
    pub(super) fn value(&mut self, expression: &Expression) -> TokenStream {
        let span = expression.span;
        match &expression.kind {
            Kind::Local { site, binding } => {
                let name = &binding.name;
                self.read(*site, name.to_token_stream(), span)
            }
            Kind::Field { site, base, dot, member } => match place(expression) {
                Some(place) => self.read(*site, place, span),
                None => {
                    let base = self.value(base);
                    self.seen(*site, quote!(#base #dot #member), span)
                }
            },
            Kind::Structure { site, path, fields, rest, .. } => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(member, value)| {
                        let value = self.value(value);
                        quote!(#member: #value)
                    })
                    .collect();
                let rest = rest.as_ref().map(|rest| {
                    let rest = self.value(rest);
                    quote!(..#rest)
                });
                self.seen(*site, quote_spanned!(span=> #path { #(#fields,)* #rest }), span)
            }
            Kind::Tuple { site, items } => {
                let items: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                self.seen(*site, quote_spanned!(span=> (#(#items,)*)), span)
            }
            Kind::Constant { site } => {
                let constant = self.known(*site, &expression.tokens, span);
                quote_spanned!(span=> #constant())
            }
            Kind::Await { site, effect, dot_await } => {
                let effect = self.effect(*site, effect);
                quote!(#effect #dot_await)
            }
            Kind::Try { value, question } => {
                let value = self.value(value);
                quote!(#value #question)
            }
            Kind::Binary { left, operator, right } => self.binary(left, operator, right, &expression.tokens),
            Kind::Unary { operator, value } => self.unary(operator, value, &expression.tokens),
            Kind::Dereference { site, star, value } => match place(expression) {
                Some(place) => self.read(*site, place, span),
                None => {
                    let value = self.value(value);
                    self.read(*site, quote_spanned!(span=> #star #value), span)
                }
            },
            Kind::Reference { and, value } => {
                let value = place(value).unwrap_or_else(|| self.value(value));
                quote_spanned!(span=> #and #value)
            }
            Kind::Index { base, index } => self.index(base, index, expression),
            Kind::Method { .. } => self.method(expression),
            Kind::Closure { pattern, captures, body } => self.closure(pattern, captures, body),
            Kind::Widen { site, kind, value } => {
                let gate = self.gate("widen", span);
                let value = self.value(value);
                self.passed(*site, quote_spanned!(span=> #gate::<#kind, _>(#value)), span)
            }
            Kind::Text { site, value } => {
                let (gate, value) = (self.gate("text", span), self.value(value));
                self.passed(*site, quote_spanned!(span=> #gate(#value)), span)
            }
            Kind::Some { site, function, value } => {
                let (gate, value) = (self.gate("option", span), self.value(value));
                self.passed(*site, quote_spanned!(span=> #gate(#function(#value))), span)
            }
            Kind::Format { site, pieces } => {
                let pieces: Vec<_> = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Literal(text) => {
                            let gate = self.gate("literal", span);
                            quote_spanned!(span=> #gate(#text))
                        }
                        Piece::Value(value) => {
                            let (gate, value) = (self.gate("show", value.span), self.value(value));
                            quote_spanned!(span=> #gate(#value))
                        }
                    })
                    .collect();
                let gate = self.gate("texts", span);
                self.passed(*site, quote_spanned!(span=> #gate([#(#pieces),*])), span)
            }
            Kind::List { site, items } => {
                let items: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                self.passed(*site, quote_spanned!(span=> ::std::vec![#(#items),*]), span)
            }
            Kind::Built { site, path, parentheses, items, .. } => {
                let items: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                // With the user's parentheses, rustc's suggestions fit the text.
                let mut built = path.clone();
                parentheses.surround(&mut built, |inside| inside.extend(quote!(#(#items),*)));
                self.seen(*site, built, span)
            }
            Kind::Narrow { site, kind, value } => {
                let gate = self.gate("narrow", span);
                let kind = kind.as_ref().map(|kind| quote_spanned!(span=> ::<#kind, _>));
                let value = self.value(value);
                self.passed(*site, quote_spanned!(span=> #gate #kind (#value)), span)
            }
            Kind::Repeat { site, item, count } => {
                let (item, count) = (self.value(item), self.value(count));
                self.passed(*site, quote_spanned!(span=> ::std::vec![#item; #count]), span)
            }
            Kind::Boxed { site, function, value } => {
                let value = self.value(value);
                self.seen(*site, quote_spanned!(span=> #function(#value)), span)
            }
            Kind::Control(control) => self.control(control, false),
            Kind::Return { keyword, value: Some(value) } => self.leave(&keyword.to_token_stream(), value),
            Kind::Success { .. } | Kind::Return { value: None, .. } | Kind::Call | Kind::Unsupported(_) => {
                TokenStream::new()
            }
        }
    }
}

impl Expander<'_> {
    /// The closure of an expression that is known before the machine runs; the witness is told what it gives.
    fn known(&mut self, site: usize, tokens: &TokenStream, span: Span) -> Ident {
        let (private, number) = (self.private(span), number(site));
        let witness = Ident::new("__sfn_witness", located(span));
        let constant = Ident::new(&format!("__sfn_constant_{site}"), located(span));
        self.declarations.push(quote_spanned!(span=> let #constant = || #tokens;));
        self.registrations.push(quote_spanned!(span=> #private::Witness::constant(#witness, #number, #constant);));
        constant
    }

    /// A constant in a pattern.
    pub(super) fn constant(&mut self, site: usize, tokens: &TokenStream) {
        let span = tokens.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
        self.known(site, tokens, span);
    }

    /// A function of the gate.
    pub(super) fn gate(&self, name: &str, span: Span) -> TokenStream {
        let (private, name) = (self.private(span), Ident::new(name, span));
        quote_spanned!(span=> #private::gate::#name)
    }

    /// A value, its type told to the site; what it borrows lives as long as the statement.
    fn passed(&mut self, site: usize, value: TokenStream, span: Span) -> TokenStream {
        self.register(site, span);
        let (private, name) = (self.private(span), site_name(site, span));
        quote_spanned!(span=> #private::seen(&#name, #value))
    }

    /// The expression as it is written, for the message of a check.
    fn source(&self, tokens: &TokenStream) -> String {
        source(tokens)
    }
}

/// The tokens of a local or of a field of one; nothing else can be read twice.
fn place(expression: &Expression) -> Option<TokenStream> {
    match &expression.kind {
        Kind::Local { binding, .. } => Some(binding.name.to_token_stream()),
        Kind::Field { base, dot, member, .. } => {
            let base = place(base)?;
            Some(quote!(#base #dot #member))
        }
        Kind::Dereference { star, value, .. } => {
            let value = place(value)?;
            Some(quote!((#star #value)))
        }
        _ => None,
    }
}
