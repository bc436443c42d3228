//! Statements: bindings, branches, loops, calls, and ways out.

use super::super::source::Part;
use super::*;

/// What becomes of the value of a block.
#[derive(Clone, Copy)]
enum Goal {
    Nothing,
    Value(Kind),
    /// It is the result of the workflow.
    Result,
}

/// A pattern with what it binds.
struct Pattern {
    code: String,
    names: Vec<(String, Kind)>,
}

impl Generator {
    /// Statements, at most `limit`; true when their end is never reached.
    pub(super) fn statements(&mut self, limit: usize, block: &mut Vec<Statement>) -> bool {
        for _ in 0..=self.below(limit + 1) {
            if self.budget == 0 {
                return false;
            }
            self.budget -= 1;
            if self.statement(block) {
                return true;
            }
        }
        false
    }

    fn statement(&mut self, block: &mut Vec<Statement>) -> bool {
        match self.below(26) {
            0..5 => self.binding(block),
            5 | 6 => self.destructured(block),
            7..10 => self.assignment(block),
            10 | 11 => return self.branches(block, Goal::Nothing),
            12 | 13 => return self.choice(block, Goal::Nothing),
            14 | 15 => return self.outcome(block, Goal::Nothing),
            16..19 => self.repetition(block),
            19 | 20 => self.call_statement(block),
            21 => self.pause(block),
            22 => self.let_else(block),
            23 => self.undone(block),
            24 => self.deferred(block),
            _ => {
                if self.depth > 0 && self.rarely(2) {
                    let escape = self.escape();
                    block.push(Statement::line(escape));
                    return true;
                }
                let (inner, ended) = self.block(2);
                block.push(Statement(vec![Part::Block(inner)]));
                return ended;
            }
        }
        false
    }

    fn binding(&mut self, block: &mut Vec<Statement>) {
        let kind = self.pick(KINDS);
        let mut parts = self.value(kind);
        let (name, mutable) = (self.name(), self.rarely(2));
        let keyword = if mutable { "let mut" } else { "let" };
        parts.insert(0, Part::Text(format!("{keyword} {name}: {} = ", kind.rust())));
        parts.push(Part::Text(";".to_owned()));
        block.push(Statement(parts));
        self.bind(&name, kind, mutable);
    }

    /// `let later: T;` with assignments on every way.
    fn deferred(&mut self, block: &mut Vec<Statement>) {
        let (name, kind) = (self.name(), self.pick(KINDS));
        let condition = self.condition(2);
        let mut assigned = || {
            let (mut inner, ended) = self.block(1);
            if !ended {
                let value = self.expression(kind, 2);
                inner.push(Statement::line(format!("{name} = {value};")));
            }
            (inner, ended)
        };
        // What the name hid is hidden where it is assigned, too.
        let hidden = |block: &[Statement]| format!("{:?}", texts(block)).contains(&name);
        let (then, then_ended) = assigned();
        let (otherwise, otherwise_ended) = assigned();
        if then_ended && otherwise_ended || self.scope.iter().any(|place| reads(&place.code, &name)) || hidden(block) {
            return;
        }
        block.push(Statement::line(format!("let {name}: {};", kind.rust())));
        let parts = vec![
            Part::Text(format!("if {condition} ")),
            Part::Block(then),
            Part::Text(" else ".to_owned()),
            Part::Block(otherwise),
        ];
        block.push(Statement(parts));
        self.bind(&name, kind, false);
    }

    fn destructured(&mut self, block: &mut Vec<Statement>) {
        let kind = self.pick(&[Line, Pair, Order]);
        let value = self.expression(kind, 2);
        let pattern = match kind {
            Line if self.rarely(2) => {
                let count = self.fresh();
                Pattern {
                    code: format!("Line {{ sku, count: {count} }}"),
                    names: vec![("sku".into(), Text), (count, Number)],
                }
            }
            Line => Pattern { code: "Line { count, .. }".into(), names: vec![("count".into(), Number)] },
            Pair => {
                let (first, second) = (self.fresh(), self.fresh());
                let code = format!("({first}, mut {second})");
                Pattern { code, names: vec![(first, Number), (second, Text)] }
            }
            _ => {
                let name = self.fresh();
                let code = format!("Order {{ lines: {name}, note, .. }}");
                Pattern { code, names: vec![(name, Lines), ("note".into(), MaybeText)] }
            }
        };
        block.push(Statement::line(format!("let {} = {value};", pattern.code)));
        for (name, kind) in &pattern.names {
            self.bind(name, *kind, false);
        }
    }

    fn assignment(&mut self, block: &mut Vec<Statement>) {
        let places: Vec<Place> = self.scope.iter().filter(|place| place.mutable).cloned().collect();
        if places.is_empty() {
            return self.binding(block);
        }
        let place = places[self.below(places.len())].clone();
        let name = &place.code;
        let operated = match place.kind {
            Number | Byte | Signed | Wide | Index if self.rarely(2) => {
                let operator = self.pick(&["+=", "+=", "-=", "*=", "%="]);
                Some(format!("{name} {operator} {};", self.expression(place.kind, 1)))
            }
            Text if self.rarely(3) => Some(format!("{name} += \"x\";")),
            _ => None,
        };
        if let Some(operated) = operated {
            block.push(Statement::line(operated));
            return;
        }
        let mut parts = self.value(place.kind);
        parts.insert(0, Part::Text(format!("{name} = ")));
        parts.push(Part::Text(";".to_owned()));
        block.push(Statement(parts));
    }

    /// A value, perhaps with statements on the way to it.
    fn value(&mut self, kind: Kind) -> Vec<Part> {
        if self.budget > 2 && self.rarely(4) {
            let mut block = Vec::new();
            let goal = Goal::Value(kind);
            let ended = match self.below(5) {
                0 => self.branches(&mut block, goal),
                1 => self.choice(&mut block, goal),
                2 => self.outcome(&mut block, goal),
                3 => self.valued_loop(&mut block, kind),
                _ => self.valued_block(&mut block, kind),
            };
            if let (Some(statement), false) = (block.pop(), ended) {
                return statement.0;
            }
        }
        vec![Part::Text(self.expression(kind, 3))]
    }

    /// `loop { .. break value; .. }`
    fn valued_loop(&mut self, block: &mut Vec<Statement>, kind: Kind) -> bool {
        let label = self.label();
        let text = label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
        let target = Target { label, is_loop: true, value: Some(kind), breaks: true };
        let ends = self.expression(kind, 2);
        let condition = self.condition(2);
        let mut inner = vec![
            // It is left by and by, whatever the rest does.
            Statement(vec![
                Part::Text(format!("if {condition} ")),
                Part::Block(vec![Statement::line(format!("break {ends};"))]),
            ]),
        ];
        self.targets.push(target);
        let (rest, ended) = self.block(2);
        inner.extend(rest);
        if !ended {
            let last = self.expression(kind, 2);
            inner.push(Statement::line(format!("break {last};")));
        }
        self.targets.pop();
        // What goes on for ever is none of ours.
        if inner.iter().any(|statement| format!("{:?}", texts(std::slice::from_ref(statement))).contains("continue")) {
            return true;
        }
        block.push(Statement(vec![Part::Text(format!("{text}loop ")), Part::Block(inner)]));
        false
    }

    /// `'label: { .. break 'label value; .. value }`
    fn valued_block(&mut self, block: &mut Vec<Statement>, kind: Kind) -> bool {
        let label = format!("'b{}", self.names);
        self.names += 1;
        self.targets.push(Target { label: Some(label.clone()), is_loop: false, value: Some(kind), breaks: true });
        let (inner, _) = self.branch(Goal::Value(kind), &[], false);
        self.targets.pop();
        block.push(Statement(vec![Part::Text(format!("{label}: ")), Part::Block(inner)]));
        false
    }

    /// `if` and `if let`, with what comes otherwise.
    fn branches(&mut self, block: &mut Vec<Statement>, goal: Goal) -> bool {
        let mut parts = Vec::new();
        let mut ended = true;
        for number in 0..=self.below(2) {
            if number > 0 {
                parts.push(Part::Text(" else ".to_owned()));
            }
            let names = if self.rarely(3) {
                let kind = self.pick(&[MaybeText, MaybeNumber, MaybeLine, Command, Job, Event]);
                let patterns = self.patterns(kind);
                let pattern = self.any(patterns);
                let value = self.condition_value(kind);
                parts.push(Part::Text(format!("if let {} = {value} ", pattern.code)));
                pattern.names
            } else {
                let condition = self.condition(3);
                parts.push(Part::Text(format!("if {condition} ")));
                Vec::new()
            };
            let (inner, inner_ended) = self.branch(goal, &names, number > 0);
            ended &= inner_ended;
            parts.push(Part::Block(inner));
        }
        if !matches!(goal, Goal::Nothing) || self.rarely(2) {
            parts.push(Part::Text(" else ".to_owned()));
            let (inner, inner_ended) = self.branch(goal, &[], !ended);
            ended &= inner_ended;
            parts.push(Part::Block(inner));
        } else {
            ended = false;
        }
        block.push(Statement(parts));
        ended
    }

    /// A value behind `if let`, where no struct literal stands without parentheses.
    fn condition_value(&mut self, kind: Kind) -> String {
        let value = self.expression(kind, 2);
        if value.contains(" {") || value.contains("&&") { format!("({value})") } else { value }
    }

    /// A block for a goal; `escapes` where it need not reach its end.
    fn branch(&mut self, goal: Goal, names: &[(String, Kind)], escapes: bool) -> (Vec<Statement>, bool) {
        self.depth += 1;
        let made = self.scoped(|generator| {
            for (name, kind) in names {
                generator.bind(name, *kind, false);
            }
            let mut block = Vec::new();
            // Where a value must come, nothing may end before.
            let limit = if escapes || matches!(goal, Goal::Nothing) { 3 } else { 0 };
            let mut ended = generator.budget > 0 && limit > 0 && generator.statements(limit, &mut block);
            if !ended && escapes && generator.rarely(5) {
                let escape = generator.escape();
                block.push(Statement::line(escape));
                ended = true;
            }
            if !ended {
                match goal {
                    Goal::Nothing => {}
                    Goal::Value(kind) => block.push(Statement(generator.value(kind))),
                    Goal::Result => {
                        block.push(generator.result());
                        ended = true;
                    }
                }
            }
            (block, ended)
        });
        self.depth -= 1;
        made
    }

    /// `match` on a value.
    fn choice(&mut self, block: &mut Vec<Statement>, goal: Goal) -> bool {
        let kind = self.pick(&[
            Bool,
            Number,
            Text,
            MaybeText,
            MaybeNumber,
            MaybeLine,
            Command,
            Command,
            Job,
            Job,
            Event,
            Event,
            Color,
            Pair,
        ]);
        let value = self.expression(kind, 2);
        let subject = match kind {
            Text => format!("{value}.as_str()"),
            _ if value.contains(" {") => format!("({value})"),
            _ => value,
        };
        let mut patterns = self.patterns(kind);
        if patterns.len() > 1 && self.rarely(3) {
            let kept = 1 + self.below(patterns.len() - 1);
            patterns.truncate(kept);
            let name = self.fresh();
            patterns.push(match kind {
                Text => Pattern { code: "_".into(), names: Vec::new() },
                _ if self.rarely(2) => Pattern { code: name.clone(), names: vec![(name, kind)] },
                _ => Pattern { code: "_".into(), names: Vec::new() },
            });
        }
        let mut parts = vec![Part::Text(format!("match {subject} {{"))];
        let mut ended = true;
        let count = patterns.len();
        for (index, pattern) in patterns.into_iter().enumerate() {
            let guarded = (self.rarely(4) && kind != Text).then(|| self.guarded(&pattern));
            for (guard, escapes) in
                guarded.map(|guard| (guard, true)).into_iter().chain([(String::new(), index + 1 < count)])
            {
                parts.push(Part::Text(format!(" {}{guard} => ", pattern.code)));
                ended &= self.arm(&mut parts, goal, &pattern.names, escapes || !ended);
            }
        }
        parts.push(Part::Text(" }".to_owned()));
        block.push(Statement(parts));
        ended
    }

    fn guarded(&mut self, pattern: &Pattern) -> String {
        let awaits = std::mem::replace(&mut self.awaits, false);
        let guard = self.scoped(|generator| {
            for (name, kind) in &pattern.names {
                generator.bind(name, *kind, false);
            }
            generator.condition(2)
        });
        self.awaits = awaits;
        format!(" if {guard}")
    }

    /// What stands behind `=>`; true when its end is never reached.
    fn arm(&mut self, parts: &mut Vec<Part>, goal: Goal, names: &[(String, Kind)], escapes: bool) -> bool {
        if let Goal::Value(kind) = goal
            && self.rarely(3)
        {
            let value = self.scoped(|generator| {
                for (name, kind) in names {
                    generator.bind(name, *kind, false);
                }
                generator.expression(kind, 2)
            });
            parts.push(Part::Text(format!("{value},")));
            return false;
        }
        let (block, ended) = self.branch(goal, names, escapes);
        parts.push(Part::Block(block));
        ended
    }

    /// Patterns that take every value of the kind between them.
    fn patterns(&mut self, kind: Kind) -> Vec<Pattern> {
        let (first, second) = (self.fresh(), self.fresh());
        let pattern = |code: String, names: &[(&str, Kind)]| Pattern {
            code,
            names: names.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
        };
        let plain = |code: &str| Pattern { code: code.to_owned(), names: Vec::new() };
        match kind {
            Bool => vec![plain("true"), plain("false")],
            Number => {
                let mut patterns = vec![plain("0")];
                if self.rarely(2) {
                    patterns.push(plain("1 | 2"));
                }
                patterns.push(pattern(first.clone(), &[(&first, Number)]));
                patterns
            }
            Text => vec![plain("\"a\" | \"b\""), plain("\"\""), plain("_")],
            MaybeText => vec![pattern(format!("Some({first})"), &[(&first, Text)]), plain("None")],
            MaybeNumber => {
                let mut patterns = vec![pattern(format!("Some({first})"), &[(&first, Number)]), plain("None")];
                if self.rarely(2) {
                    patterns.insert(0, plain("Some(1)"));
                }
                patterns
            }
            MaybeLine => vec![
                plain("None"),
                match self.below(3) {
                    0 => pattern(format!("Some({first})"), &[(&first, Line)]),
                    1 => pattern(format!("Some(Line {{ sku: {first}, .. }})"), &[(&first, Text)]),
                    _ => pattern(
                        format!("Some(Line {{ sku: {first}, count: {second} }})"),
                        &[(&first, Text), (&second, Number)],
                    ),
                },
            ],
            Command => {
                let mut patterns = match self.below(3) {
                    0 => vec![pattern(format!("Command::Refund {{ cents: {first}, .. }}"), &[(&first, Number)])],
                    1 => vec![
                        pattern(
                            format!("Command::Refund {{ cents: {first}, note: Some({second}) }}"),
                            &[(&first, Number), (&second, Text)],
                        ),
                        pattern(format!("Command::Refund {{ cents: {first}, note: None }}"), &[(&first, Number)]),
                    ],
                    _ => vec![
                        plain("Command::Refund { cents: 1, .. }"),
                        pattern(format!("Command::Refund {{ note: {first}, .. }}"), &[(&first, MaybeText)]),
                    ],
                };
                patterns.push(match self.rarely(2) {
                    true => pattern(format!("Command::Resize {{ w: {first}, .. }}"), &[(&first, Byte)]),
                    false => plain("Command::Resize { .. }"),
                });
                patterns.push(plain("Command::Ping"));
                patterns
            }
            Job => {
                let mut patterns = vec![
                    pattern("Job::Done { url }".into(), &[("url", Text)]),
                    pattern(format!("Job::Failed({first})"), &[(&first, Text)]),
                    plain("Job::Running"),
                ];
                if self.rarely(2) {
                    patterns.rotate_left(1);
                }
                patterns
            }
            Event => {
                let mut patterns = vec![
                    pattern(format!("Event::Moved({first}, {second})"), &[(&first, Number), (&second, Text)]),
                    pattern(format!("Event::Named({first})"), &[(&first, Text)]),
                    plain("Event::Tick"),
                ];
                if self.rarely(2) {
                    patterns[0] =
                        pattern(format!("Event::Moved(.., {first}) | Event::Named({first})"), &[(&first, Text)]);
                    patterns.remove(1);
                }
                patterns
            }
            Color => vec![plain("Color::Red | Color::Blue"), plain("Color::DarkGreen")],
            Pair => vec![
                pattern(format!("(0, {first})"), &[(&first, Text)]),
                pattern(format!("({first}, {second})"), &[(&first, Number), (&second, Text)]),
            ],
            _ => vec![pattern(first.clone(), &[(&first, kind)])],
        }
    }

    fn any(&mut self, mut patterns: Vec<Pattern>) -> Pattern {
        let index = self.below(patterns.len());
        patterns.swap_remove(index)
    }

    /// `match task(..).await { .. }`
    fn outcome(&mut self, block: &mut Vec<Statement>, goal: Goal) -> bool {
        let tasks: Vec<&'static Task> = TASKS.iter().collect();
        let task = self.pick(&tasks);
        let call = self.call(task, 2);
        let mut parts = vec![Part::Text(format!("match {call}.await {{"))];
        let mut ended = true;
        let patterns = match task.output {
            Some(kind) if self.rarely(2) => self.patterns(kind),
            Some(Text) => Vec::new(),
            Some(kind) => {
                let name = self.fresh();
                vec![Pattern { code: name.clone(), names: vec![(name, kind)] }]
            }
            None => vec![Pattern { code: "()".into(), names: Vec::new() }],
        };
        let patterns = match task.output {
            // A text is asked with `as_str()`, which the result of a call has not.
            Some(Text) => {
                let name = self.fresh();
                vec![Pattern { code: name.clone(), names: vec![(name, Text)] }]
            }
            _ => patterns,
        };
        for pattern in patterns {
            if self.rarely(5) {
                let guard = self.guarded(&pattern);
                parts.push(Part::Text(format!(" Ok({}){guard} => ", pattern.code)));
                ended &= self.arm(&mut parts, goal, &pattern.names, true);
            }
            parts.push(Part::Text(format!(" Ok({}) => ", pattern.code)));
            ended &= self.arm(&mut parts, goal, &pattern.names, false);
        }
        let variants: &[(&str, &[(&str, Kind)])] = match task.failure {
            Failure::Plain => &[],
            Failure::Pay => &[
                ("PayError::Declined { reason }", &[("reason", Text)]),
                ("PayError::Limit(limit)", &[("limit", Number)]),
                ("PayError::RateLimited | PayError::Slow", &[]),
                ("PayError::Slow", &[]),
            ],
            Failure::Stock => &[
                ("StockError::Short { left, .. }", &[("left", Number)]),
                ("StockError::Short { left, note }", &[("left", Number), ("note", MaybeText)]),
                ("StockError::Empty", &[]),
            ],
        };
        let mut covered = Vec::new();
        for (code, names) in variants {
            let variant = code.split([' ', '(']).next().unwrap_or_default();
            if self.rarely(2)
                || covered.contains(&variant)
                || (*code == "PayError::Slow" && covered.contains(&"PayError::RateLimited"))
            {
                continue;
            }
            covered.push(variant);
            let names: Vec<_> = names.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
            parts.push(Part::Text(format!(" Err({code}) => ")));
            ended &= self.arm(&mut parts, goal, &names, true);
        }
        let passes_on = self.failure == Failure::Plain || self.failure == task.failure;
        if passes_on && self.rarely(2) {
            let error = if self.failure == task.failure { "e" } else { "e.into()" };
            let (mut inner, inner_ended) = self.scoped(|generator| {
                generator.depth += 1;
                generator.bind("e", Bool, false);
                generator.scope.pop();
                let made = match generator.rarely(2) {
                    true => {
                        let mut block = Vec::new();
                        let ended = generator.statements(2, &mut block);
                        (block, ended)
                    }
                    false => (Vec::new(), false),
                };
                generator.depth -= 1;
                made
            });
            let hides = inner
                .iter()
                .any(|statement| texts(std::slice::from_ref(statement)).iter().any(|text| text.starts_with("let e")));
            if !inner_ended && !hides {
                inner.push(Statement::line(match goal {
                    Goal::Result => format!("Err({error})"),
                    _ => format!("return Err({error});"),
                }));
            }
            parts.push(Part::Text(" Err(e) => ".to_owned()));
            parts.push(Part::Block(inner));
        } else {
            parts.push(Part::Text(" Err(_) => ".to_owned()));
            ended &= self.arm(&mut parts, goal, &[], true);
        }
        parts.push(Part::Text(" }".to_owned()));
        block.push(Statement(parts));
        ended
    }

    fn repetition(&mut self, block: &mut Vec<Statement>) {
        if self.targets.iter().filter(|target| target.is_loop).count() >= 2 {
            return self.binding(block);
        }
        let label = self.label();
        let text = label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
        let target = Target { label, is_loop: true, value: None, breaks: true };
        let counter = format!("c{}", self.names);
        self.names += 1;
        let count = 1 + self.below(3);
        let (head, first, names) = match self.below(6) {
            0 => {
                block.push(Statement::line(format!("let mut {counter} = 0u32;")));
                self.bind(&counter, Number, false);
                let condition = self.expression(Bool, 2);
                let awaits = condition.contains(".await");
                let head = match awaits {
                    true => format!("while {counter} < {count}"),
                    false => format!("while {counter} < {count} && {}", self.parenthesized(&condition)),
                };
                (head, Some(Statement::line(format!("{counter} += 1;"))), Vec::new())
            }
            1 => {
                block.push(Statement::line(format!("let mut {counter} = 0usize;")));
                let (kind, item) = self.pick(&[(Lines, "Line { sku, .. }"), (Numbers, "item"), (Texts, "item")]);
                let list = self.leaf(kind);
                let names = match kind {
                    Lines => vec![("sku".to_owned(), Text)],
                    Numbers => vec![("item".to_owned(), Number)],
                    _ => vec![("item".to_owned(), Text)],
                };
                let list = self.parenthesized(&list);
                let head = format!("while let Some({item}) = {list}.get({counter}).cloned()");
                (head, Some(Statement::line(format!("{counter} += 1;"))), names)
            }
            2 => {
                block.push(Statement::line(format!("let mut {counter} = 0u32;")));
                self.bind(&counter, Number, false);
                let first = Statement(vec![
                    Part::Text(format!("{counter} += 1; if {counter} > {count} ")),
                    Part::Block(vec![Statement::line("break;")]),
                ]);
                ("loop".to_owned(), Some(first), Vec::new())
            }
            3 => {
                let name = self.fresh();
                let (start, end) = (self.below(3), self.leaf(Number));
                let limits = self.pick(&["..", "..="]);
                (format!("for {name} in {start}{limits}({end} % 4)"), None, vec![(name, Number)])
            }
            _ => {
                let kind = self.pick(&[Lines, Lines, Numbers, Texts]);
                let list = self.expression(kind, 2);
                let list = self.parenthesized(&list);
                let name = self.fresh();
                match kind {
                    Lines if self.rarely(2) => {
                        let head = format!("for Line {{ sku: {name}, count }} in {list}");
                        (head, None, vec![(name, Text), ("count".to_owned(), Number)])
                    }
                    Lines => (format!("for {name} in {list}"), None, vec![(name, Line)]),
                    Numbers => (format!("for {name} in {list}"), None, vec![(name, Number)]),
                    _ => (format!("for {name} in {list}"), None, vec![(name, Text)]),
                }
            }
        };
        self.targets.push(target);
        let (mut inner, _) = self.scoped(|generator| {
            for (name, kind) in &names {
                generator.bind(name, *kind, false);
            }
            generator.block(4)
        });
        self.targets.pop();
        if let Some(first) = first {
            inner.insert(0, first);
        }
        block.push(Statement(vec![Part::Text(format!("{text}{head} ")), Part::Block(inner)]));
    }

    fn parenthesized(&self, code: &str) -> String {
        if code.contains([' ', '!']) { format!("({code})") } else { code.to_owned() }
    }

    fn label(&mut self) -> Option<String> {
        self.names += 1;
        self.rarely(2).then(|| format!("'l{}", self.names))
    }

    fn call_statement(&mut self, block: &mut Vec<Statement>) {
        let tasks: Vec<&'static Task> =
            TASKS.iter().filter(|task| self.failure == Failure::Plain || task.failure == self.failure).collect();
        if tasks.is_empty() {
            return;
        }
        let task = self.pick(&tasks);
        let call = self.call(task, 2);
        match task.output {
            Some(kind) if !self.rarely(3) => {
                let (name, mutable) = (self.name(), self.rarely(3));
                let keyword = if mutable { "let mut" } else { "let" };
                block.push(Statement::line(format!("{keyword} {name} = {call}.await?;")));
                self.bind(&name, kind, mutable);
            }
            _ => block.push(Statement::line(format!("{call}.await?;"))),
        }
    }

    fn pause(&mut self, block: &mut Vec<Statement>) {
        let text = match self.below(4) {
            0 => format!("sleep(secs(u64::from({} % 100))).await;", self.leaf(Number)),
            1 => "sleep_until(\"2024-01-01T00:00:30Z\".to_string()).await;".to_owned(),
            2 => format!("sleep(minutes({})).await;", 1 + self.below(3)),
            _ => format!("sleep(secs({})).await;", self.below(20)),
        };
        block.push(Statement::line(text));
    }

    fn let_else(&mut self, block: &mut Vec<Statement>) {
        let kind = self.pick(&[MaybeText, MaybeNumber, MaybeLine, Command, Job, Event]);
        let value = self.expression(kind, 2);
        // A brace cannot stand before `else`.
        let value = if value.contains('{') { format!("({value})") } else { value };
        let patterns = self.patterns(kind);
        let pattern = self.any(patterns);
        self.depth += 1;
        let (mut inner, ended) = self.block(1);
        if !ended {
            let escape = self.escape();
            inner.push(Statement::line(escape));
        }
        self.depth -= 1;
        block.push(Statement(vec![
            Part::Text(format!("let {} = {value} else ", parenthesized_alternatives(&pattern.code))),
            Part::Block(inner),
            Part::Text(";".to_owned()),
        ]));
        for (name, kind) in &pattern.names {
            self.bind(name, *kind, false);
        }
    }

    /// A call with a compensation, outside of branches and loops.
    fn undone(&mut self, block: &mut Vec<Statement>) {
        if self.depth > 0 || self.failure == Failure::Stock {
            return self.call_statement(block);
        }
        let (task, kind) = match self.failure {
            Failure::Plain => self.pick(&[("say", Text), ("charge", Text), ("lines_of", Lines), ("stock", Number)]),
            _ => ("charge", Text),
        };
        let task = TASKS.iter().find(|known| known.name == task).expect("the palette has it");
        let call = self.call(task, 2);
        let awaits = std::mem::replace(&mut self.awaits, false);
        let argument = self.scoped(|generator| {
            generator.bind("done", kind, false);
            generator.expression(Text, 2)
        });
        self.awaits = awaits;
        let name = self.name();
        let mutable = self.rarely(3);
        let keyword = if mutable { "let mut" } else { "let" };
        let task = self.pick(&["refund", "say"]);
        block.push(Statement::line(format!("{keyword} {name} = {call}.undo(|done| {task}({argument})).await?;")));
        self.bind(&name, kind, mutable);
    }

    /// A statement behind which nothing comes.
    fn escape(&mut self) -> String {
        if !self.targets.is_empty() && !self.rarely(3) {
            let number = self.below(self.targets.len());
            let target = self.targets[number].clone();
            let innermost = number + 1 == self.targets.len();
            let label = match (&target.label, innermost && target.is_loop) {
                (Some(label), innermost) if !innermost || self.rarely(2) => Some(format!(" {label}")),
                (_, true) => Some(String::new()),
                _ => None,
            };
            if let Some(label) = label {
                if target.is_loop && target.value.is_none() && self.rarely(2) {
                    return format!("continue{label};");
                }
                if let Some(kind) = target.value {
                    return format!("break{label} {};", self.expression(kind, 2));
                }
                if target.breaks {
                    return format!("break{label};");
                }
            }
        }
        match self.below(3) {
            0 => format!("return Ok({});", self.expression(self.output, 2)),
            1 => format!("return Err({});", self.raised()),
            _ => {
                let name = self.pick(&["Stopped", "Odd"]);
                let (first, second) = (self.expression(Text, 1), self.expression(Number, 1));
                format!("fail!(\"{name}\", \"{{}} and {{}}\", {first}, {second});")
            }
        }
    }

    /// What stands in `Err(..)`.
    fn raised(&mut self) -> String {
        let (of, conversion) = match self.failure {
            Failure::Plain => (self.pick(&[Failure::Plain, Failure::Pay, Failure::Stock]), ".into()"),
            own => (own, ""),
        };
        match of {
            Failure::Plain if self.rarely(2) => "Error::new(\"Refused\", \"it is\")".to_owned(),
            Failure::Plain => format!("Error::new(\"Refused\", {})", self.expression(Text, 1)),
            Failure::Pay => match self.below(3) {
                0 => format!("PayError::Declined {{ reason: {} }}{conversion}", self.expression(Text, 1)),
                1 => format!("PayError::Limit({}){conversion}", self.expression(Number, 1)),
                _ => format!("PayError::RateLimited{conversion}"),
            },
            Failure::Stock => match self.below(2) {
                0 => format!("StockError::Empty{conversion}"),
                _ => format!(
                    "StockError::Short {{ left: {}, note: {} }}{conversion}",
                    self.expression(Number, 1),
                    self.expression(MaybeText, 1)
                ),
            },
        }
    }

    /// The last expression of the workflow.
    pub(super) fn result(&mut self) -> Statement {
        if self.budget > 2 {
            let mut block = Vec::new();
            match self.below(8) {
                0 => drop(self.branches(&mut block, Goal::Result)),
                1 => drop(self.choice(&mut block, Goal::Result)),
                2 => drop(self.outcome(&mut block, Goal::Result)),
                _ => {}
            }
            if let Some(statement) = block.pop() {
                return statement;
            }
        }
        let task = TASKS.iter().find(|task| task.output == Some(self.output) && task.failure == self.failure);
        match (self.below(6), task) {
            (0, _) => Statement::line(format!("Err({})", self.raised())),
            (1 | 2, Some(task)) => {
                let call = self.call(task, 2);
                Statement::line(format!("{call}.await"))
            }
            _ => {
                let mut parts = self.value(self.output);
                parts.insert(0, Part::Text("Ok(".to_owned()));
                parts.push(Part::Text(")".to_owned()));
                Statement(parts)
            }
        }
    }

    /// A name that nothing else has.
    fn fresh(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }
}

/// `(a | b)`, as `let` wants alternatives.
fn parenthesized_alternatives(pattern: &str) -> String {
    if pattern.contains('|') { format!("({pattern})") } else { pattern.to_owned() }
}

/// The texts of statements.
fn texts(block: &[Statement]) -> Vec<String> {
    let mut found = Vec::new();
    for part in block.iter().flat_map(|statement| &statement.0) {
        match part {
            Part::Text(text) => found.push(text.clone()),
            Part::Block(inner) => found.extend(texts(inner)),
        }
    }
    found
}
