//! Counters whose guards cannot fail: a variable that begins at a known number and changes by constants alone.
//!
//! Whether a machine is Standard or Express is said where it is deployed, so a counter has to hold in both. A Standard
//! execution ends at 25,000 events. An Express one ends after five minutes, in which it leaves fewer than [`MOST_STATES`]
//! states. Every round of a loop leaves a state, and a statement that changes the counter is passed at most once each time,
//! so all changes together reach no further than the sum of the constants times that number. Where the type holds this,
//! the guard goes: 32 bits hold the sum of 7 signed or 14 unsigned, 8 and 16 bits hold none and keep their guards.

use std::collections::{HashMap, HashSet};

use super::expression::{Expression, Operator, Variable};
use super::flow::{Flow, Step};

/// More states than an execution can leave: a microsecond each of the five minutes of an Express execution.
const MOST_STATES: i128 = 300_000_000;

/// Drops the guards of counters.
pub(super) fn drop_guards(flow: &mut Flow) {
    let mut counters: HashMap<Variable, Counter> = HashMap::new();
    let mut others: HashSet<Variable> = flow.inputs.iter().map(|given| given.variable).collect();
    for step in &flow.steps {
        match step {
            Step::Assign { variable, value, .. } => {
                let known = counters.entry(*variable).or_default();
                if let Some(change) = Change::of(value, *variable) {
                    known.change(&change);
                } else if let Some((low, high)) = range(value) {
                    known.begin(low, high);
                } else {
                    others.insert(*variable);
                }
            }
            Step::Task { result, catch, .. } | Step::Branches { result, catch, .. } => {
                others.insert(*result);
                others.extend(catch.iter().filter_map(|catcher| catcher.error));
            }
            _ => {}
        }
    }
    counters.retain(|variable, counter| !others.contains(variable) && counter.holds());
    for step in &mut flow.steps {
        if let Step::Branches { work, .. } = step {
            work.flows_mut().iter_mut().for_each(drop_guards);
        }
        if let Step::Assign { variable, value, .. } = step
            && counters.contains_key(variable)
            && let Some(change) = Change::of(value, *variable)
        {
            *value = change.plain;
        }
    }
}

/// All that is known of a variable.
#[derive(Default)]
struct Counter {
    /// Between which numbers it begins.
    begin: Option<(i128, i128)>,
    /// The sums of the constants by which it falls and rises.
    fall: i128,
    rise: i128,
    /// The narrowest limits of its guards.
    least: Option<i128>,
    most: Option<i128>,
}

impl Counter {
    fn begin(&mut self, low: i128, high: i128) {
        let (known_low, known_high) = self.begin.unwrap_or((low, high));
        self.begin = Some((known_low.min(low), known_high.max(high)));
    }

    fn change(&mut self, change: &Change) {
        self.fall += change.by.min(0);
        self.rise += change.by.max(0);
        self.least = self.least.max(change.least);
        self.most = [self.most, change.most].into_iter().flatten().min();
    }

    fn holds(&self) -> bool {
        let Some((low, high)) = self.begin else { return false };
        let least = low.saturating_add(self.fall.saturating_mul(MOST_STATES));
        let most = high.saturating_add(self.rise.saturating_mul(MOST_STATES));
        self.least.is_none_or(|bound| bound <= least) && self.most.is_none_or(|bound| most <= bound)
    }
}

/// `x + 1`, `x - 1`, perhaps in a guard.
struct Change {
    by: i128,
    least: Option<i128>,
    most: Option<i128>,
    /// Without its guard.
    plain: Expression,
}

impl Change {
    fn of(value: &Expression, variable: Variable) -> Option<Self> {
        let value = unranged(value);
        let (plain, least, most) = match value {
            Expression::Let { bound, value, body } => {
                let Expression::Conditional { condition, then, otherwise } = &**body else { return None };
                let guarded = Expression::Bound(*bound);
                if **then != guarded || !matches!(**otherwise, Expression::Failure(_)) {
                    return None;
                }
                let (mut least, mut most) = (None, None);
                limits(condition, &guarded, &mut least, &mut most)?;
                (unranged(value), least, most)
            }
            plain => (plain, None, None),
        };
        let Expression::Operation { operator, left, right } = plain else { return None };
        if **left != Expression::Variable(variable) {
            return None;
        }
        let by = match (operator, range(right)) {
            (Operator::Add, Some((low, high))) if low == high => low,
            (Operator::Subtract, Some((low, high))) if low == high => -low,
            _ => return None,
        };
        Some(Change { by, least, most, plain: plain.clone() })
    }
}

/// The bounds in `$r >= least and $r <= most`; `None` for any other condition.
fn limits(
    condition: &Expression,
    guarded: &Expression,
    least: &mut Option<i128>,
    most: &mut Option<i128>,
) -> Option<()> {
    let Expression::Operation { operator, left, right } = condition else { return None };
    if *operator == Operator::And {
        limits(left, guarded, least, most)?;
        return limits(right, guarded, least, most);
    }
    if **left != *guarded {
        return None;
    }
    let (bound, _) = range(right)?;
    match operator {
        Operator::GreaterOrEqual => *least = Some(bound),
        Operator::LessOrEqual => *most = Some(bound),
        _ => return None,
    }
    Some(())
}

/// Between which numbers a value lies, as far as the expression itself tells.
fn range(value: &Expression) -> Option<(i128, i128)> {
    match value {
        Expression::Ranged { low, high, .. } => Some((*low, *high)),
        Expression::Constant(constant) => {
            let number = i128::from(constant.as_i64()?);
            Some((number, number))
        }
        _ => None,
    }
}

fn unranged(value: &Expression) -> &Expression {
    match value {
        Expression::Ranged { value, .. } => unranged(value),
        other => other,
    }
}
