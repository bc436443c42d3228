use std::collections::BTreeMap;
use std::fmt;

/// Where the tasks of a workflow are found: what stands in `FunctionName`, `QueueUrl` and their kin.
///
/// Workflows name their tasks; a binding turns the name into what AWS calls. With [`Bindings::substitutions`] that is
/// left to SAM, CloudFormation, CDK or Terraform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bindings {
    fallback: Fallback,
    alias: Option<String>,
    explicit: BTreeMap<(BindingKind, String), String>,
    /// Retries wait as long as their jitter lets them at most.
    pub(super) steady: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fallback {
    Substitution,
    Account {
        partition: String,
        region: String,
        account: String,
    },
    /// What the executor knows: placeholders, and ARNs where the kind of a `Resource` shows in its ARN only.
    #[cfg(feature = "executor")]
    Local,
    None,
}

/// What a name is that bindings resolve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BindingKind {
    /// A Lambda function: its name or ARN.
    Function,
    /// An SQS queue: its URL.
    Queue,
    /// An SNS topic: its ARN.
    Topic,
    /// An EventBridge bus: its name or ARN.
    EventBus,
    /// An activity: its ARN.
    Activity,
    /// A state machine: its ARN.
    StateMachine,
    /// A service itself: there is nothing to bind, only an action to allow.
    Service,
}

impl fmt::Display for BindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BindingKind::Function => "Lambda function",
            BindingKind::Queue => "SQS queue",
            BindingKind::Topic => "SNS topic",
            BindingKind::EventBus => "EventBridge bus",
            BindingKind::Activity => "activity",
            BindingKind::StateMachine => "state machine",
            BindingKind::Service => "service",
        })
    }
}

impl Bindings {
    /// Placeholders, `${ChargeCard}`: filled in at deployment.
    pub fn substitutions() -> Self {
        Bindings::with_fallback(Fallback::Substitution)
    }

    /// The resources of one account by their names: `arn:aws:lambda:eu-west-1:123456789012:function:ChargeCard`,
    /// `https://sqs.eu-west-1.amazonaws.com/123456789012/Approvals`, `arn:aws:states:…:activity:Label`.
    ///
    /// A name that says what it stands for, `ApprovalsUrl`, `LabelArn`, is that of the resource without its last word.
    pub fn account(partition: &str, region: &str, account: &str) -> Self {
        Bindings::with_fallback(Fallback::Account {
            partition: partition.into(),
            region: region.into(),
            account: account.into(),
        })
    }

    /// Nothing but what is said; a definition that needs more is an error that lists all it needs.
    pub fn explicit() -> Self {
        Bindings::with_fallback(Fallback::None)
    }

    /// What runs in this process.
    #[cfg(feature = "executor")]
    pub(crate) fn local() -> Self {
        Bindings::with_fallback(Fallback::Local)
    }

    /// Leaves the jitter of retries out, so that each run takes the same time.
    #[cfg(feature = "executor")]
    pub(crate) fn steady(mut self, steady: bool) -> Self {
        self.steady = steady;
        self
    }

    /// The functions of an [`account`](Bindings::account) by this alias or version.
    pub fn alias(mut self, alias: &str) -> Self {
        self.alias = Some(alias.into());
        self
    }

    /// The Lambda function `name` is found at `target`: a name, an ARN, a placeholder.
    pub fn function(self, name: &str, target: &str) -> Self {
        self.bind(BindingKind::Function, name, target)
    }

    /// The SQS queue `name` has the URL `target`.
    pub fn queue(self, name: &str, target: &str) -> Self {
        self.bind(BindingKind::Queue, name, target)
    }

    /// The SNS topic `name` has the ARN `target`.
    pub fn topic(self, name: &str, target: &str) -> Self {
        self.bind(BindingKind::Topic, name, target)
    }

    /// The EventBridge bus `name` has the name or ARN `target`.
    pub fn event_bus(self, name: &str, target: &str) -> Self {
        self.bind(BindingKind::EventBus, name, target)
    }

    /// The activity `name` has the ARN `target`.
    pub fn activity(self, name: &str, target: &str) -> Self {
        self.bind(BindingKind::Activity, name, target)
    }

    /// The state machine `name` has the ARN `target`.
    pub fn state_machine(self, name: &str, target: &str) -> Self {
        self.bind(BindingKind::StateMachine, name, target)
    }

    fn bind(mut self, kind: BindingKind, name: &str, target: &str) -> Self {
        self.explicit.insert((kind, name.into()), target.into());
        self
    }

    /// What stands for the `kind` of this name; `None` when nothing says so.
    pub(crate) fn resolve(&self, kind: BindingKind, name: &str) -> Option<String> {
        if let Some(target) = self.explicit.get(&(kind, name.to_owned())) {
            return Some(target.clone());
        }
        match &self.fallback {
            Fallback::Substitution => Some(placeholder(name)),
            #[cfg(feature = "executor")]
            Fallback::Local if kind == BindingKind::Activity => {
                Some(format!("arn:aws:states:us-east-1:123456789012:activity:{name}"))
            }
            #[cfg(feature = "executor")]
            Fallback::Local if kind == BindingKind::Function => Some(name.to_owned()),
            #[cfg(feature = "executor")]
            Fallback::Local => Some(placeholder(name)),
            Fallback::Account { partition, region, account } => {
                let own = bare(kind, name);
                let place = format!("{region}:{account}");
                Some(match kind {
                    BindingKind::Function => {
                        let alias = self.alias.as_ref().map(|alias| format!(":{alias}")).unwrap_or_default();
                        format!("arn:{partition}:lambda:{place}:function:{own}{alias}")
                    }
                    BindingKind::Queue => format!("https://sqs.{region}.{}/{account}/{own}", domain(partition)),
                    BindingKind::Topic => format!("arn:{partition}:sns:{place}:{own}"),
                    BindingKind::EventBus => format!("arn:{partition}:events:{place}:event-bus/{own}"),
                    BindingKind::Activity => format!("arn:{partition}:states:{place}:activity:{own}"),
                    BindingKind::StateMachine => format!("arn:{partition}:states:{place}:stateMachine:{own}"),
                    BindingKind::Service => own.to_owned(),
                })
            }
            Fallback::None => None,
        }
    }

    /// True when names become keys of `DefinitionSubstitutions`, which must then be distinct.
    pub(super) fn substitutes(&self) -> bool {
        self.fallback == Fallback::Substitution
    }

    fn with_fallback(fallback: Fallback) -> Self {
        Bindings { fallback, alias: None, explicit: BTreeMap::new(), steady: false }
    }
}

/// What a machine needs from its surroundings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The name that bindings resolve; of a service what is called.
    pub name: &'static str,
    /// What the name is.
    pub kind: BindingKind,
    /// The action that the machine's role must allow; for an activity the one that its workers need.
    pub action: String,
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}, {})", self.name, self.kind, self.action)
    }
}

fn placeholder(name: &str) -> String {
    format!("${{{}}}", substitution_key(name))
}

fn domain(partition: &str) -> &'static str {
    if partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }
}

/// The name of a resource from the name of its URL or ARN: `LabelActivityArn` is the activity `LabelActivity`.
pub(crate) fn bare(kind: BindingKind, name: &str) -> &str {
    let suffix = match kind {
        BindingKind::Queue => "Url",
        BindingKind::Topic | BindingKind::Activity | BindingKind::StateMachine | BindingKind::EventBus => "Arn",
        BindingKind::Function | BindingKind::Service => return name,
    };
    name.strip_suffix(suffix).filter(|rest| !rest.is_empty()).unwrap_or(name)
}

/// `name` as a key of `DefinitionSubstitutions`, which holds letters and digits only: `charge-card` is `ChargeCard`.
pub(crate) fn substitution_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut start_of_word = false;
    for character in name.chars() {
        if !character.is_ascii_alphanumeric() {
            start_of_word = true;
        } else if start_of_word {
            key.push(character.to_ascii_uppercase());
            start_of_word = false;
        } else {
            key.push(character);
        }
    }
    // A name that begins with a word keeps its first letter when nothing was dropped from it.
    if key.len() != name.len()
        && let Some(first) = key.get(..1)
    {
        let upper = first.to_ascii_uppercase();
        key.replace_range(..1, &upper);
    }
    key
}
