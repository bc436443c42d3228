//! Expressions: what is supported as itself, all else with its finding.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{Binding, Effect, Reader, SUPPORTED, Unsupported, first_token, not_yet, unsupported_macro};

/// An expression, its tokens kept.
pub(in crate::state_machine) struct Expression {
    pub(in crate::state_machine) kind: Kind,
    pub(in crate::state_machine) tokens: TokenStream,
    /// Where rustc points when the type of the expression is wrong.
    pub(in crate::state_machine) span: Span,
}

/// The kinds of expression.
pub(in crate::state_machine) enum Kind {
    Local {
        site: usize,
        binding: Binding,
    },
    Field {
        site: usize,
        base: Box<Expression>,
        dot: syn::Token![.],
        member: syn::Member,
    },
    Structure {
        site: usize,
        path: TokenStream,
        fields: Vec<(syn::Member, Expression)>,
    },
    Tuple {
        site: usize,
        items: Vec<Expression>,
    },
    Constant {
        site: usize,
    },
    Await {
        site: usize,
        effect: Box<Effect>,
        dot_await: TokenStream,
    },
    Try {
        value: Box<Expression>,
        question: syn::Token![?],
    },
    Success {
        function: TokenStream,
        value: Box<Expression>,
    },
    Return {
        keyword: syn::Token![return],
        value: Option<Box<Expression>>,
    },
    /// A call that nobody awaits.
    Call,
    Unsupported(Unsupported),
}

impl Reader {
    pub(super) fn unsupported(&mut self, expression: &syn::Expr, unsupported: Unsupported) -> Expression {
        Expression {
            kind: Kind::Unsupported(unsupported),
            tokens: expression.to_token_stream(),
            span: expression.span(),
        }
    }

    pub(super) fn expression(&mut self, expression: &syn::Expr) -> Expression {
        let tokens = expression.to_token_stream();
        let span = expression.span();
        if let Some(attribute) = attributes(expression).first() {
            let message = "attributes on expressions are not supported";
            return self.unsupported(expression, Unsupported::new(attribute, "SFN004", message));
        }
        if is_literal(expression) {
            return Expression { kind: Kind::Constant { site: self.site() }, tokens, span };
        }
        let kind = match expression {
            syn::Expr::Paren(inner) => return self.expression(&inner.expr),
            syn::Expr::Group(inner) => return self.expression(&inner.expr),
            syn::Expr::Path(path) => self.path(path),
            syn::Expr::Field(field) => {
                let span = field.member.span();
                let kind = Kind::Field {
                    base: Box::new(self.expression(&field.base)),
                    dot: field.dot_token,
                    member: field.member.clone(),
                    site: self.site(),
                };
                return Expression { kind, tokens, span };
            }
            syn::Expr::Struct(structure) => self.structure(structure),
            syn::Expr::Tuple(tuple) => {
                let items = tuple.elems.iter().map(|item| self.expression(item)).collect();
                Kind::Tuple { items, site: self.site() }
            }
            syn::Expr::Await(awaited) => {
                let (dot, keyword) = (awaited.dot_token, awaited.await_token);
                let effect = Box::new(self.effect(&awaited.base));
                Kind::Await { effect, dot_await: quote!(#dot #keyword), site: self.site() }
            }
            syn::Expr::Try(tried) => {
                Kind::Try { value: Box::new(self.expression(&tried.expr)), question: tried.question_token }
            }
            syn::Expr::Return(returned) => Kind::Return {
                keyword: returned.return_token,
                value: returned.expr.as_ref().map(|value| Box::new(self.expression(value))),
            },
            syn::Expr::Call(call) => match (constructor(&call.func), call.args.first()) {
                (Some("Ok"), Some(value)) if call.args.len() == 1 => {
                    Kind::Success { function: call.func.to_token_stream(), value: Box::new(self.expression(value)) }
                }
                (Some("Err"), _) => {
                    Kind::Unsupported(not_yet(&call.func, "`Err(..)` is not supported yet; errors come from tasks"))
                }
                _ => Kind::Call,
            },
            syn::Expr::Macro(call) => Kind::Unsupported(unsupported_macro(&call.mac)),
            syn::Expr::MethodCall(call) if call.method == "undo" => Kind::Call,
            syn::Expr::MethodCall(call) => Kind::Unsupported(Unsupported::new(
                &call.method,
                "SFN031",
                format!("the method `{}` is not supported; {SUPPORTED}", call.method),
            )),
            other => Kind::Unsupported(unsupported_expression(other)),
        };
        Expression { kind, tokens, span }
    }

    pub(super) fn path(&mut self, path: &syn::ExprPath) -> Kind {
        let local = path.path.get_ident().filter(|_| path.qself.is_none());
        match local.and_then(|name| Some((name, *self.scope.get(&name.unraw().to_string())?))) {
            Some((name, local)) => Kind::Local { site: self.site(), binding: Binding { local, name: name.clone() } },
            None => Kind::Constant { site: self.site() },
        }
    }

    pub(super) fn structure(&mut self, structure: &syn::ExprStruct) -> Kind {
        if let Some(dots) = &structure.dot2_token {
            return Kind::Unsupported(not_yet(dots, "`..base` is not supported yet; write every field"));
        }
        if let Some(attribute) = structure.fields.iter().find_map(|field| field.attrs.first()) {
            return Kind::Unsupported(not_yet(attribute, "attributes on fields are not supported"));
        }
        let fields = structure.fields.iter().map(|field| (field.member.clone(), self.expression(&field.expr)));
        let fields = fields.collect();
        Kind::Structure { path: structure.path.to_token_stream(), fields, site: self.site() }
    }
}

/// True for an expression that is known at compile time and reads no local: a number, a truth value, or a text that is
/// turned into a `String`.
fn is_literal(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Lit(literal) => matches!(literal.lit, syn::Lit::Int(_) | syn::Lit::Float(_) | syn::Lit::Bool(_)),
        syn::Expr::Unary(unary) => {
            matches!(unary.op, syn::UnOp::Neg(_)) && !is_text(&unary.expr) && is_literal(&unary.expr)
        }
        syn::Expr::MethodCall(call) => {
            let method = call.method.to_string();
            is_text(&call.receiver)
                && call.args.is_empty()
                && matches!(method.as_str(), "to_string" | "to_owned" | "into")
        }
        syn::Expr::Call(call) => {
            let path = call.func.to_token_stream().to_string().replace(' ', "");
            (path == "String::from" || path.ends_with("::String::from"))
                && call.args.len() == 1
                && call.args.first().is_some_and(is_text)
        }
        _ => false,
    }
}

fn is_text(expression: &syn::Expr) -> bool {
    matches!(expression, syn::Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Str(_)))
}

/// `Ok`, `Err` by whatever path.
fn constructor(function: &syn::Expr) -> Option<&'static str> {
    let syn::Expr::Path(path) = function else { return None };
    let last = path.path.segments.last()?;
    ["Ok", "Err"].into_iter().find(|name| last.ident == *name)
}

fn unsupported_expression(expression: &syn::Expr) -> Unsupported {
    use syn::Expr;
    let (token, what) = match expression {
        Expr::If(inner) => (inner.if_token.to_token_stream(), "`if`"),
        Expr::Match(inner) => (inner.match_token.to_token_stream(), "`match`"),
        Expr::Loop(inner) => (inner.loop_token.to_token_stream(), "`loop`"),
        Expr::While(inner) => (inner.while_token.to_token_stream(), "`while`"),
        Expr::ForLoop(inner) => (inner.for_token.to_token_stream(), "`for`"),
        Expr::Break(inner) => (inner.break_token.to_token_stream(), "`break`"),
        Expr::Continue(inner) => (inner.continue_token.to_token_stream(), "`continue`"),
        Expr::Closure(inner) => (inner.inputs_begin.to_token_stream(), "a closure"),
        Expr::Async(inner) => (inner.async_token.to_token_stream(), "an `async` block"),
        Expr::Unsafe(inner) => {
            return Unsupported::new(inner.unsafe_token, "SFN003", "`unsafe` has no place in a state machine");
        }
        Expr::Block(_) => (first_token(expression), "a block"),
        Expr::Assign(inner) => (inner.eq_token.to_token_stream(), "an assignment"),
        Expr::Binary(inner) => (inner.op.to_token_stream(), "an operator"),
        Expr::Unary(inner) => (inner.op.to_token_stream(), "an operator"),
        Expr::Reference(inner) => (inner.and_token.to_token_stream(), "a reference"),
        Expr::Cast(inner) => (inner.as_token.to_token_stream(), "`as`"),
        Expr::Index(inner) => (inner.index.to_token_stream(), "an index"),
        Expr::Array(_) => (first_token(expression), "an array"),
        Expr::Repeat(_) => (first_token(expression), "an array"),
        Expr::Range(_) => (expression.to_token_stream(), "a range"),
        Expr::Let(inner) => (inner.let_token.to_token_stream(), "`let` in a condition"),
        Expr::Lit(inner) if matches!(inner.lit, syn::Lit::Str(_)) => {
            let message = "a text in quotes is a `&str`, which is no workflow data; write `\"..\".to_string()`";
            return Unsupported::new(inner, "SFN032", message);
        }
        Expr::Lit(_) => (expression.to_token_stream(), "this literal"),
        _ => (expression.to_token_stream(), "this expression"),
    };
    Unsupported::new(token, "SFN004", format!("{what} is not supported yet; {SUPPORTED}"))
}

fn attributes(expression: &syn::Expr) -> &[syn::Attribute] {
    use syn::Expr;
    match expression {
        Expr::Path(inner) => &inner.attrs,
        Expr::Field(inner) => &inner.attrs,
        Expr::Struct(inner) => &inner.attrs,
        Expr::Tuple(inner) => &inner.attrs,
        Expr::Await(inner) => &inner.attrs,
        Expr::Try(inner) => &inner.attrs,
        Expr::Return(inner) => &inner.attrs,
        Expr::Call(inner) => &inner.attrs,
        Expr::MethodCall(inner) => &inner.attrs,
        Expr::Lit(inner) => &inner.attrs,
        _ => &[],
    }
}
