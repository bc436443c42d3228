//! A type that describes the task and a function that calls it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::syntax::{Arguments, ErrorName, Policy, Retry, TaskFunction};

/// The items of the task; its handler only when nothing wrong was found.
pub(super) fn expand(
    function: &TaskFunction,
    arguments: &Arguments,
    core: &TokenStream,
    with_handler: bool,
) -> TokenStream {
    let private = quote!(#core::__private);
    let (attributes, visibility, name) = (&function.attributes, &function.visibility, &function.signature.ident);
    let syn::ReturnType::Type(_, returned) = &function.signature.output else {
        return quote!(#[allow(non_camel_case_types)] #visibility struct #name {});
    };
    let text = name.unraw().to_string();
    let parameters = function.parameters();
    let (names, types): (Vec<_>, Vec<_>) = parameters.into_iter().unzip();
    let (input, value) = match (&names[..], &types[..]) {
        ([name], [kind]) => (quote!(#kind), quote!(#name)),
        _ => (quote!((#(#types,)*)), quote!((#(#names,)*))),
    };
    let description = description(&text, &names, arguments, &private);
    let handler = function.body.as_ref().filter(|_| with_handler).map(|body| {
        let inputs = &function.signature.inputs;
        let run = Ident::new("__sfn_handler", Span::mixed_site());
        let given = Ident::new("__sfn_input", Span::mixed_site());
        let pattern = match &names[..] {
            [_] => quote!(#given),
            _ => {
                let places = (0..names.len()).map(|place| format_ident!("__sfn_{place}", span = Span::mixed_site()));
                quote!((#(#places,)*))
            }
        };
        let passed = match &names[..] {
            [_] => quote!(#given),
            _ => {
                let places = (0..names.len()).map(|place| format_ident!("__sfn_{place}", span = Span::mixed_site()));
                quote!(#(#places),*)
            }
        };
        let handled = quote! {
            const HANDLER: ::core::option::Option<#private::Handler<Self>> =
                ::core::option::Option::Some(|#pattern| ::std::boxed::Box::pin(#run(#passed)));
        };
        let definition = quote! {
            async fn #run(#inputs) -> #returned #body
        };
        (handled, definition)
    });
    let (handled, handler) = handler.unzip();
    quote! {
        #(#attributes)*
        #[allow(non_camel_case_types)]
        #visibility struct #name {}

        #(#attributes)*
        #[allow(dead_code, clippy::too_many_arguments)]
        #visibility fn #name(#(#names: #types),*) -> #private::Call<#name> {
            #private::Call::new(#value)
        }

        const _: () = {
            #handler

            impl #private::Signature for #name {
                type Parameters = #input;
                type Returned = #returned;
                const FUNCTION: &'static str = #text;
            }

            impl #private::Task for #name {
                #handled

                fn describe() -> #private::TaskDescription {
                    #description
                }
            }
        };
    }
}

fn description(text: &str, names: &[&Ident], arguments: &Arguments, private: &TokenStream) -> TokenStream {
    let lambda = arguments.lambda.as_ref().map(syn::LitStr::value).unwrap_or_default();
    let mut description = quote!(#private::TaskDescription::lambda(#text, #lambda));
    if names.len() != 1 {
        let names = names.iter().map(|name| name.unraw().to_string());
        description.extend(quote!(.named_parameters(&[#(#names),*])));
    }
    if let Some(timeout) = arguments.timeout {
        let seconds = timeout.count;
        description.extend(quote!(.timeout_seconds(#seconds)));
    }
    if let Some(heartbeat) = arguments.heartbeat {
        let seconds = heartbeat.count;
        description.extend(quote!(.heartbeat_seconds(#seconds)));
    }
    if arguments.retry.iter().any(|retry| matches!(retry, Retry::None)) {
        description.extend(quote!(.without_default_retry()));
    }
    let policies = arguments.retry.iter().filter_map(|retry| match retry {
        Retry::None => None,
        Retry::Policy(policy) => Some(policy_tokens(policy, private)),
    });
    let policies: Vec<_> = policies.collect();
    if !policies.is_empty() {
        description.extend(quote!(.retry([#(#policies),*])));
    }
    description
}

fn policy_tokens(policy: &Policy, private: &TokenStream) -> TokenStream {
    let names = policy.on.0.iter().map(|name| match name {
        ErrorName::Text(text) => quote!(&[#text]),
        ErrorName::Variant(path) => {
            // The derive makes a constant for each variant, which holds the names of its errors.
            let mut path = path.clone();
            if let Some(last) = path.segments.last_mut() {
                last.ident = Ident::new(&format!("__SFN_{}", last.ident.unraw()), last.ident.span());
            }
            quote!(#path)
        }
    });
    let mut fields = TokenStream::new();
    if let Some(max) = policy.max {
        fields.extend(quote!(max_attempts: #max,));
    }
    if let Some(interval) = policy.interval {
        let seconds = interval.count;
        fields.extend(quote!(interval_seconds: #seconds,));
    }
    if let Some(backoff) = &policy.backoff {
        let rate = backoff.0;
        fields.extend(quote!(backoff_rate: #rate,));
    }
    if let Some(cap) = policy.cap {
        let seconds = cap.count;
        fields.extend(quote!(max_delay_seconds: ::core::option::Option::Some(#seconds),));
    }
    if policy.jitter {
        fields.extend(quote!(full_jitter: true,));
    }
    quote! {
        #private::RetryPolicy { #fields ..#private::RetryPolicy::new(#private::names(&[#(#names),*])) }
    }
}
