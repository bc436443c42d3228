//! Calls of functions.

use std::rc::Rc;
use std::sync::Arc;

use super::super::ast::{Call, Kind, Node};
use super::super::failure::{Failure, Outcome};
use super::super::frame::Frame;
use super::super::functions::matching::match_record;
use super::super::item::{Function, Item, TailCall};
use super::{Machine, function};
use crate::value::Value;

impl Machine<'_> {
    #[inline(never)]
    pub(super) fn call(&self, call: &Call, position: u32, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let procedure = self.procedure(&call.procedure, position, "T1005", input, frame)?;
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(self.eval(argument, input, frame)?);
        }
        if call.tail {
            let name = self.procedure_name(&call.procedure);
            return Ok(Item::TailCall(Rc::new(TailCall { procedure, arguments, position, name })));
        }
        self.apply(&procedure, arguments, input).map_err(|failure| self.called(failure, &call.procedure, position))
    }

    fn called(&self, failure: Box<Failure>, procedure: &Node, position: u32) -> Box<Failure> {
        let failure = failure.or_position(position);
        match self.procedure_name(procedure) {
            Some(name) => failure.or_token(&name),
            None => failure,
        }
    }

    fn procedure(
        &self,
        node: &Node,
        position: u32,
        forgotten: &'static str,
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let procedure = self.eval(node, input, frame)?;
        // Whoever wrote `sum(x)` forgot the `$`.
        if procedure.is_undefined()
            && matches!(node.kind, Kind::Path(_))
            && let Some(name) = self.procedure_name(node)
            && self.is_variable(&name, frame)
        {
            return Err(Failure::at(forgotten, position).token(&name));
        }
        Ok(procedure)
    }

    fn procedure_name(&self, node: &Node) -> Option<Arc<str>> {
        match &node.kind {
            Kind::Variable(symbol) => Some(self.ast.symbols[*symbol as usize].name.clone()),
            Kind::Path(path) => match &path.steps[0].kind {
                Kind::Name(name) => Some(name.clone()),
                Kind::Variable(symbol) => Some(self.ast.symbols[*symbol as usize].name.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Calls `procedure`; `input` is the context that steps in for a missing argument.
    pub(in super::super) fn apply(&self, procedure: &Item, arguments: Vec<Item>, input: &Item) -> Outcome<Item> {
        let mark = self.mark();
        let mut result = self.apply_once(procedure, arguments, input)?;
        while let Item::TailCall(call) = result {
            self.work(1)?;
            let held = call.arguments.iter().chain([&call.procedure]);
            let held = held.fold(0usize, |sum, item| sum.saturating_add(self.held(item, &mark)));
            self.release(&mark, held);
            let call = match Rc::try_unwrap(call) {
                Ok(call) => call,
                Err(_) => return Ok(Item::Undefined),
            };
            result = self.apply_once(&call.procedure, call.arguments, input).map_err(|failure| {
                let failure = failure.or_position(call.position);
                match &call.name {
                    Some(name) => failure.or_token(name),
                    None => failure,
                }
            })?;
        }
        self.release(&mark, result.retained());
        Ok(result)
    }

    /// Calls a function a built-in function was given.
    pub(in super::super) fn apply_given(&self, procedure: &Item, arguments: Vec<Item>) -> Outcome<Item> {
        self.work(1)?;
        let depth = self.depth.get();
        self.enter()?;
        let result = self.apply(procedure, arguments, &Item::Json(Value::Null))?;
        self.depth.set(depth);
        Ok(result)
    }

    fn apply_once(&self, procedure: &Item, arguments: Vec<Item>, input: &Item) -> Outcome<Item> {
        let Item::Function(function) = procedure else { return Err(Failure::new("T1006")) };
        match &**function {
            Function::Builtin(builtin) => {
                let arguments = builtin.signature().validate(arguments, input)?;
                self.work(4)?;
                (builtin.call)(self, arguments)
            }
            Function::Lambda { lambda, frame: Some(frame), input: own, .. } => {
                let arguments = match &lambda.signature {
                    Some(signature) => signature.validate(arguments, input)?,
                    None => arguments,
                };
                self.work(8)?;
                let frame = Frame::call(frame, lambda, arguments);
                self.eval(&lambda.body, own, &frame)
            }
            _ => self.apply_special(function, arguments, input),
        }
    }

    #[inline(never)]
    fn apply_special(&self, function: &Function, mut arguments: Vec<Item>, input: &Item) -> Outcome<Item> {
        self.work(8)?;
        self.enter()?;
        let first = arguments.first().cloned().unwrap_or_default();
        let result = match function {
            Function::Partial { function, arguments: given } => {
                let mut rest = arguments.into_iter();
                let arguments =
                    given.iter().map(|given| given.clone().or_else(|| rest.next()).unwrap_or_default()).collect();
                self.apply_partial(function, arguments, input)
            }
            Function::Chain(inner, outer) => {
                arguments.truncate(1);
                let value = self.apply(inner, vec![first], &Item::Json(Value::Null))?;
                self.apply(outer, vec![value], &Item::Json(Value::Null))
            }
            Function::Transform { transform, frame: Some(frame) } => self.transformed(transform, first, frame),
            Function::Regex(pattern) => match first.as_str() {
                Some(text) => {
                    // A place from which to look, in UTF-16 units: the index, where a function of higher order calls.
                    let from = arguments.get(1).and_then(Item::as_f64).unwrap_or(0.0).max(0.0) as usize;
                    match byte_of_unit(text, from) {
                        Some(from) => match_record(self, pattern, &text.into(), from, false),
                        None => Ok(Item::Undefined),
                    }
                }
                None => Ok(Item::Undefined),
            },
            Function::NextMatch(pattern, text, from) => match_record(self, pattern, text, *from, true),
            _ => Ok(Item::Undefined),
        }?;
        self.leave();
        Ok(result)
    }

    /// A function that was given all its arguments piecemeal: the signature of a lambda is not asked any more.
    fn apply_partial(&self, function: &Item, arguments: Vec<Item>, input: &Item) -> Outcome<Item> {
        if let Item::Function(function) = function
            && let Function::Lambda { lambda, frame: Some(frame), input: own, .. } = &**function
        {
            return self.eval(&lambda.body, own, &Frame::call(frame, lambda, arguments));
        }
        if let Item::Function(function) = function
            && let Function::Builtin(builtin) = &**function
        {
            let arguments = builtin.signature().coerced(arguments);
            return self.apply(&Item::Function(function.clone()), arguments, input);
        }
        self.apply(function, arguments, input)
    }

    /// `f(1, ?)`
    #[inline(never)]
    pub(super) fn partial(
        &self,
        procedure: &Node,
        arguments: &[Option<Node>],
        position: u32,
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let mut given = Vec::with_capacity(arguments.len());
        for argument in arguments {
            given.push(argument.as_ref().map(|argument| self.eval(argument, input, frame)).transpose()?);
        }
        let item = self.procedure(procedure, position, "T1007", input, frame)?;
        if item.as_function().is_none() {
            return Err(self.called(Failure::at("T1008", position), procedure, position));
        }
        Ok(function(Function::Partial { function: item, arguments: given }))
    }

    /// `a ~> f ~> g(b)`
    #[inline(never)]
    pub(super) fn apply_chain(
        &self,
        first: &Node,
        rest: &[(u32, Node)],
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let mut value = self.eval(first, input, frame)?;
        let mut keep = first.keep_array;
        for (position, node) in rest {
            keep |= node.keep_array;
            value = super::normal(self.apply_to(value, node, *position, input, frame)?, keep)?;
        }
        Ok(value)
    }

    fn apply_to(&self, value: Item, node: &Node, position: u32, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        if let Kind::Call(call) = &node.kind
            && node.extra.is_none()
        {
            let procedure = self.procedure(&call.procedure, node.position, "T1005", input, frame)?;
            let mut arguments = vec![value];
            for argument in &call.arguments {
                arguments.push(self.eval(argument, input, frame)?);
            }
            return self
                .apply(&procedure, arguments, input)
                .map_err(|failure| self.called(failure, &call.procedure, node.position));
        }
        let callee = self.eval(node, input, frame)?;
        if callee.as_function().is_none() {
            return Err(Failure::at("T2006", position).value(callee.shown()));
        }
        if value.as_function().is_some() {
            return Ok(function(Function::Chain(value, callee)));
        }
        self.apply(&callee, vec![value], &Item::Json(Value::Null))
            .map_err(|failure| self.called(failure, node, position))
    }
}

/// The byte at which the UTF-16 unit `unit` of a text begins; the end counts, too.
fn byte_of_unit(text: &str, unit: usize) -> Option<usize> {
    let mut units = 0;
    for (at, character) in text.char_indices() {
        if units >= unit {
            return Some(at);
        }
        units += character.len_utf16();
    }
    (units >= unit).then_some(text.len())
}
