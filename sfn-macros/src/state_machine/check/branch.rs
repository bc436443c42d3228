//! What runs side by side: findings.

use super::Checker;
use crate::state_machine::syntax::{Branch, Each, Expression, Kind};

impl Checker<'_> {
    pub(super) fn each(&mut self, each: &Each) {
        self.value(&each.items);
        if let Some((_, count)) = &each.concurrency {
            self.operand(count);
        }
        each.index.iter().for_each(|index| self.pattern(index));
        self.pattern(&each.item);
        self.branch(&each.body);
    }

    pub(super) fn branch(&mut self, branch: &Branch) {
        let outer = (self.in_branch, self.operand);
        (self.in_branch, self.operand) = (true, false);
        self.result_block(&branch.block);
        (self.in_branch, self.operand) = outer;
    }

    /// What a body ends in.
    pub(super) fn ends(&self) -> &'static str {
        match self.in_branch {
            false => "a state machine ends in `Ok(..)`, `Err(..)`, in `return` or in an awaited call",
            true => "a branch ends in `Ok(..)`, `Err(..)` or in an awaited call",
        }
    }

    /// Finds a call that starts or races something by itself.
    pub(super) fn refused_call(&mut self, expression: &Expression) -> bool {
        let Kind::Call = expression.kind else { return false };
        let Ok(syn::Expr::Call(call)) = syn::parse2(expression.tokens.clone()) else { return false };
        let syn::Expr::Path(path) = &*call.func else { return false };
        let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let runtimes = ["tokio", "futures", "futures_util", "async_std", "smol"];
        let is_foreign = names.first().is_some_and(|first| runtimes.contains(&first.as_str()));
        match names.last().map(String::as_str) {
            Some("spawn") if is_foreign || names.len() == 1 => {
                let message = "a state machine spawns nothing: run calls side by side with `try_join!(a(..), b(..))?`, over a \
                               list with `map(list).each(|item| task(item)).await?`";
                self.errors.at(path, "SFN025", message);
                true
            }
            Some("select" | "select_all" | "select_ok" | "race") if is_foreign => {
                self.errors.at(path, "SFN024", crate::state_machine::syntax::NO_RACE);
                true
            }
            _ => false,
        }
    }
}
