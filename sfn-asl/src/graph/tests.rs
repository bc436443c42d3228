use super::*;
use crate::definition::Definition;

fn machine() -> Definition {
    Definition::parse_json(
        r#"{"StartAt":"Work","States":{
            "Work":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Next":"Check",
                "Catch":[{"ErrorEquals":["A"],"Next":"Work"},{"ErrorEquals":["States.ALL"],"Next":"Failed"}]},
            "Check":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"Each"},{"Variable":"$.b","IsNull":true,"Next":"Work"}],
                "Default":"Failed"},
            "Each":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}},
            "Failed":{"Type":"Fail"}}}"#,
    )
    .expect("valid")
}

#[test]
fn edges_in_the_order_of_the_document() {
    let definition = machine();
    let graph = Graph::new(&definition.machine().scope);
    assert_eq!((graph.start(), graph.len()), (0, 4));
    assert_eq!(graph.successors(0), [(Edge::Next, 1), (Edge::Catch(0), 0), (Edge::Catch(1), 3)]);
    assert_eq!(graph.successors(1), [(Edge::Choice(0), 2), (Edge::Choice(1), 0), (Edge::Default, 3)]);
    assert_eq!(graph.successors(2), []);
    assert_eq!(graph.predecessors(), [vec![0, 1], vec![0], vec![1], vec![0, 1]]);
    let terminal: Vec<bool> = (0..4).map(|position| graph.is_terminal(position)).collect();
    assert_eq!(terminal, [false, false, true, true]);
}

#[test]
fn reachability() {
    let definition = machine();
    let graph = Graph::new(&definition.machine().scope);
    assert_eq!(graph.reachable_from(0), [true; 4]);
    assert_eq!(graph.reachable_from(2), [false, false, true, false]);
    assert_eq!(graph.reachable_from(9), [false; 4]);
}

#[test]
fn scopes_inside_states() {
    let definition = machine();
    let states = &definition.machine().scope.states;
    assert_eq!(inner_scopes(&states["Each"]).len(), 1);
    assert!(inner_scopes(&states["Work"]).is_empty());
}
