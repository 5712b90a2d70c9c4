//! Real files, broken files and hostile files.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "suite/any.rs"]
mod any;
#[path = "suite/bombs.rs"]
mod bombs;
#[path = "suite/drawings.rs"]
mod drawings;
#[path = "suite/formats.rs"]
mod formats;
#[path = "suite/local.rs"]
mod local;
#[path = "suite/small.rs"]
mod small;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use studio::Work;
use studio::image::{Format, ImageOrder, encode};
use studio::speech::{Engine, SoundFormat, SpeechOrder};
use studio::video::VideoOrder;

/// A picture as the studio makes them.
fn picture(width: u32, height: u32, format: Format) -> Vec<u8> {
    let (prompt, negative) = ("a fox in the snow".to_owned(), String::new());
    let order = ImageOrder { prompt, negative, style: None, width, height, seed: 7 };
    encode(&studio::image::make(&order, &Work::default()).unwrap(), format, &[]).unwrap()
}

fn film(millis: u32) -> Vec<u8> {
    let (prompt, frames) = ("a fox in the snow".to_owned(), Vec::new());
    let order =
        VideoOrder { prompt, style: None, frames, millis, width: 640, height: 360, seed: 7 };
    studio::video::make(&order, &Work::default()).unwrap().bytes
}

fn speech(format: SoundFormat) -> Vec<u8> {
    let order = SpeechOrder {
        text: "A fox in the snow.".to_owned(),
        voice: None,
        language: None,
        speed: 100,
        format,
        engine: Engine::BuiltIn,
    };
    studio::speech::make(&order, &Work::default()).unwrap().bytes
}

/// A picture of many colours, seen through in one half if it is to be.
fn colours(width: u32, height: u32, clear: bool) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let part = |at: u32, all: u32| u8::try_from(at * 255 / all).unwrap();
        let alpha = if clear && x < width / 2 { 0 } else { 255 };
        Rgba([part(x, width), part(y, height), part((x ^ y) % width, width), alpha])
    })
}

fn written(picture: &RgbaImage, format: ImageFormat) -> Vec<u8> {
    let picture = DynamicImage::ImageRgba8(picture.clone());
    let opaque = format == ImageFormat::Jpeg;
    let picture = if opaque { DynamicImage::ImageRgb8(picture.to_rgb8()) } else { picture };
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn read(bytes: &[u8]) -> RgbaImage {
    image::load_from_memory(bytes).unwrap().into_rgba8()
}
