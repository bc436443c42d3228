//! The function as a tree: what is supported as itself, all else as [`Kind::Unsupported`]. Reading never fails.

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

/// A function under `#[state_machine]`.
pub(super) struct MachineFunction {
    pub(super) attributes: Vec<syn::Attribute>,
    pub(super) visibility: syn::Visibility,
    pub(super) signature: syn::Signature,
    /// The first parameter, when its pattern is a name or `_`.
    pub(super) parameter: Option<Parameter>,
    /// The type that is returned, when one is written.
    pub(super) returned: Option<syn::Type>,
    pub(super) body: Block,
}

/// The parameter of a machine.
pub(super) struct Parameter {
    pub(super) binding: Option<Binding>,
    pub(super) pattern: syn::Pat,
    pub(super) kind: syn::Type,
}

/// A name with its number, unique in the function.
#[derive(Clone)]
pub(super) struct Binding {
    pub(super) local: usize,
    pub(super) name: Ident,
}

impl Binding {
    /// The name without `r#`.
    pub(super) fn text(&self) -> String {
        self.name.unraw().to_string()
    }
}

/// Statements and what they yield.
pub(super) struct Block {
    pub(super) statements: Vec<Statement>,
    pub(super) tail: Option<Expression>,
    /// The closing brace.
    pub(super) end: Span,
}

/// A statement.
pub(super) enum Statement {
    /// `let pattern = value;`
    Let { attributes: Vec<syn::Attribute>, pattern: Pattern, value: Option<Expression>, tokens: TokenStream },
    /// `value;`
    Expression { attributes: Vec<syn::Attribute>, value: Expression },
    /// Something else.
    Unsupported(Unsupported),
}

/// What a `let` or a closure binds.
pub(super) enum Pattern {
    /// A name or `_`, perhaps with a type.
    Simple { binding: Option<Binding>, tokens: TokenStream },
    /// Something else.
    Unsupported(Unsupported),
}

/// An expression, its tokens kept.
pub(super) struct Expression {
    pub(super) kind: Kind,
    pub(super) tokens: TokenStream,
    /// Where rustc points when the type of the expression is wrong.
    pub(super) span: Span,
}

/// The kinds of expression.
pub(super) enum Kind {
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

/// What is awaited.
pub(super) enum Effect {
    Call { call: Call, undo: Option<Undo> },
    Unsupported(Unsupported),
}

/// `function(arguments)`
pub(super) struct Call {
    pub(super) function: TokenStream,
    pub(super) arguments: Vec<Expression>,
    pub(super) span: Span,
}

/// `.undo(|parameter| call)`
pub(super) struct Undo {
    pub(super) method: Ident,
    pub(super) parameter: Pattern,
    pub(super) call: Result<Call, Unsupported>,
}

/// What is not supported: its finding.
pub(super) struct Unsupported {
    pub(super) tokens: TokenStream,
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Unsupported {
    fn new(tokens: impl ToTokens, code: &'static str, message: impl Into<String>) -> Self {
        Unsupported { tokens: tokens.into_token_stream(), code, message: message.into() }
    }
}

/// What the language consists of so far.
pub(super) const SUPPORTED: &str = "supported are `let`, awaited task calls with `?`, `.undo(..)`, struct literals, \
                                    field access, literals, `return` and a final `Ok(..)`";

impl MachineFunction {
    /// Reads the function; what is wrong with it stands in the tree.
    pub(super) fn read(function: syn::ItemFn) -> Self {
        let mut reader = Reader::default();
        let parameter = function.sig.inputs.first().and_then(|input| match input {
            syn::FnArg::Typed(typed) => match reader.pattern(&typed.pat) {
                Pattern::Simple { binding, .. } => {
                    Some(Parameter { binding, pattern: (*typed.pat).clone(), kind: (*typed.ty).clone() })
                }
                Pattern::Unsupported(_) => None,
            },
            syn::FnArg::Receiver(_) => None,
        });
        let returned = match &function.sig.output {
            syn::ReturnType::Type(_, kind) => Some((**kind).clone()),
            syn::ReturnType::Default => None,
        };
        let body = reader.block(&function.block);
        MachineFunction {
            attributes: function.attrs,
            visibility: function.vis,
            signature: function.sig,
            parameter,
            returned,
            body,
        }
    }
}

#[derive(Default)]
struct Reader {
    sites: usize,
    locals: usize,
    scope: HashMap<String, usize>,
}

impl Reader {
    fn block(&mut self, block: &syn::Block) -> Block {
        let mut statements = Vec::new();
        let mut tail = None;
        let last = block.stmts.len().saturating_sub(1);
        for (index, statement) in block.stmts.iter().enumerate() {
            match statement {
                syn::Stmt::Expr(value, None) if index == last && !matches!(value, syn::Expr::Return(_)) => {
                    tail = Some(self.expression(value));
                }
                statement => statements.push(self.statement(statement)),
            }
        }
        Block { statements, tail, end: block.brace_token.span.close() }
    }

    fn statement(&mut self, statement: &syn::Stmt) -> Statement {
        match statement {
            syn::Stmt::Local(local) => {
                // The name is not in scope in its own value.
                let value = local.init.as_ref().map(|init| match &init.diverge {
                    None => self.expression(&init.expr),
                    Some((keyword, _)) => {
                        self.unsupported(&init.expr, not_yet(keyword, "`let … else` is not supported yet"))
                    }
                });
                let pattern = self.pattern(&local.pat);
                let attributes = local.attrs.clone();
                Statement::Let { attributes, pattern, value, tokens: local.to_token_stream() }
            }
            syn::Stmt::Expr(value, _) => {
                Statement::Expression { attributes: Vec::new(), value: self.expression(value) }
            }
            syn::Stmt::Item(item) => Statement::Unsupported(Unsupported::new(
                first_token(item),
                "SFN003",
                "an item inside of a state machine; move it out of the function",
            )),
            syn::Stmt::Macro(statement) => Statement::Unsupported(unsupported_macro(&statement.mac)),
        }
    }

    fn pattern(&mut self, pattern: &syn::Pat) -> Pattern {
        let tokens = pattern.to_token_stream();
        let inner = match pattern {
            syn::Pat::Type(typed) => &typed.pat,
            other => other,
        };
        match inner {
            syn::Pat::Wild(_) => Pattern::Simple { binding: None, tokens },
            syn::Pat::Ident(name) if name.by_ref.is_some() => Pattern::Unsupported(Unsupported::new(
                name.by_ref,
                "SFN004",
                "`ref` is not supported: a state machine has values, no references",
            )),
            syn::Pat::Ident(name) if name.mutability.is_some() => Pattern::Unsupported(Unsupported::new(
                name.mutability,
                "SFN004",
                "`mut` is not supported yet: nothing can be assigned to",
            )),
            syn::Pat::Ident(name) if name.subpat.is_none() => {
                let binding = self.bind(&name.ident);
                Pattern::Simple { binding: Some(binding), tokens }
            }
            other => Pattern::Unsupported(Unsupported::new(
                other,
                "SFN004",
                "patterns are not supported yet, only a name or `_`",
            )),
        }
    }

    fn bind(&mut self, name: &Ident) -> Binding {
        let local = self.locals;
        self.locals += 1;
        self.scope.insert(name.unraw().to_string(), local);
        Binding { local, name: name.clone() }
    }

    fn site(&mut self) -> usize {
        self.sites += 1;
        self.sites - 1
    }

    fn unsupported(&mut self, expression: &syn::Expr, unsupported: Unsupported) -> Expression {
        Expression {
            kind: Kind::Unsupported(unsupported),
            tokens: expression.to_token_stream(),
            span: expression.span(),
        }
    }

    fn expression(&mut self, expression: &syn::Expr) -> Expression {
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

    fn path(&mut self, path: &syn::ExprPath) -> Kind {
        let local = path.path.get_ident().filter(|_| path.qself.is_none());
        match local.and_then(|name| Some((name, *self.scope.get(&name.unraw().to_string())?))) {
            Some((name, local)) => Kind::Local { site: self.site(), binding: Binding { local, name: name.clone() } },
            None => Kind::Constant { site: self.site() },
        }
    }

    fn structure(&mut self, structure: &syn::ExprStruct) -> Kind {
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

    fn effect(&mut self, expression: &syn::Expr) -> Effect {
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

    fn call(&mut self, call: &syn::ExprCall) -> Result<Call, Unsupported> {
        if !matches!(&*call.func, syn::Expr::Path(_)) {
            return Err(Unsupported::new(&call.func, "SFN010", "a task is called by its name"));
        }
        Ok(Call {
            function: call.func.to_token_stream(),
            arguments: call.args.iter().map(|argument| self.expression(argument)).collect(),
            span: call.func.span(),
        })
    }

    fn undo(&mut self, method: &syn::ExprMethodCall) -> Result<Undo, Unsupported> {
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

fn not_yet(tokens: impl ToTokens, message: &str) -> Unsupported {
    Unsupported::new(tokens, "SFN004", message)
}

fn unsupported_macro(call: &syn::Macro) -> Unsupported {
    let name = call.path.to_token_stream().to_string().replace(' ', "");
    Unsupported::new(&call.path, "SFN030", format!("the macro `{name}!` is not supported; use a task"))
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

fn first_token(tokens: impl ToTokens) -> TokenStream {
    tokens.into_token_stream().into_iter().take(1).collect()
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
