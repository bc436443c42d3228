//! Methods of texts, options, lists, maps and iterators.

use sfn_asl::Value;

use super::{Builder, Typed, shown};
use crate::data::{Arrays, Schema};
use crate::lower::DefinitionError;
use crate::lower::expression::{Bound, Elements, Expression, Failing, Operator, count, finite, total};
use crate::lower::syntax;

/// White space as Rust's `trim` sees it; `\s` of a regular expression is another set.
const WHITE_SPACE_AT_ENDS: &str = concat!(
    "/^[\\t-\\r \\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]+",
    "|[\\t-\\r \\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]+$/"
);

/// Methods that give what they are called on: a state machine has values, no references.
const SAME: [&str; 9] = ["clone", "as_ref", "as_str", "as_deref", "as_slice", "to_owned", "to_vec", "cloned", "copied"];

type Arguments<'a> = &'a [&'static syntax::Expression];

impl Builder<'_> {
    pub(super) fn method(
        &mut self,
        site: Option<usize>,
        name: &str,
        receiver: &syntax::Expression,
        arguments: Arguments<'_>,
        source: &'static str,
    ) -> Result<Typed, DefinitionError> {
        let site = site.ok_or_else(|| self.unexpected("an iterator that is no list"))?;
        let schema = self.schema_at(site)?;
        let expression = if yields_items(receiver) {
            self.of_items(name, receiver, arguments, &schema, source)?
        } else {
            let receiver = self.value(receiver, None)?;
            match receiver.schema {
                _ if SAME.contains(&name) => receiver.expression,
                _ if name == "to_string" => shown(receiver),
                _ if name == "into" => return self.converted(receiver, schema),
                Schema::String => self.of_text(name, receiver.expression, arguments)?,
                Schema::Option(_) => self.of_option(name, receiver, arguments, &schema)?,
                Schema::List(_) if name == "concat" && matches!(schema, Schema::String) => {
                    Expression::function("join", [receiver.expression])
                }
                Schema::List(item) => {
                    let elements = Elements::new(receiver.expression, item().arrays());
                    self.of_list(name, elements, arguments)?
                }
                Schema::Map(_) => self.of_map(name, receiver.expression, arguments)?,
                Schema::Integer(_) | Schema::Float => self.of_number(name, receiver, arguments, source)?,
                _ => return Err(self.unknown(name)),
            }
        };
        Ok(Typed { expression, schema })
    }

    fn of_text(
        &mut self,
        name: &str,
        text: Expression,
        arguments: Arguments<'_>,
    ) -> Result<Expression, DefinitionError> {
        let length = |text: Expression| Expression::function("length", [text]);
        Ok(match (name, arguments) {
            ("is_empty", []) => Expression::operation(Operator::Equal, text, Expression::constant("")),
            ("to_uppercase", []) => Expression::function("uppercase", [text]),
            ("to_lowercase", []) => Expression::function("lowercase", [text]),
            ("trim", []) => Expression::function(
                "replace",
                [text, Expression::Verbatim(WHITE_SPACE_AT_ENDS), Expression::constant("")],
            ),
            ("contains", [part]) => {
                let part = self.value(part, None)?.expression;
                Expression::function("contains", [text, part])
            }
            ("starts_with", [part]) => {
                let part = self.value(part, None)?.expression;
                text.bind_fallible("s", |text| {
                    part.bind("p", |part| {
                        let start = [text, Expression::constant(0), length(part.clone())];
                        Expression::operation(Operator::Equal, Expression::function("substring", start), part)
                    })
                })
            }
            ("ends_with", [part]) => {
                let part = self.value(part, None)?.expression;
                text.bind("s", |text| {
                    part.bind("p", |part| {
                        let from =
                            Expression::operation(Operator::Subtract, length(text.clone()), length(part.clone()));
                        let end = Expression::function("substring", [text, from]);
                        Expression::operation(Operator::Equal, end, part)
                    })
                })
            }
            ("replace", [part, by]) => {
                let part = self.value(part, None)?.expression;
                let by = self.value(by, None)?.expression;
                Expression::function("replace", [text, part, by])
            }
            _ => return Err(self.unknown(name)),
        })
    }

    fn of_option(
        &mut self,
        name: &str,
        option: Typed,
        arguments: Arguments<'_>,
        result: &Schema,
    ) -> Result<Expression, DefinitionError> {
        let Typed { expression: option, .. } = option;
        Ok(match (name, arguments) {
            ("is_some", []) => option.has_value(),
            ("is_none", []) => Expression::function("not", [option.has_value()]),
            ("unwrap_or", [other]) => {
                let other = self.value(other, None)?.expression;
                // Rust evaluates the argument whether it is needed or not.
                option
                    .bind_fallible("o", |option| other.bind_fallible("d", |other| option.option(|value| value, other)))
            }
            ("unwrap_or_default", []) => {
                let default = default(result).ok_or_else(|| self.unknown(name))?;
                option.option(|value| value, default)
            }
            ("or", [other]) => {
                let other = self.value(other, None)?.expression;
                option
                    .bind_fallible("o", |option| other.bind_fallible("d", |other| option.option(|value| value, other)))
            }
            ("map" | "and_then", [closure]) => {
                let (item, body) = self.closure(closure)?;
                option.bind_to(item, |option| {
                    Expression::conditional(option.has_value(), body.expression, Expression::null())
                })
            }
            ("filter", [closure]) => {
                let (item, body) = self.closure(closure)?;
                option.bind_to(item, |option| {
                    let kept = Expression::conditional(body.expression, option.clone(), Expression::null());
                    Expression::conditional(option.has_value(), kept, Expression::null())
                })
            }
            ("is_some_and", [closure]) => {
                let (item, body) = self.closure(closure)?;
                option.bind_to(item, |option| Expression::and(option.has_value(), body.expression))
            }
            ("is_none_or", [closure]) => {
                let (item, body) = self.closure(closure)?;
                option.bind_to(item, |option| {
                    Expression::conditional(option.has_value(), body.expression, Expression::constant(true))
                })
            }
            ("map_or", [other, closure]) => {
                let other = self.value(other, None)?.expression;
                let (item, body) = self.closure(closure)?;
                option.bind_to(item, |option| {
                    other
                        .bind_fallible("d", |other| Expression::conditional(option.has_value(), body.expression, other))
                })
            }
            ("map_or_else", [other, closure]) => {
                let (_, other) = self.closure(other)?;
                let (item, body) = self.closure(closure)?;
                option.bind_to(item, |option| {
                    Expression::conditional(option.has_value(), body.expression, other.expression)
                })
            }
            ("unwrap_or_else" | "or_else", [other]) => {
                let (_, other) = self.closure(other)?;
                option.option(|value| value, other.expression)
            }
            _ => return Err(self.unknown(name)),
        })
    }

    fn of_list(
        &mut self,
        name: &str,
        elements: Elements,
        arguments: Arguments<'_>,
    ) -> Result<Expression, DefinitionError> {
        Ok(match (name, arguments) {
            ("len", []) => count(elements.list).ranged(0, crate::gate::EXACT),
            ("is_empty", []) => Expression::operation(Operator::Equal, count(elements.list), Expression::constant(0)),
            ("first", []) => elements.get(Expression::constant(0)),
            ("last", []) => elements.last(),
            ("get", [index]) => {
                let index = self.value(index, None)?.expression;
                elements.get(index)
            }
            ("contains", [item]) => {
                let item = self.value(item, None)?.expression;
                elements.list.bind_fallible("l", |list| Expression::operation(Operator::In, item, list))
            }
            ("concat", []) => elements.concat(),
            ("join", [separator]) => {
                let separator = self.value(separator, None)?.expression;
                Expression::function("join", [elements.list, separator])
            }
            _ => return Err(self.unknown(name)),
        })
    }

    fn of_map(&mut self, name: &str, map: Expression, arguments: Arguments<'_>) -> Result<Expression, DefinitionError> {
        let keys = |map: Expression| count(Expression::function("keys", [map]));
        Ok(match (name, arguments) {
            ("len", []) => keys(map).ranged(0, crate::gate::EXACT),
            ("is_empty", []) => Expression::operation(Operator::Equal, keys(map), Expression::constant(0)),
            ("contains_key", [key]) => {
                let key = self.value(key, None)?.expression;
                Expression::function("exists", [Expression::function("lookup", [map, key])])
            }
            ("get", [key]) => {
                let key = self.value(key, None)?.expression;
                map.bind("m", |map| {
                    key.bind("k", |key| {
                        let value = Expression::function("lookup", [map, key]);
                        let there = Expression::function("exists", [value.clone()]);
                        Expression::conditional(there, value, Expression::null())
                    })
                })
            }
            _ => return Err(self.unknown(name)),
        })
    }

    /// A method that ends an iterator.
    fn of_items(
        &mut self,
        name: &str,
        receiver: &syntax::Expression,
        arguments: Arguments<'_>,
        result: &Schema,
        source: &'static str,
    ) -> Result<Expression, DefinitionError> {
        if let (syntax::Expression::Method { name: "chars", receiver: text, .. }, "count") = (receiver, name) {
            let text = self.value(text, None)?.expression;
            return Ok(Expression::function("length", [text]).ranged(0, crate::gate::EXACT));
        }
        let items = self.items(receiver)?;
        Ok(match (name, arguments) {
            ("collect", []) => items.list,
            ("count", []) => count(items.list).ranged(0, crate::gate::EXACT),
            ("any", [closure]) => {
                let (item, body) = self.closure(closure)?;
                items.any(item, body.expression)
            }
            ("all", [closure]) => {
                let (item, body) = self.closure(closure)?;
                items.all(item, body.expression)
            }
            ("find", [closure]) => {
                let (item, body) = self.closure(closure)?;
                items.find(item, body.expression)
            }
            ("position", [closure]) => {
                let (item, body) = self.closure(closure)?;
                items.position(item, body.expression)
            }
            ("find_map", [closure]) => {
                let (item, body) = self.closure(closure)?;
                items.find_map(item, body.expression)
            }
            ("last", []) => items.last(),
            ("fold", [start, closure]) => {
                let start = self.value(start, None)?.expression;
                let ([so_far, item], body) = self.closure_of(closure)?;
                items.reduce(so_far, item, start, body.expression)
            }
            ("max", []) => items.extreme("max"),
            ("min", []) => items.extreme("min"),
            ("sum", []) => match result {
                Schema::Integer(kind) => total(items.list, Failing { kind, source }),
                Schema::Float => finite(Expression::function("sum", [items.list]), Failing { kind: "f64", source }),
                _ => return Err(self.unknown(name)),
            },
            _ => return Err(self.unknown(name)),
        })
    }

    /// The items of an iterator, or of a list that stands for one.
    pub(in crate::lower::flow) fn items(
        &mut self,
        expression: &syntax::Expression,
    ) -> Result<Elements, DefinitionError> {
        let syntax::Expression::Method { name, receiver, arguments, .. } = expression else {
            return self.listed(expression);
        };
        match (*name, *arguments) {
            ("iter" | "into_iter", []) => self.listed(receiver),
            ("split", [separator]) => {
                let text = self.value(receiver, None)?.expression;
                let separator = self.value(separator, None)?.expression;
                let parts = Expression::function("split", [text, separator]);
                Ok(Elements::new(parts, Arrays::Never))
            }
            _ if !yields_items(expression) => self.listed(expression),
            ("cloned" | "copied", []) => self.items(receiver),
            ("rev", []) => Ok(self.items(receiver)?.reverse()),
            ("enumerate", []) => Ok(self.items(receiver)?.enumerate()),
            ("zip", [other]) => {
                let items = self.items(receiver)?;
                let other = self.items(other)?;
                Ok(items.zip(other))
            }
            ("take", [limit]) => {
                let items = self.items(receiver)?;
                let limit = self.value(limit, None)?.expression;
                Ok(items.by_index(Operator::Less, limit))
            }
            ("skip", [limit]) => {
                let items = self.items(receiver)?;
                let limit = self.value(limit, None)?.expression;
                Ok(items.by_index(Operator::GreaterOrEqual, limit))
            }
            ("map", [closure]) => {
                let items = self.items(receiver)?;
                let (item, body) = self.closure(closure)?;
                Ok(items.map(item, body.expression, body.schema.arrays()))
            }
            ("filter", [closure]) => {
                let items = self.items(receiver)?;
                let (item, body) = self.closure(closure)?;
                Ok(items.filter(item, body.expression))
            }
            ("filter_map", [closure]) => {
                let items = self.items(receiver)?;
                let (item, body) = self.closure(closure)?;
                let Schema::Option(inner) = body.schema else { return Err(self.unknown(name)) };
                Ok(items.filter_map(item, body.expression, inner().arrays()))
            }
            ("flat_map", [closure]) => {
                let items = self.items(receiver)?;
                let (item, body) = self.closure(closure)?;
                let Schema::List(inner) = body.schema else { return Err(self.unknown(name)) };
                Ok(items.flat_map(item, body.expression, inner().arrays()))
            }
            _ => Err(self.unknown(name)),
        }
    }

    fn listed(&mut self, expression: &syntax::Expression) -> Result<Elements, DefinitionError> {
        let list = self.value(expression, None)?;
        match &list.schema {
            Schema::List(item) => Ok(Elements::new(list.expression, item().arrays())),
            _ => Err(self.unexpected("an iterator over what is no list")),
        }
    }

    /// The parameter and the body of a closure.
    fn closure(&mut self, expression: &syntax::Expression) -> Result<(Bound, Typed), DefinitionError> {
        let ([parameter], body) = self.closure_of(expression)?;
        Ok((parameter, body))
    }

    /// The parameters and the body of a closure.
    fn closure_of<const COUNT: usize>(
        &mut self,
        expression: &syntax::Expression,
    ) -> Result<([Bound; COUNT], Typed), DefinitionError> {
        let syntax::Expression::Closure { captures, body } = expression else {
            return Err(self.unexpected("an argument that is no closure"));
        };
        // Of several parameters, the way to a name begins with that parameter.
        let several = usize::from(COUNT > 1);
        let parameters = std::array::from_fn(|index| {
            let whole = captures.iter().find(|capture| match (several, capture.path) {
                (0, []) => true,
                (1, [parameter]) => *parameter == index,
                _ => false,
            });
            Bound::new(whole.map_or("x", |capture| capture.binding.name))
        });
        for capture in *captures {
            let place = if several == 1 { capture.path.first().copied().unwrap_or(0) } else { 0 };
            let parameter = parameters.get(place).copied();
            let parameter = parameter.ok_or_else(|| self.unexpected("a parameter that a closure does not have"))?;
            let mut expression = Expression::Bound(parameter);
            for index in capture.path.iter().skip(several) {
                expression = Expression::Item { base: Box::new(expression), index: *index };
            }
            let schema = self.schema_at(capture.site)?;
            self.bind(capture.binding, Typed { expression, schema });
        }
        self.pure += 1;
        let body = self.value(body, None);
        self.pure -= 1;
        Ok((parameters, body?))
    }

    pub(super) fn unknown(&self, method: &str) -> DefinitionError {
        self.unexpected(&format!("the method `{method}` on a type that has none such here"))
    }
}

/// True for the methods whose result is an iterator.
fn yields_items(expression: &syntax::Expression) -> bool {
    let syntax::Expression::Method { site, .. } = expression else { return false };
    site.is_none()
}

/// `Default::default()` of a type.
fn default(schema: &Schema) -> Option<Expression> {
    Some(match schema {
        Schema::Integer(_) | Schema::Float => Expression::constant(0),
        Schema::Bool => Expression::constant(false),
        Schema::String => Expression::constant(""),
        Schema::List(_) => Expression::Array(Vec::new()),
        Schema::Option(_) | Schema::Unit => Expression::Constant(Value::Null),
        _ => return None,
    })
}
