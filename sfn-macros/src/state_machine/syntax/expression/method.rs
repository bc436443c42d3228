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
    /// As [`Receiver::Gate`], with the expression as it is written, for the message of a check.
    Checked,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Argument {
    Value,
    /// A text in quotes that is not empty: JSONata takes an empty one for something else.
    Literal,
    Closure,
    Items,
    /// A closure without parameters.
    Thunk,
    /// A closure with two parameters.
    Pair,
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

use Argument::{Closure, Items, Literal, Pair, Thunk, Value};
use Receiver::{Borrowed, Checked, Gate, ItemsGate, Owned};

/// The methods of data.
const OF_DATA: &[Rule] = &[
    rule("abs", "absolute", Checked, &[], Yields::Data),
    rule("and_then", "on_option", Owned, &[Closure], Yields::Data),
    rule("as_deref", "on_option", Borrowed, &[], Yields::Data),
    rule("as_ref", "on_option", Borrowed, &[], Yields::Data),
    rule("as_slice", "on_list", Borrowed, &[], Yields::Data),
    rule("as_str", "on_text", Borrowed, &[], Yields::Data),
    rule("chars", "on_text", Borrowed, &[], Yields::Items),
    rule("checked_add", "checked_add", Checked, &[Value], Yields::Data),
    rule("checked_div", "checked_div", Checked, &[Value], Yields::Data),
    rule("checked_mul", "checked_mul", Checked, &[Value], Yields::Data),
    rule("checked_rem", "checked_rem", Checked, &[Value], Yields::Data),
    rule("checked_sub", "checked_sub", Checked, &[Value], Yields::Data),
    rule("clone", "", Borrowed, &[], Yields::Data),
    rule("cloned", "on_option", Owned, &[], Yields::Data),
    rule("concat", "on_lists", Borrowed, &[], Yields::Data),
    rule("contains", "on_containing", Borrowed, &[Value], Yields::Data),
    rule("contains_key", "on_map", Borrowed, &[Value], Yields::Data),
    rule("copied", "on_option", Owned, &[], Yields::Data),
    rule("ends_with", "on_text", Borrowed, &[Value], Yields::Data),
    rule("filter", "on_option", Owned, &[Closure], Yields::Data),
    rule("first", "on_list", Borrowed, &[], Yields::Data),
    rule("get", "on_members", Borrowed, &[Value], Yields::Data),
    rule("into", "into", Gate, &[], Yields::Data),
    rule("into_iter", "on_list", Owned, &[], Yields::Items),
    rule("is_empty", "on_filled", Borrowed, &[], Yields::Data),
    rule("is_none", "on_option", Borrowed, &[], Yields::Data),
    rule("is_none_or", "on_option", Owned, &[Closure], Yields::Data),
    rule("is_some", "on_option", Borrowed, &[], Yields::Data),
    rule("is_some_and", "on_option", Owned, &[Closure], Yields::Data),
    rule("iter", "on_list", Borrowed, &[], Yields::Items),
    rule("join", "on_joined", Borrowed, &[Value], Yields::Data),
    rule("last", "on_list", Borrowed, &[], Yields::Data),
    rule("len", "on_items", Borrowed, &[], Yields::Data),
    rule("map", "on_option", Owned, &[Closure], Yields::Data),
    rule("map_or", "on_option", Owned, &[Value, Closure], Yields::Data),
    rule("map_or_else", "on_option", Owned, &[Thunk, Closure], Yields::Data),
    rule("max", "larger", Gate, &[Value], Yields::Data),
    rule("min", "smaller", Gate, &[Value], Yields::Data),
    rule("or", "on_option", Owned, &[Value], Yields::Data),
    rule("or_else", "on_option", Owned, &[Thunk], Yields::Data),
    rule("replace", "on_text", Borrowed, &[Literal, Value], Yields::Data),
    rule("saturating_add", "saturating_add", Checked, &[Value], Yields::Data),
    rule("saturating_mul", "saturating_mul", Checked, &[Value], Yields::Data),
    rule("saturating_sub", "saturating_sub", Checked, &[Value], Yields::Data),
    rule("split", "on_text", Borrowed, &[Literal], Yields::Items),
    rule("starts_with", "on_text", Borrowed, &[Value], Yields::Data),
    rule("to_lowercase", "on_text", Borrowed, &[], Yields::Data),
    rule("to_owned", "on_text", Borrowed, &[], Yields::Data),
    rule("to_string", "show", Gate, &[], Yields::Data),
    rule("to_uppercase", "on_text", Borrowed, &[], Yields::Data),
    rule("to_vec", "on_list", Borrowed, &[], Yields::Data),
    rule("trim", "on_text", Borrowed, &[], Yields::Data),
    rule("unwrap_or", "on_option", Owned, &[Value], Yields::Data),
    rule("unwrap_or_default", "unwrap_or_default", Gate, &[], Yields::Data),
    rule("unwrap_or_else", "on_option", Owned, &[Thunk], Yields::Data),
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
    rule("filter_map", "", Receiver::Items, &[Closure], Yields::Items),
    rule("find", "", Receiver::Items, &[Closure], Yields::Data),
    rule("find_map", "", Receiver::Items, &[Closure], Yields::Data),
    rule("flat_map", "", Receiver::Items, &[Closure], Yields::Items),
    rule("fold", "", Receiver::Items, &[Value, Pair], Yields::Data),
    rule("last", "", Receiver::Items, &[], Yields::Data),
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
        let receiver = match &*call.receiver {
            // As an option has it.
            tried if super::tries(tried) && matches!(name.as_str(), "unwrap_or" | "unwrap_or_default") => {
                let kind = self.narrow(tried);
                self.made(tried, kind)
            }
            receiver => self.operand(receiver),
        };
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
            Closure => self.closure(value, 1),
            Pair => self.closure(value, 2),
            Thunk => self.closure(value, 0),
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

    /// A closure with so many parameters and one expression. The way to a name of the second of two begins with its number.
    fn closure(&mut self, value: &syn::Expr, parameters: usize) -> Expression {
        let form = match parameters {
            0 => "this is a closure without parameters and with one expression: `|| order.count`",
            1 => "this is a closure with one parameter and one expression: `|item| item.count > 2`",
            _ => "this is a closure with two parameters and one expression: `|sum, item| sum + item.count`",
        };
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
        if closure.inputs.len() != parameters {
            let bars =
                if closure.inputs.is_empty() { value.to_token_stream() } else { closure.inputs.to_token_stream() };
            return self.unsupported(value, Unsupported::new(bars, "SFN013", form));
        }
        let body = match &*closure.body {
            syn::Expr::Block(block) if block.label.is_none() => match &block.block.stmts[..] {
                [syn::Stmt::Expr(body, None)] => body,
                _ => return self.unsupported(value, Unsupported::new(&closure.body, "SFN013", form)),
            },
            body => body,
        };
        let outer = self.scope.clone();
        let mut captures = Vec::new();
        let mut read = Ok(());
        for (index, pattern) in closure.inputs.iter().enumerate() {
            let mut path = if parameters > 1 { vec![index] } else { Vec::new() };
            read = read.and_then(|()| self.captures(pattern, &mut path, &mut captures));
        }
        let kind = match read {
            Ok(()) => {
                let (pattern, body) = (closure.inputs.to_token_stream(), Box::new(self.operand(body)));
                Kind::Closure { pattern, captures, body }
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
    if let Some((code, message)) = instead(&name) {
        return Unsupported::new(&call.method, code, format!("`{name}` is not supported: {message}"));
    }
    let names: Vec<&str> = table.iter().map(|rule| rule.name).collect();
    let of = if table.len() == OF_ITEMS.len() { "of an iterator" } else { "of data" };
    let message = format!("the method `{name}` is not supported; methods {of} are: {}", names.join(", "));
    Unsupported::new(&call.method, "SFN031", message)
}

/// What to do instead of a method that has no counterpart.
fn instead(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "cmp" | "partial_cmp" | "bytes" | "char_indices" | "as_bytes" | "split_at" => {
            ("SFN032", "it has no counterpart in JSONata; do it in a task")
        }
        "keys" | "values" | "into_keys" | "into_values" | "values_mut" => {
            ("SFN034", "a map has no order to go through; keep a list of pairs beside it, or go through it in a task")
        }
        "unwrap" | "expect" => (
            "SFN031",
            "a state machine does not panic; write `.unwrap_or(..)`, `.ok_or(error)?`, or \
             `let Some(x) = option else { fail!(..) }`",
        ),
        "ok_or" | "ok_or_else" => ("SFN031", "its result is no data; write `?` behind it"),
        "pow" | "powi" | "powf" | "sqrt" | "exp" | "ln" => {
            ("SFN031", "it is not exact in JSONata; multiply, or compute it in a task")
        }
        "wrapping_add" | "wrapping_sub" | "wrapping_mul" | "overflowing_add" | "overflowing_sub"
        | "overflowing_mul" => {
            ("SFN031", "JSONata does not wrap; write `checked_add(..)` or `saturating_add(..)` and the like")
        }
        "clamp" => ("SFN031", "write `.max(low).min(high)`"),
        "parse" => ("SFN031", "parse the text in a task"),
        "sorted" | "sort" | "max_by_key" | "min_by_key" | "max_by" | "min_by" => ("SFN031", "order the list in a task"),
        "for_each" => ("SFN031", "write a `for` loop"),
        "nth" => ("SFN031", "write `.skip(n)` and `.collect::<Vec<_>>().first()`, or `list.get(n)`"),
        _ => return None,
    })
}

fn counted(arguments: usize) -> &'static str {
    match arguments {
        0 => "no argument",
        1 => "one argument",
        _ => "two arguments",
    }
}
