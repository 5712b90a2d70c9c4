//! FLAC: so many samples at so many a second, in the first block.

use super::{Facts, millis, sound};
use crate::parts::{Parts, Stop, unreadable};

pub(super) fn read(file: &Parts) -> Result<Facts, Stop> {
    if file.byte(4)? & 0x7f != 0 {
        return unreadable("has no head");
    }
    // 20 bits of rate, 3 of channels, 5 of depth, 36 of samples.
    let bits = file.be64(18)?;
    let (rate, samples) = (bits >> 44, bits & 0xf_ffff_ffff);
    sound(if samples == 0 { None } else { millis(samples, rate) })
}
