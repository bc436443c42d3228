//! All that is wrong with a task, as far as tokens tell.

use super::address::{self, Address};
use super::syntax::{Arguments, ErrorName, MOST_PARAMETERS, Retry, TaskFunction};
use crate::errors::Errors;

/// Adds every finding to `errors`.
pub(super) fn check(function: &TaskFunction, arguments: &Arguments, errors: &mut Errors) {
    address::check(arguments, &function.signature.ident, errors);
    limits(arguments, errors);
    policies(arguments, errors);
    signature(function, errors);
    tokens(function, arguments, errors);
}

fn limits(arguments: &Arguments, errors: &mut Errors) {
    if let (Some(timeout), Some(heartbeat)) = (arguments.timeout, arguments.heartbeat)
        && heartbeat.count >= timeout.count
    {
        errors.at_span(heartbeat.span, "SFN053", "a heartbeat is shorter than the timeout");
    }
    if let (Some(heartbeat), [address]) = (arguments.heartbeat, &arguments.addresses()[..])
        && !arguments.is_callback()
        && !matches!(address, Address::Activity(_))
    {
        let message = "a heartbeat has no effect here: only who holds a token and workers of an activity send some; \
                       use `timeout`, or make it a task with `callback` or `activity`";
        errors.at_span(heartbeat.span, "SFN055", message);
    }
}

/// A callback has one token, any other task none.
fn tokens(function: &TaskFunction, arguments: &Arguments, errors: &mut Errors) {
    let parameters = function.parameters();
    let mut tokens = parameters.iter().filter(|parameter| parameter.is_token());
    if !arguments.is_callback() {
        for token in tokens {
            let message = "a token is given to callbacks: `#[task(callback, ..)]`";
            errors.at(token.kind, "SFN057", message);
        }
        return;
    }
    if tokens.next().is_none() && !arguments.broken {
        let message = "nobody could answer: a callback has a parameter `token: TaskToken`";
        errors.at_span(function.signature.paren_token.span.close(), "SFN057", message);
    }
    for token in tokens {
        errors.at(token.kind, "SFN057", "a task has one token");
    }
}

/// AWS's rule: `States.ALL` is the only error of the last policy.
fn policies(arguments: &Arguments, errors: &mut Errors) {
    let policies = arguments.retry.iter().filter_map(|retry| match retry {
        Retry::Policy(policy) => Some(policy),
        Retry::None => None,
    });
    let policies: Vec<_> = policies.collect();
    for (index, policy) in policies.iter().enumerate() {
        for name in &policy.on.0 {
            let ErrorName::Text(text) = name else { continue };
            if text.value() == "States.ALL" && (policy.on.0.len() > 1 || index + 1 < policies.len()) {
                errors.at(text, "SFN056", "`States.ALL` stands alone, in the last policy");
            }
        }
    }
}

fn signature(function: &TaskFunction, errors: &mut Errors) {
    let signature = &function.signature;
    let expected = format!("expected `async fn {}(request: Request) -> Result<Output, Error>`", signature.ident);
    if signature.asyncness.is_none() {
        errors.at(signature.fn_token, "SFN001", format!("a task is an `async fn`: {expected}"));
    }
    if !signature.generics.params.is_empty() {
        errors.at(&signature.generics, "SFN002", "a task has no type parameters and no lifetimes");
    } else if let Some(clause) = &signature.generics.where_clause {
        errors.at(clause, "SFN002", "a task has no `where` clause");
    }
    if let Some(abi) = &signature.abi {
        errors.at(abi, "SFN003", "a task is not `extern`");
    }
    if let syn::ReturnType::Default = signature.output {
        let message = format!("a task returns a `Result`: {expected}");
        errors.at_span(signature.paren_token.span.close(), "SFN001", message);
    }
    for input in &signature.inputs {
        match input {
            syn::FnArg::Receiver(receiver) => {
                errors.at(receiver, "SFN001", format!("a task is a free function: {expected}"));
            }
            syn::FnArg::Typed(typed) => {
                if !matches!(&*typed.pat, syn::Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none()) {
                    errors.at(&typed.pat, "SFN001", "a parameter of a task has a name: it may be a key of the payload");
                }
                match &*typed.ty {
                    syn::Type::Reference(reference) => {
                        errors.at(reference.and_token, "SFN002", "a parameter of a task is owned: drop the `&`");
                    }
                    syn::Type::ImplTrait(generic) => {
                        errors.at(generic, "SFN002", "a task has no type parameters");
                    }
                    _ => {}
                }
            }
        }
    }
    if signature.inputs.len() > MOST_PARAMETERS {
        let message = format!("a task has at most {MOST_PARAMETERS} parameters; put them into a struct");
        errors.at(&signature.inputs[MOST_PARAMETERS], "SFN001", message);
    }
}
