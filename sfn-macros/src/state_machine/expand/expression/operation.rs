//! Operators, indexes, methods and closures, each through its gate.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::place;
use crate::state_machine::expand::{Expander, site_name};
use crate::state_machine::syntax::{Capture, Expression, Kind, Receiver};

impl Expander<'_> {
    pub(super) fn binary(
        &mut self,
        left: &Expression,
        operator: &syn::BinOp,
        right: &Expression,
        tokens: &TokenStream,
    ) -> TokenStream {
        use syn::BinOp;
        let span = operator.span();
        let (left, right) = (self.value(left), self.value(right));
        let (function, checked) = match operator {
            BinOp::And(_) | BinOp::Or(_) => {
                let gate = self.gate("truth", span);
                return quote_spanned!(span=> #gate(#left #operator #right));
            }
            BinOp::Add(_) => ("add", true),
            BinOp::Sub(_) => ("subtract", true),
            BinOp::Mul(_) => ("multiply", true),
            BinOp::Div(_) => ("divide", true),
            BinOp::Rem(_) => ("remainder", true),
            BinOp::Eq(_) => ("equal", false),
            BinOp::Ne(_) => ("not_equal", false),
            BinOp::Lt(_) => ("less", false),
            BinOp::Le(_) => ("less_or_equal", false),
            BinOp::Gt(_) => ("greater", false),
            _ => ("greater_or_equal", false),
        };
        let gate = self.gate(function, span);
        if checked {
            let source = self.source(tokens);
            return quote_spanned!(span=> #gate(#left, #right, #source));
        }
        quote_spanned!(span=> #gate(#left, #right))
    }

    pub(super) fn unary(&mut self, operator: &syn::UnOp, value: &Expression, tokens: &TokenStream) -> TokenStream {
        let span = operator.span();
        let value = self.value(value);
        match operator {
            syn::UnOp::Neg(_) => {
                let (gate, source) = (self.gate("negate", span), self.source(tokens));
                quote_spanned!(span=> #gate(#value, #source))
            }
            _ => {
                let gate = self.gate("not", span);
                quote_spanned!(span=> #gate(#value))
            }
        }
    }

    pub(super) fn index(&mut self, base: &Expression, index: &Expression, whole: &Expression) -> TokenStream {
        let span = base.span;
        let (gate, source) = (self.gate("index", span), self.source(&whole.tokens));
        let base = self.borrowed(base);
        let index = self.value(index);
        quote_spanned!(span=> #gate(#base, #index, #source))
    }

    /// A place as a reference to it, anything else by value.
    fn borrowed(&mut self, expression: &Expression) -> TokenStream {
        match place(expression) {
            Some(place) => quote_spanned!(expression.span=> &#place),
            None => self.value(expression),
        }
    }

    pub(super) fn method(&mut self, expression: &Expression) -> TokenStream {
        let Kind::Method { site, rule, receiver, dot, method, turbofish, types, arguments } = &expression.kind else {
            return TokenStream::new();
        };
        let span = method.span();
        let called = match rule.receiver {
            Receiver::Borrowed if rule.gate.is_empty() => match place(receiver) {
                Some(place) => place,
                None => self.value(receiver),
            },
            Receiver::Borrowed => {
                let span = receiver.span;
                let (gate, receiver) = (self.gate(rule.gate, span), self.borrowed(receiver));
                quote_spanned!(span=> #gate(#receiver))
            }
            Receiver::Owned => {
                let span = receiver.span;
                let (gate, receiver) = (self.gate(rule.gate, span), self.value(receiver));
                quote_spanned!(span=> #gate(#receiver))
            }
            Receiver::Items => self.value(receiver),
            Receiver::Gate | Receiver::ItemsGate | Receiver::Checked => {
                let (gate, value) = (self.gate(rule.gate, span), self.value(receiver));
                let tokens = match (rule.gate, types) {
                    ("sum", types) => {
                        let types = types.as_ref().map(|types| quote!(::<#types, _>));
                        let source = self.source(&expression.tokens);
                        quote_spanned!(span=> #gate #types (#value, #source))
                    }
                    _ => {
                        let arguments: Vec<_> = arguments.iter().map(|argument| self.value(argument)).collect();
                        let source = (rule.receiver == Receiver::Checked).then(|| self.source(&expression.tokens));
                        let source = source.into_iter();
                        quote_spanned!(span=> #gate(#value #(, #arguments)* #(, #source)*))
                    }
                };
                return match site {
                    Some(site) => self.passed(*site, tokens, span),
                    None => tokens,
                };
            }
        };
        let arguments: Vec<_> = arguments.iter().map(|argument| self.value(argument)).collect();
        let tokens = quote_spanned!(span=> #called #dot #method #turbofish (#(#arguments),*));
        match site {
            Some(site) => self.passed(*site, tokens, span),
            None => tokens,
        }
    }

    pub(super) fn closure(&mut self, pattern: &TokenStream, captures: &[Capture], body: &Expression) -> TokenStream {
        let seen: Vec<_> = captures
            .iter()
            .map(|capture| {
                let (span, name) = (capture.binding.name.span(), capture.binding.name.to_token_stream());
                self.register(capture.site, span);
                let (private, site) = (self.private(span), site_name(capture.site, span));
                quote_spanned!(span=> #private::see(&#site, &#name);)
            })
            .collect();
        let body = self.value(body);
        quote!(|#pattern| { #(#seen)* #body })
    }
}
