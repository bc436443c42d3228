//! Which step's input a `%` means.

use super::super::ast::{Kind, Node};
use super::super::failure::{Failure, Outcome};
use super::{Resolver, path_mut};

impl Resolver {
    /// Looks for the steps that the `%` of the path's last step mean; what is not found is left to the path around.
    pub(super) fn resolve_ancestry(&mut self, node: &mut Node) -> Outcome<()> {
        let path = path_mut(node);
        let last = path.steps.len() - 1;
        let mut slots = path.steps[last].extra.as_ref().map(|extra| extra.seeking.clone()).unwrap_or_default();
        if let Kind::Parent(slot) = path.steps[last].kind {
            slots.push(slot);
        }
        let mut unresolved = Vec::new();
        for slot in slots {
            let mut index = last;
            while self.slots[slot].level > 0 {
                if index == 0 {
                    unresolved.push(slot);
                    break;
                }
                index -= 1;
                // Of contiguous steps that bind the focus only the first has the input that is meant.
                while index > 0 && has_focus(&path.steps[index]) && has_focus(&path.steps[index - 1]) {
                    index -= 1;
                }
                self.seek_parent(&mut path.steps[index], slot)?;
            }
        }
        if !unresolved.is_empty() {
            node.extra_mut().seeking.extend(unresolved);
        }
        Ok(())
    }

    pub(super) fn seek_parent(&mut self, node: &mut Node, slot: usize) -> Outcome<()> {
        match &mut node.kind {
            Kind::Name(_) | Kind::Wildcard => {
                self.slots[slot].level -= 1;
                if self.slots[slot].level == 0 {
                    let extra = node.extra_mut();
                    if let Some(known) = extra.ancestor {
                        self.slots[slot].label = self.slots[known].label;
                    }
                    extra.ancestor = Some(slot);
                    extra.tuple = true;
                }
            }
            Kind::Parent(_) => self.slots[slot].level += 1,
            Kind::Block(expressions, _) => {
                if let Some(last) = expressions.last_mut() {
                    self.seek_parent(last, slot)?;
                    node.extra_mut().tuple = true;
                }
            }
            Kind::Path(path) => {
                let mut steps = path.steps.iter_mut().rev();
                if let Some(last) = steps.next() {
                    self.seek_parent(last, slot)?;
                }
                for step in steps {
                    if self.slots[slot].level <= 0 {
                        break;
                    }
                    self.seek_parent(step, slot)?;
                }
                node.extra_mut().tuple = true;
            }
            _ => return Err(Failure::at("S0217", node.position)),
        }
        Ok(())
    }
}

fn has_focus(node: &Node) -> bool {
    node.extra.as_ref().is_some_and(|extra| extra.focus.is_some())
}
