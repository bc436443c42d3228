//! The function as a tree: what is supported as itself, all else as [`Kind::Unsupported`]. Reading never fails.

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;

mod effect;
mod expression;

pub(super) use effect::{Call, Effect, Undo};
pub(super) use expression::{Expression, Kind};

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
}

fn not_yet(tokens: impl ToTokens, message: &str) -> Unsupported {
    Unsupported::new(tokens, "SFN004", message)
}

fn unsupported_macro(call: &syn::Macro) -> Unsupported {
    let name = call.path.to_token_stream().to_string().replace(' ', "");
    Unsupported::new(&call.path, "SFN030", format!("the macro `{name}!` is not supported; use a task"))
}

fn first_token(tokens: impl ToTokens) -> TokenStream {
    tokens.into_token_stream().into_iter().take(1).collect()
}
