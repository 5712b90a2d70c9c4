//! WebM: elements within elements, up to the first cluster of frames.

use std::ops::Range;

use super::avif::MaxByArea;
use super::{DURATION_MAX_MS, Facts, STEPS_MAX, Size};
use crate::parts::{Parts, Stop, unreadable};

const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_a966;
const TIMESTAMP_SCALE: u32 = 0x002a_d7b1;
const DURATION: u32 = 0x4489;
const TRACKS: u32 = 0x1654_ae6b;
const TRACK_ENTRY: u32 = 0xae;
const VIDEO: u32 = 0xe0;
const PIXEL_WIDTH: u32 = 0xb0;
const PIXEL_HEIGHT: u32 = 0xba;
const CLUSTER: u32 = 0x1f43_b675;

/// One element: its name and where its content is.
struct Element {
    id: u32,
    content: Range<u64>,
}

pub(super) fn read(file: &Parts) -> Result<Facts, Stop> {
    let mut facts = Facts::default();
    let all = 0..file.length();
    let Some(segment) = within(file, all)?.into_iter().find(|found| found.id == SEGMENT) else {
        return unreadable("has no segment");
    };
    for part in within(file, segment.content)? {
        match part.id {
            INFO => facts.duration_ms = duration(file, part.content)?,
            TRACKS => facts.size = tracks(file, part.content)?,
            _ => {}
        }
    }
    Ok(facts)
}

/// Every element in there, up to the first cluster: frames are not looked at.
fn within(file: &Parts, place: Range<u64>) -> Result<Vec<Element>, Stop> {
    let mut found = Vec::new();
    let mut at = place.start;
    for _ in 0..STEPS_MAX {
        if at >= place.end {
            return Ok(found);
        }
        let (id, id_length) = number(file, at, 4, false)?;
        let id = u32::try_from(id).unwrap_or_default();
        if id == CLUSTER {
            return Ok(found);
        }
        let (size, size_length) = number(file, at + id_length, 8, true)?;
        let start = at + id_length + size_length;
        // All ones: a recording whose length nobody knew.
        let unknown = size == (1 << (7 * size_length)) - 1;
        let end = if unknown { Some(place.end) } else { start.checked_add(size) };
        // A file that was cut off is still one whose head can be read.
        let end = end.unwrap_or(place.end).min(place.end);
        found.push(Element { id, content: start.min(end)..end });
        at = end;
    }
    unreadable("has too many elements")
}

/// A number of variable length, with or without the bit that tells the length.
fn number(file: &Parts, at: u64, longest: u32, bare: bool) -> Result<(u64, u64), Stop> {
    let first = file.byte(at)?;
    let length = first.leading_zeros() + 1;
    if length > longest {
        return unreadable("has a broken element");
    }
    let mut value = u64::from(first);
    if bare {
        value &= (1 << (8 - length)) - 1;
    }
    for byte in file.at(at + 1, u64::from(length) - 1)? {
        value = value << 8 | u64::from(*byte);
    }
    Ok((value, length.into()))
}

fn duration(file: &Parts, content: Range<u64>) -> Result<Option<u64>, Stop> {
    let mut scale = 1_000_000;
    let mut length = None;
    for element in within(file, content)? {
        match element.id {
            TIMESTAMP_SCALE => scale = unsigned(file, &element.content)?,
            DURATION => length = Some(float(file, &element.content)?),
            _ => {}
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a scale is a round number")]
    let millis = length.map(|length| length * scale as f64 / 1e6);
    #[expect(clippy::cast_precision_loss, reason = "a bound need not be exact")]
    let possible = |millis: &f64| (0.0..=DURATION_MAX_MS as f64).contains(millis);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies between nothing and thirty days"
    )]
    Ok(millis.filter(possible).map(|millis| millis.round() as u64))
}

fn tracks(file: &Parts, content: Range<u64>) -> Result<Option<Size>, Stop> {
    let mut largest = None;
    for track in within(file, content)?.into_iter().filter(|found| found.id == TRACK_ENTRY) {
        for video in within(file, track.content)?.into_iter().filter(|found| found.id == VIDEO) {
            let (mut width, mut height) = (0, 0);
            for side in within(file, video.content)? {
                match side.id {
                    PIXEL_WIDTH => width = unsigned(file, &side.content)?,
                    PIXEL_HEIGHT => height = unsigned(file, &side.content)?,
                    _ => {}
                }
            }
            let side = |value| u32::try_from(value).unwrap_or_default();
            largest = largest.max_by_area(Size::new(side(width), side(height)));
        }
    }
    Ok(largest)
}

fn unsigned(file: &Parts, content: &Range<u64>) -> Result<u64, Stop> {
    let length = content.end - content.start;
    if length > 8 {
        return unreadable("has a number that is too long");
    }
    let bytes = file.at(content.start, length)?;
    Ok(bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

fn float(file: &Parts, content: &Range<u64>) -> Result<f64, Stop> {
    match content.end - content.start {
        4 => Ok(f32::from_bits(file.be32(content.start)?).into()),
        8 => Ok(f64::from_bits(file.be64(content.start)?)),
        _ => unreadable("has a broken number"),
    }
}
