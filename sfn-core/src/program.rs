//! A definition made ready to run: states by number, transitions resolved, expressions parsed.
//!
//! A [`Program`] is compiled once from a [`Definition`] and shared by all executions of it.

mod node;

use std::collections::HashMap;
use std::sync::Arc;

use sfn_asl::definition::{
    Catcher, Choice, DataFlow, Definition, JsonataFlow, ProcessorMode, QueryLanguage, State, StateKind, StateName,
    StateScope, Transition,
};

pub use node::{
    BranchNode, CatchNode, ChoiceNode, Kind, MapNode, Node, ParallelNode, PassNode, RuleNode, TaskNode, WaitNode,
};

/// The number of a state in its [`Program`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(u32);

impl StateId {
    /// The number itself.
    pub fn number(self) -> u32 {
        self.0
    }

    fn index(self) -> usize {
        self.0 as usize
    }
}

/// A compiled definition.
#[derive(Debug)]
pub struct Program {
    /// Shared with the programs of the children of Distributed Maps.
    nodes: Arc<[Node]>,
    start: StateId,
    timeout_seconds: Option<u64>,
}

impl Program {
    /// Compiles a definition.
    ///
    /// INVARIANT: a [`Definition`] is valid; every transition in it leads to a state of its scope.
    pub fn compile(definition: &Definition) -> Self {
        let definition = definition.machine();
        let mut compiler = Compiler { nodes: Vec::new() };
        let start = compiler.scope(&definition.scope);
        let nodes = compiler.nodes.into_iter().map(|node| node.expect("every numbered state was compiled")).collect();
        Program { nodes, start, timeout_seconds: definition.timeout_seconds }
    }

    /// Compiles a state that stands alone.
    ///
    /// The states that it leads to are not there; in their places stand Succeed states of the same names.
    pub fn compile_state(state: &State) -> Self {
        let name = StateName::new("StateName").expect("the name is short");
        let mut compiler = Compiler { nodes: vec![None] };
        let mut names = Names::from([(&name, number(0))]);
        let targets = targets(&state.kind);
        for target in targets {
            if !names.contains_key(target) {
                names.insert(target, number(compiler.nodes.len()));
                compiler.nodes.push(Some(absent(target)));
            }
        }
        let kind = compiler.kind(state, &names);
        compiler.nodes[0] = Some(Node { name: name.shared(), language: state.query_language, kind });
        let nodes = compiler.nodes.into_iter().map(|node| node.expect("every numbered state was compiled")).collect();
        Program { nodes, start: number(0), timeout_seconds: None }
    }

    /// The same program, but an execution begins with the state `name`, wherever it stands; `None` if there is no such
    /// state.
    pub fn starting_at(self, name: &str) -> Option<Self> {
        let start = self.nodes().find(|(_, node)| &*node.name == name).map(|(id, _)| id)?;
        Some(Program { start, ..self })
    }

    /// The state an execution begins with.
    pub fn start(&self) -> StateId {
        self.start
    }

    /// `TimeoutSeconds` of the whole execution.
    pub fn timeout_seconds(&self) -> Option<u64> {
        self.timeout_seconds
    }

    /// The processor of the Distributed Map `map` as a program of its own: what its child executions run. States keep
    /// their numbers. `None` when `map` is another kind of state.
    pub fn processor(&self, map: StateId) -> Option<Program> {
        let node = self.nodes.get(map.index())?;
        match &node.kind {
            Kind::Map(map) if map.mode != ProcessorMode::Inline => {
                Some(Program { nodes: self.nodes.clone(), start: map.processor.start, timeout_seconds: None })
            }
            _ => None,
        }
    }

    /// The state with the number `id`.
    pub fn node(&self, id: StateId) -> &Node {
        &self.nodes[id.index()]
    }

    /// All states, nested ones included.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (StateId, &Node)> {
        self.nodes.iter().enumerate().map(|(index, node)| (number(index), node))
    }
}

fn number(index: usize) -> StateId {
    StateId(u32::try_from(index).expect("a definition of a megabyte has less than 2^32 states"))
}

struct Compiler {
    /// States get their numbers before they are compiled, because a transition may lead forward.
    nodes: Vec<Option<Node>>,
}

type Names<'a> = HashMap<&'a StateName, StateId>;

impl Compiler {
    /// Compiles the states of one scope; answers where it starts.
    fn scope(&mut self, scope: &StateScope) -> StateId {
        let mut names = Names::new();
        for name in scope.states.keys() {
            names.insert(name, number(self.nodes.len()));
            self.nodes.push(None);
        }
        for (name, state) in &scope.states {
            let node = Node { name: name.shared(), language: state.query_language, kind: self.kind(state, &names) };
            self.nodes[names[name].index()] = Some(node);
        }
        target(&scope.start_at, &names)
    }

    fn kind(&mut self, state: &State, names: &Names<'_>) -> Kind {
        match &state.kind {
            StateKind::Task(task) => Kind::Task(Box::new(TaskNode {
                resource: task.resource.clone(),
                credentials: task.credentials.clone(),
                timeout_seconds: task.timeout_seconds.clone(),
                heartbeat_seconds: task.heartbeat_seconds.clone(),
                flow: task.flow.clone(),
                retry: task.retry.clone(),
                catch: catchers(&task.catch, names),
                next: next(&task.transition, names),
            })),
            StateKind::Pass(pass) => Kind::Pass(PassNode {
                result: pass.result.clone(),
                flow: pass.flow.clone(),
                next: next(&pass.transition, names),
            }),
            StateKind::Choice(choice) => Kind::Choice(choice_node(choice, names)),
            StateKind::Wait(wait) => Kind::Wait(WaitNode {
                duration: wait.duration.clone(),
                flow: wait.flow.clone(),
                next: next(&wait.transition, names),
            }),
            StateKind::Parallel(parallel) => Kind::Parallel(Box::new(ParallelNode {
                branches: parallel.branches.iter().map(|scope| BranchNode { start: self.scope(scope) }).collect(),
                flow: parallel.flow.clone(),
                retry: parallel.retry.clone(),
                catch: catchers(&parallel.catch, names),
                next: next(&parallel.transition, names),
            })),
            StateKind::Map(map) => Kind::Map(Box::new(MapNode {
                mode: map.processor.mode,
                processor: BranchNode { start: self.scope(&map.processor.scope) },
                items: map.items.clone(),
                item_selector: map.item_selector.clone(),
                max_concurrency: map.max_concurrency.clone(),
                tolerated_failure_percentage: map.tolerated_failure_percentage.clone(),
                tolerated_failure_count: map.tolerated_failure_count.clone(),
                item_reader: map.item_reader.clone(),
                item_batcher: map.item_batcher.clone(),
                result_writer: map.result_writer.clone(),
                label: map.label.clone(),
                flow: map.flow.clone(),
                retry: map.retry.clone(),
                catch: catchers(&map.catch, names),
                next: next(&map.transition, names),
            })),
            StateKind::Succeed(succeed) => Kind::Succeed(succeed.flow.clone()),
            StateKind::Fail(fail) => Kind::Fail(fail.clone()),
        }
    }
}

fn choice_node(choice: &Choice, names: &Names<'_>) -> ChoiceNode {
    let rules = choice.choices.iter().map(|rule| RuleNode {
        condition: rule.condition.clone(),
        assign: rule.assign.clone(),
        output: rule.output.clone(),
        next: target(&rule.next, names),
    });
    ChoiceNode {
        rules: rules.collect(),
        default: choice.default.as_ref().map(|name| target(name, names)),
        flow: choice.flow.clone(),
    }
}

fn catchers(catch: &[Catcher], names: &Names<'_>) -> Vec<CatchNode> {
    let node = |catcher: &Catcher| CatchNode {
        error_equals: catcher.error_equals.clone(),
        result_path: catcher.result_path.clone(),
        output: catcher.output.clone(),
        assign: catcher.assign.clone(),
        next: target(&catcher.next, names),
    };
    catch.iter().map(node).collect()
}

fn next(transition: &Transition, names: &Names<'_>) -> Option<StateId> {
    match transition {
        Transition::Next(name) => Some(target(name, names)),
        Transition::End => None,
    }
}

/// The states that a state leads to.
fn targets(kind: &StateKind) -> Vec<&StateName> {
    let (transition, catch): (_, &[Catcher]) = match kind {
        StateKind::Task(task) => (&task.transition, &task.catch),
        StateKind::Parallel(parallel) => (&parallel.transition, &parallel.catch),
        StateKind::Map(map) => (&map.transition, &map.catch),
        StateKind::Pass(pass) => (&pass.transition, &[]),
        StateKind::Wait(wait) => (&wait.transition, &[]),
        StateKind::Choice(choice) => {
            return choice.choices.iter().map(|rule| &rule.next).chain(&choice.default).collect();
        }
        StateKind::Succeed(_) | StateKind::Fail(_) => return Vec::new(),
    };
    let next = match transition {
        Transition::Next(name) => Some(name),
        Transition::End => None,
    };
    next.into_iter().chain(catch.iter().map(|catcher| &catcher.next)).collect()
}

/// Stands in the place of a state that is not there.
fn absent(name: &StateName) -> Node {
    let flow = DataFlow::Jsonata(JsonataFlow::default());
    Node { name: name.shared(), language: QueryLanguage::Jsonata, kind: Kind::Succeed(flow) }
}

fn target(name: &StateName, names: &Names<'_>) -> StateId {
    *names.get(name).expect("every transition of a valid definition leads to a state of its scope")
}

impl Node {
    /// How the state makes its input, output and variables; a Fail has none of them.
    pub fn flow(&self) -> Option<&DataFlow> {
        match &self.kind {
            Kind::Task(node) => Some(&node.flow),
            Kind::Pass(node) => Some(&node.flow),
            Kind::Choice(node) => Some(&node.flow),
            Kind::Wait(node) => Some(&node.flow),
            Kind::Parallel(node) => Some(&node.flow),
            Kind::Map(node) => Some(&node.flow),
            Kind::Succeed(flow) => Some(flow),
            Kind::Fail(_) => None,
        }
    }

    /// True when expressions of the state are JSONata.
    pub fn is_jsonata(&self) -> bool {
        self.language == QueryLanguage::Jsonata
    }
}
