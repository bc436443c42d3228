//! What runs side by side, in the body that rustc checks.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Expander, located, number, site_name};
use crate::state_machine::syntax::{Branch, Each, Effect, Join};

impl Expander<'_> {
    pub(super) fn join(&mut self, site: usize, join: &Join) -> TokenStream {
        let (span, path) = (join.span, &join.path);
        let branches: Vec<_> = join
            .branches
            .iter()
            .map(|branch| {
                let (private, run) = (self.private(branch.span), run_name(branch.span));
                let (captured, body) = self.branch_body(branch);
                quote_spanned!(branch.span=> {
                    #captured
                    #private::branch(move |#run: #private::Run| async move { #body })
                })
            })
            .collect();
        let name = self.register_branches(site, span);
        let (private, run) = (self.private(span), run_name(span));
        // Through the macro itself, so that its name is looked up and its import is used.
        quote_spanned!(span=> #path!(@sfn #private::try_join(&#name, &#run, (#(#branches,)*))))
    }

    pub(super) fn each(&mut self, site: usize, each: &Each) -> TokenStream {
        let Each { function, items, concurrency, each: method, index, item, body } = each;
        let span = method.span();
        let items = self.value(items);
        let concurrency = concurrency.as_ref().map(|(method, count)| {
            let count = self.value(count);
            quote!(.#method(#count))
        });
        let (private, run) = (self.private(span), run_name(span));
        let (captured, block) = self.branch_body(body);
        // The iterations come one after the other, each with values of its own.
        let again = self.captured(body);
        let iteration = Ident::new("__sfn_iteration", Span::mixed_site());
        let index = index.as_ref().map(|index| {
            let index = &index.tokens;
            quote!(let #index = #private::Iteration::index(&#iteration);)
        });
        let item = &item.tokens;
        let name = self.register_branches(site, span);
        quote_spanned!(span=> #private::map_each(&#name, &#run, {
            #captured
            #function(#items)#concurrency.#method(move |#iteration: #private::Iteration, #item| {
                #again
                #index
                let #run = #private::Iteration::into_run(#iteration);
                #private::iteration(async move { #block })
            })
        }))
    }

    /// A result in a branch: the error of a call becomes the one that all have.
    pub(super) fn branch_result(&self, effect: &Effect, value: TokenStream) -> TokenStream {
        let span = match effect {
            Effect::Call { call, .. } => call.span,
            _ => return value,
        };
        let private = self.private(span);
        quote_spanned!(span=> #private::branch_result(#value))
    }

    /// Copies of the locals that a branch reads, and what it does.
    fn branch_body(&mut self, branch: &Branch) -> (TokenStream, TokenStream) {
        let outer = (self.returned, self.in_branch);
        (self.returned, self.in_branch) = (self.branch, true);
        let body = self.body(&branch.block);
        (self.returned, self.in_branch) = outer;
        (self.captured(branch), body)
    }

    fn captured(&self, branch: &Branch) -> TokenStream {
        let copies = branch.captures.iter().map(|binding| {
            let name = &binding.name;
            let private = self.private(name.span());
            quote_spanned!(name.span()=> let #name = #private::read(&#name);)
        });
        copies.collect()
    }

    fn register_branches(&mut self, site: usize, span: Span) -> Ident {
        self.declare(site);
        let (private, name, number) = (self.private(span), site_name(site, span), number(site));
        let witness = Ident::new("__sfn_witness", located(span));
        self.registrations.push(quote_spanned!(span=> #private::Witness::branches(#witness, #number, #name);));
        name
    }
}

fn run_name(span: Span) -> Ident {
    Ident::new("__sfn_run", located(span))
}
