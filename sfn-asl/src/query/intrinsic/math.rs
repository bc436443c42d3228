//! `States.MathAdd` and `States.MathRandom`.

use super::function::integer_argument;
use crate::query::Random;
use crate::value::Value;

/// The sum of both arguments, each rounded first.
pub(super) fn add(a: &Value, b: &Value) -> Result<Value, String> {
    let sum = integer_argument(a, 1)?.checked_add(integer_argument(b, 2)?);
    sum.map(Value::from).ok_or_else(|| "The sum is out of range".to_owned())
}

/// A number from `start` to the one before `end`.
pub(super) fn random(start: &Value, end: &Value, seed: Option<&Value>, random: &Random) -> Result<Value, String> {
    let (start, end) = (integer_argument(start, 1)?, integer_argument(end, 2)?);
    let range = u64::try_from(i128::from(end) - i128::from(start)).unwrap_or(0);
    if range == 0 {
        return Err(format!("The start number {start} must be less than the end number {end}"));
    }
    let offset = match seed {
        Some(seed) => JavaRandom::new(integer_argument(seed, 3)?).below(range),
        None => below(range, || random.next_u64()),
    };
    // The offset is less than `end - start`, so the sum lies between the two.
    Ok(Value::from(start.wrapping_add_unsigned(offset)))
}

/// A number below `range`, all equally likely.
fn below(range: u64, mut next: impl FnMut() -> u64) -> u64 {
    let biased = range.wrapping_neg() % range;
    loop {
        let bits = next();
        if bits >= biased {
            return bits % range;
        }
    }
}

/// `java.util.Random`: a linear congruential generator of 48 bits, as its documentation specifies it.
struct JavaRandom(u64);

const MULTIPLIER: u64 = 0x5_DEEC_E66D;
const MASK: u64 = (1 << 48) - 1;

impl JavaRandom {
    fn new(seed: i64) -> Self {
        JavaRandom((seed as u64 ^ MULTIPLIER) & MASK)
    }

    fn next(&mut self, bits: u32) -> u64 {
        self.0 = self.0.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        self.0 >> (48 - bits)
    }

    fn below(&mut self, range: u64) -> u64 {
        const INT: u64 = i32::MAX as u64;
        if range > INT {
            // Wider than `nextInt` reaches.
            return below(range, || (self.next(32) << 32).wrapping_add(self.next(32)));
        }
        if range.is_power_of_two() {
            return (range * self.next(31)) >> 31;
        }
        loop {
            let bits = self.next(31);
            let value = bits % range;
            if bits - value + (range - 1) <= INT {
                return value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_numbers_are_javas() {
        // What `new Random(42).nextInt()` answers, one after the other.
        let mut random = JavaRandom::new(42);
        let numbers: Vec<i32> = (0..4).map(|_| random.next(32) as u32 as i32).collect();
        assert_eq!(numbers, [-1_170_105_035, 234_785_527, -1_360_544_799, 205_897_768]);
        // `nextInt(10)`, and `nextInt(16)`, which takes the upper bits.
        let mut random = JavaRandom::new(42);
        let numbers: Vec<u64> = (0..4).map(|_| random.below(10)).collect();
        assert_eq!(numbers, [0, 3, 8, 4]);
        assert_eq!(JavaRandom::new(0).below(16), 11);
    }
}
