//! MP4: the head may stand at either end of the file.

use std::ops::Range;

use super::avif::MaxByArea;
use super::{Facts, Size, boxes, millis};
use crate::parts::{Parts, Stop, unreadable};

pub(super) fn read(file: &Parts) -> Result<Facts, Stop> {
    let Some(head) = boxes::first(file, 0..file.length(), *b"moov")? else {
        return unreadable("has no head");
    };
    let mut size = None;
    let mut facts = Facts::default();
    for part in boxes::within(file, head)? {
        match &part.name {
            b"mvhd" => facts.duration_ms = duration(file, &part.content)?,
            b"trak" => size = size.max_by_area(track(file, part.content)?),
            _ => {}
        }
    }
    Ok(Facts { size, ..facts })
}

/// `None` for one that was written while it was recorded.
fn duration(file: &Parts, content: &Range<u64>) -> Result<Option<u64>, Stop> {
    let at = content.start;
    let (units, length) = match file.byte(at)? {
        0 => (file.be32(at + 12)?, u64::from(file.be32(at + 16)?)),
        1 => (file.be32(at + 20)?, file.be64(at + 24)?),
        _ => return unreadable("has a head of another version"),
    };
    let unknown = length == 0 || length == u64::from(u32::MAX) || length == u64::MAX;
    Ok(if unknown { None } else { millis(length, units.into()) })
}

/// The size at which a track is shown. `None` for one that is not seen.
fn track(file: &Parts, content: Range<u64>) -> Result<Option<Size>, Stop> {
    let Some(head) = boxes::first(file, content, *b"tkhd")? else {
        return unreadable("has a track without a head");
    };
    let matrix = match file.byte(head.start)? {
        0 => head.start + 40,
        1 => head.start + 52,
        _ => return unreadable("has a track of another version"),
    };
    // Fixed-point numbers, of which the whole part comes first.
    let (width, height) = (file.be16(matrix + 36)?.into(), file.be16(matrix + 40)?.into());
    // A telephone that is held upright notes a quarter turn.
    let turned = file.be32(matrix)? == 0 && file.be32(matrix + 16)? == 0;
    Ok(if turned { Size::new(height, width) } else { Size::new(width, height) })
}
