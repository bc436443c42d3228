use sfn_core::{Error, state_machine};

#[state_machine]
async fn patterns(given: (u64, char, Vec<u32>, Option<String>)) -> Result<u64, Error> {
    match given.1 {
        '\u{D7FF}'..='\u{E000}' => {}
        b'a' => {}
        _ => {}
    }
    match given.0 {
        18446744073709551615 => {}
        1..=18446744073709551615 => {}
        ref other => {}
    }
    match given.2.as_slice() {
        [ref first, ..] => {}
        [&second, rest @ ..] => {}
        [] => {}
    }
    if let Some(mut note @ ref text) = given.3 {}
    Ok(given.0)
}

fn main() {}
