//! The function as a tree: what is supported as itself, all else as [`Kind::Unsupported`]. Reading never fails.

use std::cell::RefCell;
use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

mod branch;
mod control;
mod effect;
mod expression;
mod pattern;
mod raise;

pub(super) use branch::{Branch, Each, Join};
pub(super) use control::{Arm, Condition, Control, Items};
pub(super) use effect::{Call, Effect, Pause, Setting, SettingArgument, Undo};
pub(super) use expression::{Capture, Expression, Kind, Piece, Receiver, source};
pub(super) use pattern::{Bound, Literal, Pattern, Shape};
pub(super) use raise::{Raised, Text, TextPart, VariantFields};

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
    /// The locals that are assigned to after they were bound.
    pub(super) assigned: Vec<usize>,
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
#[expect(clippy::large_enum_variant, reason = "a function has few, and they are never moved about")]
pub(super) enum Statement {
    /// `let pattern = value else { otherwise };`
    Let {
        attributes: Vec<syn::Attribute>,
        pattern: Pattern,
        value: Option<Expression>,
        otherwise: Option<Block>,
        tokens: TokenStream,
    },
    /// `value;`, or without the semicolon where the value is `()`.
    Expression { attributes: Vec<syn::Attribute>, value: Expression, semicolon: bool },
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
pub(super) const SUPPORTED: &str = "supported are `let`, assignments, `if`, `match`, loops, awaited task calls, operators, \
                                    methods of texts, options and lists, struct literals, field access, literals, \
                                    `return`, `Ok(..)` and `Err(..)`";

impl MachineFunction {
    /// Reads the function; what is wrong with it stands in the tree.
    pub(super) fn read(function: syn::ItemFn) -> Self {
        let mut reader = Reader::default();
        let parameter = function.sig.inputs.first().and_then(|input| match input {
            syn::FnArg::Typed(typed) => {
                let binding = reader.pattern(&typed.pat).simple()?;
                Some(Parameter { binding, pattern: (*typed.pat).clone(), kind: (*typed.ty).clone() })
            }
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
            assigned: reader.assigned,
        }
    }
}

#[derive(Default)]
struct Reader {
    sites: usize,
    locals: usize,
    scope: HashMap<String, Named>,
    /// Loops and labelled blocks around what is read, the innermost last.
    targets: Vec<control::Target>,
    targets_made: usize,
    assigned: Vec<usize>,
    /// Branches around what is read, the innermost last.
    branches: RefCell<Vec<branch::Scope>>,
}

/// What a name in scope stands for.
#[derive(Clone, Copy)]
struct Named {
    local: usize,
    caught: Caught,
}

/// Whether a name stands for the error of a failed call.
#[derive(Clone, Copy, PartialEq)]
enum Caught {
    No,
    /// `Err(e)`: no data but in its fields.
    Error,
    /// `Err(Enum::Variant(e))`: an error where the variant is the one for all others, else data.
    Inside,
}

impl Reader {
    fn block(&mut self, block: &syn::Block) -> Block {
        let outer = self.scope.clone();
        let mut statements = Vec::new();
        let mut tail = None;
        let last = block.stmts.len().saturating_sub(1);
        for (index, statement) in block.stmts.iter().enumerate() {
            match statement {
                syn::Stmt::Expr(value, None) if index == last && !matches!(value, syn::Expr::Return(_)) => {
                    tail = Some(self.tail(value));
                }
                syn::Stmt::Macro(call) if index == last && call.semi_token.is_none() && is_tail(&call.mac) => {
                    tail =
                        Some(self.expression(&syn::Expr::Macro(syn::ExprMacro {
                            attrs: Vec::new(),
                            mac: call.mac.clone(),
                        })));
                }
                statement => statements.push(self.statement(statement)),
            }
        }
        self.scope = outer;
        Block { statements, tail, end: block.brace_token.span.close() }
    }

    /// The last expression of a block, its attributes kept where it has the form of a statement.
    fn tail(&mut self, value: &syn::Expr) -> Expression {
        let (attributes, value) = control::without_attributes(value);
        let mut expression = self.expression(&value);
        expression.attributes = attributes;
        expression
    }

    fn statement(&mut self, statement: &syn::Stmt) -> Statement {
        match statement {
            syn::Stmt::Local(local) => {
                // The name is not in scope in its own value.
                let value = local.init.as_ref().map(|init| self.expression(&init.expr));
                let otherwise = local.init.as_ref().and_then(|init| init.diverge.as_ref());
                let otherwise = otherwise.map(|(_, block)| match &**block {
                    syn::Expr::Block(block) => self.block(&block.block),
                    other => Block { statements: Vec::new(), tail: Some(self.expression(other)), end: other.span() },
                });
                let pattern = self.pattern(&local.pat);
                let of_a_call = local
                    .init
                    .as_ref()
                    .is_some_and(|init| init.diverge.is_some() && matches!(*init.expr, syn::Expr::Await(_)));
                if of_a_call {
                    self.mark_errors(&pattern.shape);
                }
                let attributes = local.attrs.clone();
                Statement::Let { attributes, pattern, value, otherwise, tokens: local.to_token_stream() }
            }
            syn::Stmt::Expr(value, semicolon) => {
                let (attributes, value) = control::without_attributes(value);
                Statement::Expression { attributes, value: self.expression(&value), semicolon: semicolon.is_some() }
            }
            syn::Stmt::Item(item) => Statement::Unsupported(Unsupported::new(
                first_token(item),
                "SFN003",
                "an item inside of a state machine; move it out of the function",
            )),
            syn::Stmt::Macro(statement) => {
                let call = syn::ExprMacro { attrs: Vec::new(), mac: statement.mac.clone() };
                let value = self.expression(&syn::Expr::Macro(call));
                Statement::Expression { attributes: statement.attrs.clone(), value, semicolon: true }
            }
        }
    }

    fn bind(&mut self, name: &Ident) -> Binding {
        let local = self.locals;
        self.locals += 1;
        self.scope.insert(name.unraw().to_string(), Named { local, caught: Caught::No });
        Binding { local, name: name.clone() }
    }

    /// The local that a name stands for.
    fn local(&self, path: &syn::ExprPath) -> Option<(Binding, Caught)> {
        let name = path.path.get_ident().filter(|_| path.qself.is_none())?;
        let named = self.scope.get(&name.unraw().to_string())?;
        let binding = Binding { local: named.local, name: name.clone() };
        self.captured(&binding);
        Some((binding, named.caught))
    }

    fn site(&mut self) -> usize {
        self.sites += 1;
        self.sites - 1
    }
}

/// True for a macro that ends a block: `fail!(..)`, `try_join!(..)`.
fn is_tail(call: &syn::Macro) -> bool {
    raise::is_fail(call) || branch::is_join(call)
}

fn not_yet(tokens: impl ToTokens, message: &str) -> Unsupported {
    Unsupported::new(tokens, "SFN004", message)
}

/// What SFN024 says.
pub(super) const NO_RACE: &str = "a state machine has no race; to give up after a while: `task(..).timeout(..)`; to do something while a call is out: \
     `match try_join!(async { task(..).await?; fail!(\"Answered\", \"\") }, async { sleep(..).await; .. })`, for a branch \
     that fails stops the others";

fn unsupported_macro(call: &syn::Macro) -> Unsupported {
    let name = call.path.to_token_stream().to_string().replace(' ', "");
    let last = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    if matches!(last.as_str(), "select" | "select_biased" | "race") {
        return Unsupported::new(&call.path, "SFN024", NO_RACE);
    }
    Unsupported::new(&call.path, "SFN030", format!("the macro `{name}!` is not supported; use a task"))
}

fn first_token(tokens: impl ToTokens) -> TokenStream {
    tokens.into_token_stream().into_iter().take(1).collect()
}
