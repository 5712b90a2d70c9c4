//! Films: one of three that are kept, played so fast that it lasts as long as was asked for.

use super::Media;

const WIDE: &[u8] = include_bytes!("wide.mp4");
const TALL: &[u8] = include_bytes!("tall.mp4");
const SQUARE: &[u8] = include_bytes!("square.mp4");

/// How long the kept films last, in units of their time scale.
const UNITS: u32 = 907_200;

/// A film of so many seconds, in the shape of `width` and `height`.
pub(crate) fn film(seconds: u32, width: u32, height: u32) -> Media {
    let kept = match width.cmp(&height) {
        std::cmp::Ordering::Greater => WIDE,
        std::cmp::Ordering::Less => TALL,
        std::cmp::Ordering::Equal => SQUARE,
    };
    let mut bytes = kept.to_vec();
    // Units a second, of the film as a whole and of its one track.
    let scale = (UNITS / seconds.max(1)).to_be_bytes();
    for name in [b"mvhd", b"mdhd"] {
        let at = bytes.windows(4).position(|window| window == name);
        // After the name: version and flags, two times, the scale.
        let field = at.and_then(|at| bytes.get_mut(at + 16..at + 20));
        if let Some(field) = field {
            field.copy_from_slice(&scale);
        }
    }
    Media::new("video/mp4", bytes)
}
