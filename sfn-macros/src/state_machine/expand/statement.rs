//! Statements and results in the body that rustc checks.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::Expander;
use crate::state_machine::syntax::{Block, Effect, Expression, Kind, Pattern, Statement};

impl Expander<'_> {
    pub(super) fn block(&mut self, block: &Block) -> TokenStream {
        let statements: Vec<_> = block.statements.iter().map(|statement| self.statement(statement)).collect();
        let tail = block.tail.as_ref().map(|tail| self.result(tail));
        quote!(#(#statements)* #tail)
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> TokenStream {
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
    pub(super) fn result(&mut self, expression: &Expression) -> TokenStream {
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

    pub(super) fn result_value(&mut self, expression: &Expression) -> TokenStream {
        match &expression.kind {
            Kind::Success { function, value } => {
                let value = self.value(value);
                quote_spanned!(expression.span=> #function(#value))
            }
            Kind::Return { value: Some(value), .. } => self.result_value(value),
            _ => self.value(expression),
        }
    }
}

fn has_undo(expression: &Expression) -> bool {
    let Kind::Try { value, .. } = &expression.kind else { return false };
    matches!(&value.kind, Kind::Await { effect, .. } if matches!(**effect, Effect::Call { undo: Some(_), .. }))
}
