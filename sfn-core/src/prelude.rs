//! What a file with workflows imports: `use sfn_core::prelude::*;`

#[cfg(feature = "macros")]
#[doc(no_inline)]
pub use crate::{SfnData, SfnError, golden, state_machine, task};

pub use crate::data::Data;
pub use crate::lower::{Bindings, Machine};
pub use crate::task::{Error, TaskToken, backoff, days, hours, map, minutes, secs, sleep, sleep_until};
pub use crate::{fail, try_join};
