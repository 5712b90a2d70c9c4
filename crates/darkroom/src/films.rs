//! Films: MP4. Every picture that its tables tell of is there, and the first ones of H.264 are
//! decoded, for a poster. Of other codecs there is none.

mod poster;
mod tables;

use std::ops::Range;

use assets::Parts;
use assets::probe::boxes;
use ports::{DarkroomError, Thumbnail};

use crate::flaw::{read, unreadable};
use poster::Config;
use tables::Table;

/// How many pictures are looked at for one that is not black: a second of a film.
pub(super) const LOOKED_AT: usize = 24;

/// The fields of a picture's description that come before its boxes.
const DESCRIPTION: u64 = 78;

/// What a poster takes of a track.
struct Track {
    config: Config,
    pictures: Vec<Range<u64>>,
}

/// Checks a film, and makes its poster.
pub(crate) fn look(file: &Parts) -> Result<Thumbnail, DarkroomError> {
    let top = read(boxes::within(file, 0..file.length()))?;
    let Some(head) = top.iter().find(|found| &found.name == b"moov") else {
        return unreadable("has no head");
    };
    let parts = read(boxes::within(file, head.content.clone()))?;
    let in_fragments = parts.iter().any(|part| &part.name == b"mvex");
    let mut first = None;
    let mut any = in_fragments;
    for part in parts.into_iter().filter(|part| &part.name == b"trak") {
        let Some(tables) = path(file, part.content, &[*b"mdia", *b"minf", *b"stbl"])? else {
            return unreadable("has a track without tables");
        };
        let table = Table::read(file, tables.clone())?;
        let pictures = table.check(file.length())?;
        any |= !table.is_empty();
        if let Some(config) = config(file, tables)? {
            first.get_or_insert(Track { config, pictures });
        }
    }
    if !any {
        return unreadable("has nothing in its tracks");
    }
    match first {
        // The pictures of a film in fragments are told of in each fragment, not in its head.
        Some(track) if !in_fragments => {
            poster::make(file, &track.config, &track.pictures).map(Thumbnail::Made)
        }
        Some(_) | None => Ok(Thumbnail::None),
    }
}

/// How H.264 is to be decoded, if the track is of a sort that is decoded here.
fn config(file: &Parts, tables: Range<u64>) -> Result<Option<Config>, DarkroomError> {
    let Some(descriptions) = read(boxes::first(file, tables, *b"stsd"))? else {
        return unreadable("has a track without a description");
    };
    // Four bytes of version and flags, four of how many.
    let descriptions = descriptions.start.saturating_add(8)..descriptions.end;
    let all = read(boxes::within(file, descriptions))?;
    let Some(found) = all.into_iter().find(|found| [*b"avc1", *b"avc3"].contains(&found.name))
    else {
        return Ok(None);
    };
    let inside = found.content.start.saturating_add(DESCRIPTION)..found.content.end;
    match read(boxes::first(file, inside, *b"avcC"))? {
        Some(content) => Config::read(file, content),
        None => unreadable("does not say how it is to be decoded"),
    }
}

/// The box that is found by going from box to box.
fn path(
    file: &Parts,
    mut place: Range<u64>,
    names: &[[u8; 4]],
) -> Result<Option<Range<u64>>, DarkroomError> {
    for name in names {
        match read(boxes::first(file, place, *name))? {
            Some(found) => place = found,
            None => return Ok(None),
        }
    }
    Ok(Some(place))
}
