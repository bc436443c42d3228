//! Effects in the body that rustc checks.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::{Expander, located, number, site_name};
use crate::state_machine::syntax::{Call, Effect, Pause, Setting, SettingArgument, Undo};

impl Expander<'_> {
    pub(super) fn effect(&mut self, site: usize, effect: &Effect) -> TokenStream {
        let (call, settings, start, undo) = match effect {
            Effect::Call { call, settings, start, undo } => (call, settings, start, undo),
            Effect::Pause(pause) => return self.pause(pause),
            Effect::Join(join) => return self.join(site, join),
            Effect::Each(each) => return self.each(site, each),
            Effect::Unsupported(_) => return TokenStream::new(),
        };
        let span = call.span;
        let mut tokens = self.call(call);
        if let Some(heartbeat) = settings.iter().find(|setting| setting.method == "heartbeat") {
            let beating = self.private(heartbeat.method.span());
            tokens = quote_spanned!(heartbeat.method.span()=> #beating::beating(#tokens));
        }
        if let Some(start) = start {
            tokens = quote_spanned!(start.span()=> #tokens.#start());
        }
        if !settings.is_empty() {
            let settings = self.settings(site, settings, span);
            tokens = quote_spanned!(span=> #tokens.__sfn_with(#settings));
        }
        if let Some(Undo { method, parameter, call: Ok(call) }) = undo {
            let (parameter, call) = (&parameter.tokens, self.call(call));
            tokens = quote_spanned!(method.span()=> #tokens.#method(|#parameter| #call));
        }
        self.declare(site);
        let (private, name) = (self.private(span), site_name(site, span));
        let run = Ident::new("__sfn_run", located(span));
        let witness = Ident::new("__sfn_witness", located(span));
        let number = number(site);
        self.registrations.push(quote_spanned!(span=> #private::Witness::effect(#witness, #number, #name);));
        quote_spanned!(span=> #private::see_effect(&#name, #private::effect(&#run, #tokens)))
    }

    pub(super) fn call(&mut self, call: &Call) -> TokenStream {
        let function = &call.function;
        let arguments: Vec<_> = call.arguments.iter().map(|argument| self.value(argument)).collect();
        quote_spanned!(call.span=> #function(#(#arguments),*))
    }

    fn pause(&mut self, pause: &Pause) -> TokenStream {
        let (span, function) = (pause.span, &pause.function);
        let private = self.private(span);
        let run = Ident::new("__sfn_run", located(span));
        let amount = self.value(&pause.amount);
        let length = match &pause.unit {
            Some((unit, _)) => quote!(#unit(#amount)),
            None => amount,
        };
        quote_spanned!(span=> #private::pause(&#run, #function(#length)))
    }

    /// A closure that gives what was set for a call, both to the body and to the witness.
    fn settings(&mut self, site: usize, settings: &[Setting], span: Span) -> TokenStream {
        let private = self.private(span);
        let chain = settings.iter().map(|setting| {
            let method = &setting.method;
            let arguments = setting.arguments.iter().map(|argument| match argument {
                SettingArgument::Plain(tokens) => tokens.clone(),
                SettingArgument::Errors(errors) => {
                    let errors = errors.iter().map(error_names);
                    quote_spanned!(span=> #private::names(&[#(#errors),*]))
                }
            });
            quote!(.#method(#(#arguments),*))
        });
        let name = Ident::new(&format!("__sfn_settings_{site}"), located(span));
        let witness = Ident::new("__sfn_witness", located(span));
        let number = number(site);
        self.declarations.push(quote_spanned!(span=> let #name = || #private::CallSettings::default() #(#chain)*;));
        self.registrations.push(quote_spanned!(span=> #private::Witness::settings(#witness, #number, #name);));
        quote_spanned!(span=> #name())
    }
}

/// The names that a variant, or a text, stands for.
fn error_names(error: &syn::Expr) -> TokenStream {
    match error {
        syn::Expr::Path(path) => {
            let mut path = path.clone();
            if let Some(last) = path.path.segments.last_mut() {
                last.ident = Ident::new(&format!("__SFN_{}", last.ident.unraw()), last.ident.span());
            }
            quote!(#path)
        }
        other => quote!(&[#other]),
    }
}
