//! Videos of pictures in their order, or of words alone: H.264 in MP4, each shot as long as asked.

mod encode;
mod motion;
mod mp4;
mod shot;

pub use encode::{Video, check};
pub use shot::Shot;

use crate::cancel::Work;
use crate::error::StudioError;
use crate::image::{self, ImageOrder, finish};
use crate::paint::Style;
use crate::paint::chance::{Chance, seed_of};
use crate::paint::filter::Picture;

/// Pictures a second: the rate of films.
pub const RATE: u32 = 24;
/// The longest video that is made.
pub const MILLIS_MAX: u32 = 30_000;
/// The longer and the shorter side of the largest: 1080p.
pub const LONGER_MAX: u32 = 1_920;
pub const SHORTER_MAX: u32 = 1_080;

/// What a video is asked to be.
#[derive(Debug, Clone)]
pub struct VideoOrder {
    pub prompt: String,
    pub style: Option<Style>,
    /// Pictures and how many milliseconds each is shown; of words alone if there are none.
    pub frames: Vec<(Picture, u32)>,
    /// How long it is, if there are no pictures.
    pub millis: u32,
    pub width: u32,
    pub height: u32,
    pub seed: u64,
}

/// Makes a video, and tells `work` how far it is.
pub fn make(order: &VideoOrder, work: &Work) -> Result<Video, StudioError> {
    check(order)?;
    let seed = seed_of(&["video", &order.prompt], order.seed);
    let mut chance = Chance::new(seed);
    let shots = if order.frames.is_empty() {
        vec![of_words(order, &mut chance)?]
    } else {
        order
            .frames
            .iter()
            .map(|(picture, millis)| Shot::of(picture.clone(), *millis, &order.prompt, &mut chance))
            .collect()
    };
    work.check()?;
    encode::encode(order, &shots, seed, work)
}

/// One shot of words alone: what is near moves before what is far.
fn of_words(order: &VideoOrder, chance: &mut Chance) -> Result<Shot, StudioError> {
    let still = ImageOrder {
        prompt: order.prompt.clone(),
        negative: String::new(),
        style: order.style,
        width: order.width,
        height: order.height,
        seed: order.seed,
    };
    let (back, front) = image::layers(&still)?;
    let scene = image::Scene::read(&order.prompt, order.style);
    let whole = finish::finish(&back, &front, &scene, order.seed);
    let mut far = back;
    finish::apply(&mut far, scene.style, order.seed);
    // The near layer has the finished colours where it covers, so that both join without a seam.
    let mut near = whole;
    for (pixel, cover) in near.pixels.chunks_exact_mut(4).zip(front.pixels.chunks_exact(4)) {
        pixel[3] = cover[3];
    }
    Ok(Shot::layered(far, near, order.millis, &order.prompt, chance))
}
