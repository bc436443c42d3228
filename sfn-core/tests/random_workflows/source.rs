//! The source of a workflow as a tree of statements, so that it can be made smaller.

use std::fmt::Write;

/// A workflow: the head of its function and the body.
#[derive(Clone)]
pub(super) struct Workflow {
    pub(super) signature: String,
    pub(super) body: Vec<Statement>,
}

/// A statement: texts with blocks between them, `if a {` .. `} else {` .. `}`.
#[derive(Clone)]
pub(super) struct Statement(pub(super) Vec<Part>);

/// A part of a statement.
#[derive(Clone)]
pub(super) enum Part {
    Text(String),
    Block(Vec<Statement>),
}

impl Statement {
    pub(super) fn line(text: impl Into<String>) -> Self {
        Statement(vec![Part::Text(text.into())])
    }

    fn size(&self) -> usize {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(_) => 0,
            Part::Block(block) => size(block),
        });
        1 + parts.sum::<usize>()
    }
}

fn size(block: &[Statement]) -> usize {
    block.iter().map(Statement::size).sum()
}

impl Workflow {
    /// How many statements there are.
    pub(super) fn size(&self) -> usize {
        size(&self.body)
    }

    /// The module that holds the workflow.
    pub(super) fn module(&self) -> String {
        let mut code = String::from("use crate::palette::*;\n\n");
        let _ = writeln!(code, "#[state_machine(timeout = \"1h\", test = false)]\n{} {{", self.signature);
        print(&self.body, 1, &mut code);
        code.push_str("}\n");
        code
    }

    /// Workflows with a statement less, or with the statements of a block in the place of what they stand in; the smallest
    /// first. Not all of them compile.
    pub(super) fn smaller(&self) -> Vec<Workflow> {
        let bodies = smaller(&self.body);
        let mut workflows: Vec<_> =
            bodies.into_iter().map(|body| Workflow { signature: self.signature.clone(), body }).collect();
        workflows.sort_by_key(Workflow::size);
        workflows
    }
}

fn smaller(block: &[Statement]) -> Vec<Vec<Statement>> {
    let mut found = Vec::new();
    for (index, statement) in block.iter().enumerate() {
        let mut replace = |with: Vec<Statement>| {
            let mut changed = block.to_vec();
            changed.splice(index..=index, with);
            found.push(changed);
        };
        replace(Vec::new());
        for (position, part) in statement.0.iter().enumerate() {
            let Part::Block(inner) = part else { continue };
            replace(inner.clone());
            for changed in smaller(inner) {
                let mut copy = statement.clone();
                copy.0[position] = Part::Block(changed);
                replace(vec![copy]);
            }
        }
    }
    found
}

fn print(block: &[Statement], depth: usize, code: &mut String) {
    for statement in block {
        code.push_str(&"    ".repeat(depth));
        for part in &statement.0 {
            match part {
                Part::Text(text) => code.push_str(text),
                Part::Block(block) => {
                    code.push_str("{\n");
                    print(block, depth + 1, code);
                    code.push_str(&"    ".repeat(depth));
                    code.push('}');
                }
            }
        }
        code.push('\n');
    }
}
