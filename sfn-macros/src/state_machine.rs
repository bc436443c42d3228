//! `#[state_machine]` on an `async fn`.

mod check;
mod expand;
mod fallback;
mod syntax;

use darling::ast::NestedMeta;
use darling::{Error, FromMeta};
use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;
use crate::meta::Seconds;
use crate::{crate_path, state_machine::syntax::MachineFunction};

/// `#[state_machine(..)]`
#[derive(Default, FromMeta)]
struct Arguments {
    #[darling(default)]
    timeout: Option<Seconds>,
    #[darling(default)]
    test: Option<bool>,
    #[darling(default, rename = "crate")]
    core: Option<syn::Path>,
}

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = NestedMeta::parse_meta_list(arguments)
        .map_err(Error::from)
        .and_then(|list| Arguments::from_list(&list))
        .unwrap_or_else(|error| {
            errors.arguments(error);
            Arguments::default()
        });
    let function: syn::ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.syntax(error);
            let errors = errors.into_tokens();
            return quote!(#errors);
        }
    };
    let core = crate_path::core(arguments.core.as_ref());
    let machine = MachineFunction::read(function);
    check::check(&machine, &mut errors);
    if errors.is_empty() {
        let timeout = arguments.timeout.map(|timeout| timeout.count);
        let items = expand::expand(&machine, timeout, &core);
        let test = (arguments.test != Some(false)).then(|| expand::test(&machine, &core));
        return quote!(#items #test);
    }
    let errors = errors.into_tokens();
    let skeleton = fallback::skeleton(&machine, &core);
    quote!(#errors #skeleton)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn a_text_that_no_state_passes_on_is_refused() {
        for (length, refused) in [(256 * 1024, false), (256 * 1024 + 1, true)] {
            let text = "x".repeat(length);
            let machine = quote! {
                async fn large(input: String) -> Result<String, Error> {
                    Ok(#text.to_string())
                }
            };
            let expanded = super::expand(quote!(crate = sfn), machine).to_string();
            assert_eq!(expanded.contains("SFN061"), refused, "{length}");
        }
    }
}
