//! The functions that run the workflow.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::Plan;

/// The names that the module takes from elsewhere.
pub(crate) fn imports(_plan: &Plan) -> TokenStream {
    quote! {
        use ::core::future::Future;
        use ::sfn_core::asl::Value;
        use ::sfn_core::executor::TaskContext;
        use ::sfn_core::task::Error;
    }
}

/// Binding, starting, running.
pub(crate) fn entry(_plan: &Plan) -> TokenStream {
    quote! {}
}
