//! The trait with a method for each task.

use proc_macro2::TokenStream;
use quote::quote;

use super::{code, doc, ident, inputs};
use crate::plan::{Plan, Target, TaskPlan};

/// The trait.
pub(crate) fn tasks(plan: &Plan) -> TokenStream {
    let methods = plan.tasks.iter().map(|task| method(task, plan));
    quote! {
        /// The work that is done outside the workflow: a method for each function, activity and service call.
        #[allow(unreachable_pub, clippy::wrong_self_convention)]
        pub trait Tasks: Send + Sync + 'static {
            #(#methods)*
        }
    }
}

fn method(task: &TaskPlan, plan: &Plan) -> TokenStream {
    let doc = doc(&lines(task));
    let name = ident(&task.method);
    let input = inputs::ty(&task.input, &plan.inputs);
    quote! {
        #doc
        fn #name(
            &self,
            input: #input,
            context: TaskContext,
        ) -> impl Future<Output = Result<Value, Error>> + Send;
    }
}

/// The doc comment of a method: what it does the work of, and for which states.
fn lines(task: &TaskPlan) -> Vec<String> {
    let mut lines = vec![match &task.target {
        Target::Function(_) => format!("The Lambda function {}.", code(&task.resource)),
        Target::Activity(_) => format!("The activity {}.", code(&task.resource)),
        Target::Resource(_) => format!("The resource {}.", code(&task.resource)),
        Target::Service(_) => format!("The service call {}.", code(&task.resource)),
    }];
    let states: Vec<String> = task.states.iter().map(|state| code(state)).collect();
    lines.push(String::new());
    lines.push(match states.as_slice() {
        [state] => format!("Called by the state {state}."),
        states => format!("Called by the states {}.", states.join(", ")),
    });
    if task.awaits_token {
        lines.push(String::new());
        lines.push("The workflow goes on when somebody gives the executor the result with the task's token.".into());
    }
    lines
}
