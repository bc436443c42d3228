//! Names of states and of workflow variables.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::expression::Variable;
use crate::task::{TaskDescription, TaskResource};

/// Names that JSONata or AWS bind already: a variable of that name would hide the function from every expression.
const BUILT_IN: &[&str] = &[
    "abs",
    "append",
    "assert",
    "average",
    "base64decode",
    "base64encode",
    "boolean",
    "ceil",
    "clone",
    "contains",
    "count",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "each",
    "encodeUrl",
    "encodeUrlComponent",
    "error",
    "eval",
    "exists",
    "filter",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "fromMillis",
    "hash",
    "join",
    "keys",
    "length",
    "lookup",
    "lowercase",
    "map",
    "match",
    "max",
    "merge",
    "millis",
    "min",
    "not",
    "now",
    "number",
    "pad",
    "parse",
    "parseInteger",
    "partition",
    "power",
    "random",
    "range",
    "reduce",
    "replace",
    "reverse",
    "round",
    "shuffle",
    "sift",
    "single",
    "sort",
    "split",
    "spread",
    "sqrt",
    "states",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "toMillis",
    "trim",
    "type",
    "uppercase",
    "uuid",
    "zip",
];

/// True for a name that JSONata or AWS binds already.
pub(super) fn is_built_in(name: &str) -> bool {
    BUILT_IN.contains(&name)
}

/// Hands out names of workflow variables. Two variables of one scope share the name that both of them want when neither is
/// ever read after the other got its value; a branch must not hide a variable of its surroundings.
#[derive(Default)]
pub(super) struct VariableNames {
    scope: usize,
    taken: HashMap<String, Taken>,
}

struct Taken {
    wanted: String,
    scope: usize,
    variables: BTreeSet<Variable>,
}

impl VariableNames {
    /// The variables that are named from now on are those of another scope.
    pub(super) fn begin_scope(&mut self) {
        self.scope += 1;
    }

    /// `wanted`, or `wanted` with the first number behind it under which no variable of `besides` stands.
    pub(super) fn name(&mut self, variable: Variable, wanted: &str, besides: &BTreeSet<Variable>) -> String {
        // AWS asks for a letter at the beginning.
        let wanted = wanted.trim_start_matches('_');
        let wanted = if wanted.starts_with(char::is_alphabetic) { wanted.to_owned() } else { format!("v{wanted}") };
        let mut name = wanted.clone();
        let mut number = 2;
        let free = |taken: Option<&Taken>| match taken {
            None => true,
            Some(taken) => taken.wanted == wanted && taken.scope == self.scope && taken.variables.is_disjoint(besides),
        };
        while BUILT_IN.contains(&name.as_str()) || !free(self.taken.get(&name)) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        let scope = self.scope;
        let Taken { variables, .. } =
            self.taken.entry(name.clone()).or_insert_with(|| Taken { wanted, scope, variables: BTreeSet::new() });
        variables.insert(variable);
        name
    }
}

/// Hands out names of states, each once.
#[derive(Default)]
pub(super) struct StateNames {
    taken: HashSet<String>,
}

impl StateNames {
    /// `wanted`, or `wanted #2`, `wanted #3`.
    pub(super) fn unique(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{wanted} #{number}");
            number += 1;
        }
        name
    }
}

/// The name of the state that calls a task: `ChargeCard`, of a state machine `Close books`, or `Fire Report` where its end is
/// not awaited.
pub(super) fn of_task(task: &TaskDescription) -> String {
    match task.resource {
        TaskResource::Machine { awaited: false, .. } => format!("Fire {}", title(task.name)),
        TaskResource::Machine { awaited: true, .. } => {
            let words: Vec<&str> = task.name.split('_').filter(|word| !word.is_empty()).collect();
            let mut letters = words.join(" ").chars().collect::<Vec<_>>().into_iter();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
        }
        _ => title(task.name),
    }
}

/// `charge_card` as `ChargeCard`.
pub(super) fn title(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
        })
        .collect()
}
