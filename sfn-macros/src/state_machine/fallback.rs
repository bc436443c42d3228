//! What stands in for a machine in which something was found: its names and types, so that whoever uses it is not
//! reported, too.

use proc_macro2::TokenStream;
use quote::quote;

use super::expand::plain;
use super::syntax::MachineFunction;

/// The type, the function, what both are for, and the associated functions; everything but the machine itself.
pub(super) fn items(machine: &MachineFunction, core: &TokenStream) -> TokenStream {
    let (Some(parameter), Some(returned)) = (&machine.parameter, &machine.returned) else {
        return TokenStream::new();
    };
    let is_borrowed = matches!(parameter.kind, syn::Type::Reference(_) | syn::Type::ImplTrait(_));
    if is_borrowed || !machine.signature.generics.params.is_empty() {
        return TokenStream::new();
    }
    let (attributes, visibility, name) = (&machine.attributes, &machine.visibility, &machine.signature.ident);
    let (input, text) = (&parameter.kind, plain(name));
    let title = crate::rename::title(&text);
    let private = quote!(#core::__private);
    quote! {
        #(#attributes)*
        #[allow(non_camel_case_types)]
        #visibility struct #name {}

        #(#attributes)*
        #[allow(dead_code, clippy::needless_pass_by_value)]
        #visibility fn #name(input: #input) -> #private::Call<#name> {
            #private::Call::new(input)
        }

        impl #private::Signature for #name {
            type Parameters = #input;
            type Returned = #returned;
            const FUNCTION: &'static str = #text;
        }

        impl #private::Task for #name {
            fn nested() -> ::core::option::Option<#private::Nested> {
                ::core::option::Option::Some(#private::Nested::of::<Self>())
            }

            fn describe() -> #private::TaskDescription {
                #private::TaskDescription::machine(#text, #title).linked::<Self>()
            }
        }

        #[allow(dead_code)]
        impl #name {
            /// The definition, its tasks addressed by placeholders such as `${ChargeCard}`.
            #visibility fn definition() -> ::core::result::Result<#private::Definition, #private::DefinitionError> {
                #private::definition::<#name>(&#private::Bindings::substitutions())
            }

            /// The definition, its tasks addressed as `bindings` say.
            #visibility fn definition_with(
                bindings: &#private::Bindings,
            ) -> ::core::result::Result<#private::Definition, #private::DefinitionError> {
                #private::definition::<#name>(bindings)
            }
        }
    }
}

/// The items of a machine that cannot be expanded; they are never run, because the crate does not compile.
pub(super) fn skeleton(machine: &MachineFunction, core: &TokenStream) -> TokenStream {
    let items = items(machine, core);
    if items.is_empty() {
        let (visibility, name) = (&machine.visibility, &machine.signature.ident);
        return quote!(#[allow(non_camel_case_types)] #visibility struct #name {});
    }
    let name = &machine.signature.ident;
    let private = quote!(#core::__private);
    quote! {
        #items

        impl #private::Machine for #name {
            const SYNTAX: #private::syntax::Function = #private::syntax::Function {
                name: "",
                parameter: ::core::option::Option::None,
                body: #private::syntax::Block {
                    statements: &[],
                    tail: ::core::option::Option::None,
                    tail_name: ::core::option::Option::None,
                },
                timeout_seconds: ::core::option::Option::None,
                assigned: &[],
            };

            fn witness(_: &mut #private::Witness) {}

            fn body(
                _: #private::Run,
                _: <Self as #private::Signature>::Parameters,
            ) -> #private::BoxFuture<<Self as #private::Signature>::Returned> {
                ::core::unreachable!()
            }
        }
    }
}
