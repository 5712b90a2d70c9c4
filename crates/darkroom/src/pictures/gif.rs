//! GIF: every frame is decoded, and the first is the picture.

use std::io::Cursor;

use assets::Size;
use image::codecs::gif::GifDecoder;
use image::metadata::Orientation;
use image::{AnimationDecoder, DynamicImage, ImageDecoder};
use ports::DarkroomError;

use super::{Decoded, WORK_MAX, limits};
use crate::flaw::{too_much, undecodable, unreadable};

/// Two minutes at 25 frames a second.
const FRAMES_MAX: u64 = 3_000;

pub(super) fn decode(bytes: &[u8], size: Size) -> Result<Decoded, DarkroomError> {
    let failed = || undecodable("cannot be decoded");
    let decoder = GifDecoder::new(Cursor::new(bytes));
    let mut decoder = decoder.map_err(|error| failed()(error.into()))?;
    decoder.set_limits(limits()).map_err(|error| failed()(error.into()))?;
    let pixels = u64::from(size.width) * u64::from(size.height);
    let frames_max = FRAMES_MAX.min(WORK_MAX / pixels.max(1));
    let mut first = None;
    for (place, frame) in (0_u64..).zip(decoder.into_frames()) {
        let frame = frame.map_err(|error| failed()(error.into()))?;
        if place >= frames_max {
            return too_much("has more frames than are drawn");
        }
        first.get_or_insert_with(|| frame.into_buffer());
    }
    let Some(first) = first else { return unreadable("has no frame") };
    Ok(Decoded { picture: DynamicImage::ImageRgba8(first), orientation: Orientation::NoTransforms })
}
