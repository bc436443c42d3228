use sfn_core::{Error, SfnError, task};

#[derive(SfnError)]
enum Failed {
    Busy,
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "A", retry = "never")]
async fn not_none(id: String) -> Result<String, Failed>;

#[task(lambda = "A", retry(max = 3))]
async fn on_what(id: String) -> Result<String, Failed>;

#[task(lambda = "A", retry(on = [], max = 3))]
async fn on_nothing(id: String) -> Result<String, Failed>;

#[task(lambda = "A", retry(on = [3]))]
async fn on_three(id: String) -> Result<String, Failed>;

#[task(lambda = "A", retry(on = [Failed::Busy], backoff = 0.5, interval = "1ms"))]
async fn shrinking(id: String) -> Result<String, Failed>;

#[task(lambda = "A", retry(on = ["States.ALL"]), retry(on = ["A", "States.ALL"]))]
async fn all(id: String) -> Result<String, Failed>;

#[task(lambda = "A", retry(on = [Failed::Bussy]))]
async fn misspelt(id: String) -> Result<String, Failed>;

fn main() {}
