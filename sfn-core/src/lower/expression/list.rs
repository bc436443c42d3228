//! Lists. JSONata takes a list of one item for the item, one of none for nothing, and puts the items of a list inside of
//! a list into that list; every form here gives the right list for no item, for one and for many, whatever the items are.

use super::{Bound, Expression, Operator};
use crate::data::Arrays;

/// An expression that gives an array, and whether its items are arrays.
#[derive(Clone, Debug)]
pub(in crate::lower) struct Elements {
    pub(in crate::lower) list: Expression,
    pub(in crate::lower) items: Arrays,
}

impl Elements {
    pub(in crate::lower) fn new(list: Expression, items: Arrays) -> Self {
        Elements { list, items }
    }

    /// The items for which `f` gives a new one.
    pub(in crate::lower) fn map(self, item: Bound, body: Expression, items: Arrays) -> Self {
        if items == Arrays::Never {
            let mapped = Expression::function("map", [self.list, Expression::lambda([item], body)]);
            return Elements { list: whole(mapped), items };
        }
        let list = self.fold(item, empty(), |so_far| appended(so_far, body, items));
        Elements { list, items }
    }

    /// The items that meet a condition.
    pub(in crate::lower) fn filter(self, item: Bound, condition: Expression) -> Self {
        let items = self.items;
        if items == Arrays::Never {
            let kept = Expression::function("filter", [self.list, Expression::lambda([item], condition)]);
            return Elements { list: whole(kept), items };
        }
        let list = self.fold(item, empty(), |so_far| {
            Expression::conditional(condition, appended(so_far.clone(), Expression::Bound(item), items), so_far)
        });
        Elements { list, items }
    }

    /// The items whose index compares with `limit`.
    pub(in crate::lower) fn by_index(self, operator: Operator, limit: Expression) -> Self {
        let items = self.items;
        // Both are evaluated once, the list first.
        let list = self.list.bind("l", |list| {
            limit.bind("n", |limit| {
                let (item, index) = (Bound::new("x"), Bound::new("i"));
                let condition = Expression::operation(operator, Expression::Bound(index), limit);
                if items == Arrays::Never {
                    let kept = Expression::lambda([item, index], condition);
                    return whole(Expression::function("filter", [list, kept]));
                }
                let so_far = Bound::new("a");
                let kept = appended(Expression::Bound(so_far), Expression::Bound(item), items);
                let step = Expression::conditional(condition, kept, Expression::Bound(so_far));
                Expression::function("reduce", [list, Expression::lambda([so_far, item, index], step), empty()])
            })
        });
        Elements { list, items }
    }

    /// The items without the first `before` and the last `after`.
    pub(in crate::lower) fn between(self, before: usize, after: usize) -> Self {
        let whole = self.list.clone();
        let mut items = self;
        let constant = |count: usize| Expression::constant(i64::try_from(count).unwrap_or(i64::MAX));
        if before > 0 {
            items = items.by_index(Operator::GreaterOrEqual, constant(before));
        }
        if after > 0 {
            let limit = Expression::operation(Operator::Subtract, count(whole), constant(before + after));
            items = items.by_index(Operator::Less, limit);
        }
        items
    }

    /// Whether any item meets a condition; the condition is not evaluated after the first that does.
    pub(in crate::lower) fn any(self, item: Bound, condition: Expression) -> Expression {
        self.fold(item, Expression::constant(false), |so_far| Expression::or(so_far, condition))
    }

    /// Whether all items meet a condition; the condition is not evaluated after the first that does not.
    pub(in crate::lower) fn all(self, item: Bound, condition: Expression) -> Expression {
        self.fold(item, Expression::constant(true), |so_far| Expression::and(so_far, condition))
    }

    /// The first item that meets a condition, or `null`.
    pub(in crate::lower) fn find(self, item: Bound, condition: Expression) -> Expression {
        self.fold(item, Expression::null(), |so_far| {
            let found = Expression::conditional(condition, Expression::Bound(item), Expression::null());
            Expression::conditional(so_far.clone().has_value(), so_far, found)
        })
    }

    /// The first of what `f` gives that is not `null`, or `null`.
    pub(in crate::lower) fn find_map(self, item: Bound, body: Expression) -> Expression {
        self.fold(item, Expression::null(), |so_far| Expression::conditional(so_far.clone().has_value(), so_far, body))
    }

    /// What `f` gives of the items, without `null`.
    pub(in crate::lower) fn filter_map(self, item: Bound, body: Expression, items: Arrays) -> Self {
        let list = self.fold(item, empty(), |so_far| {
            body.bind("o", |option| {
                let more = appended(so_far.clone(), option.clone(), items);
                Expression::conditional(option.has_value(), more, so_far)
            })
        });
        Elements { list, items }
    }

    /// The items of the lists that `f` gives.
    pub(in crate::lower) fn flat_map(self, item: Bound, body: Expression, items: Arrays) -> Self {
        let list = self.fold(item, empty(), |so_far| Expression::function("append", [so_far, body]));
        Elements { list, items }
    }

    /// `f` of what it gave before and of each item, from `start`.
    pub(in crate::lower) fn reduce(
        self,
        so_far: Bound,
        item: Bound,
        start: Expression,
        body: Expression,
    ) -> Expression {
        // Both are evaluated once, the list first.
        self.list.bind_fallible("l", |list| {
            start.bind_fallible("n", |start| {
                Expression::function("reduce", [list, Expression::lambda([so_far, item], body), start])
            })
        })
    }

    /// The index of the first item that meets a condition, or `null`.
    pub(in crate::lower) fn position(self, item: Bound, condition: Expression) -> Expression {
        let (so_far, index) = (Bound::new("a"), Bound::new("i"));
        let found = Expression::conditional(condition, Expression::Bound(index), Expression::null());
        let already = Expression::Bound(so_far);
        let step = Expression::conditional(already.clone().has_value(), already, found);
        let step = Expression::lambda([so_far, item, index], step);
        Expression::function("reduce", [self.list, step, Expression::null()])
    }

    /// Pairs with the items of another list, as many as the shorter one has.
    pub(in crate::lower) fn zip(self, other: Elements) -> Self {
        Elements { list: Expression::function("zip", [self.list, other.list]), items: Arrays::Always }
    }

    /// Pairs of index and item.
    pub(in crate::lower) fn enumerate(self) -> Self {
        let list = self.list.bind("l", |list| {
            let last = Expression::operation(Operator::Subtract, count(list.clone()), Expression::constant(1));
            let indexes = Expression::Range { first: Box::new(Expression::constant(0)), last: Box::new(last) };
            Expression::function("zip", [indexes, list])
        });
        Elements { list, items: Arrays::Always }
    }

    pub(in crate::lower) fn reverse(self) -> Self {
        Elements { list: Expression::function("reverse", [self.list]), items: self.items }
    }

    /// The greatest or the least number, or `null`.
    pub(in crate::lower) fn extreme(self, function: &'static str) -> Expression {
        self.list.bind("l", |list| {
            let some = Expression::operation(Operator::Greater, count(list.clone()), Expression::constant(0));
            Expression::conditional(some, Expression::function(function, [list]), Expression::null())
        })
    }

    /// The lists of a list of lists as one.
    pub(in crate::lower) fn concat(self) -> Expression {
        let item = Bound::new("x");
        self.fold(item, empty(), |so_far| Expression::function("append", [so_far, Expression::Bound(item)]))
    }

    /// The item at an index, or `null`.
    pub(in crate::lower) fn get(self, index: Expression) -> Expression {
        self.at(index, Expression::null())
    }

    /// The item at an index, or `otherwise`.
    pub(in crate::lower) fn at(self, index: Expression, otherwise: Expression) -> Expression {
        self.list.bind("l", |list| {
            index.bind("i", |index| {
                let inside = Expression::operation(Operator::Less, index.clone(), count(list.clone()));
                let item = Expression::Index { list: Box::new(list), index: Box::new(index) };
                Expression::conditional(inside, item, otherwise)
            })
        })
    }

    /// The last item, or `null`.
    pub(in crate::lower) fn last(self) -> Expression {
        self.list.bind("l", |list| {
            let some = Expression::operation(Operator::Greater, count(list.clone()), Expression::constant(0));
            let last = Expression::Index { list: Box::new(list), index: Box::new(Expression::constant(-1)) };
            Expression::conditional(some, last, Expression::null())
        })
    }

    /// `$reduce` from `start`, with `step` of what the items before gave.
    pub(in crate::lower) fn fold(
        self,
        item: Bound,
        start: Expression,
        step: impl FnOnce(Expression) -> Expression,
    ) -> Expression {
        let so_far = Bound::new("a");
        let step = step(Expression::Bound(so_far));
        Expression::function("reduce", [self.list, Expression::lambda([so_far, item], step), start])
    }
}

/// How many items a list has.
pub(in crate::lower) fn count(list: Expression) -> Expression {
    Expression::function("count", [list])
}

/// `[..]` around what gives nothing, one item or a list of items that are no arrays.
fn whole(expression: Expression) -> Expression {
    Expression::Gathered(Box::new(expression))
}

fn empty() -> Expression {
    Expression::Array(Vec::new())
}

/// The list with one more item.
pub(in crate::lower) fn appended(list: Expression, item: Expression, items: Arrays) -> Expression {
    Expression::function("append", [list, Expression::Array(vec![(item, items)])])
}
