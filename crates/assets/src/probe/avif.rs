//! AVIF: among the properties of the items in it, the largest picture is the whole.

use super::{Facts, Size, boxes};
use crate::parts::{Parts, Stop, unreadable};

pub(super) fn read(file: &Parts) -> Result<Facts, Stop> {
    let Some(meta) = boxes::first(file, 0..file.length(), *b"meta")? else {
        return unreadable("has no head");
    };
    // Four bytes of version and flags come before what is in it.
    let meta = meta.start.saturating_add(4)..meta.end;
    let Some(properties) = boxes::first(file, meta, *b"iprp")? else {
        return unreadable("has no properties");
    };
    let Some(properties) = boxes::first(file, properties, *b"ipco")? else {
        return unreadable("has no properties");
    };
    let mut largest: Option<Size> = None;
    for property in boxes::within(file, properties)? {
        if &property.name == b"ispe" {
            let at = property.content.start;
            let size = Size::new(file.be32(at + 4)?, file.be32(at + 8)?);
            largest = largest.max_by_area(size);
        }
    }
    Ok(Facts { size: largest, duration_ms: None })
}

/// The larger of two that may not be there.
pub(super) trait MaxByArea {
    fn max_by_area(self, other: Option<Size>) -> Option<Size>;
}

impl MaxByArea for Option<Size> {
    fn max_by_area(self, other: Option<Size>) -> Option<Size> {
        self.into_iter().chain(other).max_by_key(|size| size.area())
    }
}
