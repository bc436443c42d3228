use crate::machine::step::Turn;
use crate::machine::{Event, FrameId};
use crate::program::ParallelNode;

impl Turn<'_> {
    pub(super) fn run_parallel(&mut self, id: FrameId, node: &ParallelNode) {
        let input = self
            .effective_input(id, &node.flow)
            .and_then(|effective| Ok(self.parameters(&self.view(id), &node.flow, &effective)?.into_owned()));
        match input {
            Ok(input) => {
                if self.fails_by_size(id, &input) {
                    return;
                }
                let branches =
                    u32::try_from(node.branches.len()).expect("a definition of a megabyte has less than 2^32 branches");
                self.emit(Event::ParallelStarted { frame: id, input, branches });
            }
            Err(error) => self.fail_evaluation(id, error),
        }
    }

    /// Starts the next branch, or ends the Parallel.
    pub(super) fn continue_parallel(&mut self, id: FrameId, node: &ParallelNode) {
        let children = self.machine.children(id);
        if children.can_start() {
            let index = children.started;
            let start = node.branches[index as usize].start;
            let frame = self.machine.frames.next_id();
            self.emit(Event::BranchStarted { parent: id, frame, index, start });
        } else if children.is_complete() {
            self.emit(Event::ChildrenSucceeded { frame: id });
        }
    }
}
