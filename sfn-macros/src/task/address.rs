//! Who does the work of a task.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use super::syntax::Arguments;
use crate::errors::Errors;

/// One way to say who does the work.
#[derive(Clone, Copy)]
pub(super) enum Address<'a> {
    Lambda(&'a LitStr),
    Arn(&'a LitStr),
    Sdk(&'a LitStr),
    Sqs(&'a LitStr),
    Sns(&'a LitStr),
    EventBridge(&'a LitStr),
    Activity(&'a LitStr),
}

/// What a `Resource` ends with whose task ends with an answer to its token.
const WAIT_FOR_TASK_TOKEN: &str = ".waitForTaskToken";

impl<'a> Address<'a> {
    /// The key of the argument.
    fn key(self) -> &'static str {
        match self {
            Address::Lambda(_) => "lambda",
            Address::Arn(_) => "resource",
            Address::Sdk(_) => "sdk",
            Address::Sqs(_) => "sqs",
            Address::Sns(_) => "sns",
            Address::EventBridge(_) => "eventbridge",
            Address::Activity(_) => "activity",
        }
    }

    fn text(self) -> &'a LitStr {
        match self {
            Address::Lambda(text)
            | Address::Arn(text)
            | Address::Sdk(text)
            | Address::Sqs(text)
            | Address::Sns(text)
            | Address::EventBridge(text)
            | Address::Activity(text) => text,
        }
    }

    /// The expression that describes the task, `name` being its function.
    pub(super) fn description(self, name: &str, arguments: &Arguments, private: &TokenStream) -> TokenStream {
        let (text, callback) = (self.text(), arguments.is_callback());
        let message = |channel: TokenStream| {
            quote!(#private::TaskDescription::new(#name, #private::TaskResource::Message {
                channel: #private::Channel::#channel,
                target: #text,
                callback: #callback,
            }))
        };
        match self {
            Address::Lambda(function) if !callback => quote!(#private::TaskDescription::lambda(#name, #function)),
            Address::Lambda(_) => message(quote!(Lambda)),
            Address::Sqs(_) => message(quote!(Sqs)),
            Address::Sns(_) => message(quote!(Sns)),
            Address::EventBridge(_) => {
                let text = |given: &Option<LitStr>, other: String| given.as_ref().map_or(other, LitStr::value);
                let source = text(&arguments.source, "sfn".to_owned());
                let detail_type = text(&arguments.detail_type, crate::rename::title(name));
                message(quote!(EventBridge { source: #source, detail_type: #detail_type }))
            }
            Address::Arn(resource) => {
                quote!(#private::TaskDescription::new(#name, #private::TaskResource::Arn { resource: #resource }))
            }
            Address::Sdk(call) => {
                let call = call.value();
                let (service, rest) = call.split_once(':').unwrap_or((&call, ""));
                let (action, pattern) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
                quote!(#private::TaskDescription::new(#name, #private::TaskResource::Sdk {
                    service: #service,
                    action: #action,
                    pattern: #pattern,
                }))
            }
            Address::Activity(activity) => {
                quote!(#private::TaskDescription::new(#name, #private::TaskResource::Activity { activity: #activity }))
            }
        }
    }
}

/// All that is wrong with what was said of who does the work; `name` is where it is missing.
pub(super) fn check(arguments: &Arguments, name: &syn::Ident, errors: &mut Errors) {
    let given = arguments.addresses();
    let Some(first) = given.first().copied() else {
        if !arguments.broken {
            let message = "a task names what does its work: `#[task(lambda = \"..\")]`, `sdk`, `sqs`, `sns`, \
                           `eventbridge`, `activity` or `resource`";
            errors.at(name, "SFN054", message);
        }
        return;
    };
    for other in &given[1..] {
        let message = format!("a task has one address: `{}` or `{}`, not both", first.key(), other.key());
        errors.at(other.text(), "SFN054", message);
    }
    for address in &given {
        if let Some(message) = malformed(*address) {
            errors.at(address.text(), "SFN054", message);
        }
    }
    callback(first, arguments, errors);
    for (key, given) in [("source", &arguments.source), ("detail_type", &arguments.detail_type)] {
        if let Some(text) = given
            && !matches!(first, Address::EventBridge(_))
        {
            errors.at(text, "SFN054", format!("`{key}` goes with `eventbridge`"));
        }
    }
}

fn callback(address: Address<'_>, arguments: &Arguments, errors: &mut Errors) {
    let waits = address.text().value().ends_with(WAIT_FOR_TASK_TOKEN);
    match address {
        Address::Arn(text) | Address::Sdk(text) if waits && !arguments.is_callback() => {
            errors.at(text, "SFN054", "a task that waits for its token is a `callback`: `#[task(.., callback)]`");
        }
        Address::Arn(_) | Address::Sdk(_) if arguments.is_callback() && !waits => {
            let message =
                format!("a `callback` waits for its token: `{} = \"..{WAIT_FOR_TASK_TOKEN}\"`", address.key());
            errors.at_span(arguments.callback.span(), "SFN054", message);
        }
        Address::Activity(_) if arguments.is_callback() => {
            let message = "the workers of an activity get its token anyway: drop `callback`";
            errors.at_span(arguments.callback.span(), "SFN054", message);
        }
        _ => {}
    }
}

/// What is wrong with the text of an address.
fn malformed(address: Address<'_>) -> Option<String> {
    let text = address.text().value();
    match address {
        Address::Lambda(_) if !is_name(&text, 64, "-_") => Some(
            "the name of a Lambda function is 1 to 64 letters, digits, `-` and `_`; bindings make an ARN of it".into(),
        ),
        Address::Sqs(_) if !is_name(&text, 80, "-_.") => {
            Some("this is the name of a queue; bindings make a URL of it".into())
        }
        Address::Sns(_) | Address::EventBridge(_) | Address::Activity(_) if !is_name(&text, 256, "-_./") => {
            Some(format!("`{}` takes a name; bindings make an ARN of it", address.key()))
        }
        Address::Arn(_) if !is_resource(&text) => Some(
            "`resource` is the ARN of a service integration: `arn:aws:states:::sqs:sendMessage`; functions and \
             activities have arguments of their own"
                .into(),
        ),
        Address::Sdk(_) if !is_call(&text) => {
            Some("`sdk` names a service and an action: `\"dynamodb:getItem\"`, `\"ecs:runTask.sync\"`".into())
        }
        _ => None,
    }
}

fn is_name(text: &str, longest: usize, others: &str) -> bool {
    (1..=longest).contains(&text.len())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || others.contains(letter))
}

fn is_resource(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    matches!(parts[..], ["arn", partition, "states", "", "", call] if partition.starts_with("aws")
        && is_call(call.strip_prefix("aws-sdk:").unwrap_or(call)))
}

/// `service:action`, and how its end is awaited.
fn is_call(text: &str) -> bool {
    let Some((service, rest)) = text.split_once(':') else { return false };
    let (action, pattern) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    !service.is_empty()
        && service.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
        && action.starts_with(|letter: char| letter.is_ascii_lowercase())
        && action.chars().all(|letter| letter.is_ascii_alphanumeric())
        && ["", ".sync", ".sync:2", WAIT_FOR_TASK_TOKEN].contains(&pattern)
}
