//! Pictures from words.

#[rustfmt::skip]
mod beasts;
#[rustfmt::skip]
mod buildings;
pub mod codec;
mod compose;
mod draw;
pub mod finish;
#[rustfmt::skip]
mod food;
#[rustfmt::skip]
mod fowl;
mod ground;
pub mod mark;
#[rustfmt::skip]
mod objects;
#[rustfmt::skip]
mod plants;
pub mod scene;
#[rustfmt::skip]
mod sitters;
mod sky;
pub mod thing;
#[rustfmt::skip]
mod vehicles;
#[rustfmt::skip]
pub mod wear;

pub use codec::{Format, decode, encode};
pub use scene::Scene;

use crate::cancel::Work;
use crate::error::StudioError;
use crate::paint::chance::{VERSION, seed_of};
use crate::paint::filter::Picture;
use crate::paint::{Style, pen::Pen};

/// The longest side of a picture that is made.
pub const SIDE_MAX: u32 = 2_048;
/// The shortest side that still shows something.
pub const SIDE_MIN: u32 = 64;

/// What a picture is asked to be.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageOrder {
    pub prompt: String,
    pub negative: String,
    pub style: Option<Style>,
    pub width: u32,
    pub height: u32,
    pub seed: u64,
}

/// Facts that are written into files.
pub fn facts(engine: &str, seed: u64) -> Vec<(&'static str, String)> {
    vec![
        ("provider", "studio".to_owned()),
        ("engine", engine.to_owned()),
        ("seed", seed.to_string()),
        ("version", VERSION.to_owned()),
        ("Software", "Atelier studio, a built-in stand-in for image models".to_owned()),
    ]
}

/// The sides of an aspect ratio such as `16:9` within a square of `side`; `None` if it is none.
pub fn sides(aspect: &str, side: u32) -> Option<(u32, u32)> {
    let (across, down) = aspect.split_once([':', 'x'])?;
    let (across, down): (f64, f64) = (across.trim().parse().ok()?, down.trim().parse().ok()?);
    if !(across > 0.0 && down > 0.0 && across / down <= 8.0 && down / across <= 8.0) {
        return None;
    }
    let longer = across.max(down);
    // Even sides, as video needs them.
    let even =
        |part: f64| ((f64::from(side) * part / longer / 2.0).round() as u32 * 2).max(SIDE_MIN);
    Some((even(across), even(down)))
}

/// Fails if a size is not one that is made.
pub fn check_size(width: u32, height: u32) -> Result<(), StudioError> {
    if width.min(height) < SIDE_MIN {
        return Err(StudioError::Empty { what: "size" });
    }
    if width.max(height) > SIDE_MAX {
        return Err(StudioError::TooLarge { what: "side of the picture", max: SIDE_MAX.into() });
    }
    Ok(())
}

/// The seed of everything that is drawn for an order.
fn seed(order: &ImageOrder) -> u64 {
    // Not the style: one prompt is one scene, in whatever style.
    seed_of(&["image", &order.prompt, &order.negative], order.seed)
}

/// The scene of an order, without what it must not have.
fn scene(order: &ImageOrder) -> Scene {
    let mut scene = Scene::read(&order.prompt, order.style);
    let without = crate::words::words(&order.negative);
    scene.subjects.retain(|subject| {
        !without.iter().any(|word| thing::Thing::of_word(word) == Some(subject.thing))
    });
    scene
}

/// Makes a picture.
pub fn make(order: &ImageOrder, work: &Work) -> Result<Picture, StudioError> {
    check_size(order.width, order.height)?;
    let (back, front) = layers(order)?;
    work.check()?;
    let mut picture = finish::finish(&back, &front, &scene(order), seed(order));
    work.check()?;
    mark::mark(&mut picture);
    Ok(picture)
}

/// The two layers of a picture before it is finished, for what moves between them.
pub fn layers(order: &ImageOrder) -> Result<(Picture, Picture), StudioError> {
    let layers = compose::layers(&scene(order), order.width, order.height, seed(order))
        .ok_or(StudioError::Empty { what: "size" })?;
    let picture = |pen: &Pen| Picture::from_sheet(&pen.sheet);
    Ok((picture(&layers.back), picture(&layers.front)))
}
