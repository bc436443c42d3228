//! What is kept of the machine's input. The parameter is `$states.input` in the first state; what later states read of it
//! is kept in a variable:
//!
//! - the one path that they read, when it is but one: `need: $states.input.need`;
//! - else the whole, under the name of the parameter;
//! - nothing, where an end stands behind choices and waits alone, or any state behind waits alone: these hand their input
//!   on, and the state reads its own.
//!
//! A path is kept by itself only when every value of the type has it, or when what a missing member is read as is known:
//! what stands in a variant or behind a `Some` may not be there where the variable gets its value.

use std::collections::HashMap;

use sfn_asl::Value;

use super::expression::{Expression, Missing, Operator, Variable};
use super::flow::Given;
use super::liveness;
use super::states::{State, Work};
use crate::data::{Field, Schema};

/// Settles what the states keep of `inputs`. `names` are those that the variables would like to have.
pub(super) fn settle(states: &mut [State], inputs: &[Given], names: &mut Vec<String>) {
    let whole = || inputs.iter().filter(|given| given.value == Expression::Input);
    whole().for_each(|given| read_input_at_ends(states, given.variable));
    liveness::drop_dead_assignments(states);
    whole().for_each(|given| keep_one_path(states, given.variable, &given.schema, names));
    settle_defaults(states);
}

/// Lets ends, and states behind waits, read the input itself where it is still theirs.
fn read_input_at_ends(states: &mut [State], parameter: Variable) {
    if !is_input_alone(states, parameter) {
        return;
    }
    let replacement = HashMap::from([(parameter, Expression::Input)]);
    let handed_on = given_the_input(states, |work| matches!(work, Work::Choice | Work::Pass | Work::Wait(_)));
    let behind_waits = given_the_input(states, |work| matches!(work, Work::Wait(_)));
    for (state, given) in states.iter_mut().zip(handed_on.into_iter().zip(behind_waits)) {
        let is_end = matches!(state.work, Work::Succeed | Work::Fail { .. });
        // The input of a state is not that of the states inside of it.
        if (given.0 && is_end) || (given.1 && state.branches().is_empty()) {
            for expression in state.expressions_mut() {
                *expression = expression.substitute(&replacement);
            }
        }
    }
}

/// Keeps the one path of the parameter that is read, in place of the whole. `names` are those that the variables would
/// like to have.
fn keep_one_path(states: &mut [State], parameter: Variable, input: &Schema, names: &mut Vec<String>) {
    if !is_input_alone(states, parameter) {
        return;
    }
    let mut read = Some(Read::default());
    for expression in states.iter().flat_map(State::expressions) {
        read = read.and_then(|read| read.of(expression, parameter, input));
    }
    let Some(Read { path: Some(path), .. }) = read else { return };
    let kept = Variable(names.len());
    names.push(path.name.unwrap_or_else(|| names[parameter.0].clone()));
    for expression in states.iter_mut().flat_map(State::expressions_mut) {
        *expression = path_replaced(expression, parameter, path.steps.len(), kept);
    }
    let input = HashMap::from([(parameter, Expression::Input)]);
    for (variable, value) in states.iter_mut().flat_map(State::edges_mut).flat_map(|edge| &mut edge.assign) {
        if *variable == parameter {
            *variable = kept;
            *value = path.expression.substitute(&input);
        }
    }
}

/// True when the variable never holds anything but the input of the machine.
fn is_input_alone(states: &[State], parameter: Variable) -> bool {
    let mut assigned = states.iter().flat_map(State::edges).flat_map(|edge| &edge.assign);
    assigned.all(|(variable, value)| *variable != parameter || *value == Expression::Input)
}

/// Which states have the input of the machine as their own, whatever way leads to them; `hands_on` tells which states hand
/// their input on.
fn given_the_input(states: &[State], hands_on: impl Fn(&Work) -> bool) -> Vec<bool> {
    let mut given = vec![true; states.len()];
    loop {
        let mut changed = false;
        for (index, state) in states.iter().enumerate() {
            let hands_on = given[index] && hands_on(&state.work);
            let ways = state.rules.iter().map(|(_, edge)| edge).chain(&state.next);
            let lost = ways.filter(|edge| !hands_on || edge.output.is_some() || state.output.is_some());
            for edge in lost.chain(state.catch.iter().map(|(_, edge)| edge)) {
                changed |= std::mem::replace(&mut given[edge.next], false);
            }
        }
        if !changed {
            return given;
        }
    }
}

/// What was read of the parameter so far: nothing, or one path.
#[derive(Default)]
struct Read {
    path: Option<Path>,
}

/// A way into the parameter that every value of its type has.
struct Path {
    steps: Vec<Step>,
    /// The way from the parameter, with what a missing last member is read as.
    expression: Expression,
    /// The Rust name of the last field on it.
    name: Option<String>,
}

#[derive(Clone, PartialEq)]
enum Step {
    Member(String),
    Item(usize),
}

impl Read {
    /// With what `expression` reads; `None` when that is more than one path.
    fn of(self, expression: &Expression, parameter: Variable, input: &Schema) -> Option<Self> {
        if root(expression) == Some(parameter) {
            let path = certain(expression, input)?;
            return match self.path {
                None => Some(Read { path: Some(path) }),
                Some(known) if path.steps.starts_with(&known.steps) => Some(Read { path: Some(known) }),
                Some(known) if known.steps.starts_with(&path.steps) => Some(Read { path: Some(path) }),
                Some(_) => None,
            };
        }
        expression.children().into_iter().try_fold(self, |read, child| read.of(child, parameter, input))
    }
}

/// The variable that a place begins at.
fn root(place: &Expression) -> Option<Variable> {
    match place {
        Expression::Variable(variable) => Some(*variable),
        Expression::Member { base, .. } | Expression::Item { base, .. } => root(base),
        _ => None,
    }
}

/// The longest way along the place that every value of `schema` has; `None` when that is the whole value.
fn certain(place: &Expression, schema: &Schema) -> Option<Path> {
    let mut steps = Vec::new();
    let mut next = place;
    loop {
        next = match next {
            Expression::Member { base, key, .. } => {
                steps.push(Step::Member(key.clone()));
                base
            }
            Expression::Item { base, index } => {
                steps.push(Step::Item(*index));
                base
            }
            _ => break,
        };
    }
    steps.reverse();
    let mut path = Path { steps: Vec::new(), expression: next.clone(), name: None };
    let mut schema = schema.clone();
    for step in steps {
        schema = without_newtypes(schema);
        let base = Box::new(path.expression.clone());
        let may_be_missing;
        match (&step, &schema) {
            (Step::Member(key), Schema::Structure(structure)) => {
                let Some(field) = field(&structure.fields, key) else { break };
                let missing = match field.missing().map(|value| value()) {
                    None => Missing::Never,
                    Some(Some(value)) => Missing::Reads(value),
                    Some(None) => break,
                };
                may_be_missing = missing != Missing::Never;
                path.expression = Expression::Member { base, key: key.clone(), missing };
                path.name = Some(field.name.to_owned());
                schema = (field.schema)();
            }
            (Step::Item(index), Schema::Tuple(items)) => {
                let Some(item) = items.get(*index) else { break };
                may_be_missing = false;
                path.expression = Expression::Item { base, index: *index };
                schema = item();
            }
            _ => break,
        }
        path.steps.push(step);
        if may_be_missing {
            break;
        }
    }
    (!path.steps.is_empty()).then_some(path)
}

fn without_newtypes(mut schema: Schema) -> Schema {
    while let Schema::Newtype { inner, .. } = schema {
        schema = inner();
    }
    schema
}

/// The field that is written as `key`, be it in a struct that is flattened into this one.
fn field(fields: &[Field], key: &str) -> Option<Field> {
    fields.iter().find_map(|candidate| match (candidate.flattened, (candidate.schema)()) {
        (false, _) => (candidate.wire == key).then(|| candidate.clone()),
        (true, Schema::Structure(inner)) => field(&inner.fields, key),
        (true, _) => None,
    })
}

/// `expression` with the variable in place of the first `length` steps into the parameter.
fn path_replaced(expression: &Expression, parameter: Variable, length: usize, kept: Variable) -> Expression {
    if root(expression) == Some(parameter) {
        let mut depth = 0;
        let mut next = expression;
        while let Expression::Member { base, .. } | Expression::Item { base, .. } = next {
            depth += 1;
            next = base;
        }
        return rebased(expression, depth - length, kept);
    }
    let mut copy = expression.clone();
    for child in copy.children_mut() {
        *child = path_replaced(child, parameter, length, kept);
    }
    // What may be missing is `null` in the variable.
    match copy {
        Expression::Operation { operator: Operator::And, left, right }
            if *left == exists(kept) && *right == some(kept) =>
        {
            *right
        }
        other => other,
    }
}

/// The last `steps` of the place, begun at the variable.
fn rebased(place: &Expression, steps: usize, kept: Variable) -> Expression {
    match place {
        Expression::Member { base, key, missing } if steps > 0 => {
            let base = Box::new(rebased(base, steps - 1, kept));
            Expression::Member { base, key: key.clone(), missing: missing.clone() }
        }
        Expression::Item { base, index } if steps > 0 => {
            Expression::Item { base: Box::new(rebased(base, steps - 1, kept)), index: *index }
        }
        _ => Expression::Variable(kept),
    }
}

fn exists(variable: Variable) -> Expression {
    Expression::function("exists", [Expression::Variable(variable)])
}

fn some(variable: Variable) -> Expression {
    Expression::operation(Operator::NotEqual, Expression::Variable(variable), Expression::null())
}

/// Lets a variable hold what all its readers make of `null`: `note.unwrap_or("none")` is evaluated where the variable gets
/// its value, when nobody reads it in any other way.
fn settle_defaults(states: &mut [State]) {
    let mut candidates: HashMap<Variable, Option<Value>> = HashMap::new();
    for (variable, value) in states.iter().flat_map(State::edges).flat_map(|edge| &edge.assign) {
        let optional = matches!(value, Expression::Member { missing: Missing::Reads(Value::Null), .. });
        if optional {
            candidates.entry(*variable).or_insert(None);
        }
    }
    for (variable, value) in states.iter().flat_map(State::edges).flat_map(|edge| &edge.assign) {
        if !matches!(value, Expression::Member { missing: Missing::Reads(Value::Null), .. }) {
            candidates.remove(variable);
        }
    }
    for expression in states.iter().flat_map(State::expressions) {
        read_with_default(expression, &mut candidates);
    }
    let settled: HashMap<Variable, Value> =
        candidates.into_iter().filter_map(|(variable, value)| Some((variable, value?))).collect();
    if settled.is_empty() {
        return;
    }
    for expression in states.iter_mut().flat_map(State::expressions_mut) {
        *expression = default_removed(expression, &settled);
    }
    for (variable, value) in states.iter_mut().flat_map(State::edges_mut).flat_map(|edge| &mut edge.assign) {
        if let Some(default) = settled.get(variable) {
            let path = value.clone().bare();
            *value = Expression::conditional(value.clone().has_value(), path, Expression::Constant(default.clone()));
        }
    }
}

/// `$x != null ? $x : constant`
fn defaulted(expression: &Expression) -> Option<(Variable, &Value)> {
    let Expression::Conditional { condition, then, otherwise } = expression else { return None };
    match (&**then, &**otherwise) {
        (Expression::Variable(variable), Expression::Constant(default)) if **condition == some(*variable) => {
            Some((*variable, default))
        }
        _ => None,
    }
}

/// Notes the default that each candidate is read with; one that is read in another way is none.
fn read_with_default(expression: &Expression, candidates: &mut HashMap<Variable, Option<Value>>) {
    if let Some((variable, default)) = defaulted(expression) {
        match candidates.get_mut(&variable) {
            Some(known @ None) => *known = Some(default.clone()),
            Some(Some(known)) if known == default => {}
            _ => drop(candidates.remove(&variable)),
        }
        return;
    }
    if let Expression::Variable(variable) = expression {
        candidates.remove(variable);
    }
    expression.children().into_iter().for_each(|child| read_with_default(child, candidates));
}

fn default_removed(expression: &Expression, settled: &HashMap<Variable, Value>) -> Expression {
    if let Some((variable, _)) = defaulted(expression).filter(|(variable, _)| settled.contains_key(variable)) {
        return Expression::Variable(variable);
    }
    let mut copy = expression.clone();
    for child in copy.children_mut() {
        *child = default_removed(child, settled);
    }
    copy
}
