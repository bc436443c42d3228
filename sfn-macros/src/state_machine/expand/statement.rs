//! Statements and results in the body that rustc checks.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::Expander;
use crate::state_machine::syntax::{Block, Control, Effect, Expression, Kind, Statement};

impl Expander<'_> {
    /// The statements of the body, its tail the machine's result.
    pub(super) fn body(&mut self, block: &Block) -> TokenStream {
        let statements: Vec<_> = block.statements.iter().map(|statement| self.statement(statement)).collect();
        let tail = block.tail.as_ref().map(|tail| self.result(tail));
        quote!(#(#statements)* #tail)
    }

    /// `{ .. }` whose tail is data.
    pub(super) fn block(&mut self, block: &Block) -> TokenStream {
        let statements: Vec<_> = block.statements.iter().map(|statement| self.statement(statement)).collect();
        let tail = block.tail.as_ref().map(|tail| {
            let (attributes, value) = (lints(&tail.attributes), self.value(tail));
            quote!(#(#attributes)* #value)
        });
        quote!({ #(#statements)* #tail })
    }

    /// `{ .. }` whose tail is a result of the machine.
    pub(super) fn result_block(&mut self, block: &Block) -> TokenStream {
        let statements: Vec<_> = block.statements.iter().map(|statement| self.statement(statement)).collect();
        let tail = block.tail.as_ref().map(|tail| self.result_value(tail));
        quote!({ #(#statements)* #tail })
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> TokenStream {
        match statement {
            Statement::Let { attributes, pattern, value: Some(value), otherwise, .. } => {
                let attributes = lints(attributes);
                // The name of a call that can be undone names the variable that the compensation reads.
                let used = pattern.simple().flatten().filter(|_| has_undo(value)).map(|binding| {
                    let name = &binding.name;
                    quote!(let _ = &#name;)
                });
                let value = self.value(value);
                let pattern = self.pattern(pattern);
                let Some(otherwise) = otherwise else { return quote!(#(#attributes)* let #pattern = #value; #used) };
                let otherwise = self.block(otherwise);
                quote!(#(#attributes)* let #pattern = (#value) else #otherwise;)
            }
            Statement::Let { attributes, pattern, value: None, .. } => {
                let pattern = &pattern.tokens;
                quote!(#(#attributes)* let #pattern;)
            }
            Statement::Expression { attributes, value, semicolon } => {
                let attributes = lints(attributes);
                let is_block = !semicolon && matches!(&value.kind, Kind::Control(_));
                let value = self.value(value);
                if is_block { quote!(#(#attributes)* #value) } else { quote!(#(#attributes)* #value;) }
            }
            Statement::Unsupported(_) => TokenStream::new(),
        }
    }

    /// The result of the machine: it goes through a `let` of its type, so that a wrong type is reported where it stands.
    pub(super) fn result(&mut self, expression: &Expression) -> TokenStream {
        let result = Ident::new("__sfn_result", Span::mixed_site());
        let returned = self.returned;
        let value = self.result_value(expression);
        if matches!(&expression.kind, Kind::Control(control) if matches!(**control, Control::Loop { .. } | Control::Fail { .. }))
        {
            // It never yields: what stood behind it would be reported as unreachable.
            return value;
        }
        quote!(let #result: #returned = #value; #result)
    }

    /// `return value`, which never yields.
    pub(super) fn leave(&mut self, keyword: &TokenStream, value: &Expression) -> TokenStream {
        let result = Ident::new("__sfn_result", Span::mixed_site());
        let returned = self.returned;
        let value = self.result_value(value);
        quote!({ let #result: #returned = #value; #keyword #result; })
    }

    pub(super) fn result_value(&mut self, expression: &Expression) -> TokenStream {
        match &expression.kind {
            Kind::Success { function, value } => {
                let value = self.value(value);
                quote_spanned!(expression.span=> #function(#value))
            }
            Kind::Return { value: Some(value), .. } => self.result_value(value),
            Kind::Control(control) => match &**control {
                Control::If { .. } | Control::Match { .. } | Control::Block { .. } => self.control(control, true),
                _ => self.value(expression),
            },
            Kind::Await { effect, .. } if self.in_branch => {
                let value = self.value(expression);
                self.branch_result(effect, value)
            }
            _ => self.value(expression),
        }
    }
}

/// What rustc is to see: neither the name nor the comment of a state.
fn lints(attributes: &[syn::Attribute]) -> impl Iterator<Item = &syn::Attribute> {
    let of_state = |attribute: &&syn::Attribute| ["state", "doc"].iter().any(|name| attribute.path().is_ident(name));
    attributes.iter().filter(move |attribute| !of_state(attribute))
}

fn has_undo(expression: &Expression) -> bool {
    let Kind::Try { value, .. } = &expression.kind else { return false };
    matches!(&value.kind, Kind::Await { effect, .. } if matches!(**effect, Effect::Call { undo: Some(_), .. }))
}
