//! From text to a raw tree, by operator precedence. What the parts mean for each other is settled in `resolve`.

use std::sync::Arc;

use super::ast::{Operator, OperatorKind};
use super::failure::{Failure, Outcome, quoted};
use super::regex::Pattern;
use super::signature::Signature;
use super::token::{Lexer, Token, TokenKind, place};
use crate::value::Value;

/// An expression as it was written.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) kind: RawKind,
    pub(super) position: u32,
    pub(super) keep_array: bool,
    /// Levels of nesting; bounded, so that whoever walks the tree may recurse.
    height: u32,
}

#[derive(Debug)]
pub(super) enum RawKind {
    Name(Box<str>),
    Variable(Box<str>),
    String(Box<str>),
    Number(f64),
    Constant(Value),
    Regex(Arc<Pattern>),
    Wildcard,
    Descendant,
    Parent,
    End,
    /// `a.b.c`
    Dot(Vec<Raw>),
    /// `a[b]`
    Filter(Box<Raw>, Box<Raw>),
    /// `a{b: c}`
    GroupBy(Box<Raw>, Vec<(Raw, Raw)>),
    /// `a^(<b, >c)`: true for descending
    OrderBy(Box<Raw>, Vec<(bool, Raw)>),
    /// `a@$b`
    Focus(Box<Raw>, Box<str>),
    /// `a#$b`
    Index(Box<Raw>, Box<str>),
    Bind(Box<str>, Box<Raw>),
    /// Operators of the same left-hand chain.
    Chain(Box<Raw>, Vec<(Operator, Raw)>),
    /// `a ~> b ~> c`, with the places of the operators
    Apply(Box<Raw>, Vec<(u32, Raw)>),
    Negate(Box<Raw>),
    Array(Vec<Raw>),
    Range(Box<Raw>, Box<Raw>),
    Object(Vec<(Raw, Raw)>),
    Block(Vec<Raw>),
    Condition(Box<Raw>, Box<Raw>, Option<Box<Raw>>),
    Elvis(Box<Raw>, Box<Raw>),
    Coalesce(Box<Raw>, Box<Raw>),
    Call(Box<Raw>, Vec<Raw>),
    Partial(Box<Raw>, Vec<Option<Raw>>),
    Lambda(Vec<Box<str>>, Option<Signature>, Box<Raw>),
    Transform(Box<Raw>, Box<Raw>, Option<Box<Raw>>),
}

/// Deepest nesting of an expression.
const NESTING: u32 = 192;

pub(super) fn parse(text: &str) -> Outcome<Raw> {
    if text.len() > u32::MAX as usize {
        return Err(too_deep(0));
    }
    let mut parser = Parser {
        lexer: Lexer::new(text),
        token: Token { kind: TokenKind::End, position: 0 },
        depth: 0,
        end: place(text.len()),
    };
    parser.advance(false)?;
    let raw = parser.expression(0)?;
    match parser.token.kind {
        TokenKind::End => Ok(raw),
        _ => Err(parser.unexpected("S0201")),
    }
}

fn too_deep(position: u32) -> Box<Failure> {
    Failure::at("", position).text(format!("The expression nests deeper than {NESTING} levels"))
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token,
    depth: u32,
    end: u32,
}

impl Parser<'_> {
    /// Reads the next token; `infix` where an operator is due.
    fn advance(&mut self, infix: bool) -> Outcome<Token> {
        let next = self.lexer.next(infix)?;
        if let TokenKind::Operator(operator @ ("!" | "~")) = next.kind {
            return Err(Failure::at("S0204", next.position).token(operator));
        }
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn is(&self, operator: &str) -> bool {
        matches!(self.token.kind, TokenKind::Operator(found) if found == operator)
    }

    fn expect(&mut self, operator: &'static str, infix: bool) -> Outcome<()> {
        if self.is(operator) {
            return self.advance(infix).map(drop);
        }
        let code = if self.token.kind == TokenKind::End { "S0203" } else { "S0202" };
        Err(self.unexpected(code).value(quoted(operator)))
    }

    fn unexpected(&self, code: &'static str) -> Box<Failure> {
        let mut failure = Failure::at(code, self.token.position);
        failure.token = Some(self.token.kind.shown());
        failure
    }

    fn node(&self, kind: RawKind, position: u32, below: u32) -> Outcome<Raw> {
        if below >= NESTING {
            return Err(too_deep(position));
        }
        Ok(Raw { kind, position, keep_array: false, height: below + 1 })
    }

    fn expression(&mut self, binding: u8) -> Outcome<Raw> {
        self.depth += 1;
        if self.depth > NESTING {
            return Err(too_deep(self.token.position));
        }
        let token = self.advance(true)?;
        let mut left = self.prefix(token)?;
        while let TokenKind::Operator(operator) = self.token.kind
            && binding < power(operator)
        {
            let token = self.advance(false)?;
            left = self.infix(operator, token.position, left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn boxed(&mut self, binding: u8) -> Outcome<Box<Raw>> {
        self.expression(binding).map(Box::new)
    }

    #[inline(never)]
    fn prefix(&mut self, token: Token) -> Outcome<Raw> {
        let position = token.position;
        let kind = match token.kind {
            TokenKind::Name(name) => RawKind::Name(name),
            TokenKind::Variable(name) => RawKind::Variable(name),
            TokenKind::String(text) => RawKind::String(text),
            TokenKind::Number(number) => RawKind::Number(number),
            TokenKind::True => RawKind::Constant(Value::Bool(true)),
            TokenKind::False => RawKind::Constant(Value::Bool(false)),
            TokenKind::Null => RawKind::Constant(Value::Null),
            TokenKind::Regex(pattern, flags) => RawKind::Regex(Arc::new(Pattern::new(&pattern, &flags, position)?)),
            TokenKind::End => RawKind::End,
            TokenKind::Operator(operator) => return self.prefix_operator(operator, position),
        };
        self.node(kind, position, 0)
    }

    fn prefix_operator(&mut self, operator: &'static str, position: u32) -> Outcome<Raw> {
        let kind = match operator {
            "and" | "or" | "in" => RawKind::Name(operator.into()),
            "*" => RawKind::Wildcard,
            "**" => RawKind::Descendant,
            "%" => RawKind::Parent,
            "-" => {
                let operand = self.boxed(70)?;
                let below = operand.height;
                return self.node(RawKind::Negate(operand), position, below);
            }
            "(" => return self.block(position),
            "[" => return self.array(position),
            "{" => {
                let (pairs, below) = self.pairs()?;
                return self.node(RawKind::Object(pairs), position, below);
            }
            "|" => return self.transform(position),
            _ => return Err(Failure::at("S0211", position).token(operator)),
        };
        self.node(kind, position, 0)
    }

    #[inline(never)]
    fn block(&mut self, position: u32) -> Outcome<Raw> {
        let mut expressions = Vec::new();
        while !self.is(")") {
            expressions.push(self.expression(0)?);
            if !self.is(";") {
                break;
            }
            self.advance(false)?;
        }
        self.expect(")", true)?;
        let below = highest(&expressions);
        self.node(RawKind::Block(expressions), position, below)
    }

    #[inline(never)]
    fn array(&mut self, position: u32) -> Outcome<Raw> {
        let mut items = Vec::new();
        if !self.is("]") {
            loop {
                let mut item = self.expression(0)?;
                if self.is("..") {
                    let place = self.advance(false)?.position;
                    let last = self.expression(0)?;
                    let below = item.height.max(last.height);
                    item = self.node(RawKind::Range(Box::new(item), Box::new(last)), place, below)?;
                }
                items.push(item);
                if !self.is(",") {
                    break;
                }
                self.advance(false)?;
            }
        }
        self.expect("]", true)?;
        let below = highest(&items);
        self.node(RawKind::Array(items), position, below)
    }

    #[inline(never)]
    fn pairs(&mut self) -> Outcome<(Vec<(Raw, Raw)>, u32)> {
        let mut pairs = Vec::new();
        let mut below = 0;
        if !self.is("}") {
            loop {
                let key = self.expression(0)?;
                self.expect(":", false)?;
                let value = self.expression(0)?;
                below = below.max(key.height).max(value.height);
                pairs.push((key, value));
                if !self.is(",") {
                    break;
                }
                self.advance(false)?;
            }
        }
        self.expect("}", true)?;
        Ok((pairs, below))
    }

    #[inline(never)]
    fn transform(&mut self, position: u32) -> Outcome<Raw> {
        let pattern = self.boxed(0)?;
        self.expect("|", false)?;
        let update = self.boxed(0)?;
        let mut below = pattern.height.max(update.height);
        let mut delete = None;
        if self.is(",") {
            self.advance(false)?;
            let expression = self.boxed(0)?;
            below = below.max(expression.height);
            delete = Some(expression);
        }
        self.expect("|", false)?;
        self.node(RawKind::Transform(pattern, update, delete), position, below)
    }

    #[inline(never)]
    fn infix(&mut self, operator: &'static str, position: u32, left: Raw) -> Outcome<Raw> {
        let height = left.height;
        match operator {
            "." => self.dot(position, left),
            "[" => self.filter(position, left),
            "{" => {
                let (pairs, below) = self.pairs()?;
                self.node(RawKind::GroupBy(Box::new(left), pairs), position, below.max(height))
            }
            "(" => self.call(position, left),
            "^" => self.order_by(position, left),
            "@" | "#" => self.step_variable(operator, position, left),
            ":=" => self.bind(position, left),
            "?" => self.condition(position, left),
            "?:" | "??" => {
                let other = self.boxed(0)?;
                let below = height.max(other.height);
                let left = Box::new(left);
                let kind = if operator == "?:" { RawKind::Elvis(left, other) } else { RawKind::Coalesce(left, other) };
                self.node(kind, position, below)
            }
            "~>" => {
                let right = self.expression(power(operator))?;
                match left.kind {
                    RawKind::Apply(first, mut rest) => {
                        let below = right.height.max(height - 1);
                        rest.push((position, right));
                        self.node(RawKind::Apply(first, rest), left.position, below)
                    }
                    _ => {
                        let below = right.height.max(height);
                        self.node(RawKind::Apply(Box::new(left), vec![(position, right)]), position, below)
                    }
                }
            }
            _ => self.binary(operator, position, left),
        }
    }

    #[inline(never)]
    fn binary(&mut self, operator: &'static str, position: u32, left: Raw) -> Outcome<Raw> {
        let Some(kind) = OperatorKind::read(operator) else {
            return Err(Failure::at("S0201", position).token(operator));
        };
        let right = self.expression(power(operator))?;
        let operator = Operator { kind, position };
        match left.kind {
            RawKind::Chain(first, mut rest) => {
                let below = right.height.max(left.height - 1);
                rest.push((operator, right));
                self.node(RawKind::Chain(first, rest), left.position, below)
            }
            _ => {
                let below = right.height.max(left.height);
                self.node(RawKind::Chain(Box::new(left), vec![(operator, right)]), position, below)
            }
        }
    }

    fn dot(&mut self, position: u32, left: Raw) -> Outcome<Raw> {
        let right = self.expression(power("."))?;
        match left.kind {
            RawKind::Dot(mut steps) if !left.keep_array => {
                let below = right.height.max(left.height - 1);
                steps.push(right);
                self.node(RawKind::Dot(steps), left.position, below)
            }
            _ => {
                let below = right.height.max(left.height);
                self.node(RawKind::Dot(vec![left, right]), position, below)
            }
        }
    }

    fn filter(&mut self, position: u32, mut left: Raw) -> Outcome<Raw> {
        if self.is("]") {
            let mut step = &mut left;
            while let RawKind::Filter(inner, _) = &mut step.kind {
                step = inner;
            }
            step.keep_array = true;
            self.advance(false)?;
            return Ok(left);
        }
        let predicate = self.boxed(0)?;
        let below = left.height.max(predicate.height);
        self.expect("]", true)?;
        self.node(RawKind::Filter(Box::new(left), predicate), position, below)
    }

    #[inline(never)]
    fn order_by(&mut self, position: u32, left: Raw) -> Outcome<Raw> {
        self.expect("(", false)?;
        let mut terms = Vec::new();
        let mut below = left.height;
        loop {
            let descending = self.is(">");
            if descending || self.is("<") {
                self.advance(false)?;
            }
            let term = self.expression(0)?;
            below = below.max(term.height);
            terms.push((descending, term));
            if !self.is(",") {
                break;
            }
            self.advance(false)?;
        }
        self.expect(")", false)?;
        self.node(RawKind::OrderBy(Box::new(left), terms), position, below)
    }

    fn step_variable(&mut self, operator: &'static str, position: u32, left: Raw) -> Outcome<Raw> {
        let right = self.expression(power(operator))?;
        let RawKind::Variable(name) = right.kind else {
            return Err(Failure::at("S0214", right.position).token(operator));
        };
        let below = left.height;
        let left = Box::new(left);
        let kind = if operator == "@" { RawKind::Focus(left, name) } else { RawKind::Index(left, name) };
        self.node(kind, position, below)
    }

    fn bind(&mut self, position: u32, left: Raw) -> Outcome<Raw> {
        let RawKind::Variable(name) = left.kind else {
            return Err(Failure::at("S0212", left.position));
        };
        let value = self.boxed(power(":=") - 1)?;
        let below = value.height;
        self.node(RawKind::Bind(name, value), position, below)
    }

    #[inline(never)]
    fn condition(&mut self, position: u32, left: Raw) -> Outcome<Raw> {
        let then = self.boxed(0)?;
        let mut below = left.height.max(then.height);
        let mut otherwise = None;
        if self.is(":") {
            self.advance(false)?;
            let expression = self.boxed(0)?;
            below = below.max(expression.height);
            otherwise = Some(expression);
        }
        self.node(RawKind::Condition(Box::new(left), then, otherwise), position, below)
    }

    #[inline(never)]
    fn call(&mut self, position: u32, left: Raw) -> Outcome<Raw> {
        let mut arguments = Vec::new();
        let mut below = left.height;
        let mut partial = false;
        if !self.is(")") {
            loop {
                if self.is("?") {
                    partial = true;
                    self.advance(false)?;
                    arguments.push(None);
                } else {
                    let argument = self.expression(0)?;
                    below = below.max(argument.height);
                    arguments.push(Some(argument));
                }
                if !self.is(",") {
                    break;
                }
                self.advance(false)?;
            }
        }
        self.expect(")", true)?;
        if let RawKind::Name(name) = &left.kind
            && matches!(&**name, "function" | "\u{3bb}")
        {
            return self.lambda(position, arguments);
        }
        let kind = if partial {
            RawKind::Partial(Box::new(left), arguments)
        } else {
            RawKind::Call(Box::new(left), arguments.into_iter().flatten().collect())
        };
        self.node(kind, position, below)
    }

    #[inline(never)]
    fn lambda(&mut self, position: u32, arguments: Vec<Option<Raw>>) -> Outcome<Raw> {
        let mut parameters = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.into_iter().enumerate() {
            match argument {
                Some(Raw { kind: RawKind::Variable(name), .. }) => parameters.push(name),
                other => {
                    let place = other.map_or(position, |argument| argument.position);
                    return Err(Failure::at("S0208", place).value((index + 1).to_string()));
                }
            }
        }
        let signature = if self.is("<") { Some(self.signature()?) } else { None };
        self.expect("{", false)?;
        let body = self.boxed(0)?;
        self.expect("}", false)?;
        let below = body.height;
        self.node(RawKind::Lambda(parameters, signature, body), position, below)
    }

    /// A signature is read from tokens up to the `>` that closes it.
    fn signature(&mut self) -> Outcome<Signature> {
        let start = self.token.position;
        let mut depth = 1;
        let mut text = String::from("<");
        while depth > 0 && !self.is("{") && self.token.kind != TokenKind::End {
            self.advance(false)?;
            if self.is(">") {
                depth -= 1;
            } else if self.is("<") {
                depth += 1;
            }
            text.push_str(&self.token.kind.raw());
        }
        self.expect(">", false)?;
        Signature::parse(&text).map_err(|failure| failure.or_position(start.min(self.end)))
    }
}

fn highest(items: &[Raw]) -> u32 {
    items.iter().map(|item| item.height).max().unwrap_or(0)
}

/// How strongly an operator binds what stands left of it.
fn power(operator: &str) -> u8 {
    match operator {
        "[" | "(" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" => 60,
        "+" | "-" | "&" => 50,
        "=" | "!=" | "<" | "<=" | ">" | ">=" | "^" | "~>" | "?:" | "??" | "in" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}
