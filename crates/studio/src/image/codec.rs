//! Files of pictures: written with what made them, read within limits.

use std::io::Cursor;

use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageReader, Limits};

use crate::error::StudioError;
use crate::paint::filter::Picture;

/// What a picture is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Png,
    /// Lossless.
    WebP,
}

impl Format {
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// The longest side of a picture that is read: four times what is made.
const READ_SIDE_MAX: u32 = 8_192;
/// What reading one may take: a picture of the longest sides, and as much again for the decoder.
const READ_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Pixels of a picture that is read: a good camera's.
const READ_PIXELS_MAX: u64 = 40_000_000;

/// Writes a picture with facts about how it came to be.
pub fn encode(
    picture: &Picture,
    format: Format,
    facts: &[(&str, String)],
) -> Result<Vec<u8>, StudioError> {
    match format {
        Format::Png => png(picture, facts),
        Format::WebP => webp(picture),
    }
}

fn png(picture: &Picture, facts: &[(&str, String)]) -> Result<Vec<u8>, StudioError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    for (key, value) in facts {
        let plain: String =
            value.chars().filter(|c| c.is_ascii() && !c.is_ascii_control()).collect();
        encoder.add_text_chunk((*key).to_owned(), plain).map_err(StudioError::encode)?;
    }
    let mut writer = encoder.write_header().map_err(StudioError::encode)?;
    writer.write_image_data(&rgb(picture)).map_err(StudioError::encode)?;
    writer.finish().map_err(StudioError::encode)?;
    Ok(bytes)
}

fn webp(picture: &Picture) -> Result<Vec<u8>, StudioError> {
    let mut bytes = Vec::new();
    WebPEncoder::new_lossless(&mut bytes)
        .write_image(&rgb(picture), picture.width, picture.height, ExtendedColorType::Rgb8)
        .map_err(StudioError::encode)?;
    Ok(bytes)
}

fn rgb(picture: &Picture) -> Vec<u8> {
    picture.pixels.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

/// Reads a picture of PNG, JPEG, WebP or GIF. What is too large is refused before it is unpacked.
pub fn decode(bytes: &[u8]) -> Result<Picture, StudioError> {
    let reader = || {
        let mut reader = ImageReader::new(Cursor::new(bytes));
        let mut limits = Limits::default();
        limits.max_image_width = Some(READ_SIDE_MAX);
        limits.max_image_height = Some(READ_SIDE_MAX);
        limits.max_alloc = Some(READ_BYTES_MAX);
        reader.limits(limits);
        reader.with_guessed_format().map_err(StudioError::unreadable)
    };
    let (width, height) = reader()?.into_dimensions().map_err(StudioError::unreadable)?;
    if u64::from(width) * u64::from(height) > READ_PIXELS_MAX {
        return Err(StudioError::TooLarge { what: "input picture", max: READ_PIXELS_MAX });
    }
    let decoded = reader()?.decode().map_err(StudioError::unreadable)?.into_rgba8();
    Ok(Picture { width, height, pixels: decoded.into_raw() }.on_paper())
}
