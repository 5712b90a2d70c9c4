//! Pictures: PNG, JPEG, WebP and GIF, decoded as a whole. What a picture claims is looked at before
//! anything is unpacked.

mod gif;
mod whole;

use std::io::Cursor;

use assets::{MediaType, Size};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use ports::DarkroomError;

use crate::flaw::{too_much, undecodable, unreadable};

/// The most pixels of a picture: one of 8K by 8K. Eight times what providers make.
pub(crate) const PIXELS_MAX: u64 = 64 * 1024 * 1024;

/// What unpacking one may take: the largest with four bytes a pixel, and half as much again for the
/// decoder.
const MEMORY_MAX: u64 = 384 * 1024 * 1024;

/// How many pixels may be drawn in all, over the frames of a film of pictures or the passes of one
/// that comes in passes: a few seconds of work.
const WORK_MAX: u64 = 512 * 1024 * 1024;

/// A picture, and how it is to be held.
pub(crate) struct Decoded {
    pub(crate) picture: DynamicImage,
    pub(crate) orientation: Orientation,
}

/// Decodes a picture of one of the four types. `size` is what its head says: one that comes out
/// otherwise is refused. Of several frames all are decoded, and the first is the picture.
pub(crate) fn decode(
    bytes: &[u8],
    media: MediaType,
    size: Option<Size>,
) -> Result<Decoded, DarkroomError> {
    let Some(size) = size else { return unreadable("does not say how large it is") };
    let pixels = u64::from(size.width) * u64::from(size.height);
    if pixels > PIXELS_MAX {
        return too_much("has more pixels than are unpacked");
    }
    let format = match media {
        MediaType::Png => ImageFormat::Png,
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Webp => ImageFormat::WebP,
        MediaType::Gif => return gif::decode(bytes, size),
        MediaType::Avif
        | MediaType::Mp4
        | MediaType::Webm
        | MediaType::Wav
        | MediaType::Mp3
        | MediaType::Ogg
        | MediaType::Flac
        | MediaType::Json
        | MediaType::Text
        | MediaType::Pdf => return unreadable("is of no type that is decoded"),
    };
    let passes = whole::check(bytes, format)?;
    if pixels.saturating_mul(passes) > WORK_MAX {
        return too_much("has more passes than are drawn");
    }
    let failed = || undecodable("cannot be decoded");
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|error| failed()(error.into()))?;
    if decoder.total_bytes() > MEMORY_MAX {
        return too_much("takes more memory than it is given");
    }
    if decoder.dimensions() != (size.width, size.height) {
        return unreadable("is of another size than its head says");
    }
    // A note of how it is to be held that cannot be read is none.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| failed()(error.into()))?;
    Ok(Decoded { picture, orientation })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY_MAX);
    limits
}
