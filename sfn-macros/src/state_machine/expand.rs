//! The tree becomes two things: the body that rustc checks, in which each expression whose type matters tells it to a
//! site, and the syntax as a constant, which the lowering reads together with the types of those sites.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

use super::fallback;
use super::syntax::{Binding, Block, Call, Effect, Expression, Kind, MachineFunction, Pattern, Statement, Undo};

/// The items of a machine in which nothing wrong was found.
pub(super) fn expand(machine: &MachineFunction, timeout: Option<u64>, core: &TokenStream) -> TokenStream {
    let (Some(parameter), Some(returned)) = (&machine.parameter, &machine.returned) else {
        return TokenStream::new();
    };
    let name = &machine.signature.ident;
    let private = quote!(#core::__private);
    let mut expander = Expander { core: &private, registrations: Vec::new(), declarations: Vec::new(), returned };
    let body = expander.block(&machine.body);
    let registrations = &expander.registrations;
    let syntax = function_syntax(machine, timeout, &private);
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
    returned: &'a syn::Type,
}

impl Expander<'_> {
    fn declare(&mut self, site: usize) {
        let (core, name) = (self.core, site_name(site, Span::mixed_site()));
        self.declarations.push(quote!(let #name = #core::Site::new();));
    }

    fn private(&self, span: Span) -> TokenStream {
        at_span(self.core, span)
    }

    fn block(&mut self, block: &Block) -> TokenStream {
        let statements: Vec<_> = block.statements.iter().map(|statement| self.statement(statement)).collect();
        let tail = block.tail.as_ref().map(|tail| self.result(tail));
        quote!(#(#statements)* #tail)
    }

    fn statement(&mut self, statement: &Statement) -> TokenStream {
        match statement {
            Statement::Let { attributes, pattern: Pattern::Simple { tokens, binding }, value: Some(value), .. } => {
                // The name of a call that can be undone names the variable that the compensation reads.
                let used = binding.as_ref().filter(|_| has_undo(value)).map(|binding| {
                    let name = &binding.name;
                    quote!(let _ = &#name;)
                });
                let value = self.value(value);
                quote!(#(#attributes)* let #tokens = #value; #used)
            }
            Statement::Expression { attributes, value } => match &value.kind {
                Kind::Return { .. } => {
                    let value = self.result(value);
                    quote!(#(#attributes)* #value)
                }
                _ => {
                    let value = self.value(value);
                    quote!(#(#attributes)* #value;)
                }
            },
            _ => TokenStream::new(),
        }
    }

    /// The result of the machine: it goes through a `let` of its type, so that a wrong type is reported where it stands.
    fn result(&mut self, expression: &Expression) -> TokenStream {
        let result = Ident::new("__sfn_result", Span::mixed_site());
        let returned = self.returned;
        match &expression.kind {
            Kind::Return { keyword, value: Some(value) } => {
                let value = self.result_value(value);
                quote!({ let #result: #returned = #value; #keyword #result; })
            }
            _ => {
                let value = self.result_value(expression);
                quote!(let #result: #returned = #value; #result)
            }
        }
    }

    fn result_value(&mut self, expression: &Expression) -> TokenStream {
        match &expression.kind {
            Kind::Success { function, value } => {
                let value = self.value(value);
                quote_spanned!(expression.span=> #function(#value))
            }
            Kind::Return { value: Some(value), .. } => self.result_value(value),
            _ => self.value(expression),
        }
    }

    fn value(&mut self, expression: &Expression) -> TokenStream {
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

    fn effect(&mut self, site: usize, effect: &Effect) -> TokenStream {
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

    fn call(&mut self, call: &Call) -> TokenStream {
        let function = &call.function;
        let arguments: Vec<_> = call.arguments.iter().map(|argument| self.value(argument)).collect();
        quote_spanned!(call.span=> #function(#(#arguments),*))
    }

    /// A copy of a place, its type told to the site.
    fn read(&mut self, site: usize, place: TokenStream, span: Span) -> TokenStream {
        let private = self.private(span);
        self.seen(site, quote_spanned!(span=> #private::read(&#place)), span)
    }

    /// A value, its type told to the site and the site to the witness.
    fn seen(&mut self, site: usize, value: TokenStream, span: Span) -> TokenStream {
        self.declare(site);
        let (private, name) = (self.private(span), site_name(site, span));
        let witness = Ident::new("__sfn_witness", located(span));
        let number = number(site, span);
        self.registrations.push(quote_spanned!(span=> #private::Witness::data(#witness, #number, #name);));
        self.see(site, value, span)
    }

    fn see(&self, site: usize, value: TokenStream, span: Span) -> TokenStream {
        let (private, name) = (self.private(span), site_name(site, span));
        let seen = Ident::new("__sfn_seen", located(span));
        quote_spanned!(span=> { let #seen = #value; #private::see(&#name, &#seen); #seen })
    }
}

/// The tokens, all of them at `span`: rustc points at the first and the last token of an expression.
pub(super) fn at_span(tokens: &TokenStream, span: Span) -> TokenStream {
    let respanned = tokens.clone().into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), at_span(&group.stream(), span)));
        }
        // Names of the macro's own keep resolving in it.
        let hygienic = matches!(&token, TokenTree::Ident(name) if name.to_string().starts_with("__sfn_"));
        token.set_span(if hygienic { located(span) } else { span });
        token
    });
    respanned.collect()
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

fn has_undo(expression: &Expression) -> bool {
    let Kind::Try { value, .. } = &expression.kind else { return false };
    matches!(&value.kind, Kind::Await { effect, .. } if matches!(**effect, Effect::Call { undo: Some(_), .. }))
}

fn site_name(site: usize, span: Span) -> Ident {
    Ident::new(&format!("__sfn_site_{site}"), located(span))
}

fn number(site: usize, span: Span) -> Literal {
    let mut number = Literal::usize_unsuffixed(site);
    number.set_span(located(span));
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

fn function_syntax(machine: &MachineFunction, timeout: Option<u64>, private: &TokenStream) -> TokenStream {
    let printer = SyntaxPrinter { syntax: quote!(#private::syntax) };
    let syntax = &printer.syntax;
    let name = plain(&machine.signature.ident);
    let binding = machine.parameter.as_ref().and_then(|parameter| parameter.binding.as_ref());
    let parameter = printer.binding(binding);
    let body = printer.block(&machine.body);
    let timeout = match timeout {
        Some(seconds) => quote!(::core::option::Option::Some(#seconds)),
        None => quote!(::core::option::Option::None),
    };
    quote!(#syntax::Function { name: #name, parameter: #parameter, body: #body, timeout_seconds: #timeout })
}

struct SyntaxPrinter {
    syntax: TokenStream,
}

impl SyntaxPrinter {
    fn binding(&self, binding: Option<&Binding>) -> TokenStream {
        let syntax = &self.syntax;
        match binding {
            Some(binding) => {
                let (local, name) = (binding.local, binding.text());
                quote!(::core::option::Option::Some(#syntax::Binding { local: #local, name: #name }))
            }
            None => quote!(::core::option::Option::None),
        }
    }

    fn block(&self, block: &Block) -> TokenStream {
        let syntax = &self.syntax;
        let statements = block.statements.iter().map(|statement| self.statement(statement));
        let tail = match &block.tail {
            Some(tail) => {
                let tail = self.expression(tail);
                quote!(::core::option::Option::Some(&#tail))
            }
            None => quote!(::core::option::Option::None),
        };
        quote!(#syntax::Block { statements: &[#(#statements),*], tail: #tail })
    }

    fn statement(&self, statement: &Statement) -> TokenStream {
        let syntax = &self.syntax;
        match statement {
            Statement::Let { pattern: Pattern::Simple { binding, .. }, value: Some(value), .. } => {
                let (binding, value) = (self.binding(binding.as_ref()), self.expression(value));
                quote!(#syntax::Statement::Let { binding: #binding, value: &#value })
            }
            Statement::Expression { value, .. } => {
                let value = self.expression(value);
                quote!(#syntax::Statement::Expression(&#value))
            }
            _ => TokenStream::new(),
        }
    }

    fn expression(&self, expression: &Expression) -> TokenStream {
        let syntax = &self.syntax;
        let kind = quote!(#syntax::Expression);
        match &expression.kind {
            Kind::Local { binding, .. } => {
                let local = binding.local;
                quote!(#kind::Local { local: #local })
            }
            Kind::Field { base, member, .. } => {
                let (base, name) = (self.expression(base), member_name(member));
                quote!(#kind::Field { base: &#base, name: #name })
            }
            Kind::Structure { site, fields, .. } => {
                let fields = fields.iter().map(|(member, value)| {
                    let (name, value) = (member_name(member), self.expression(value));
                    quote!((#name, &#value))
                });
                quote!(#kind::Structure { site: #site, fields: &[#(#fields),*] })
            }
            Kind::Tuple { site, items } => {
                let items = items.iter().map(|item| self.expression(item));
                quote!(#kind::Tuple { site: #site, items: &[#(&#items),*] })
            }
            Kind::Constant { site } => quote!(#kind::Constant { site: #site }),
            Kind::Await { site, effect, .. } => {
                let effect = self.effect(effect);
                quote!(#kind::Await { site: #site, effect: #effect })
            }
            Kind::Try { value, .. } => {
                let value = self.expression(value);
                quote!(#kind::Try { value: &#value })
            }
            Kind::Success { value, .. } => {
                let value = self.expression(value);
                quote!(#kind::Success { value: &#value })
            }
            Kind::Return { value: Some(value), .. } => {
                let value = self.expression(value);
                quote!(#kind::Return { value: &#value })
            }
            Kind::Return { value: None, .. } | Kind::Call | Kind::Unsupported(_) => TokenStream::new(),
        }
    }

    fn effect(&self, effect: &Effect) -> TokenStream {
        let syntax = &self.syntax;
        let Effect::Call { call, undo } = effect else { return TokenStream::new() };
        let arguments = self.arguments(call);
        let undo = match undo {
            Some(Undo { parameter: Pattern::Simple { binding, .. }, call: Ok(call), .. }) => {
                let (parameter, arguments) = (self.binding(binding.as_ref()), self.arguments(call));
                quote!(::core::option::Option::Some(
                    #syntax::Compensation { parameter: #parameter, arguments: #arguments }
                ))
            }
            _ => quote!(::core::option::Option::None),
        };
        quote!(#syntax::Effect::Call { arguments: #arguments, undo: #undo })
    }

    fn arguments(&self, call: &Call) -> TokenStream {
        let arguments = call.arguments.iter().map(|argument| self.expression(argument));
        quote!(&[#(&#arguments),*])
    }
}

fn member_name(member: &syn::Member) -> String {
    match member {
        syn::Member::Named(name) => plain(name),
        syn::Member::Unnamed(index) => index.index.to_string(),
    }
}
