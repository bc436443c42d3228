//! The syntax of a state machine's function as its macro saw it: no types, names of locals resolved.
//!
//! A macro writes it as a constant. Every place where a type matters has a site, under which the
//! [`Witness`](super::Witness) finds what rustc inferred. The trees are borrowed, so that a constant can hold them.

/// The function of a state machine.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Its parameter; `None` for `_`.
    pub parameter: Option<Binding>,
    /// Its body.
    pub body: Block,
    /// `TimeoutSeconds` of the machine.
    pub timeout_seconds: Option<u64>,
    /// The locals that are assigned to after they were bound.
    pub assigned: &'static [usize],
}

/// A name bound by the parameter, a `let` or a closure's parameter.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Unique within the function; a name that is bound twice has two.
    pub local: usize,
    /// As written, without `r#`.
    pub name: &'static str,
}

/// Statements and a final expression.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// In order.
    pub statements: &'static [Statement],
    /// What the block yields.
    pub tail: Option<&'static Expression>,
    /// The name that the first state of the tail shall have.
    pub tail_name: Option<Title>,
}

/// What is said about the first state of a statement: `#[state("name")]`, `/// comment`.
#[derive(Clone, Copy, Debug)]
pub struct Title {
    /// Its name; empty where it is not said.
    pub name: &'static str,
    /// Its comment; empty where it has none.
    pub comment: &'static str,
}

/// A statement.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Statement {
    /// `let pattern = value else { otherwise };`
    Let {
        /// The name that the first state shall have.
        name: Option<Title>,
        /// What is bound.
        pattern: Pattern,
        /// The value; `None` where an assignment gives it.
        value: Option<&'static Expression>,
        /// Where the pattern does not match.
        otherwise: Option<Block>,
    },
    /// `value;`
    Expression {
        /// The name that the first state shall have.
        name: Option<Title>,
        /// The value.
        value: &'static Expression,
    },
}

/// A pattern.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Pattern {
    /// `_`
    Any,
    /// `name`, `name @ inner`
    Name {
        /// The name.
        binding: Binding,
        /// What the value must be.
        inner: Option<&'static Pattern>,
    },
    /// A whole number.
    Integer(i64),
    /// A truth value.
    Bool(bool),
    /// A text.
    Text(&'static str),
    /// `None`, `Type::Variant`
    Path {
        /// The last name.
        name: &'static str,
    },
    /// `(a, ..)`, `Some(a)`, `Type::Variant(a, .., b)`
    Items {
        /// The last name; empty for a tuple.
        name: &'static str,
        /// What stands between the parentheses, without `..`.
        items: &'static [Pattern],
        /// Where `..` stands.
        rest: Option<usize>,
    },
    /// `Type { a, .. }`, `Type::Variant { a, .. }`
    Fields {
        /// The last name.
        name: &'static str,
        /// The fields by their Rust names.
        fields: &'static [(&'static str, Pattern)],
    },
    /// `a | b`
    Or(&'static [Pattern]),
    /// A float.
    Float(f64),
    /// `LIMIT`, `Type::LIMIT`: a constant, or a variant of such a name.
    Constant {
        /// The last name.
        name: &'static str,
        /// Where the value is known.
        site: usize,
    },
    /// `1..=5`, `..'z'`
    Range {
        /// Where it begins.
        low: Option<Bound>,
        /// Where it ends.
        high: Option<Bound>,
        /// True for `..=`.
        closed: bool,
    },
    /// `[first, .., last]`, `[first, rest @ ..]`
    Slice {
        /// What stands between the brackets, without `..`.
        items: &'static [Pattern],
        /// Where `..` stands, and the name that it is bound to.
        rest: Option<(usize, Option<Binding>)>,
    },
}

/// Where the range of a pattern begins or ends.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    /// A whole number.
    Integer(i64),
    /// A float.
    Float(f64),
    /// A character.
    Text(&'static str),
    /// A truth value, which rustc refuses.
    Bool(bool),
    /// A constant.
    Constant {
        /// Where the value is known.
        site: usize,
    },
}

/// What steers.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Control {
    /// `{ .. }`, `'label: { .. }`
    Block {
        /// The number of its label.
        target: Option<usize>,
        /// What is inside.
        block: Block,
    },
    /// `if condition { .. } else ..`
    If {
        /// The place that is asked for; empty where it is no place.
        label: &'static str,
        /// What is asked.
        condition: Condition,
        /// Where it holds.
        then: Block,
        /// Where it does not.
        otherwise: Option<&'static Expression>,
    },
    /// `match subject { .. }`
    Match {
        /// The place that is looked at; empty where it is no place.
        label: &'static str,
        /// What is looked at.
        subject: &'static Expression,
        /// In order.
        arms: &'static [Arm],
    },
    /// `loop { .. }`
    Loop {
        /// The number of the loop.
        target: usize,
        /// What is inside.
        body: Block,
    },
    /// `while condition { .. }`
    While {
        /// The place that is asked for; empty where it is no place.
        label: &'static str,
        /// The number of the loop.
        target: usize,
        /// What is asked each time.
        condition: Condition,
        /// What is inside.
        body: Block,
    },
    /// `for pattern in items { .. }`
    For {
        /// The number of the loop.
        target: usize,
        /// What is bound each time.
        pattern: Pattern,
        /// What is gone through.
        items: Items,
        /// What is inside.
        body: Block,
    },
    /// `break 'label value`
    Break {
        /// The number of the loop or block.
        target: usize,
        /// What the loop yields.
        value: Option<&'static Expression>,
    },
    /// `continue 'label`
    Continue {
        /// The number of the loop.
        target: usize,
    },
    /// `place = value`
    Assign {
        /// The local.
        local: usize,
        /// The value.
        value: &'static Expression,
    },
    /// `Err(error)`
    Failure {
        /// The error.
        error: Raised,
    },
    /// `fail!(..)`
    Fail {
        /// The error.
        error: Raised,
    },
    /// `call.await.ok()`
    Recovered {
        /// The awaited call.
        call: &'static Expression,
    },
    /// `option.ok_or(error)?`, `option.ok_or_else(|| error)?`
    Required {
        /// The place that is looked at; empty where it is no place.
        label: &'static str,
        /// The option.
        option: &'static Expression,
        /// What the machine fails with where there is no value.
        error: Raised,
        /// True when the error is made only then.
        is_lazy: bool,
    },
    /// `local.field.field = value`
    AssignField {
        /// The local.
        local: usize,
        /// The way to the field, by Rust names.
        fields: &'static [&'static str],
        /// The value.
        value: &'static Expression,
    },
    /// `local.field.push(value)` and its kin.
    Change {
        /// The local.
        local: usize,
        /// The way to the field, by Rust names.
        fields: &'static [&'static str],
        /// The method.
        method: &'static str,
        /// The arguments.
        arguments: &'static [&'static Expression],
    },
}

/// What `if` and `while` ask.
#[derive(Clone, Copy, Debug)]
pub enum Condition {
    /// A truth value.
    Value(&'static Expression),
    /// `let pattern = value`
    Let {
        /// What the value must be.
        pattern: Pattern,
        /// The value.
        value: &'static Expression,
    },
}

/// What `for` goes through.
#[derive(Clone, Copy, Debug)]
pub enum Items {
    /// A list.
    List(&'static Expression),
    /// `start..end`, `start..=end`
    Range {
        /// The first number.
        start: &'static Expression,
        /// The last number, or the one behind it.
        end: &'static Expression,
        /// True for `..=`.
        closed: bool,
    },
    /// `list.iter().enumerate()`
    Iterator {
        /// Where the type of an item is known.
        site: usize,
        /// The iterator.
        items: &'static Expression,
    },
}

/// `pattern if guard => body`
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    /// What the value must be.
    pub pattern: Pattern,
    /// What is asked besides.
    pub guard: Option<&'static Expression>,
    /// What is done.
    pub body: &'static Expression,
}

/// An error that is raised.
#[derive(Clone, Copy, Debug)]
pub enum Raised {
    /// The error of a call that failed.
    Caught {
        /// The local that holds it.
        local: usize,
    },
    /// `Enum::Variant { field: value }` and its kin.
    Variant {
        /// Where the type is known.
        site: usize,
        /// The name of the variant.
        name: &'static str,
        /// The fields by their Rust names, or their numbers.
        fields: &'static [(&'static str, &'static Expression)],
    },
    /// A name and a cause.
    Named {
        /// The name.
        name: &'static [TextPart],
        /// The cause.
        cause: &'static [TextPart],
    },
}

/// A part of a text.
#[derive(Clone, Copy, Debug)]
pub enum TextPart {
    /// As it stands.
    Literal(&'static str),
    /// A value.
    Value(&'static Expression),
}

/// An expression.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Expression {
    /// A local by its [`Binding::local`].
    Local {
        /// The local.
        local: usize,
    },
    /// `base.name`
    Field {
        /// What the field is read from.
        base: &'static Expression,
        /// The Rust name of the field, or its number.
        name: &'static str,
    },
    /// `Type { name: value, .. }`, `Type(value)`, `Type::Variant { name: value, .. }`, `Type::Variant(value)`
    Structure {
        /// Where the type is known.
        site: usize,
        /// The last name of the path: that of the variant, where the type is an enum.
        name: &'static str,
        /// The fields in the order they are written.
        fields: &'static [(&'static str, &'static Expression)],
    },
    /// `()`, `(a, b)`
    Tuple {
        /// Where the type is known.
        site: usize,
        /// The items.
        items: &'static [&'static Expression],
    },
    /// An expression of no local: a literal or a constant, whose value the witness holds.
    Constant {
        /// Where the value is known.
        site: usize,
    },
    /// `call(arguments).await`
    Await {
        /// Where the effect is described.
        site: usize,
        /// The effect.
        effect: Effect,
    },
    /// `value?`
    Try {
        /// A result.
        value: &'static Expression,
    },
    /// `Ok(value)`
    Success {
        /// The value.
        value: &'static Expression,
    },
    /// `return value`
    Return {
        /// A result.
        value: &'static Expression,
    },
    /// What steers.
    Control(&'static Control),
    /// `left operator right`
    Binary {
        /// As Rust writes it.
        operator: &'static str,
        /// The left operand.
        left: &'static Expression,
        /// The right operand.
        right: &'static Expression,
        /// The expression as it is written, for the message of a check.
        source: &'static str,
    },
    /// `-value`, `!value`
    Unary {
        /// As Rust writes it.
        operator: &'static str,
        /// The operand.
        value: &'static Expression,
        /// The expression as it is written, for the message of a check.
        source: &'static str,
    },
    /// `base[index]`
    Index {
        /// A list.
        base: &'static Expression,
        /// A number.
        index: &'static Expression,
        /// The expression as it is written, for the message of a check.
        source: &'static str,
    },
    /// `receiver.name(arguments)`
    Method {
        /// Where the type of the result is known; `None` when it is an iterator.
        site: Option<usize>,
        /// The name.
        name: &'static str,
        /// What it is called on.
        receiver: &'static Expression,
        /// The arguments.
        arguments: &'static [&'static Expression],
        /// The expression as it is written, for the message of a check.
        source: &'static str,
    },
    /// `|pattern| body`
    Closure {
        /// The names in the pattern.
        captures: &'static [Capture],
        /// The body.
        body: &'static Expression,
    },
    /// The same value in another type: `x as T`, `T::from(x)`, `Some(x)`.
    Convert {
        /// Where the type is known.
        site: usize,
        /// The value.
        value: &'static Expression,
    },
    /// The text of a value: `x.to_string()`, `{}` in `format!`
    Show {
        /// The value.
        value: &'static Expression,
    },
    /// `format!(..)`: texts, one after the other.
    Format {
        /// Where the type is known.
        site: usize,
        /// The texts.
        pieces: &'static [Piece],
    },
    /// `vec![a, b]`
    List {
        /// Where the type is known.
        site: usize,
        /// The items.
        items: &'static [&'static Expression],
    },
    /// `Type { name: value, ..base }`
    Update {
        /// Where the type is known.
        site: usize,
        /// The fields in the order they are written.
        fields: &'static [(&'static str, &'static Expression)],
        /// Where the other fields come from.
        base: &'static Expression,
    },
    /// `T::try_from(value).ok()`
    Narrow {
        /// Where the option is known.
        site: usize,
        /// The number.
        value: &'static Expression,
    },
    /// `vec![item; count]`
    Repeat {
        /// Where the type is known.
        site: usize,
        /// The item.
        item: &'static Expression,
        /// How often.
        count: &'static Expression,
    },
}

/// A part of a `format!`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Piece {
    /// A text.
    Literal(&'static str),
    /// A value.
    Value(&'static Expression),
}

/// A name in the pattern of a closure's parameter.
#[derive(Clone, Copy, Debug)]
pub struct Capture {
    /// The name.
    pub binding: Binding,
    /// Where its type is known.
    pub site: usize,
    /// The way to it through tuples.
    pub path: &'static [usize],
}

/// What is awaited.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// `task(arguments)`, `task(arguments).undo(|output| task(arguments))`
    Call {
        /// The parameters.
        arguments: &'static [&'static Expression],
        /// The compensation.
        undo: Option<Compensation>,
    },
    /// `sleep(secs(amount))`, `sleep_until(amount)`
    Pause {
        /// How many seconds the unit has; `None` where the amount is a time.
        unit_seconds: Option<u64>,
        /// How many, or until when.
        amount: &'static Expression,
    },
    /// `try_join!(branch, branch)`
    Parallel {
        /// What runs side by side; each ends in a result.
        branches: &'static [Block],
    },
    /// `map(items).concurrency(n).each(|index, item| body)`
    Map {
        /// The last name of the place that is gone through; empty where it is no place.
        label: &'static str,
        /// What is gone through.
        items: &'static Expression,
        /// How many iterations may run at once.
        concurrency: Option<&'static Expression>,
        /// What is bound to the number of an item.
        index: Option<Pattern>,
        /// What is bound to an item.
        item: Pattern,
        /// What is done for an item; it ends in a result.
        body: Block,
    },
}

/// `|output| task(arguments)`
#[derive(Clone, Copy, Debug)]
pub struct Compensation {
    /// The closure's parameter; `None` for `_`.
    pub parameter: Option<Binding>,
    /// The parameters of the compensating task.
    pub arguments: &'static [&'static Expression],
}
