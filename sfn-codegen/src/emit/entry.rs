//! The functions that run the workflow.

use proc_macro2::TokenStream;
use quote::quote;

use super::{ident, literal};
use crate::plan::{FieldType, Plan, Target, TaskPlan};

/// The names that the module takes from elsewhere.
pub(crate) fn imports(plan: &Plan) -> TokenStream {
    let context = (!plan.tasks.is_empty()).then(|| quote! { TaskContext, });
    let executor = quote! { use ::sfn_core::executor::{Execution, Executor, ExecutorBuilder, StartError, #context}; };
    let mut imports = vec![quote! { use ::sfn_core::asl::Definition; }, executor];
    if !plan.inputs.is_empty() {
        imports.push(quote! { use ::sfn_core::serde::{Deserialize, Serialize, de::DeserializeOwned}; });
    }
    if plan.tasks.is_empty() {
        imports.push(quote! { use ::sfn_core::Value; });
    } else {
        imports.insert(0, quote! { use ::core::future::Future; });
        imports.push(quote! { use ::sfn_core::{Error, Value}; });
        imports.push(quote! { use ::std::sync::Arc; });
    }
    imports.into_iter().collect()
}

/// Binding, starting, running.
pub(crate) fn entry(plan: &Plan) -> TokenStream {
    let name = literal::string(&plan.name);
    let bind = bind(&plan.tasks);
    quote! {
        /// What the workflow is called.
        #[allow(dead_code, unreachable_pub)]
        pub const NAME: &str = #name;

        /// Runs the workflow to its end, in memory and by the clock on the wall.
        ///
        /// The execution that is returned is over: it has its output, or why there is none, and its history. A workflow
        /// that waits for a task's token is started with [`bind`] and [`start`] instead, on an executor that can be told
        /// the result.
        ///
        /// # Errors
        /// The input is too large, or there is no tokio runtime.
        #[allow(dead_code, unreachable_pub)]
        pub async fn run(tasks: impl Tasks, input: Value) -> Result<Execution, StartError> {
            let executor = bind(Executor::builder(), tasks).build();
            let execution = start(&executor, input).await?;
            execution.ended().await;
            executor.shutdown().await;
            Ok(execution)
        }

        /// Starts the workflow on an executor that knows its tasks, see [`bind`].
        ///
        /// # Errors
        /// The input is too large, the executor is shut down, or there is no tokio runtime.
        #[allow(dead_code, unreachable_pub)]
        pub async fn start(executor: &Executor, input: Value) -> Result<Execution, StartError> {
            let definition = Definition::parse_json(definition()).map_err(StartError::Refused)?;
            executor.start_named(NAME, &definition, input).await
        }

        #bind
    }
}

fn bind(tasks: &[TaskPlan]) -> TokenStream {
    let doc = quote! {
        /// Lets `tasks` do the work of the workflow's tasks.
        ///
        /// Functions, activities and other resources are bound by their names, service calls by the names of their states:
        /// workflows that share an executor should not share those.
    };
    if tasks.is_empty() {
        return quote! {
            #doc
            #[allow(dead_code, unreachable_pub)]
            pub fn bind<T: Tasks>(builder: ExecutorBuilder, _tasks: T) -> ExecutorBuilder {
                builder
            }
        };
    }
    let handlers = tasks.iter().map(handler);
    let typed = tasks.iter().any(|task| matches!(task.input, FieldType::Struct(_))).then(typed);
    quote! {
        #doc
        #[allow(dead_code, unreachable_pub)]
        pub fn bind<T: Tasks>(mut builder: ExecutorBuilder, tasks: T) -> ExecutorBuilder {
            let tasks = Arc::new(tasks);
            #(#handlers)*
            builder
        }

        #typed
    }
}

/// A statement of its own for each task: a chain of thousands of calls would be nested as deep.
fn handler(task: &TaskPlan) -> TokenStream {
    let (kind, key) = match &task.target {
        Target::Function(function) => ("function", function),
        Target::Activity(arn) => ("activity", arn),
        Target::Resource(resource) => ("resource", resource),
        Target::Service(state) => ("state", state),
    };
    let kind = ident(kind);
    let key = literal::string(key);
    let method = ident(&task.method);
    let input = match &task.input {
        FieldType::Struct(_) => quote! { typed(&input)? },
        _ => quote! { input },
    };
    quote! {
        let handler = {
            let tasks = Arc::clone(&tasks);
            move |input: Value, context: TaskContext| {
                let tasks = Arc::clone(&tasks);
                async move { T::#method(&tasks, #input, context).await }
            }
        };
        builder = builder.#kind(#key, handler);
    }
}

/// The way from a value to the input of a method.
fn typed() -> TokenStream {
    quote! {
        fn typed<T: DeserializeOwned>(input: &Value) -> Result<T, Error> {
            input.to_data().map_err(|error| Error::new("Sfn.TypeMismatch", error.to_string()))
        }
    }
}
