//! A Map in a Parallel, with Choice and Wait in a loop: jobs are started and polled until they are done.

use std::sync::Arc;

use sfn_core::executor::TaskContext;
use sfn_core::{Error, Value};

use crate::data_quality::{self as workflow, State};
use crate::{Calls, builder, check, json};

struct Glue {
    last_status: &'static str,
    calls: Arc<Calls>,
}

impl workflow::Tasks for Glue {
    async fn l_step1(&self, input: Value, context: TaskContext) -> Result<Value, Error> {
        // The result comes back in the response of `lambda:invoke`, of which `OutputPath` takes the payload.
        assert_eq!(context.state().parse(), Ok(State::InitialCheck));
        self.calls.note("check");
        Ok(input)
    }

    async fn start_data_quality_rule_recommendation_run(
        &self,
        input: workflow::StartDataQualityRuleRecommendationRunInput,
        _: TaskContext,
    ) -> Result<Value, Error> {
        self.calls.note("recommend");
        assert_eq!(input.created_ruleset_name, "shop_orders");
        assert_eq!(input.data_source.glue_table.table_name, Value::from("orders"));
        Err(Error::new("Glue.InvalidInputException", "the ruleset exists"))
    }

    async fn get_data_quality_rule_recommendation_run(
        &self,
        _: workflow::GetDataQualityRuleRecommendationRunInput,
        _: TaskContext,
    ) -> Result<Value, Error> {
        Err(Error::new("Unexpected", "nothing was started"))
    }

    async fn start_data_quality_ruleset_evaluation_run(
        &self,
        input: workflow::StartDataQualityRulesetEvaluationRunInput,
        _: TaskContext,
    ) -> Result<Value, Error> {
        self.calls.note("evaluate");
        assert_eq!(input.ruleset_names, [Value::from("shop_orders")]);
        assert_eq!(input.number_of_workers, Value::from(5));
        Ok(json(r#"{"RunId": "r1"}"#))
    }

    async fn get_data_quality_ruleset_evaluation_run(
        &self,
        input: workflow::GetDataQualityRulesetEvaluationRunInput,
        _: TaskContext,
    ) -> Result<Value, Error> {
        assert_eq!(input.run_id, Value::from("r1"));
        let status = if self.calls.note("poll") < 2 { "RUNNING" } else { self.last_status };
        Ok(Value::object([("Status", Value::from(status))]))
    }

    async fn run_glue_crawler(&self, input: workflow::RunGlueCrawlerInput, _: TaskContext) -> Result<Value, Error> {
        self.calls.note("crawl");
        assert_eq!(input.name, Value::from("crawler"));
        Ok(Value::Null)
    }
}

async fn case(name: &str, last_status: &'static str, crawler: &str, expected: Result<&str, Error>, calls: &str) {
    let made = Arc::new(Calls::default());
    let executor = workflow::bind(builder(), Glue { last_status, calls: made.clone() }).build();
    let input = json(&input(crawler));
    let execution = workflow::start(&executor, input).await.expect("it starts");
    check(&format!("data quality, {name}"), execution.output().await, expected);
    assert_eq!(made.all(), calls, "{name}");
    executor.shutdown().await;
}

fn input(crawler: &str) -> String {
    format!(
        r#"{{"dataquality": [{{"body": {{"glue": {{"DatabaseName": "shop", "TableName": "orders", "NumberOfWorkers": 5,
            "wait_time": 600{crawler}}}}}}}]}}"#
    )
}

pub(crate) async fn run() {
    let crawler = r#", "crawler_name": "crawler""#;
    let done = |crawler: &str| format!("[{}]", input(crawler));
    let polls = "check recommend evaluate poll poll poll";
    case("with a crawler", "SUCCEEDED", crawler, Ok(&done(crawler)), &format!("{polls} crawl")).await;
    case("without", "SUCCEEDED", "", Ok(&done("")), polls).await;
    case("a run that failed", "FAILED", crawler, Err(Error::new("", "")), polls).await;
}
