//! Looking at one file: what it is follows from its bytes, and each type is looked at in its own way.

use assets::{Facts, MediaType, Parts, probe, sniff};
use ports::{DarkroomError, Developed, Print, Thumbnail};

use crate::flaw::{read, unreadable};
use crate::{drawings, films, pictures, prints, sounds};

/// Looks at a whole file. Takes bounded time and memory, and never panics.
pub fn develop(bytes: Vec<u8>) -> Result<Developed, DarkroomError> {
    if bytes.is_empty() {
        return unreadable("is empty");
    }
    let Some(media) = sniff(&bytes) else {
        return match drawings::text(&bytes) {
            Some(text) => drawn(text),
            None => unreadable("is of no type that is known"),
        };
    };
    let file = Parts::whole(bytes);
    let facts = read(probe(&file, media))?;
    let (facts, thumbnail) = look(&file, media, facts)?;
    Ok(Developed { file: Print { media, facts, bytes: file.into_bytes() }, thumbnail })
}

fn look(file: &Parts, media: MediaType, facts: Facts) -> Result<(Facts, Thumbnail), DarkroomError> {
    let seen = |thumbnail| Ok((facts, thumbnail));
    let heard = |duration| Ok((Facts { duration_ms: Some(duration), ..facts }, Thumbnail::None));
    match media {
        MediaType::Png | MediaType::Jpeg | MediaType::Webp | MediaType::Gif => {
            let bytes = read(file.at(0, file.length()))?;
            seen(prints::thumbnail(pictures::decode(bytes, media, facts.size)?)?)
        }
        MediaType::Mp4 => seen(films::look(file)?),
        MediaType::Wav => {
            sounds::wav::check(file)?;
            seen(Thumbnail::None)
        }
        MediaType::Mp3 => heard(sounds::mp3::duration(file)?),
        MediaType::Ogg => {
            sounds::ogg::check(file)?;
            seen(Thumbnail::None)
        }
        MediaType::Flac => {
            sounds::flac::check(read(file.at(0, file.length()))?)?;
            seen(Thumbnail::None)
        }
        // Nothing here decodes them: their containers were read.
        MediaType::Avif | MediaType::Webm | MediaType::Json | MediaType::Text | MediaType::Pdf => {
            seen(Thumbnail::None)
        }
    }
}

/// A drawing is kept as a picture of it.
fn drawn(text: &str) -> Result<Developed, DarkroomError> {
    let picture = drawings::draw(&drawings::clean(text)?)?;
    let file = prints::png(&picture)?;
    Ok(Developed { thumbnail: prints::thumbnail(picture)?, file })
}
