//! Random definitions of state machines: right more often than not, with all states in both languages.

use super::random::Random;
use super::text::json;

const PATHS: [&str; 16] = [
    "$",
    "$.a",
    "$.b.c",
    "$.items",
    "$.items[0]",
    "$.missing",
    "$$.Execution.Id",
    "$$.State.Name",
    "$v",
    "$w.x",
    "$.a[*].b",
    "$..a",
    "$.items[?(@.a > 1)]",
    "$.items[1:3]",
    "$['a b']",
    "$$.Task.Token",
];
const REFERENCES: [&str; 6] = ["$", "$.a", "$.b.c", "$.items[0]", "$.new.one", "$.x"];
const INTRINSICS: [&str; 10] = [
    "States.Array($.a, 1)",
    "States.Format('{} {}', $.a, 'x')",
    "States.MathAdd($.a, 1)",
    "States.UUID()",
    "States.ArrayRange(0, 5, 2)",
    "States.JsonToString($)",
    "States.StringSplit('a,b', ',')",
    "States.ArrayGetItem($.items, 9)",
    "States.Hash($.a, 'MD5')",
    "States.ArrayLength($.a)",
];
pub(crate) const EXPRESSIONS: [&str; 23] = [
    "$states.input",
    "$states.input.a",
    "$states.input.missing",
    "$states.context.Execution.Id",
    "$v",
    "$w.x",
    "1 / 0",
    "$sum([1, 2, $states.input.a])",
    "[1..4]",
    "{'a': $states.input, 'b': [1]}",
    "$error('gone')",
    "$states.input.a > 1",
    "$exists($v)",
    "$map([1, 2], function($x){ $x * 2 })",
    "$uuid()",
    "$random()",
    "$states.result",
    "true",
    "'text'",
    "$now()",
    "$parse('{\\\"a\\\":1}')",
    "$count($states.input.items) = 2",
    "$states.context.Map.Item.Value",
];
const ERRORS: [&str; 8] = [
    "States.ALL",
    "States.TaskFailed",
    "States.Timeout",
    "States.Runtime",
    "Boom",
    "States.QueryEvaluationError",
    "States.HeartbeatTimeout",
    "State.ALL",
];

/// What is being written.
struct Writer<'r> {
    random: &'r mut Random,
    /// Names given so far.
    names: usize,
    /// States that may still be written.
    room: usize,
    /// Wrong values are drawn now and then.
    wild: bool,
    jsonata: bool,
}

/// A definition; a wild one has values now and then that no field takes.
pub(crate) fn definition(random: &mut Random, wild: bool) -> String {
    let jsonata = random.once_in(2);
    let room = 2 + random.below(14);
    let mut writer = Writer { random, names: 0, room, wild, jsonata };
    let mut fields = Vec::new();
    if jsonata {
        fields.push(r#""QueryLanguage":"JSONata""#.to_owned());
    }
    if writer.random.once_in(6) {
        fields.push(format!(r#""TimeoutSeconds":{}"#, 1 + writer.random.below(50)));
    }
    fields.extend(writer.scope(3));
    format!("{{{}}}", fields.join(","))
}

impl Writer<'_> {
    /// `StartAt` and `States`.
    fn scope(&mut self, depth: usize) -> [String; 2] {
        let count = (1 + self.random.below(5)).min(self.room.max(1));
        self.room = self.room.saturating_sub(count);
        let first = self.names;
        self.names += count;
        let names: Vec<String> = (first..first + count).map(|number| format!("s{number}")).collect();
        let states: Vec<String> =
            (0..count).map(|at| format!(r#""{}":{{{}}}"#, names[at], self.state(&names, at, depth))).collect();
        [format!(r#""StartAt":"{}""#, names[0]), format!(r#""States":{{{}}}"#, states.join(","))]
    }

    fn state(&mut self, names: &[String], at: usize, depth: usize) -> String {
        let is_last = at + 1 == names.len();
        let jsonata = self.jsonata || self.random.once_in(3);
        let mut fields = Vec::new();
        if jsonata && !self.jsonata {
            fields.push(r#""QueryLanguage":"JSONata""#.to_owned());
        }
        let next = match is_last {
            true => r#""End":true"#.to_owned(),
            false => format!(r#""Next":"{}""#, names[at + 1]),
        };
        let kind = match self.random.below(16) {
            0 if is_last => "Succeed",
            1 if is_last => "Fail",
            2 | 3 if depth > 0 && self.room > 0 => "Parallel",
            4..=6 if depth > 0 && self.room > 0 => "Map",
            7 | 8 if !is_last => "Choice",
            9 | 10 => "Wait",
            11..=14 => "Task",
            _ => "Pass",
        };
        fields.push(format!(r#""Type":"{kind}""#));
        match kind {
            "Fail" => {
                fields.push(match (self.wild, jsonata) {
                    (true, _) => format!(r#""Error":{}"#, self.value(jsonata)),
                    (false, true) => r#""Error":"{% $string($states.input.a) %}""#.to_owned(),
                    (false, false) => r#""ErrorPath":"$.s""#.to_owned(),
                });
                if self.random.once_in(2) {
                    fields.push(r#""Cause":"c""#.to_owned());
                }
                return self.strange(fields);
            }
            "Succeed" => {}
            "Choice" => self.choice(names, at, jsonata, &mut fields),
            "Wait" => fields.push(match self.random.below(4) {
                0 if !jsonata => r#""SecondsPath":"$.a""#.to_owned(),
                0 => r#""Seconds":"{% $states.input.a %}""#.to_owned(),
                1 => r#""Timestamp":"2023-11-14T22:13:30Z""#.to_owned(),
                _ => format!(r#""Seconds":{}"#, self.random.below(5)),
            }),
            "Task" => self.task(jsonata, &mut fields),
            "Parallel" => {
                let branches: Vec<String> =
                    (0..=self.random.below(3)).map(|_| format!("{{{}}}", self.scope(depth - 1).join(","))).collect();
                fields.push(format!(r#""Branches":[{}]"#, branches.join(",")));
            }
            "Map" => self.map(jsonata, depth, &mut fields),
            _ if !jsonata && self.random.once_in(2) => fields.push(format!(r#""Result":{}"#, json(self.random, 2))),
            _ => {}
        }
        if !matches!(kind, "Choice" | "Succeed") {
            fields.push(next);
        }
        if matches!(kind, "Task" | "Parallel" | "Map") {
            self.handlers(names, jsonata, &mut fields);
        }
        self.flow(kind, jsonata, &mut fields);
        self.strange(fields)
    }

    fn flow(&mut self, kind: &str, jsonata: bool, fields: &mut Vec<String>) {
        if jsonata {
            if self.random.once_in(3) {
                fields.push(format!(r#""Output":{}"#, self.value(true)));
            }
            if matches!(kind, "Task" | "Parallel") && self.random.once_in(3) {
                fields.push(format!(r#""Arguments":{}"#, self.value(true)));
            }
        } else {
            let result = matches!(kind, "Task" | "Parallel" | "Map" | "Pass");
            if self.random.once_in(5) {
                fields.push(format!(r#""InputPath":"{}""#, self.random.pick(&PATHS)));
            }
            if self.random.once_in(5) {
                fields.push(format!(r#""OutputPath":"{}""#, self.random.pick(&PATHS)));
            }
            if result && self.random.once_in(3) {
                fields.push(format!(r#""ResultPath":"{}""#, self.random.pick(&REFERENCES)));
            }
            if matches!(kind, "Task" | "Parallel" | "Pass") && self.random.once_in(3) {
                fields.push(format!(r#""Parameters":{}"#, self.value(false)));
            }
            if matches!(kind, "Task" | "Parallel" | "Map") && self.random.once_in(5) {
                fields.push(format!(r#""ResultSelector":{{"r.$":"{}"}}"#, self.random.pick(&PATHS)));
            }
        }
        if !matches!(kind, "Succeed") && self.random.once_in(4) {
            fields.push(format!(r#""Assign":{}"#, self.assign(jsonata)));
        }
    }

    fn assign(&mut self, jsonata: bool) -> String {
        let name = self.random.pick(&["v", "w", "u"]);
        match jsonata {
            true => format!(r#"{{"{name}":{}}}"#, self.value(true)),
            false => format!(r#"{{"{name}.$":"{}"}}"#, self.random.pick(&PATHS)),
        }
    }

    /// A value with expressions of the language in it.
    fn value(&mut self, jsonata: bool) -> String {
        if jsonata {
            let expression = self.random.pick(&EXPRESSIONS);
            return match self.random.below(3) {
                0 => format!(r#"{{"k":"{{% {expression} %}}","l":{}}}"#, json(self.random, 1)),
                1 => format!(r#"["{{% {expression} %}}"]"#),
                _ => format!(r#""{{% {expression} %}}""#),
            };
        }
        match self.random.below(3) {
            0 => format!(r#"{{"k.$":"{}"}}"#, self.random.pick(&PATHS)),
            1 => format!(r#"{{"k.$":"{}","l":"x"}}"#, self.random.pick(&INTRINSICS)),
            _ => r#""text""#.to_owned(),
        }
    }

    fn choice(&mut self, names: &[String], at: usize, jsonata: bool, fields: &mut Vec<String>) {
        // Mostly on; back now and then, which makes a loop.
        let target = |writer: &mut Self| match writer.random.once_in(5) {
            true => names[writer.random.below(names.len())].clone(),
            false => names[at + 1 + writer.random.below(names.len() - at - 1)].clone(),
        };
        let rules: Vec<String> = (0..=self.random.below(3))
            .map(|_| {
                let next = target(self);
                if jsonata {
                    let condition = self.random.pick(&[
                        "$states.input.a > 1",
                        "$states.input.a = 'x'",
                        "true",
                        "$exists($v)",
                        "$states.input",
                        "$random() < 0.5",
                    ]);
                    return format!(r#"{{"Condition":"{{% {condition} %}}","Next":"{next}"}}"#);
                }
                let test = self.random.pick(&[
                    r#""Variable":"$.a","NumericGreaterThan":1"#,
                    r#""Variable":"$.a","IsPresent":true"#,
                    r#""Variable":"$.a","StringEquals":"x""#,
                    r#""Variable":"$v","IsNull":false"#,
                    r#""Variable":"$.a","NumericEqualsPath":"$.b""#,
                    r#""Not":{"Variable":"$.a","IsString":true}"#,
                    r#""And":[{"Variable":"$.a","IsPresent":true},{"Variable":"$.a","NumericLessThan":3}]"#,
                    r#""Variable":"$.s","StringMatches":"a*b""#,
                ]);
                format!(r#"{{{test},"Next":"{next}"}}"#)
            })
            .collect();
        fields.push(format!(r#""Choices":[{}]"#, rules.join(",")));
        // The next state is reached this way at least.
        fields.push(format!(r#""Default":"{}""#, names[at + 1]));
    }

    fn task(&mut self, jsonata: bool, fields: &mut Vec<String>) {
        let resource = self.random.pick(&[
            "arn:aws:states:::lambda:invoke",
            "arn:aws:states:::lambda:invoke",
            "arn:aws:lambda:us-east-1:111111111111:function:f",
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "arn:aws:states:us-east-1:111111111111:activity:a",
            "arn:aws:states:::states:startExecution.sync:2",
        ]);
        fields.push(format!(r#""Resource":"{resource}""#));
        match self.random.below(5) {
            0 => fields.push(format!(r#""TimeoutSeconds":{},"HeartbeatSeconds":1"#, 2 + self.random.below(5))),
            1 => fields.push(format!(r#""TimeoutSeconds":{}"#, 1 + self.random.below(5))),
            2 if !jsonata => fields.push(r#""TimeoutSecondsPath":"$.a""#.to_owned()),
            2 => fields.push(r#""TimeoutSeconds":"{% $states.input.a %}""#.to_owned()),
            _ => {}
        }
    }

    fn map(&mut self, jsonata: bool, depth: usize, fields: &mut Vec<String>) {
        let distributed = self.random.once_in(3);
        let config = match (distributed, self.random.once_in(2)) {
            (true, true) => r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"#,
            (true, false) => r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"#,
            (false, _) => "",
        };
        let scope = self.scope(depth - 1).join(",");
        fields.push(format!(r#""ItemProcessor":{{{config}{scope}}}"#));
        match jsonata {
            true => fields.push(format!(
                r#""Items":{}"#,
                self.random.pick(&[
                    "[1,2,3]",
                    "[]",
                    r#""{% [1..4] %}""#,
                    r#"{"a":1,"b":[2]}"#,
                    r#""{% $states.input.items %}""#,
                    r#""{% $states.input %}""#
                ])
            )),
            false => fields.push(format!(
                r#""ItemsPath":"{}""#,
                self.random.pick(&["$", "$.items", "$.missing", "$$.Execution.Input", "$v"])
            )),
        }
        if self.random.once_in(2) {
            fields.push(format!(r#""MaxConcurrency":{}"#, self.random.below(4)));
        }
        if self.random.once_in(3) {
            fields.push(format!(r#""ToleratedFailurePercentage":{}"#, self.random.below(101)));
        }
        if self.random.once_in(3) {
            let selector = match jsonata {
                true => r#"{"i":"{% $states.context.Map.Item.Index %}","v":"{% $states.context.Map.Item.Value %}"}"#,
                false => r#"{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"}"#,
            };
            fields.push(format!(r#""ItemSelector":{selector}"#));
        }
        if distributed && self.random.once_in(3) {
            fields.push(r#""ItemBatcher":{"MaxItemsPerBatch":2}"#.to_owned());
        }
        if distributed && self.random.once_in(4) {
            fields.push(format!(
                r#""ResultWriter":{{"WriterConfig":{{"Transformation":"{}"}}}}"#,
                self.random.pick(&["NONE", "COMPACT", "FLATTEN"])
            ));
        }
    }

    fn handlers(&mut self, names: &[String], jsonata: bool, fields: &mut Vec<String>) {
        if self.random.once_in(3) {
            let error = self.random.pick(&ERRORS);
            let (interval, attempts) = (1 + self.random.below(3), self.random.below(4));
            fields.push(format!(r#""Retry":[{{"ErrorEquals":["{error}"],"IntervalSeconds":{interval},"MaxAttempts":{attempts},"JitterStrategy":"FULL"}}]"#));
        }
        if self.random.once_in(2) {
            let error = self.random.pick(&ERRORS);
            let next = &names[self.random.below(names.len())];
            let more = match (jsonata, self.random.below(4)) {
                (true, 0) => r#","Output":"{% $states.errorOutput %}""#.to_owned(),
                (true, 1) => format!(r#","Assign":{}"#, self.assign(true)),
                (false, 0) => r#","ResultPath":"$.error""#.to_owned(),
                (false, 1) => format!(r#","Assign":{}"#, self.assign(false)),
                _ => String::new(),
            };
            fields.push(format!(r#""Catch":[{{"ErrorEquals":["{error}"],"Next":"{next}"{more}}}]"#));
        }
    }

    /// The fields, with one now and then that has no business there.
    fn strange(&mut self, mut fields: Vec<String>) -> String {
        if self.wild && self.random.once_in(3) {
            let key = self.random.pick(&[
                "Next",
                "End",
                "Type",
                "Retry",
                "Catch",
                "Choices",
                "Seconds",
                "Branches",
                "ItemProcessor",
                "Iterator",
                "Assign",
                "Output",
                "Parameters",
                "Arguments",
                "Items",
                "MaxConcurrency",
                "ItemReader",
                "ResultWriter",
                "ItemBatcher",
                "Credentials",
                "Label",
                "QueryLanguage",
                "Comment",
                "Colour",
                "TimeoutSeconds",
                "Timestamp",
            ]);
            let value = match self.random.below(4) {
                0 => self.value(true),
                1 => self.value(false),
                _ => json(self.random, 3),
            };
            fields.push(format!(r#""{key}":{value}"#));
        }
        fields.join(",")
    }
}
