//! Random typed expressions and random values.

use std::collections::HashMap;

use sfn_asl::query::Random;

use super::{Datum, KINDS, Kind};
use crate::lower::syntax::{Arm, Binding, Block, Bound, Capture, Condition, Control, Expression, Pattern, Piece};
use crate::lower::witness::Witness;

/// Makes expressions; what they need besides themselves stands beside them.
pub(super) struct Generator {
    random: Random,
    pub(super) witness: Witness,
    pub(super) constants: HashMap<usize, Datum>,
    /// The kind at each site.
    pub(super) kinds: Vec<Kind>,
    /// The names in scope, by local.
    scope: Vec<(usize, Kind)>,
    locals: usize,
    checks: usize,
}

type Tree = &'static Expression;

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

impl Generator {
    pub(super) fn new(seed: u64) -> Self {
        let scope = KINDS.into_iter().enumerate().collect();
        Generator {
            random: Random::new(seed),
            witness: Witness::new(),
            constants: HashMap::new(),
            kinds: Vec::new(),
            scope,
            locals: KINDS.len(),
            checks: 0,
        }
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.random.next_u64() % limit as u64) as usize
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A value for each of the first locals.
    pub(super) fn values(&mut self) -> Vec<Datum> {
        KINDS.into_iter().map(|kind| self.value(kind)).collect()
    }

    fn value(&mut self, kind: Kind) -> Datum {
        match kind {
            Kind::U8 => {
                let number = self.pick(&[0, 1, 2, 3, 7, 200, 255]);
                Datum::Whole(number, "u8")
            }
            Kind::U32 => {
                let number = self.pick(&[0, 1, 2, 3, 4, 10, 65_536, 4_294_967_294, 4_294_967_295]);
                Datum::Whole(number, "u32")
            }
            Kind::I32 => {
                let number = self.pick(&[-2_147_483_648, -7, -2, -1, 0, 1, 2, 3, 5, 2_147_483_647]);
                Datum::Whole(number, "i32")
            }
            Kind::U64 => {
                let number = self.pick(&[0, 1, 2, 9, 4_294_967_296, (1 << 53) - 2, (1 << 53) - 1]);
                Datum::Whole(number, "u64")
            }
            Kind::Usize => Datum::Whole(self.below(4) as i128, "usize"),
            Kind::F64 => {
                let number = self.pick(&[0.0, 0.5, -1.5, 2.0, 0.1, -3.0, 1e300, -1e300, 1e-300]);
                Datum::Float(number)
            }
            Kind::Bool => Datum::Bool(self.below(2) == 0),
            Kind::Text => {
                let text =
                    self.pick(&["", "a", "ab", " a b ", "A,b", "b,,a", "😀é", "\u{85}\u{feff}x", "ß,I", "\u{3000}a\t"]);
                Datum::Text(text.to_owned())
            }
            Kind::MaybeNumber => self.maybe(Kind::U32),
            Kind::MaybeIndex => self.maybe(Kind::Usize),
            Kind::MaybeText => self.maybe(Kind::Text),
            Kind::Numbers => self.list(|generator| generator.value(Kind::U32)),
            Kind::Signed => self.list(|generator| generator.value(Kind::I32)),
            Kind::Texts => self.list(|generator| generator.value(Kind::Text)),
            Kind::Nested => self.list(|generator| generator.value(Kind::Numbers)),
            Kind::MaybeLists => self.list(|generator| generator.maybe(Kind::Numbers)),
        }
    }

    fn maybe(&mut self, kind: Kind) -> Datum {
        if self.below(3) == 0 { Datum::Maybe(None) } else { Datum::Maybe(Some(Box::new(self.value(kind)))) }
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Datum) -> Datum {
        let count = self.pick(&[0, 1, 1, 2, 3]);
        Datum::List((0..count).map(|_| item(self)).collect())
    }

    fn site(&mut self, kind: Kind) -> usize {
        let site = self.kinds.len();
        self.kinds.push(kind);
        kind.witness(&mut self.witness, site);
        site
    }

    fn check(&mut self) -> &'static str {
        self.checks += 1;
        leak(format!("e{}", self.checks))
    }

    /// An expression of a kind.
    pub(super) fn expression(&mut self, kind: Kind, depth: usize) -> Tree {
        if depth == 0 || self.below(6) == 0 {
            return self.leaf(kind);
        }
        let depth = depth - 1;
        if self.below(7) == 0 {
            return self.branch(kind, depth);
        }
        match kind {
            Kind::U8 => match self.below(4) {
                0 => self.of_number(kind, depth),
                _ => self.arithmetic(kind, depth),
            },
            Kind::U32 => match self.below(10) {
                7 => self.of_number(kind, depth),
                8 => self.folded(depth),
                9 => {
                    let receiver = self.expression(Kind::MaybeText, depth);
                    let other = self.expression(kind, depth);
                    let closure = self.closure(Some(Kind::Text), kind, depth);
                    let site = self.site(kind);
                    self.called(Some(site), "map_or", receiver, vec![other, closure])
                }
                0..3 => self.arithmetic(kind, depth),
                3 => {
                    let value = self.expression(Kind::U8, depth);
                    self.converted(kind, value)
                }
                4 => self.method(kind, "unwrap_or", Kind::MaybeNumber, &[Kind::U32], depth),
                5 => self.ending(kind, "sum", Kind::Numbers, None, depth),
                _ => self.index(Kind::Numbers, depth),
            },
            Kind::I32 => match self.below(7) {
                5 => self.of_number(kind, depth),
                6 => self.method(kind, "abs", kind, &[], depth),
                0..2 => self.arithmetic(kind, depth),
                2 => {
                    let (value, source) = (self.expression(kind, depth), self.check());
                    leak(Expression::Unary { operator: "-", value, source })
                }
                3 => self.ending(kind, "sum", Kind::Signed, None, depth),
                _ => self.index(Kind::Signed, depth),
            },
            Kind::U64 => match self.below(4) {
                3 => self.of_number(kind, depth),
                0 => {
                    let narrow = self.pick(&[Kind::U8, Kind::U32]);
                    let value = self.expression(narrow, depth);
                    self.converted(kind, value)
                }
                _ => self.arithmetic(kind, depth),
            },
            Kind::Usize => match self.below(7) {
                6 => self.of_number(kind, depth),
                0 => self.arithmetic(kind, depth),
                1 => {
                    let list = self.pick(&[Kind::Numbers, Kind::Texts, Kind::Nested, Kind::MaybeLists]);
                    self.method(kind, "len", list, &[], depth)
                }
                2 => {
                    let list = self.pick(&[Kind::Numbers, Kind::Nested, Kind::MaybeLists]);
                    self.ending(kind, "count", list, None, depth)
                }
                3 => {
                    let text = self.expression(Kind::Text, depth);
                    let chars = self.called(None, "chars", text, vec![]);
                    let site = self.site(kind);
                    self.called(Some(site), "count", chars, vec![])
                }
                4 => self.method(kind, "unwrap_or_default", Kind::MaybeIndex, &[], depth),
                _ => self.method(kind, "unwrap_or", Kind::MaybeIndex, &[Kind::Usize], depth),
            },
            Kind::F64 => self.arithmetic(kind, depth),
            Kind::Bool => self.truth(depth),
            Kind::Text => self.text(depth),
            Kind::MaybeNumber => match self.below(13) {
                8 => {
                    let name = self.pick(&["checked_add", "checked_sub", "checked_mul", "checked_div", "checked_rem"]);
                    self.method(kind, name, Kind::U32, &[Kind::U32], depth)
                }
                9 => {
                    let from = self.pick(&[Kind::I32, Kind::U64, Kind::Usize]);
                    let (value, site) = (self.expression(from, depth), self.site(kind));
                    leak(Expression::Narrow { site, value })
                }
                10 => self.chained(kind, "filter", kind, Kind::U32, Kind::Bool, depth),
                11 => self.ending(kind, "find_map", Kind::Nested, Some(kind), depth),
                12 => self.lazily(kind, "or_else", kind, kind, depth),
                0 => {
                    let value = self.expression(Kind::U32, depth);
                    self.converted(kind, value)
                }
                1 => {
                    let name = self.pick(&["first", "last"]);
                    self.method(kind, name, Kind::Numbers, &[], depth)
                }
                2 => self.method(kind, "get", Kind::Numbers, &[Kind::Usize], depth),
                3 => {
                    let name = self.pick(&["max", "min"]);
                    self.ending(kind, name, Kind::Numbers, None, depth)
                }
                4 => self.ending(kind, "find", Kind::Numbers, Some(Kind::Bool), depth),
                5 => self.method(kind, "or", kind, &[kind], depth),
                6 => self.chained(kind, "and_then", Kind::MaybeText, Kind::Text, kind, depth),
                _ => self.chained(kind, "map", kind, Kind::U32, Kind::U32, depth),
            },
            Kind::MaybeIndex => match self.below(3) {
                2 => {
                    let (value, site) = (self.expression(Kind::I32, depth), self.site(kind));
                    leak(Expression::Narrow { site, value })
                }
                0 => self.ending(kind, "position", Kind::Texts, Some(Kind::Bool), depth),
                _ => self.ending(kind, "position", Kind::Nested, Some(Kind::Bool), depth),
            },
            Kind::MaybeText => match self.below(5) {
                4 => self.chained(kind, "filter", kind, Kind::Text, Kind::Bool, depth),
                0 => self.method(kind, "get", Kind::Texts, &[Kind::Usize], depth),
                1 => self.method(kind, "or", kind, &[kind], depth),
                2 => self.ending(kind, "find", Kind::Texts, Some(Kind::Bool), depth),
                _ => self.chained(kind, "map", Kind::MaybeNumber, Kind::U32, Kind::Text, depth),
            },
            Kind::Numbers => match self.below(6) {
                0 => self.method(kind, "concat", Kind::Nested, &[], depth),
                1 => self.index(Kind::Nested, depth),
                2 => self.method(kind, "unwrap_or_default", Kind::MaybeLists, &[], 0),
                _ => self.list_of(kind, depth),
            },
            Kind::Signed | Kind::Texts | Kind::Nested | Kind::MaybeLists => self.list_of(kind, depth),
        }
    }

    /// `a.min(b)`, `a.saturating_add(b)`
    fn of_number(&mut self, kind: Kind, depth: usize) -> Tree {
        let name = self.pick(&["min", "max", "saturating_add", "saturating_sub", "saturating_mul"]);
        self.method(kind, name, kind, &[kind], depth)
    }

    /// `maybe.or_else(|| other)`
    fn lazily(&mut self, kind: Kind, name: &'static str, on: Kind, other: Kind, depth: usize) -> Tree {
        let receiver = self.expression(on, depth);
        let closure = self.closure(None, other, depth);
        let site = self.site(kind);
        self.called(Some(site), name, receiver, vec![closure])
    }

    /// `numbers.iter().fold(start, |sum, item| ..)`
    fn folded(&mut self, depth: usize) -> Tree {
        let items = self.items(Kind::Texts, depth);
        let start = self.expression(Kind::U32, depth);
        let (sum, item) = (self.locals, self.locals + 1);
        self.locals += 2;
        let captures = vec![
            Capture { binding: Binding { local: sum, name: "a" }, site: self.site(Kind::U32), path: &[0] },
            Capture { binding: Binding { local: item, name: "item" }, site: self.site(Kind::Text), path: &[1] },
        ];
        self.scope.extend([(sum, Kind::U32), (item, Kind::Text)]);
        let body = self.expression(Kind::U32, depth);
        self.scope.truncate(self.scope.len() - 2);
        let closure = leak(Expression::Closure { captures: leak(captures), body });
        let site = self.site(Kind::U32);
        self.called(Some(site), "fold", items, vec![start, closure])
    }

    /// `if let`, `match`: as they stand in closures.
    fn branch(&mut self, kind: Kind, depth: usize) -> Tree {
        let subject_kind =
            self.pick(&[Kind::U32, Kind::I32, Kind::MaybeNumber, Kind::Numbers, Kind::Nested, Kind::Text]);
        let subject = self.expression(subject_kind, depth);
        let count = 1 + self.below(2);
        let mut arms: Vec<Arm> = (0..count).map(|_| self.arm(subject_kind, kind, depth)).collect();
        let last = self.expression(kind, depth);
        if count == 1 && arms[0].guard.is_none() && self.below(2) == 0 {
            let then = Block { statements: &[], tail: Some(arms[0].body), tail_name: None };
            let condition = Condition::Let { pattern: arms[0].pattern, value: subject };
            let control = Control::If { label: "", condition, then, otherwise: Some(last) };
            return leak(Expression::Control(leak(control)));
        }
        arms.push(Arm { pattern: Pattern::Any, guard: None, body: last });
        leak(Expression::Control(leak(Control::Match { label: "", subject, arms: leak(arms) })))
    }

    fn arm(&mut self, subject: Kind, kind: Kind, depth: usize) -> Arm {
        let before = self.scope.len();
        let pattern = self.pattern(subject, 2);
        let guard = if self.below(3) == 0 { Some(self.expression(Kind::Bool, depth)) } else { None };
        let body = self.expression(kind, depth);
        self.scope.truncate(before);
        Arm { pattern, guard, body }
    }

    fn pattern(&mut self, kind: Kind, depth: usize) -> Pattern {
        let choice = self.below(4);
        match kind {
            _ if choice == 0 || depth == 0 => match self.below(3) {
                0 => Pattern::Any,
                _ => Pattern::Name { binding: self.named(kind), inner: None },
            },
            Kind::U32 | Kind::I32 => {
                let low = self.pick(&[0, 1, 3, 65_536]);
                let low = if kind == Kind::I32 && self.below(2) == 0 { -low } else { low };
                let range = Pattern::Range {
                    low: (self.below(3) > 0).then_some(Bound::Integer(low)),
                    high: Some(Bound::Integer(low + 5)),
                    closed: self.below(2) == 0,
                };
                match choice {
                    1 => range,
                    2 => Pattern::Name { binding: self.named(kind), inner: Some(leak(range)) },
                    _ => Pattern::Or(leak(vec![Pattern::Integer(low), Pattern::Integer(2)])),
                }
            }
            Kind::MaybeNumber if choice == 1 => Pattern::Path { name: "None" },
            Kind::MaybeNumber => {
                let inner = self.pattern(Kind::U32, depth - 1);
                Pattern::Items { name: "Some", items: leak(vec![inner]), rest: None }
            }
            Kind::Text => Pattern::Text(self.pick(&["", "a", "A,b"])),
            list => {
                let item = item_of(list).expect("a list of options is no subject");
                let count = self.below(3);
                let items: Vec<Pattern> = (0..count).map(|_| self.pattern(item, depth - 1)).collect();
                let rest = match self.below(3) {
                    0 => None,
                    1 => Some((self.below(count + 1), None)),
                    _ => Some((self.below(count + 1), Some(self.named(list)))),
                };
                Pattern::Slice { items: leak(items), rest }
            }
        }
    }

    fn named(&mut self, kind: Kind) -> Binding {
        let local = self.locals;
        self.locals += 1;
        self.scope.push((local, kind));
        Binding { local, name: "m" }
    }

    fn leaf(&mut self, kind: Kind) -> Tree {
        let locals: Vec<usize> =
            self.scope.iter().filter(|(_, known)| *known == kind).map(|(local, _)| *local).collect();
        if self.below(4) > 0 && !locals.is_empty() {
            let local = self.pick(&locals);
            return leak(Expression::Local { local });
        }
        let datum = self.value(kind);
        self.constant(kind, datum)
    }

    fn constant(&mut self, kind: Kind, datum: Datum) -> Tree {
        let site = self.site(kind);
        match kind {
            Kind::U8 => self.known::<u8>(site, &datum),
            Kind::U32 => self.known::<u32>(site, &datum),
            Kind::I32 => self.known::<i32>(site, &datum),
            Kind::U64 => self.known::<u64>(site, &datum),
            Kind::Usize => self.known::<usize>(site, &datum),
            Kind::F64 => self.known::<f64>(site, &datum),
            Kind::Bool => self.known::<bool>(site, &datum),
            Kind::Text => self.known::<String>(site, &datum),
            Kind::MaybeNumber => self.known::<Option<u32>>(site, &datum),
            Kind::MaybeIndex => self.known::<Option<usize>>(site, &datum),
            Kind::MaybeText => self.known::<Option<String>>(site, &datum),
            Kind::Numbers => self.known::<Vec<u32>>(site, &datum),
            Kind::Signed => self.known::<Vec<i32>>(site, &datum),
            Kind::Texts => self.known::<Vec<String>>(site, &datum),
            Kind::Nested => self.known::<Vec<Vec<u32>>>(site, &datum),
            Kind::MaybeLists => self.known::<Vec<Option<Vec<u32>>>>(site, &datum),
        }
        self.constants.insert(site, datum);
        leak(Expression::Constant { site })
    }

    fn known<T: crate::data::Data>(&mut self, site: usize, datum: &Datum) {
        self.witness.constant(site, || T::decode(&datum.value()).unwrap());
    }

    fn converted(&mut self, kind: Kind, value: Tree) -> Tree {
        let site = self.site(kind);
        leak(Expression::Convert { site, value })
    }

    fn arithmetic(&mut self, kind: Kind, depth: usize) -> Tree {
        let operator = self.pick(&["+", "-", "*", "/", "%"]);
        self.binary(operator, kind, depth)
    }

    fn binary(&mut self, operator: &'static str, kind: Kind, depth: usize) -> Tree {
        let (left, right) = (self.expression(kind, depth), self.expression(kind, depth));
        let source = self.check();
        leak(Expression::Binary { operator, left, right, source })
    }

    fn index(&mut self, list: Kind, depth: usize) -> Tree {
        let (base, index) = (self.expression(list, depth), self.expression(Kind::Usize, depth));
        let source = self.check();
        leak(Expression::Index { base, index, source })
    }

    fn called(&mut self, site: Option<usize>, name: &'static str, receiver: Tree, arguments: Vec<Tree>) -> Tree {
        let source = self.check();
        leak(Expression::Method { site, name, receiver, arguments: leak(arguments), source })
    }

    fn method(&mut self, kind: Kind, name: &'static str, on: Kind, arguments: &[Kind], depth: usize) -> Tree {
        let receiver = match (name, on) {
            // The one list of options gives an option of a list by its first item.
            ("unwrap_or_default", Kind::MaybeLists) => return self.first_list(kind),
            _ => self.expression(on, depth),
        };
        let arguments = arguments.iter().map(|argument| self.expression(*argument, depth)).collect();
        let site = self.site(kind);
        self.called(Some(site), name, receiver, arguments)
    }

    /// `lists[0].unwrap_or_default()`
    fn first_list(&mut self, kind: Kind) -> Tree {
        let base = self.leaf(Kind::MaybeLists);
        let index = self.constant(Kind::Usize, Datum::Whole(0, "usize"));
        let source = self.check();
        let receiver = leak(Expression::Index { base, index, source });
        let site = self.site(kind);
        self.called(Some(site), "unwrap_or_default", receiver, vec![])
    }

    /// A closure over an item of a kind.
    fn closure(&mut self, item: Option<Kind>, body: Kind, depth: usize) -> Tree {
        let captures: &'static [Capture] = match item {
            None => &[],
            Some(item) => {
                let (local, site) = (self.locals, self.site(item));
                self.locals += 1;
                self.scope.push((local, item));
                let name = self.pick(&["x", "a", "item", "count"]);
                leak(vec![Capture { binding: Binding { local, name }, site, path: &[] }])
            }
        };
        let body = self.expression(body, depth);
        if item.is_some() {
            self.scope.pop();
        }
        leak(Expression::Closure { captures, body })
    }

    fn chained(&mut self, kind: Kind, name: &'static str, on: Kind, item: Kind, body: Kind, depth: usize) -> Tree {
        let receiver = self.expression(on, depth);
        let closure = self.closure(Some(item), body, depth);
        let site = self.site(kind);
        self.called(Some(site), name, receiver, vec![closure])
    }

    /// A method that ends an iterator, with a closure when `body` is its kind.
    fn ending(&mut self, kind: Kind, name: &'static str, list: Kind, body: Option<Kind>, depth: usize) -> Tree {
        let items = self.items(list, depth);
        let arguments = match body {
            None => vec![],
            Some(body) => vec![self.closure(item_of(list), body, depth)],
        };
        let site = self.site(kind);
        self.called(Some(site), name, items, arguments)
    }

    /// An iterator whose items are those that a list of the kind has.
    fn items(&mut self, list: Kind, depth: usize) -> Tree {
        if depth > 0 {
            let depth = depth - 1;
            match self.below(8) {
                0 => {
                    let items = self.items(list, depth);
                    let closure = self.closure(item_of(list), Kind::Bool, depth);
                    return self.called(None, "filter", items, vec![closure]);
                }
                1 => {
                    let items = self.items(list, depth);
                    return self.called(None, "rev", items, vec![]);
                }
                2 => {
                    let items = self.items(list, depth);
                    let limit = self.expression(Kind::Usize, depth);
                    let name = self.pick(&["take", "skip"]);
                    return self.called(None, name, items, vec![limit]);
                }
                3 | 4 if list != Kind::MaybeLists => {
                    let from = self.pick(&[Kind::Numbers, Kind::Signed, Kind::Texts, Kind::Nested, Kind::MaybeLists]);
                    let items = self.items(from, depth);
                    let body = item_of(list).expect("only lists of options have no kind of item");
                    let closure = self.closure(item_of(from), body, depth);
                    return self.called(None, "map", items, vec![closure]);
                }
                5 if list != Kind::MaybeLists => return self.paired(list, depth),
                6 if list == Kind::Numbers => {
                    let from = self.pick(&[Kind::Texts, Kind::Nested, Kind::Signed]);
                    let items = self.items(from, depth);
                    let (name, body) = self.pick(&[("filter_map", Kind::MaybeNumber), ("flat_map", Kind::Numbers)]);
                    let closure = self.closure(item_of(from), body, depth);
                    return self.called(None, name, items, vec![closure]);
                }
                7 if list == Kind::Nested => {
                    let items = self.items(Kind::Nested, depth);
                    let closure = self.closure(item_of(list), Kind::Nested, depth);
                    return self.called(None, "flat_map", items, vec![closure]);
                }
                6 if list == Kind::Texts => {
                    let text = self.expression(Kind::Text, depth);
                    let separator = self.constant(Kind::Text, Datum::Text(",".to_owned()));
                    return self.called(None, "split", text, vec![separator]);
                }
                _ => {}
            }
        }
        let base = self.expression(list, depth);
        self.called(None, "iter", base, vec![])
    }

    /// `.enumerate().map(|(index, item)| ..)`, `.zip(..).map(|(left, right)| ..)`
    fn paired(&mut self, list: Kind, depth: usize) -> Tree {
        let (first, items) = if self.below(2) == 0 {
            let items = self.items(Kind::Texts, depth);
            (Kind::Usize, self.called(None, "enumerate", items, vec![]))
        } else {
            let items = self.items(Kind::Nested, depth);
            let other = self.items(Kind::Texts, depth);
            (Kind::Numbers, self.called(None, "zip", items, vec![other]))
        };
        let (left, right) = (self.locals, self.locals + 1);
        self.locals += 2;
        let captures = vec![
            Capture { binding: Binding { local: left, name: "left" }, site: self.site(first), path: &[0] },
            Capture { binding: Binding { local: right, name: "right" }, site: self.site(Kind::Text), path: &[1] },
        ];
        self.scope.push((left, first));
        self.scope.push((right, Kind::Text));
        let body = self.expression(item_of(list).expect("only lists of options have no kind of item"), depth);
        self.scope.truncate(self.scope.len() - 2);
        let closure = leak(Expression::Closure { captures: leak(captures), body });
        self.called(None, "map", items, vec![closure])
    }

    fn list_of(&mut self, kind: Kind, depth: usize) -> Tree {
        match (self.below(4), item_of(kind)) {
            (1, Some(item)) => {
                let item = self.expression(item, depth);
                let count = Datum::Whole(self.below(3) as i128, "usize");
                let count = self.constant(Kind::Usize, count);
                let site = self.site(kind);
                leak(Expression::Repeat { site, item, count })
            }
            (0, Some(item)) => {
                let count = self.below(3);
                let items: Vec<Tree> = (0..count).map(|_| self.expression(item, depth)).collect();
                let site = self.site(kind);
                leak(Expression::List { site, items: leak(items) })
            }
            _ => {
                let items = self.items(kind, depth);
                let site = self.site(kind);
                self.called(Some(site), "collect", items, vec![])
            }
        }
    }

    fn truth(&mut self, depth: usize) -> Tree {
        match self.below(13) {
            11 | 12 => {
                let name = self.pick(&["is_some_and", "is_none_or"]);
                let (on, item) = self.pick(&[(Kind::MaybeNumber, Kind::U32), (Kind::MaybeText, Kind::Text)]);
                self.chained(Kind::Bool, name, on, item, Kind::Bool, depth)
            }
            0 => {
                let operator = self.pick(&["&&", "||"]);
                self.binary(operator, Kind::Bool, depth)
            }
            1 => {
                let (value, source) = (self.expression(Kind::Bool, depth), self.check());
                leak(Expression::Unary { operator: "!", value, source })
            }
            2 | 3 => {
                let operator = self.pick(&["<", "<=", ">", ">=", "==", "!="]);
                let kind = self.pick(&[Kind::U8, Kind::U32, Kind::I32, Kind::U64, Kind::Usize, Kind::F64]);
                self.binary(operator, kind, depth)
            }
            4 => {
                let operator = self.pick(&["==", "!="]);
                let kind = self.pick(&[
                    Kind::Text,
                    Kind::Bool,
                    Kind::MaybeNumber,
                    Kind::MaybeText,
                    Kind::Numbers,
                    Kind::Nested,
                ]);
                self.binary(operator, kind, depth)
            }
            5 => {
                let (name, on) = (self.pick(&["is_some", "is_none"]), self.pick(&[Kind::MaybeNumber, Kind::MaybeText]));
                self.method(Kind::Bool, name, on, &[], depth)
            }
            6 => {
                let on = self.pick(&[Kind::Text, Kind::Numbers, Kind::Nested, Kind::MaybeLists]);
                self.method(Kind::Bool, "is_empty", on, &[], depth)
            }
            7 => {
                let name = self.pick(&["contains", "starts_with", "ends_with"]);
                self.method(Kind::Bool, name, Kind::Text, &[Kind::Text], depth)
            }
            8 => {
                let (on, item) = self.pick(&[(Kind::Numbers, Kind::U32), (Kind::Texts, Kind::Text)]);
                self.method(Kind::Bool, "contains", on, &[item], depth)
            }
            _ => {
                let list = self.pick(&[Kind::Numbers, Kind::Texts, Kind::Nested, Kind::MaybeLists]);
                let name = self.pick(&["any", "all"]);
                self.ending(Kind::Bool, name, list, Some(Kind::Bool), depth)
            }
        }
    }

    fn text(&mut self, depth: usize) -> Tree {
        match self.below(9) {
            7 => self.lazily(Kind::Text, "unwrap_or_else", Kind::MaybeText, Kind::Text, depth),
            8 => self.method(Kind::Text, "concat", Kind::Texts, &[], depth),
            0 => self.binary("+", Kind::Text, depth),
            1 => {
                let count = self.below(4);
                let pieces: Vec<Piece> = (0..count)
                    .map(|_| match self.below(3) {
                        0 => Piece::Literal(self.pick(&["-", "a b", "\"quoted\""])),
                        _ => {
                            let kind = self.pick(&[Kind::Text, Kind::U32, Kind::I32, Kind::Bool, Kind::U64]);
                            Piece::Value(self.expression(kind, depth))
                        }
                    })
                    .collect();
                let site = self.site(Kind::Text);
                leak(Expression::Format { site, pieces: leak(pieces) })
            }
            2 => {
                let name = self.pick(&["to_uppercase", "to_lowercase", "trim"]);
                self.method(Kind::Text, name, Kind::Text, &[], depth)
            }
            3 => {
                let text = self.expression(Kind::Text, depth);
                let part = self.constant(Kind::Text, Datum::Text("a".to_owned()));
                let by = self.expression(Kind::Text, depth);
                let site = self.site(Kind::Text);
                self.called(Some(site), "replace", text, vec![part, by])
            }
            4 => self.method(Kind::Text, "unwrap_or", Kind::MaybeText, &[Kind::Text], depth),
            5 => self.method(Kind::Text, "join", Kind::Texts, &[Kind::Text], depth),
            _ => {
                let on = self.pick(&[Kind::U8, Kind::U32, Kind::I32, Kind::Bool, Kind::Text]);
                self.method(Kind::Text, "to_string", on, &[], depth)
            }
        }
    }
}

/// What a list of a kind holds; no kind for lists of options.
fn item_of(list: Kind) -> Option<Kind> {
    match list {
        Kind::Numbers => Some(Kind::U32),
        Kind::Signed => Some(Kind::I32),
        Kind::Texts => Some(Kind::Text),
        Kind::Nested => Some(Kind::Numbers),
        _ => None,
    }
}
