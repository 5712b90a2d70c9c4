//! WAV: so many bytes of sound at so many bytes a second.

use super::{Facts, STEPS_MAX, millis, sound};
use crate::parts::{Parts, Stop, unreadable};

pub(super) fn read(file: &Parts) -> Result<Facts, Stop> {
    let mut at = 12;
    let mut rate = None;
    for _ in 0..STEPS_MAX {
        let name: [u8; 4] = file.array(at)?;
        let length = u64::from(file.le32(at + 4)?);
        match (&name, rate) {
            (b"fmt ", _) => rate = Some(file.le32(at + 16)?),
            (b"data", Some(rate)) => {
                // A recorder that did not know the length leaves what it had at the beginning.
                let rest = file.length() - (at + 8);
                let length = if length == 0 { rest } else { length.min(rest) };
                return sound(millis(length, rate.into()));
            }
            (b"data", None) => return unreadable("does not say how its sound is kept"),
            _ => {}
        }
        // Chunks begin at even places.
        at += 8 + length + length % 2;
    }
    unreadable("has too many chunks")
}
