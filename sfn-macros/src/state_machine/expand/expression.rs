//! Expressions in the body that rustc checks: places are copied, and every type that matters is told to a site.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{Expander, located, number};
use crate::state_machine::syntax::{Expression, Kind};

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
            Kind::Structure { site, path, fields } => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(member, value)| {
                        let value = self.value(value);
                        quote!(#member: #value)
                    })
                    .collect();
                self.seen(*site, quote_spanned!(span=> #path { #(#fields),* }), span)
            }
            Kind::Tuple { site, items } => {
                let items: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                self.seen(*site, quote_spanned!(span=> (#(#items,)*)), span)
            }
            Kind::Constant { site } => {
                let (private, tokens, number) = (self.private(span), &expression.tokens, number(*site, span));
                let witness = Ident::new("__sfn_witness", located(span));
                let constant = Ident::new(&format!("__sfn_constant_{site}"), located(span));
                self.declarations.push(quote_spanned!(span=> let #constant = || #tokens;));
                self.registrations
                    .push(quote_spanned!(span=> #private::Witness::constant(#witness, #number, #constant);));
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
            Kind::Success { .. } | Kind::Return { .. } | Kind::Call | Kind::Unsupported(_) => TokenStream::new(),
        }
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
        _ => None,
    }
}
