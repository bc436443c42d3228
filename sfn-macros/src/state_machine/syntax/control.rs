//! What steers: branches, loops, jumps, assignments, and errors that are raised.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{Binding, Block, Caught, Expression, Kind, Named, Pattern, Raised, Reader, Shape, Unsupported, not_yet};

/// What steers.
pub(in crate::state_machine) enum Control {
    /// `{ .. }`, `'label: { .. }`
    Block { label: TokenStream, target: Option<usize>, block: Block },
    /// `if condition { .. } else ..`
    If { keyword: syn::Token![if], condition: Condition, then: Block, otherwise: Option<Box<Expression>> },
    /// `match subject { .. }`; `view` is `.as_str()` behind the subject, or nothing.
    Match { keyword: syn::Token![match], subject: Box<Expression>, view: TokenStream, arms: Vec<Arm> },
    /// `loop { .. }`
    Loop { keyword: syn::Token![loop], label: TokenStream, target: usize, body: Block, is_left: bool },
    /// `while condition { .. }`
    While { keyword: syn::Token![while], label: TokenStream, target: usize, condition: Condition, body: Block },
    /// `for pattern in items { .. }`
    For { keyword: syn::Token![for], label: TokenStream, target: usize, pattern: Pattern, items: Items, body: Block },
    /// `break 'label value`
    Break { keyword: TokenStream, target: Option<usize>, value: Option<Box<Expression>> },
    /// `continue 'label`
    Continue { keyword: TokenStream, target: Option<usize> },
    /// `place = value`
    Assign { place: Place, equals: syn::Token![=], value: Box<Expression> },
    /// `Err(error)`: a result.
    Failure { function: TokenStream, error: Raised },
    /// `fail!(..)`: a way out.
    Fail { error: Raised },
    /// `call.await.ok()`
    Recovered { call: Box<Expression>, dot: syn::Token![.], method: syn::Ident },
    /// `option.ok_or(error)?`, `option.ok_or_else(|| error)?`
    Required { option: Box<Expression>, error: Raised, is_lazy: bool, call: TokenStream, question: syn::Token![?] },
    /// `place.push(value)` and its kin.
    Change { place: Place, method: syn::Ident, arguments: Vec<Expression> },
}

/// A variable, or a field of one: `order.address.city`
pub(in crate::state_machine) struct Place {
    pub(in crate::state_machine) binding: Binding,
    /// The way to the field.
    pub(in crate::state_machine) fields: Vec<syn::Member>,
    pub(in crate::state_machine) tokens: TokenStream,
}

/// What `if` and `while` ask.
pub(in crate::state_machine) enum Condition {
    Value(Box<Expression>),
    Let { keyword: syn::Token![let], pattern: Pattern, value: Box<Expression> },
}

/// What `for` goes through.
pub(in crate::state_machine) enum Items {
    List(Box<Expression>),
    /// `list.iter().enumerate()`
    Iterator {
        items: Box<Expression>,
        site: usize,
    },
    Range {
        start: Box<Expression>,
        limits: syn::RangeLimits,
        end: Box<Expression>,
    },
}

/// `pattern if guard => body`
pub(in crate::state_machine) struct Arm {
    pub(in crate::state_machine) pattern: Pattern,
    pub(in crate::state_machine) guard: Option<Expression>,
    pub(in crate::state_machine) body: Expression,
}

/// A loop or a labelled block.
pub(super) struct Target {
    number: usize,
    label: Option<String>,
    is_loop: bool,
    /// True when something jumps behind it.
    is_left: bool,
}

impl Reader {
    /// The expression, when it steers.
    pub(super) fn control(&mut self, expression: &syn::Expr) -> Option<Kind> {
        let control = match expression {
            syn::Expr::Block(block) => self.labelled_block(block),
            syn::Expr::If(inner) => self.branch(inner),
            syn::Expr::Match(inner) => self.choice(inner),
            syn::Expr::Loop(inner) => {
                let (target, (body, is_left)) =
                    self.within(inner.label.as_ref(), true, |reader| reader.block(&inner.body));
                let label = inner.label.to_token_stream();
                Control::Loop { keyword: inner.loop_token, label, target, body, is_left }
            }
            syn::Expr::While(inner) => {
                let outer = self.scope.clone();
                let (target, ((condition, body), _)) = self.within(inner.label.as_ref(), true, |reader| {
                    let condition = reader.condition(&inner.cond);
                    (condition, reader.block(&inner.body))
                });
                self.scope = outer;
                let label = inner.label.to_token_stream();
                Control::While { keyword: inner.while_token, label, target, condition, body }
            }
            syn::Expr::ForLoop(inner) => self.iteration(inner),
            syn::Expr::Break(inner) => {
                let value = inner.expr.as_ref().map(|value| Box::new(self.expression(value)));
                let target = self.target(inner.label.as_ref());
                if target.is_none()
                    && let Some(refused) = self.leaves_branch(inner.break_token)
                {
                    return Some(refused);
                }
                if let Some(target) = target.and_then(|number| self.targets.iter_mut().find(|t| t.number == number)) {
                    target.is_left = true;
                }
                let (keyword, label) = (inner.break_token, &inner.label);
                Control::Break { keyword: quote!(#keyword #label), target, value }
            }
            syn::Expr::Continue(inner) => {
                let (keyword, label) = (inner.continue_token, &inner.label);
                let target = self.target(inner.label.as_ref());
                if target.is_none()
                    && let Some(refused) = self.leaves_branch(keyword)
                {
                    return Some(refused);
                }
                Control::Continue { keyword: quote!(#keyword #label), target }
            }
            syn::Expr::Assign(inner) => return Some(self.assignment(&inner.left, inner.eq_token, &inner.right)),
            syn::Expr::Binary(inner) => {
                let (operator, equals) = arithmetic(&inner.op)?;
                // `x op= e` is `x = x op e`: a read in this language is a copy.
                let value = syn::Expr::Binary(syn::ExprBinary { op: operator, ..inner.clone() });
                return Some(self.assignment(&inner.left, equals, &value));
            }
            syn::Expr::Macro(call) if super::raise::is_fail(&call.mac) => Control::Fail { error: self.fail(&call.mac) },
            syn::Expr::MethodCall(call) if call.method == "ok" && call.args.is_empty() => {
                if !super::branch::is_awaited(&call.receiver) {
                    return None;
                }
                let (dot, method) = (call.dot_token, call.method.clone());
                Control::Recovered { call: Box::new(self.expression(&call.receiver)), dot, method }
            }
            syn::Expr::MethodCall(call) => return self.change(call),
            _ => return None,
        };
        Some(Kind::Control(Box::new(control)))
    }

    fn labelled_block(&mut self, block: &syn::ExprBlock) -> Control {
        match &block.label {
            None => Control::Block { label: TokenStream::new(), target: None, block: self.block(&block.block) },
            Some(label) => {
                let (target, (inner, _)) = self.within(Some(label), false, |reader| reader.block(&block.block));
                Control::Block { label: label.to_token_stream(), target: Some(target), block: inner }
            }
        }
    }

    fn branch(&mut self, branch: &syn::ExprIf) -> Control {
        let outer = self.scope.clone();
        let condition = self.condition(&branch.cond);
        let then = self.block(&branch.then_branch);
        self.scope = outer;
        let otherwise = branch.else_branch.as_ref().map(|(_, otherwise)| Box::new(self.expression(otherwise)));
        Control::If { keyword: branch.if_token, condition, then, otherwise }
    }

    fn condition(&mut self, condition: &syn::Expr) -> Condition {
        match condition {
            syn::Expr::Let(inner) => {
                let value = Box::new(self.expression(&inner.expr));
                let pattern = self.pattern(&inner.pat);
                if matches!(*inner.expr, syn::Expr::Await(_)) {
                    self.mark_errors(&pattern.shape);
                }
                Condition::Let { keyword: inner.let_token, pattern, value }
            }
            other => Condition::Value(Box::new(self.expression(other))),
        }
    }

    fn choice(&mut self, choice: &syn::ExprMatch) -> Control {
        // `match text.as_str()` looks at the text itself.
        let (subject, view) = match &*choice.expr {
            syn::Expr::MethodCall(call) if call.method == "as_str" && call.args.is_empty() => {
                let (dot, method) = (call.dot_token, &call.method);
                (&*call.receiver, quote!(#dot #method()))
            }
            other => (other, TokenStream::new()),
        };
        let of_a_call = super::branch::is_awaited(subject);
        let subject = Box::new(self.expression(subject));
        let arms = choice.arms.iter().map(|arm| {
            let outer = self.scope.clone();
            let (pattern, guard) = match &arm.pat {
                syn::Pat::Guard(guarded) => (&*guarded.pat, Some(&guarded.guard)),
                other => (other, None),
            };
            let mut pattern = self.pattern(pattern);
            if of_a_call {
                pattern.of_errors();
                self.mark_errors(&pattern.shape);
            }
            let guard = guard.map(|guard| self.expression(guard));
            let body = self.expression(&arm.body);
            self.scope = outer;
            Arm { pattern, guard, body }
        });
        let arms = arms.collect();
        Control::Match { keyword: choice.match_token, subject, view, arms }
    }

    /// Marks the name in `Err(name)`, which is an error, and that in `Err(Enum::Variant(name))`, which may be one.
    pub(super) fn mark_errors(&mut self, shape: &Shape) {
        let Shape::Items { name, items, .. } = shape else { return };
        let (binding, caught) = match items.first().filter(|_| name == "Err") {
            Some(Shape::Name { binding, inner: None }) => (binding, Caught::Error),
            Some(Shape::Items { items, .. }) => match &items[..] {
                [Shape::Name { binding, inner: None }] => (binding, Caught::Inside),
                _ => return,
            },
            _ => return,
        };
        self.scope.insert(binding.text(), Named { local: binding.local, caught });
    }

    fn iteration(&mut self, iteration: &syn::ExprForLoop) -> Control {
        let items = match &*iteration.expr {
            syn::Expr::Range(syn::ExprRange { start: Some(start), limits, end: Some(end), .. }) => Items::Range {
                start: Box::new(self.expression(start)),
                limits: *limits,
                end: Box::new(self.expression(end)),
            },
            other => {
                let items = Box::new(self.expression(other));
                match &items.kind {
                    Kind::Method { method, .. } if method == "chars" => {
                        let message = "the characters of a text can only be counted: `.chars().count()`";
                        let unsupported = Unsupported::new(method, "SFN031", message);
                        Items::List(Box::new(self.unsupported(other, unsupported)))
                    }
                    _ if items.yields_items() => Items::Iterator { items, site: self.site() },
                    _ => Items::List(items),
                }
            }
        };
        let outer = self.scope.clone();
        let pattern = self.pattern(&iteration.pat);
        let (target, (body, _)) = self.within(iteration.label.as_ref(), true, |reader| reader.block(&iteration.body));
        self.scope = outer;
        let label = iteration.label.to_token_stream();
        Control::For { keyword: iteration.for_token, label, target, pattern, items, body }
    }

    fn assignment(&mut self, place: &syn::Expr, equals: syn::Token![=], value: &syn::Expr) -> Kind {
        let value = Box::new(self.expression(value));
        match self.place(place) {
            Ok(place) => Kind::Control(Box::new(Control::Assign { place, equals, value })),
            Err(unsupported) => Kind::Unsupported(unsupported),
        }
    }

    /// `place.push(value)` and its kin, which change what they are called on.
    fn change(&mut self, call: &syn::ExprMethodCall) -> Option<Kind> {
        let method = call.method.unraw().to_string();
        let arguments = match method.as_str() {
            "push" | "push_str" | "extend" => 1,
            "insert" => 2,
            "clear" => 0,
            other => {
                let message = format!("`{other}` is not supported; {}", instead(other)?);
                return Some(Kind::Unsupported(Unsupported::new(&call.method, "SFN031", message)));
            }
        };
        if call.args.len() != arguments {
            let message =
                format!("`{method}` takes {arguments} argument{} here", if arguments == 1 { "" } else { "s" });
            return Some(Kind::Unsupported(Unsupported::new(&call.method, "SFN031", message)));
        }
        let arguments = call.args.iter().map(|argument| self.operand(argument)).collect();
        Some(match self.place(&call.receiver) {
            Ok(place) => Kind::Control(Box::new(Control::Change { place, method: call.method.clone(), arguments })),
            Err(unsupported) => Kind::Unsupported(unsupported),
        })
    }

    /// `option.ok_or(error)?`
    pub(super) fn required(&mut self, tried: &syn::ExprTry) -> Option<Control> {
        let syn::Expr::MethodCall(call) = &*tried.expr else { return None };
        let argument = call.args.first().filter(|_| call.args.len() == 1)?;
        let (error, is_lazy) = match (call.method.to_string().as_str(), argument) {
            ("ok_or", error) => (error, false),
            ("ok_or_else", syn::Expr::Closure(closure)) if closure.inputs.is_empty() => (&*closure.body, true),
            _ => return None,
        };
        let option = Box::new(self.operand(&call.receiver));
        let error = self.raised(error);
        let (dot, method) = (call.dot_token, &call.method);
        Some(Control::Required { option, error, is_lazy, call: quote!(#dot #method), question: tried.question_token })
    }

    /// What an assignment changes: a variable, or a field of one.
    fn place(&mut self, place: &syn::Expr) -> Result<Place, Unsupported> {
        let mut fields = Vec::new();
        let mut inner = place;
        loop {
            match inner {
                syn::Expr::Field(field) => {
                    fields.push(field.member.clone());
                    inner = &field.base;
                }
                syn::Expr::Paren(parenthesized) => inner = &parenthesized.expr,
                syn::Expr::Group(group) => inner = &group.expr,
                _ => break,
            }
        }
        fields.reverse();
        match inner {
            syn::Expr::Path(path) => match self.local(path) {
                Some((binding, Caught::No | Caught::Inside)) if self.is_outside(binding.local) => {
                    let message = format!(
                        "a branch cannot assign to `{}`, which is outside of it; let the branch yield the value: \
                         `let (a, b) = try_join!(..)?`, `let list = map(..).each(..).await?`",
                        binding.text()
                    );
                    Err(Unsupported::new(path, "SFN021", message))
                }
                Some((binding, Caught::No | Caught::Inside)) => {
                    self.assigned.push(binding.local);
                    Ok(Place { binding, fields, tokens: place.to_token_stream() })
                }
                _ => Err(not_yet(path, "only a variable or a field of one can be assigned to")),
            },
            syn::Expr::Index(index) => {
                let brackets = proc_macro2::Group::new(proc_macro2::Delimiter::Bracket, index.index.to_token_stream());
                let mut brackets = brackets;
                brackets.set_span(index.bracket_token.span.join());
                Err(not_yet(
                    brackets,
                    "an item of a list cannot be assigned to: `Assign` has no sub-paths; build the list anew, \
                     `xs = xs.iter().enumerate().map(|(i, x)| if i == at { new } else { x.clone() }).collect()`",
                ))
            }
            syn::Expr::Unary(unary) => {
                Err(not_yet(unary.op, "`*` is not assigned through: a state machine has values, no references"))
            }
            other => Err(not_yet(other, "only a variable or a field of one can be assigned to")),
        }
    }

    /// Reads what stands inside of a loop or a labelled block; tells its number and whether something jumps behind it.
    fn within<T>(
        &mut self,
        label: Option<&syn::Label>,
        is_loop: bool,
        read: impl FnOnce(&mut Self) -> T,
    ) -> (usize, (T, bool)) {
        let number = self.targets_made;
        self.targets_made += 1;
        let label = label.map(|label| label.name.ident.unraw().to_string());
        self.targets.push(Target { number, label, is_loop, is_left: false });
        let inner = read(self);
        let target = self.targets.pop();
        (number, (inner, target.is_some_and(|target| target.is_left)))
    }

    fn target(&self, label: Option<&syn::Lifetime>) -> Option<usize> {
        let wanted = label.map(|label| label.ident.unraw().to_string());
        let mut targets = self.targets.iter().rev();
        let found = targets.find(|target| match &wanted {
            Some(wanted) => target.label.as_ref() == Some(wanted),
            None => target.is_loop,
        });
        found.map(|target| target.number)
    }
}

/// The operator in `op=`, with an equals sign of its own.
fn arithmetic(operator: &syn::BinOp) -> Option<(syn::BinOp, syn::Token![=])> {
    use syn::BinOp;
    let span = operator.span();
    let operator = match operator {
        BinOp::AddAssign(_) => BinOp::Add(syn::Token![+](span)),
        BinOp::SubAssign(_) => BinOp::Sub(syn::Token![-](span)),
        BinOp::MulAssign(_) => BinOp::Mul(syn::Token![*](span)),
        BinOp::DivAssign(_) => BinOp::Div(syn::Token![/](span)),
        BinOp::RemAssign(_) => BinOp::Rem(syn::Token![%](span)),
        _ => return None,
    };
    Some((operator, syn::Token![=](span)))
}

/// What to write instead of a method that changes what it is called on.
fn instead(method: &str) -> Option<&'static str> {
    Some(match method {
        "pop" => "read `.last()` and keep the rest: `xs = xs.iter().take(xs.len() - 1).cloned().collect()`",
        "remove" | "swap_remove" | "retain" | "drain" | "truncate" | "dedup" => {
            "keep what shall stay: `xs = xs.iter().filter(|x| ..).cloned().collect()`"
        }
        "sort" | "sort_by" | "sort_by_key" | "sort_unstable" | "sort_unstable_by_key" | "swap" => "order it in a task",
        "append" | "extend_from_slice" => "write `.extend(other)`",
        "reverse" => "write `xs = xs.into_iter().rev().collect()`",
        "entry" | "get_mut" | "iter_mut" | "first_mut" | "last_mut" | "as_mut" => {
            "a state machine has values, no references; assign the whole value"
        }
        _ => return None,
    })
}

/// The expression of a statement and its attributes, which are the statement's.
pub(super) fn without_attributes(expression: &syn::Expr) -> (Vec<syn::Attribute>, syn::Expr) {
    use syn::Expr;
    let mut expression = expression.clone();
    let attributes = match &mut expression {
        Expr::If(inner) => &mut inner.attrs,
        Expr::Match(inner) => &mut inner.attrs,
        Expr::Loop(inner) => &mut inner.attrs,
        Expr::While(inner) => &mut inner.attrs,
        Expr::ForLoop(inner) => &mut inner.attrs,
        Expr::Block(inner) => &mut inner.attrs,
        Expr::Await(inner) => &mut inner.attrs,
        Expr::Try(inner) => &mut inner.attrs,
        Expr::Assign(inner) => &mut inner.attrs,
        Expr::Return(inner) => &mut inner.attrs,
        Expr::Call(inner) => &mut inner.attrs,
        Expr::Macro(inner) => &mut inner.attrs,
        Expr::MethodCall(inner) => &mut inner.attrs,
        _ => return (Vec::new(), expression),
    };
    (std::mem::take(attributes), expression)
}
