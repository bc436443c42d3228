//! The tree becomes two things: the body that rustc checks, in which each expression whose type matters tells it to a
//! site, and the syntax as a constant, which the lowering reads together with the types of those sites.

mod branch;
mod constant;
mod control;
mod effect;
mod expression;
mod statement;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::fallback;
use super::syntax::MachineFunction;

/// The items of a machine in which nothing wrong was found.
pub(super) fn expand(machine: &MachineFunction, timeout: Option<u64>, core: &TokenStream) -> TokenStream {
    let (Some(parameter), Some(returned)) = (&machine.parameter, &machine.returned) else {
        return TokenStream::new();
    };
    let name = &machine.signature.ident;
    let private = quote!(#core::__private);
    let branch: syn::Type = syn::parse_quote!(::core::result::Result<_, #private::Error>);
    let mut expander = Expander {
        core: &private,
        registrations: Vec::new(),
        declarations: Vec::new(),
        returned,
        branch: &branch,
        in_branch: false,
    };
    let body = expander.body(&machine.body);
    let registrations = &expander.registrations;
    let syntax = constant::function_syntax(machine, timeout, &private);
    let declarations = &expander.declarations;
    let (pattern, input) = (&parameter.pattern, &parameter.kind);
    let witness = Ident::new("__sfn_witness", Span::mixed_site());
    let run = Ident::new("__sfn_run", Span::mixed_site());
    let given = Ident::new("__sfn_given", Span::mixed_site());
    let future = Ident::new("__sfn_future", Span::mixed_site());
    let items = fallback::items(machine, core);
    let plan = Ident::new("__sfn_plan", Span::mixed_site());
    quote! {
        #items

        const _: () = {
            impl #private::Machine for #name {
                const SYNTAX: #private::syntax::Function = #syntax;

                fn witness(#witness: &mut #private::Witness) {
                    let _ = #plan(#witness, ::core::option::Option::None);
                }

                fn body(
                    #run: #private::Run,
                    input: <Self as #private::Signature>::Parameters,
                ) -> #private::BoxFuture<<Self as #private::Signature>::Returned> {
                    #private::boxed(#plan(
                        &mut #private::Witness::ignoring(),
                        ::core::option::Option::Some((input, #run)),
                    ))
                }
            }

            // Where a condition is witnessed, parentheses stay around it.
            #[allow(unused_parens, unused_braces)]
            fn #plan(
                #witness: &mut #private::Witness,
                #given: ::core::option::Option<(#input, #private::Run)>,
            ) -> ::core::option::Option<
                impl ::core::future::Future<Output = #returned> + ::core::marker::Send + 'static + use<>,
            > {
                #(#declarations)*
                let #future = ::core::option::Option::map(#given, |(#pattern, #run)| async move { #body });
                #(#registrations)*
                #future
            }
        };
    }
}

/// A test that the machine has a valid definition.
pub(super) fn test(machine: &MachineFunction, core: &TokenStream) -> TokenStream {
    let name = &machine.signature.ident;
    let test = Ident::new(&format!("__sfn_{}_is_valid", plain(name)), Span::mixed_site());
    quote! {
        #[cfg(test)]
        #[::core::prelude::v1::test]
        fn #test() {
            #core::__private::assert_valid::<#name>();
        }
    }
}

struct Expander<'a> {
    core: &'a TokenStream,
    registrations: Vec<TokenStream>,
    /// What stands before the body: the sites that it tells a type to, and the constants that it reads.
    declarations: Vec<TokenStream>,
    /// What the function returns, or the branch that is printed.
    returned: &'a syn::Type,
    /// What a branch returns.
    branch: &'a syn::Type,
    in_branch: bool,
}

impl Expander<'_> {
    fn declare(&mut self, site: usize) {
        let (core, name) = (self.core, site_name(site, Span::mixed_site()));
        self.declarations.push(quote!(let #name = #core::Site::new();));
    }

    fn private(&self, span: Span) -> TokenStream {
        at_span(self.core, span)
    }

    /// A copy of a place, its type told to the site.
    fn read(&mut self, site: usize, place: TokenStream, span: Span) -> TokenStream {
        let private = self.private(span);
        self.seen(site, quote_spanned!(span=> #private::read(&#place)), span)
    }

    /// A value, its type told to the site and the site to the witness.
    fn seen(&mut self, site: usize, value: TokenStream, span: Span) -> TokenStream {
        self.register(site, span);
        self.see(site, value, span)
    }

    /// A site whose type the witness is told.
    fn register(&mut self, site: usize, span: Span) {
        self.declare(site);
        let (private, name) = (self.private(span), site_name(site, span));
        let witness = Ident::new("__sfn_witness", located(span));
        let number = number(site);
        self.registrations.push(quote_spanned!(span=> #private::Witness::data(#witness, #number, #name);));
    }

    fn see(&self, site: usize, value: TokenStream, span: Span) -> TokenStream {
        let (private, name) = (self.private(span), site_name(site, span));
        let seen = Ident::new("__sfn_seen", located(span));
        quote_spanned!(span=> { let #seen = #value; #private::see(&#name, &#seen); #seen })
    }
}

/// The tokens, all of them at `span`: rustc points at the first and the last token of an expression.
fn at_span(tokens: &TokenStream, span: Span) -> TokenStream {
    let respanned = tokens.clone().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    respanned.collect()
}

fn site_name(site: usize, span: Span) -> Ident {
    Ident::new(&format!("__sfn_site_{site}"), located(span))
}

/// The number of a site; at no token of the user's, because lints look at the text there.
fn number(site: usize) -> Literal {
    let mut number = Literal::usize_unsuffixed(site);
    number.set_span(Span::mixed_site());
    number
}

/// A span that resolves in the macro and points at the user's token.
fn located(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// The name without `r#`.
pub(super) fn plain(name: &Ident) -> String {
    use syn::ext::IdentExt;
    name.unraw().to_string()
}
