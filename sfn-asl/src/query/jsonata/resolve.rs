//! From the raw tree to the one that is evaluated: paths become lists of steps, `%` finds its step, tail calls are marked.

mod parent;
mod plan;

use std::collections::HashMap;
use std::sync::Arc;

use self::plan::{finish, mark_tail};
use super::ast::{Ast, Call, Group, Kind, Lambda, Node, Operator, Path, Stage, Symbol, SymbolEntry, Term, Transform};
use super::failure::{Failure, Outcome};
use super::functions;
use super::parse::{Raw, RawKind};
use super::signature::Signature;
use crate::value::{Number, Value};

pub(super) fn resolve(raw: Raw) -> Outcome<Ast> {
    let mut resolver = Resolver::default();
    resolver.binds.push(false);
    let mut root = resolver.node(raw)?;
    let seeking = root.extra.as_ref().is_some_and(|extra| !extra.seeking.is_empty());
    if seeking || matches!(root.kind, Kind::Parent(_)) {
        return Err(Failure::at("S0217", root.position));
    }
    finish(&mut root);
    let labels = resolver.slots.iter().map(|slot| slot.label).collect();
    Ok(Ast { root, symbols: resolver.symbols, labels })
}

#[derive(Default)]
struct Resolver {
    symbols: Vec<SymbolEntry>,
    known: HashMap<Arc<str>, Symbol>,
    slots: Vec<Slot>,
    /// For each frame around the current place, whether something in it binds a variable.
    binds: Vec<bool>,
}

/// A `%` that looks for the step whose input it means.
struct Slot {
    level: i32,
    label: Symbol,
}

impl Resolver {
    fn symbol(&mut self, name: &str) -> Symbol {
        if let Some(&symbol) = self.known.get(name) {
            return symbol;
        }
        let name: Arc<str> = name.into();
        let symbol = self.fresh(name.clone());
        self.known.insert(name, symbol);
        symbol
    }

    fn fresh(&mut self, name: Arc<str>) -> Symbol {
        let symbol = Symbol::try_from(self.symbols.len()).expect("a text of less than 4 GiB has less than 2^32 names");
        self.symbols.push(SymbolEntry { builtin: functions::find(&name), name });
        symbol
    }

    fn nodes(&mut self, raw: Vec<Raw>) -> Outcome<Vec<Node>> {
        let mut nodes = Vec::with_capacity(raw.len());
        for raw in raw {
            nodes.push(self.node(raw)?);
        }
        Ok(nodes)
    }

    fn boxed(&mut self, raw: Raw) -> Outcome<Box<Node>> {
        Ok(Box::new(self.node(raw)?))
    }

    fn node(&mut self, raw: Raw) -> Outcome<Node> {
        let keep_array = raw.keep_array;
        let mut node = self.kind(raw)?;
        node.keep_array |= keep_array;
        Ok(node)
    }

    /// Each kind has a function of its own, so that a level of nesting takes little of the stack.
    fn kind(&mut self, raw: Raw) -> Outcome<Node> {
        let position = raw.position;
        match raw.kind {
            RawKind::Dot(steps) => self.dot(steps, position),
            RawKind::Filter(step, predicate) => self.filter(*step, *predicate, position),
            RawKind::GroupBy(step, pairs) => self.group_by(*step, pairs, position),
            RawKind::OrderBy(step, terms) => self.order_by(*step, terms, position),
            RawKind::Focus(step, name) => self.focus(*step, &name, raw.keep_array, position),
            RawKind::Index(step, name) => self.index(*step, &name),
            RawKind::Bind(name, value) => self.bind(&name, *value, position),
            RawKind::Chain(first, rest) => self.chain(*first, rest, position),
            RawKind::Apply(first, rest) => self.apply(*first, rest, position),
            RawKind::Negate(operand) => self.negate(*operand, position),
            RawKind::Array(items) => self.array(items, position),
            RawKind::Range(first, last) => self.fallback(*first, *last, position, Kind::Range),
            RawKind::Object(pairs) => self.object(pairs, position),
            RawKind::Block(expressions) => self.block(expressions, position),
            RawKind::Condition(condition, then, otherwise) => self.condition(*condition, *then, otherwise, position),
            RawKind::Elvis(left, right) => self.fallback(*left, *right, position, Kind::Elvis),
            RawKind::Coalesce(left, right) => self.fallback(*left, *right, position, Kind::Coalesce),
            RawKind::Call(procedure, arguments) => self.call(*procedure, arguments, position),
            RawKind::Partial(procedure, arguments) => self.partial(*procedure, arguments, position),
            RawKind::Lambda(parameters, signature, body) => self.lambda(&parameters, signature, *body, position),
            RawKind::Transform(pattern, update, delete) => self.transform(*pattern, *update, delete, position),
            leaf => self.leaf(leaf, raw.keep_array, position),
        }
    }

    #[inline(never)]
    fn leaf(&mut self, kind: RawKind, keep_array: bool, position: u32) -> Outcome<Node> {
        let kind = match kind {
            RawKind::Name(name) => {
                let mut step = Node::new(Kind::Name((*name).into()), position);
                step.keep_array = keep_array;
                return Ok(path(vec![step], keep_array, position));
            }
            RawKind::Variable(name) if name.is_empty() => Kind::Context,
            RawKind::Variable(name) => Kind::Variable(self.symbol(&name)),
            RawKind::String(text) => Kind::Literal(Value::from(&*text)),
            RawKind::Number(number) => Kind::Literal(number_value(number)),
            RawKind::Constant(value) => Kind::Literal(value),
            RawKind::Regex(pattern) => Kind::Regex(pattern),
            RawKind::Wildcard => Kind::Wildcard,
            RawKind::Descendant => Kind::Descendant,
            RawKind::Parent => {
                let label = self.fresh(format!("!{}", self.slots.len()).into());
                self.slots.push(Slot { level: 1, label });
                Kind::Parent(self.slots.len() - 1)
            }
            _ => return Err(Failure::at("S0207", position)),
        };
        Ok(Node::new(kind, position))
    }

    #[inline(never)]
    fn bind(&mut self, name: &str, value: Raw, position: u32) -> Outcome<Node> {
        let value = self.boxed(value)?;
        let symbol = self.symbol(name);
        if let Some(binds) = self.binds.last_mut() {
            *binds = true;
        }
        let seeking = seeking(&value);
        Ok(with_seeking(Node::new(Kind::Bind(symbol, value), position), seeking))
    }

    #[inline(never)]
    fn chain(&mut self, first: Raw, rest: Vec<(Operator, Raw)>, position: u32) -> Outcome<Node> {
        let first = self.boxed(first)?;
        let mut found = seeking(&first);
        let mut chain = Vec::with_capacity(rest.len());
        for (operator, raw) in rest {
            let node = self.node(raw)?;
            found.extend(seeking(&node));
            chain.push((operator, node));
        }
        Ok(with_seeking(Node::new(Kind::Chain(first, chain), position), found))
    }

    #[inline(never)]
    fn apply(&mut self, first: Raw, rest: Vec<(u32, Raw)>, position: u32) -> Outcome<Node> {
        let first = self.boxed(first)?;
        let mut keep = first.keep_array;
        let mut chain = Vec::with_capacity(rest.len());
        for (place, raw) in rest {
            let node = self.node(raw)?;
            keep |= node.keep_array;
            chain.push((place, node));
        }
        let mut node = Node::new(Kind::Apply(first, chain), position);
        node.keep_array = keep;
        Ok(node)
    }

    #[inline(never)]
    fn negate(&mut self, operand: Raw, position: u32) -> Outcome<Node> {
        let operand = self.boxed(operand)?;
        if operand.extra.is_none()
            && let Kind::Literal(Value::Number(number)) = &operand.kind
        {
            return Ok(Node::new(Kind::Literal(number_value(-number.as_f64())), position));
        }
        let found = seeking(&operand);
        Ok(with_seeking(Node::new(Kind::Negate(operand), position), found))
    }

    #[inline(never)]
    fn array(&mut self, items: Vec<Raw>, position: u32) -> Outcome<Node> {
        let items = self.nodes(items)?;
        let found = items.iter().flat_map(seeking).collect();
        Ok(with_seeking(Node::new(Kind::Array(items), position), found))
    }

    #[inline(never)]
    fn object(&mut self, pairs: Vec<(Raw, Raw)>, position: u32) -> Outcome<Node> {
        let pairs = self.pairs(pairs)?;
        let found = pairs.iter().flat_map(|(key, value)| [seeking(key), seeking(value)]).flatten().collect();
        Ok(with_seeking(Node::new(Kind::Object(Group { pairs, position }), position), found))
    }

    #[inline(never)]
    fn condition(&mut self, condition: Raw, then: Raw, otherwise: Option<Box<Raw>>, position: u32) -> Outcome<Node> {
        let condition = self.boxed(condition)?;
        let then = self.boxed(then)?;
        let mut found = seeking(&condition);
        found.extend(seeking(&then));
        let otherwise = match otherwise {
            Some(raw) => Some(self.boxed(*raw)?),
            None => None,
        };
        found.extend(otherwise.iter().flat_map(|node| seeking(node)));
        Ok(with_seeking(Node::new(Kind::Condition(condition, then, otherwise), position), found))
    }

    #[inline(never)]
    fn call(&mut self, procedure: Raw, arguments: Vec<Raw>, position: u32) -> Outcome<Node> {
        let arguments = self.nodes(arguments)?;
        let found = arguments.iter().flat_map(seeking).collect();
        let procedure = self.node(procedure)?;
        let call = Call { procedure, arguments, tail: false };
        Ok(with_seeking(Node::new(Kind::Call(Box::new(call)), position), found))
    }

    #[inline(never)]
    fn partial(&mut self, procedure: Raw, arguments: Vec<Option<Raw>>, position: u32) -> Outcome<Node> {
        let mut nodes = Vec::with_capacity(arguments.len());
        for argument in arguments {
            nodes.push(match argument {
                Some(raw) => Some(self.node(raw)?),
                None => None,
            });
        }
        let found = nodes.iter().flatten().flat_map(seeking).collect();
        let procedure = self.boxed(procedure)?;
        Ok(with_seeking(Node::new(Kind::Partial(procedure, nodes), position), found))
    }

    #[inline(never)]
    fn lambda(
        &mut self,
        parameters: &[Box<str>],
        signature: Option<Signature>,
        body: Raw,
        position: u32,
    ) -> Outcome<Node> {
        let parameters = parameters.iter().map(|name| self.symbol(name)).collect();
        self.binds.push(false);
        let body = self.node(body);
        self.binds.pop();
        let mut body = body?;
        mark_tail(&mut body);
        Ok(Node::new(Kind::Lambda(Arc::new(Lambda { parameters, signature, body })), position))
    }

    #[inline(never)]
    fn transform(&mut self, pattern: Raw, update: Raw, delete: Option<Box<Raw>>, position: u32) -> Outcome<Node> {
        let pattern = self.node(pattern)?;
        let update = self.node(update)?;
        let delete = match delete {
            Some(raw) => Some(self.node(*raw)?),
            None => None,
        };
        Ok(Node::new(Kind::Transform(Arc::new(Transform { pattern, update, delete, position })), position))
    }

    #[inline(never)]
    fn fallback(
        &mut self,
        left: Raw,
        right: Raw,
        position: u32,
        kind: fn(Box<Node>, Box<Node>) -> Kind,
    ) -> Outcome<Node> {
        let (left, right) = (self.boxed(left)?, self.boxed(right)?);
        let found = [&left, &right].into_iter().flat_map(|node| seeking(node)).collect();
        Ok(with_seeking(Node::new(kind(left, right), position), found))
    }

    fn pairs(&mut self, pairs: Vec<(Raw, Raw)>) -> Outcome<Vec<(Node, Node)>> {
        let mut nodes = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            nodes.push((self.node(key)?, self.node(value)?));
        }
        Ok(nodes)
    }

    #[inline(never)]
    fn block(&mut self, expressions: Vec<Raw>, position: u32) -> Outcome<Node> {
        self.binds.push(false);
        let expressions = self.nodes(expressions);
        let binds = self.binds.pop().unwrap_or(true);
        let expressions = expressions?;
        let found = expressions.iter().flat_map(seeking).collect();
        let cons_array = expressions.iter().any(|node| match &node.kind {
            Kind::Path(path) => node.cons_array || path.steps.first().is_some_and(|step| step.cons_array),
            _ => node.cons_array,
        });
        let mut node = with_seeking(Node::new(Kind::Block(expressions, binds), position), found);
        node.cons_array = cons_array;
        Ok(node)
    }

    #[inline(never)]
    fn dot(&mut self, steps: Vec<Raw>, position: u32) -> Outcome<Node> {
        let mut steps = steps.into_iter();
        let first = self.node(steps.next().expect("a path has at least two steps"))?;
        let parent = if let Kind::Parent(slot) = first.kind { Some(slot) } else { None };
        let mut result = match first.kind {
            Kind::Path(_) => first,
            _ => path(vec![first], false, position),
        };
        if let Some(slot) = parent {
            result.extra_mut().seeking = vec![slot];
        }
        check_step(&mut path_mut(&mut result).steps[0])?;
        for raw in steps {
            let rest = self.node(raw)?;
            let joined = path_mut(&mut result);
            let known = joined.steps.len();
            match rest.kind {
                Kind::Path(more) => joined.steps.extend(more.steps),
                _ => {
                    let mut rest = rest;
                    if let Some(extra) = &mut rest.extra
                        && !extra.predicates.is_empty()
                    {
                        extra.stages = std::mem::take(&mut extra.predicates);
                    }
                    joined.steps.push(rest);
                }
            }
            for step in &mut joined.steps[known..] {
                check_step(step)?;
            }
            let new = if known == 1 { 0 } else { known };
            joined.keep_singleton |= joined.steps[new..].iter().any(|step| step.keep_array);
            for step in [0, joined.steps.len() - 1] {
                let step = &mut joined.steps[step];
                step.cons_array |= matches!(step.kind, Kind::Array(_));
            }
            self.resolve_ancestry(&mut result)?;
        }
        Ok(result)
    }

    #[inline(never)]
    fn filter(&mut self, step: Raw, predicate: Raw, position: u32) -> Outcome<Node> {
        let mut result = self.node(step)?;
        let is_path = matches!(result.kind, Kind::Path(_));
        let step = last_step(&mut result);
        if step.group().is_some() {
            return Err(Failure::at("S0209", position));
        }
        let predicate = self.node(predicate)?;
        let mut found = predicate.extra.as_ref().map(|extra| extra.seeking.clone()).unwrap_or_default();
        for &slot in &found {
            if self.slots[slot].level == 1 {
                self.seek_parent(step, slot)?;
            } else {
                self.slots[slot].level -= 1;
            }
        }
        if let Kind::Parent(slot) = predicate.kind {
            found.push(slot);
        }
        let extra = step.extra_mut();
        extra.seeking.extend(found);
        let stages = if is_path { &mut extra.stages } else { &mut extra.predicates };
        stages.push(Stage::Filter(predicate));
        Ok(result)
    }

    #[inline(never)]
    fn group_by(&mut self, step: Raw, pairs: Vec<(Raw, Raw)>, position: u32) -> Outcome<Node> {
        let mut result = self.node(step)?;
        if result.group().is_some() {
            return Err(Failure::at("S0210", position));
        }
        let pairs = self.pairs(pairs)?;
        result.extra_mut().group = Some(Group { pairs, position });
        Ok(result)
    }

    #[inline(never)]
    fn order_by(&mut self, step: Raw, terms: Vec<(bool, Raw)>, position: u32) -> Outcome<Node> {
        let mut result = self.node(step)?;
        if !matches!(result.kind, Kind::Path(_)) {
            result = path(vec![result], false, position);
        }
        let mut found = Vec::new();
        let mut sorted = Vec::with_capacity(terms.len());
        for (descending, raw) in terms {
            let expression = self.node(raw)?;
            found.extend(seeking(&expression));
            sorted.push(Term { descending, expression });
        }
        let step = with_seeking(Node::new(Kind::Sort(sorted), position), found);
        path_mut(&mut result).steps.push(step);
        self.resolve_ancestry(&mut result)?;
        Ok(result)
    }

    #[inline(never)]
    fn focus(&mut self, step: Raw, name: &str, keep_array: bool, position: u32) -> Outcome<Node> {
        let mut result = self.node(step)?;
        let symbol = self.symbol(name);
        let step = last_step(&mut result);
        if !step.stages().is_empty() || !step.predicates().is_empty() {
            return Err(Failure::at("S0215", position));
        }
        if matches!(step.kind, Kind::Sort(_)) {
            return Err(Failure::at("S0216", position));
        }
        step.keep_array |= keep_array;
        let extra = step.extra_mut();
        extra.focus = Some(symbol);
        extra.tuple = true;
        Ok(result)
    }

    #[inline(never)]
    fn index(&mut self, step: Raw, name: &str) -> Outcome<Node> {
        let mut result = self.node(step)?;
        let symbol = self.symbol(name);
        if !matches!(result.kind, Kind::Path(_)) {
            if let Some(extra) = &mut result.extra
                && !extra.predicates.is_empty()
            {
                extra.stages = std::mem::take(&mut extra.predicates);
            }
            let position = result.position;
            result = path(vec![result], false, position);
        }
        let extra = last_step(&mut result).extra_mut();
        if extra.stages.is_empty() {
            extra.index = Some(symbol);
        } else {
            extra.stages.push(Stage::Index(symbol));
        }
        extra.tuple = true;
        Ok(result)
    }
}

fn path(steps: Vec<Node>, keep_singleton: bool, position: u32) -> Node {
    Node::new(Kind::Path(Path { steps, keep_singleton, tuples: false, plain: false }), position)
}

fn path_mut(node: &mut Node) -> &mut Path {
    match &mut node.kind {
        Kind::Path(path) => path,
        _ => unreachable!("the node was made a path before"),
    }
}

fn last_step(node: &mut Node) -> &mut Node {
    if matches!(node.kind, Kind::Path(_)) { path_mut(node).steps.last_mut().expect("a path has steps") } else { node }
}

/// The `%` in a node whose steps are still to be found.
fn seeking(node: &Node) -> Vec<usize> {
    let mut found = node.extra.as_ref().map(|extra| extra.seeking.clone()).unwrap_or_default();
    if let Kind::Parent(slot) = node.kind {
        found.push(slot);
    }
    found
}

fn with_seeking(mut node: Node, seeking: Vec<usize>) -> Node {
    if !seeking.is_empty() {
        node.extra_mut().seeking = seeking;
    }
    node
}

/// A string in a path is a field name; other literals cannot stand there.
fn check_step(step: &mut Node) -> Outcome<()> {
    if let Kind::Literal(literal) = &step.kind {
        match literal.as_str() {
            Some(text) => step.kind = Kind::Name(text.into()),
            None => return Err(Failure::at("S0213", step.position).value(literal.to_json())),
        }
    }
    Ok(())
}

fn number_value(number: f64) -> Value {
    Value::Number(Number::from_f64(number).expect("a number token is finite"))
}
