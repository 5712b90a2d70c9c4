//! MP3: frames are counted, which tells how long it lasts whatever its head says.

use assets::Parts;
use assets::probe::mp3::{Count, count};
use ports::DarkroomError;

use crate::flaw::{read, unreadable};

/// What may stand behind the sound.
const TAGS: [&[u8]; 4] = [b"TAG", b"APETAGEX", b"ID3", b"LYRICSBEGIN"];

/// Longer than any frame: the rest of one that was cut is forgiven, as it is by players.
const FRAME_MAX: u64 = 2_881;

/// In milliseconds. A file that has fewer frames than its head tells of is refused.
pub(crate) fn duration(file: &Parts) -> Result<u64, DarkroomError> {
    let Count { frames, duration_ms, told, end } = read(count(file))?;
    if frames == 0 || told.is_some_and(|told| frames < told) {
        return unreadable("ends too early");
    }
    let rest = file.length().saturating_sub(end);
    let tail = read(file.at(file.length() - rest, rest))?;
    let tagged = TAGS.iter().any(|tag| tail.starts_with(tag));
    let padding = tail.iter().all(|byte| *byte == 0);
    if rest > FRAME_MAX && !tagged && !padding {
        return unreadable("has bytes in it that are no sound");
    }
    Ok(duration_ms)
}
