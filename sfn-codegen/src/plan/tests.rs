use sfn_asl::Format;

use super::*;

/// A machine whose states, one after the other, are the given members of `States` without `Next` and `End`.
fn machine(states: &[(&str, &str)]) -> Definition {
    let mut members = Vec::new();
    for (index, (name, state)) in states.iter().enumerate() {
        let next = match states.get(index + 1) {
            Some((next, _)) => format!(r#""Next": {}"#, sfn_asl::Value::from(*next)),
            None => r#""End": true"#.into(),
        };
        members.push(format!("{}: {{{state}, {next}}}", sfn_asl::Value::from(*name)));
    }
    let start = sfn_asl::Value::from(states[0].0);
    let text = format!(r#"{{"StartAt": {start}, "States": {{{}}}}}"#, members.join(", "));
    Definition::parse(&text, Format::Json).unwrap_or_else(|findings| panic!("{text}\n{findings}"))
}

fn planned(states: &[(&str, &str)]) -> Plan {
    plan(&machine(states), "", Format::Json, &Options::new("test"))
}

/// `method(input) <- states`, one for each method.
#[track_caller]
fn check(states: &[(&str, &str)], expected: &[&str]) {
    let plan = planned(states);
    let methods: Vec<String> = plan
        .tasks
        .iter()
        .map(|task| {
            let input = match &task.input {
                FieldType::Struct(place) => &plan.inputs[*place].name,
                _ => "Value",
            };
            format!("{}({input}) <- {}", task.method, task.states.join(", "))
        })
        .collect();
    assert_eq!(methods, expected);
}

const DIRECT: &str = r#""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:resize-image""#;
const PUBLISH: &str = r#""Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message.$": "$"}"#;

fn invoke(parameters: &str) -> String {
    format!(r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {{{parameters}}}"#)
}

#[test]
fn a_function_is_one_method_for_all_its_states() {
    check(&[("A", DIRECT), ("B", DIRECT)], &["resize_image(Value) <- A, B"]);
    let invoke = invoke(r#""FunctionName": "Pay", "Payload": {"cents.$": "$.cents"}"#);
    check(&[("A", &invoke), ("B", &invoke)], &["pay(PayInput) <- A, B"]);
}

#[test]
fn what_states_disagree_about_is_a_value() {
    let one = invoke(r#""FunctionName": "Pay", "Payload": {"cents.$": "$.cents"}"#);
    let other = invoke(r#""FunctionName": "Pay", "Payload": {"euros.$": "$.euros"}"#);
    check(&[("A", &one), ("B", &other)], &["pay(Value) <- A, B"]);
    let whole = invoke(r#""FunctionName": "Pay", "Payload.$": "$""#);
    check(&[("A", &one), ("B", &whole)], &["pay(Value) <- A, B"]);
}

#[test]
fn a_service_call_belongs_to_its_state() {
    check(
        &[("Tell seller", PUBLISH), ("Tell buyer", PUBLISH)],
        &["tell_seller(TellSellerInput) <- Tell seller", "tell_buyer(TellBuyerInput) <- Tell buyer"],
    );
}

#[test]
fn a_function_chosen_at_run_time_belongs_to_its_state() {
    let chosen = invoke(r#""FunctionName.$": "$.function", "Payload.$": "$""#);
    check(&[("Run it", &chosen)], &["run_it(RunItInput) <- Run it"]);
}

#[test]
fn placeholders_and_activities_are_called_by_their_name() {
    let activity = r#""Type": "Task", "Resource": "arn:aws:states:us-east-1:111111111111:activity:approve""#;
    let placeholder = r#""Type": "Task", "Resource": "${ResizeFunctionArn}""#;
    check(&[("A", activity), ("B", placeholder)], &["approve(Value) <- A", "resize_function(Value) <- B"]);
}

#[test]
fn names_that_meet_are_told_apart() {
    let first = invoke(r#""FunctionName": "type""#);
    let second = invoke(r#""FunctionName": "Type""#);
    check(&[("A", &first), ("B", &second)], &["type_(Value) <- A", "type2(Value) <- B"]);

    let plan = planned(&[("Pay now", DIRECT), ("Pay-now", DIRECT), ("状態", DIRECT), ("1st", DIRECT), ("!", DIRECT)]);
    let variants: Vec<_> = plan.states.iter().map(|state| state.variant.as_str()).collect();
    assert_eq!(variants, ["PayNow", "PayNow2", "状態", "State1st", "State"]);
}

#[test]
fn inputs_have_the_members_of_the_template() {
    let pay = invoke(
        r#""FunctionName": "Pay", "Payload": {
            "type": "card", "amount": {"cents.$": "$.c", "currency": "EUR"}, "a-b": true, "a_b": 1.5,
            "tags": ["x"], "token.$": "$$.Task.Token"}"#,
    );
    let plan = planned(&[("A", &pay)]);
    let written: Vec<String> = plan
        .inputs
        .iter()
        .map(|input| {
            let fields: Vec<String> =
                input.fields.iter().map(|field| format!("{} = {}: {:?}", field.name, field.key, field.ty)).collect();
            format!("{} {{ {} }}", input.name, fields.join(", "))
        })
        .collect();
    assert_eq!(
        written,
        [
            "PayInput { type_ = type: String, amount = amount: Struct(1), a_b = a-b: Bool, a_b_2 = a_b: Number, \
             tags = tags: List(String), token = token: String }",
            "PayInputAmount { cents = cents: Value, currency = currency: String }",
        ]
    );
}

#[test]
fn states_of_branches_follow_the_state_they_are_part_of() {
    let parallel = r#""Type": "Parallel", "Branches": [
        {"StartAt": "A1", "States": {"A1": {"Type": "Pass", "End": true}}},
        {"StartAt": "A2", "States": {"A2": {"Type": "Pass", "Next": "A3"}, "A3": {"Type": "Pass", "End": true}}}]"#;
    let map = r#""Type": "Map", "ItemProcessor": {"StartAt": "B1", "States": {"B1": {"Type": "Succeed"}}}"#;
    let plan = planned(&[("A", parallel), ("B", map), ("C", DIRECT)]);
    let names: Vec<_> = plan.states.iter().map(|state| format!("{} {}", state.name, state.kind)).collect();
    assert_eq!(names, ["A Parallel", "A1 Pass", "A2 Pass", "A3 Pass", "B Map", "B1 Succeed", "C Task"]);
}
