//! JPEG: the size stands in the first frame's head, behind any number of other segments.

use super::{Facts, STEPS_MAX, picture};
use crate::parts::{Parts, Stop, unreadable};

pub(super) fn read(file: &Parts) -> Result<Facts, Stop> {
    let mut at = 2;
    for _ in 0..STEPS_MAX {
        if file.byte(at)? != 0xff {
            return unreadable("has a broken segment");
        }
        match file.byte(at + 1)? {
            // Fill bytes, and markers that stand alone.
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc4 | 0xc8 | 0xcc => at += segment(file, at)?,
            0xc0..=0xcf => {
                return picture(file.be16(at + 7)?.into(), file.be16(at + 5)?.into());
            }
            0xd9 | 0xda => return unreadable("has no frame"),
            _ => at += segment(file, at)?,
        }
    }
    unreadable("has too many segments")
}

/// The length of a segment with its marker.
fn segment(file: &Parts, at: u64) -> Result<u64, Stop> {
    match file.be16(at + 2)? {
        0 | 1 => unreadable("has a broken segment"),
        length => Ok(u64::from(length) + 2),
    }
}
