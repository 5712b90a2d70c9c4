//! Reads what there is to know of a file from its bytes: that it is what it is said to be, how
//! large its picture is and how long it lasts.
//!
//! A file a container; nothing is decoded.

mod avif;
pub mod boxes;
mod ebml;
mod flac;
mod jpeg;
pub mod mp3;
mod mp4;
mod ogg;
mod pictures;
mod text;
mod wav;

use crate::parts::{Parts, Stop, Unreadable, unreadable};
use crate::sniff::{HEAD, sniff};
use crate::{Kind, MediaType};

/// How often a reader may step on in one file: no honest file comes near, and each step may cost
/// a request to the store.
const STEPS_MAX: usize = 1_000;

/// Neither JPEG nor WebP can be larger, and no screen is.
const SIDE_MAX: u32 = 65_535;

/// 30 days: longer says that the number was not meant.
const DURATION_MAX_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

/// What the bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Of pictures and videos, in pixels.
    pub size: Option<Size>,
    /// Of videos and sounds. `None` too where a video was recorded without noting it.
    pub duration_ms: Option<u64>,
}

/// How large a picture is, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

impl Size {
    /// `None` for what is no size of a picture.
    pub fn new(width: u32, height: u32) -> Option<Self> {
        let valid = |side| (1..=SIDE_MAX).contains(&side);
        (valid(width) && valid(height)).then_some(Self { width, height })
    }

    fn area(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// Reads the file as the type that it is said to be of.
pub fn probe(file: &Parts, media: MediaType) -> Result<Facts, Stop> {
    if file.length() > media.kind().bytes_max() {
        return unreadable("is larger than files of its kind may be");
    }
    let found = sniff(file.at(0, HEAD.min(file.length()))?);
    let no_mark = matches!(media, MediaType::Json | MediaType::Text);
    if found != Some(media) && (found.is_some() || !no_mark) {
        return unreadable("is not of the type that it is said to be of");
    }
    let facts = match media {
        MediaType::Png => pictures::png(file),
        MediaType::Gif => pictures::gif(file),
        MediaType::Webp => pictures::webp(file),
        MediaType::Jpeg => jpeg::read(file),
        MediaType::Avif => avif::read(file),
        MediaType::Mp4 => mp4::read(file),
        MediaType::Webm => ebml::read(file),
        MediaType::Wav => wav::read(file),
        MediaType::Mp3 => mp3::read(file),
        MediaType::Ogg => ogg::read(file),
        MediaType::Flac => flac::read(file),
        MediaType::Json => text::json(file),
        MediaType::Text => text::plain(file),
        MediaType::Pdf => Ok(Facts::default()),
    }?;
    let incomplete = match media.kind() {
        Kind::Image | Kind::Video => facts.size.is_none(),
        Kind::Audio => facts.duration_ms.is_none(),
        Kind::Document => false,
    };
    let endless = facts.duration_ms.is_some_and(|duration| duration > DURATION_MAX_MS);
    if incomplete || endless {
        return unreadable("does not say how large it is or how long it lasts");
    }
    Ok(facts)
}

/// The same for a file that is there as a whole.
pub fn probe_whole(bytes: Vec<u8>, media: MediaType) -> Result<(Facts, Vec<u8>), Unreadable> {
    let file = Parts::whole(bytes);
    match probe(&file, media) {
        Ok(facts) => Ok((facts, file.into_bytes())),
        Err(Stop::Unreadable(problem)) => Err(problem),
        // What a whole file lacks lies beyond its end, which is the other case.
        Err(Stop::Need { .. }) => Err(Unreadable("ends too early")),
    }
}

fn picture(width: u32, height: u32) -> Result<Facts, Stop> {
    match Size::new(width, height) {
        Some(size) => Ok(Facts { size: Some(size), duration_ms: None }),
        None => unreadable("has no picture, or one that is too large"),
    }
}

fn sound(duration_ms: Option<u64>) -> Result<Facts, Stop> {
    Ok(Facts { size: None, duration_ms })
}

/// `units` at so many a second, in milliseconds. `None` for none a second.
fn millis(units: u64, per_second: u64) -> Option<u64> {
    let millis = u128::from(units) * 1_000;
    u64::try_from(millis.checked_div(u128::from(per_second))?).ok()
}

#[cfg(test)]
mod tests;
