//! The functions that run the workflow.

use proc_macro2::TokenStream;
use quote::quote;

use super::{ident, literal};
use crate::plan::{FieldType, Plan, Target, TaskPlan};

/// The names that the module takes from elsewhere.
pub(crate) fn imports(plan: &Plan) -> TokenStream {
    let tasks = (!plan.tasks.is_empty()).then(|| {
        quote! {
            use ::core::future::Future;
            use ::std::sync::Arc;
            use ::sfn_core::executor::TaskContext;
        }
    });
    quote! {
        #tasks
        use ::sfn_core::asl::Value;
        use ::sfn_core::executor::{Execution, Executor, ExecutorBuilder};
        use ::sfn_core::task::Error;
    }
}

/// Binding, starting, running.
pub(crate) fn entry(plan: &Plan) -> TokenStream {
    let name = literal::string(&plan.name);
    let bind = bind(&plan.tasks);
    quote! {
        /// What the workflow is called.
        pub const NAME: &str = #name;

        /// Runs the workflow to its end, in memory and by the clock on the wall.
        ///
        /// # Errors
        /// The error that the workflow fails with.
        #[allow(dead_code)]
        pub async fn run(tasks: impl Tasks, input: Value) -> Result<Value, Error> {
            let executor = bind(Executor::builder(), tasks).build();
            start(&executor, input).await?.result().await
        }

        /// Starts the workflow on an executor that knows its tasks, see [`bind`].
        ///
        /// # Errors
        /// The executor refuses the input, or is shut down.
        #[allow(dead_code)]
        pub async fn start(executor: &Executor, input: Value) -> Result<Execution<Value>, Error> {
            executor.start_document(NAME, definition(), input).await
        }

        #bind
    }
}

fn bind(tasks: &[TaskPlan]) -> TokenStream {
    let doc = quote! {
        /// Lets `tasks` do the work of the workflow's tasks.
    };
    if tasks.is_empty() {
        return quote! {
            #doc
            #[allow(dead_code)]
            #[must_use]
            pub fn bind(executor: ExecutorBuilder, _tasks: impl Tasks) -> ExecutorBuilder {
                executor
            }
        };
    }
    let handlers = tasks.iter().map(handler);
    quote! {
        #doc
        #[allow(dead_code)]
        #[must_use]
        pub fn bind(executor: ExecutorBuilder, tasks: impl Tasks) -> ExecutorBuilder {
            let tasks = Arc::new(tasks);
            executor #(#handlers)*
        }
    }
}

fn handler(task: &TaskPlan) -> TokenStream {
    let (kind, key) = match &task.target {
        Target::Function(function) => ("function", function),
        Target::Activity(arn) => ("activity", arn),
        Target::Resource(resource) => ("resource", resource),
        Target::Service { state, .. } => ("state", state),
    };
    let kind = ident(kind);
    let key = literal::string(key);
    let method = ident(&task.method);
    let input = match &task.input {
        FieldType::Struct(_) => quote! { input.to_data()? },
        _ => quote! { input },
    };
    quote! {
        .#kind(#key, {
            let tasks = Arc::clone(&tasks);
            move |input: Value, context| {
                let tasks = Arc::clone(&tasks);
                async move { Tasks::#method(&*tasks, #input, context).await }
            }
        })
    }
}
