use sfn_core::prelude::*;

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;

#[task(lambda = "Unsay")]
async fn unsay(text: String) -> Result<(), Error>;

#[derive(SfnData, serde::Serialize, serde::Deserialize, Clone)]
struct Count {
    value: u32,
}

#[state_machine]
async fn outside(name: String) -> Result<String, Error> {
    let mut list = vec![name];
    let mut count = Count { value: 0 };
    let text = match say(name).await {
        Ok(text) => text,
        Err(e) => {
            let (text,) = try_join!(async {
                if name.is_empty() {
                    Err(e)
                } else {
                    Ok(name)
                }
            })?;
            text
        }
    };
    map(list)
        .each(|item| async {
            list.push(item);
            count.value += 1;
            let mut own = Count { value: 1 };
            own.value = 2;
            Ok(own)
        })
        .await?;
    try_join!(say(name).undo(|text| unsay(text)), say(name))?;
    let all = map(list).each(|item| say(item)).await;
    let both = list.iter().map(|item| try_join!(say(item))?.0).collect::<Vec<_>>();
    Ok(text)
}

fn main() {}
