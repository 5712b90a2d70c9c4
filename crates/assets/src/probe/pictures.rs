//! Pictures whose size stands at a fixed place: PNG, GIF, WebP.

use super::{Facts, picture};
use crate::parts::{Parts, Stop, unreadable};

pub(super) fn png(file: &Parts) -> Result<Facts, Stop> {
    if file.at(12, 4)? != b"IHDR" {
        return unreadable("has no head");
    }
    picture(file.be32(16)?, file.be32(20)?)
}

pub(super) fn gif(file: &Parts) -> Result<Facts, Stop> {
    picture(file.le16(6)?.into(), file.le16(8)?.into())
}

/// Three forms: lossy, lossless, and extended with a canvas.
pub(super) fn webp(file: &Parts) -> Result<Facts, Stop> {
    const SIDE_BITS: u32 = 0x3fff;
    match file.at(12, 4)? {
        b"VP8 " if file.at(23, 3)? == b"\x9d\x01\x2a" => {
            let side = |raw: u16| u32::from(raw) & SIDE_BITS;
            picture(side(file.le16(26)?), side(file.le16(28)?))
        }
        b"VP8L" if file.byte(20)? == 0x2f => {
            let bits = file.le32(21)?;
            picture((bits & SIDE_BITS) + 1, ((bits >> 14) & SIDE_BITS) + 1)
        }
        b"VP8X" => {
            let side =
                |[low, middle, high]: [u8; 3]| u32::from_le_bytes([low, middle, high, 0]) + 1;
            picture(side(file.array(24)?), side(file.array(27)?))
        }
        _ => unreadable("has no head"),
    }
}
