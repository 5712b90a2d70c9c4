//! Small files that decode: pictures, films and sounds, and what the plan does to their bytes.
//!
//! Nothing here is random: the same request makes the same bytes.

mod film;
mod jpeg;
mod png;
mod sound;
mod webp;

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

pub(crate) use film::film;
pub(crate) use sound::{Format as SoundFormat, Sound};

use crate::plan::Plan;
use crate::scenario::{Plain, Scenario};

const MIB: usize = 1 << 20;

/// Bytes, and what they are said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Media {
    pub(crate) content_type: String,
    pub(crate) bytes: Bytes,
}

impl Media {
    pub(crate) fn new(content_type: &str, bytes: Vec<u8>) -> Self {
        Self { content_type: content_type.to_owned(), bytes: Bytes::from(bytes) }
    }

    pub(crate) fn base64(&self) -> String {
        STANDARD.encode(&self.bytes)
    }

    pub(crate) fn data_url(&self) -> String {
        format!("data:{};base64,{}", self.content_type, self.base64())
    }

    pub(crate) fn extension(&self) -> &'static str {
        match self.content_type.as_str() {
            "image/png" => "png",
            "image/jpeg" => "jpg",
            "image/webp" => "webp",
            "image/svg+xml" => "svg",
            "video/mp4" => "mp4",
            "audio/mpeg" => "mp3",
            "audio/wav" => "wav",
            _ => "bin",
        }
    }
}

/// A picture to be made.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// `image/png`, `image/jpeg`, `image/webp` or `image/svg+xml`.
    pub(crate) content_type: &'static str,
    /// What it shows: other words, other colours.
    pub(crate) seed: u64,
}

impl Picture {
    pub(crate) fn new(width: u32, height: u32, content_type: &'static str, about: &str) -> Self {
        Self { width, height, content_type, seed: seed(about) }
    }

    pub(crate) fn draw(&self, plan: &Plan) -> Media {
        let black = plan.has(Plain::NsfwBlack);
        let shade = if black { 0 } else { 64 + u8::try_from(self.seed % 160).unwrap_or(0) };
        let bytes = match self.content_type {
            "image/jpeg" => jpeg::plain(self.width, self.height, shade),
            "image/webp" => {
                webp::plain(self.width, self.height, [shade, shade / 2, 255 - shade], black)
            }
            "image/svg+xml" => svg(self.width, self.height, shade),
            _ => png::bands(self.width, self.height, (!black).then_some(self.seed)),
        };
        spoilt(Media::new(self.content_type, bytes), plan)
    }
}

/// A number for a text.
pub(crate) fn seed(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// What the plan makes of good bytes.
pub(crate) fn spoilt(media: Media, plan: &Plan) -> Media {
    let huge = plan.find(|found| if let Scenario::Huge(mib) = found { Some(*mib) } else { None });
    if plan.has(Plain::Html) {
        let page = b"<!doctype html><html><title>Sorry</title><p>Something went wrong.</html>";
        return Media::new("text/html", page.to_vec());
    }
    if plan.has(Plain::WrongMagic) {
        let bytes: Vec<u8> = media.bytes.iter().map(|byte| byte ^ 0x55).collect();
        return Media { bytes: Bytes::from(bytes), ..media };
    }
    if let Some(mib) = huge {
        let mut bytes = media.bytes.to_vec();
        bytes.resize(usize::try_from(mib).unwrap_or(usize::MAX / MIB) * MIB, 0);
        return Media { bytes: Bytes::from(bytes), ..media };
    }
    media
}

fn svg(width: u32, height: u32, shade: u8) -> Vec<u8> {
    let (x, y, r) = (width / 2, height / 2, width.min(height) / 3);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\
         <circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"rgb({shade},80,160)\"/></svg>"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests;
