use std::cell::Cell;

use crate::value::Value;

/// What an expression may read besides its own text.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// `$` of JSONPath, `$states.input` of JSONata.
    pub input: &'a Value,
    /// `$states.result`, where a result exists.
    pub result: Option<&'a Value>,
    /// `$states.errorOutput`, in a Catcher.
    pub error_output: Option<&'a Value>,
    /// Variables and the context object.
    pub environment: &'a dyn Environment,
    /// The clock reading every expression of one step sees, in milliseconds since 1970-01-01T00:00Z.
    pub now: i64,
    /// Where random numbers and UUIDs come from.
    pub random: &'a Random,
    /// What one evaluation may use up.
    pub budget: &'a Budget,
}

/// Variables and the context object, built when an expression asks for them.
pub trait Environment {
    /// The value of the workflow variable `name`.
    fn variable(&self, name: &str) -> Option<Value>;
    /// The context object: `$$`, `$states.context`.
    fn context(&self) -> Value;
}

/// No variables, and `{}` as context object.
pub struct NoEnvironment;

impl Environment for NoEnvironment {
    fn variable(&self, _name: &str) -> Option<Value> {
        None
    }

    fn context(&self) -> Value {
        Value::empty_object()
    }
}

/// A deterministic stream of random bits (SplitMix64): the same seed gives the same numbers on every machine.
#[derive(Debug)]
pub struct Random(Cell<u64>);

impl Random {
    /// The stream that `seed` begins.
    pub fn new(seed: u64) -> Self {
        Random(Cell::new(seed))
    }

    /// The next 64 bits.
    pub fn next_u64(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A double in `0 <= n < 1`.
    pub fn next_f64(&self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A version 4 UUID in its usual text form.
    pub fn next_uuid(&self) -> String {
        let bits = (u128::from(self.next_u64()) << 64) | u128::from(self.next_u64());
        let bits = (bits & !(0xF << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
        let hex = format!("{bits:032x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

/// What one evaluation may use up before it fails instead of hanging or exhausting memory.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Elementary steps: nodes visited, items looked at.
    pub steps: u64,
    /// Nested calls and nested expressions.
    pub depth: u32,
    /// Bytes of all values made on the way.
    pub bytes: usize,
}

impl Default for Budget {
    /// Far above what a workflow needs within AWS's payload quota, well below what would trouble a machine.
    fn default() -> Self {
        Budget { steps: 10_000_000, depth: 200, bytes: 64 << 20 }
    }
}
