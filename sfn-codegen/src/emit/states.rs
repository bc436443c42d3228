//! The enum of states.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{code, doc, ident, literal};
use crate::plan::StatePlan;

/// The enum, its names and the way back from a name.
pub(crate) fn states(states: &[StatePlan]) -> TokenStream {
    let variants: Vec<_> = states.iter().map(|state| ident(&state.variant)).collect();
    let docs = states.iter().map(|state| doc(&[format!("{}, a {} state.", code(&state.name), state.kind)]));
    let names: Vec<_> = states.iter().map(|state| literal::string(&state.name)).collect();
    let count = Literal::usize_unsuffixed(states.len());
    quote! {
        /// The states of the workflow.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(dead_code, unreachable_pub, clippy::enum_variant_names)]
        pub enum State {
            #(#docs #variants,)*
        }

        #[allow(dead_code, unreachable_pub)]
        impl State {
            /// Every state, in the order of the definition.
            pub const ALL: [State; #count] = [#(State::#variants,)*];

            /// The name of the state in the definition.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    #(State::#variants => #names,)*
                }
            }
        }

        impl ::core::fmt::Display for State {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl ::core::convert::TryFrom<&str> for State {
            type Error = UnknownState;

            fn try_from(name: &str) -> Result<State, UnknownState> {
                match name {
                    #(#names => Ok(State::#variants),)*
                    _ => Err(UnknownState { name: name.into() }),
                }
            }
        }

        impl ::core::str::FromStr for State {
            type Err = UnknownState;

            fn from_str(name: &str) -> Result<State, UnknownState> {
                State::try_from(name)
            }
        }

        /// The workflow has no state of this name.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(unreachable_pub)]
        pub struct UnknownState {
            /// The name that was asked for.
            pub name: String,
        }

        impl ::core::fmt::Display for UnknownState {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                write!(f, "the workflow has no state `{}`", self.name)
            }
        }

        impl ::std::error::Error for UnknownState {}
    }
}
