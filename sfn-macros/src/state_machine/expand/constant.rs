//! The syntax as a constant, which the lowering reads.

use proc_macro2::TokenStream;
use quote::quote;

use super::plain;
use crate::state_machine::syntax::{
    Binding, Block, Call, Effect, Expression, Kind, MachineFunction, Pattern, Statement, Undo,
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
