//! Drawings (SVG): cleaned of everything that is not drawn, and made into pictures.

mod clean;
mod cost;
mod words;

use image::RgbaImage;
use ports::DarkroomError;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::flaw::{too_much, undecodable, unreadable};

pub use clean::clean;

/// The longest drawing, in bytes: ten times what a provider makes.
const BYTES_MAX: usize = 8 * 1024 * 1024;

/// The longer side of the picture of a drawing, which has no size of its own: as large as what
/// providers make.
const SIDE: f32 = 2_048.0;

/// How far into a file the first element must begin, after its comments.
const HEAD: usize = 4 * 1024;

/// The text of a file that looks like a drawing. `None` if it does not.
pub(crate) fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.trim_start();
    let cut = head.floor_char_boundary(HEAD);
    (head.starts_with('<') && head.get(..cut)?.contains("<svg")).then_some(text)
}

/// Draws what [`clean`] has left. What takes too long to draw is refused before.
pub(crate) fn draw(clean: &str) -> Result<RgbaImage, DarkroomError> {
    let tree = Tree::from_str(clean, &Options::default())
        .map_err(|error| undecodable("cannot be drawn")(error.into()))?;
    let (wide, high) = (tree.size().width(), tree.size().height());
    let scale = SIDE / wide.max(high);
    let (width, height) = (pixels(wide * scale), pixels(high * scale));
    if !cost::is_affordable(&tree, scale, (width, height)) {
        return too_much("takes longer to draw than it is given");
    }
    let Some(mut canvas) = Pixmap::new(width, height) else {
        return unreadable("has no size");
    };
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut canvas.as_mut());
    picture(&canvas)
}

fn pixels(side: f32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies between a pixel and the longest side"
    )]
    let side = side.round().clamp(1.0, SIDE) as u32;
    side
}

fn picture(canvas: &Pixmap) -> Result<RgbaImage, DarkroomError> {
    let plain = canvas.pixels().iter().map(|pixel| pixel.demultiply());
    let bytes = plain.flat_map(|p| [p.red(), p.green(), p.blue(), p.alpha()]).collect();
    match RgbaImage::from_raw(canvas.width(), canvas.height(), bytes) {
        Some(picture) => Ok(picture),
        None => unreadable("has no size"),
    }
}
