//! Which methods are supported, and how each is called.

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::{Expression, Kind};
use crate::state_machine::syntax::{Binding, Reader, Unsupported};

/// How a supported method is called.
#[derive(Clone, Copy)]
pub(in crate::state_machine) struct Rule {
    name: &'static str,
    /// The function of the gate that says which types have the method; empty where the method itself is one.
    pub(in crate::state_machine) gate: &'static str,
    pub(in crate::state_machine) receiver: Receiver,
    arguments: &'static [Argument],
    result: Yields,
}

/// How a method takes what it is called on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::state_machine) enum Receiver {
    Borrowed,
    Owned,
    /// An iterator.
    Items,
    /// A function of the gate takes the place of the method.
    Gate,
    /// As [`Receiver::Gate`], for an iterator.
    ItemsGate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Argument {
    Value,
    /// A text in quotes that is not empty: JSONata takes an empty one for something else.
    Literal,
    Closure,
    Items,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Yields {
    Data,
    Items,
}

const fn rule(
    name: &'static str,
    gate: &'static str,
    receiver: Receiver,
    arguments: &'static [Argument],
    result: Yields,
) -> Rule {
    Rule { name, gate, receiver, arguments, result }
}

use Argument::{Closure, Items, Literal, Value};
use Receiver::{Borrowed, Gate, ItemsGate, Owned};

/// The methods of data.
const OF_DATA: &[Rule] = &[
    rule("and_then", "on_option", Owned, &[Closure], Yields::Data),
    rule("as_deref", "on_option", Borrowed, &[], Yields::Data),
    rule("as_ref", "on_option", Borrowed, &[], Yields::Data),
    rule("as_slice", "on_list", Borrowed, &[], Yields::Data),
    rule("as_str", "on_text", Borrowed, &[], Yields::Data),
    rule("chars", "on_text", Borrowed, &[], Yields::Items),
    rule("clone", "", Borrowed, &[], Yields::Data),
    rule("cloned", "on_option", Owned, &[], Yields::Data),
    rule("concat", "on_lists", Borrowed, &[], Yields::Data),
    rule("contains", "on_containing", Borrowed, &[Value], Yields::Data),
    rule("contains_key", "on_map", Borrowed, &[Value], Yields::Data),
    rule("copied", "on_option", Owned, &[], Yields::Data),
    rule("ends_with", "on_text", Borrowed, &[Value], Yields::Data),
    rule("first", "on_list", Borrowed, &[], Yields::Data),
    rule("get", "on_members", Borrowed, &[Value], Yields::Data),
    rule("into", "into", Gate, &[], Yields::Data),
    rule("into_iter", "on_list", Owned, &[], Yields::Items),
    rule("is_empty", "on_filled", Borrowed, &[], Yields::Data),
    rule("is_none", "on_option", Borrowed, &[], Yields::Data),
    rule("is_some", "on_option", Borrowed, &[], Yields::Data),
    rule("iter", "on_list", Borrowed, &[], Yields::Items),
    rule("join", "on_joined", Borrowed, &[Value], Yields::Data),
    rule("last", "on_list", Borrowed, &[], Yields::Data),
    rule("len", "on_items", Borrowed, &[], Yields::Data),
    rule("map", "on_option", Owned, &[Closure], Yields::Data),
    rule("or", "on_option", Owned, &[Value], Yields::Data),
    rule("replace", "on_text", Borrowed, &[Literal, Value], Yields::Data),
    rule("split", "on_text", Borrowed, &[Literal], Yields::Items),
    rule("starts_with", "on_text", Borrowed, &[Value], Yields::Data),
    rule("to_lowercase", "on_text", Borrowed, &[], Yields::Data),
    rule("to_owned", "on_text", Borrowed, &[], Yields::Data),
    rule("to_string", "show", Gate, &[], Yields::Data),
    rule("to_vec", "on_list", Borrowed, &[], Yields::Data),
    rule("to_uppercase", "on_text", Borrowed, &[], Yields::Data),
    rule("trim", "on_text", Borrowed, &[], Yields::Data),
    rule("unwrap_or", "on_option", Owned, &[Value], Yields::Data),
    rule("unwrap_or_default", "unwrap_or_default", Gate, &[], Yields::Data),
];

/// The methods of iterators.
const OF_ITEMS: &[Rule] = &[
    rule("all", "", Receiver::Items, &[Closure], Yields::Data),
    rule("any", "", Receiver::Items, &[Closure], Yields::Data),
    rule("cloned", "", Receiver::Items, &[], Yields::Items),
    rule("collect", "", Receiver::Items, &[], Yields::Data),
    rule("copied", "", Receiver::Items, &[], Yields::Items),
    rule("count", "", Receiver::Items, &[], Yields::Data),
    rule("enumerate", "", Receiver::Items, &[], Yields::Items),
    rule("filter", "", Receiver::Items, &[Closure], Yields::Items),
    rule("find", "", Receiver::Items, &[Closure], Yields::Data),
    rule("map", "", Receiver::Items, &[Closure], Yields::Items),
    rule("max", "greatest", ItemsGate, &[], Yields::Data),
    rule("min", "least", ItemsGate, &[], Yields::Data),
    rule("position", "", Receiver::Items, &[Closure], Yields::Data),
    rule("rev", "", Receiver::Items, &[], Yields::Items),
    rule("skip", "", Receiver::Items, &[Value], Yields::Items),
    rule("sum", "sum", ItemsGate, &[], Yields::Data),
    rule("take", "", Receiver::Items, &[Value], Yields::Items),
    rule("zip", "", Receiver::Items, &[Items], Yields::Items),
];

impl Reader {
    /// `receiver.method(arguments)`
    pub(in crate::state_machine::syntax) fn method(&mut self, call: &syn::ExprMethodCall) -> Kind {
        let name = call.method.to_string();
        let receiver = self.operand(&call.receiver);
        if let Kind::Unsupported(_) | Kind::Call = receiver.kind {
            return receiver.kind;
        }
        let counts = matches!(&receiver.kind, Kind::Method { method, .. } if method == "chars");
        if counts && name != "count" {
            let message = "the characters of a text can only be counted: `.chars().count()`";
            return Kind::Unsupported(Unsupported::new(&call.method, "SFN031", message));
        }
        let table = if receiver.yields_items() { OF_ITEMS } else { OF_DATA };
        let Some(rule) = table.iter().find(|rule| rule.name == name) else {
            return Kind::Unsupported(unknown(call, table));
        };
        if call.args.len() != rule.arguments.len() {
            let message = format!("`{name}` takes {} here", counted(rule.arguments.len()));
            return Kind::Unsupported(Unsupported::new(&call.method, "SFN031", message));
        }
        let arguments = call.args.iter().zip(rule.arguments).map(|(value, argument)| match argument {
            Closure => self.closure(value),
            Literal => self.separator(value),
            Items | Value => self.operand(value),
        });
        let arguments = arguments.collect();
        let site = (rule.result == Yields::Data).then(|| self.site());
        Kind::Method {
            site,
            rule: *rule,
            receiver: Box::new(receiver),
            dot: call.dot_token,
            method: call.method.clone(),
            turbofish: call.turbofish.to_token_stream(),
            types: call.turbofish.as_ref().map(|types| types.args.to_token_stream()),
            arguments,
        }
    }

    fn separator(&mut self, value: &syn::Expr) -> Expression {
        let filled = match value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => !text.value().is_empty(),
            _ => false,
        };
        if filled {
            return self.operand(value);
        }
        let message = "this is a text in quotes that is not empty: an empty one means something else in JSONata";
        self.unsupported(value, Unsupported::new(value, "SFN032", message))
    }

    /// A closure with one parameter and one expression.
    fn closure(&mut self, value: &syn::Expr) -> Expression {
        let form = "this is a closure with one parameter and one expression: `|item| item.count > 2`";
        let syn::Expr::Closure(closure) = value else {
            return self.unsupported(value, Unsupported::new(value, "SFN013", form));
        };
        let extra: [Option<TokenStream>; 4] = [
            closure.lifetimes.as_ref().map(ToTokens::to_token_stream),
            closure.asyncness.as_ref().map(ToTokens::to_token_stream),
            closure.capture.as_ref().map(ToTokens::to_token_stream),
            matches!(closure.output, syn::ReturnType::Type(..)).then(|| closure.output.to_token_stream()),
        ];
        if let Some(extra) = extra.into_iter().flatten().next() {
            return self.unsupported(value, Unsupported::new(extra, "SFN013", form));
        }
        let [pattern] = closure.inputs.iter().collect::<Vec<_>>()[..] else {
            return self.unsupported(value, Unsupported::new(&closure.inputs, "SFN013", form));
        };
        let body = match &*closure.body {
            syn::Expr::Block(block) if block.label.is_none() => match &block.block.stmts[..] {
                [syn::Stmt::Expr(body, None)] => body,
                _ => return self.unsupported(value, Unsupported::new(&closure.body, "SFN013", form)),
            },
            body => body,
        };
        let outer = self.scope.clone();
        let mut captures = Vec::new();
        let kind = match self.captures(pattern, &mut Vec::new(), &mut captures) {
            Ok(()) => {
                Kind::Closure { pattern: pattern.to_token_stream(), captures, body: Box::new(self.operand(body)) }
            }
            Err(unsupported) => Kind::Unsupported(unsupported),
        };
        self.scope = outer;
        self.made(value, kind)
    }

    /// Binds the names in the pattern of a closure.
    fn captures(
        &mut self,
        pattern: &syn::Pat,
        path: &mut Vec<usize>,
        found: &mut Vec<Capture>,
    ) -> Result<(), Unsupported> {
        match pattern {
            syn::Pat::Wild(_) => Ok(()),
            syn::Pat::Paren(inner) => self.captures(&inner.pat, path, found),
            syn::Pat::Type(inner) => self.captures(&inner.pat, path, found),
            syn::Pat::Reference(inner) if inner.mutability.is_none() => self.captures(&inner.pat, path, found),
            syn::Pat::Ident(name) if name.by_ref.is_none() && name.mutability.is_none() && name.subpat.is_none() => {
                let binding = self.bind(&name.ident);
                found.push(Capture { binding, site: self.site(), path: path.clone() });
                Ok(())
            }
            syn::Pat::Tuple(tuple) => {
                for (index, item) in tuple.elems.iter().enumerate() {
                    if let syn::Pat::Rest(rest) = item {
                        return Err(Unsupported::new(rest, "SFN013", "name every item of the tuple, or write `_`"));
                    }
                    path.push(index);
                    self.captures(item, path, found)?;
                    path.pop();
                }
                Ok(())
            }
            other => {
                Err(Unsupported::new(other, "SFN013", "the parameter of a closure is a name, `_`, or a tuple of them"))
            }
        }
    }
}

impl Expression {
    /// True for an iterator, which is no data.
    pub(in crate::state_machine) fn yields_items(&self) -> bool {
        matches!(self.kind, Kind::Method { site: None, .. })
    }
}

/// A name that the pattern of a closure binds.
pub(in crate::state_machine) struct Capture {
    pub(in crate::state_machine) binding: Binding,
    pub(in crate::state_machine) site: usize,
    /// The way to it through tuples.
    pub(in crate::state_machine) path: Vec<usize>,
}

fn unknown(call: &syn::ExprMethodCall, table: &[Rule]) -> Unsupported {
    let name = call.method.to_string();
    if let "len" | "cmp" | "bytes" | "char_indices" | "get_unchecked" = name.as_str() {
        let message = format!("`{name}` has no counterpart in JSONata; do it in a task");
        return Unsupported::new(&call.method, "SFN032", message);
    }
    let names: Vec<&str> = table.iter().map(|rule| rule.name).collect();
    let of = if table.len() == OF_ITEMS.len() { "of an iterator" } else { "of data" };
    let message = format!("the method `{name}` is not supported; methods {of} are: {}", names.join(", "));
    Unsupported::new(&call.method, "SFN031", message)
}

fn counted(arguments: usize) -> &'static str {
    match arguments {
        0 => "no argument",
        1 => "one argument",
        _ => "two arguments",
    }
}
