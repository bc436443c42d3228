//! Who an execution is: the names that its context object and its ARNs are made of.

use std::sync::{Arc, LazyLock};

use sfn_asl::definition::ExecutionType;

/// The names of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `aws`, `aws-cn`, …
    pub partition: Arc<str>,
    /// `us-east-1`, …
    pub region: Arc<str>,
    /// The account's twelve digits.
    pub account: Arc<str>,
    /// Name of the state machine.
    pub state_machine: Arc<str>,
    /// Name of the execution.
    pub execution: Arc<str>,
    /// The role that the state machine has.
    pub role_arn: Arc<str>,
    /// Standard, or one of the Express kinds.
    pub kind: ExecutionKind,
}

/// The kinds of execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExecutionKind {
    /// A Standard workflow.
    Standard,
    /// An Express workflow.
    Express {
        /// The last part of its ARN.
        id: Arc<str>,
        /// Started by `StartSyncExecution`.
        synchronous: bool,
    },
}

impl Identity {
    /// An execution of a Standard state machine on this machine: made-up account, region `us-east-1`.
    pub fn local(state_machine: &str, execution: &str) -> Self {
        // What is the same for all of them is there once.
        static LOCAL: LazyLock<Identity> = LazyLock::new(|| Identity {
            partition: "aws".into(),
            region: "us-east-1".into(),
            account: "123456789012".into(),
            state_machine: "".into(),
            execution: "".into(),
            role_arn: "arn:aws:iam::123456789012:role/local".into(),
            kind: ExecutionKind::Standard,
        });
        Identity { state_machine: state_machine.into(), execution: execution.into(), ..LOCAL.clone() }
    }

    /// The state machine's ARN.
    pub fn state_machine_arn(&self) -> String {
        self.arn("stateMachine", &self.state_machine)
    }

    /// The execution's ARN.
    pub fn execution_arn(&self) -> String {
        let name = format!("{}:{}", self.state_machine, self.execution);
        match &self.kind {
            ExecutionKind::Standard => self.arn("execution", &name),
            ExecutionKind::Express { id, .. } => self.arn("express", &format!("{name}:{id}")),
        }
    }

    /// The ARN of the Map Run `id` of a Distributed Map of this execution's state machine.
    pub fn map_run_arn(&self, label: &str, id: &str) -> String {
        self.arn("mapRun", &format!("{}/{label}:{id}", self.unlabelled()))
    }

    /// A child execution that a Map Run of this execution starts.
    pub fn child(&self, label: &str, name: Arc<str>, execution_type: ExecutionType) -> Identity {
        let kind = match execution_type {
            ExecutionType::Standard => ExecutionKind::Standard,
            ExecutionType::Express => ExecutionKind::Express { id: name.clone(), synchronous: false },
        };
        let state_machine = format!("{}/{label}", self.unlabelled()).into();
        Identity { state_machine, execution: name, kind, ..self.clone() }
    }

    /// The name of the state machine whose children this execution may belong to.
    fn unlabelled(&self) -> &str {
        self.state_machine.split('/').next().unwrap_or_default()
    }

    fn arn(&self, resource: &str, name: &str) -> String {
        format!("arn:{}:states:{}:{}:{resource}:{name}", self.partition, self.region, self.account)
    }
}
