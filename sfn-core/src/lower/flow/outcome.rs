//! What becomes of the result of a call: `match` on it, `if let`, `let else`, `.ok()`. Its errors become catchers.

use sfn_asl::Value;

use super::control::{Bindings, Goal, Selected, labelled};
use super::pattern::Test;
use super::{ALL_ERRORS, Builder, Call, NOWHERE, Slot, Step, Typed};
use crate::data::{Field, Schema, Step as Place, Structure, jsonata};
use crate::lower::DefinitionError;
use crate::lower::expression::{Expression, Missing, Variable};
use crate::lower::syntax::{self, Arm, Control, Pattern, Raised};
use crate::task::{EffectDescription, ErrorFields, ErrorSchema, ErrorVariant};

/// A step whose outcome is looked at.
struct Called {
    step: usize,
    result: Variable,
    output: Schema,
    /// The type of the output, or nothing where it failed.
    recovered: Schema,
    error: ErrorSchema,
    /// False where a service answers, whatever it is.
    is_function: bool,
}

/// Only a task with a heartbeat fails so.
const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";

/// What is asked of the result of a call: an arm of `match`, or what `if let` looks for.
#[derive(Clone, Copy)]
struct Question<'a> {
    pub(super) pattern: &'a Pattern,
    pub(super) guard: Option<&'static syntax::Expression>,
    /// Only passes the error on.
    pub(super) is_identity: bool,
}

/// A question about the error.
#[derive(Clone, Copy)]
struct ErrorQuestion<'a> {
    /// Its index among all questions.
    index: usize,
    /// What is asked of the error itself.
    pattern: &'a Pattern,
    guard: Option<&'static syntax::Expression>,
    is_identity: bool,
}

/// What may have been caught.
#[derive(Clone, Copy)]
enum Class<'a> {
    Variant(&'a ErrorVariant),
    /// What is no variant that is asked for.
    Other,
}

/// Where each question is answered with yes, and what it binds there.
struct Answers {
    ways: Vec<Vec<Slot>>,
    bindings: Vec<Bindings>,
    /// Errors that are passed on.
    passed_on: Vec<Slot>,
    /// A value of no known variant.
    unknown: Option<(Slot, String)>,
    caught: Variable,
    value: Typed,
}

impl Builder<'_> {
    /// `match task(..).await { .. }`
    pub(super) fn outcome(
        &mut self,
        site: usize,
        effect: &syntax::Effect,
        arms: &[Arm],
        goal: Goal,
    ) -> Result<Option<Schema>, DefinitionError> {
        let questions: Vec<Question<'_>> = arms
            .iter()
            .map(|arm| Question { pattern: &arm.pattern, guard: arm.guard, is_identity: is_identity(arm, goal) })
            .collect();
        let mut answers = self.asked(site, effect, &questions)?;
        let mut schema = None;
        let mut done = Vec::new();
        for (index, arm) in arms.iter().enumerate() {
            if questions[index].is_identity {
                continue;
            }
            self.answer(&mut answers, index);
            schema = self.reach(arm.body, goal)?.or(schema);
            done.append(&mut self.open);
        }
        self.unanswered(answers);
        self.open = done;
        Ok(schema)
    }

    /// `let pattern = call.await` in a condition: what comes next is where it matches, the edges are where it does not.
    pub(super) fn ask_outcome(
        &mut self,
        site: usize,
        effect: &syntax::Effect,
        pattern: &Pattern,
    ) -> Result<Vec<Slot>, DefinitionError> {
        let question = |pattern| Question { pattern, guard: None, is_identity: false };
        let mut answers = self.asked(site, effect, &[question(pattern), question(&Pattern::Any)])?;
        let missed = std::mem::take(&mut answers.ways[1]);
        self.answer(&mut answers, 0);
        Ok(missed)
    }

    /// Goes on where a question is answered with yes.
    fn answer(&mut self, answers: &mut Answers, index: usize) {
        self.open = std::mem::take(&mut answers.ways[index]);
        for (binding, typed) in std::mem::take(&mut answers.bindings[index]) {
            let assigned = self.function.assigned.contains(&binding.local);
            let typed =
                if !assigned && self.is_lasting(&typed.expression) { typed } else { self.keep(binding.name, typed) };
            self.bind(binding, typed);
        }
    }

    /// Calls a task and asks the questions of its result, in order; what nothing answers is passed on.
    fn asked(
        &mut self,
        site: usize,
        effect: &syntax::Effect,
        questions: &[Question<'_>],
    ) -> Result<Answers, DefinitionError> {
        let Called { step, result, output, error, is_function, .. } = self.called(site, effect)?;
        let mut of_values = Vec::new();
        let mut of_errors = Vec::new();
        for (index, question) in questions.iter().enumerate() {
            self.sort_question(index, question.pattern, *question, &mut of_values, &mut of_errors)?;
        }
        let success = std::mem::take(&mut self.open);
        let caught = self.variable("err");
        let value = super::returned(result, output, is_function);
        let mut answers = Answers {
            ways: vec![Vec::new(); questions.len()],
            bindings: vec![Vec::new(); questions.len()],
            passed_on: Vec::new(),
            unknown: None,
            caught,
            value,
        };
        // The catchers are made first, in the order of the questions; what takes all errors comes last.
        let classes = self.classes(&of_errors, &error);
        let has_heartbeat = self.has_heartbeat(step);
        let mut entries = Vec::new();
        for variant in classes {
            let of_variant = self.questions_of(Class::Variant(variant), &of_errors, &error);
            let names = variant.errors.iter().copied();
            let errors: Vec<&'static str> =
                names.filter(|name| *name != HEARTBEAT_TIMEOUT || has_heartbeat || variant.errors.len() == 1).collect();
            let slot = self.catch(step, errors, Some(caught));
            entries.push((variant, of_variant, slot));
        }
        let of_others = self.questions_of(Class::Other, &of_errors, &error);
        let mut others = match of_others.first() {
            None => None,
            Some(first) if first.is_identity => None,
            Some(_) => Some(self.catch(step, vec![ALL_ERRORS], Some(caught))),
        };
        if others.is_none() {
            self.fails_to_undo(step);
        }
        self.open = success;
        if let [(_, Pattern::Name { binding, inner: None }, _)] = &of_values[..] {
            self.variables[result.0] = binding.name.to_owned();
        }
        let label = self.variables[result.0].clone();
        let (indexes, arms): (Vec<usize>, Vec<(Pattern, Option<&'static syntax::Expression>)>) =
            of_values.into_iter().map(|(index, pattern, guard)| (index, (pattern, guard))).unzip();
        let Selected { ways, unknown } = self.select(&label, &answers.value, &arms)?;
        answers.unknown = unknown;
        for (index, (way, bindings)) in indexes.into_iter().zip(ways) {
            answers.ways[index].extend(way);
            answers.bindings[index].extend(bindings);
        }
        // What has the name of a variant but not its fields is some other error.
        let mut other: Vec<Slot> = Vec::new();
        for (variant, questions, slot) in entries {
            let (slots, fields) = self.fields(variant, &questions, slot, caught, &mut other)?;
            self.offer(variant.name, &questions, slots, Some((variant, fields)), caught, &mut answers, &mut other)?;
        }
        other.extend(others.take());
        if !other.is_empty() {
            let mut unanswered = Vec::new();
            self.offer("err", &of_others, other, None, caught, &mut answers, &mut unanswered)?;
            answers.passed_on.extend(unanswered);
        }
        self.open = Vec::new();
        Ok(answers)
    }

    /// Ends the machine where no question was answered with yes.
    fn unanswered(&mut self, answers: Answers) {
        self.fits_no_pattern(answers.unknown, &answers.value);
        if !answers.passed_on.is_empty() {
            self.open = answers.passed_on;
            self.rethrow(answers.caught);
        }
        self.open = Vec::new();
    }

    /// Sorts a question by what it is asked of.
    fn sort_question<'a>(
        &self,
        index: usize,
        pattern: &'a Pattern,
        question: Question<'a>,
        of_values: &mut Vec<(usize, Pattern, Option<&'static syntax::Expression>)>,
        of_errors: &mut Vec<ErrorQuestion<'a>>,
    ) -> Result<(), DefinitionError> {
        let Question { guard, is_identity, .. } = question;
        match pattern {
            Pattern::Items { name: "Ok", items: [value], .. } => of_values.push((index, *value, guard)),
            Pattern::Items { name: "Err", items: [error], .. } => {
                of_errors.push(ErrorQuestion { index, pattern: error, guard, is_identity });
            }
            Pattern::Any => {
                of_values.push((index, Pattern::Any, guard));
                of_errors.push(ErrorQuestion { index, pattern, guard, is_identity });
            }
            Pattern::Or(alternatives) => {
                for alternative in *alternatives {
                    self.sort_question(index, alternative, question, of_values, of_errors)?;
                }
            }
            _ => return Err(self.unexpected("an arm for a result that is neither `Ok` nor `Err`")),
        }
        Ok(())
    }

    /// The variants that have a catcher of their own, in the order of the questions.
    fn classes<'a>(&self, questions: &[ErrorQuestion<'_>], error: &'a ErrorSchema) -> Vec<&'a ErrorVariant> {
        let variants = &error.variants;
        let mut found: Vec<&ErrorVariant> = Vec::new();
        let asked = questions.iter().flat_map(|question| names(question.pattern));
        for name in asked {
            let variant = variants.iter().find(|variant| variant.name == name);
            if let Some(variant) = variant.filter(|variant| !found.iter().any(|known| known.name == variant.name)) {
                found.push(variant);
            }
        }
        // A question about other errors alone is not asked of a variant.
        let asks_others = questions.iter().any(|question| asks_others(question.pattern, error));
        if asks_others {
            for variant in variants {
                if !found.iter().any(|known| known.name == variant.name) {
                    found.push(variant);
                }
            }
        }
        found
    }

    /// The questions that an error of the class may answer with yes.
    fn questions_of<'a>(
        &self,
        class: Class<'_>,
        questions: &[ErrorQuestion<'a>],
        error: &ErrorSchema,
    ) -> Vec<ErrorQuestion<'a>> {
        let known = |name: &str| error.variants.iter().any(|variant| variant.name == name);
        let asked = |question: &&ErrorQuestion<'a>| {
            let mut names = names(question.pattern);
            let of_all = match question.pattern {
                Pattern::Any | Pattern::Name { .. } => true,
                // The fields of an error that is no enum.
                Pattern::Fields { name, .. } => !known(name),
                _ => false,
            };
            of_all
                || match class {
                    Class::Variant(variant) => names.contains(&variant.name),
                    Class::Other => !names.is_empty() && names.drain(..).all(|name| !known(name)),
                }
        };
        questions.iter().filter(asked).copied().collect()
    }

    fn has_heartbeat(&self, step: usize) -> bool {
        matches!(self.steps.get(step), Some(Step::Task { call, .. }) if call.task.heartbeat_seconds.is_some())
    }

    /// Asks what was caught; what no question answers goes to `unanswered`.
    #[expect(clippy::too_many_arguments, reason = "all of it is one question after the other")]
    fn offer(
        &mut self,
        label: &str,
        questions: &[ErrorQuestion<'_>],
        slots: Vec<Slot>,
        variant: Option<(&ErrorVariant, Option<Variable>)>,
        caught: Variable,
        answers: &mut Answers,
        unanswered: &mut Vec<Slot>,
    ) -> Result<(), DefinitionError> {
        let error = Typed { expression: Expression::Variable(caught), schema: error_schema() };
        let mut conditions = Vec::new();
        let mut certain = None;
        for question in questions {
            let test = match (question.pattern, variant) {
                (Pattern::Name { binding, .. }, _) => {
                    self.errors.insert(binding.local, caught);
                    self.test(question.pattern, &error)?
                }
                (Pattern::Items { items: [Pattern::Name { binding, .. }], .. }, None) => {
                    self.errors.insert(binding.local, caught);
                    self.test(&Pattern::Name { binding: *binding, inner: None }, &error)?
                }
                (Pattern::Items { items: [inner], .. }, None) => self.test(inner, &error)?,
                (Pattern::Fields { .. }, None) => self.test(question.pattern, &error)?,
                (pattern, Some((variant, Some(fields)))) => self.fields_test(pattern, variant, fields)?,
                _ => Test::default(),
            };
            let mut condition = test.condition();
            for (binding, typed) in &test.bindings {
                self.bind(*binding, typed.clone());
            }
            if let Some(guard) = question.guard {
                let guard = self.value(guard, None)?.expression;
                condition = Some(match condition {
                    Some(condition) => Expression::and(condition, guard),
                    None => guard,
                });
            }
            answers.bindings[question.index] = test.bindings;
            match condition {
                Some(condition) => conditions.push((question.index, condition)),
                None => {
                    certain = Some(question);
                    break;
                }
            }
        }
        let mut left = slots;
        if !conditions.is_empty() {
            self.open = left;
            let (indexes, conditions): (Vec<usize>, Vec<Expression>) = conditions.into_iter().unzip();
            let step = self.choose(&labelled("match", label), conditions);
            for (rule, index) in indexes.into_iter().enumerate() {
                answers.ways[index].push(Slot::Rule(step, rule));
            }
            left = vec![Slot::Default(step)];
        }
        match certain {
            Some(question) if question.is_identity => answers.passed_on.extend(left),
            Some(question) => answers.ways[question.index].extend(left),
            None => unanswered.extend(left),
        }
        Ok(())
    }

    /// What a pattern asks of the fields of a variant.
    fn fields_test(
        &self,
        pattern: &Pattern,
        variant: &ErrorVariant,
        fields: Variable,
    ) -> Result<Test, DefinitionError> {
        let expression = Expression::Variable(fields);
        match (pattern, &variant.fields) {
            (Pattern::Items { items: [item], .. }, ErrorFields::Whole(schema)) => {
                self.test(item, &Typed { expression, schema: schema() })
            }
            (Pattern::Fields { .. }, ErrorFields::Named(structure)) => {
                self.test(pattern, &Typed { expression, schema: Schema::Structure(structure.clone()) })
            }
            _ => Ok(Test::default()),
        }
    }

    /// `call.await.ok()`: any error is `None`.
    pub(super) fn recovered(&mut self, call: &syntax::Expression) -> Result<Typed, DefinitionError> {
        let syntax::Expression::Await { site, effect } = call else {
            return Err(self.unexpected("an `.ok()` of no call"));
        };
        let Called { step, result, recovered, .. } = self.called(*site, effect)?;
        let failed = self.catch(step, vec![ALL_ERRORS], None);
        let success = std::mem::replace(&mut self.open, vec![failed]);
        let value = Expression::null();
        self.push(Step::Assign { variable: result, value, next: NOWHERE });
        self.open.extend(success);
        Ok(Typed { expression: Expression::Variable(result), schema: recovered })
    }

    fn called(&mut self, site: usize, effect: &syntax::Effect) -> Result<Called, DefinitionError> {
        let arguments = match effect {
            syntax::Effect::Call { arguments, .. } => *arguments,
            _ => {
                let (step, result, output) = self.branches(site, effect, None, true)?;
                let recovered = self.witness.recovered_at(site).cloned();
                let recovered = recovered.ok_or_else(|| self.unexpected("branches that nobody witnessed"))?;
                let error = Self::branches_error();
                return Ok(Called { step, result, output, recovered, error, is_function: true });
            }
        };
        let name = self.name.take();
        let description =
            self.witness.effect_at(site).cloned().ok_or_else(|| self.unexpected("an effect that nobody witnessed"))?;
        let task = self.with_settings(site, description.task.clone());
        let payload = self.payload(&task, arguments)?;
        let payload = self.before_catch(payload);
        let named = value_name(&description.output).unwrap_or_else(|| task.name.to_owned());
        let result = self.variable(&named);
        self.name = name;
        let is_function = task.resource.is_function();
        let call = Box::new(Call { task, payload, undoes: None });
        let step = self.push(Step::Task { call, result, catch: Vec::new(), next: NOWHERE });
        let EffectDescription { output, recovered, error, .. } = description;
        Ok(Called { step, result, output, recovered, error, is_function })
    }

    /// Tests the shape of a variant's fields and parses them, where a question looks at them; what is not of the shape goes
    /// to `other`.
    fn fields(
        &mut self,
        variant: &ErrorVariant,
        questions: &[ErrorQuestion<'_>],
        slot: Slot,
        caught: Variable,
        other: &mut Vec<Slot>,
    ) -> Result<(Vec<Slot>, Option<Variable>), DefinitionError> {
        let (shape, checks) = match &variant.fields {
            ErrorFields::None => return Ok((vec![slot], None)),
            ErrorFields::Whole(schema) => (first_character(&schema()), Vec::new()),
            ErrorFields::Named(structure) => {
                let checks = structure.fields.iter().filter_map(|field| {
                    let kind = type_name(&(field.schema)())?;
                    Some((jsonata::path("", &[Place::Member(field.wire)]), kind))
                });
                ("\\{", checks.collect())
            }
        };
        let cause = || Expression::Member {
            base: Box::new(Expression::Variable(caught)),
            key: "Cause".to_owned(),
            missing: Missing::Never,
        };
        // The fields are the text of `errorMessage` in the envelope of Lambda, or the cause itself.
        let envelope = "$c := ~; $o := $contains($c, /^\\s*\\{/) ? $parse($c)";
        let message = "$type($o.errorMessage) = \"string\" ? $o.errorMessage : $c";
        let has_shape = format!("$contains($m, /^\\s*{shape}/)");
        let test = match &checks[..] {
            [] => format!("({envelope}; $m := {message}; {has_shape} ? true : false)"),
            [(path, kind)] => {
                format!("({envelope}; $m := {message}; {has_shape} ? $type($parse($m){path}) = \"{kind}\" : false)")
            }
            several => {
                let each: Vec<String> =
                    several.iter().map(|(path, kind)| format!("$type($p{path}) = \"{kind}\"")).collect();
                let each = each.join(" and ");
                format!("({envelope}; $m := {message}; {has_shape} ? ($p := $parse($m); {each}) : false)")
            }
        };
        self.open = vec![slot];
        let choice = self.choose(&format!("is {}", variant.name), vec![Expression::atom(&test, [cause()]).failing()]);
        other.push(Slot::Default(choice));
        self.open = vec![Slot::Rule(choice, 0)];
        let fields = self.variable("fields");
        let mut looked_at = false;
        for question in questions {
            let test = self.fields_test(question.pattern, variant, fields)?;
            looked_at |= test.condition().is_some() || !test.bindings.is_empty();
        }
        if looked_at {
            self.numbers.causes += 1;
            self.variables[fields.0] = format!("c{}", self.numbers.causes);
            let value = Expression::atom(&format!("({envelope}; $parse({message}))"), [cause()]).failing();
            self.push(Step::Assign { variable: fields, value, next: NOWHERE });
        }
        Ok((std::mem::take(&mut self.open), Some(fields)))
    }
}

/// True for `Enum::Other(e)`.
fn asks_others(pattern: &Pattern, error: &ErrorSchema) -> bool {
    match pattern {
        Pattern::Items { name, .. } => !error.variants.iter().any(|variant| variant.name == *name),
        _ => false,
    }
}

/// The variants that a pattern asks for by name.
fn names(pattern: &Pattern) -> Vec<&'static str> {
    match pattern {
        Pattern::Path { name } | Pattern::Items { name, .. } | Pattern::Fields { name, .. } => vec![name],
        Pattern::Or(alternatives) => alternatives.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

/// An error as a body reads it: `e.error`, `e.cause`.
fn error_schema() -> Schema {
    let text: fn() -> Schema = || Schema::String;
    let field =
        |name, wire, default| Field { name, wire, schema: text, default, skipped_if_none: false, flattened: false };
    let nothing: fn() -> Option<Value> = || Some(Value::from(""));
    Schema::Structure(Structure {
        name: "Error",
        fields: vec![field("error", "Error", None), field("cause", "Cause", Some(nothing))],
        closed: false,
    })
}

/// What a value of the type is called: `decision` for a `Decision`.
fn value_name(schema: &Schema) -> Option<String> {
    let name = match schema {
        Schema::Structure(structure) => structure.name,
        Schema::Enumeration(enumeration) => enumeration.name,
        Schema::Newtype { name, .. } => name,
        _ => return None,
    };
    let mut words = String::new();
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_uppercase() && name[..index].ends_with(|before: char| before.is_lowercase()) {
            words.push('_');
        }
        words.extend(letter.to_lowercase());
    }
    Some(words)
}

/// True for an arm that only passes the error on.
fn is_identity(arm: &Arm, goal: Goal) -> bool {
    fn passes_on(expression: &syntax::Expression, local: usize, is_result: bool) -> bool {
        match expression {
            syntax::Expression::Control(Control::Failure { error: Raised::Caught { local: passed } }) => {
                is_result && *passed == local
            }
            syntax::Expression::Return { value } => passes_on(value, local, true),
            syntax::Expression::Control(Control::Block { target: None, block }) => match (block.statements, block.tail)
            {
                ([], Some(tail)) => passes_on(tail, local, is_result),
                ([syntax::Statement::Expression { value, .. }], None) => {
                    matches!(value, syntax::Expression::Return { .. }) && passes_on(value, local, is_result)
                }
                _ => false,
            },
            _ => false,
        }
    }
    match arm.pattern {
        Pattern::Items { name: "Err", items: [Pattern::Name { binding, inner: None }], .. } if arm.guard.is_none() => {
            passes_on(arm.body, binding.local, matches!(goal, Goal::Result))
        }
        _ => false,
    }
}

/// How the JSON text of a type begins.
fn first_character(schema: &Schema) -> &'static str {
    match schema {
        Schema::String | Schema::Char => "\"",
        Schema::Integer(_) | Schema::Float => "-?[0-9]",
        Schema::Bool => "(true|false)",
        Schema::List(_) | Schema::Tuple(_) => "\\[",
        Schema::Structure(_) | Schema::Map(_) => "\\{",
        // A brace in a regular expression is escaped: JSONata counts them to find its end.
        _ => "([\\[\\{\"]|-?[0-9]|true|false|null)",
    }
}

/// What JSONata calls the type, where there is one word for it.
fn type_name(schema: &Schema) -> Option<&'static str> {
    match schema {
        Schema::String | Schema::Char => Some("string"),
        Schema::Integer(_) | Schema::Float => Some("number"),
        Schema::Bool => Some("boolean"),
        Schema::List(_) | Schema::Tuple(_) => Some("array"),
        Schema::Structure(_) | Schema::Map(_) => Some("object"),
        _ => None,
    }
}
