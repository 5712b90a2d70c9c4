//! Sprite sheets: the views of a character side by side.

use assets::{Facts, probe_whole, sniff};
use image::{Rgba, RgbaImage, imageops};
use ports::{DarkroomError, Print, SHEET_VIEWS};

use crate::flaw::unreadable;
use crate::{pictures, prints};

const COLUMNS: u32 = 3;
const ROWS: u32 = 2;

/// The longest side of a cell: as large as views are made, so that a sheet stays below 8 megapixels.
const CELL_MAX: u32 = 1_024;

/// Puts six pictures on a grid of three by two, in their order. Cells are as large as the largest
/// view; smaller ones stand in the middle. The ground is white, unless something shows through a
/// view: then it is clear.
pub fn sheet(views: Vec<Vec<u8>>) -> Result<Print, DarkroomError> {
    if views.len() != SHEET_VIEWS {
        return unreadable("is not one of six views");
    }
    let views: Vec<RgbaImage> = views.into_iter().map(view).collect::<Result<_, _>>()?;
    let width = views.iter().map(RgbaImage::width).max().unwrap_or(1);
    let height = views.iter().map(RgbaImage::height).max().unwrap_or(1);
    let clear = views.iter().any(prints::shows_through);
    let ground = if clear { Rgba([0; 4]) } else { Rgba([255; 4]) };
    let mut sheet = RgbaImage::from_pixel(width * COLUMNS, height * ROWS, ground);
    for (place, view) in (0_u32..).zip(&views) {
        let (column, row) = (place % COLUMNS, place / COLUMNS);
        let x = column * width + (width - view.width()) / 2;
        let y = row * height + (height - view.height()) / 2;
        imageops::replace(&mut sheet, view, x.into(), y.into());
    }
    prints::png(&sheet)
}

/// One view, as it is held, no larger than a cell may be.
fn view(bytes: Vec<u8>) -> Result<RgbaImage, DarkroomError> {
    let Some(media) = sniff(&bytes) else { return unreadable("is of no type that is known") };
    let (Facts { size, .. }, bytes) = match probe_whole(bytes, media) {
        Ok(found) => found,
        Err(problem) => return unreadable(problem.0),
    };
    let decoded = pictures::decode(&bytes, media, size)?;
    let mut picture = decoded.picture;
    picture.apply_orientation(decoded.orientation);
    Ok(prints::shrink(picture, CELL_MAX, CELL_MAX))
}
