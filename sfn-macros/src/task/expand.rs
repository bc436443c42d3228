//! A type that describes the task and a function that calls it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::syntax::{Arguments, ErrorName, Parameter, Policy, Retry, TaskFunction};

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
    let token = parameters.iter().position(Parameter::is_token);
    let data: Vec<_> = parameters.iter().filter(|parameter| !parameter.is_token()).collect();
    let (names, types): (Vec<_>, Vec<_>) = data.iter().map(|parameter| (parameter.name, parameter.kind)).unzip();
    let (input, value) = match (&names[..], &types[..]) {
        ([name], [kind]) => (quote!(#kind), quote!(#name)),
        _ => (quote!((#(#types,)*)), quote!((#(#names,)*))),
    };
    let description = description(&text, &parameters, arguments, &private);
    let handler = function.body.as_ref().filter(|_| with_handler).map(|body| {
        let inputs = &function.signature.inputs;
        let run = Ident::new("__sfn_handler", Span::mixed_site());
        let given = Ident::new("__sfn_input", Span::mixed_site());
        let held = Ident::new("__sfn_token", Span::mixed_site());
        let place = |place: usize| format_ident!("__sfn_{place}", span = Span::mixed_site());
        let pattern = match names.len() {
            1 => quote!(#given),
            count => {
                let places = (0..count).map(place);
                quote!((#(#places,)*))
            }
        };
        let mut passed: Vec<Ident> = match names.len() {
            1 => vec![given],
            count => (0..count).map(place).collect(),
        };
        let handled = match token {
            Some(index) => {
                passed.insert(index, held.clone());
                quote! {
                    const ANSWERER: ::core::option::Option<#private::Answerer<Self>> =
                        ::core::option::Option::Some(|#pattern, #held| ::std::boxed::Box::pin(#run(#(#passed),*)));
                }
            }
            None => quote! {
                const HANDLER: ::core::option::Option<#private::Handler<Self>> =
                    ::core::option::Option::Some(|#pattern| ::std::boxed::Box::pin(#run(#(#passed),*)));
            },
        };
        let definition = quote! {
            #[allow(clippy::too_many_arguments)]
            async fn #run(#inputs) -> #returned #body
        };
        (handled, definition)
    });
    let token_type = token.map(|index| {
        let kind = parameters[index].kind;
        quote_spanned!(kind.span()=> const _: fn(#kind) -> #private::TaskToken = |token| token;)
    });
    let kind = kind(name, arguments, with_handler, &private);
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
            #token_type
            #kind

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

/// What the kind of the task lets others do with it; of a broken one all is said, so that its uses stay quiet.
fn kind(name: &Ident, arguments: &Arguments, is_whole: bool, private: &TokenStream) -> TokenStream {
    let is_activity = arguments.activity.is_some() || !is_whole;
    let is_callback = arguments.is_callback() || !is_whole;
    let beats = (is_activity || is_callback).then(|| quote!(impl #private::Beats for #name {}));
    let activity = is_activity.then(|| quote!(impl #private::ActivityTask for #name {}));
    let callback = is_callback.then(|| quote!(impl #private::CallbackTask for #name {}));
    quote!(#beats #activity #callback)
}

fn description(text: &str, parameters: &[Parameter<'_>], arguments: &Arguments, private: &TokenStream) -> TokenStream {
    let address = arguments.addresses().first().copied();
    let mut description = match address {
        Some(address) => address.description(text, arguments, private),
        None => quote!(#private::TaskDescription::lambda(#text, "")),
    };
    if parameters.len() != 1 {
        let names = parameters.iter().filter(|parameter| !parameter.is_token());
        let names = names.map(|parameter| arguments.member(parameter.name));
        description.extend(quote!(.named_parameters(&[#(#names),*])));
    } else if let [token] = parameters
        && token.is_token()
    {
        description.extend(quote!(.named_parameters(&[])));
    }
    if let Some(index) = parameters.iter().position(Parameter::is_token) {
        let name = arguments.member(parameters[index].name);
        description.extend(quote!(.token(#name, #index)));
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
