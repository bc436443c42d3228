//! What every reader shares: the list of findings, and the way from the root to where it reads.

use crate::definition::QueryLanguage;
use crate::diagnostic::{Code, Diagnostic};
use crate::location::{Location, Step};
use crate::validate::Options;
use crate::value::{Object, Value};

/// Says that a finding was reported, so that nothing else need be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reported;

/// What a reader gives. INVARIANT: an `Err` stands for at least one error in the list of findings.
pub(super) type Read<T> = Result<T, Reported>;

/// Collects the findings of one document.
pub(super) struct Reader<'o> {
    pub(super) options: &'o Options,
    /// `QueryLanguage` of the machine.
    pub(super) language: QueryLanguage,
    /// Scopes around the place that is being read.
    pub(super) nesting: u32,
    findings: Vec<Diagnostic>,
}

impl<'o> Reader<'o> {
    pub(super) fn new(options: &'o Options) -> Self {
        Reader { options, language: QueryLanguage::JsonPath, nesting: 0, findings: Vec::new() }
    }

    pub(super) fn into_findings(self) -> Vec<Diagnostic> {
        self.findings
    }

    pub(super) fn report(&mut self, finding: Diagnostic) -> Reported {
        self.findings.push(finding);
        Reported
    }

    /// Reports a breach of the schema at `place`.
    pub(super) fn schema(&mut self, place: Place<'_>, message: impl Into<String>) -> Reported {
        self.report(Diagnostic::new(Code::SchemaValidationFailed, place.location(), message))
    }

    /// The object at `place`.
    pub(super) fn object<'a>(&mut self, value: &'a Value, place: Place<'a>) -> Read<Fields<'a>> {
        match value.as_object() {
            Some(object) => Ok(Fields { object, place }),
            None => Err(self.expected(place, "Object")),
        }
    }

    /// Reports a value of the wrong type.
    pub(super) fn expected(&mut self, place: Place<'_>, kind: &str) -> Reported {
        self.schema(place, format!("Expected value of type {kind}"))
    }

    /// Reports every required field that is missing, in the order given.
    pub(super) fn require(&mut self, fields: &Fields<'_>, names: &[&str]) -> Read<()> {
        let missing: Vec<&str> = names.iter().copied().filter(|name| !fields.has(name)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(self.schema(fields.place, format!("These fields are required: [{}]", missing.join(", "))))
    }

    /// Reports every field that is not among `names`.
    pub(super) fn only(&mut self, fields: &Fields<'_>, names: &[&str]) -> Read<()> {
        let mut result = Ok(());
        for key in fields.object.keys() {
            if !names.contains(&key.as_ref()) {
                result = Err(self.unsupported(fields, key));
            }
        }
        result
    }

    /// Reports a field that cannot stand in this object.
    pub(super) fn unsupported(&mut self, fields: &Fields<'_>, key: &str) -> Reported {
        let finding = Diagnostic::new(
            Code::SchemaValidationFailed,
            fields.place.location(),
            format!("Field '{key}' is not supported"),
        );
        self.report(finding.at_key(key))
    }

    /// Reports fields that exclude each other.
    pub(super) fn exclusive(&mut self, fields: &Fields<'_>, names: &[&str]) -> Read<()> {
        let present: Vec<&str> = names.iter().copied().filter(|name| fields.has(name)).collect();
        if present.len() < 2 {
            return Ok(());
        }
        let message = format!("Only one of these fields can be set: [{}]", present.join(", "));
        let finding = Diagnostic::new(Code::SchemaValidationFailed, fields.place.location(), message);
        Err(self.report(finding.at_key(present[1])))
    }
}

/// An object of the document and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) object: &'a Object,
    pub(super) place: Place<'a>,
}

impl<'a> Fields<'a> {
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.object.contains_key(key)
    }

    /// The place of the member `key`.
    pub(super) fn at<'s>(&'s self, key: &'s str) -> Place<'s> {
        self.place.key(key)
    }
}

/// The way from the root to a value; it becomes a [`Location`] only when there is something to say about it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: PlaceStep<'a>,
}

#[derive(Clone, Copy)]
enum PlaceStep<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl Place<'_> {
    pub(crate) const ROOT: Place<'static> = Place { parent: None, step: PlaceStep::Root };

    pub(crate) fn key<'s>(&'s self, key: &'s str) -> Place<'s> {
        Place { parent: Some(self), step: PlaceStep::Key(key) }
    }

    pub(crate) fn index(&self, index: usize) -> Place<'_> {
        Place { parent: Some(self), step: PlaceStep::Index(index) }
    }

    pub(crate) fn location(&self) -> Location {
        let mut steps = Vec::new();
        let mut place = Some(self);
        while let Some(at) = place {
            match at.step {
                PlaceStep::Root => {}
                PlaceStep::Key(key) => steps.push(Step::Key(key.into())),
                PlaceStep::Index(index) => steps.push(Step::Index(index)),
            }
            place = at.parent;
        }
        steps.reverse();
        Location::from_steps(steps)
    }
}
