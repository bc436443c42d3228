//! Effects in the body that rustc checks.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;

use super::{Expander, located, number, site_name};
use crate::state_machine::syntax::{Call, Effect, Pattern, Undo};

impl Expander<'_> {
    pub(super) fn effect(&mut self, site: usize, effect: &Effect) -> TokenStream {
        let Effect::Call { call, undo } = effect else { return TokenStream::new() };
        let span = call.span;
        let mut tokens = self.call(call);
        if let Some(Undo { method, parameter: Pattern::Simple { tokens: parameter, .. }, call: Ok(call) }) = undo {
            let call = self.call(call);
            tokens = quote_spanned!(method.span()=> #tokens.#method(|#parameter| #call));
        }
        self.declare(site);
        let (private, name) = (self.private(span), site_name(site, span));
        let run = Ident::new("__sfn_run", located(span));
        let witness = Ident::new("__sfn_witness", located(span));
        let number = number(site, span);
        self.registrations.push(quote_spanned!(span=> #private::Witness::effect(#witness, #number, #name);));
        quote_spanned!(span=> #private::see_effect(&#name, #private::effect(&#run, #tokens)))
    }

    pub(super) fn call(&mut self, call: &Call) -> TokenStream {
        let function = &call.function;
        let arguments: Vec<_> = call.arguments.iter().map(|argument| self.value(argument)).collect();
        quote_spanned!(call.span=> #function(#(#arguments),*))
    }
}
