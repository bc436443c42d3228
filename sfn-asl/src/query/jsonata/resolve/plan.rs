//! What depends on the whole tree: tail calls, and how each path can be walked.

use std::sync::Arc;

use super::super::ast::{Kind, Node, Stage};

/// Marks the calls whose value is the function's own value.
pub(super) fn mark_tail(node: &mut Node) {
    if node.keep_array {
        return;
    }
    if let Some(extra) = &node.extra
        && (!extra.predicates.is_empty() || extra.group.is_some())
    {
        return;
    }
    match &mut node.kind {
        Kind::Call(call) => call.tail = true,
        Kind::Condition(_, then, otherwise) => {
            mark_tail(then);
            if let Some(otherwise) = otherwise {
                mark_tail(otherwise);
            }
        }
        Kind::Elvis(_, right) | Kind::Coalesce(_, right) => mark_tail(right),
        Kind::Block(expressions, _) => {
            if let Some(last) = expressions.last_mut() {
                mark_tail(last);
            }
        }
        _ => {}
    }
}

/// Settles what depends on the whole tree: how each path can be walked.
pub(super) fn finish(node: &mut Node) {
    if let Kind::Path(path) = &mut node.kind {
        path.tuples = path.steps.iter().any(Node::is_tuple);
        path.plain = !path.tuples
            && !path.keep_singleton
            && path.steps.iter().enumerate().all(|(index, step)| {
                let bare = match step.kind {
                    Kind::Name(_) => true,
                    Kind::Variable(_) | Kind::Context => index == 0,
                    _ => false,
                };
                let extra = step.extra.as_ref();
                bare && !step.keep_array
                    && extra.is_none_or(|extra| extra.stages.is_empty() && extra.predicates.is_empty())
            });
    }
    if let Some(extra) = &mut node.extra {
        for stage in extra.predicates.iter_mut().chain(&mut extra.stages) {
            if let Stage::Filter(predicate) = stage {
                finish(predicate);
            }
        }
        if let Some(group) = &mut extra.group {
            group.pairs.iter_mut().for_each(|(key, value)| {
                finish(key);
                finish(value);
            });
        }
    }
    each_child(&mut node.kind, &mut finish);
}

fn each_child(kind: &mut Kind, visit: &mut dyn FnMut(&mut Node)) {
    match kind {
        Kind::Path(path) => path.steps.iter_mut().for_each(visit),
        Kind::Chain(first, rest) => {
            visit(first);
            rest.iter_mut().for_each(|(_, node)| visit(node));
        }
        Kind::Apply(first, rest) => {
            visit(first);
            rest.iter_mut().for_each(|(_, node)| visit(node));
        }
        Kind::Negate(node) | Kind::Bind(_, node) => visit(node),
        Kind::Array(nodes) | Kind::Block(nodes, _) => nodes.iter_mut().for_each(visit),
        Kind::Object(group) => group.pairs.iter_mut().for_each(|(key, value)| {
            visit(key);
            visit(value);
        }),
        Kind::Range(left, right) | Kind::Elvis(left, right) | Kind::Coalesce(left, right) => {
            visit(left);
            visit(right);
        }
        Kind::Condition(condition, then, otherwise) => {
            visit(condition);
            visit(then);
            if let Some(otherwise) = otherwise {
                visit(otherwise);
            }
        }
        Kind::Call(call) => {
            visit(&mut call.procedure);
            call.arguments.iter_mut().for_each(visit);
        }
        Kind::Partial(procedure, arguments) => {
            visit(procedure);
            arguments.iter_mut().flatten().for_each(visit);
        }
        Kind::Lambda(lambda) => {
            let lambda = Arc::get_mut(lambda).expect("the tree is not shared while it is built");
            visit(&mut lambda.body);
        }
        Kind::Transform(transform) => {
            let transform = Arc::get_mut(transform).expect("the tree is not shared while it is built");
            visit(&mut transform.pattern);
            visit(&mut transform.update);
            if let Some(delete) = &mut transform.delete {
                visit(delete);
            }
        }
        Kind::Sort(terms) => terms.iter_mut().for_each(|term| visit(&mut term.expression)),
        Kind::Literal(_)
        | Kind::Name(_)
        | Kind::Context
        | Kind::Variable(_)
        | Kind::Wildcard
        | Kind::Descendant
        | Kind::Parent(_)
        | Kind::Regex(_) => {}
    }
}
