use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::super::*;
use super::{BUCKET, object};
use crate::object_store::{MemoryStore, ObjectStore};

/// The text items of a compressed object of lines, read in pieces of so many bytes.
fn lines(bytes: &[u8], piece: usize) -> Result<Vec<String>, String> {
    let mut store = MemoryStore::with_pieces(piece, 1);
    store.insert(BUCKET, "object", bytes);
    let mut reader = ItemReader::new(&object(Format::JsonLines)).map_err(|error| error.cause)?;
    let mut lines = Vec::new();
    loop {
        let read = reader.read(1000, |request| store.answer(request)).map_err(|error| error.cause)?;
        lines.extend(read.items.into_iter().map(|item| item.value.to_json()));
        if read.is_last {
            return Ok(lines);
        }
    }
}

fn zstd(text: &str) -> Vec<u8> {
    compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
}

const BROKEN: &str = "The object is no valid zstd";

#[test]
fn objects_are_read_as_what_is_in_them() {
    let text: String = (0..50_000).map(|number| format!("{number}\n")).collect();
    let expected: Vec<_> = text.lines().map(str::to_owned).collect();
    // Frames after one another are one text, and one that holds no text is passed by.
    let note = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let bytes = [zstd(&text[..70_000]), note.to_vec(), zstd(&text[70_000..])].concat();
    assert!(bytes.len() < text.len());
    for piece in [1, 100, 1 << 20] {
        assert!(lines(&bytes, piece).as_ref() == Ok(&expected), "in pieces of {piece} bytes");
    }
}

#[test]
fn frames_as_another_program_makes_them() {
    let with_checksum = [
        0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x41, 0x00, 0x00, 0x61, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0x32, 0x0a, 0x35,
        0xe7, 0xca, 0xce,
    ];
    let without =
        [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 0x41, 0x00, 0x00, 0x61, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0x32, 0x0a];
    for bytes in [with_checksum.as_slice(), without.as_slice()] {
        for piece in [1, 2, 5, 100] {
            let mut store = MemoryStore::with_pieces(piece, 1);
            store.insert(BUCKET, "object", bytes);
            let csv = CsvFormat { delimiter: CsvDelimiter::Comma, header: Header::FirstRow };
            let mut reader = ItemReader::new(&object(Format::Csv(csv))).expect("CSV can be read");
            let items = reader.read(9, |request| store.answer(request)).expect("it is right").items;
            let items: Vec<_> = items.into_iter().map(|item| item.value.to_json()).collect();
            assert_eq!(items, [r#"{"a":"1","b":"2"}"#]);
        }
        let cut = lines(&bytes[..bytes.len() - 1], 100).expect_err("it is cut off");
        assert!(cut.starts_with(BROKEN), "{cut}");
    }
}

#[test]
fn repetitions_do_not_fill_the_memory() {
    // A frame of blocks of four bytes that become 128 KiB of newlines each: 16 GiB in all, of which a little is looked at.
    let header = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];
    let block = [&(1_u32 << 1 | 131_072 << 3).to_le_bytes()[..3], b"1"].concat();
    let bytes = [header.to_vec(), block.repeat(131_072)].concat();
    let error = lines(&bytes, 1 << 20).expect_err("the line is too long");
    assert_eq!(error, "Item 0 of the object is larger than 8388608 bytes.");
}

proptest! {
    #[test]
    fn no_bytes_break_it(mut bytes in prop::collection::vec(any::<u8>(), 0..64), at in 0usize..64, by in any::<u8>()) {
        let magic = [0x28, 0xb5, 0x2f, 0xfd];
        let _ = lines(&[magic.as_slice(), &bytes].concat(), 7);
        // A frame that was right but for one byte.
        bytes = zstd("[1, 2, 3]\n[4, 5, 6]\n[7, 8, 9]\n");
        let at = at % bytes.len();
        bytes[at] ^= by;
        let _ = lines(&bytes, 7);
    }
}
