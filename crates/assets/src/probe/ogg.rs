//! Ogg with Vorbis or Opus in it: the last page tells how many samples there are.

use super::{Facts, millis, sound};
use crate::parts::{Parts, Stop, unreadable};

/// A page has at most 65,307 bytes, so that the last one begins in here.
const TAIL: u64 = 65_536;

/// What Opus counts in, whatever was recorded.
const OPUS_RATE: u64 = 48_000;

pub(super) fn read(file: &Parts) -> Result<Facts, Stop> {
    let packet = 27 + u64::from(file.byte(26)?);
    let (rate, skipped) = match file.at(packet, 8)? {
        b"OpusHead" => (OPUS_RATE, file.le16(packet + 10)?.into()),
        other if other.starts_with(b"\x01vorbis") => (file.le32(packet + 12)?.into(), 0),
        _ => return unreadable("has neither Vorbis nor Opus in it"),
    };
    let start = file.length().saturating_sub(TAIL);
    let tail = file.at(start, file.length() - start)?;
    let last = tail.windows(4).rposition(|four| four == b"OggS");
    let Some(last) = last.and_then(|last| u64::try_from(last).ok()) else {
        return unreadable("has no last page");
    };
    let samples = file.le64(start + last + 6)?;
    // All ones: a page on which no packet ends.
    if samples == u64::MAX {
        return unreadable("has a last page without an end");
    }
    sound(millis(samples.saturating_sub(skipped), rate))
}
