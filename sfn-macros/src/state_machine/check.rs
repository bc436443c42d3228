//! All that is wrong with a state machine's function, as far as tokens tell.

use syn::spanned::Spanned;

use super::syntax::{
    Block, Call, Effect, Expression, Kind, MachineFunction, Pattern, SUPPORTED, Statement, Undo, Unsupported,
};
use crate::errors::Errors;

/// Adds every finding to `errors`.
pub(super) fn check(machine: &MachineFunction, errors: &mut Errors) {
    signature(machine, errors);
    let mut checker = Checker { errors };
    checker.block(&machine.body);
}

fn signature(machine: &MachineFunction, errors: &mut Errors) {
    let signature = &machine.signature;
    let expected = format!("expected `async fn {}(input: Input) -> Result<Output, sfn_core::Error>`", signature.ident);
    if signature.asyncness.is_none() {
        errors.at(signature.fn_token, "SFN001", format!("a state machine is an `async fn`: {expected}"));
    }
    if let Some(unsafety) = safety(signature) {
        errors.at_span(unsafety, "SFN003", "a state machine is not `unsafe`");
    }
    if let Some(abi) = &signature.abi {
        errors.at(abi, "SFN003", "a state machine is not `extern`");
    }
    if let Some(constness) = &signature.constness {
        errors.at(constness, "SFN003", "a state machine is not `const`");
    }
    if !signature.generics.params.is_empty() {
        errors.at(&signature.generics, "SFN002", "a state machine has no type parameters and no lifetimes");
    } else if let Some(clause) = &signature.generics.where_clause {
        errors.at(clause, "SFN002", "a state machine has no `where` clause");
    }
    if machine.returned.is_none() {
        let message = format!("a state machine returns a `Result`: {expected}");
        errors.at_span(signature.paren_token.span.close(), "SFN001", message);
    }
    let mut inputs = signature.inputs.iter();
    match inputs.next() {
        None => {
            let message = format!("a state machine has one parameter, its input: {expected}");
            errors.at_span(signature.paren_token.span.close(), "SFN001", message);
        }
        Some(syn::FnArg::Receiver(receiver)) => {
            errors.at(receiver, "SFN001", format!("a state machine is a free function: {expected}"));
        }
        Some(syn::FnArg::Typed(typed)) => {
            if machine.parameter.is_none() {
                errors.at(&typed.pat, "SFN001", "the parameter of a state machine is a plain name or `_`");
            }
            match &*typed.ty {
                syn::Type::Reference(reference) => {
                    let message = "the input of a state machine is owned: drop the `&`";
                    errors.at(reference.and_token, "SFN002", message);
                }
                syn::Type::ImplTrait(generic) => {
                    errors.at(generic, "SFN002", "a state machine has no type parameters");
                }
                _ => {}
            }
        }
    }
    for extra in inputs {
        let message = "a state machine has one parameter; put all of its input into one struct";
        errors.at(extra, "SFN001", message);
    }
}

fn safety(signature: &syn::Signature) -> Option<proc_macro2::Span> {
    match &signature.safety {
        syn::Safety::Unsafe(keyword) => Some(keyword.span()),
        syn::Safety::Safe(keyword) => Some(keyword.span()),
        syn::Safety::Default => None,
    }
}

struct Checker<'a> {
    errors: &'a mut Errors,
}

impl Checker<'_> {
    fn block(&mut self, block: &Block) {
        let mut ended = false;
        let mut unreachable = false;
        for statement in &block.statements {
            if ended && !unreachable {
                unreachable = true;
                self.unreachable(statement);
            }
            ended |= self.statement(statement);
        }
        match &block.tail {
            Some(tail) if ended && !unreachable => {
                self.errors.at(&tail.tokens, "SFN051", "this is never reached: the machine has returned");
                self.result(tail);
            }
            Some(tail) => self.result(tail),
            None if !ended => {
                let message = "a state machine ends in `Ok(..)`, in `return` or in an awaited call";
                self.errors.at_span(block.end, "SFN005", message);
            }
            None => {}
        }
    }

    fn unreachable(&mut self, statement: &Statement) {
        let message = "this is never reached: the machine has returned";
        let tokens = match statement {
            Statement::Let { tokens, .. } => tokens,
            Statement::Expression { value, .. } => &value.tokens,
            Statement::Unsupported(unsupported) => &unsupported.tokens,
        };
        self.errors.at(tokens, "SFN051", message);
    }

    /// True when the statement ends the machine.
    fn statement(&mut self, statement: &Statement) -> bool {
        match statement {
            Statement::Unsupported(unsupported) => {
                self.unsupported(unsupported);
                false
            }
            Statement::Let { attributes, pattern, value, tokens } => {
                self.attributes(attributes);
                self.pattern(pattern);
                match value {
                    Some(value) => self.value(value),
                    None => self.errors.at(tokens, "SFN004", "a `let` without a value is not supported yet"),
                }
                false
            }
            Statement::Expression { attributes, value } => {
                self.attributes(attributes);
                if let Kind::Return { keyword, value: returned } = &value.kind {
                    match returned {
                        Some(returned) => self.result(returned),
                        None => {
                            let message = "a state machine returns a value: `return Ok(..)`";
                            self.errors.at(keyword, "SFN005", message);
                        }
                    }
                    return true;
                }
                self.value(value);
                false
            }
        }
    }

    /// An expression that yields the result of the machine.
    fn result(&mut self, expression: &Expression) {
        match &expression.kind {
            Kind::Success { value, .. } => self.value(value),
            Kind::Await { effect, .. } => self.effect(effect),
            Kind::Return { value: Some(value), .. } => self.result(value),
            Kind::Unsupported(unsupported) => self.unsupported(unsupported),
            Kind::Call => self.call_without_await(expression),
            Kind::Try { .. } => {
                self.value(expression);
                let message = "a state machine ends in a `Result`: `Ok(..)`, or the awaited call without `?`";
                self.errors.at(&expression.tokens, "SFN005", message);
            }
            _ => {
                let message = "a state machine ends in `Ok(..)`, in `return` or in an awaited call";
                self.errors.at(&expression.tokens, "SFN005", message);
            }
        }
    }

    /// An expression that yields data.
    fn value(&mut self, expression: &Expression) {
        match &expression.kind {
            Kind::Local { .. } | Kind::Constant { .. } => {}
            Kind::Field { base, .. } => self.value(base),
            Kind::Structure { fields, .. } => fields.iter().for_each(|(_, value)| self.value(value)),
            Kind::Tuple { items, .. } => items.iter().for_each(|item| self.value(item)),
            Kind::Try { value, question } => match &value.kind {
                Kind::Await { effect, .. } => self.effect(effect),
                Kind::Unsupported(unsupported) => self.unsupported(unsupported),
                Kind::Call => self.call_without_await(value),
                _ => self.errors.at(question, "SFN006", "`?` follows an awaited call: `task(..).await?`"),
            },
            Kind::Await { effect, dot_await, .. } => {
                self.effect(effect);
                let message = "an awaited call is followed by `?`; results as data are not supported yet";
                self.errors.at(dot_await, "SFN006", message);
            }
            Kind::Success { function, value } => {
                self.value(value);
                let message = "results as data are not supported yet; `Ok(..)` is what the machine returns";
                self.errors.at(function, "SFN004", message);
            }
            Kind::Return { keyword, .. } => {
                self.errors.at(keyword, "SFN004", "`return` inside of an expression is not supported");
            }
            Kind::Call => self.call_without_await(expression),
            Kind::Unsupported(unsupported) => self.unsupported(unsupported),
        }
    }

    fn effect(&mut self, effect: &Effect) {
        match effect {
            Effect::Call { call, undo } => {
                self.call(call);
                if let Some(undo) = undo {
                    self.undo(undo);
                }
            }
            Effect::Unsupported(unsupported) => self.unsupported(unsupported),
        }
    }

    fn call(&mut self, call: &Call) {
        call.arguments.iter().for_each(|argument| self.value(argument));
    }

    fn undo(&mut self, undo: &Undo) {
        self.pattern(&undo.parameter);
        match &undo.call {
            Err(unsupported) => self.unsupported(unsupported),
            Ok(call) => {
                for argument in &call.arguments {
                    if let Some(effect) = awaited(argument) {
                        let message = "a compensation awaits nothing";
                        self.errors.at(&effect.tokens, "SFN007", message);
                    } else {
                        self.value(argument);
                    }
                }
            }
        }
    }

    fn call_without_await(&mut self, expression: &Expression) {
        let message = format!(
            "a task call does nothing until it is awaited: `task(..).await?`; a plain function cannot be called in a \
             state machine, make it a `#[task]`; {SUPPORTED}"
        );
        self.errors.at(&expression.tokens, "SFN011", message);
    }

    fn pattern(&mut self, pattern: &Pattern) {
        if let Pattern::Unsupported(unsupported) = pattern {
            self.unsupported(unsupported);
        }
    }

    fn attributes(&mut self, attributes: &[syn::Attribute]) {
        for attribute in attributes {
            if !["allow", "expect", "warn", "deny", "forbid"].iter().any(|lint| attribute.path().is_ident(lint)) {
                self.errors.at(attribute, "SFN004", "this attribute is not supported inside of a state machine");
            }
        }
    }

    fn unsupported(&mut self, unsupported: &Unsupported) {
        self.errors.at(&unsupported.tokens, unsupported.code, &unsupported.message);
    }
}

/// An expression inside of `expression` that is awaited.
fn awaited(expression: &Expression) -> Option<&Expression> {
    match &expression.kind {
        Kind::Await { .. } => Some(expression),
        Kind::Field { base, .. } => awaited(base),
        Kind::Try { value, .. } | Kind::Success { value, .. } => awaited(value),
        Kind::Structure { fields, .. } => fields.iter().find_map(|(_, value)| awaited(value)),
        Kind::Tuple { items, .. } => items.iter().find_map(awaited),
        _ => None,
    }
}
