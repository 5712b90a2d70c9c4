//! FLAC: every sample is decoded.

use std::io::Cursor;

use claxon::FlacReader;
use ports::DarkroomError;

use crate::flaw::{too_much, undecodable, unreadable};

/// How many samples are decoded, over all channels: three hours of two. Silence packs so well that
/// the length of a file bounds nothing.
const SAMPLES_MAX: u64 = 1024 * 1024 * 1024;

pub(crate) fn check(bytes: &[u8]) -> Result<(), DarkroomError> {
    let failed = || undecodable("cannot be decoded");
    let mut reader = FlacReader::new(Cursor::new(bytes)).map_err(|e| failed()(e.into()))?;
    let told = reader.streaminfo();
    let samples = told.samples.unwrap_or_default();
    if samples.saturating_mul(told.channels.into()) > SAMPLES_MAX {
        return too_much("lasts longer than is decoded");
    }
    let mut blocks = reader.blocks();
    let (mut buffer, mut decoded, mut work) = (Vec::new(), 0_u64, 0_u64);
    while let Some(block) = blocks.read_next_or_eof(buffer).map_err(|e| failed()(e.into()))? {
        decoded += u64::from(block.duration());
        work += u64::from(block.len());
        if work > SAMPLES_MAX {
            return too_much("lasts longer than is decoded");
        }
        buffer = block.into_buffer();
    }
    if decoded == 0 || decoded < samples { unreadable("ends too early") } else { Ok(()) }
}
