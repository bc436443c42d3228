//! Expressions of a kind, as text.

use super::*;

impl Generator {
    /// An expression of a kind; what it is made of is at most `depth` deep.
    pub(super) fn expression(&mut self, kind: Kind, depth: usize) -> String {
        if depth == 0 || self.rarely(4) {
            return self.leaf(kind);
        }
        let made = self.composed(kind, depth - 1);
        // What rustc computes itself is refused where it overflows.
        let is_arithmetic = made.contains([' ', '-']) && made.starts_with('(');
        match ["u8", "u32", "i32", "u64", "usize"].iter().find_map(|kind| made.find(kind).map(|at| at + kind.len())) {
            Some(end) if is_arithmetic && is_literal(&made) => format!("{}.clone(){}", &made[..end], &made[end..]),
            _ => made,
        }
    }

    fn composed(&mut self, kind: Kind, depth: usize) -> String {
        if self.rarely(12) {
            let (condition, then) = (self.condition(depth), self.expression(kind, depth));
            let otherwise = self.expression(kind, depth);
            return format!("(if {condition} {{ {then} }} else {{ {otherwise} }})");
        }
        if self.awaits
            && self.rarely(6)
            && let Some(call) = self.tried_call(kind, depth)
        {
            return call;
        }
        match kind {
            Bool => self.truth(depth),
            Byte => match self.below(3) {
                0 => format!("({} + {})", self.leaf(kind), self.below(3)),
                1 => format!("({} % {})", self.expression(kind, depth), 1 + self.below(9)),
                _ => format!("({} - {})", self.leaf(kind), self.below(2)),
            },
            Number => self.number(depth),
            Signed => match self.below(4) {
                0 => format!("(-{})", self.expression(kind, depth)),
                1 => format!("({} - {})", self.expression(kind, depth), self.expression(kind, depth)),
                2 => format!("({} / {})", self.expression(kind, depth), self.expression(kind, depth)),
                _ => format!("({} % {})", self.expression(kind, depth), 1 + self.below(4)),
            },
            Wide => match self.below(4) {
                0 => format!("u64::from({})", self.expression(Number, depth)),
                1 => format!("({} as u64)", self.expression(Byte, depth)),
                2 => format!("({} + {})", self.expression(kind, depth), self.expression(kind, depth)),
                _ => format!("({} * {})", self.expression(kind, depth), self.below(4)),
            },
            Index => match self.below(5) {
                0 => format!("{}.len()", self.list(depth)),
                1 => format!("{}.chars().count()", self.expression(Text, depth)),
                2 => format!("({} + {})", self.leaf(kind), self.below(2)),
                3 => {
                    let list = self.expression(Numbers, depth);
                    let test = self.closure(&[("n", Number)], Bool, depth);
                    format!("{list}.into_iter().position({test}).unwrap_or({})", self.below(3))
                }
                _ => format!("{}.iter().count()", self.list(depth)),
            },
            Text => self.text(depth),
            MaybeText => match self.below(6) {
                0 => format!("Some({})", self.expression(Text, depth)),
                1 => {
                    let map = self.closure(&[("t", Text)], Text, depth);
                    format!("{}.map({map})", self.expression(kind, depth))
                }
                2 => format!("{}.or({})", self.expression(kind, depth), self.expression(kind, depth)),
                3 => format!("{}.get({}).cloned()", self.expression(Texts, depth), self.expression(Index, depth)),
                4 => {
                    let map = self.closure(&[("l", Line)], Text, depth);
                    format!("{}.map({map})", self.expression(MaybeLine, depth))
                }
                _ => {
                    let then = self.closure(&[("n", Number)], MaybeText, depth);
                    format!("{}.and_then({then})", self.expression(MaybeNumber, depth))
                }
            },
            MaybeNumber => match self.below(6) {
                0 => format!("Some({})", self.expression(Number, depth)),
                1 => {
                    let map = self.closure(&[("l", Line)], Number, depth);
                    format!("{}.map({map})", self.expression(MaybeLine, depth))
                }
                2 => format!("{}.or({})", self.expression(kind, depth), self.expression(kind, depth)),
                3 => {
                    let end = self.pick(&["first", "last"]);
                    format!("{}.{end}().copied()", self.expression(Numbers, depth))
                }
                4 => {
                    let best = self.pick(&["max", "min"]);
                    format!("{}.into_iter().{best}()", self.expression(Numbers, depth))
                }
                _ => {
                    let test = self.closure(&[("(*n)", Number)], Bool, depth);
                    format!("{}.into_iter().find({test})", self.expression(Numbers, depth))
                }
            },
            MaybeLine => match self.below(4) {
                0 => format!("Some({})", self.expression(Line, depth)),
                1 => {
                    let end = self.pick(&["first", "last"]);
                    format!("{}.{end}().cloned()", self.expression(Lines, depth))
                }
                2 => format!("{}.or({})", self.expression(kind, depth), self.expression(kind, depth)),
                _ => {
                    let test = self.closure(&[("(*l)", Line)], Bool, depth);
                    format!("{}.into_iter().find({test})", self.expression(Lines, depth))
                }
            },
            Line => match self.below(5) {
                0 | 1 => {
                    let (sku, count) = (self.expression(Text, depth), self.expression(Number, depth));
                    format!("Line {{ sku: {sku}, count: {count} }}")
                }
                2 => {
                    format!("Line {{ count: {}, ..{} }}", self.expression(Number, depth), self.expression(kind, depth))
                }
                3 => format!("{}[{}]", self.leaf(Lines), self.below(2)),
                _ => format!("{}.unwrap_or({})", self.expression(MaybeLine, depth), self.expression(kind, depth)),
            },
            Lines => self.items(kind, Line, depth),
            Texts => match self.below(4) {
                0 => format!(
                    "{}.split({:?}).map(|t| t.to_string()).collect::<Vec<_>>()",
                    self.expression(Text, depth),
                    self.pick_text(&[",", "a", " "])
                ),
                1 => {
                    let map = self.closure(&[("i", Index), ("t", Text)], Text, depth);
                    format!("{}.into_iter().enumerate().map({map}).collect::<Vec<_>>()", self.expression(kind, depth))
                }
                _ => self.items(kind, Text, depth),
            },
            Numbers => match self.below(4) {
                0 => {
                    let map = self.closure(&[("n", Number), ("l", Line)], Number, depth);
                    let (left, right) = (self.expression(kind, depth), self.expression(Lines, depth));
                    format!("{left}.into_iter().zip({right}.into_iter()).map({map}).collect::<Vec<_>>()")
                }
                _ => self.items(kind, Number, depth),
            },
            Order => format!(
                "Order {{ {}, ..{} }}",
                match self.below(4) {
                    0 => format!("paid: {}", self.expression(Bool, depth)),
                    1 => format!(
                        "note: {}, count: {}",
                        self.expression(MaybeText, depth),
                        self.expression(Number, depth)
                    ),
                    2 => format!("lines: {}", self.expression(Lines, depth)),
                    _ => format!("limit: {}", self.expression(MaybeNumber, depth)),
                },
                self.leaf(kind)
            ),
            Pair => format!("({}, {})", self.expression(Number, depth), self.expression(Text, depth)),
            Command | Job | Event | Color => self.leaf(kind),
        }
    }

    fn pick_text(&mut self, choices: &[&'static str]) -> &'static str {
        self.pick(choices)
    }

    /// A condition, without what would be read as a block.
    pub(super) fn condition(&mut self, depth: usize) -> String {
        let condition = self.expression(Bool, depth);
        // A struct literal cannot stand in a condition without parentheses.
        if condition.contains(" {") && !condition.starts_with('(') { format!("({condition})") } else { condition }
    }

    /// A call of a task that gives the kind, with `?` or `.ok()`, when there is one whose error fits.
    fn tried_call(&mut self, kind: Kind, depth: usize) -> Option<String> {
        let candidates: Vec<&'static Task> = TASKS
            .iter()
            .filter(|task| task.output == Some(kind))
            .filter(|task| self.failure == Failure::Plain || task.failure == self.failure)
            .collect();
        if kind == MaybeText && self.rarely(2) {
            return Some(format!("say({}).await.ok()", self.expression(Text, depth)));
        }
        if kind == MaybeNumber && self.rarely(2) {
            return Some(format!("stock({}).await.ok()", self.expression(Number, depth)));
        }
        if candidates.is_empty() {
            return None;
        }
        let task = self.pick(&candidates);
        Some(format!("{}.await?", self.call(task, depth)))
    }

    /// `task(arguments)` with settings.
    pub(super) fn call(&mut self, task: &'static Task, depth: usize) -> String {
        let arguments: Vec<String> = task.parameters.iter().map(|kind| self.expression(*kind, depth)).collect();
        let mut call = format!("{}({})", task.name, arguments.join(", "));
        if self.rarely(6) {
            call.push_str(&format!(".timeout(secs({}))", self.pick(&[5, 10, 20])));
        }
        if self.rarely(6) {
            let errors = match task.failure {
                Failure::Plain => "\"Boom\"",
                Failure::Pay => {
                    self.pick(&["PayError::RateLimited", "PayError::RateLimited, PayError::Slow, \"Boom\""])
                }
                Failure::Stock => "StockError::Empty",
            };
            let cap = self.pick(&["", ".cap(secs(3))"]);
            call.push_str(&format!(".retry(on!({errors}), backoff(secs(2)).max({}){cap})", 1 + self.below(2)));
        }
        call
    }

    /// A closure whose parameters have these names and kinds; `(*n)` where it is given a reference.
    fn closure(&mut self, parameters: &[(&str, Kind)], result: Kind, depth: usize) -> String {
        let awaits = std::mem::replace(&mut self.awaits, false);
        let body = self.scoped(|generator| {
            for (code, kind) in parameters {
                let name = code.trim_matches(['(', ')', '*']);
                generator.bind(name, *kind, false);
                if let Some(place) = generator.scope.last_mut() {
                    place.code = (*code).to_owned();
                }
                // What a closure is given is what it reads most.
                let place = generator.scope.last().cloned();
                generator.scope.extend(place);
            }
            generator.expression(result, depth)
        });
        self.awaits = awaits;
        let names: Vec<&str> = parameters.iter().map(|(code, _)| code.trim_matches(['(', ')', '*'])).collect();
        match names[..] {
            [name] => format!("|{name}| {body}"),
            _ => format!("|({})| {body}", names.join(", ")),
        }
    }

    fn list(&mut self, depth: usize) -> String {
        let kind = self.pick(&[Lines, Texts, Numbers]);
        self.expression(kind, depth)
    }

    fn items(&mut self, kind: Kind, item: Kind, depth: usize) -> String {
        let (of_value, of_reference) = match item {
            Line => ("l", "(*l)"),
            Text => ("t", "(*t)"),
            _ => ("n", "(*n)"),
        };
        match self.below(6) {
            0 | 1 => {
                let count = self.below(3) + 1;
                let items: Vec<String> = (0..count).map(|_| self.expression(item, depth)).collect();
                format!("vec![{}]", items.join(", "))
            }
            2 => {
                let test = self.closure(&[(of_reference, item)], Bool, depth);
                format!("{}.into_iter().filter({test}).collect::<Vec<_>>()", self.expression(kind, depth))
            }
            3 => {
                let map = self.closure(&[(of_value, item)], item, depth);
                format!("{}.into_iter().map({map}).collect::<Vec<_>>()", self.expression(kind, depth))
            }
            4 => {
                let map = self.closure(&[("l", Line)], item, depth);
                format!("{}.into_iter().map({map}).collect::<Vec<_>>()", self.expression(Lines, depth))
            }
            _ => {
                let part = match self.below(3) {
                    0 => "rev()".to_owned(),
                    1 => format!("skip({})", self.expression(Index, 0)),
                    _ => format!("take({})", self.expression(Index, 0)),
                };
                format!("{}.into_iter().{part}.collect::<Vec<_>>()", self.expression(kind, depth))
            }
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        match self.below(11) {
            0 => {
                let left = self.expression(Bool, depth);
                let awaits = std::mem::replace(&mut self.awaits, false);
                let right = self.expression(Bool, depth);
                self.awaits = awaits;
                let operator = self.pick(&["&&", "||"]);
                format!("({left} {operator} {right})")
            }
            1 => format!("(!{})", self.expression(Bool, depth)),
            2 | 3 => {
                let kind = self.pick(&[Byte, Number, Number, Signed, Wide, Index]);
                let operator = self.pick(&["<", "<=", ">", ">=", "==", "!="]);
                format!("({} {operator} {})", self.expression(kind, depth), self.expression(kind, depth))
            }
            4 | 5 => {
                let kind = self.pick(&[Text, Text, Bool, MaybeText, MaybeNumber, Texts, Numbers]);
                let operator = self.pick(&["==", "!="]);
                format!("({} {operator} {})", self.expression(kind, depth), self.expression(kind, depth))
            }
            6 => {
                let kind = self.pick(&[MaybeText, MaybeNumber, MaybeLine]);
                let asks = self.pick(&["is_some", "is_none"]);
                format!("{}.{asks}()", self.expression(kind, depth))
            }
            7 => format!("{}.is_empty()", self.list(depth)),
            8 => {
                let asks = self.pick(&["contains", "starts_with", "ends_with"]);
                format!("{}.{asks}({:?})", self.expression(Text, depth), self.pick_text(&["a", ",", "é", " "]))
            }
            9 => format!("{}.contains(&{})", self.expression(Texts, depth), self.leaf(Text)),
            _ => {
                let asks = self.pick(&["any", "all"]);
                let test = self.closure(&[("l", Line)], Bool, depth);
                format!("{}.into_iter().{asks}({test})", self.expression(Lines, depth))
            }
        }
    }

    fn number(&mut self, depth: usize) -> String {
        match self.below(10) {
            0 | 1 => format!("({} + {})", self.expression(Number, depth), self.expression(Number, depth)),
            2 => format!("({} - {})", self.expression(Number, depth), self.leaf(Number)),
            3 => format!("({} * {})", self.expression(Number, depth), self.leaf(Number)),
            4 => format!("({} % {})", self.expression(Number, depth), 1 + self.below(5)),
            5 => format!("({} / {})", self.expression(Number, depth), self.leaf(Number)),
            6 => format!("u32::from({})", self.expression(Byte, depth)),
            7 => format!("{}.unwrap_or({})", self.expression(MaybeNumber, depth), self.expression(Number, depth)),
            8 => {
                let map = self.closure(&[("l", Line)], Number, depth);
                format!("{}.into_iter().map({map}).sum::<u32>()", self.expression(Lines, depth))
            }
            _ => format!("{}[{}]", self.leaf(Numbers), self.below(2)),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match self.below(10) {
            0..3 => {
                let kinds = [Text, Text, Number, Bool, Signed, Wide, Byte, Index];
                let (first, second) = (self.pick(&kinds), self.pick(&kinds));
                let (first, second) = (self.expression(first, depth), self.expression(second, depth));
                format!("format!(\"{}{{}}-{{}}\", {first}, {second})", self.pick(&["", "$", "'", "{{x}} "]))
            }
            3 => {
                let kind = self.pick(&[Number, Bool, Byte, Wide]);
                format!("{}.to_string()", self.expression(kind, depth))
            }
            4 => {
                let change = self.pick(&[
                    "to_uppercase()",
                    "to_lowercase()",
                    "trim().to_owned()",
                    "replace(\"a\", \"bb\")",
                    "clone()",
                ]);
                format!("{}.{change}", self.expression(Text, depth))
            }
            5 => format!("{}.unwrap_or({})", self.expression(MaybeText, depth), self.expression(Text, depth)),
            6 => format!("{}.unwrap_or_default()", self.expression(MaybeText, depth)),
            7 => format!("{}.join(\"-\")", self.expression(Texts, depth)),
            8 => format!("({} + \"x\")", self.expression(Text, depth)),
            _ => format!("{}.as_deref().unwrap_or(\"none\").to_uppercase()", self.expression(MaybeText, depth)),
        }
    }

    /// A value that is in scope, or a constant.
    pub(super) fn leaf(&mut self, kind: Kind) -> String {
        let mut found = Vec::new();
        for place in &self.scope {
            let code = &place.code;
            if place.kind == kind {
                found.extend([code.clone(), code.clone()]);
            }
            let members: &[(&str, Kind)] = match place.kind {
                Order => &[
                    ("order_id", Text),
                    ("paid", Bool),
                    ("count", Number),
                    ("note", MaybeText),
                    ("limit", MaybeNumber),
                    ("lines", Lines),
                ],
                Line => &[("sku", Text), ("count", Number)],
                Pair => &[("0", Number), ("1", Text)],
                _ => &[],
            };
            found.extend(members.iter().filter(|(_, of)| *of == kind).map(|(member, _)| format!("{code}.{member}")));
        }
        if !found.is_empty() && !self.rarely(4) {
            let index = self.below(found.len());
            return found.swap_remove(index);
        }
        match kind {
            Bool => self.pick(&["true", "false"]).to_owned(),
            Byte => format!("{}u8", self.pick(&[0, 1, 2, 3, 7, 250])),
            Number => match self.below(8) {
                0 => "FEW".to_owned(),
                _ => format!("{}u32", self.pick(&[0, 1, 1, 2, 2, 3, 4, 10])),
            },
            Signed => self.pick(&["0i32", "1i32", "3i32", "-2i32", "2147483647i32"]).to_owned(),
            Wide => format!("{}u64", self.pick(&[0u64, 1, 2, 5, 4_294_967_296])),
            Index => format!("{}usize", self.below(3)),
            Text => format!("{:?}.to_string()", self.pick(&["", "a", "b", "a,b", "A b", "it's", "é"])),
            MaybeText => self.pick(&["NO_TEXT", "Some(\"a\".to_string())"]).to_owned(),
            MaybeNumber => self.pick(&["NO_NUMBER", "Some(2u32)"]).to_owned(),
            MaybeLine => self.pick(&["NO_LINE", "Some(Line { sku: \"s\".to_string(), count: 1 })"]).to_owned(),
            Line => format!("Line {{ sku: \"a\".to_string(), count: {} }}", self.below(4)),
            Lines => {
                let count = self.below(3);
                let lines: Vec<String> =
                    (0..=count).map(|n| format!("Line {{ sku: \"k{n}\".to_string(), count: {n} }}")).collect();
                format!("vec![{}]", lines.join(", "))
            }
            Texts => self.pick(&["vec![\"a\".to_string()]", "vec![\"b\".to_string(), \"a\".to_string()]"]).to_owned(),
            Numbers => self.pick(&["vec![1u32]", "vec![3u32, 2, 5]", "vec![0u32, 0]"]).to_owned(),
            Order => {
                "Order { order_id: \"o\".to_string(), paid: true, count: 1, note: NO_TEXT, limit: NO_NUMBER, lines: \
                      vec![Line { sku: \"z\".to_string(), count: 2 }] }"
                    .to_owned()
            }
            Command => "Command::Ping".to_owned(),
            Job => "Job::Running".to_owned(),
            Event => "Event::Tick".to_owned(),
            Color => self.pick(&["Color::Red", "Color::DarkGreen", "Color::Blue"]).to_owned(),
            Pair => "(2u32, \"p\".to_string())".to_owned(),
        }
    }
}

/// True for what consists of numbers alone.
fn is_literal(code: &str) -> bool {
    let mut rest = code.to_owned();
    for kind in ["u8", "u32", "i32", "u64", "usize", "as"] {
        rest = rest.replace(kind, "");
    }
    !rest.contains(|character: char| character.is_alphabetic() || character == '"')
}
