//! What AWS's services answer: `service_models.jsonl`, whose form `tools/service_models.py` explains.

use sfn_asl::definition::{Integration, Resource, ServicePattern};
use sfn_asl::value::{Limits, Value};

/// One service a line, after a line that names the source.
#[cfg(feature = "service-models")]
const MODELS: &str = include_str!("service_models.jsonl");
#[cfg(not(feature = "service-models"))]
const MODELS: &str = "";

/// What the result of a task can be.
pub(super) enum Output {
    /// Anything: whoever does the task says.
    Anything,
    /// Nobody here knows, for this reason.
    Unknown(String),
    /// What an operation answers.
    Model(Model),
}

/// The output of an operation.
pub(super) struct Model {
    shapes: Value,
    output: Value,
    /// Members that Step Functions turns into something else than the API says.
    free: &'static [&'static str],
}

impl Model {
    pub(super) fn output(&self) -> &Value {
        self.shape(&self.output)
    }

    /// The shape at a place; one that is not there takes anything.
    pub(super) fn shape(&self, place: &Value) -> &Value {
        let index = place.as_i64().and_then(|place| usize::try_from(place).ok());
        index.and_then(|index| self.shapes.at(index)).unwrap_or(&Value::Null)
    }

    /// True for a member of the output that may be anything.
    pub(super) fn is_free(&self, name: &str) -> bool {
        self.free.contains(&name)
    }
}

/// What the result of a task on `resource` can be.
pub(super) fn output(resource: &Resource) -> Output {
    let Integration::Service { resource_type, resource: action, pattern } = &resource.integration else {
        return Output::Anything;
    };
    if *pattern == ServicePattern::WaitForTaskToken {
        return Output::Anything;
    }
    let (service, is_optimized) = match resource_type.strip_prefix("aws-sdk:") {
        Some(service) => (service, false),
        None => (sdk_name(resource_type), true),
    };
    let action = action.split('.').next().unwrap_or(action);
    let mut operation = action;
    let mut free: &[&str] = if is_optimized && (service, action) == ("lambda", "invoke") { &["Payload"] } else { &[] };
    if *pattern == ServicePattern::Sync {
        let Some(polled) = polled(service, action) else {
            return Output::Unknown(format!("what `{}` answers in the end is not known here", resource.text));
        };
        operation = polled;
        if resource.text.ends_with(":2") {
            free = &["Input", "Output"];
        }
    }
    find(service, operation, free)
}

fn find(service: &str, operation: &str, free: &'static [&'static str]) -> Output {
    let start = format!("{{\"service\":\"{service}\",");
    let Some(line) = MODELS.lines().find(|line| line.starts_with(&start)) else {
        let why = if MODELS.is_empty() { "built without the feature `service-models`" } else { "not among the models" };
        return Output::Unknown(format!("the answers of the service `{service}` are not known here: {why}"));
    };
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    let model = Value::parse_within(line, &limits).expect("the models are JSON");
    let member = |name: &str| model.get(name).cloned().expect("a model has operations and shapes");
    match member("operations").get(operation) {
        Some(output) => Output::Model(Model { shapes: member("shapes"), output: output.clone(), free }),
        None => Output::Unknown(format!("what `{operation}` of the service `{service}` answers is not known here")),
    }
}

/// The name that `aws-sdk` tasks give the service of an optimized integration.
fn sdk_name(service: &str) -> &str {
    match service {
        "states" => "sfn",
        "events" => "eventbridge",
        "elasticmapreduce" => "emr",
        "emr-containers" => "emrcontainers",
        "emr-serverless" => "emrserverless",
        other => other,
    }
}

/// The operation that tells how a job stands, for optimized integrations that wait for its end.
fn polled(service: &str, action: &str) -> Option<&'static str> {
    Some(match (service, action) {
        ("sfn", "startExecution") => "describeExecution",
        ("athena", "startQueryExecution") => "getQueryExecution",
        ("batch", "submitJob") => "describeJobs",
        ("codebuild", "startBuild") => "batchGetBuilds",
        ("codebuild", "startBuildBatch") => "batchGetBuildBatches",
        ("databrew", "startJobRun") => "describeJobRun",
        ("ecs", "runTask") => "describeTasks",
        ("eks", "createCluster") => "describeCluster",
        ("eks", "createFargateProfile") => "describeFargateProfile",
        ("eks", "createNodegroup") => "describeNodegroup",
        ("emr", "addStep") => "describeStep",
        ("emr", "createCluster" | "terminateCluster") => "describeCluster",
        ("emrcontainers", "startJobRun") => "describeJobRun",
        ("emrserverless", "startJobRun") => "getJobRun",
        ("glue", "startJobRun") => "getJobRun",
        _ => return None,
    })
}
