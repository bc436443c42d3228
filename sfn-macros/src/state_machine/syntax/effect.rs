//! What is awaited: calls of tasks, and what is chained to them.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

use super::{Each, Expression, Join, Pattern, Reader, Unsupported};

/// What is awaited.
pub(in crate::state_machine) enum Effect {
    /// `start` is the method of a call whose end is not awaited.
    Call {
        call: Call,
        settings: Vec<Setting>,
        start: Option<Ident>,
        undo: Option<Undo>,
    },
    Pause(Pause),
    Unsupported(Unsupported),
    Join(Join),
    Each(Box<Each>),
}

/// `sleep(secs(count))`, `sleep_until(time)`
pub(in crate::state_machine) struct Pause {
    pub(in crate::state_machine) function: TokenStream,
    /// `secs` and its kin; `None` where the argument is the time itself.
    pub(in crate::state_machine) unit: Option<(TokenStream, u64)>,
    pub(in crate::state_machine) amount: Expression,
    pub(in crate::state_machine) span: Span,
}

/// `.timeout(..)`, `.heartbeat(..)`, `.retry(on!(..), ..)`: known before the machine runs.
pub(in crate::state_machine) struct Setting {
    pub(in crate::state_machine) method: Ident,
    pub(in crate::state_machine) arguments: Vec<SettingArgument>,
}

/// An argument of a [`Setting`].
pub(in crate::state_machine) enum SettingArgument {
    /// `on!(Enum::Variant, "Name")`
    Errors(Vec<syn::Expr>),
    Plain(TokenStream),
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
            syn::Expr::Call(call) if let Some(until) = pauses(&call.func) => self.pause(call, until),
            syn::Expr::Call(call) => match self.call(call) {
                Ok(call) => Effect::Call { call, settings: Vec::new(), start: None, undo: None },
                Err(unsupported) => Effect::Unsupported(unsupported),
            },
            syn::Expr::MethodCall(method) if method.method == "undo" => match self.effect(&method.receiver) {
                Effect::Call { undo: Some(_), .. } => Effect::Unsupported(Unsupported::new(
                    &method.method,
                    "SFN007",
                    "a call has one compensation; call both tasks in a task of your own, or undo a later call",
                )),
                Effect::Call { start: Some(start), .. } => Effect::Unsupported(Unsupported::new(
                    start,
                    "SFN007",
                    "an execution that is only started has no end after which it could be undone",
                )),
                Effect::Call { call, settings, start, undo: None } => match self.undo(method) {
                    Ok(undo) => Effect::Call { call, settings, start, undo: Some(undo) },
                    Err(unsupported) => Effect::Unsupported(unsupported),
                },
                unsupported => unsupported,
            },
            syn::Expr::MethodCall(method)
                if ["timeout", "heartbeat", "retry"].iter().any(|name| method.method == name) =>
            {
                match (self.effect(&method.receiver), self.setting(method)) {
                    (Effect::Call { call, mut settings, start, undo }, Ok(setting)) => {
                        settings.push(setting);
                        Effect::Call { call, settings, start, undo }
                    }
                    (Effect::Call { .. }, Err(unsupported)) => Effect::Unsupported(unsupported),
                    (other, _) => other,
                }
            }
            syn::Expr::MethodCall(method) if method.method == "each" => self.each(method).unwrap_or_else(|| {
                let message = "`each` is called on `map(..)`: `map(items).each(|item| task(item)).await?`";
                Effect::Unsupported(Unsupported::new(&method.method, "SFN031", message))
            }),
            syn::Expr::MethodCall(method) if method.method == "start" && method.args.is_empty() => {
                match self.effect(&method.receiver) {
                    Effect::Call { undo: Some(_), .. } => Effect::Unsupported(Unsupported::new(
                        &method.method,
                        "SFN007",
                        "an execution that is only started has no end after which it could be undone",
                    )),
                    Effect::Call { call, settings, start: None, undo } => {
                        Effect::Call { call, settings, start: Some(method.method.clone()), undo }
                    }
                    Effect::Call { .. } => {
                        Effect::Unsupported(Unsupported::new(&method.method, "SFN031", "an execution is started once"))
                    }
                    other => other,
                }
            }
            syn::Expr::MethodCall(method) => Effect::Unsupported(Unsupported::new(
                &method.method,
                "SFN031",
                format!(
                    "the method `{}` is not supported on a call; supported are `.undo(..)`, `.timeout(..)`, \
                     `.heartbeat(..)`, `.retry(..)`, of a state machine `.start()`, and, behind `.await`, `.ok()`",
                    method.method
                ),
            )),
            syn::Expr::Async(block) => {
                let message = "an `async` block is a branch of `try_join!(..)` or what `map(..).each(..)` does; elsewhere \
                               write its statements without it";
                Effect::Unsupported(Unsupported::new(block.async_token, "SFN012", message))
            }
            other => Effect::Unsupported(Unsupported::new(
                other,
                "SFN010",
                "only the call of a task can be awaited: `task(..).await?`",
            )),
        }
    }

    fn pause(&mut self, call: &syn::ExprCall, until: bool) -> Effect {
        let form =
            if until { "`sleep_until(time)` takes a time as text" } else { "`sleep(secs(30))` takes a length of time" };
        let argument = match call.args.first() {
            Some(argument) if call.args.len() == 1 => argument,
            _ => return Effect::Unsupported(Unsupported::new(call, "SFN004", form)),
        };
        let (unit, amount) = match argument {
            argument if until => (None, argument),
            syn::Expr::Call(length) if length.args.len() == 1 => match seconds(&length.func) {
                Some(seconds) => (Some((length.func.to_token_stream(), seconds)), &length.args[0]),
                None => return Effect::Unsupported(Unsupported::new(argument, "SFN004", form)),
            },
            other => return Effect::Unsupported(Unsupported::new(other, "SFN004", form)),
        };
        let amount = self.expression(amount);
        Effect::Pause(Pause { function: call.func.to_token_stream(), unit, amount, span: call.func.span() })
    }

    fn setting(&mut self, method: &syn::ExprMethodCall) -> Result<Setting, Unsupported> {
        let mut arguments = Vec::new();
        for argument in &method.args {
            if let Some(local) = self.mentioned_local(argument.to_token_stream()) {
                let message = "a setting of a call is written there and known before the machine runs, `days(1)`; it reads no variable";
                return Err(Unsupported::new(local, "SFN031", message));
            }
            arguments.push(match argument {
                syn::Expr::Macro(call) if call.mac.path.segments.last().is_some_and(|last| last.ident == "on") => {
                    let parser = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
                    match parser.parse2(call.mac.tokens.clone()) {
                        Ok(errors) => SettingArgument::Errors(errors.into_iter().collect()),
                        Err(error) => {
                            let message = format!("`on!` lists variants and names of errors: {error}");
                            return Err(Unsupported::new(&call.mac.path, "SFN008", message));
                        }
                    }
                }
                other => SettingArgument::Plain(other.to_token_stream()),
            });
        }
        Ok(Setting { method: method.method.clone(), arguments })
    }

    fn mentioned_local(&self, tokens: TokenStream) -> Option<Ident> {
        tokens.into_iter().find_map(|token| match token {
            TokenTree::Ident(name) if self.scope.contains_key(&name.unraw().to_string()) => Some(name),
            TokenTree::Group(group) => self.mentioned_local(group.stream()),
            _ => None,
        })
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
        if parameter.simple().is_none() {
            self.scope = outer;
            return Err(Unsupported::new(pattern, "SFN007", "the closure's parameter is a plain name or `_`"));
        }
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

/// True for `sleep_until`, false for `sleep`.
fn pauses(function: &syn::Expr) -> Option<bool> {
    let name = last_name(function)?;
    match name.as_str() {
        "sleep" => Some(false),
        "sleep_until" => Some(true),
        _ => None,
    }
}

/// How many seconds a unit of time has.
fn seconds(function: &syn::Expr) -> Option<u64> {
    match last_name(function)?.as_str() {
        "secs" => Some(1),
        "minutes" => Some(60),
        "hours" => Some(3_600),
        "days" => Some(86_400),
        _ => None,
    }
}

fn last_name(function: &syn::Expr) -> Option<String> {
    let syn::Expr::Path(path) = function else { return None };
    path.path.segments.last().map(|segment| segment.ident.unraw().to_string())
}
