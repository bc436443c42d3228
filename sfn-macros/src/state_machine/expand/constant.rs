//! The syntax as a constant, which the lowering reads.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::plain;
use crate::state_machine::syntax::{
    Binding, Block, Call, Effect, Expression, Kind, MachineFunction, Pattern, Piece, Statement, Undo, source,
};

/// The constant of a whole function.
pub(super) fn function_syntax(machine: &MachineFunction, timeout: Option<u64>, private: &TokenStream) -> TokenStream {
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
            Kind::Structure { site, fields, rest, .. } => {
                let fields = fields.iter().map(|(member, value)| {
                    let (name, value) = (member_name(member), self.expression(value));
                    quote!((#name, &#value))
                });
                match rest {
                    None => quote!(#kind::Structure { site: #site, fields: &[#(#fields),*] }),
                    Some(rest) => {
                        let rest = self.expression(rest);
                        quote!(#kind::Update { site: #site, fields: &[#(#fields),*], base: &#rest })
                    }
                }
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
            Kind::Binary { left, operator, right } => {
                let (left, right) = (self.expression(left), self.expression(right));
                let (operator, source) = (operator.to_token_stream().to_string(), source(&expression.tokens));
                quote!(#kind::Binary { operator: #operator, left: &#left, right: &#right, source: #source })
            }
            Kind::Unary { operator, value } => {
                let value = self.expression(value);
                let (operator, source) = (operator.to_token_stream().to_string(), source(&expression.tokens));
                quote!(#kind::Unary { operator: #operator, value: &#value, source: #source })
            }
            Kind::Dereference { value, .. } | Kind::Reference { value, .. } => self.expression(value),
            Kind::Index { base, index } => {
                let (base, index, source) = (self.expression(base), self.expression(index), source(&expression.tokens));
                quote!(#kind::Index { base: &#base, index: &#index, source: #source })
            }
            Kind::Method { site, receiver, method, arguments, .. } => {
                let site = match site {
                    Some(site) => quote!(::core::option::Option::Some(#site)),
                    None => quote!(::core::option::Option::None),
                };
                let (name, receiver, source) = (plain(method), self.expression(receiver), source(&expression.tokens));
                let arguments = arguments.iter().map(|argument| self.expression(argument));
                quote!(#kind::Method {
                    site: #site, name: #name, receiver: &#receiver, arguments: &[#(&#arguments),*], source: #source
                })
            }
            Kind::Closure { captures, body, .. } => {
                let captures = captures.iter().map(|capture| {
                    let (local, name, site, path) =
                        (capture.binding.local, capture.binding.text(), capture.site, &capture.path);
                    let binding = quote!(#syntax::Binding { local: #local, name: #name });
                    quote!(#syntax::Capture { binding: #binding, site: #site, path: &[#(#path),*] })
                });
                let body = self.expression(body);
                quote!(#kind::Closure { captures: &[#(#captures),*], body: &#body })
            }
            Kind::Widen { site, value, .. } | Kind::Some { site, value, .. } | Kind::Text { site, value } => {
                let value = self.expression(value);
                quote!(#kind::Convert { site: #site, value: &#value })
            }
            Kind::Format { site, pieces } => {
                let pieces = pieces.iter().map(|piece| match piece {
                    Piece::Literal(text) => quote!(#syntax::Piece::Literal(#text)),
                    Piece::Value(value) => {
                        let value = self.expression(value);
                        quote!(#syntax::Piece::Value(&#value))
                    }
                });
                quote!(#kind::Format { site: #site, pieces: &[#(#pieces),*] })
            }
            Kind::List { site, items } => {
                let items = items.iter().map(|item| self.expression(item));
                quote!(#kind::List { site: #site, items: &[#(&#items),*] })
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
