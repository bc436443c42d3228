//! JSONata as AWS evaluates it.
//!
//! An [`Expression`] is parsed once into a tree that all evaluations share. The language is that of jsonata-js 2.2, which
//! contains the 2.0.6 that AWS documents, without `$eval` and with the functions AWS adds: `$partition`, `$range`,
//! `$hash`, `$random`, `$uuid` and `$parse`.
//!
//! Every evaluation has a [`Budget`] of steps, depth and bytes: no expression hangs, overflows the stack or exhausts the
//! memory. Values are shared, never copied: `$states.input.a.b` walks the payload as it is.

mod ast;
mod evaluate;
mod failure;
mod frame;
mod functions;
mod item;
mod parse;
mod reads;
mod regex;
mod resolve;
mod signature;
mod token;

use std::cell::OnceCell;
use std::sync::Arc;

use self::ast::Ast;
use self::evaluate::{Machine, Surroundings};
use self::item::Item;
pub use self::reads::Reads;
use super::{Budget, Random, Scope, SyntaxError};
use crate::value::{ObjectBuilder, Value};

/// A parsed JSONata expression, shared and `Send + Sync`.
#[derive(Clone, Debug)]
pub struct Expression {
    parsed: Arc<Parsed>,
}

#[derive(Debug)]
struct Parsed {
    text: Box<str>,
    ast: Ast,
    reads: Reads,
}

impl Expression {
    /// Reads an expression, without the delimiters `{%` and `%}`.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        Self::read(text).map_err(|failure| failure.into_syntax_error())
    }

    /// Reads an expression, as [`Expression::parse`] does; the error tells the library's code.
    pub fn parse_coded(text: &str) -> Result<Self, JsonataError> {
        Self::read(text).map_err(|failure| failure.into_error())
    }

    fn read(text: &str) -> failure::Outcome<Self> {
        let ast = resolve::resolve(parse::parse(text)?)?;
        let reads = reads::reads(&ast);
        Ok(Expression { parsed: Arc::new(Parsed { text: text.into(), ast, reads }) })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.parsed.text
    }

    /// What the expression reads from outside: workflow variables and members of `$states`.
    pub fn reads(&self) -> &Reads {
        &self.parsed.reads
    }

    /// The value under the `$states` binding and the variables of `scope`; `None` is JSONata's undefined, and what a
    /// function is worth outside of an expression.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Option<Value>, JsonataError> {
        let workflow = Workflow { scope, reads: &self.parsed.reads, context: OnceCell::new() };
        self.run(&workflow, scope.now, scope.random, scope.budget)
    }

    /// The value over plain data, as the language itself has it: `$` and unqualified names read `data`, `$name` reads
    /// `variables`.
    pub fn evaluate_data(
        &self,
        data: Option<&Value>,
        variables: &dyn Fn(&str) -> Option<Value>,
        now: i64,
        random: &Random,
        budget: &Budget,
    ) -> Result<Option<Value>, JsonataError> {
        self.run(&Data { data, variables }, now, random, budget)
    }

    fn run(
        &self,
        surroundings: &dyn Surroundings,
        now: i64,
        random: &Random,
        budget: &Budget,
    ) -> Result<Option<Value>, JsonataError> {
        let machine = Machine::new(&self.parsed.ast, surroundings, now, random, budget);
        machine.run().map_err(|failure| failure.into_error())
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.parsed.text == other.parsed.text
    }
}

/// A failure while an expression was evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JsonataError {
    /// The library's code, `T1006`; absent for exceeded bounds.
    pub code: Option<&'static str>,
    /// The message, without the code.
    pub message: String,
    /// Bytes before the place in the expression.
    pub offset: usize,
}

/// What an expression of a workflow sees.
struct Workflow<'a> {
    scope: &'a Scope<'a>,
    reads: &'a Reads,
    /// The context object, made when it is first asked for.
    context: OnceCell<Value>,
}

impl Workflow<'_> {
    fn member(&self, name: &str) -> Option<Value> {
        match name {
            "input" => Some(self.scope.input.clone()),
            "result" => self.scope.result.cloned(),
            "errorOutput" => self.scope.error_output.cloned(),
            "context" => Some(self.context.get_or_init(|| self.scope.environment.context()).clone()),
            _ => None,
        }
    }
}

impl Surroundings for Workflow<'_> {
    fn input(&self) -> Item {
        Item::Undefined
    }

    fn variable(&self, name: &str) -> Option<Item> {
        if name != "states" {
            return self.scope.environment.variable(name).map(Item::Json);
        }
        // Only what the expression may look at: making the context object is not free.
        let reads = self.reads;
        let members = [
            ("input", reads.states || reads.input),
            ("result", reads.states || reads.result),
            ("errorOutput", reads.states || reads.error_output),
            ("context", reads.states || reads.context),
        ];
        let mut states = ObjectBuilder::with_capacity(members.len());
        for (name, _) in members.iter().filter(|(_, read)| *read || reads.states) {
            states.insert_some(name, self.member(name));
        }
        Some(Item::Json(Value::Object(states.build())))
    }

    fn states_member(&self, name: &str) -> Option<Item> {
        Some(self.member(name).map_or(Item::Undefined, Item::Json))
    }
}

/// Plain data with variables beside it.
struct Data<'a> {
    data: Option<&'a Value>,
    variables: &'a dyn Fn(&str) -> Option<Value>,
}

impl Surroundings for Data<'_> {
    fn input(&self) -> Item {
        self.data.cloned().map_or(Item::Undefined, Item::Json)
    }

    fn variable(&self, name: &str) -> Option<Item> {
        (self.variables)(name).map(Item::Json)
    }
}

#[cfg(test)]
mod tests;
