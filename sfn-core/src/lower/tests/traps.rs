//! Where JSONata is not what it looks like: for each trap, what plain JSONata gives, and a workflow whose document gives
//! what its body gives.

use sfn_asl::query::jsonata::Expression;
use sfn_asl::query::{Budget, Random};

use super::*;
use crate::data::Data;
use crate::lower::definition;
use crate::task::MachineFunction;
use crate::testing::env;

/// What an expression gives over the data.
fn plain(text: &str, data: &str) -> Option<String> {
    let (expression, data) = (Expression::parse(text).unwrap(), Value::parse(data).unwrap());
    let given = expression.evaluate_data(Some(&data), &|_| None, 0, &Random::new(0), &Budget::default());
    given.unwrap().map(|value| value.to_json())
}

fn gives(text: &str, data: &str, expected: &str) {
    assert_eq!(plain(text, data).as_deref(), Some(expected), "{text}");
}

/// Runs the body and the document on each input; the kit compares them.
async fn agree<Arguments, F: MachineFunction<Arguments> + Copy>(machine: F, inputs: &[&str], expected: &[&str]) {
    use crate::task::Signature;
    for (input, expected) in inputs.iter().zip(expected) {
        let input = <F::Machine as Signature>::Parameters::decode(&Value::parse(input).unwrap()).unwrap();
        let run = env().run(machine, input).await;
        let output = run.assert_succeeded().encode().unwrap();
        assert_eq!(output, Value::parse(expected).unwrap());
    }
    assert_eq!(inputs.len(), expected.len());
}

type Numbers = Vec<i64>;

#[state_machine]
async fn mapped(list: Numbers) -> Result<Numbers, Error> {
    Ok(list.iter().map(|x| *x + 1).collect::<Vec<_>>())
}

#[tokio::test]
async fn map_of_one_item_is_a_list_and_of_none_is_empty() {
    gives("$map([1], function($x) { $x })", "0", "1");
    assert_eq!(plain("$map([], function($x) { $x })", "0"), None);
    agree(mapped, &["[]", "[1]", "[1, 2]"], &["[]", "[2]", "[2, 3]"]).await;
}

#[state_machine]
async fn kept(lists: Vec<Numbers>) -> Result<Vec<Numbers>, Error> {
    Ok(lists.iter().filter(|list| list.len() != 1).map(|list| list.clone()).collect::<Vec<_>>())
}

#[tokio::test]
async fn lists_in_lists_stay() {
    gives("[$filter([[1,2]], function($x) { true })]", "0", "[1,2]");
    gives("[$map([[1,2]], function($x) { $x })]", "0", "[1,2]");
    agree(kept, &["[]", "[[1, 2]]", "[[], [1], [2, 3]]"], &["[]", "[[1, 2]]", "[[], [2, 3]]"]).await;
}

#[state_machine]
async fn both(lists: (Numbers, Numbers)) -> Result<Vec<Numbers>, Error> {
    Ok(vec![lists.0, lists.1])
}

#[state_machine]
async fn both_longest(lists: (Numbers, Numbers)) -> Result<usize, Error> {
    Ok(vec![lists.0, lists.1, vec![7]].iter().filter(|list| list.len() > 1).count())
}

#[tokio::test]
async fn a_list_written_between_brackets_stays_one_item() {
    gives("[$.a, $.b]", r#"{"a": [1], "b": [2, 3]}"#, "[1,2,3]");
    agree(both, &["[[], [1, 2]]", "[[1], [2]]"], &["[[], [1, 2]]", "[[1], [2]]"]).await;
    agree(both_longest, &["[[], [1, 2]]", "[[1], [2]]"], &["1", "0"]).await;
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Line {
    q: u64,
}

#[state_machine]
async fn summed(lines: Vec<Line>) -> Result<u64, Error> {
    Ok(lines.iter().map(|line| line.q).sum::<u64>())
}

#[tokio::test]
async fn the_sum_of_nothing_is_zero() {
    assert_eq!(plain("$sum(xs.q)", r#"{"xs": []}"#), None);
    agree(summed, &["[]", r#"[{"q": 4}]"#, r#"[{"q": 4}, {"q": 5}]"#], &["0", "4", "9"]).await;
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Noted {
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<Numbers>,
}

#[state_machine]
async fn is_there(noted: Noted) -> Result<(bool, bool), Error> {
    Ok((noted.note.is_some(), noted.note.is_none()))
}

#[tokio::test]
async fn missing_and_null_are_both_none() {
    gives("missing = null", "{}", "false");
    gives("missing != null", "{}", "false");
    let inputs = ["{}", r#"{"note": null}"#, r#"{"note": ""}"#];
    agree(is_there, &inputs, &["[false, true]", "[false, true]", "[true, false]"]).await;
}

#[state_machine]
async fn how_many(noted: Noted) -> Result<Option<usize>, Error> {
    Ok(noted.list.map(|list| list.len()))
}

#[tokio::test]
async fn null_is_not_a_list_of_one() {
    gives("$count(null)", "0", "1");
    agree(how_many, &["{}", r#"{"list": []}"#, r#"{"list": [5]}"#], &["null", "0", "1"]).await;
}

#[state_machine]
async fn third(list: Numbers) -> Result<(Option<i64>, Option<i64>), Error> {
    Ok((list.get(2).cloned(), list.last().cloned()))
}

#[tokio::test]
async fn an_index_beyond_the_end_is_none() {
    assert_eq!(plain("xs[9]", r#"{"xs": [1, 2]}"#), None);
    gives("xs[-1]", r#"{"xs": [1, 2]}"#, "2");
    agree(third, &["[]", "[1]", "[1, 2, 3]"], &["[null, null]", "[null, 1]", "[3, 3]"]).await;
}

#[state_machine]
async fn item_of_item(pairs: Vec<(u8, Numbers)>) -> Result<Vec<i64>, Error> {
    let mut found = vec![];
    for (count, numbers) in pairs {
        found.push(i64::from(count));
        found.push(numbers[0]);
    }
    Ok(found)
}

#[tokio::test]
async fn an_index_into_what_an_index_has_chosen() {
    assert_eq!(plain("($i := 0; xs[$i][1])", r#"{"xs": [[1, 2]]}"#), None);
    agree(item_of_item, &["[]", "[[1, [2, 3]]]", "[[1, [2]], [4, [5]]]"], &["[]", "[1, 2]", "[1, 2, 4, 5]"]).await;
}

#[state_machine]
async fn noted_again(noted: Noted) -> Result<(Option<String>, bool), Error> {
    Ok((noted.note, noted.note == None))
}

#[tokio::test]
async fn a_missing_member_does_not_make_its_place_vanish() {
    gives(r#"{"a": missing}"#, "{}", "{}");
    agree(noted_again, &["{}", r#"{"note": "x"}"#], &["[null, true]", r#"["x", false]"#]).await;
}

#[state_machine]
async fn trimmed(text: String) -> Result<(String, usize), Error> {
    Ok((text.trim().to_string(), text.chars().count()))
}

#[tokio::test]
async fn trim_leaves_the_inside_alone() {
    gives("$trim(' a  b ')", "0", "\"a b\"");
    agree(trimmed, &["\" a  b \"", "\"\\u00a0x\\u2003\""], &["[\"a  b\", 6]", "[\"x\", 3]"]).await;
}

#[tokio::test]
async fn characters_are_code_points() {
    gives("$length('😀é')", "0", "2");
    agree(trimmed, &["\"😀é\""], &["[\"😀é\", 2]"]).await;
}

#[state_machine]
async fn next(number: u64) -> Result<u64, Error> {
    Ok(number + 1)
}

#[tokio::test]
async fn numbers_beyond_53_bits_end_the_run() {
    gives("$ + 1", "9007199254740991", "9007199254740992");
    agree(next, &["9007199254740990"], &["9007199254740991"]).await;
    env().run(next, 9_007_199_254_740_991).await.assert_failed("States.QueryEvaluationError");
}

#[state_machine]
async fn divided(numbers: (i64, i64)) -> Result<(i64, i64), Error> {
    Ok((numbers.0 / numbers.1, numbers.0 % numbers.1))
}

#[tokio::test]
async fn division_truncates_and_refuses_zero() {
    gives("$floor(-7 / 2)", "0", "-4");
    agree(
        divided,
        &["[-7, 2]", "[7, -2]", "[-7, -2]", "[7, 2]", "[-1, 2]"],
        &["[-3, -1]", "[-3, 1]", "[3, -1]", "[3, 1]", "[0, -1]"],
    )
    .await;
    env().run(divided, (1, 0)).await.assert_failed("States.QueryEvaluationError");
}

#[state_machine]
async fn guarded(numbers: (i64, i64)) -> Result<(bool, bool), Error> {
    let above = numbers.1 != 0 && numbers.0 / numbers.1 > 1;
    Ok((above, numbers.1 == 0 || numbers.0 % numbers.1 == 0))
}

#[tokio::test]
async fn the_right_side_is_evaluated_only_when_it_decides() {
    agree(guarded, &["[4, 0]", "[4, 2]", "[3, 2]"], &["[false, true]", "[true, true]", "[false, false]"]).await;
    let document = definition::<guarded>(&Bindings::substitutions()).unwrap().document().to_json();
    assert!(document.contains(" ? ") && document.contains(" : false"), "{document}");
}

#[state_machine]
async fn shadowing(count: Numbers) -> Result<usize, Error> {
    let sum = count.iter().filter(|count| **count > 1).count();
    Ok(sum + count.len())
}

#[tokio::test]
async fn a_name_hides_no_function() {
    agree(shadowing, &["[]", "[1, 2, 3]"], &["0", "5"]).await;
}

#[state_machine]
async fn mapping(map: std::collections::BTreeMap<String, Numbers>) -> Result<(usize, bool, Option<Numbers>), Error> {
    Ok((map.len(), map.contains_key("a b") && !map.is_empty(), map.get("a b").cloned()))
}

#[tokio::test]
async fn a_map_of_one_key_is_a_map() {
    gives(r#"$keys({"a": 1})"#, "0", r#""a""#);
    let inputs = ["{}", r#"{"a b": [1]}"#, r#"{"a b": [], "c": [1, 2]}"#];
    agree(mapping, &inputs, &["[0, false, null]", "[1, true, [1]]", "[2, true, []]"]).await;
}
