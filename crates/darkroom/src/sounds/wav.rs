//! WAV: the sound is all there, and of a kind that players know.

use assets::Parts;
use ports::DarkroomError;

use crate::flaw::{read, unreadable};

/// Plain numbers, fractions, the two compressions of telephones, and the form that names its kind
/// further down.
const KINDS: [u16; 5] = [1, 3, 6, 7, 0xfffe];

/// No honest file has more chunks.
const CHUNKS_MAX: usize = 1_000;

pub(crate) fn check(file: &Parts) -> Result<(), DarkroomError> {
    let mut at = 12;
    for _ in 0..CHUNKS_MAX {
        let name: [u8; 4] = read(file.array(at))?;
        let length = u64::from(read(file.le32(at + 4))?);
        let rest = file.length() - (at + 8);
        match &name {
            b"fmt " => format(file, at + 8)?,
            // Whoever writes while they speak leaves the length open.
            b"data" if length == 0 || length >= u64::from(u32::MAX) - 64 => {
                return if rest > 0 { Ok(()) } else { unreadable("has no sound in it") };
            }
            b"data" if length > rest => return unreadable("ends too early"),
            b"data" => return Ok(()),
            _ => {}
        }
        at += 8 + length + length % 2;
    }
    unreadable("has too many chunks")
}

fn format(file: &Parts, at: u64) -> Result<(), DarkroomError> {
    let kind = read(file.le16(at))?;
    let (channels, rate) = (read(file.le16(at + 2))?, read(file.le32(at + 4))?);
    let (frame, depth) = (read(file.le16(at + 12))?, read(file.le16(at + 14))?);
    let fits = u32::from(frame) * 8 == u32::from(channels) * u32::from(depth);
    if KINDS.contains(&kind) && channels > 0 && rate > 0 && depth > 0 && fits {
        Ok(())
    } else {
        unreadable("keeps its sound in a way that is not known")
    }
}
