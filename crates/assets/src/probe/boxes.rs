//! The boxes that MP4 and AVIF are made of.

use std::ops::Range;

use super::STEPS_MAX;
use crate::parts::{Parts, Stop, unreadable};

/// A box: its name and where its content is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub name: [u8; 4],
    pub content: Range<u64>,
}

/// Every box in there, in order.
pub fn within(file: &Parts, place: Range<u64>) -> Result<Vec<Found>, Stop> {
    let mut found = Vec::new();
    each(file, place, |one| {
        found.push(one);
        false
    })?;
    Ok(found)
}

/// The first box of a name. What follows it is not read.
pub fn first(file: &Parts, place: Range<u64>, name: [u8; 4]) -> Result<Option<Range<u64>>, Stop> {
    let mut content = None;
    each(file, place, |one| {
        let wanted = one.name == name;
        if wanted {
            content = Some(one.content);
        }
        wanted
    })?;
    Ok(content)
}

/// Walks until `visit` has seen enough.
fn each(file: &Parts, place: Range<u64>, mut visit: impl FnMut(Found) -> bool) -> Result<(), Stop> {
    let mut at = place.start;
    for _ in 0..STEPS_MAX {
        if at >= place.end {
            return Ok(());
        }
        let (head, size) = match file.be32(at)? {
            0 => (8, place.end - at),
            1 => (16, file.be64(at + 8)?),
            size => (8, size.into()),
        };
        let end = at.checked_add(size).filter(|end| size >= head && *end <= place.end);
        let Some(end) = end else { return unreadable("has a broken box") };
        if visit(Found { name: file.array(at + 4)?, content: at + head..end }) {
            return Ok(());
        }
        at = end;
    }
    unreadable("has too many boxes")
}
