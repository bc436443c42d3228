//! Expressions: what is supported as itself, all else with its finding.

mod format;
mod method;
mod source;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{Binding, Control, Effect, Reader, SUPPORTED, Unsupported, first_token, not_yet, unsupported_macro};

pub(in crate::state_machine) use format::Piece;
pub(in crate::state_machine) use method::{Capture, Receiver, Rule};
pub(in crate::state_machine) use source::source;

/// An expression, its tokens kept.
pub(in crate::state_machine) struct Expression {
    pub(in crate::state_machine) kind: Kind,
    /// Of the statement that the expression is.
    pub(in crate::state_machine) attributes: Vec<syn::Attribute>,
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
        /// The last name of the path.
        name: String,
        fields: Vec<(syn::Member, Expression)>,
        /// `..rest`
        rest: Option<Box<Expression>>,
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
    Control(Box<Control>),
    Binary {
        left: Box<Expression>,
        operator: syn::BinOp,
        right: Box<Expression>,
    },
    Unary {
        operator: syn::UnOp,
        value: Box<Expression>,
    },
    /// `*value`, which is the value.
    Dereference {
        site: usize,
        star: syn::Token![*],
        value: Box<Expression>,
    },
    /// `&value`, which is the value.
    Reference {
        and: syn::Token![&],
        value: Box<Expression>,
    },
    Index {
        base: Box<Expression>,
        index: Box<Expression>,
    },
    Method {
        /// `None` when the result is an iterator.
        site: Option<usize>,
        rule: Rule,
        receiver: Box<Expression>,
        dot: syn::Token![.],
        method: proc_macro2::Ident,
        turbofish: TokenStream,
        types: Option<TokenStream>,
        arguments: Vec<Expression>,
    },
    Closure {
        pattern: TokenStream,
        captures: Vec<Capture>,
        body: Box<Expression>,
    },
    /// `value as T`, `T::from(value)`
    Widen {
        site: usize,
        kind: TokenStream,
        value: Box<Expression>,
    },
    /// `String::from(value)`
    Text {
        site: usize,
        value: Box<Expression>,
    },
    /// `Some(value)`
    Some {
        site: usize,
        function: TokenStream,
        value: Box<Expression>,
    },
    /// `format!(..)`
    Format {
        site: usize,
        pieces: Vec<Piece>,
    },
    /// `vec![..]`
    List {
        site: usize,
        items: Vec<Expression>,
    },
    /// A call that nobody awaits.
    Call,
    Unsupported(Unsupported),
    /// `Type(a, b)`, `Type::Variant(a)`
    Built {
        site: usize,
        path: TokenStream,
        /// The last name of the path.
        name: String,
        parentheses: syn::token::Paren,
        items: Vec<Expression>,
    },
    /// `T::try_from(value).ok()`, `value.try_into().ok()`
    Narrow {
        site: usize,
        /// The type, where it is written.
        kind: Option<TokenStream>,
        value: Box<Expression>,
    },
    /// `vec![item; count]`
    Repeat {
        site: usize,
        item: Box<Expression>,
        count: Box<Expression>,
    },
    /// `Box::new(value)`: the value.
    Boxed {
        site: usize,
        function: TokenStream,
        value: Box<Expression>,
    },
}

impl Reader {
    pub(super) fn unsupported(&mut self, expression: &syn::Expr, unsupported: Unsupported) -> Expression {
        Expression {
            kind: Kind::Unsupported(unsupported),
            attributes: Vec::new(),
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
        if let Some(large) = large_text(expression) {
            let message = "a text of more than 256 KiB: AWS passes no larger value from state to state; keep it in S3";
            return self.unsupported(expression, Unsupported::new(large, "SFN061", message));
        }
        if is_literal(expression) {
            return Expression { kind: Kind::Constant { site: self.site() }, attributes: Vec::new(), tokens, span };
        }
        if let Some(kind) = self.control(expression) {
            return Expression { kind, attributes: Vec::new(), tokens, span };
        }
        let kind = match expression {
            syn::Expr::Paren(inner) => return self.expression(&inner.expr),
            syn::Expr::Group(inner) => return self.expression(&inner.expr),
            syn::Expr::Path(path) => self.path(path),
            syn::Expr::Field(field) => {
                let span = field.member.span();
                let caught = self.caught(&field.base);
                let kind = Kind::Field {
                    base: Box::new(caught.unwrap_or_else(|| self.expression(&field.base))),
                    dot: field.dot_token,
                    member: field.member.clone(),
                    site: self.site(),
                };
                return Expression { kind, attributes: Vec::new(), tokens, span };
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
            syn::Expr::Try(tried) => match self.required(tried) {
                Some(control) => Kind::Control(Box::new(control)),
                None => Kind::Try { value: Box::new(self.expression(&tried.expr)), question: tried.question_token },
            },
            syn::Expr::Return(returned) => match self.leaves_branch(returned.return_token) {
                Some(refused) => refused,
                None => Kind::Return {
                    keyword: returned.return_token,
                    value: returned.expr.as_ref().map(|value| Box::new(self.expression(value))),
                },
            },
            syn::Expr::Call(call) => match (constructor(&call.func), call.args.first()) {
                (Some("Ok"), Some(value)) if call.args.len() == 1 => {
                    Kind::Success { function: call.func.to_token_stream(), value: Box::new(self.expression(value)) }
                }
                (Some("Some"), Some(value)) if call.args.len() == 1 => Kind::Some {
                    function: call.func.to_token_stream(),
                    value: Box::new(self.expression(value)),
                    site: self.site(),
                },
                (Some("from"), Some(value)) if call.args.len() == 1 && converts(&call.func).is_some() => {
                    let kind = converts(&call.func).unwrap_or_default();
                    let value = Box::new(self.operand(value));
                    let site = self.site();
                    if kind.to_string() == "String" {
                        Kind::Text { site, value }
                    } else {
                        Kind::Widen { site, kind, value }
                    }
                }
                (Some("Err"), Some(error)) if call.args.len() == 1 => {
                    let error = self.raised(error);
                    Kind::Control(Box::new(Control::Failure { function: call.func.to_token_stream(), error }))
                }
                _ => self.built(call),
            },
            syn::Expr::Macro(call) => self.macro_call(&call.mac),
            syn::Expr::MethodCall(call) if call.method == "undo" => Kind::Call,
            syn::Expr::MethodCall(call) if call.method == "ok" && tries(&call.receiver) => self.narrow(&call.receiver),
            syn::Expr::MethodCall(call) if tries(expression) => {
                let message =
                    "`try_into` gives a result, which is no data; write `.ok()` or `.unwrap_or(..)` behind it";
                Kind::Unsupported(Unsupported::new(&call.method, "SFN031", message))
            }
            syn::Expr::MethodCall(call) => self.method(call),
            syn::Expr::Binary(binary) => self.binary(binary),
            syn::Expr::Unary(unary) => match unary.op {
                syn::UnOp::Deref(star) => {
                    Kind::Dereference { star, value: Box::new(self.expression(&unary.expr)), site: self.site() }
                }
                operator => Kind::Unary { operator, value: Box::new(self.expression(&unary.expr)) },
            },
            syn::Expr::Reference(reference) => match &reference.mutability {
                Some(mutable) => Kind::Unsupported(not_yet(
                    mutable,
                    "`&mut` is not supported: a state machine has values, no references",
                )),
                None => Kind::Reference { and: reference.and_token, value: Box::new(self.operand(&reference.expr)) },
            },
            syn::Expr::Index(index) => match &*index.index {
                syn::Expr::Range(range) => Kind::Unsupported(Unsupported::new(
                    range,
                    "SFN032",
                    "slices are not supported: use `.iter().skip(..).take(..).collect::<Vec<_>>()`, texts in a task",
                )),
                position => Kind::Index {
                    base: Box::new(self.expression(&index.expr)),
                    index: Box::new(self.expression(position)),
                },
            },
            syn::Expr::Cast(cast) => Kind::Widen {
                kind: cast.ty.to_token_stream(),
                value: Box::new(self.expression(&cast.expr)),
                site: self.site(),
            },
            other => Kind::Unsupported(unsupported_expression(other)),
        };
        Expression { kind, attributes: Vec::new(), tokens, span }
    }

    /// An expression where a text in quotes may stand, because it is borrowed.
    pub(super) fn operand(&mut self, expression: &syn::Expr) -> Expression {
        let inner = match expression {
            syn::Expr::Paren(inner) => &*inner.expr,
            syn::Expr::Group(inner) => &*inner.expr,
            other => other,
        };
        if is_text(inner) {
            let kind = Kind::Constant { site: self.site() };
            return self.made(inner, kind);
        }
        self.expression(inner)
    }

    /// `matches!(value, pattern if guard)`: a `match` that yields a truth value.
    fn matches(&mut self, call: &syn::Macro) -> Kind {
        let parts = |input: syn::parse::ParseStream<'_>| {
            let value: syn::Expr = input.parse()?;
            input.parse::<syn::Token![,]>()?;
            let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
            let guard = input.parse::<Option<syn::Token![if]>>()?.map(|_| input.parse::<syn::Expr>()).transpose()?;
            input.parse::<Option<syn::Token![,]>>()?;
            Ok((value, pattern, guard))
        };
        match call.parse_body_with(parts) {
            Ok((value, pattern, guard)) => {
                let guard = guard.map(|guard| quote!(if #guard));
                let whole = syn::parse_quote_spanned! {call.path.span()=>
                    match #value { #pattern #guard => true, _ => false }
                };
                self.expression(&whole).kind
            }
            Err(_) => {
                let message = "`matches!` takes a value and a pattern: `matches!(state, State::Done { .. })`";
                Kind::Unsupported(Unsupported::new(&call.path, "SFN030", message))
            }
        }
    }

    /// `T::try_from(value)`, `value.try_into()`
    pub(super) fn narrow(&mut self, tried: &syn::Expr) -> Kind {
        let (kind, value) = match tried {
            syn::Expr::Call(call) => (converts(&call.func), call.args.first()),
            syn::Expr::MethodCall(call) => (None, Some(&*call.receiver)),
            _ => (None, None),
        };
        match value {
            Some(value) => Kind::Narrow { kind, value: Box::new(self.operand(value)), site: self.site() },
            None => Kind::Call,
        }
    }

    /// `Type(a)`, `Type::Variant(a)`, `Vec::new()`, else a call that nobody awaits.
    fn built(&mut self, call: &syn::ExprCall) -> Kind {
        let syn::Expr::Path(path) = &*call.func else { return Kind::Call };
        let Some(name) = last_name(&path.path) else { return Kind::Call };
        if name.starts_with(char::is_uppercase) {
            let items = call.args.iter().map(|item| self.expression(item)).collect();
            let (path, parentheses) = (call.func.to_token_stream(), call.paren_token);
            return Kind::Built { path, name, parentheses, items, site: self.site() };
        }
        if tries(&syn::Expr::Call(call.clone())) {
            let message = "`try_from` gives a result, which is no data; write `.ok()` or `.unwrap_or(..)` behind it";
            return Kind::Unsupported(Unsupported::new(&call.func, "SFN031", message));
        }
        if reads_outside(path) {
            let message = "a state machine reads no clock and draws no random number, so that a run can be repeated: take \
                           the value from the input or from a task";
            return Kind::Unsupported(Unsupported::new(path, "SFN036", message));
        }
        if let Some((code, message)) = refused(path, call.args.is_empty()) {
            return Kind::Unsupported(Unsupported::new(&call.func, code, message));
        }
        match call.args.first() {
            None if makes_constant(path) => Kind::Constant { site: self.site() },
            Some(value) if call.args.len() == 1 && boxes(path) => Kind::Boxed {
                function: call.func.to_token_stream(),
                value: Box::new(self.expression(value)),
                site: self.site(),
            },
            _ => Kind::Call,
        }
    }

    pub(super) fn made(&self, expression: &syn::Expr, kind: Kind) -> Expression {
        Expression { kind, attributes: Vec::new(), tokens: expression.to_token_stream(), span: expression.span() }
    }

    fn binary(&mut self, binary: &syn::ExprBinary) -> Kind {
        use syn::BinOp;
        let compares = matches!(binary.op, BinOp::Eq(_) | BinOp::Ne(_));
        match binary.op {
            BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_) => {}
            BinOp::And(_) | BinOp::Or(_) => {}
            BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => {}
            _ if compares => {}
            other => {
                let message =
                    "this operator is not supported; supported are `+ - * / %`, comparisons, `&&`, `||` and `!`";
                return Kind::Unsupported(Unsupported::new(other, "SFN004", message));
            }
        }
        let left = if compares { self.operand(&binary.left) } else { self.expression(&binary.left) };
        let right = match binary.op {
            BinOp::Add(_) => self.operand(&binary.right),
            _ if compares => self.operand(&binary.right),
            _ => self.expression(&binary.right),
        };
        Kind::Binary { left: Box::new(left), operator: binary.op, right: Box::new(right) }
    }

    fn macro_call(&mut self, call: &syn::Macro) -> Kind {
        let name = call.path.segments.last().map(|segment| segment.ident.to_string());
        match name.as_deref() {
            Some("format") => self.format(call),
            Some("try_join") => self.join(call),
            Some("matches") => self.matches(call),
            Some("vec") => {
                let repeated = |input: syn::parse::ParseStream<'_>| {
                    let item: syn::Expr = input.parse()?;
                    input.parse::<syn::Token![;]>()?;
                    Ok((item, input.parse::<syn::Expr>()?))
                };
                if let Ok((item, count)) = call.parse_body_with(repeated) {
                    let (item, count) = (Box::new(self.expression(&item)), Box::new(self.expression(&count)));
                    return Kind::Repeat { item, count, site: self.site() };
                }
                let items = syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
                match call.parse_body_with(items) {
                    Ok(items) => {
                        let items = items.iter().map(|item| self.expression(item)).collect();
                        Kind::List { items, site: self.site() }
                    }
                    Err(_) => Kind::Unsupported(not_yet(&call.path, "a list is written `vec![first, second]`")),
                }
            }
            _ => Kind::Unsupported(unsupported_macro(call)),
        }
    }

    pub(super) fn path(&mut self, path: &syn::ExprPath) -> Kind {
        if let Some(refused) = self.caught_as_data(path) {
            return refused;
        }
        match self.local(path) {
            Some((binding, _)) => Kind::Local { site: self.site(), binding },
            None => Kind::Constant { site: self.site() },
        }
    }

    pub(super) fn structure(&mut self, structure: &syn::ExprStruct) -> Kind {
        if let (Some(dots), None) = (&structure.dot2_token, &structure.rest) {
            return Kind::Unsupported(not_yet(dots, "`..` is followed by the value that the other fields come from"));
        }
        if let Some(attribute) = structure.fields.iter().find_map(|field| field.attrs.first()) {
            return Kind::Unsupported(not_yet(attribute, "attributes on fields are not supported"));
        }
        let fields = structure.fields.iter().map(|field| (field.member.clone(), self.expression(&field.expr)));
        let fields = fields.collect();
        let rest = structure.rest.as_ref().map(|rest| Box::new(self.expression(rest)));
        let name = last_name(&structure.path).unwrap_or_default();
        Kind::Structure { path: structure.path.to_token_stream(), name, fields, rest, site: self.site() }
    }
}

/// True for an expression that is known at compile time and reads no local: a number, a truth value, or a text that is
/// turned into a `String`.
fn is_literal(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Lit(literal) => {
            matches!(literal.lit, syn::Lit::Int(_) | syn::Lit::Float(_) | syn::Lit::Bool(_) | syn::Lit::Char(_))
        }
        syn::Expr::Unary(unary) => {
            matches!(unary.op, syn::UnOp::Neg(_)) && !is_text(&unary.expr) && is_literal(&unary.expr)
        }
        syn::Expr::Binary(binary) => {
            use syn::BinOp;
            let arithmetic =
                matches!(binary.op, BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_));
            arithmetic && is_literal(&binary.left) && is_literal(&binary.right)
        }
        syn::Expr::Paren(inner) => is_literal(&inner.expr),
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

/// `Ok`, `Err`, `Some`, also as `Option::Some`, and `from` of any type; a variant of one's own may have such a name, too.
fn constructor(function: &syn::Expr) -> Option<&'static str> {
    let syn::Expr::Path(path) = function else { return None };
    let mut names = path.path.segments.iter().rev().map(|segment| &segment.ident);
    let last = names.next()?;
    let of_std = names.next().is_none_or(|kind| kind == "Option" || kind == "Result");
    ["Ok", "Err", "Some", "from"].into_iter().find(|name| last == *name && (of_std || *name == "from"))
}

/// Why a function cannot be called in a body: it is none that a `#[task]` could be.
fn refused(path: &syn::ExprPath, alone: bool) -> Option<(&'static str, String)> {
    let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let last = names.last()?;
    if last == "fixed" {
        return Some(("SFN033", "a float prints differently in JSONata; let a task make the text".to_owned()));
    }
    let of_type = names.len() > 1 && names[names.len() - 2].starts_with(char::is_uppercase);
    let known = makes_constant(path) && alone || boxes(path);
    (of_type && !known).then(|| {
        let name = names[names.len() - 2..].join("::");
        let message = "is a plain function, which a document cannot call; write its expression, or make it a `#[task]`";
        ("SFN035", format!("`{name}` {message}"))
    })
}

/// `T::try_from(value)`, `value.try_into()`: a conversion of numbers that may fail.
pub(super) fn tries(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Call(call) => {
            let syn::Expr::Path(path) = &*call.func else { return false };
            last_name(&path.path).as_deref() == Some("try_from")
                && call.args.len() == 1
                && converts(&call.func).is_some()
        }
        syn::Expr::MethodCall(call) => call.method == "try_into" && call.args.is_empty(),
        _ => false,
    }
}

/// `Vec::new()` and its kin, `Type::default()`: a value that is known before the machine runs.
fn makes_constant(path: &syn::ExprPath) -> bool {
    let mut names = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
    match (names.next().as_deref(), names.next().as_deref()) {
        (Some("new"), Some("Vec" | "String" | "HashMap" | "BTreeMap")) => true,
        (Some("default"), Some(_)) => true,
        (Some("default"), None) => path.qself.is_some(),
        _ => false,
    }
}

/// `Box::new`, `Arc::new`
fn boxes(path: &syn::ExprPath) -> bool {
    let mut names = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
    matches!((names.next().as_deref(), names.next().as_deref()), (Some("new"), Some("Box" | "Arc")))
}

fn last_name(path: &syn::Path) -> Option<String> {
    path.segments.last().map(|segment| segment.ident.unraw().to_string())
}

/// The type in `u64::from`, `String::from`.
fn converts(function: &syn::Expr) -> Option<TokenStream> {
    let syn::Expr::Path(path) = function else { return None };
    let mut kind = path.path.clone();
    kind.segments.pop();
    let kind = syn::Path { segments: kind.segments.into_iter().collect(), ..kind };
    let name = kind.segments.last()?.ident.to_string();
    let known = ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f64", "String"];
    known.contains(&name.as_str()).then(|| kind.to_token_stream())
}

/// A text that no state could pass on.
fn large_text(expression: &syn::Expr) -> Option<&syn::Expr> {
    const LARGEST: usize = 256 * 1024;
    let text = match expression {
        syn::Expr::MethodCall(call) => &*call.receiver,
        syn::Expr::Call(call) => call.args.first()?,
        other => other,
    };
    match text {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(literal), .. }) if literal.value().len() > LARGEST => {
            Some(text)
        }
        _ => None,
    }
}

/// True for the functions of clocks and of random numbers that programs commonly call.
fn reads_outside(path: &syn::ExprPath) -> bool {
    let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let last = names.last().map(String::as_str).unwrap_or_default();
    let of = names.iter().rev().nth(1).map(String::as_str).unwrap_or_default();
    match last {
        "now" | "now_utc" | "now_local" => !of.is_empty(),
        "new_v4" | "now_v7" | "new_v7" => of == "Uuid",
        "random" | "random_range" | "random_bool" | "rng" => of == "rand",
        "thread_rng" | "uuid" | "ctx" => true,
        _ => false,
    }
}

fn unsupported_expression(expression: &syn::Expr) -> Unsupported {
    use syn::Expr;
    let (token, what) = match expression {
        Expr::Closure(inner) => (inner.inputs_begin.to_token_stream(), "a closure"),
        Expr::Async(inner) => {
            let message = "an `async` block is a branch of `try_join!(..)` or what `map(..).each(..)` does";
            return Unsupported::new(inner.async_token, "SFN012", message);
        }
        Expr::Unsafe(inner) => {
            return Unsupported::new(inner.unsafe_token, "SFN003", "`unsafe` has no place in a state machine");
        }
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
