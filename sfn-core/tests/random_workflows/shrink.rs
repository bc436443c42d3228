//! A workflow that fails is made smaller while it still fails.

use super::batch::{Disagreement, Package};
use super::source::Workflow;

/// How many smaller workflows are compiled at once, and how often.
const AT_ONCE: usize = 16;
const ROUNDS: usize = 30;

/// The smallest workflow found that fails under the same script, with how it fails; `None` when no smaller one does.
pub(super) fn shrink(workflow: &Workflow, found: &Disagreement) -> Option<(Workflow, Disagreement)> {
    let package = Package::new("random_workflows_smaller");
    let mut best: Option<(Workflow, Disagreement)> = None;
    for _ in 0..ROUNDS {
        let current = best.as_ref().map_or(workflow, |(workflow, _)| workflow);
        let candidates = current.smaller();
        let next = candidates.chunks(AT_ONCE).find_map(|chunk| {
            let numbered = chunk.iter().enumerate().collect();
            if package.compile_some(numbered).0.is_empty() {
                return None;
            }
            let mut ran = package.run(found.script, 1);
            // A difference that hides behind another would be lost; what hangs is not followed.
            ran.disagreements.sort_by_key(|disagreement| disagreement.workflow);
            let failing = ran.disagreements.into_iter().next()?;
            Some((chunk[failing.workflow].clone(), failing))
        });
        match next {
            Some(smaller) => best = Some(smaller),
            None => break,
        }
    }
    best
}
