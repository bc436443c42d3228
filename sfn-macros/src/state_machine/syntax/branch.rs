//! What runs side by side: the branches of `try_join!`, the iterations of `map(..).each(..)`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

use super::{Binding, Block, Effect, Expression, Kind, Pattern, Reader, Unsupported, first_token};

/// `try_join!(branch, branch)`
pub(in crate::state_machine) struct Join {
    /// The name of the macro.
    pub(in crate::state_machine) path: TokenStream,
    pub(in crate::state_machine) branches: Vec<Branch>,
    pub(in crate::state_machine) span: Span,
}

/// `map(items).concurrency(n).each(|index, item| body)`
pub(in crate::state_machine) struct Each {
    pub(in crate::state_machine) function: TokenStream,
    pub(in crate::state_machine) items: Expression,
    pub(in crate::state_machine) concurrency: Option<(Ident, Expression)>,
    pub(in crate::state_machine) each: Ident,
    pub(in crate::state_machine) index: Option<Pattern>,
    pub(in crate::state_machine) item: Pattern,
    pub(in crate::state_machine) body: Branch,
}

/// What runs beside others; it ends in a result.
pub(in crate::state_machine) struct Branch {
    pub(in crate::state_machine) block: Block,
    /// The locals from outside that it reads.
    pub(in crate::state_machine) captures: Vec<Binding>,
    pub(in crate::state_machine) span: Span,
}

/// A branch that is being read.
pub(super) struct Scope {
    /// Locals with a lower number are outside of it.
    first: usize,
    captures: Vec<Binding>,
}

/// How many branches a `try_join!` has at most: as many as a tuple of workflow data has items.
const MOST_BRANCHES: usize = 8;

const BRANCH: &str = "a branch is the call of a task, `map(..).each(..)` or `async { .. }`";

/// True for `try_join!(..)` by whatever path.
pub(super) fn is_join(call: &syn::Macro) -> bool {
    call.path.segments.last().is_some_and(|last| last.ident == "try_join")
}

/// True for what yields the result of an effect.
pub(super) fn is_awaited(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Await(_) => true,
        syn::Expr::Macro(call) => is_join(&call.mac),
        syn::Expr::Paren(inner) => is_awaited(&inner.expr),
        _ => false,
    }
}

impl Reader {
    /// `try_join!(..)`, which is awaited where it stands.
    pub(super) fn join(&mut self, call: &syn::Macro) -> Kind {
        let span = call.path.span();
        let parser = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        let branches = match parser.parse2(call.tokens.clone()) {
            Ok(branches) => branches,
            Err(error) => {
                let message = format!("`try_join!` takes its branches, separated by commas: {error}");
                return Kind::Unsupported(Unsupported::new(&call.path, "SFN008", message));
            }
        };
        if branches.is_empty() {
            let message = format!("`try_join!` takes at least one branch; {BRANCH}");
            return Kind::Unsupported(Unsupported::new(&call.path, "SFN008", message));
        }
        if let Some(extra) = branches.iter().nth(MOST_BRANCHES) {
            let message = format!(
                "`try_join!` has at most {MOST_BRANCHES} branches; put some into a `try_join!` of their own, in an \
                 `async` block, or use `map(..).each(..)`"
            );
            return Kind::Unsupported(Unsupported::new(extra, "SFN008", message));
        }
        let branches = branches.iter().map(|branch| self.side_branch(branch)).collect();
        let effect = Effect::Join(Join { path: call.path.to_token_stream(), branches, span });
        Kind::Await { site: self.site(), effect: Box::new(effect), dot_await: quote_spanned!(span=> .await) }
    }

    /// `map(items).concurrency(n).each(..)`; `None` when the method is called on something else.
    pub(super) fn each(&mut self, method: &syn::ExprMethodCall) -> Option<Effect> {
        let mut receiver = &*method.receiver;
        let mut concurrency = None;
        while let syn::Expr::MethodCall(setting) = receiver {
            if setting.method != "concurrency" {
                return Some(Effect::Unsupported(Unsupported::new(
                    &setting.method,
                    "SFN031",
                    format!(
                        "the method `{}` is not supported here: `map(items).concurrency(10).each(|item| ..)`",
                        setting.method
                    ),
                )));
            }
            if concurrency.is_some() || setting.args.len() != 1 {
                let message = "the concurrency is set once, by one number: `.concurrency(10)`";
                return Some(Effect::Unsupported(Unsupported::new(&setting.method, "SFN008", message)));
            }
            concurrency = Some((setting.method.clone(), &setting.args[0]));
            receiver = &setting.receiver;
        }
        let syn::Expr::Call(call) = receiver else { return None };
        let is_map = matches!(&*call.func, syn::Expr::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "map"));
        if !is_map {
            return None;
        }
        let form = "`map` takes a list, `each` a closure: `map(items).each(|item| task(item)).await?`";
        let refused = |tokens: TokenStream, code: &'static str, message: &str| {
            Some(Effect::Unsupported(Unsupported::new(tokens, code, message)))
        };
        let (Some(items), 1) = (call.args.first(), call.args.len()) else {
            return refused(call.func.to_token_stream(), "SFN008", form);
        };
        let closure = match method.args.first() {
            Some(syn::Expr::Closure(closure)) if method.args.len() == 1 => closure,
            Some(other) => {
                return refused(other.to_token_stream(), "SFN012", "the body of `each` is a closure: `|item| ..`");
            }
            None => return refused(method.method.to_token_stream(), "SFN008", form),
        };
        if let Some(keyword) = &closure.asyncness {
            let message = "the closure of `each` is written `|item| async { .. }`";
            return refused(keyword.to_token_stream(), "SFN008", message);
        }
        if let syn::ReturnType::Type(arrow, _) = &closure.output {
            return refused(arrow.to_token_stream(), "SFN008", "the closure of `each` has no return type");
        }
        let items = self.expression(items);
        let concurrency = concurrency.map(|(method, count)| (method, self.expression(count)));
        let outer = self.scope.clone();
        let ((index, item, block), captures) = self.within_branch(|reader| {
            let (index, item) = match closure.inputs.iter().collect::<Vec<_>>()[..] {
                [item] => (None, reader.pattern(item)),
                [index, item] => {
                    let index = reader.pattern(index);
                    (Some(index), reader.pattern(item))
                }
                _ => return (None, None, None),
            };
            let block = reader.branch_block(&closure.body);
            (index, Some(item), Some(block))
        });
        self.scope = outer;
        let (Some(item), Some(block)) = (item, block) else {
            let message = "the closure of `each` takes the item, or its number and the item: `|index, item| ..`";
            return refused(closure.inputs.to_token_stream(), "SFN008", message);
        };
        if let Some(index) = index.as_ref().filter(|index| index.simple().is_none()) {
            return refused(index.tokens.clone(), "SFN008", "the number of an item is a plain name or `_`");
        }
        let body = Branch { block, captures, span: closure.body.span() };
        let function = call.func.to_token_stream();
        let each = method.method.clone();
        Some(Effect::Each(Box::new(Each { function, items, concurrency, each, index, item, body })))
    }

    fn side_branch(&mut self, branch: &syn::Expr) -> Branch {
        let outer = self.scope.clone();
        let (block, captures) = self.within_branch(|reader| reader.branch_block(branch));
        self.scope = outer;
        Branch { block, captures, span: branch.span() }
    }

    /// What runs in a branch: the block of `async { .. }`, else one effect.
    fn branch_block(&mut self, branch: &syn::Expr) -> Block {
        let refused = |reader: &mut Self, tokens: TokenStream, code: &'static str, message: &str| {
            reader.unsupported(branch, Unsupported::new(tokens, code, message))
        };
        let tail = match branch {
            syn::Expr::Paren(inner) => return self.branch_block(&inner.expr),
            syn::Expr::Group(inner) => return self.branch_block(&inner.expr),
            syn::Expr::Async(block) => return self.block(&block.block),
            syn::Expr::Await(awaited) => refused(
                self,
                awaited.await_token.to_token_stream(),
                "SFN011",
                "a branch is not awaited: it is run beside the others; write the call alone, or `async { .. }`",
            ),
            syn::Expr::Try(tried) => refused(
                self,
                tried.question_token.to_token_stream(),
                "SFN011",
                "a branch is a call or `async { .. }`; the `?` follows the whole: `try_join!(..)?`",
            ),
            syn::Expr::Block(_) => {
                refused(self, first_token(branch), "SFN012", "a block is a branch when it is `async`: `async { .. }`")
            }
            syn::Expr::Macro(call) if is_join(&call.mac) => refused(
                self,
                call.mac.path.to_token_stream(),
                "SFN011",
                "a `try_join!` inside of another is a branch in an `async` block: `async { try_join!(..) }`",
            ),
            syn::Expr::Call(_) | syn::Expr::MethodCall(_) => match self.effect(branch) {
                Effect::Unsupported(unsupported) => self.unsupported(branch, unsupported),
                Effect::Pause(pause) => {
                    let message = "a branch yields a result: `async { sleep(..).await; Ok(()) }`";
                    refused(self, pause.function, "SFN011", message)
                }
                effect => {
                    let (span, site) = (branch.span(), self.site());
                    let dot_await = quote_spanned!(span=> .await);
                    self.made(branch, Kind::Await { site, effect: Box::new(effect), dot_await })
                }
            },
            other => refused(self, other.to_token_stream(), "SFN012", BRANCH),
        };
        Block { statements: Vec::new(), tail: Some(tail), end: branch.span() }
    }

    /// Reads what stands in a branch; tells what it reads of the outside. Loops outside cannot be left from inside.
    fn within_branch<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> (T, Vec<Binding>) {
        let targets = std::mem::take(&mut self.targets);
        self.branches.borrow_mut().push(Scope { first: self.locals, captures: Vec::new() });
        let inner = read(self);
        self.targets = targets;
        let scope = self.branches.borrow_mut().pop();
        (inner, scope.map(|scope| scope.captures).unwrap_or_default())
    }

    pub(super) fn is_in_branch(&self) -> bool {
        !self.branches.borrow().is_empty()
    }

    /// True for a local outside of the branch that is read.
    pub(super) fn is_outside(&self, local: usize) -> bool {
        self.branches.borrow().last().is_some_and(|scope| local < scope.first)
    }

    /// Notes that a local is read, in all branches that it comes from the outside of.
    pub(super) fn captured(&self, binding: &Binding) {
        for scope in self.branches.borrow_mut().iter_mut() {
            let is_known = scope.captures.iter().any(|known| known.local == binding.local);
            if binding.local < scope.first && !is_known {
                scope.captures.push(binding.clone());
            }
        }
    }

    /// A way out that would leave the branch.
    pub(super) fn leaves_branch(&self, keyword: impl ToTokens) -> Option<Kind> {
        if !self.is_in_branch() {
            return None;
        }
        let keyword = keyword.into_token_stream();
        let message = match keyword.to_string().starts_with("return") {
            true => {
                "`return` would leave the branch only, not the state machine; let the branch end in its result, `Ok(..)` or \
                 `Err(..)`, and return behind the branches"
            }
            false => {
                "a branch cannot leave the loop around it: the branches end together; let it yield a value and look at \
                 that behind the branches"
            }
        };
        Some(Kind::Unsupported(Unsupported::new(keyword, "SFN020", message)))
    }
}
