use std::collections::BTreeMap;

/// Where the tasks of a workflow are found: what stands in `FunctionName` and its kin.
///
/// Workflows name their tasks; a binding turns the name into what AWS calls. With [`Bindings::substitutions`] that is
/// left to SAM, CloudFormation, CDK or Terraform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bindings {
    fallback: Fallback,
    alias: Option<String>,
    functions: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fallback {
    Substitution,
    Account { partition: String, region: String, account: String },
    None,
}

impl Bindings {
    /// Placeholders, `${ChargeCard}`: filled in at deployment.
    pub fn substitutions() -> Self {
        Bindings::with_fallback(Fallback::Substitution)
    }

    /// The resources of one account: `arn:aws:lambda:eu-west-1:123456789012:function:ChargeCard`.
    pub fn account(partition: &str, region: &str, account: &str) -> Self {
        Bindings::with_fallback(Fallback::Account {
            partition: partition.into(),
            region: region.into(),
            account: account.into(),
        })
    }

    /// Nothing but what [`Bindings::function`] says; a definition that needs more is an error that lists all it needs.
    pub fn explicit() -> Self {
        Bindings::with_fallback(Fallback::None)
    }

    /// The functions of an [`account`](Bindings::account) by this alias or version.
    pub fn alias(mut self, alias: &str) -> Self {
        self.alias = Some(alias.into());
        self
    }

    /// The Lambda function `name` is found at `target`: a name, an ARN, a placeholder.
    pub fn function(mut self, name: &str, target: &str) -> Self {
        self.functions.insert(name.into(), target.into());
        self
    }

    pub(super) fn resolve_function(&self, name: &str) -> Option<String> {
        if let Some(target) = self.functions.get(name) {
            return Some(target.clone());
        }
        match &self.fallback {
            Fallback::Substitution => Some(format!("${{{}}}", substitution_key(name))),
            Fallback::Account { partition, region, account } => {
                let alias = self.alias.as_ref().map(|alias| format!(":{alias}")).unwrap_or_default();
                Some(format!("arn:{partition}:lambda:{region}:{account}:function:{name}{alias}"))
            }
            Fallback::None => None,
        }
    }

    /// True when names become keys of `DefinitionSubstitutions`, which must then be distinct.
    pub(super) fn substitutes(&self) -> bool {
        self.fallback == Fallback::Substitution
    }

    fn with_fallback(fallback: Fallback) -> Self {
        Bindings { fallback, alias: None, functions: BTreeMap::new() }
    }
}

/// What a machine needs from its surroundings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The name that bindings resolve.
    pub name: &'static str,
    /// The action that the machine's role must allow.
    pub action: &'static str,
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
