//! The files that results are written to: `SUCCEEDED_n`, `FAILED_n`, `PENDING_n`, and the manifest that lists them.

use std::collections::VecDeque;
use std::sync::Arc;

use sfn_asl::definition::OutputType;
use sfn_asl::value::Value;

use super::Export;
use crate::object_store::ObjectPart;

/// Bytes of a piece that is written at once, but for the last one of a file: 5 MiB, the least that S3 takes.
const PART_BYTES: usize = 5 << 20;

/// A file of this size is full, and the next one begins: 5 GiB less what a last record may add.
const FILE_BYTES: u64 = (5 << 30) - (16 << 20);

/// By how the children ended that a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Failed,
    Pending,
    Succeeded,
}

impl Outcome {
    const ALL: [Outcome; 3] = [Outcome::Failed, Outcome::Pending, Outcome::Succeeded];

    fn name(self) -> &'static str {
        match self {
            Outcome::Failed => "FAILED",
            Outcome::Pending => "PENDING",
            Outcome::Succeeded => "SUCCEEDED",
        }
    }
}

/// Lays results out, and hands them on in pieces.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Writer {
    export: Export,
    run: Arc<str>,
    output_type: OutputType,
    files: [File; 3],
    /// Pieces that are to be written, the first one first.
    parts: VecDeque<ObjectPart>,
    /// The first one is being written.
    is_writing: bool,
    /// Children whose results were added.
    pub(super) children: u64,
    part_bytes: usize,
    file_bytes: u64,
}

/// The file of an outcome that is being filled.
#[derive(Clone, Debug, Default, PartialEq)]
struct File {
    number: u32,
    next_part: u32,
    size: u64,
    buffer: Vec<u8>,
    /// Those that are full: their keys and sizes.
    full: Vec<(Arc<str>, u64)>,
}

impl Writer {
    pub(super) fn new(export: Export, run: &Arc<str>, output_type: OutputType) -> Self {
        Writer::with_sizes(export, run, output_type, PART_BYTES, FILE_BYTES)
    }

    pub(super) fn with_sizes(
        export: Export,
        run: &Arc<str>,
        output_type: OutputType,
        part_bytes: usize,
        file_bytes: u64,
    ) -> Self {
        Writer {
            export,
            run: run.clone(),
            output_type,
            files: Default::default(),
            parts: VecDeque::new(),
            is_writing: false,
            children: 0,
            part_bytes,
            file_bytes,
        }
    }

    /// Adds a record to the file of its outcome.
    pub(super) fn add(&mut self, outcome: Outcome, record: &Value) {
        let file = &mut self.files[outcome as usize];
        let before = match (self.output_type, file.size) {
            (OutputType::JsonLines, _) => "",
            (OutputType::Json, 0) => "[",
            (OutputType::Json, _) => ",",
        };
        let after = if self.output_type == OutputType::JsonLines { "\n" } else { "" };
        file.extend(&[before, &record.to_json(), after]);
        if file.size >= self.file_bytes {
            self.finish(outcome);
        } else if file.buffer.len() >= self.part_bytes {
            self.cut(outcome, false);
        }
    }

    /// Finishes all files, and lists them in the manifest.
    pub(super) fn close(&mut self, map_run_arn: &str) {
        for outcome in Outcome::ALL {
            if self.files[outcome as usize].size > 0 {
                self.finish(outcome);
            }
        }
        let listed = |outcome: Outcome| {
            let full = self.files[outcome as usize].full.iter();
            let entry = |(key, size): &(Arc<str>, u64)| {
                Value::object([("Key", Value::from(&**key)), ("Size", Value::from(*size))])
            };
            (outcome.name(), Value::array(full.map(entry)))
        };
        let manifest = Value::object([
            ("DestinationBucket", Value::from(&*self.export.bucket)),
            ("MapRunArn", Value::from(map_run_arn)),
            ("ResultFiles", Value::object(Outcome::ALL.map(listed))),
        ]);
        self.parts.push_back(ObjectPart {
            bucket: self.export.bucket.clone(),
            key: self.manifest_key(),
            number: 0,
            bytes: manifest.to_json().into_bytes().into(),
            is_last: true,
        });
    }

    /// Goes on after a redrive. The files of what succeeded stay, those of what was pending begin anew; and so do those of
    /// what failed, if `all_redriven`: nothing that stands in them stays as it is.
    pub(super) fn reopen(&mut self, all_redriven: bool) {
        self.is_writing = false;
        let stays = |outcome| outcome == Outcome::Succeeded || (outcome == Outcome::Failed && !all_redriven);
        for outcome in Outcome::ALL.into_iter().filter(|outcome| !stays(*outcome)) {
            self.files[outcome as usize] = File::default();
        }
        let stays = |key: &str| {
            let file = key.rsplit('/').next().unwrap_or_default();
            Outcome::ALL.into_iter().filter(|outcome| stays(*outcome)).any(|outcome| file.starts_with(outcome.name()))
        };
        self.parts.retain(|part| stays(&part.key));
    }

    /// The key of the manifest.
    pub(super) fn manifest_key(&self) -> Arc<str> {
        self.export.key(&self.run, "manifest.json")
    }

    pub(super) fn bucket(&self) -> &str {
        &self.export.bucket
    }

    /// The piece to be written next, unless one is being written.
    pub(super) fn next_part(&self) -> Option<&ObjectPart> {
        self.parts.front().filter(|_| !self.is_writing)
    }

    /// The piece that is being written.
    pub(super) fn in_flight(&self) -> Option<&ObjectPart> {
        self.parts.front().filter(|_| self.is_writing)
    }

    /// True when nothing is left to be written.
    pub(super) fn is_idle(&self) -> bool {
        self.parts.is_empty()
    }

    /// True when more than the piece that is being written waits.
    pub(super) fn is_congested(&self) -> bool {
        self.parts.len() > 1
    }

    pub(super) fn part_started(&mut self) {
        self.is_writing = true;
    }

    pub(super) fn part_written(&mut self) {
        self.parts.pop_front();
        self.is_writing = false;
    }

    fn finish(&mut self, outcome: Outcome) {
        if self.output_type == OutputType::Json {
            self.files[outcome as usize].extend(&["]"]);
        }
        self.cut(outcome, true);
    }

    /// Takes what is in the buffer as a piece.
    fn cut(&mut self, outcome: Outcome, is_last: bool) {
        let file = &mut self.files[outcome as usize];
        let extension = if self.output_type == OutputType::JsonLines { "jsonl" } else { "json" };
        let key = self.export.key(&self.run, &format!("{}_{}.{extension}", outcome.name(), file.number));
        let bytes = std::mem::take(&mut file.buffer).into();
        self.parts.push_back(ObjectPart {
            bucket: self.export.bucket.clone(),
            key: key.clone(),
            number: file.next_part,
            bytes,
            is_last,
        });
        file.next_part += 1;
        if is_last {
            file.full.push((key, file.size));
            file.number += 1;
            file.next_part = 0;
            file.size = 0;
        }
    }
}

impl File {
    fn extend(&mut self, texts: &[&str]) {
        for text in texts {
            self.buffer.extend_from_slice(text.as_bytes());
            self.size += text.len() as u64;
        }
    }
}
