use std::collections::VecDeque;
use std::sync::Arc;

use sfn_asl::definition::CsvDelimiter;
use sfn_asl::value::{Limits, Value};

use super::objects::ObjectReader;
use super::{CsvFormat, Format, Header, Next, ReadError, text};
use crate::object_store::{ObjectAnswer, ObjectLocation, ObjectRequest};

/// Most bytes of a manifest: 64 MiB.
const MANIFEST_BYTES: usize = 64 << 20;

/// The items of the objects that a manifest names.
#[derive(Debug)]
pub(super) struct ManifestReader {
    location: ObjectLocation,
    /// The format of the objects that a list of Athena names; an inventory tells its own.
    athena: Option<Format>,
    manifest: Vec<u8>,
    is_read: bool,
    objects: VecDeque<(ObjectLocation, Format)>,
    open: Option<ObjectReader>,
}

impl ManifestReader {
    pub(super) fn inventory(location: ObjectLocation) -> Self {
        ManifestReader {
            location,
            athena: None,
            manifest: Vec::new(),
            is_read: false,
            objects: VecDeque::new(),
            open: None,
        }
    }

    pub(super) fn athena(location: ObjectLocation, format: Format) -> Result<Self, ReadError> {
        ObjectReader::check(&format)?;
        Ok(ManifestReader { athena: Some(format), ..ManifestReader::inventory(location) })
    }

    pub(super) fn poll(&mut self) -> Result<Next, ReadError> {
        if !self.is_read {
            let offset = self.manifest.len() as u64;
            return Ok(Next::Needs(ObjectRequest::Get { location: self.location.clone(), offset }));
        }
        loop {
            if let Some(reader) = &mut self.open {
                match reader.poll()? {
                    Next::End => self.open = None,
                    next => return Ok(next),
                }
            }
            let Some((location, format)) = self.objects.pop_front() else { return Ok(Next::End) };
            self.open = Some(ObjectReader::new(location, &format)?);
        }
    }

    pub(super) fn answer(&mut self, answer: ObjectAnswer) -> Result<(), ReadError> {
        if let Some(reader) = &mut self.open {
            return reader.answer(answer);
        }
        let ObjectAnswer::Piece { bytes, is_last } = answer else {
            return Err(ReadError::new("The store answered with a list where an object was asked for."));
        };
        if self.manifest.len() + bytes.len() > MANIFEST_BYTES {
            return Err(ReadError::new(format!("The manifest is larger than {MANIFEST_BYTES} bytes.")));
        }
        if bytes.is_empty() && !is_last {
            return Err(ReadError::new("The store answered with an empty piece of an object that goes on."));
        }
        self.manifest.extend(bytes);
        self.is_read = is_last;
        if is_last {
            let manifest = std::mem::take(&mut self.manifest);
            self.objects = match &self.athena {
                Some(format) => addresses(text(&manifest)?, format)?,
                None => inventory(text(&manifest)?)?,
            };
        }
        Ok(())
    }
}

/// The objects that a list of Athena names: `s3://bucket/key`, one a line.
fn addresses(manifest: &str, format: &Format) -> Result<VecDeque<(ObjectLocation, Format)>, ReadError> {
    let lines = manifest.lines().map(|line| line.trim().trim_matches('"')).filter(|line| !line.is_empty());
    let object = |line: &str| {
        let address = line.strip_prefix("s3://").or_else(|| line.strip_prefix("S3://"));
        match address.and_then(|address| address.split_once('/')) {
            Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
                Ok((ObjectLocation { bucket: bucket.into(), key: key.into(), version_id: None }, format.clone()))
            }
            _ => Err(ReadError::new(format!("The manifest has a line that is no address of an object: {line}"))),
        }
    };
    lines.map(object).collect()
}

/// The objects that the `manifest.json` of an S3 inventory names. They are CSV without a header; `fileSchema` tells the
/// names of the columns.
fn inventory(manifest: &str) -> Result<VecDeque<(ObjectLocation, Format)>, ReadError> {
    let limits = Limits { bytes: MANIFEST_BYTES, ..Limits::default() };
    let manifest = Value::parse_within(manifest, &limits)
        .map_err(|error| ReadError::new(format!("The manifest is not valid JSON: {error}")))?;
    let member = |key: &str| {
        let missing = || ReadError::new(format!("The manifest of the inventory has no text '{key}'."));
        manifest.get(key).and_then(Value::as_str).ok_or_else(missing)
    };
    let file_format = member("fileFormat")?;
    if file_format != "CSV" {
        return Err(ReadError::new(format!("Inventories of the format {file_format} cannot be read; use CSV.")));
    }
    let names: Vec<Arc<str>> = member("fileSchema")?.split(',').map(|name| name.trim().into()).collect();
    let bucket = member("destinationBucket")?;
    let bucket: Arc<str> = bucket.rsplit(":::").next().unwrap_or(bucket).into();
    let format = Format::Csv(CsvFormat { delimiter: CsvDelimiter::Comma, header: Header::Given(names) });
    let files = manifest.get("files").and_then(Value::as_array);
    let files = files.ok_or_else(|| ReadError::new("The manifest of the inventory has no list 'files'."))?;
    let object = |file: &Value| match file.get("key").and_then(Value::as_str) {
        Some(key) => Ok((ObjectLocation { bucket: bucket.clone(), key: key.into(), version_id: None }, format.clone())),
        None => Err(ReadError::new("The manifest of the inventory names a file without a 'key'.")),
    };
    files.iter().map(object).collect()
}
