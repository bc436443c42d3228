//! Where random numbers come from: the operating system, or a number that makes a run repeatable.

use std::hash::{BuildHasher, RandomState};

/// A row of random numbers.
#[derive(Debug)]
pub(super) struct Seeds(u64);

impl Seeds {
    /// A row that nobody can foresee.
    pub(super) fn of_the_system() -> Self {
        // Each `RandomState` has keys of its own that come from the operating system.
        Seeds(RandomState::new().hash_one(0))
    }

    /// The row of a given number.
    pub(super) fn of(seed: u64) -> Self {
        Seeds(seed)
    }

    /// The next number of the row: splitmix64.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Another row, for an execution.
    pub(super) fn branch(&mut self) -> Seeds {
        Seeds(self.next())
    }

    /// A name in the form of a random UUID.
    pub(super) fn name(&mut self) -> String {
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        let bits = (bits & !(0xf << 76) & !(0b11 << 62)) | (0x4 << 76) | (0b10 << 62);
        let digits = format!("{bits:032x}");
        let (time, rest) = digits.split_at(8);
        let (middle, rest) = rest.split_at(4);
        let (version, rest) = rest.split_at(4);
        let (variant, node) = rest.split_at(4);
        format!("{time}-{middle}-{version}-{variant}-{node}")
    }
}
