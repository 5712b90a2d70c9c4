//! The small mark in the corner that says that no camera and no model made this.

use crate::paint::filter::Picture;
use crate::paint::{Look, Pen, Rgb, Style, letters};

/// Marks a picture.
pub fn mark(picture: &mut Picture) {
    let look = Look::new(Style::Illustration, Rgb(1.0, 1.0, 1.0));
    let (Some(sheet), Some(mut pen)) = (picture.to_sheet(), Pen::new(1, 1, look)) else { return };
    pen.sheet = sheet;
    let side = picture.width.min(picture.height) as f32;
    let height = (side * 0.013).max(5.0);
    let wide = height * 6.9;
    let (x, y) = (picture.width as f32 - wide - height * 1.6, picture.height as f32 - height * 2.6);
    if let Some(path) = crate::paint::pen::card((x - height * 0.8, y - height * 0.6), (wide + height, height * 2.2), height * 1.1) {
        pen.wash(&path, Rgb::hex(0x14141c), 0.42);
    }
    if let Some(path) = crate::paint::pen::oval((x + height * 0.05, y + height * 0.5), height * 0.32, height * 0.32) {
        pen.shine(&path, Rgb::hex(0xf6c445));
    }
    letters::write(&mut pen, (x + height * 0.75, y), height, "studio", Rgb::hex(0xffffff), 0.9);
    *picture = Picture::from_sheet(&pen.sheet);
}
