//! The function and the arguments of `#[task]`.

use darling::FromMeta;
use darling::ast::NestedMeta;
use darling::util::Flag;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;

use super::address::Address;
use crate::meta::Seconds;
use crate::rename::Rule;

/// `#[task(..)]`
#[derive(Default, FromMeta)]
pub(super) struct Arguments {
    #[darling(default)]
    pub(super) lambda: Option<syn::LitStr>,
    #[darling(default)]
    pub(super) resource: Option<syn::LitStr>,
    #[darling(default)]
    pub(super) sdk: Option<syn::LitStr>,
    #[darling(default)]
    pub(super) sqs: Option<syn::LitStr>,
    #[darling(default)]
    pub(super) sns: Option<syn::LitStr>,
    #[darling(default)]
    pub(super) eventbridge: Option<syn::LitStr>,
    /// `Source` of the event.
    #[darling(default)]
    pub(super) source: Option<syn::LitStr>,
    /// `DetailType` of the event.
    #[darling(default)]
    pub(super) detail_type: Option<syn::LitStr>,
    #[darling(default)]
    pub(super) activity: Option<syn::LitStr>,
    pub(super) callback: Flag,
    #[darling(default)]
    pub(super) rename_all: Option<Renaming>,
    #[darling(default)]
    pub(super) timeout: Option<Seconds>,
    #[darling(default)]
    pub(super) heartbeat: Option<Seconds>,
    #[darling(default, multiple)]
    pub(super) retry: Vec<Retry>,
    #[darling(default, rename = "crate")]
    pub(super) core: Option<syn::Path>,
    /// Something was found in the arguments already.
    #[darling(skip)]
    pub(super) broken: bool,
}

impl Arguments {
    /// What was said of who does the work, in the order of the documentation.
    pub(super) fn addresses(&self) -> Vec<Address<'_>> {
        let given = [
            self.lambda.as_ref().map(Address::Lambda),
            self.resource.as_ref().map(Address::Arn),
            self.sdk.as_ref().map(Address::Sdk),
            self.sqs.as_ref().map(Address::Sqs),
            self.sns.as_ref().map(Address::Sns),
            self.eventbridge.as_ref().map(Address::EventBridge),
            self.activity.as_ref().map(Address::Activity),
        ];
        given.into_iter().flatten().collect()
    }

    /// True when the task ends with an answer to its token.
    pub(super) fn is_callback(&self) -> bool {
        self.callback.is_present()
    }

    /// The name of a parameter in the payload.
    pub(super) fn member(&self, parameter: &syn::Ident) -> String {
        let name = parameter.unraw().to_string();
        self.rename_all.as_ref().map_or(name.clone(), |renaming| renaming.0.field(&name))
    }
}

/// A rule of `rename_all`.
pub(super) struct Renaming(Rule);

impl FromMeta for Renaming {
    fn from_string(name: &str) -> darling::Result<Self> {
        Rule::named(name).map(Renaming).ok_or_else(|| {
            darling::Error::custom("`rename_all` is one of serde's rules: `\"camelCase\"`, `\"PascalCase\"`, ..")
        })
    }
}

/// `retry = "none"`, `retry(..)`
pub(super) enum Retry {
    None,
    Policy(Box<Policy>),
}

/// `retry(on = [..], max = 3, interval = "1s", backoff = 2.0, cap = "1m", jitter)`
#[derive(FromMeta)]
pub(super) struct Policy {
    pub(super) on: ErrorNames,
    #[darling(default)]
    pub(super) max: Option<u64>,
    #[darling(default)]
    pub(super) interval: Option<Seconds>,
    #[darling(default)]
    pub(super) backoff: Option<Backoff>,
    #[darling(default)]
    pub(super) cap: Option<Seconds>,
    #[darling(default)]
    pub(super) jitter: bool,
}

/// The factor by which a delay grows: 1 or more.
pub(super) struct Backoff(pub(super) f64);

/// Names of errors: texts, or variants of an error type.
pub(super) struct ErrorNames(pub(super) Vec<ErrorName>);

/// The name of an error.
pub(super) enum ErrorName {
    Text(syn::LitStr),
    Variant(syn::Path),
}

impl FromMeta for Retry {
    fn from_value(value: &syn::Lit) -> darling::Result<Self> {
        match value {
            syn::Lit::Str(text) if text.value() == "none" => Ok(Retry::None),
            other => {
                let message = "expected `retry = \"none\"` or `retry(on = [..], ..)`";
                Err(darling::Error::custom(message).with_span(other))
            }
        }
    }

    fn from_list(items: &[NestedMeta]) -> darling::Result<Self> {
        Policy::from_list(items).map(|policy| Retry::Policy(Box::new(policy)))
    }
}

impl FromMeta for Backoff {
    fn from_value(value: &syn::Lit) -> darling::Result<Self> {
        let rate = match value {
            syn::Lit::Float(float) => float.base10_parse::<f64>().ok(),
            syn::Lit::Int(integer) => integer.base10_parse::<u32>().ok().map(f64::from),
            _ => None,
        };
        match rate {
            Some(rate) if rate >= 1.0 && rate.is_finite() => Ok(Backoff(rate)),
            _ => {
                let message = "a backoff is a number of at least 1: the delay is multiplied by it";
                Err(darling::Error::custom(message).with_span(value))
            }
        }
    }
}

impl FromMeta for ErrorNames {
    fn from_expr(expression: &syn::Expr) -> darling::Result<Self> {
        let help = "expected a list of error names: `[\"States.Timeout\", PayError::RateLimited]`";
        let syn::Expr::Array(array) = expression else {
            return Err(darling::Error::custom(help).with_span(expression));
        };
        let mut names = Vec::new();
        for item in &array.elems {
            names.push(match item {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => ErrorName::Text(text.clone()),
                syn::Expr::Path(path) if path.path.segments.len() > 1 => ErrorName::Variant(path.path.clone()),
                other => return Err(darling::Error::custom(help).with_span(&other.span())),
            });
        }
        if names.is_empty() {
            return Err(darling::Error::custom(help).with_span(expression));
        }
        Ok(ErrorNames(names))
    }
}

/// A function with a body, or with `;`.
pub(super) struct TaskFunction {
    pub(super) attributes: Vec<syn::Attribute>,
    pub(super) visibility: syn::Visibility,
    pub(super) signature: syn::Signature,
    pub(super) body: Option<syn::Block>,
}

impl Parse for TaskFunction {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(syn::Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature = input.parse()?;
        let body = if input.peek(syn::Token![;]) {
            input.parse::<syn::Token![;]>()?;
            None
        } else {
            Some(input.parse()?)
        };
        Ok(TaskFunction { attributes, visibility, signature, body })
    }
}

/// Most parameters of a task.
pub(super) const MOST_PARAMETERS: usize = 8;

impl TaskFunction {
    /// True when the types of the function can be named outside of it.
    pub(super) fn is_describable(&self) -> bool {
        let signature = &self.signature;
        let owned = |input: &syn::FnArg| matches!(input, syn::FnArg::Typed(typed) if !matches!(*typed.ty, syn::Type::Reference(_) | syn::Type::ImplTrait(_)));
        signature.generics.params.is_empty()
            && signature.inputs.len() <= MOST_PARAMETERS
            && signature.inputs.iter().all(owned)
    }

    /// The parameters that are plain names, in order.
    pub(super) fn parameters(&self) -> Vec<Parameter<'_>> {
        let inputs = self.signature.inputs.iter();
        inputs
            .filter_map(|input| match input {
                syn::FnArg::Typed(typed) => match &*typed.pat {
                    syn::Pat::Ident(name) => Some(Parameter { name: &name.ident, kind: &typed.ty }),
                    _ => None,
                },
                syn::FnArg::Receiver(_) => None,
            })
            .collect()
    }
}

/// A parameter of a task.
pub(super) struct Parameter<'a> {
    pub(super) name: &'a syn::Ident,
    pub(super) kind: &'a syn::Type,
}

impl Parameter<'_> {
    /// True for a `TaskToken`, which the caller does not pass.
    pub(super) fn is_token(&self) -> bool {
        let syn::Type::Path(path) = self.kind else { return false };
        path.path.segments.last().is_some_and(|last| last.ident == "TaskToken" && last.arguments.is_none())
    }
}
