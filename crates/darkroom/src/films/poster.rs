//! A poster: the first picture of a film that is not black.

use std::ops::Range;

use assets::Parts;
use image::{DynamicImage, RgbImage};
use openh264::OpenH264API;
use openh264::decoder::{DecodedYUV, Decoder, DecoderConfig, Flush};
use openh264::formats::YUVSource;
use ports::{DarkroomError, Print};

use crate::flaw::{read, too_much, undecodable, unreadable};
use crate::prints::{self, THUMBNAIL_SIDE};

/// What the decoder knows: baseline, main and high, at eight bits.
const PROFILES: [u8; 3] = [66, 77, 100];

/// What units of a stream begin with.
const START: [u8; 4] = [0, 0, 0, 1];

/// Brightness of 256 below which a picture is black to those who look at it. Black itself is 16.
const DARK: u64 = 28;

/// The largest that H.264 has a level for which the decoder knows: 4096 by 2304.
const PIXELS_MAX: usize = 4_096 * 2_304;

/// How a stream is to be decoded.
pub(super) struct Config {
    /// How many bytes tell the length of a unit.
    length_bytes: u64,
    /// What the decoder is told before the first picture.
    lead: Vec<u8>,
}

impl Config {
    /// `None` for a profile that is not decoded here.
    pub(super) fn read(file: &Parts, content: Range<u64>) -> Result<Option<Self>, DarkroomError> {
        let profile = read(file.byte(content.start + 1))?;
        if !PROFILES.contains(&profile) {
            return Ok(None);
        }
        let length_bytes = u64::from(read(file.byte(content.start + 4))? & 3) + 1;
        let mut lead = Vec::new();
        let mut at = content.start + 5;
        // First what holds for the stream, then what holds for its pictures.
        for mask in [0x1f, 0xff] {
            let count = read(file.byte(at))? & mask;
            at += 1;
            for _ in 0..count {
                let length = u64::from(read(file.be16(at))?);
                lead.extend(START);
                lead.extend(read(file.at(at + 2, length))?);
                at += 2 + length;
            }
        }
        Ok(Some(Self { length_bytes, lead }))
    }
}

/// Decodes the first pictures up to one that can be seen; of a film that begins in the dark, the
/// brightest of them.
pub(super) fn make(
    file: &Parts,
    config: &Config,
    pictures: &[Range<u64>],
) -> Result<Print, DarkroomError> {
    let failed = || undecodable("has pictures that cannot be decoded");
    // Pictures come in the order of decoding: the decoder keeps them until it is their turn.
    let settings = DecoderConfig::new().flush_after_decode(Flush::NoFlush);
    let mut decoder = Decoder::with_api_config(OpenH264API::from_source(), settings)
        .map_err(|error| failed()(error.into()))?;
    let mut best = None;
    let mut stream = config.lead.clone();
    for picture in pictures {
        append(file, picture, config.length_bytes, &mut stream)?;
        match decoder.decode(&stream) {
            Ok(Some(decoded)) if look(&decoded, &mut best)? => break,
            Ok(_) => {}
            // What is there is enough for a poster.
            Err(_) if best.is_some() => break,
            Err(error) => return Err(failed()(error.into())),
        }
        stream.clear();
    }
    if best.as_ref().is_none_or(|(bright, _)| *bright < DARK) {
        // What cannot be had of the rest is not missed.
        for decoded in decoder.flush_remaining().unwrap_or_default() {
            if look(&decoded, &mut best)? {
                break;
            }
        }
    }
    let Some((_, picture)) = best else {
        return unreadable("has no picture that can be decoded");
    };
    let picture = DynamicImage::ImageRgb8(picture);
    prints::print(&prints::shrink(picture, THUMBNAIL_SIDE, THUMBNAIL_SIDE))
}

/// Keeps a picture if it is brighter than those before. Answers whether it can be seen.
fn look(
    decoded: &DecodedYUV<'_>,
    best: &mut Option<(u64, RgbImage)>,
) -> Result<bool, DarkroomError> {
    let bright = brightness(decoded);
    if best.as_ref().is_none_or(|(before, _)| bright > *before) {
        *best = Some((bright, colours(decoded)?));
    }
    Ok(bright >= DARK)
}

/// Units that follow their lengths become units that follow a mark.
fn append(
    file: &Parts,
    picture: &Range<u64>,
    length_bytes: u64,
    stream: &mut Vec<u8>,
) -> Result<(), DarkroomError> {
    let mut at = picture.start;
    while at + length_bytes <= picture.end {
        let length = read(file.at(at, length_bytes))?;
        let length = length.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        at += length_bytes;
        if at.saturating_add(length) > picture.end {
            return unreadable("has a picture that ends too early");
        }
        stream.extend(START);
        stream.extend(read(file.at(at, length))?);
        at += length;
    }
    Ok(())
}

fn brightness(picture: &DecodedYUV<'_>) -> u64 {
    let (width, height) = picture.dimensions();
    let (stride, _, _) = picture.strides();
    let rows = picture.y().chunks(stride.max(1)).take(height);
    let sum: u64 = rows.flat_map(|row| row.iter().take(width)).map(|luma| u64::from(*luma)).sum();
    let count = u64::try_from(width.saturating_mul(height)).unwrap_or(u64::MAX);
    sum.checked_div(count).unwrap_or_default()
}

fn colours(picture: &DecodedYUV<'_>) -> Result<RgbImage, DarkroomError> {
    let (width, height) = picture.dimensions();
    if width.saturating_mul(height) > PIXELS_MAX {
        return too_much("has larger pictures than are decoded");
    }
    // Colours are noted for four pixels together: the conversion takes pictures of even sides.
    if width < 2 || height < 2 || width % 2 + height % 2 > 0 {
        return unreadable("has pictures of a size that is not known");
    }
    let mut bytes = vec![0; width * height * 3];
    picture.write_rgb8(&mut bytes);
    let side = |side: usize| u32::try_from(side).unwrap_or_default();
    match RgbImage::from_raw(side(width), side(height), bytes) {
        Some(picture) => Ok(picture),
        None => unreadable("has pictures of a size that is not known"),
    }
}
