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
}

/// A statement.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Statement {
    /// `let name = value;`, `let _ = value;`
    Let {
        /// The name; `None` for `_`.
        binding: Option<Binding>,
        /// The value.
        value: &'static Expression,
    },
    /// `value;`
    Expression(&'static Expression),
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
    /// `Type { name: value, .. }`
    Structure {
        /// Where the type is known.
        site: usize,
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
}

/// `|output| task(arguments)`
#[derive(Clone, Copy, Debug)]
pub struct Compensation {
    /// The closure's parameter; `None` for `_`.
    pub parameter: Option<Binding>,
    /// The parameters of the compensating task.
    pub arguments: &'static [&'static Expression],
}
