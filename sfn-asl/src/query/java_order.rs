//! The order in which a `java.util.HashMap` hands out its members: visible in what AWS makes of payload templates and of
//! `States.JsonMerge`.

use crate::value::Key;

/// Sorts members of distinct keys by bucket; those of one bucket stay as they were put in.
pub(super) fn sort<T>(members: &mut [(Key, T)]) {
    let mut capacity = 16_usize;
    while members.len() > capacity / 4 * 3 {
        capacity *= 2;
    }
    members.sort_by_key(|(key, _)| {
        let hash = key.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
        (hash ^ (hash >> 16)) as usize & (capacity - 1)
    });
}
