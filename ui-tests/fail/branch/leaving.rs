use sfn_core::prelude::*;

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;

#[state_machine]
async fn leaving(names: Vec<String>) -> Result<Vec<String>, Error> {
    let mut count = 0u32;
    for name in names {
        let (first, second) = try_join!(
            async {
                count += 1;
                return Ok(name);
            },
            async {
                if count == 3 {
                    break;
                }
                Ok(say(name).await?)
            },
        )?;
    }
    let all = map(names)
        .each(|name| async {
            if name.is_empty() {
                continue;
            }
            count = 5;
            let other = say(name).undo(|text| say(text)).await?;
            Ok(other)
        })
        .await?;
    Ok(all)
}

fn main() {}
