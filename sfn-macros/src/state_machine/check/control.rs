//! What steers: findings, and what is never left.

use super::Checker;
use crate::state_machine::syntax::{
    Arm, Block, Condition, Control, Effect, Expression, Items, Kind, Pattern, Piece, Raised, Shape, Statement, Text,
    TextPart, VariantFields,
};

impl Checker<'_> {
    /// Something that steers and yields the machine's result.
    pub(super) fn control_result(&mut self, control: &Control, expression: &Expression) {
        match control {
            Control::Failure { error, .. } => self.raised(error),
            Control::Block { block, .. } => self.result_block(block),
            Control::If { condition, then, otherwise: Some(otherwise), .. } => {
                self.condition(condition);
                self.result_block(then);
                self.result(otherwise);
            }
            Control::Match { subject, arms, .. } => {
                self.subject(subject, arms);
                arms.iter().for_each(|arm| self.result(&arm.body));
            }
            _ => {
                self.control(control);
                if !diverges(expression) {
                    self.errors.at(&expression.tokens, "SFN005", self.ends());
                }
            }
        }
    }

    /// Something that steers and yields data, or nothing.
    pub(super) fn control(&mut self, control: &Control) {
        match control {
            Control::Block { block, .. } => self.block(block),
            Control::If { condition, then, otherwise, .. } => {
                self.condition(condition);
                self.block(then);
                if let Some(otherwise) = otherwise {
                    self.value(otherwise);
                }
            }
            Control::Match { subject, arms, .. } => {
                self.subject(subject, arms);
                arms.iter().for_each(|arm| self.value(&arm.body));
            }
            Control::Loop { keyword, body, is_left, .. } => {
                if !is_left && !block_rests(body) {
                    let message = "a loop without an awaited call, a wait or a way out never ends and does nothing";
                    self.errors.at(keyword, "SFN052", message);
                }
                self.looped(|checker| checker.block(body));
            }
            Control::While { condition, body, .. } => self.looped(|checker| {
                checker.condition(condition);
                checker.block(body);
            }),
            Control::For { pattern, items, body, .. } => {
                match items {
                    Items::List(list) => self.value(list),
                    Items::Iterator { items, .. } => self.items(items),
                    Items::Range { start, end, .. } => {
                        self.operand(start);
                        self.operand(end);
                    }
                }
                self.pattern(pattern);
                self.looped(|checker| checker.block(body));
            }
            Control::Break { value, .. } => {
                if let Some(value) = value {
                    self.value(value);
                }
            }
            Control::Continue { .. } => {}
            Control::Assign { equals, value, .. } => {
                if self.operand {
                    // What stands before it is read behind it.
                    let message = "an assignment inside of an operand is not supported; write a statement before";
                    self.errors.at(equals, "SFN004", message);
                }
                self.value(value);
            }
            Control::Required { option, error, .. } => {
                self.operand(option);
                self.raised(error);
            }
            Control::Change { method, arguments, .. } => {
                if self.operand {
                    let message = "a change inside of an operand is not supported; write a statement before";
                    self.errors.at(method, "SFN004", message);
                }
                arguments.iter().for_each(|argument| self.items(argument));
            }
            Control::Failure { function, .. } => {
                let message = "results as data are not supported yet; `Err(..)` is what the machine returns";
                self.errors.at(function, "SFN004", message);
            }
            Control::Fail { error } => self.raised(error),
            Control::Recovered { call, .. } => match &call.kind {
                Kind::Await { effect, .. } => self.effect_looked_at(effect),
                _ => self.value(call),
            },
        }
    }

    /// A call whose result decides where to go on.
    fn effect_looked_at(&mut self, effect: &Effect) {
        self.effect(effect);
        if let Effect::Call { undo: Some(undo), .. } = effect
            && self.loops == 0
            && !self.in_branch
        {
            let message =
                "a call whose error is looked at has no compensation; await it with `?`, or undo it in the arms";
            self.errors.at(&undo.method, "SFN022", message);
        }
    }

    /// Calls `check` for what is inside of a loop.
    fn looped(&mut self, check: impl FnOnce(&mut Self)) {
        self.loops += 1;
        check(self);
        self.loops -= 1;
    }

    /// A value whose neighbours are read later than it.
    pub(super) fn operand(&mut self, value: &Expression) {
        let outer = std::mem::replace(&mut self.operand, true);
        self.value(value);
        self.operand = outer;
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Value(value) => self.value(value),
            Condition::Let { pattern, value, .. } => {
                if !self.looked_at(value, pattern) {
                    self.value(value);
                }
                self.pattern(pattern);
            }
        }
    }

    /// True for the result of a call, of which a pattern asks whether it is an error.
    pub(super) fn looked_at(&mut self, value: &Expression, pattern: &Pattern) -> bool {
        match &value.kind {
            Kind::Await { effect, .. } if !matches!(**effect, Effect::Pause(_)) => {
                self.effect_looked_at(effect);
                self.of_result(pattern);
                true
            }
            _ => false,
        }
    }

    fn subject(&mut self, subject: &Expression, arms: &[Arm]) {
        let of_a_call = match &subject.kind {
            Kind::Await { effect, .. } if !matches!(**effect, Effect::Pause(_)) => {
                self.effect_looked_at(effect);
                true
            }
            _ => {
                self.value(subject);
                false
            }
        };
        for arm in arms {
            self.pattern(&arm.pattern);
            if let Some(guard) = &arm.guard {
                if awaits(guard) {
                    self.errors.at(&guard.tokens, "SFN004", "a guard awaits nothing");
                } else {
                    self.operand(guard);
                }
            }
            if of_a_call {
                self.of_result(&arm.pattern);
            }
        }
    }

    /// What is asked of the result of a call.
    fn of_result(&mut self, pattern: &Pattern) {
        let of_result = |shape: &Shape| match shape {
            Shape::Items { name, items, .. } if items.len() == 1 && (name == "Ok" || name == "Err") => true,
            Shape::Or(alternatives) => alternatives
                .iter()
                .all(|shape| matches!(shape, Shape::Items { name, items, .. } if items.len() == 1 && name == "Err")),
            Shape::Any | Shape::Unsupported(_) => true,
            _ => false,
        };
        if !of_result(&pattern.shape) {
            let message = "the result of a call is asked for `Ok(..)`, `Err(..)` or `_`";
            self.errors.at(&pattern.tokens, "SFN006", message);
            return;
        }
        let is_value = matches!(&pattern.shape, Shape::Items { name, .. } if name == "Ok");
        if !is_value && !is_error_pattern(&pattern.shape) {
            let message = "an error is a name, or one variant with patterns for its fields: `Err(E::A { reason })`";
            self.errors.at(&pattern.tokens, "SFN006", message);
        }
    }

    fn raised(&mut self, error: &Raised) {
        match error {
            Raised::Caught { .. } => {}
            Raised::Variant { fields, .. } => match fields {
                VariantFields::None => {}
                VariantFields::Items(items) => items.iter().for_each(|item| self.operand(item)),
                VariantFields::Named(fields) => fields.iter().for_each(|(_, value)| self.operand(value)),
            },
            Raised::Named { name, cause, .. } => [name, cause].into_iter().for_each(|text| self.text(text)),
            Raised::Unsupported(unsupported) => self.unsupported(unsupported),
        }
    }

    fn text(&mut self, text: &Text) {
        for part in &text.parts {
            if let TextPart::Value(value) = part {
                self.operand(value);
            }
        }
    }
}

/// `Err(..)` of a name, of a variant, or of several variants without fields.
fn is_error_pattern(shape: &Shape) -> bool {
    match shape {
        Shape::Items { items, .. } => items.iter().all(|item| match item {
            Shape::Or(alternatives) => alternatives.iter().all(|shape| matches!(shape, Shape::Path { .. })),
            Shape::Any | Shape::Name { inner: None, .. } | Shape::Path { .. } | Shape::Fields { .. } => true,
            Shape::Items { name, .. } => !name.is_empty(),
            _ => false,
        }),
        Shape::Or(alternatives) => alternatives
            .iter()
            .all(|shape| matches!(shape, Shape::Items { items, .. } if matches!(items[..], [Shape::Path { .. }]))),
        _ => true,
    }
}

/// What inside of the expression needs a state of its own, and so cannot stand in a closure or behind `&&`.
pub(super) fn steering(expression: &Expression) -> Option<&Expression> {
    let single = |block: &Block| block.statements.is_empty() && block.tail.is_some();
    let is_single = match &expression.kind {
        Kind::Control(control) => match &**control {
            Control::If { then, otherwise: Some(_), .. } => single(then),
            Control::Match { subject, .. } => !matches!(subject.kind, Kind::Await { .. }),
            Control::Block { target: None, block, .. } => single(block),
            _ => false,
        },
        Kind::Return { .. } => false,
        _ => true,
    };
    if !is_single {
        return Some(expression);
    }
    let guards = match &expression.kind {
        Kind::Control(control) => match &**control {
            Control::Match { arms, .. } => arms.iter().filter_map(|arm| arm.guard.as_ref()).collect(),
            _ => Vec::new(),
        },
        _ => Vec::<&Expression>::new(),
    };
    if let Some(steering) = guards.into_iter().find_map(steering) {
        return Some(steering);
    }
    let tails = blocks(expression).into_iter().filter_map(|block| block.tail.as_ref());
    parts(expression).into_iter().chain(tails).find_map(steering)
}

/// True when what stands behind the expression is never reached.
pub(super) fn diverges(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::Return { .. } => true,
        // A way out that was refused.
        Kind::Unsupported(unsupported) => unsupported.code == "SFN020",
        Kind::Control(control) => match &**control {
            Control::Break { .. } | Control::Continue { .. } | Control::Fail { .. } => true,
            Control::Block { target: None, block, .. } => block_diverges(block),
            Control::If { then, otherwise: Some(otherwise), .. } => block_diverges(then) && diverges(otherwise),
            Control::Match { arms, .. } => !arms.is_empty() && arms.iter().all(|arm| diverges(&arm.body)),
            Control::Loop { is_left, .. } => !is_left,
            _ => false,
        },
        _ => false,
    }
}

pub(super) fn statement_diverges(statement: &Statement) -> bool {
    match statement {
        Statement::Let { value, .. } => value.as_ref().is_some_and(diverges),
        Statement::Expression { value, .. } => diverges(value),
        Statement::Unsupported(_) => false,
    }
}

fn block_diverges(block: &Block) -> bool {
    block.statements.iter().any(statement_diverges) || block.tail.as_ref().is_some_and(diverges)
}

/// True when something inside of the block takes time or leaves the machine.
fn block_rests(block: &Block) -> bool {
    let statement = |statement: &Statement| match statement {
        Statement::Let { value, otherwise, .. } => {
            value.as_ref().is_some_and(rests) || otherwise.as_ref().is_some_and(block_rests)
        }
        Statement::Expression { value, .. } => rests(value),
        Statement::Unsupported(_) => true,
    };
    block.statements.iter().any(statement) || block.tail.as_ref().is_some_and(rests)
}

fn rests(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::Return { .. } | Kind::Unsupported(_) => true,
        Kind::Control(control) if matches!(**control, Control::Fail { .. }) => true,
        _ => {
            awaits(expression)
                || parts(expression).into_iter().any(rests)
                || blocks(expression).into_iter().any(block_rests)
        }
    }
}

/// True when something inside of the expression is awaited.
pub(super) fn awaits(expression: &Expression) -> bool {
    let block_awaits = |block: &Block| {
        let statement = |statement: &Statement| match statement {
            Statement::Let { value, .. } => value.as_ref().is_some_and(awaits),
            Statement::Expression { value, .. } => awaits(value),
            Statement::Unsupported(_) => false,
        };
        block.statements.iter().any(statement) || block.tail.as_ref().is_some_and(awaits)
    };
    matches!(expression.kind, Kind::Await { .. })
        || parts(expression).into_iter().any(awaits)
        || blocks(expression).into_iter().any(block_awaits)
}

/// The expressions directly inside of one that steers.
fn parts(expression: &Expression) -> Vec<&Expression> {
    fn of_condition(condition: &Condition) -> &Expression {
        match condition {
            Condition::Value(value) | Condition::Let { value, .. } => value,
        }
    }
    match &expression.kind {
        Kind::Field { base, .. } => vec![base],
        Kind::Structure { fields, rest, .. } => fields.iter().map(|(_, value)| value).chain(rest.as_deref()).collect(),
        Kind::Tuple { items, .. } | Kind::List { items, .. } | Kind::Built { items, .. } => items.iter().collect(),
        Kind::Try { value, .. }
        | Kind::Success { value, .. }
        | Kind::Unary { value, .. }
        | Kind::Dereference { value, .. }
        | Kind::Reference { value, .. }
        | Kind::Widen { value, .. }
        | Kind::Text { value, .. }
        | Kind::Some { value, .. }
        | Kind::Boxed { value, .. }
        | Kind::Narrow { value, .. }
        | Kind::Closure { body: value, .. } => vec![value],
        Kind::Binary { left: first, right: second, .. }
        | Kind::Index { base: first, index: second }
        | Kind::Repeat { item: first, count: second, .. } => {
            vec![first, second]
        }
        Kind::Method { receiver, arguments, .. } => std::iter::once(&**receiver).chain(arguments).collect(),
        Kind::Format { pieces, .. } => pieces.iter().filter_map(Piece::value).collect(),
        Kind::Control(control) => match &**control {
            Control::If { condition, otherwise, .. } => {
                std::iter::once(of_condition(condition)).chain(otherwise.as_deref()).collect()
            }
            Control::Match { subject, arms, .. } => {
                std::iter::once(&**subject).chain(arms.iter().map(|arm| &arm.body)).collect()
            }
            Control::While { condition, .. } => vec![of_condition(condition)],
            Control::For { items: Items::List(list) | Items::Iterator { items: list, .. }, .. } => vec![list],
            Control::For { items: Items::Range { start, end, .. }, .. } => vec![start, end],
            Control::Break { value, .. } => value.as_deref().into_iter().collect(),
            Control::Assign { value, .. } => vec![value],
            Control::Recovered { call, .. } => vec![call],
            Control::Change { arguments, .. } => arguments.iter().collect(),
            Control::Required { option, .. } => vec![option],
            Control::Block { .. }
            | Control::Loop { .. }
            | Control::Continue { .. }
            | Control::Failure { .. }
            | Control::Fail { .. } => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The blocks directly inside of an expression.
fn blocks(expression: &Expression) -> Vec<&Block> {
    let Kind::Control(control) = &expression.kind else { return Vec::new() };
    match &**control {
        Control::Block { block, .. } => vec![block],
        Control::If { then, .. } => vec![then],
        Control::Loop { body, .. } | Control::While { body, .. } | Control::For { body, .. } => vec![body],
        _ => Vec::new(),
    }
}
