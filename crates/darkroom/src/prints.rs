//! Making pictures smaller, and files of them: JPEG where nothing shows through, else WebP or PNG,
//! which keep what does.

use std::io::Cursor;

use assets::{Facts, MediaType, Size};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, RgbaImage};
use ports::{DarkroomError, Print, Thumbnail};

use crate::flaw::{undecodable, unreadable};
use crate::pictures::Decoded;

/// The longer side of a thumbnail: twice what a gallery shows, for dense screens.
pub(crate) const THUMBNAIL_SIDE: u32 = 512;

/// Of a hundred: where a thumbnail of a photo has some forty kilobytes and shows no blocks.
const JPEG_QUALITY: u8 = 84;

const OPAQUE: u8 = 255;

/// A thumbnail of a file of this picture, held as the file says.
pub(crate) fn thumbnail(decoded: impl Into<Decoded>) -> Result<Thumbnail, DarkroomError> {
    let Decoded { picture, orientation } = decoded.into();
    if picture.width().max(picture.height()) <= THUMBNAIL_SIDE {
        return Ok(Thumbnail::Itself);
    }
    let mut small = DynamicImage::ImageRgba8(shrink(picture, THUMBNAIL_SIDE, THUMBNAIL_SIDE));
    small.apply_orientation(orientation);
    print(&small.into_rgba8()).map(Thumbnail::Made)
}

/// A picture that fits into `width` by `height`, of the same proportions. One that does already
/// stays as it is.
pub(crate) fn shrink(picture: DynamicImage, width: u32, height: u32) -> RgbaImage {
    if picture.width() <= width && picture.height() <= height {
        return picture.into_rgba8();
    }
    if !picture.color().has_alpha() {
        return picture.thumbnail(width, height).into_rgba8();
    }
    // What does not show must not colour what does: pixels weigh as much as they show.
    let mut weighed = picture.into_rgba8();
    for pixel in weighed.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        let weigh = |colour: u8| scale(colour, alpha, OPAQUE);
        pixel.0 = [weigh(red), weigh(green), weigh(blue), alpha];
    }
    let mut small = DynamicImage::ImageRgba8(weighed).thumbnail(width, height).into_rgba8();
    for pixel in small.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        let unweigh = |colour: u8| scale(colour, OPAQUE, alpha);
        pixel.0 = [unweigh(red), unweigh(green), unweigh(blue), alpha];
    }
    small
}

/// `colour` times `by`, parted by `of`, rounded; at most all of it.
fn scale(colour: u8, by: u8, of: u8) -> u8 {
    let (colour, by, of) = (u32::from(colour), u32::from(by), u32::from(of));
    let scaled = (colour * by + of / 2).checked_div(of).unwrap_or_default();
    u8::try_from(scaled).unwrap_or(OPAQUE)
}

/// A small picture as the smaller of its files.
pub(crate) fn print(picture: &RgbaImage) -> Result<Print, DarkroomError> {
    let (width, height) = picture.dimensions();
    let mut bytes = Vec::new();
    let (media, written) = if shows_through(picture) {
        let encoder = WebPEncoder::new_lossless(&mut bytes);
        let colours = ExtendedColorType::Rgba8;
        (MediaType::Webp, encoder.write_image(picture, width, height, colours))
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
        let plain: Vec<u8> =
            picture.pixels().flat_map(|&image::Rgba([r, g, b, _])| [r, g, b]).collect();
        let colours = ExtendedColorType::Rgb8;
        (MediaType::Jpeg, encoder.write_image(&plain, width, height, colours))
    };
    written.map_err(|error| undecodable("cannot be made smaller")(error.into()))?;
    printed(media, width, height, bytes)
}

/// A picture without any loss.
pub(crate) fn png(picture: &RgbaImage) -> Result<Print, DarkroomError> {
    let (width, height) = picture.dimensions();
    let mut bytes = Cursor::new(Vec::new());
    PngEncoder::new(&mut bytes)
        .write_image(picture, width, height, ExtendedColorType::Rgba8)
        .map_err(|error| undecodable("cannot be written as a picture")(error.into()))?;
    printed(MediaType::Png, width, height, bytes.into_inner())
}

pub(crate) fn shows_through(picture: &RgbaImage) -> bool {
    picture.pixels().any(|&image::Rgba([.., alpha])| alpha < OPAQUE)
}

fn printed(
    media: MediaType,
    width: u32,
    height: u32,
    bytes: Vec<u8>,
) -> Result<Print, DarkroomError> {
    let size = Size::new(width, height);
    if size.is_none() {
        return unreadable("has no pixels");
    }
    Ok(Print { media, facts: Facts { size, duration_ms: None }, bytes })
}

impl From<RgbaImage> for Decoded {
    fn from(picture: RgbaImage) -> Self {
        let orientation = image::metadata::Orientation::NoTransforms;
        Self { picture: DynamicImage::ImageRgba8(picture), orientation }
    }
}
