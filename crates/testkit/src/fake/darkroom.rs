//! A darkroom that reads files and decodes none.

use assets::{MediaType, probe_whole, sniff};
use async_trait::async_trait;
use ports::{Darkroom, DarkroomError, Developed, Print, SHEET_VIEWS, Thumbnail};

/// What the last bytes of a whole PNG are.
const PNG_END: &[u8] = b"IEND\xae\x42\x60\x82";

/// Refuses what is of no type that is known, what cannot be read without decoding it, and a PNG
/// without its end.
#[derive(Debug, Default)]
pub struct FakeDarkroom {
    print: Option<Vec<u8>>,
}

impl FakeDarkroom {
    /// Makes no thumbnails. A sheet is its first view.
    pub fn new() -> Self {
        Self::default()
    }

    /// Has this picture for every thumbnail of what is seen, and for every sheet.
    pub fn printing(picture: Vec<u8>) -> Self {
        Self { print: Some(picture) }
    }
}

#[async_trait]
impl Darkroom for FakeDarkroom {
    async fn develop(&self, bytes: Vec<u8>) -> Result<Developed, DarkroomError> {
        let file = read(bytes)?;
        let thumbnail = match &self.print {
            Some(print) if file.facts.size.is_some() => Thumbnail::Made(read(print.clone())?),
            Some(_) | None => Thumbnail::None,
        };
        Ok(Developed { file, thumbnail })
    }

    async fn sheet(&self, views: Vec<Vec<u8>>) -> Result<Print, DarkroomError> {
        if views.len() != SHEET_VIEWS {
            return unreadable("is not one of six views");
        }
        let views: Vec<Print> = views.into_iter().map(read).collect::<Result<_, _>>()?;
        match (&self.print, views.into_iter().next()) {
            (Some(print), _) => read(print.clone()),
            (None, Some(view)) => Ok(view),
            (None, None) => unreadable("is not one of six views"),
        }
    }
}

fn read(bytes: Vec<u8>) -> Result<Print, DarkroomError> {
    let Some(media) = sniff(&bytes) else { return unreadable("is of no type that is known") };
    if media == MediaType::Png && !bytes.ends_with(PNG_END) {
        return unreadable("ends too early");
    }
    match probe_whole(bytes, media) {
        Ok((facts, bytes)) => Ok(Print { media, facts, bytes }),
        Err(problem) => unreadable(problem.0),
    }
}

fn unreadable<T>(what: &'static str) -> Result<T, DarkroomError> {
    Err(DarkroomError::Unreadable { what, cause: None })
}
