//! `match` on the result of a call: its arms for errors become catchers.

use super::control::Goal;
use super::{ALL_ERRORS, Builder, Call, NOWHERE, Slot, Step, Typed};
use crate::data::Schema;
use crate::lower::DefinitionError;
use crate::lower::expression::{Expression, Missing, Variable};
use crate::lower::syntax::{self, Arm, Binding, Control, Pattern, Raised};
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

/// An arm for an error.
struct Handler {
    arm: Arm,
    pattern: Pattern,
    /// What it takes: names of variants, or all that is left.
    variants: Option<Vec<&'static str>>,
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
        let Called { step, result, output, error, is_function, .. } = self.called(site, effect)?;
        let mut handlers = Vec::new();
        let mut good = Vec::new();
        for arm in arms {
            match arm.pattern {
                Pattern::Items { name: "Ok", items: [pattern], .. } => good.push(Arm { pattern: *pattern, ..*arm }),
                Pattern::Items { name: "Err", items: [pattern], .. } => {
                    handlers.push(self.handler(arm, *pattern, &error)?);
                }
                Pattern::Or(alternatives) => {
                    for alternative in alternatives {
                        if let Pattern::Items { name: "Err", items: [pattern], .. } = alternative {
                            handlers.push(self.handler(arm, *pattern, &error)?);
                        }
                    }
                }
                _ => return Err(self.unexpected("an arm for a result that is neither `Ok` nor `Err`")),
            }
        }
        let label = match self.variables.get(result.0) {
            Some(name) => name.clone(),
            None => String::new(),
        };
        let success = std::mem::take(&mut self.open);
        // The catchers are made first, in the order of the arms; what takes all errors comes last.
        let (variants, rest): (Vec<_>, Vec<_>) = handlers.iter().partition(|handler| handler.variants.is_some());
        let rest = rest.first().copied();
        let caught = self.variable("err");
        let mut entries: Vec<(&Handler, &ErrorVariant, Slot)> = Vec::new();
        let mut taken: Vec<&str> = Vec::new();
        for handler in variants {
            for name in handler.variants.iter().flatten() {
                let variant = error.variants.iter().find(|variant| variant.name == *name);
                let Some(variant) = variant.filter(|_| !taken.contains(name)) else { continue };
                taken.push(name);
                let slot = self.catch(step, variant.errors.to_vec(), Some(caught));
                entries.push((handler, variant, slot));
            }
        }
        let others = match rest {
            Some(handler) if is_identity(handler, goal) => {
                self.fails_to_undo(step);
                None
            }
            Some(handler) => Some((handler, self.catch(step, vec![ALL_ERRORS], Some(caught)))),
            None => {
                self.fails_to_undo(step);
                None
            }
        };
        self.open = success;
        let typed = super::returned(result, output, is_function);
        let mut schema = self.arms(&label, typed, &good, goal)?;
        let mut done = std::mem::take(&mut self.open);
        // What has the name of a variant but not its fields is some other error.
        let mut other: Vec<Slot> = Vec::new();
        let mut handled: Vec<(&Handler, Vec<Slot>)> = Vec::new();
        for (handler, variant, slot) in entries {
            let hit = self.fields(handler, variant, slot, caught, &mut other)?;
            match handled.iter_mut().find(|(known, _)| std::ptr::eq(known.arm.body, handler.arm.body)) {
                Some((_, slots)) => slots.extend(hit),
                None => handled.push((handler, hit)),
            }
        }
        for (handler, slots) in handled {
            self.open = slots;
            schema = self.reach(handler.arm.body, goal)?.or(schema);
            done.append(&mut self.open);
        }
        if let Some((handler, slot)) = others {
            self.open = other;
            self.open.push(slot);
            if let Pattern::Name { binding, .. } = handler.pattern {
                self.errors.insert(binding.local, caught);
            }
            schema = self.reach(handler.arm.body, goal)?.or(schema);
            done.append(&mut self.open);
        } else if !other.is_empty() {
            self.open = other;
            self.rethrow(caught);
        }
        self.open = done;
        Ok(schema)
    }

    /// `call.await.ok()`: any error is `None`.
    pub(super) fn recovered(&mut self, call: &syntax::Expression) -> Result<Typed, DefinitionError> {
        let syntax::Expression::Await { site, effect } = call else {
            return Err(self.unexpected("an `.ok()` of no call"));
        };
        let Called { step, result, recovered, .. } = self.called(*site, effect)?;
        let failed = self.catch(step, vec![ALL_ERRORS], None);
        let success = std::mem::replace(&mut self.open, vec![failed]);
        let value = Expression::Constant(sfn_asl::Value::Null);
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

    fn handler(&self, arm: &Arm, pattern: Pattern, error: &ErrorSchema) -> Result<Handler, DefinitionError> {
        let known = |name: &str| error.variants.iter().find(|variant| variant.name == name);
        let named = |name: &str| known(name).map(|variant| vec![variant.name]);
        let variants = match pattern {
            Pattern::Path { name } | Pattern::Items { name, .. } | Pattern::Fields { name, .. } => named(name),
            Pattern::Or(alternatives) => {
                let mut names = Vec::new();
                for alternative in alternatives {
                    match alternative {
                        Pattern::Path { name } if known(name).is_some() => {
                            names.extend(named(name).into_iter().flatten())
                        }
                        _ => return Err(self.unexpected("alternatives of errors that are no variants without fields")),
                    }
                }
                Some(names)
            }
            _ => None,
        };
        Ok(Handler { arm: *arm, pattern, variants })
    }

    /// Binds the fields of a variant; what is not of its shape goes to `other`.
    fn fields(
        &mut self,
        handler: &Handler,
        variant: &ErrorVariant,
        slot: Slot,
        caught: Variable,
        other: &mut Vec<Slot>,
    ) -> Result<Vec<Slot>, DefinitionError> {
        let (shape, checks) = match &variant.fields {
            ErrorFields::None => return Ok(vec![slot]),
            ErrorFields::Whole(schema) => (first_character(&schema()), String::new()),
            ErrorFields::Named(structure) => {
                let checks = structure.fields.iter().filter_map(|field| {
                    let kind = type_name(&(field.schema)())?;
                    Some(format!(" and $type($p.`{}`) = \"{kind}\"", field.wire))
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
        let message = "$c := ~; $o := $exists($c) and $contains($c, /^\\s*\\{/) ? $parse($c); \
                       $m := $type($o.errorMessage) = \"string\" ? $o.errorMessage : $c";
        let has_shape = format!("$exists($m) and $contains($m, /^\\s*{shape}/)");
        let test = match checks.is_empty() {
            true => format!("({message}; {has_shape})"),
            false => format!("({message}; {has_shape} ? ($p := $parse($m); $type($p) = \"object\"{checks}) : false)"),
        };
        self.open = vec![slot];
        let choice = self.choose(&format!("is {}", variant.name), vec![Expression::atom(&test, [cause()]).failing()]);
        other.push(Slot::Default(choice));
        self.open = vec![Slot::Rule(choice, 0)];
        let parsed = Expression::atom(&format!("({message}; $parse($m))"), [cause()]).failing();
        let bindings = self.field_bindings(&handler.pattern, variant);
        if !bindings.is_empty() {
            self.numbers.causes += 1;
            let payload = self.variable(&format!("c{}", self.numbers.causes));
            self.push(Step::Assign { variable: payload, value: parsed, next: NOWHERE });
            for (binding, field, schema) in bindings {
                let expression = match field {
                    None => Expression::Variable(payload),
                    Some(field) => Expression::Member {
                        base: Box::new(Expression::Variable(payload)),
                        key: field.to_owned(),
                        missing: match schema.is_option() {
                            true => Missing::Reads(sfn_asl::Value::Null),
                            false => Missing::Never,
                        },
                    },
                };
                let typed = Typed { expression, schema };
                let assigned = self.function.assigned.contains(&binding.local);
                let typed = if assigned { self.keep(binding.name, typed) } else { typed };
                self.bind(binding, typed);
            }
        }
        Ok(std::mem::take(&mut self.open))
    }

    fn field_bindings(
        &self,
        pattern: &Pattern,
        variant: &ErrorVariant,
    ) -> Vec<(Binding, Option<&'static str>, Schema)> {
        match (pattern, &variant.fields) {
            (Pattern::Items { items: [Pattern::Name { binding, .. }], .. }, ErrorFields::Whole(schema)) => {
                vec![(*binding, None, schema())]
            }
            (Pattern::Fields { fields, .. }, ErrorFields::Named(structure)) => {
                let bound = fields.iter().filter_map(|(name, pattern)| {
                    let Pattern::Name { binding, .. } = pattern else { return None };
                    let field = structure.fields.iter().find(|field| field.name == *name)?;
                    Some((*binding, Some(field.wire), (field.schema)()))
                });
                bound.collect()
            }
            _ => Vec::new(),
        }
    }
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
fn is_identity(handler: &Handler, goal: Goal) -> bool {
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
    match handler.pattern {
        Pattern::Name { binding, inner: None } => {
            passes_on(handler.arm.body, binding.local, matches!(goal, Goal::Result))
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
        _ => "([\\[{\"]|-?[0-9]|true|false|null)",
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
