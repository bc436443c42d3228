//! Function signatures: which arguments a function accepts, and how they are put right.

use super::failure::{Failure, Outcome};
use super::item::{Item, List, number_text};

/// A parsed signature such as `<s-nn?:s>`.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    parameters: Vec<Parameter>,
}

#[derive(Clone, Debug)]
struct Parameter {
    /// The symbols that match, `m` (missing) among them where allowed.
    accepts: Box<str>,
    is_array: bool,
    /// `a<n>`: what the array must hold.
    subtype: Option<Box<str>>,
    optional: bool,
    repeated: bool,
    /// `-`: the context value steps in for a missing argument.
    context: bool,
    /// `a` and `f` can take a type parameter.
    generic: bool,
}

impl Signature {
    /// Reads a signature with its angle brackets.
    pub(super) fn parse(text: &str) -> Outcome<Self> {
        let symbols: Vec<char> = text.chars().collect();
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut position = 1;
        while let Some(&symbol) = symbols.get(position) {
            match symbol {
                ':' => break,
                's' | 'n' | 'b' | 'l' | 'o' => parameters.push(Parameter::new(format!("{symbol}m"))),
                'a' => {
                    let mut parameter = Parameter::new("asnblfom");
                    parameter.is_array = true;
                    parameter.generic = true;
                    parameters.push(parameter);
                }
                'f' => {
                    let mut parameter = Parameter::new("f");
                    parameter.generic = true;
                    parameters.push(parameter);
                }
                'j' => parameters.push(Parameter::new("asnblom")),
                'x' => parameters.push(Parameter::new("asnblfom")),
                '-' | '?' | '+' => {
                    if let Some(last) = parameters.last_mut() {
                        match symbol {
                            '-' => {
                                last.context = true;
                                last.optional = true;
                            }
                            '?' => last.optional = true,
                            _ => last.repeated = true,
                        }
                    }
                }
                '(' => {
                    let end = closing(&symbols, position, '(', ')');
                    let choice: String = symbols[position + 1..end.min(symbols.len())].iter().collect();
                    if choice.contains('<') {
                        return Err(Failure::new("S0402").value(super::failure::quoted(&choice)));
                    }
                    parameters.push(Parameter::new(choice + "m"));
                    position = end;
                }
                '<' => {
                    let end = closing(&symbols, position, '<', '>');
                    match parameters.last_mut() {
                        Some(last) if last.generic => {
                            let subtype: String = symbols[position + 1..end.min(symbols.len())].iter().collect();
                            last.subtype = Some(subtype.into());
                        }
                        _ => return Err(Failure::new("S0401")),
                    }
                    position = end;
                }
                _ => {}
            }
            position += 1;
        }
        Ok(Signature { parameters })
    }

    /// The arguments as the function takes them: missing ones taken from the context, single values made arrays.
    pub(super) fn validate(&self, arguments: Vec<Item>, context: &Item) -> Outcome<Vec<Item>> {
        if self.fits_as_given(&arguments) {
            return Ok(arguments);
        }
        let symbols: Vec<u8> = arguments.iter().map(symbol).collect();
        let Some(counts) = self.matched(&symbols) else { return Err(self.mismatch(&arguments, &symbols)) };
        let mut valid = Vec::with_capacity(arguments.len().max(self.parameters.len()));
        let mut next = 0;
        for (parameter, count) in self.parameters.iter().zip(counts) {
            if count == 0 {
                if parameter.context {
                    if !parameter.accepts(symbol(context)) {
                        return Err(Failure::new("T0411").index(next + 1).value(context.shown()));
                    }
                    valid.push(context.clone());
                } else {
                    // As the reference has it: an argument that is left out still takes the place of the next one.
                    valid.push(arguments.get(next).cloned().unwrap_or_default());
                    next += 1;
                }
            }
            for at in next..next + count {
                let argument = arguments.get(at).cloned().unwrap_or_default();
                valid.push(if parameter.is_array { parameter.array(argument, at)? } else { argument });
            }
            next += count;
        }
        Ok(valid)
    }

    /// Arguments of a built-in function that was given them piecemeal. The reference does not hold those against the
    /// signature: texts and numbers are made of each other as JavaScript does it.
    pub(super) fn coerced(&self, arguments: Vec<Item>) -> Vec<Item> {
        let mut parameters = self.parameters.iter();
        let mut coerced = Vec::with_capacity(arguments.len());
        for argument in arguments {
            coerced.push(match parameters.next() {
                Some(parameter) if !parameter.accepts(symbol(&argument)) => {
                    if parameter.accepts(b's') {
                        text_of(&argument, COERCION_DEPTH).map_or(argument, Item::text)
                    } else if parameter.accepts(b'n') {
                        number_of(&argument).map_or(argument, Item::number)
                    } else {
                        argument
                    }
                }
                _ => argument,
            });
        }
        coerced
    }

    /// The common case without a further look: one argument of a plain type for each parameter.
    fn fits_as_given(&self, arguments: &[Item]) -> bool {
        arguments.len() == self.parameters.len()
            && self.parameters.iter().zip(arguments).all(|(parameter, argument)| {
                let symbol = symbol(argument);
                parameter.accepts(symbol)
                    && (!parameter.is_array || symbol == b'm' || (symbol == b'a' && parameter.subtype.is_none()))
            })
    }

    /// How many arguments each parameter takes, as a greedy regular expression would share them out.
    fn matched(&self, symbols: &[u8]) -> Option<Vec<usize>> {
        let mut counts = vec![0; self.parameters.len()];
        self.share(symbols, 0, &mut counts).then_some(counts)
    }

    fn share(&self, symbols: &[u8], at: usize, counts: &mut [usize]) -> bool {
        let Some(parameter) = self.parameters.get(at) else { return symbols.is_empty() };
        let fitting = symbols.iter().take_while(|symbol| parameter.accepts(**symbol)).count();
        let most = if parameter.repeated { fitting } else { fitting.min(1) };
        let least = usize::from(!parameter.optional);
        for count in (least..=most).rev() {
            counts[at] = count;
            if self.share(&symbols[count..], at + 1, counts) {
                return true;
            }
        }
        false
    }

    /// Names the first argument that does not fit: the longest run of parameters that matches the beginning decides.
    fn mismatch(&self, arguments: &[Item], symbols: &[u8]) -> Box<Failure> {
        let mut good = 0;
        for upto in 1..=self.parameters.len() {
            match self.prefix(symbols, 0, upto) {
                Some(length) => good = length,
                None => break,
            }
        }
        let value = arguments.get(good).map_or_else(|| "undefined".to_owned(), Item::shown);
        Failure::new("T0410").index(good + 1).value(value)
    }

    fn prefix(&self, symbols: &[u8], at: usize, upto: usize) -> Option<usize> {
        if at == upto {
            return Some(0);
        }
        let parameter = &self.parameters[at];
        let fitting = symbols.iter().take_while(|symbol| parameter.accepts(**symbol)).count();
        let most = if parameter.repeated { fitting } else { fitting.min(1) };
        let least = usize::from(!parameter.optional);
        (least..=most).rev().find_map(|count| Some(count + self.prefix(&symbols[count..], at + 1, upto)?))
    }
}

impl Parameter {
    fn new(accepts: impl Into<Box<str>>) -> Self {
        Parameter {
            accepts: accepts.into(),
            is_array: false,
            subtype: None,
            optional: false,
            repeated: false,
            context: false,
            generic: false,
        }
    }

    fn accepts(&self, symbol: u8) -> bool {
        self.accepts.as_bytes().contains(&symbol)
    }

    /// An array of what the parameter wants.
    fn array(&self, argument: Item, at: usize) -> Outcome<Item> {
        let given = symbol(&argument);
        if given == b'm' {
            return Ok(Item::Undefined);
        }
        if let Some(subtype) = &self.subtype {
            let wanted = subtype.bytes().next().unwrap_or_default();
            let fits = match argument.list() {
                Some(list) => list.iter().all(|item| symbol(&item) == wanted),
                None => subtype.as_bytes() == [given],
            };
            if !fits {
                let mut failure = Failure::new("T0412").index(at + 1).value(argument.shown());
                failure.value2 = Some(
                    match wanted {
                        b'a' => "\"arrays\"",
                        b'b' => "\"booleans\"",
                        b'f' => "\"functions\"",
                        b'n' => "\"numbers\"",
                        b'o' => "\"objects\"",
                        b's' => "\"strings\"",
                        _ => "undefined",
                    }
                    .to_owned(),
                );
                return Err(failure);
            }
        }
        Ok(if given == b'a' { argument } else { List::plain(vec![argument])? })
    }
}

fn closing(symbols: &[char], start: usize, open: char, close: char) -> usize {
    let mut depth = 1;
    let mut position = start;
    while position < symbols.len() {
        position += 1;
        match symbols.get(position) {
            Some(&symbol) if symbol == close => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Some(&symbol) if symbol == open => depth += 1,
            _ => {}
        }
    }
    position
}

/// The letter that stands for an argument's type.
/// How deep in arrays texts are looked for.
const COERCION_DEPTH: u32 = 8;

/// The text JavaScript makes of a value.
fn text_of(item: &Item, depth: u32) -> Option<String> {
    use crate::value::Value;
    match item {
        Item::Json(Value::Null) => Some("null".to_owned()),
        Item::Json(Value::Bool(value)) => Some(value.to_string()),
        Item::Json(Value::Object(_)) | Item::Record(_) => Some("[object Object]".to_owned()),
        _ => {
            if let Some(number) = item.as_f64() {
                return Some(number_text(number));
            }
            if let Some(text) = item.as_str() {
                return Some(text.to_owned());
            }
            let items = item.list().filter(|items| depth > 0 && items.len() <= 1000)?;
            let texts = items.iter().map(|item| match item {
                Item::Json(Value::Null) => Some(String::new()),
                item => text_of(&item, depth - 1),
            });
            Some(texts.collect::<Option<Vec<String>>>()?.join(","))
        }
    }
}

/// The number JavaScript makes of a value, `NaN` included.
fn number_of(item: &Item) -> Option<f64> {
    use crate::value::Value;
    match item {
        Item::Json(Value::Null) => Some(0.0),
        Item::Json(Value::Bool(value)) => Some(f64::from(u8::from(*value))),
        Item::Undefined | Item::Function(_) => None,
        _ => {
            let text = text_of(item, COERCION_DEPTH)?;
            let text = text.trim();
            let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
            Some(match text {
                "" => 0.0,
                _ if plain => text.parse().unwrap_or(f64::NAN),
                _ => f64::NAN,
            })
        }
    }
}

fn symbol(item: &Item) -> u8 {
    use crate::value::Value;
    match item {
        Item::Undefined | Item::TailCall(_) => b'm',
        Item::Json(Value::Null) => b'l',
        Item::Json(Value::Bool(_)) => b'b',
        Item::Json(Value::Number(_)) | Item::NonFinite(_) => b'n',
        Item::Json(Value::String(_)) => b's',
        Item::Json(Value::Array(_)) | Item::List(_) | Item::Tuples(_) => b'a',
        Item::Json(Value::Object(_)) | Item::Record(_) => b'o',
        Item::Function(_) => b'f',
    }
}
