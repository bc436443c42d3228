//! What is awaited: calls of tasks, and what is chained to them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;

use super::{Expression, Pattern, Reader, Unsupported};

/// What is awaited.
pub(in crate::state_machine) enum Effect {
    Call { call: Call, undo: Option<Undo> },
    Unsupported(Unsupported),
}

/// `function(arguments)`
pub(in crate::state_machine) struct Call {
    pub(in crate::state_machine) function: TokenStream,
    pub(in crate::state_machine) arguments: Vec<Expression>,
    pub(in crate::state_machine) span: Span,
}

/// `.undo(|parameter| call)`
pub(in crate::state_machine) struct Undo {
    pub(in crate::state_machine) method: Ident,
    pub(in crate::state_machine) parameter: Pattern,
    pub(in crate::state_machine) call: Result<Call, Unsupported>,
}

impl Reader {
    pub(super) fn effect(&mut self, expression: &syn::Expr) -> Effect {
        match expression {
            syn::Expr::Paren(inner) => self.effect(&inner.expr),
            syn::Expr::Group(inner) => self.effect(&inner.expr),
            syn::Expr::Call(call) => match self.call(call) {
                Ok(call) => Effect::Call { call, undo: None },
                Err(unsupported) => Effect::Unsupported(unsupported),
            },
            syn::Expr::MethodCall(method) if method.method == "undo" => match self.effect(&method.receiver) {
                Effect::Call { undo: Some(_), .. } => Effect::Unsupported(Unsupported::new(
                    &method.method,
                    "SFN007",
                    "a call has one compensation; call both tasks in a task of your own, or undo a later call",
                )),
                Effect::Call { call, undo: None } => match self.undo(method) {
                    Ok(undo) => Effect::Call { call, undo: Some(undo) },
                    Err(unsupported) => Effect::Unsupported(unsupported),
                },
                unsupported => unsupported,
            },
            syn::Expr::MethodCall(method) => Effect::Unsupported(Unsupported::new(
                &method.method,
                "SFN031",
                format!("the method `{}` is not supported on a call; supported is `.undo(..)`", method.method),
            )),
            syn::Expr::Async(block) => {
                Effect::Unsupported(Unsupported::new(block.async_token, "SFN012", "an `async` block is not supported"))
            }
            other => Effect::Unsupported(Unsupported::new(
                other,
                "SFN010",
                "only the call of a task can be awaited: `task(..).await?`",
            )),
        }
    }

    pub(super) fn call(&mut self, call: &syn::ExprCall) -> Result<Call, Unsupported> {
        if !matches!(&*call.func, syn::Expr::Path(_)) {
            return Err(Unsupported::new(&call.func, "SFN010", "a task is called by its name"));
        }
        Ok(Call {
            function: call.func.to_token_stream(),
            arguments: call.args.iter().map(|argument| self.expression(argument)).collect(),
            span: call.func.span(),
        })
    }

    pub(super) fn undo(&mut self, method: &syn::ExprMethodCall) -> Result<Undo, Unsupported> {
        let form = "a compensation is a closure with one task call: `.undo(|output| task(output.id))`";
        let closure = match method.args.first() {
            Some(syn::Expr::Closure(closure)) if method.args.len() == 1 => closure,
            Some(other) => return Err(Unsupported::new(other, "SFN007", form)),
            None => return Err(Unsupported::new(&method.method, "SFN007", form)),
        };
        let extra: [Option<TokenStream>; 4] = [
            closure.lifetimes.as_ref().map(ToTokens::to_token_stream),
            closure.asyncness.as_ref().map(ToTokens::to_token_stream),
            closure.capture.as_ref().map(ToTokens::to_token_stream),
            matches!(closure.output, syn::ReturnType::Type(..)).then(|| closure.output.to_token_stream()),
        ];
        if let Some(extra) = extra.into_iter().flatten().next() {
            return Err(Unsupported::new(extra, "SFN007", form));
        }
        let [pattern] = closure.inputs.iter().collect::<Vec<_>>()[..] else {
            return Err(Unsupported::new(&closure.inputs, "SFN007", form));
        };
        let outer = self.scope.clone();
        let parameter = self.pattern(pattern);
        let call = match &*closure.body {
            syn::Expr::Call(call) => self.call(call),
            syn::Expr::Await(awaited) => Err(Unsupported::new(
                awaited.await_token,
                "SFN007",
                "the call of a compensation is not awaited: it is made when the workflow fails",
            )),
            other => Err(Unsupported::new(other, "SFN007", form)),
        };
        self.scope = outer;
        Ok(Undo { method: method.method.clone(), parameter, call })
    }
}
