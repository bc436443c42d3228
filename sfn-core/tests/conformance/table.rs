//! The figures of a run: an area a line, the total last.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;

/// What became of the cases, filled in as they end.
#[derive(Default)]
pub(crate) struct Table {
    outcomes: Mutex<BTreeMap<Arc<str>, Area>>,
}

/// The cases of an area: why each failed, if it did.
type Area = BTreeMap<Arc<str>, Option<String>>;

impl Table {
    /// Enters a case: `failure` says why it failed.
    pub(crate) fn enter(&self, area: &Arc<str>, id: &Arc<str>, failure: Option<String>) {
        let mut outcomes = self.outcomes.lock().expect("no case panics while it holds the table");
        outcomes.entry(area.clone()).or_default().insert(id.clone(), failure);
    }

    /// The cases that ran: id, and why it failed.
    pub(crate) fn outcomes(&self) -> Vec<(Arc<str>, Option<String>)> {
        let outcomes = self.outcomes.lock().expect("no case panics while it holds the table");
        outcomes.values().flatten().map(|(id, failure)| (id.clone(), failure.clone())).collect()
    }

    /// A line `area passed/total` for every area, and the line `total passed/total`.
    pub(crate) fn lines(&self) -> String {
        let outcomes = self.outcomes.lock().expect("no case panics while it holds the table");
        let mut out = String::new();
        let (mut passed_in_all, mut in_all) = (0, 0);
        for (area, cases) in outcomes.iter() {
            let passed = cases.values().filter(|failure| failure.is_none()).count();
            out.push_str(&format!("{area} {passed}/{}\n", cases.len()));
            passed_in_all += passed;
            in_all += cases.len();
        }
        out.push_str(&format!("total {passed_in_all}/{in_all}\n"));
        out
    }
}
