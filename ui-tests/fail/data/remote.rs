use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

mod elsewhere {
    pub struct Price {
        cents: u32,
    }
    impl Price {
        pub fn cents(&self) -> u32 {
            self.cents
        }
    }
    impl From<super::Price> for Price {
        fn from(price: super::Price) -> Self {
            Price { cents: price.cents }
        }
    }
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(remote = "elsewhere::Price")]
struct Price {
    #[serde(getter = "elsewhere::Price::cents")]
    cents: u32,
}

fn main() {}
