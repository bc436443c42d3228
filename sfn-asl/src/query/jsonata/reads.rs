//! What an expression reads from outside, told by its tree.

use std::sync::Arc;

use super::ast::{Ast, Group, Kind, Node, Path, Stage, Symbol};

/// What an expression reads from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Workflow variables, `$states` and what the expression binds itself not among them, each once, in order.
    pub variables: Vec<Arc<str>>,
    /// `$states` as a whole, whose members are those that exist where the expression stands.
    pub states: bool,
    /// `$states.input`
    pub input: bool,
    /// `$states.result`
    pub result: bool,
    /// `$states.errorOutput`
    pub error_output: bool,
    /// `$states.context`
    pub context: bool,
    /// Members of `$states` that do not exist anywhere, each once.
    pub unknown_members: Vec<Arc<str>>,
    /// Functions of JSONata by their names, each once: a workflow variable of that name would stand in their place.
    pub functions: Vec<Arc<str>>,
    /// Names that are called without being a function here, each once: a workflow variable holds none.
    pub unknown_functions: Vec<Arc<str>>,
    /// Names at the top level that no variable stands before (`phone`, `$`, `$$`), with their place: AWS refuses them.
    pub unqualified: Vec<(Arc<str>, usize)>,
}

pub(super) fn reads(ast: &Ast) -> Reads {
    let told = vec![(false, false); ast.symbols.len()];
    let mut walk = Walk { ast, scopes: Vec::new(), told, reads: Reads::default() };
    walk.push(bound_in(&ast.root), false);
    walk.node(&ast.root, true);
    walk.reads
}

struct Walk<'a> {
    ast: &'a Ast,
    scopes: Vec<Scope>,
    /// Which symbols are among the reads: as a variable or function, and as one that is called and is none.
    told: Vec<(bool, bool)>,
    reads: Reads,
}

/// The variables of a block, a function or a path.
struct Scope {
    /// Bound so far.
    bound: Vec<Symbol>,
    /// Bound by the time a function made here is called.
    all: Vec<Symbol>,
    is_function: bool,
}

impl Walk<'_> {
    fn push(&mut self, all: Vec<Symbol>, is_function: bool) {
        self.scopes.push(Scope { bound: Vec::new(), all, is_function });
    }

    fn bind(&mut self, symbol: Symbol) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.bound.push(symbol);
        }
    }

    fn is_bound(&self, symbol: Symbol) -> bool {
        let mut later = false;
        for scope in self.scopes.iter().rev() {
            if scope.bound.contains(&symbol) || (later && scope.all.contains(&symbol)) {
                return true;
            }
            later |= scope.is_function;
        }
        false
    }

    fn name(&self, symbol: Symbol) -> &Arc<str> {
        &self.ast.symbols[symbol as usize].name
    }

    fn variable(&mut self, symbol: Symbol, position: u32, top: bool) {
        if self.is_bound(symbol) {
            return;
        }
        let entry = &self.ast.symbols[symbol as usize];
        match &*entry.name {
            "$" => self.unqualified("$$", position, top),
            "states" => self.states(None),
            _ if std::mem::replace(&mut self.told[symbol as usize].0, true) => {}
            _ if entry.builtin.is_some() => self.reads.functions.push(entry.name.clone()),
            _ => self.reads.variables.push(entry.name.clone()),
        }
    }

    /// What is called: a name that nothing bound, and that is no function of JSONata, can only be a workflow variable.
    fn procedure(&mut self, node: &Node) {
        let Kind::Variable(symbol) = node.kind else { return };
        let entry = &self.ast.symbols[symbol as usize];
        if entry.builtin.is_none()
            && !matches!(&*entry.name, "" | "$")
            && !self.is_bound(symbol)
            && !std::mem::replace(&mut self.told[symbol as usize].1, true)
        {
            self.reads.unknown_functions.push(entry.name.clone());
        }
    }

    /// `$states`, or a member of it.
    fn states(&mut self, member: Option<&str>) {
        let reads = &mut self.reads;
        if let Some(member) = member
            && !matches!(member, "input" | "result" | "errorOutput" | "context")
            && !reads.unknown_members.iter().any(|known| &**known == member)
        {
            reads.unknown_members.push(member.into());
        }
        reads.states |= member.is_none();
        for (name, flag) in [
            ("input", &mut reads.input),
            ("result", &mut reads.result),
            ("errorOutput", &mut reads.error_output),
            ("context", &mut reads.context),
        ] {
            *flag |= member == Some(name);
        }
    }

    fn unqualified(&mut self, name: &str, position: u32, top: bool) {
        if top {
            self.reads.unqualified.push((name.into(), position as usize));
        }
    }

    /// `top` where the context is that of the whole expression.
    fn node(&mut self, node: &Node, top: bool) {
        let scopes = self.scopes.len();
        match &node.kind {
            Kind::Literal(_) | Kind::Regex(_) => {}
            Kind::Name(name) => self.unqualified(name, node.position, top),
            Kind::Context => self.unqualified("$", node.position, top),
            Kind::Variable(symbol) => self.variable(*symbol, node.position, top),
            Kind::Wildcard => self.unqualified("*", node.position, top),
            Kind::Descendant => self.unqualified("**", node.position, top),
            Kind::Parent(_) => self.unqualified("%", node.position, top),
            Kind::Path(path) => self.path(path, top),
            Kind::Chain(first, rest) => {
                self.node(first, top);
                rest.iter().for_each(|(_, node)| self.node(node, top));
            }
            Kind::Apply(first, rest) => {
                self.node(first, top);
                for (_, node) in rest {
                    self.procedure(node);
                    self.node(node, top);
                }
            }
            Kind::Negate(operand) => self.node(operand, top),
            Kind::Array(nodes) => nodes.iter().for_each(|node| self.node(node, top)),
            Kind::Object(group) => self.group(group, top),
            Kind::Range(left, right) | Kind::Elvis(left, right) | Kind::Coalesce(left, right) => {
                self.node(left, top);
                self.node(right, top);
            }
            Kind::Block(nodes, _) => {
                self.push(nodes.iter().flat_map(bound_in).collect(), false);
                nodes.iter().for_each(|node| self.node(node, top));
                self.scopes.truncate(scopes);
            }
            Kind::Bind(symbol, value) => {
                self.node(value, top);
                self.bind(*symbol);
            }
            Kind::Condition(condition, then, otherwise) => {
                self.node(condition, top);
                self.node(then, top);
                if let Some(otherwise) = otherwise {
                    self.node(otherwise, top);
                }
            }
            Kind::Call(call) => {
                self.procedure(&call.procedure);
                self.node(&call.procedure, top);
                call.arguments.iter().for_each(|node| self.node(node, top));
            }
            Kind::Partial(procedure, arguments) => {
                self.procedure(procedure);
                self.node(procedure, top);
                arguments.iter().flatten().for_each(|node| self.node(node, top));
            }
            Kind::Lambda(lambda) => {
                self.push(Vec::new(), true);
                self.push(bound_in(&lambda.body), false);
                lambda.parameters.iter().for_each(|parameter| self.bind(*parameter));
                self.node(&lambda.body, false);
                self.scopes.truncate(scopes);
            }
            Kind::Transform(transform) => {
                self.node(&transform.pattern, false);
                self.node(&transform.update, false);
                if let Some(delete) = &transform.delete {
                    self.node(delete, false);
                }
            }
            Kind::Sort(terms) => terms.iter().for_each(|term| self.node(&term.expression, false)),
        }
        if let Some(extra) = &node.extra {
            for symbol in [extra.focus, extra.index].into_iter().flatten() {
                self.bind(symbol);
            }
            for stage in extra.predicates.iter().chain(&extra.stages) {
                match stage {
                    Stage::Filter(predicate) => self.node(predicate, false),
                    Stage::Index(symbol) => self.bind(*symbol),
                }
            }
            if let Some(group) = &extra.group {
                self.group(group, false);
            }
        }
        if matches!(node.kind, Kind::Path(_)) {
            self.leave_path(scopes);
        }
    }

    fn path(&mut self, path: &Path, top: bool) {
        self.push(Vec::new(), false);
        let mut steps = path.steps.iter().enumerate();
        if let [Node { kind: Kind::Variable(symbol), extra: None, .. }, Node { kind: Kind::Name(member), .. }, ..] =
            path.steps.as_slice()
            && &**self.name(*symbol) == "states"
            && !self.is_bound(*symbol)
        {
            self.states(Some(member));
            steps.next();
        }
        for (index, step) in steps {
            let scopes = self.scopes.len();
            self.node(step, top && index == 0);
            self.scopes.truncate(scopes);
        }
    }

    /// The path's own variables end with it; what `:=` bound in it belongs to the block around.
    fn leave_path(&mut self, scopes: usize) {
        let inner: Vec<Scope> = self.scopes.drain(scopes..).collect();
        if let Some(scope) = self.scopes.last_mut() {
            let left = inner.into_iter().flat_map(|inner| inner.bound).filter(|symbol| scope.all.contains(symbol));
            scope.bound.extend(left);
        }
    }

    fn group(&mut self, group: &Group, top: bool) {
        for (key, value) in &group.pairs {
            self.node(key, top);
            self.node(value, top);
        }
    }
}

/// The variables that evaluating a node binds in the frame around it.
fn bound_in(node: &Node) -> Vec<Symbol> {
    let mut found = Vec::new();
    collect(node, &mut found);
    found
}

fn collect(node: &Node, found: &mut Vec<Symbol>) {
    if let Some(extra) = &node.extra {
        for stage in extra.predicates.iter().chain(&extra.stages) {
            if let Stage::Filter(predicate) = stage {
                collect(predicate, found);
            }
        }
        for (key, value) in extra.group.iter().flat_map(|group| &group.pairs) {
            collect(key, found);
            collect(value, found);
        }
    }
    match &node.kind {
        Kind::Bind(symbol, value) => {
            collect(value, found);
            found.push(*symbol);
        }
        Kind::Path(path) => path.steps.iter().for_each(|step| collect(step, found)),
        Kind::Chain(first, rest) => {
            collect(first, found);
            rest.iter().for_each(|(_, node)| collect(node, found));
        }
        Kind::Apply(first, rest) => {
            collect(first, found);
            rest.iter().for_each(|(_, node)| collect(node, found));
        }
        Kind::Negate(node) => collect(node, found),
        Kind::Array(nodes) => nodes.iter().for_each(|node| collect(node, found)),
        Kind::Object(group) => group.pairs.iter().for_each(|(key, value)| {
            collect(key, found);
            collect(value, found);
        }),
        Kind::Range(left, right) | Kind::Elvis(left, right) | Kind::Coalesce(left, right) => {
            collect(left, found);
            collect(right, found);
        }
        Kind::Condition(condition, then, otherwise) => {
            collect(condition, found);
            collect(then, found);
            if let Some(otherwise) = otherwise {
                collect(otherwise, found);
            }
        }
        Kind::Call(call) => {
            collect(&call.procedure, found);
            call.arguments.iter().for_each(|node| collect(node, found));
        }
        Kind::Partial(procedure, arguments) => {
            collect(procedure, found);
            arguments.iter().flatten().for_each(|node| collect(node, found));
        }
        Kind::Sort(terms) => terms.iter().for_each(|term| collect(&term.expression, found)),
        // Blocks and functions have frames of their own.
        Kind::Block(..)
        | Kind::Lambda(_)
        | Kind::Transform(_)
        | Kind::Literal(_)
        | Kind::Name(_)
        | Kind::Context
        | Kind::Variable(_)
        | Kind::Wildcard
        | Kind::Descendant
        | Kind::Parent(_)
        | Kind::Regex(_) => {}
    }
}
