//! The syntax as a constant, which the lowering reads.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::control::pattern_syntax;
use super::plain;
use crate::state_machine::syntax::{
    Binding, Block, Call, Condition, Control, Each, Effect, Expression, Items, Kind, MachineFunction, Pattern, Piece,
    Raised, Statement, Text, TextPart, Undo, VariantFields, source,
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
    let assigned = &machine.assigned;
    quote!(#syntax::Function {
        name: #name,
        parameter: #parameter,
        body: #body,
        timeout_seconds: #timeout,
        assigned: &[#(#assigned),*],
    })
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
        let tail = optional(block.tail.as_ref().map(|tail| {
            let tail = self.expression(tail);
            quote!(&#tail)
        }));
        let name = state_name(block.tail.as_ref().map_or(&[], |tail| &tail.attributes), syntax);
        quote!(#syntax::Block { statements: &[#(#statements),*], tail: #tail, tail_name: #name })
    }

    fn statement(&self, statement: &Statement) -> TokenStream {
        let syntax = &self.syntax;
        match statement {
            Statement::Let { attributes, pattern, value, otherwise, .. } => {
                let (name, pattern) = (state_name(attributes, syntax), self.pattern(pattern));
                let value = optional(value.as_ref().map(|value| {
                    let value = self.expression(value);
                    quote!(&#value)
                }));
                let otherwise = optional(otherwise.as_ref().map(|otherwise| self.block(otherwise)));
                quote!(#syntax::Statement::Let { name: #name, pattern: #pattern, value: #value, otherwise: #otherwise })
            }
            Statement::Expression { attributes, value, .. } => {
                let (name, value) = (state_name(attributes, syntax), self.expression(value));
                quote!(#syntax::Statement::Expression { name: #name, value: &#value })
            }
            Statement::Unsupported(_) => TokenStream::new(),
        }
    }

    fn pattern(&self, pattern: &Pattern) -> TokenStream {
        pattern_syntax(&pattern.shape, &self.syntax)
    }

    fn control(&self, control: &Control) -> TokenStream {
        let syntax = &self.syntax;
        let kind = quote!(#syntax::Control);
        match control {
            Control::Block { target, block, .. } => {
                let (target, block) = (optional(target.map(|target| quote!(#target))), self.block(block));
                quote!(#kind::Block { target: #target, block: #block })
            }
            Control::If { condition, then, otherwise, .. } => {
                let label = condition_label(condition);
                let (condition, then) = (self.condition(condition), self.block(then));
                let otherwise = optional(otherwise.as_ref().map(|otherwise| {
                    let otherwise = self.expression(otherwise);
                    quote!(&#otherwise)
                }));
                quote!(#kind::If { label: #label, condition: #condition, then: #then, otherwise: #otherwise })
            }
            Control::Match { subject, arms, .. } => {
                let label = path_label(subject).unwrap_or_default();
                let subject = self.expression(subject);
                let arms = arms.iter().map(|arm| {
                    let (pattern, body) = (self.pattern(&arm.pattern), self.expression(&arm.body));
                    let guard = optional(arm.guard.as_ref().map(|guard| {
                        let guard = self.expression(guard);
                        quote!(&#guard)
                    }));
                    quote!(#syntax::Arm { pattern: #pattern, guard: #guard, body: &#body })
                });
                quote!(#kind::Match { label: #label, subject: &#subject, arms: &[#(#arms),*] })
            }
            Control::Loop { target, body, .. } => {
                let body = self.block(body);
                quote!(#kind::Loop { target: #target, body: #body })
            }
            Control::While { target, condition, body, .. } => {
                let label = condition_label(condition);
                let (condition, body) = (self.condition(condition), self.block(body));
                quote!(#kind::While { label: #label, target: #target, condition: #condition, body: #body })
            }
            Control::For { target, pattern, items, body, .. } => {
                let (pattern, body) = (self.pattern(pattern), self.block(body));
                let items = match items {
                    Items::List(list) => {
                        let list = self.expression(list);
                        quote!(#syntax::Items::List(&#list))
                    }
                    Items::Iterator { items, site } => {
                        let items = self.expression(items);
                        quote!(#syntax::Items::Iterator { site: #site, items: &#items })
                    }
                    Items::Range { start, limits, end } => {
                        let (start, end) = (self.expression(start), self.expression(end));
                        let closed = matches!(limits, syn::RangeLimits::Closed(_));
                        quote!(#syntax::Items::Range { start: &#start, end: &#end, closed: #closed })
                    }
                };
                quote!(#kind::For { target: #target, pattern: #pattern, items: #items, body: #body })
            }
            Control::Break { target, value, .. } => {
                let target = target.unwrap_or(usize::MAX);
                let value = optional(value.as_ref().map(|value| {
                    let value = self.expression(value);
                    quote!(&#value)
                }));
                quote!(#kind::Break { target: #target, value: #value })
            }
            Control::Continue { target, .. } => {
                let target = target.unwrap_or(usize::MAX);
                quote!(#kind::Continue { target: #target })
            }
            Control::Assign { place, value, .. } => {
                let (local, value) = (place.binding.local, self.expression(value));
                match &place.fields[..] {
                    [] => quote!(#kind::Assign { local: #local, value: &#value }),
                    fields => {
                        let fields = fields.iter().map(member_name);
                        quote!(#kind::AssignField { local: #local, fields: &[#(#fields),*], value: &#value })
                    }
                }
            }
            Control::Required { option, error, is_lazy, .. } => {
                let label = path_label(option).unwrap_or_default();
                let (option, error) = (self.expression(option), self.raised(error));
                quote!(#kind::Required { label: #label, option: &#option, error: #error, is_lazy: #is_lazy })
            }
            Control::Change { place, method, arguments } => {
                let (local, method) = (place.binding.local, plain(method));
                let fields = place.fields.iter().map(member_name);
                let arguments = arguments.iter().map(|argument| self.expression(argument));
                quote!(#kind::Change {
                    local: #local, fields: &[#(#fields),*], method: #method, arguments: &[#(&#arguments),*]
                })
            }
            Control::Failure { error, .. } => {
                let error = self.raised(error);
                quote!(#kind::Failure { error: #error })
            }
            Control::Fail { error } => {
                let error = self.raised(error);
                quote!(#kind::Fail { error: #error })
            }
            Control::Recovered { call, .. } => {
                let call = self.expression(call);
                quote!(#kind::Recovered { call: &#call })
            }
        }
    }

    fn condition(&self, condition: &Condition) -> TokenStream {
        let syntax = &self.syntax;
        match condition {
            Condition::Value(value) => {
                let value = self.expression(value);
                quote!(#syntax::Condition::Value(&#value))
            }
            Condition::Let { pattern, value, .. } => {
                let (pattern, value) = (self.pattern(pattern), self.expression(value));
                quote!(#syntax::Condition::Let { pattern: #pattern, value: &#value })
            }
        }
    }

    fn raised(&self, error: &Raised) -> TokenStream {
        let syntax = &self.syntax;
        let kind = quote!(#syntax::Raised);
        match error {
            Raised::Caught { binding, .. } => {
                let local = binding.local;
                quote!(#kind::Caught { local: #local })
            }
            Raised::Variant { site, name, fields, .. } => {
                let fields = match fields {
                    VariantFields::None => Vec::new(),
                    VariantFields::Items(items) => items
                        .iter()
                        .enumerate()
                        .map(|(index, item)| {
                            let (name, item) = (index.to_string(), self.expression(item));
                            quote!((#name, &#item))
                        })
                        .collect(),
                    VariantFields::Named(fields) => fields
                        .iter()
                        .map(|(member, value)| {
                            let (name, value) = (member_name(member), self.expression(value));
                            quote!((#name, &#value))
                        })
                        .collect(),
                };
                quote!(#kind::Variant { site: #site, name: #name, fields: &[#(#fields),*] })
            }
            Raised::Named { name, cause, .. } => {
                let (name, cause) = (self.text(name), self.text(cause));
                quote!(#kind::Named { name: #name, cause: #cause })
            }
            Raised::Unsupported(_) => TokenStream::new(),
        }
    }

    fn text(&self, text: &Text) -> TokenStream {
        let syntax = &self.syntax;
        let parts = text.parts.iter().map(|part| match part {
            TextPart::Literal(literal) => quote!(#syntax::TextPart::Literal(#literal)),
            TextPart::Value(value) => {
                let value = self.expression(value);
                quote!(#syntax::TextPart::Value(&#value))
            }
        });
        quote!(&[#(#parts),*])
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
            Kind::Structure { site, name: last, fields, rest, .. } => {
                let fields = fields.iter().map(|(member, value)| {
                    let (name, value) = (member_name(member), self.expression(value));
                    quote!((#name, &#value))
                });
                match rest {
                    None => quote!(#kind::Structure { site: #site, name: #last, fields: &[#(#fields),*] }),
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
            Kind::Control(control) => {
                let control = self.control(control);
                quote!(#kind::Control(&#control))
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
            Kind::Widen { site, value, .. }
            | Kind::Some { site, value, .. }
            | Kind::Text { site, value }
            | Kind::Boxed { site, value, .. } => {
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
            Kind::Narrow { site, value, .. } => {
                let value = self.expression(value);
                quote!(#kind::Narrow { site: #site, value: &#value })
            }
            Kind::Repeat { site, item, count } => {
                let (item, count) = (self.expression(item), self.expression(count));
                quote!(#kind::Repeat { site: #site, item: &#item, count: &#count })
            }
            Kind::Built { site, name, items, .. } => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    let (index, item) = (index.to_string(), self.expression(item));
                    quote!((#index, &#item))
                });
                quote!(#kind::Structure { site: #site, name: #name, fields: &[#(#items),*] })
            }
            Kind::Return { value: None, .. } | Kind::Call | Kind::Unsupported(_) => TokenStream::new(),
        }
    }

    fn effect(&self, effect: &Effect) -> TokenStream {
        let syntax = &self.syntax;
        let (call, undo) = match effect {
            Effect::Call { call, undo, .. } => (call, undo),
            Effect::Pause(pause) => {
                let amount = self.expression(&pause.amount);
                let unit = optional(pause.unit.as_ref().map(|(_, seconds)| quote!(#seconds)));
                return quote!(#syntax::Effect::Pause { unit_seconds: #unit, amount: &#amount });
            }
            Effect::Join(join) => {
                let branches = join.branches.iter().map(|branch| self.block(&branch.block));
                return quote!(#syntax::Effect::Parallel { branches: &[#(#branches),*] });
            }
            Effect::Each(each) => return self.each(each),
            Effect::Unsupported(_) => return TokenStream::new(),
        };
        let arguments = self.arguments(call);
        let undo = match undo {
            Some(Undo { parameter, call: Ok(call), .. }) => {
                let (parameter, arguments) =
                    (self.binding(parameter.simple().flatten().as_ref()), self.arguments(call));
                quote!(::core::option::Option::Some(
                    #syntax::Compensation { parameter: #parameter, arguments: #arguments }
                ))
            }
            _ => quote!(::core::option::Option::None),
        };
        quote!(#syntax::Effect::Call { arguments: #arguments, undo: #undo })
    }

    fn each(&self, each: &Each) -> TokenStream {
        let syntax = &self.syntax;
        let label = path_label(&each.items).unwrap_or_default();
        let label = label.rsplit('.').next().unwrap_or_default();
        let items = self.expression(&each.items);
        let concurrency = optional(each.concurrency.as_ref().map(|(_, count)| {
            let count = self.expression(count);
            quote!(&#count)
        }));
        let index = optional(each.index.as_ref().map(|index| self.pattern(index)));
        let (item, body) = (self.pattern(&each.item), self.block(&each.body.block));
        quote!(#syntax::Effect::Map {
            label: #label, items: &#items, concurrency: #concurrency, index: #index, item: #item, body: #body,
        })
    }

    fn arguments(&self, call: &Call) -> TokenStream {
        let arguments = call.arguments.iter().map(|argument| self.expression(argument));
        quote!(&[#(&#arguments),*])
    }
}

pub(super) fn member_name(member: &syn::Member) -> String {
    match member {
        syn::Member::Named(name) => plain(name),
        syn::Member::Unnamed(index) => index.index.to_string(),
    }
}

fn optional(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(tokens) => quote!(::core::option::Option::Some(#tokens)),
        None => quote!(::core::option::Option::None),
    }
}

/// The name in `#[state("Name")]`.
fn state_name(attributes: &[syn::Attribute], syntax: &TokenStream) -> TokenStream {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident("state"));
    let name = attribute.and_then(|attribute| attribute.parse_args::<syn::LitStr>().ok());
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(syn::MetaNameValue {
            path,
            value: syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }),
            ..
        }) if path.is_ident("doc") => Some(line.value().trim().to_owned()),
        _ => None,
    });
    let comment = lines.collect::<Vec<_>>().join(" ").trim().to_owned();
    let said = name.is_some() || !comment.is_empty();
    let name = name.map(|name| name.value()).unwrap_or_default();
    optional(said.then(|| quote!(#syntax::Title { name: #name, comment: #comment })))
}

/// What the state that asks the condition is called by: a place that it reads, or nothing.
fn condition_label(condition: &Condition) -> String {
    match condition {
        Condition::Value(value) | Condition::Let { value, .. } => path_label(value).unwrap_or_default(),
    }
}

/// `order.paid`
fn path_label(expression: &Expression) -> Option<String> {
    match &expression.kind {
        Kind::Local { binding, .. } => Some(binding.text()),
        Kind::Field { base, member, .. } => Some(format!("{}.{}", path_label(base)?, member_name(member))),
        _ => None,
    }
}
