//! The small mark in the corner that says that no camera and no model made this.

use super::finish::over;
use crate::paint::filter::Picture;
use crate::paint::{Look, Pen, Rgb, Style, letters};

/// Marks a picture.
pub(crate) fn mark(picture: &mut Picture) {
    let overlay = overlay(picture.width, picture.height);
    let marked = over(std::mem::replace(picture, Picture::empty()), &overlay);
    *picture = marked;
}

/// The mark alone, on nothing, as large as the picture that it is for.
pub(crate) fn overlay(width: u32, height: u32) -> Picture {
    let look = Look::new(Style::Illustration, Rgb(1.0, 1.0, 1.0));
    let Some(mut pen) = Pen::new(width, height, look) else { return Picture::empty() };
    let unit = (width.min(height) as f32 * 0.013).max(5.0);
    let wide = unit * 6.9;
    let (x, y) = (width as f32 - wide - unit * 1.6, height as f32 - unit * 2.6);
    let plate = crate::paint::pen::card(
        (x - unit * 0.8, y - unit * 0.6),
        (wide + unit, unit * 2.2),
        unit * 1.1,
    );
    if let Some(path) = plate {
        pen.wash(&path, Rgb::hex(0x14141c), 0.42);
    }
    if let Some(path) =
        crate::paint::pen::oval((x + unit * 0.05, y + unit * 0.5), unit * 0.32, unit * 0.32)
    {
        pen.shine(&path, Rgb::hex(0xf6c445));
    }
    letters::write(&mut pen, (x + unit * 0.75, y), unit, "studio", Rgb::hex(0xffffff), 0.9);
    Picture::from_sheet(&pen.sheet)
}
