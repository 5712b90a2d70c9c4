//! Ogg: every page is there and has the checksum that it says. What is in them is not decoded.

use assets::Parts;
use ports::DarkroomError;

use crate::flaw::{read, unreadable};

/// The bytes of a page before its table.
const HEAD: u64 = 27;

/// Where the checksum stands in a page; it counts as nothing there.
const CHECKSUM: std::ops::Range<usize> = 22..26;

/// The remainders of all bytes by the polynomial of Ogg.
const TABLE: [u32; 256] = table();

pub(crate) fn check(file: &Parts) -> Result<(), DarkroomError> {
    let mut at = 0;
    while at < file.length() {
        if read(file.at(at, 5))? != b"OggS\0" {
            return unreadable("has bytes in it that are no page");
        }
        let segments = u64::from(read(file.byte(at + HEAD - 1))?);
        let lengths = read(file.at(at + HEAD, segments))?;
        let body: u64 = lengths.iter().map(|length| u64::from(*length)).sum();
        let length = HEAD + segments + body;
        let page = read(file.at(at, length))?;
        let told = u32::from_le_bytes(read(file.array(at + CHECKSUM.start as u64))?);
        if checksum(page) != told {
            return unreadable("has a page that is damaged");
        }
        at += length;
    }
    Ok(())
}

fn checksum(page: &[u8]) -> u32 {
    let bytes = page.iter().enumerate();
    bytes.fold(0, |sum: u32, (place, byte)| {
        let byte = if CHECKSUM.contains(&place) { 0 } else { *byte };
        let [high, ..] = sum.to_be_bytes();
        sum << 8 ^ TABLE.get(usize::from(high ^ byte)).copied().unwrap_or_default()
    })
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum >> 31 == 1 { sum << 1 ^ 0x04c1_1db7 } else { sum << 1 };
            bit += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
}
