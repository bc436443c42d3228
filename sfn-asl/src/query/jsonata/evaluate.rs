//! Evaluation: walks the tree under a budget.

mod apply;
mod field;
mod filter;
mod group;
mod operator;
mod path;
mod sort;
mod transform;
mod truth;
mod tuple;

pub(super) use self::operator::text_order;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::ast::{Ast, Kind, Node, Stage, Symbol};
use super::failure::{Failure, Outcome};
use super::frame::Frame;
use super::item::{Flags, Function, Item, List};
use crate::query::{Budget, Random};
use crate::value::Value;

/// What an expression reads from outside.
pub(super) trait Surroundings {
    /// `$$`, and the context the expression starts with.
    fn input(&self) -> Item;
    /// The variable `name`.
    fn variable(&self, name: &str) -> Option<Item>;
    /// The member `name` of `$states` where that is served apart, so that nothing else of it needs to be made.
    fn states_member(&self, _name: &str) -> Option<Item> {
        None
    }
}

/// One evaluation.
pub(super) struct Machine<'a> {
    pub(super) ast: &'a Ast,
    surroundings: &'a dyn Surroundings,
    pub(super) now: i64,
    pub(super) random: &'a Random,
    steps: Cell<u64>,
    depth: Cell<u32>,
    bytes: Cell<usize>,
    limit: usize,
    /// Variables from outside and built-in functions that were asked for.
    globals: RefCell<Vec<(Symbol, Item)>>,
    /// Frames that may hold themselves through a function.
    rings: RefCell<Vec<Rc<Frame>>>,
}

/// How much memory was left at a moment.
pub(super) struct Mark {
    bytes: usize,
    rings: usize,
    steps: u64,
}

/// However large the budget: the native stack is not larger.
const DEPTH: u32 = 512;

impl<'a> Machine<'a> {
    pub(super) fn new(
        ast: &'a Ast,
        surroundings: &'a dyn Surroundings,
        now: i64,
        random: &'a Random,
        budget: &Budget,
    ) -> Self {
        Machine {
            ast,
            surroundings,
            now,
            random,
            steps: Cell::new(budget.steps),
            depth: Cell::new(budget.depth.min(DEPTH)),
            bytes: Cell::new(budget.bytes),
            limit: budget.bytes,
            globals: RefCell::default(),
            rings: RefCell::default(),
        }
    }

    /// Evaluates the whole expression.
    pub(super) fn run(&self) -> Outcome<Option<Value>> {
        let input = match self.surroundings.input() {
            item @ (Item::Json(Value::Array(_)) | Item::List(_)) => {
                List::flagged(vec![item], Flags { sequence: true, outer: true, ..Flags::default() })?
            }
            item => item,
        };
        let result = self.eval(&self.ast.root, &input, &Frame::root()).map(|item| item.to_value());
        for frame in self.rings.take() {
            frame.clear();
        }
        match result? {
            // Shared parts make a value that no memory would hold once it is written out.
            Some(value) if value.json_size() > self.limit => Err(Failure::memory()),
            value => Ok(value),
        }
    }

    /// Uses up `count` steps.
    pub(super) fn work(&self, count: usize) -> Outcome<()> {
        match self.steps.get().checked_sub(count as u64) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => Err(Failure::time()),
        }
    }

    /// Uses up memory, and the work it takes to fill it.
    pub(super) fn charge(&self, bytes: usize) -> Outcome<()> {
        match self.bytes.get().checked_sub(bytes) {
            Some(left) => {
                self.bytes.set(left);
                self.work(bytes / 64)
            }
            None => Err(Failure::memory()),
        }
    }

    /// What is left of the memory, to be told to `release` later.
    pub(super) fn mark(&self) -> Mark {
        Mark { bytes: self.bytes.get(), rings: self.rings.borrow().len(), steps: self.steps.get() }
    }

    /// Bytes that a value holds of what was made since `mark`, rather too many than too few.
    pub(super) fn held(&self, item: &Item, mark: &Mark) -> usize {
        match item {
            Item::Function(known) => match **known {
                Function::Lambda { born, .. } if born >= mark.steps => 0,
                Function::Builtin(_) | Function::Regex(_) => 64,
                _ => usize::MAX,
            },
            _ => item.retained(),
        }
    }

    /// Gives back the memory used since `mark`, but for `retained` bytes: functions have no effects, so whatever they
    /// made and did not return is gone.
    pub(super) fn release(&self, mark: &Mark, retained: usize) {
        if self.rings.borrow().len() == mark.rings {
            let left = mark.bytes.saturating_sub(retained);
            self.bytes.set(self.bytes.get().max(left));
        }
    }

    /// Uses up the memory of a list of `count` items.
    pub(super) fn charge_items(&self, count: usize) -> Outcome<()> {
        self.charge(count.saturating_mul(size_of::<Item>()))
    }

    fn enter(&self) -> Outcome<()> {
        match self.depth.get().checked_sub(1) {
            Some(left) => {
                self.depth.set(left);
                Ok(())
            }
            None => Err(Failure::stack()),
        }
    }

    fn leave(&self) {
        self.depth.set(self.depth.get() + 1);
    }

    /// The value of `node` where `input` is the context.
    pub(super) fn eval(&self, node: &Node, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        self.work(1)?;
        if self.depth.get() == 0 {
            return Err(Failure::stack());
        }
        if node.extra.is_none() {
            match &node.kind {
                Kind::Literal(value) => return Ok(Item::Json(value.clone())),
                Kind::Context => return normal(context(input), node.keep_array),
                Kind::Variable(symbol) => return normal(self.variable(*symbol, frame), node.keep_array),
                _ => {}
            }
        }
        let depth = self.depth.get();
        let result = self.eval_tail(node, input, frame)?;
        self.depth.set(depth);
        Ok(result)
    }

    /// Follows what a block or a condition ends in without a further level.
    fn eval_tail(&self, node: &Node, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let mut node = node;
        let mut inner = frame.clone();
        loop {
            self.enter()?;
            if node.extra.is_some() || node.keep_array {
                return self.eval_full(node, input, &inner);
            }
            match &node.kind {
                Kind::Condition(condition, then, otherwise) => {
                    let chosen = self.eval(condition, input, &inner)?;
                    node = match (self.truth(&chosen)?, otherwise) {
                        (true, _) => then,
                        (false, Some(otherwise)) => otherwise,
                        (false, None) => return Ok(Item::Undefined),
                    };
                }
                Kind::Block(expressions, binds) => {
                    let Some((last, first)) = expressions.split_last() else { return Ok(Item::Undefined) };
                    if *binds {
                        inner = Frame::inner(&inner);
                    }
                    for expression in first {
                        self.eval(expression, input, &inner)?;
                    }
                    node = last;
                }
                Kind::Elvis(left, right) => {
                    let value = self.eval(left, input, &inner)?;
                    if self.truth(&value)? {
                        return Ok(value);
                    }
                    node = right;
                }
                Kind::Coalesce(left, right) => {
                    let value = self.eval(left, input, &inner)?;
                    if !value.is_undefined() {
                        return Ok(value);
                    }
                    node = right;
                }
                _ => return normal(self.eval_kind(node, input, &inner)?, false),
            }
            self.work(1)?;
        }
    }

    /// A node with filters, a grouping or `[]` of its own.
    #[inline(never)]
    fn eval_full(&self, node: &Node, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let mut result = self.eval_kind(node, input, frame)?;
        for stage in node.predicates() {
            if let Stage::Filter(predicate) = stage {
                result = self.filter(predicate, result, frame)?;
            }
        }
        if let Some(group) = node.group()
            && !matches!(node.kind, Kind::Path(_))
        {
            result = self.group(group, result, frame)?;
        }
        normal(result, node.keep_array)
    }

    fn eval_kind(&self, node: &Node, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        match &node.kind {
            Kind::Path(path) => self.path(node, path, input, frame),
            Kind::Chain(first, rest) => self.chain(first, rest, input, frame),
            Kind::Name(name) => self.name(name, input),
            Kind::Literal(value) => Ok(Item::Json(value.clone())),
            Kind::Context => Ok(context(input)),
            Kind::Variable(symbol) => Ok(self.variable(*symbol, frame)),
            Kind::Call(call) => self.call(call, node.position, input, frame),
            Kind::Array(nodes) => self.array(nodes, node.cons_array, input, frame),
            Kind::Object(group) => self.group(group, input.clone(), frame),
            Kind::Lambda(lambda) => Ok(function(Function::Lambda {
                lambda: lambda.clone(),
                frame: Some(frame.clone()),
                input: input.clone(),
                born: self.steps.get(),
            })),
            Kind::Bind(symbol, value) => self.bind(*symbol, value, input, frame),
            Kind::Condition(..) | Kind::Block(..) | Kind::Elvis(..) | Kind::Coalesce(..) => {
                self.branch(node, input, frame)
            }
            Kind::Negate(operand) => self.negate(operand, node.position, input, frame),
            Kind::Range(first, last) => self.range(first, last, node.position, input, frame),
            Kind::Wildcard => self.wildcard(input),
            Kind::Descendant => self.descendants(input),
            Kind::Parent(slot) => Ok(frame.lookup(self.ast.labels[*slot]).unwrap_or_default()),
            Kind::Apply(first, rest) => self.apply_chain(first, rest, input, frame),
            Kind::Partial(procedure, arguments) => self.partial(procedure, arguments, node.position, input, frame),
            Kind::Regex(pattern) => Ok(function(Function::Regex(pattern.clone()))),
            Kind::Transform(transform) => {
                Ok(function(Function::Transform { transform: transform.clone(), frame: Some(frame.clone()) }))
            }
            Kind::Sort(_) => Ok(Item::Undefined),
        }
    }

    /// A block or a condition that has filters, a grouping or `[]`.
    #[inline(never)]
    fn branch(&self, node: &Node, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        match &node.kind {
            Kind::Condition(condition, then, otherwise) => {
                if self.truth(&self.eval(condition, input, frame)?)? {
                    self.eval(then, input, frame)
                } else {
                    otherwise.as_ref().map_or(Ok(Item::Undefined), |node| self.eval(node, input, frame))
                }
            }
            Kind::Block(expressions, binds) => {
                let inner = if *binds { Frame::inner(frame) } else { frame.clone() };
                let mut result = Item::Undefined;
                for expression in expressions {
                    result = self.eval(expression, input, &inner)?;
                }
                Ok(result)
            }
            Kind::Elvis(left, right) => {
                let value = self.eval(left, input, frame)?;
                if self.truth(&value)? { Ok(value) } else { self.eval(right, input, frame) }
            }
            Kind::Coalesce(left, right) => {
                let value = self.eval(left, input, frame)?;
                if value.is_undefined() { self.eval(right, input, frame) } else { Ok(value) }
            }
            _ => Ok(Item::Undefined),
        }
    }

    #[inline(never)]
    fn bind(&self, symbol: Symbol, value: &Node, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let value = self.eval(value, input, frame)?;
        let may_close_a_ring = !matches!(value, Item::Undefined | Item::Json(_) | Item::NonFinite(_));
        if may_close_a_ring && !frame.listed.replace(true) {
            self.charge(256)?;
            self.rings.borrow_mut().push(frame.clone());
        }
        frame.bind(symbol, value.clone());
        Ok(value)
    }

    /// The value of a variable: of the expression's own, from outside, or a built-in function.
    pub(super) fn variable(&self, symbol: Symbol, frame: &Frame) -> Item {
        frame.lookup(symbol).unwrap_or_else(|| self.global(symbol))
    }

    fn global(&self, symbol: Symbol) -> Item {
        if let Some((_, item)) = self.globals.borrow().iter().find(|(known, _)| *known == symbol) {
            return item.clone();
        }
        let entry = &self.ast.symbols[symbol as usize];
        let item = if &*entry.name == "$" {
            self.surroundings.input()
        } else {
            match (self.surroundings.variable(&entry.name), entry.builtin) {
                (Some(item), _) => item,
                (None, Some(builtin)) => function(Function::Builtin(builtin)),
                (None, None) => Item::Undefined,
            }
        };
        self.globals.borrow_mut().push((symbol, item.clone()));
        item
    }

    /// True when `$name` would have been something: for messages that guess what was meant.
    fn is_variable(&self, name: &str, frame: &Frame) -> bool {
        let symbol = self.ast.symbols.iter().position(|entry| &*entry.name == name);
        let value = match symbol.and_then(|symbol| Symbol::try_from(symbol).ok()) {
            Some(symbol) => self.variable(symbol, frame),
            None => match (self.surroundings.variable(name), super::functions::find(name)) {
                (Some(item), _) => item,
                (None, Some(builtin)) => function(Function::Builtin(builtin)),
                (None, None) => Item::Undefined,
            },
        };
        !matches!(value, Item::Undefined | Item::Json(Value::Null | Value::Bool(false)))
    }

    #[inline(never)]
    fn array(&self, nodes: &[Node], cons: bool, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            let value = self.eval(node, input, frame)?;
            if matches!(node.kind, Kind::Array(_)) {
                if !value.is_undefined() {
                    self.charge_items(1)?;
                    items.push(value);
                }
            } else {
                self.append(&mut items, value)?;
            }
        }
        List::flagged(items, Flags { cons, ..Flags::default() })
    }

    /// Appends a value, or the items of an array.
    pub(super) fn append(&self, items: &mut Vec<Item>, value: Item) -> Outcome<()> {
        match value {
            Item::Undefined => {}
            Item::List(list) => match Rc::try_unwrap(list) {
                // Nobody else has the list: its items move.
                Ok(mut list) if items.is_empty() => {
                    self.work(1)?;
                    *items = std::mem::take(&mut list.items);
                }
                Ok(mut list) => {
                    self.charge_items(list.items.len())?;
                    items.append(&mut list.items);
                }
                Err(list) => {
                    self.charge_items(list.items.len())?;
                    items.extend(list.items.iter().cloned());
                }
            },
            Item::Json(Value::Array(array)) => {
                self.charge_items(array.len())?;
                items.extend(array.iter().cloned().map(Item::Json));
            }
            value => {
                self.charge_items(1)?;
                items.push(value);
            }
        }
        Ok(())
    }
}

pub(super) fn function(function: Function) -> Item {
    Item::Function(Rc::new(function))
}

/// What `$` means: the wrapper around an input array is not to be seen.
fn context(input: &Item) -> Item {
    match input {
        Item::List(list) if list.flags.outer => list.items.first().cloned().unwrap_or_default(),
        _ => input.clone(),
    }
}

/// A sequence of no items is nothing, a sequence of one is the item, unless it is to stay an array.
pub(super) fn normal(item: Item, keep: bool) -> Outcome<Item> {
    let Item::List(list) = &item else { return Ok(item) };
    if !list.flags.sequence {
        return Ok(item);
    }
    match list.items.len() {
        0 => Ok(Item::Undefined),
        1 if !keep && !list.flags.keep => Ok(list.items[0].clone()),
        _ if keep && !list.flags.keep => List::flagged(list.items.clone(), Flags { keep: true, ..list.flags }),
        _ => Ok(item),
    }
}
