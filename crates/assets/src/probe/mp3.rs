//! MP3: a head with the number of frames, or as long as its bytes last at its rate.

use super::{Facts, millis, sound};
use crate::parts::{Parts, Stop, unreadable};

/// How far behind the tags the first frame may begin.
const SEARCH: u64 = 4_096;

/// In kbit/s, by index, of version 1 and of the lower ones.
const BITRATES: [[u32; 15]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

const RATES: [u32; 3] = [44_100, 48_000, 32_000];

/// All frames of a file, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub frames: u64,
    pub duration_ms: u64,
    /// How many frames the file's head tells of, if it has one.
    pub told: Option<u64>,
    /// Where the bytes begin that are of no frame: tags, or the rest of a frame that was cut.
    pub end: u64,
}

/// What a frame's head says.
struct Frame {
    /// In bits a second.
    bitrate: u64,
    /// In samples a second.
    rate: u64,
    /// In this frame.
    samples: u64,
    length: u64,
    /// Where a head with the number of frames would be.
    info: u64,
}

pub(super) fn read(file: &Parts) -> Result<Facts, Stop> {
    let (at, frame) = first(file)?;
    let duration = match frames(file, at, &frame)? {
        Some(frames) => millis(frames * frame.samples, frame.rate),
        None => millis((file.length() - at) * 8, frame.bitrate),
    };
    sound(duration)
}

/// Goes through all frames of a file that is there as a whole. The head with their number is one
/// itself, and is counted by nobody.
pub fn count(file: &Parts) -> Result<Count, Stop> {
    let (start, lead) = first(file)?;
    let told = frames(file, start, &lead)?;
    let mut at = if told.is_some() { start + lead.length } else { start };
    let (mut frames, mut micros) = (0_u64, 0_u64);
    while at + 4 <= file.length() {
        let Some(frame) = frame(file.array(at)?) else { break };
        if frame.length < 4 || at + frame.length > file.length() {
            break;
        }
        frames += 1;
        micros = micros.saturating_add(frame.samples * 1_000_000 / frame.rate);
        at += frame.length;
    }
    Ok(Count { frames, duration_ms: micros / 1_000, told, end: at })
}

/// Where the first frame is, and what its head says.
fn first(file: &Parts) -> Result<(u64, Frame), Stop> {
    let start = behind_tags(file)?;
    for at in start..start + SEARCH {
        let Some(frame) = frame(file.array(at)?) else { continue };
        let next = at + frame.length;
        // Four bytes that look like a head may be anything: two in the right distance may not.
        if next + 4 <= file.length() && self::frame(file.array(next)?).is_none() {
            continue;
        }
        return Ok((at, frame));
    }
    unreadable("has no frame")
}

/// Where the tags end that may stand before the sound.
fn behind_tags(file: &Parts) -> Result<u64, Stop> {
    if file.at(0, 3)? != b"ID3" {
        return Ok(0);
    }
    let size: [u8; 4] = file.array(6)?;
    Ok(10 + size.iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f)))
}

fn frame(head: [u8; 4]) -> Option<Frame> {
    let [sync, version_and_layer, rates, channels] = head;
    let layer_three = sync == 0xff && version_and_layer & 0xe6 == 0xe2;
    // 0 is version 2.5, 2 is version 2, 3 is version 1.
    let version = version_and_layer >> 3 & 3;
    if !layer_three || version == 1 {
        return None;
    }
    let first = version == 3;
    let bitrates = BITRATES.get(usize::from(!first))?;
    let bitrate = *bitrates.get(usize::from(rates >> 4)).filter(|rate| **rate > 0)?;
    let rate = *RATES.get(usize::from(rates >> 2 & 3))?;
    let rate = match version {
        3 => rate,
        2 => rate / 2,
        _ => rate / 4,
    };
    let (samples, side) = match (first, channels >> 6 == 3) {
        (true, false) => (1_152, 32),
        (true, true) => (1_152, 17),
        (false, false) => (576, 17),
        (false, true) => (576, 9),
    };
    let padding = u64::from(rates >> 1 & 1);
    let (bitrate, rate) = (u64::from(bitrate) * 1_000, u64::from(rate));
    let length = samples / 8 * bitrate / rate + padding;
    Some(Frame { bitrate, rate, samples, length, info: 4 + side })
}

/// The number of frames, if a head has it.
fn frames(file: &Parts, at: u64, frame: &Frame) -> Result<Option<u64>, Stop> {
    if frame.length < frame.info + 12 || at + frame.length > file.length() {
        return Ok(None);
    }
    let info = at + frame.info;
    let with_frames =
        matches!(file.at(info, 4)?, b"Xing" | b"Info") && file.be32(info + 4)? & 1 == 1;
    if with_frames {
        return file.be32(info + 8).map(|frames| Some(frames.into()));
    }
    if frame.length >= 36 + 18 && file.at(at + 36, 4)? == b"VBRI" {
        return file.be32(at + 36 + 14).map(|frames| Some(frames.into()));
    }
    Ok(None)
}
