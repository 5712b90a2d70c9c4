//! A character alone on a plain ground, from one side: what sprite sheets are put together from.

use super::{Figure, Pose, rig};
use crate::cancel::Work;
use crate::error::StudioError;
use crate::image::scene::{Hour, Scene, Wear};
use crate::image::{check_size, finish, mark};
use crate::paint::chance::seed_of;
use crate::paint::filter::Picture;
use crate::paint::{Look, Pen, Rgb, Style};

/// The sides that a character is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Front,
    FrontLeft,
    Left,
    Back,
    Right,
    FrontRight,
}

impl Side {
    pub const ALL: [Self; 6] =
        [Self::Front, Self::FrontLeft, Self::Left, Self::Back, Self::Right, Self::FrontRight];

    /// In turns; left is the left of the picture.
    const fn yaw(self) -> f32 {
        match self {
            Self::Front => 0.0,
            Self::FrontLeft => -0.11,
            Self::Left => -0.25,
            Self::Back => 0.5,
            Self::Right => 0.25,
            Self::FrontRight => 0.11,
        }
    }
}

/// A character to draw.
#[derive(Debug, Clone)]
pub struct CharacterOrder {
    pub description: String,
    pub style: Option<Style>,
    pub side: Side,
    pub width: u32,
    pub height: u32,
    pub seed: u64,
}

/// Draws a character from a side, on a plain ground.
pub fn make(order: &CharacterOrder, work: &Work) -> Result<Picture, StudioError> {
    check_size(order.width, order.height)?;
    // Not the side: it is one and the same character.
    let seed = seed_of(&["character", &order.description], order.seed);
    let mut scene = Scene::read(&order.description, order.style);
    scene.hour = Hour::Day;
    let mut look = Look::new(scene.style, Rgb(1.0, 1.0, 1.0));
    if scene.style == Style::Minimalist {
        look.limited = Some([0x24344f, 0xd9744f, 0xf4ead8].map(Rgb::hex));
    }
    let figure = Figure::read(&order.description, seed);
    let (w, h) = (order.width as f32, order.height as f32);
    let ground = match scene.style {
        Style::Cyberpunk => [0x1a1038, 0x2c1650],
        Style::Noir => [0xb8b8b8, 0x8a8a8a],
        Style::Vintage => [0xf4e6c8, 0xe6d0a0],
        _ => [0xfafafa, 0xe9ebef],
    };
    let mut back =
        Pen::new(order.width, order.height, look).ok_or(StudioError::Empty { what: "size" })?;
    let [top, low] = ground.map(Rgb::hex);
    back.fade((0.0, 0.0), (w, h), &[(0.0, top, 1.0), (1.0, low, 1.0)]);
    let mut front =
        Pen::new(order.width, order.height, look).ok_or(StudioError::Empty { what: "size" })?;
    let hat = figure.wears.iter().any(|(worn, _)| matches!(worn, Wear::WizardHat | Wear::TopHat));
    let tall = (h * if hat { 0.68 } else { 0.78 }).min(w * 1.5);
    let feet = (w * 0.5, h * 0.93);
    front.shadow(feet, tall * 0.26, 0.4);
    let pose = Pose { yaw: order.side.yaw(), ..Pose::FRONT };
    front.at(feet, tall, false, |pen| rig::draw(pen, &figure, pose));
    work.check()?;
    let picture = |pen: &Pen| Picture::from_sheet(&pen.sheet);
    let mut made = finish::over(picture(&back), &picture(&front));
    if !matches!(scene.style, Style::Vintage | Style::Cyberpunk | Style::Fantasy) {
        finish::apply(&mut made, scene.style, seed);
    } else {
        made.paper(seed, 60.0, 0.03);
        made.bloom((w.min(h) * 0.012) as usize, 0.6, 0.3);
    }
    mark::mark(&mut made);
    Ok(made)
}
