//! All that is wrong with a state machine's function, as far as tokens tell.

use syn::spanned::Spanned;

mod branch;
mod control;

use super::syntax::{
    Block, Call, Effect, Expression, Kind, MachineFunction, Pattern, Piece, SUPPORTED, Statement, Undo, Unsupported,
};
use crate::errors::Errors;
use control::statement_diverges;

const UNREACHABLE: &str = "this is never reached";

/// Adds every finding to `errors`.
pub(super) fn check(machine: &MachineFunction, errors: &mut Errors) {
    signature(machine, errors);
    let mut checker = Checker { errors, name: &machine.signature.ident, loops: 0, operand: false, in_branch: false };
    checker.result_block(&machine.body);
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
    /// The machine itself.
    name: &'a syn::Ident,
    /// How many loops are around: a compensation is registered outside of all.
    loops: usize,
    /// Inside of an operand, whose neighbours are read when all of them are known.
    operand: bool,
    /// Inside of a branch of `try_join!` or of what `map(..).each(..)` does.
    in_branch: bool,
}

impl Checker<'_> {
    /// A block whose tail is a result of the machine.
    fn result_block(&mut self, block: &Block) {
        let ended = self.statements(block);
        match &block.tail {
            Some(tail) => {
                self.attributes(&tail.attributes);
                self.result(tail);
            }
            None if !ended => {
                self.errors.at_span(block.end, "SFN005", self.ends());
            }
            None => {}
        }
    }

    /// A block whose tail is data.
    fn block(&mut self, block: &Block) {
        self.statements(block);
        if let Some(tail) = &block.tail {
            self.attributes(&tail.attributes);
            self.value(tail);
        }
    }

    /// True when the end of the statements is never reached; what stands behind that is a finding.
    fn statements(&mut self, block: &Block) -> bool {
        let mut ended = false;
        let mut reported = false;
        for statement in &block.statements {
            if ended && !reported {
                reported = true;
                self.unreachable(statement);
            }
            self.statement(statement);
            ended |= statement_diverges(statement);
        }
        if let Some(tail) = block.tail.as_ref().filter(|_| ended && !reported) {
            self.errors.at(&tail.tokens, "SFN051", UNREACHABLE);
        }
        ended
    }

    fn unreachable(&mut self, statement: &Statement) {
        let tokens = match statement {
            Statement::Let { tokens, .. } => tokens,
            Statement::Expression { value, .. } => &value.tokens,
            Statement::Unsupported(unsupported) => &unsupported.tokens,
        };
        self.errors.at(tokens, "SFN051", UNREACHABLE);
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Unsupported(unsupported) => self.unsupported(unsupported),
            Statement::Let { attributes, pattern, value, otherwise, .. } => {
                self.attributes(attributes);
                self.pattern(pattern);
                if let Some(value) = value
                    && !(otherwise.is_some() && self.looked_at(value, pattern))
                {
                    self.value(value);
                }
                if let Some(otherwise) = otherwise {
                    self.block(otherwise);
                }
            }
            Statement::Expression { attributes, value, .. } => {
                self.attributes(attributes);
                self.value(value);
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
            Kind::Control(control) => self.control_result(control, expression),
            Kind::Try { .. } => {
                self.value(expression);
                let what = if self.in_branch { "a branch" } else { "a state machine" };
                let message = format!("{what} ends in a `Result`: `Ok(..)`, or the awaited call without `?`");
                self.errors.at(&expression.tokens, "SFN005", message);
            }
            _ => {
                self.errors.at(&expression.tokens, "SFN005", self.ends());
            }
        }
    }

    /// An expression that yields data.
    fn value(&mut self, expression: &Expression) {
        match &expression.kind {
            Kind::Local { .. } | Kind::Constant { .. } => {}
            Kind::Field { base, .. } => self.value(base),
            Kind::Structure { fields, rest, .. } => {
                fields.iter().for_each(|(_, value)| self.operand(value));
                rest.iter().for_each(|rest| self.operand(rest));
            }
            Kind::Tuple { items, .. } | Kind::Built { items, .. } => items.iter().for_each(|item| self.operand(item)),
            Kind::Try { value, question } => match &value.kind {
                Kind::Await { effect, .. } => self.effect(effect),
                Kind::Unsupported(unsupported) => self.unsupported(unsupported),
                Kind::Call => self.call_without_await(value),
                _ => self.errors.at(question, "SFN006", "`?` follows an awaited call: `task(..).await?`"),
            },
            Kind::Await { effect, .. } if matches!(**effect, Effect::Pause(_)) => self.effect(effect),
            Kind::Await { effect, dot_await, .. } => {
                self.effect(effect);
                let message = match **effect {
                    Effect::Join(_) => {
                        "results as data are not supported yet: `try_join!(..)?`, or `match try_join!(..) { Ok(..) => .., Err(e) => .. }`"
                    }
                    _ => {
                        "results as data are not supported yet: `task(..).await?`, `match task(..).await { Ok(..) => .., Err(..) => .. }`, \
                         `if let Err(..) = ..`, or `.await.ok()` to pass over a failure"
                    }
                };
                self.errors.at(dot_await, "SFN006", message);
            }
            Kind::Success { function, value } => {
                self.value(value);
                let message = "results as data are not supported yet; `Ok(..)` is what the machine returns";
                self.errors.at(function, "SFN004", message);
            }
            Kind::Return { value: Some(value), .. } => self.result(value),
            Kind::Return { keyword, value: None } => {
                self.errors.at(keyword, "SFN005", "a state machine returns a value: `return Ok(..)`");
            }
            Kind::Control(control) => self.control(control),
            Kind::Binary { left, operator, right } => {
                self.operand(left);
                self.operand(right);
                if matches!(operator, syn::BinOp::And(_) | syn::BinOp::Or(_)) {
                    self.awaits_nothing(
                        right,
                        "the right side of `&&` and `||` awaits nothing: await it before, in a `let`",
                    );
                }
            }
            Kind::Unary { value, .. }
            | Kind::Dereference { value, .. }
            | Kind::Reference { value, .. }
            | Kind::Widen { value, .. }
            | Kind::Text { value, .. }
            | Kind::Some { value, .. }
            | Kind::Boxed { value, .. }
            | Kind::Narrow { value, .. } => self.value(value),
            Kind::Repeat { item: base, count: index, .. } | Kind::Index { base, index } => {
                self.operand(base);
                self.operand(index);
            }
            Kind::Method { receiver, method, arguments, .. } => {
                if expression.yields_items() {
                    let message =
                        "an iterator is no data: end it with `.collect::<Vec<_>>()`, `.sum()`, `.any(..)` or the like";
                    self.errors.at(method, "SFN031", message);
                }
                self.items(receiver);
                arguments.iter().for_each(|argument| self.items(argument));
            }
            Kind::Closure { body, .. } => {
                self.operand(body);
                self.awaits_nothing(body, "a closure awaits nothing: it becomes one expression");
            }
            Kind::Format { pieces, .. } => pieces.iter().filter_map(Piece::value).for_each(|value| self.operand(value)),
            Kind::List { items, .. } => items.iter().for_each(|item| self.operand(item)),
            Kind::Call => self.call_without_await(expression),
            Kind::Unsupported(unsupported) => self.unsupported(unsupported),
        }
    }

    /// What a method is called on or takes: data, or an iterator.
    pub(super) fn items(&mut self, expression: &Expression) {
        let Kind::Method { receiver, arguments, .. } = &expression.kind else { return self.value(expression) };
        self.items(receiver);
        arguments.iter().for_each(|argument| self.items(argument));
    }

    fn awaits_nothing(&mut self, expression: &Expression, message: &str) {
        if let Some(awaited) = awaited(expression) {
            self.errors.at(&awaited.tokens, "SFN013", message);
        } else if let Some(steering) = control::steering(expression) {
            let message =
                "here stands one expression: only `match`, and `if` with `else`, without statements steer in it";
            self.errors.at(&steering.tokens, "SFN013", message);
        }
    }

    fn effect(&mut self, effect: &Effect) {
        match effect {
            Effect::Pause(pause) => self.operand(&pause.amount),
            Effect::Call { call, start, undo, .. } => {
                if start.is_none() {
                    self.recursion(call);
                }
                self.call(call);
                if let Some(undo) = undo {
                    if self.in_branch {
                        let message = "a compensation cannot be registered inside of a branch: what the branch did is known \
                                       behind all branches only; call the task before or behind them with `.undo(..)`, or \
                                       look at the error in `match try_join!(..)`";
                        self.errors.at(&undo.method, "SFN022", message);
                    } else if self.loops > 0 {
                        let message = "a compensation is registered outside of loops; behind the loop, one task can undo what \
                                       its rounds did";
                        self.errors.at(&undo.method, "SFN022", message);
                    }
                    self.undo(undo);
                }
            }
            Effect::Unsupported(unsupported) => self.unsupported(unsupported),
            Effect::Join(join) => join.branches.iter().for_each(|branch| self.branch(branch)),
            Effect::Each(each) => self.each(each),
        }
    }

    fn recursion(&mut self, call: &Call) {
        if *self.name == call.function.to_string() {
            let message = "a state machine does not await itself: start a nested execution with `.start()`, or loop";
            self.errors.at(&call.function, "SFN023", message);
        }
    }

    fn call(&mut self, call: &Call) {
        call.arguments.iter().for_each(|argument| self.operand(argument));
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
        if self.refused_call(expression) {
            return;
        }
        if self.operand {
            let message = "a plain function cannot be called in a state machine: make it a `#[task]` and await it, or write its \
                           expression here; a task is called with `task(..).await?`";
            self.errors.at(&expression.tokens, "SFN035", message);
            return;
        }
        let message = format!(
            "a task call does nothing until it is awaited: `task(..).await?`; a plain function cannot be called in a \
             state machine, make it a `#[task]`; {SUPPORTED}"
        );
        self.errors.at(&expression.tokens, "SFN011", message);
    }

    fn pattern(&mut self, pattern: &Pattern) {
        let mut found = Vec::new();
        pattern.shape.unsupported(&mut |unsupported| found.push(unsupported));
        found.into_iter().for_each(|unsupported| self.unsupported(unsupported));
    }

    fn attributes(&mut self, attributes: &[syn::Attribute]) {
        for attribute in attributes {
            if attribute.path().is_ident("state") {
                match attribute.parse_args::<syn::LitStr>() {
                    Ok(name) if name.value().chars().count() > 80 || name.value().is_empty() => {
                        self.errors.at(name, "SFN050", "the name of a state has 1 to 80 characters");
                    }
                    Ok(_) => {}
                    Err(_) => self.errors.at(attribute, "SFN050", "the name of a state: `#[state(\"Name\")]`"),
                }
            } else if !["doc", "allow", "expect", "warn", "deny", "forbid"]
                .iter()
                .any(|lint| attribute.path().is_ident(lint))
            {
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
        Kind::Field { base: value, .. }
        | Kind::Try { value, .. }
        | Kind::Success { value, .. }
        | Kind::Unary { value, .. }
        | Kind::Dereference { value, .. }
        | Kind::Reference { value, .. }
        | Kind::Widen { value, .. }
        | Kind::Text { value, .. }
        | Kind::Some { value, .. }
        | Kind::Boxed { value, .. }
        | Kind::Narrow { value, .. }
        | Kind::Closure { body: value, .. } => awaited(value),
        Kind::Binary { left: first, right: second, .. }
        | Kind::Index { base: first, index: second }
        | Kind::Repeat { item: first, count: second, .. } => awaited(first).or_else(|| awaited(second)),
        Kind::Method { receiver, arguments, .. } => awaited(receiver).or_else(|| arguments.iter().find_map(awaited)),
        Kind::Structure { fields, rest, .. } => {
            fields.iter().find_map(|(_, value)| awaited(value)).or_else(|| rest.as_deref().and_then(awaited))
        }
        Kind::Tuple { items, .. } | Kind::List { items, .. } | Kind::Built { items, .. } => {
            items.iter().find_map(awaited)
        }
        Kind::Format { pieces, .. } => pieces.iter().filter_map(Piece::value).find_map(awaited),
        Kind::Control(_) => control::awaits(expression).then_some(expression),
        _ => None,
    }
}
