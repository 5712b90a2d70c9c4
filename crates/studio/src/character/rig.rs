//! The body of a character, turned to any side. Parts have places in the round, are turned, and are
//! drawn from the farthest to the nearest. One unit is the height; the feet are at the origin.

use super::figure::{Age, Body, Clothes, Figure};
use super::head;
use crate::image::scene::Wear;
use crate::image::wear;
use crate::paint::pen::Spot;
use crate::paint::{Pen, Rgb};

/// How a character stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// Where it looks, in turns: 0 is at us, a quarter to our right, a half away.
    pub yaw: f32,
    /// How far it strides, -1 to 1.
    pub stride: f32,
    pub seated: bool,
    /// One arm raised.
    pub waving: bool,
}

impl Pose {
    pub const FRONT: Self = Self { yaw: 0.0, stride: 0.0, seated: false, waving: false };
}

/// A yaw as its sine and cosine.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    pub sin: f32,
    pub cos: f32,
}

impl Turn {
    pub fn new(yaw: f32) -> Self {
        let angle = yaw * std::f32::consts::TAU;
        Self { sin: angle.sin(), cos: angle.cos() }
    }

    /// Where a spot beside (`x`) and before (`z`) the axis is seen.
    pub fn x(self, x: f32, z: f32) -> f32 {
        x * self.cos + z * self.sin
    }

    /// How near it is.
    pub fn depth(self, x: f32, z: f32) -> f32 {
        z * self.cos - x * self.sin
    }

    /// The half width of something `x` wide and `z` deep.
    pub fn width(self, x: f32, z: f32) -> f32 {
        ((x * self.cos).powi(2) + (z * self.sin).powi(2)).sqrt()
    }
}

type Part<'a> = (f32, Box<dyn Fn(&mut Pen) + 'a>);

/// Draws a character, feet at the origin and one unit high.
pub fn draw(pen: &mut Pen, figure: &Figure, pose: Pose) {
    let turn = Turn::new(pose.yaw);
    let mut parts: Vec<Part<'_>> = Vec::new();
    let skirt = matches!(figure.clothes, Clothes::Dress | Clothes::Robe | Clothes::Coat);
    for side in [-1.0, 1.0] {
        let near = turn.depth(side * 0.06, 0.0);
        parts.push((near * 0.15 - 0.02, Box::new(move |pen| leg(pen, figure, turn, side, pose))));
        let out = turn.depth(side * 0.16, 0.0) * 1.4;
        parts.push((out + 0.01, Box::new(move |pen| arm(pen, figure, turn, side, pose))));
    }
    parts.push((0.0, Box::new(move |pen| torso(pen, figure, turn))));
    if skirt {
        parts.push((0.005, Box::new(move |pen| hem(pen, figure, turn))));
    }
    if let Some(color) = figure.cape {
        parts.push((turn.depth(0.0, -0.2), Box::new(move |pen| cape(pen, turn, color))));
    }
    if let Some(color) = figure.backpack {
        parts.push((turn.depth(0.0, -0.19), Box::new(move |pen| pack(pen, figure, turn, color))));
    }
    if let Some((_, color)) = figure.wears.iter().find(|(wear, _)| *wear == Wear::Scarf) {
        let color = color.unwrap_or(Rgb::hex(0xc0303a));
        parts.push((0.3, Box::new(move |pen| scarf(pen, figure, turn, color))));
    }
    parts.push((0.25, Box::new(move |pen| head::draw(pen, figure, turn))));
    if turn.cos > -0.2 {
        // What hangs from the back of the head falls behind the shoulders.
        let back = turn.depth(0.0, -0.15) - 0.08;
        parts.push((back, Box::new(move |pen| head::draw_hair_behind(pen, figure, turn))));
    }
    parts.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, draw) in parts {
        draw(pen);
    }
}

/// The height of the shoulders: heads of children are larger.
pub fn neck(figure: &Figure) -> f32 {
    -1.0 + figure.head() * 2.0 + 0.01
}

fn hips(figure: &Figure) -> f32 {
    if figure.age == Age::Child { -0.34 } else { -0.42 }
}

fn leg(pen: &mut Pen, figure: &Figure, turn: Turn, side: f32, pose: Pose) {
    let top = hips(figure) + 0.02;
    let wide = 0.098 * figure.build.min(1.15);
    let hip = turn.x(side * 0.055 * figure.build, 0.0);
    let step = pose.stride * side * 0.11;
    let bare = figure.clothes == Clothes::Dress;
    let color = if bare { figure.skin } else { figure.bottom };
    let wide = if bare { wide * 0.7 } else { wide };
    if pose.seated {
        let knee = hip + 0.17 * turn.sin.abs().max(0.25) * turn.sin.signum();
        pen.limb(&[(hip, top), (knee, top + 0.03), (knee - 0.01, -0.12)], wide, color);
        pen.oval((knee + 0.03 * turn.sin, -0.1), 0.075, 0.042, figure.shoes);
        return;
    }
    let foot = turn.x(side * 0.062 * figure.build, 0.0) + step * turn.sin;
    let lift = if step * turn.sin.signum() < 0.0 { 0.03 * pose.stride.abs() } else { 0.0 };
    let ankle = -0.045 - lift;
    pen.limb(
        &[(hip, top), ((hip + foot) / 2.0 + 0.004 * side, top / 2.0), (foot, ankle)],
        wide,
        color,
    );
    let toe = foot + turn.sin * 0.035;
    let long = 0.052 + 0.03 * turn.sin.abs();
    let high = if matches!(figure.body, Body::Human) { 0.038 } else { 0.05 };
    let sole = -lift;
    pen.blob(
        &[
            (toe - long, sole),
            (toe - long, sole - high),
            (toe, sole - high * 1.6),
            (toe + long, sole - high),
            (toe + long, sole),
        ],
        figure.shoes,
    );
}

fn arm(pen: &mut Pen, figure: &Figure, turn: Turn, side: f32, pose: Pose) {
    let shoulder = neck(figure) + 0.055;
    let x = turn.x(side * 0.135 * figure.build, 0.0);
    let out = turn.x(side * 0.185 * figure.build, 0.015 + 0.1 * pose.stride * -side);
    let shades = side < 0.0 && figure.wears.iter().any(|(wear, _)| *wear == Wear::Umbrella);
    let hand = if shades {
        (out * 0.92, shoulder + 0.08)
    } else if pose.waving && side > 0.0 {
        (out + 0.1 * turn.cos.signum(), shoulder - 0.16)
    } else {
        (out, hips(figure))
    };
    let elbow = ((x + hand.0) / 2.0 + 0.016 * side * turn.cos, (shoulder + hand.1) / 2.0);
    let wide = 0.07 * figure.build.clamp(0.9, 1.15);
    let bare = figure.clothes == Clothes::Dress;
    let short = matches!(figure.clothes, Clothes::Shirt | Clothes::Overalls);
    let holds = side < 0.0 && !pose.waving;
    if holds {
        held(pen, figure, hand);
    }
    let sleeve = if figure.clothes == Clothes::Overalls { figure.trim } else { figure.top };
    if bare || short {
        pen.limb(&[(x, shoulder), elbow, hand], wide * 0.78, figure.skin);
        pen.limb(&[(x, shoulder), elbow], wide, sleeve);
    } else {
        let wrist = (hand.0 - (hand.0 - elbow.0) * 0.12, hand.1 - (hand.1 - elbow.1) * 0.12);
        pen.limb(&[(x, shoulder), elbow, wrist], wide, sleeve);
        if figure.clothes == Clothes::Robe {
            pen.poly(
                &[
                    (elbow.0 - 0.03, elbow.1),
                    (elbow.0 + 0.03, elbow.1),
                    (wrist.0 + 0.055, wrist.1 + 0.02),
                    (wrist.0 - 0.055, wrist.1 + 0.02),
                ],
                sleeve.dark(0.06),
            );
        }
    }
    let glove = match figure.body {
        Body::Human => figure.skin,
        Body::Robot | Body::Astronaut | Body::Knight => figure.shoes,
    };
    pen.disc(hand, 0.036, glove);
}

fn held(pen: &mut Pen, figure: &Figure, hand: Spot) {
    if figure.staff {
        pen.limb(&[(hand.0, hand.1 + 0.4), (hand.0, hand.1 - 0.46)], 0.022, Rgb::hex(0x7a5232));
        pen.glow((hand.0, hand.1 - 0.5), 0.14, Rgb::hex(0x8fe0ff), 0.7);
        pen.disc((hand.0, hand.1 - 0.5), 0.036, Rgb::hex(0x9be8ff));
    }
    for (worn, color) in &figure.wears {
        match worn {
            Wear::Sword => wear::sword(pen, hand),
            Wear::Umbrella => wear::umbrella(pen, hand, 0.5, color.unwrap_or(Rgb::hex(0xd9433f))),
            Wear::Balloon => wear::balloon(pen, hand, 0.5, color.unwrap_or(Rgb::hex(0xe0473f))),
            Wear::Hat
            | Wear::TopHat
            | Wear::WizardHat
            | Wear::Crown
            | Wear::Glasses
            | Wear::Scarf
            | Wear::Headphones
            | Wear::Bow => {}
        }
    }
}

fn torso(pen: &mut Pen, figure: &Figure, turn: Turn) {
    let (top, low) = (neck(figure), hips(figure));
    let build = figure.build;
    let waist = if figure.female { 0.082 } else { 0.098 } * build;
    let wide = turn.width(0.142 * build, 0.085);
    let middle = turn.width(waist, 0.082 * build);
    let base = turn.width(0.106 * build, 0.086 * build);
    let belly = turn.sin * 0.012 * (build - 0.6);
    pen.limb(&[(0.0, top + 0.03), (0.0, top - 0.05)], 0.07, figure.skin.dark(0.1));
    if figure.clothes != Clothes::Dress && figure.clothes != Clothes::Robe {
        pen.card((-base, low - 0.05), (base * 2.0, 0.1), 0.05, figure.bottom);
    }
    pen.blob(
        &[
            (-wide * 0.55, top + 0.004),
            (0.0, top + 0.012),
            (wide * 0.55, top + 0.004),
            (wide, top + 0.055),
            (middle + belly, (top + low) / 2.0),
            (base, low),
            (0.0, low + 0.018),
            (-base, low),
            (-middle + belly, (top + low) / 2.0),
            (-wide, top + 0.055),
        ],
        if figure.clothes == Clothes::Overalls { figure.trim } else { figure.top },
    );
    if turn.cos > -0.2 {
        super::front::clothes(pen, figure, turn, (top, low), (middle, base));
    }
    if figure.clothes != Clothes::Hoodie && figure.clothes != Clothes::Robe {
        let belt = figure.bottom.dark(0.45);
        pen.card((-base, low - 0.022), (base * 2.0, 0.028), 0.01, belt);
        if turn.cos > 0.2 {
            pen.dot((turn.x(0.0, 0.08), low - 0.008), 0.013, Rgb::hex(0xe0bd5a));
        }
    }
}

/// The lower part of what hangs from the waist.
fn hem(pen: &mut Pen, figure: &Figure, turn: Turn) {
    let low = hips(figure) - 0.03;
    let (length, flare) = match figure.clothes {
        Clothes::Robe => (-0.045, 0.175),
        Clothes::Coat => (-0.2, 0.135),
        Clothes::Dress => (-0.13, 0.2),
        Clothes::Shirt
        | Clothes::Hoodie
        | Clothes::Jacket
        | Clothes::Suit
        | Clothes::Armor
        | Clothes::Overalls => return,
    };
    let top = turn.width(0.1 * figure.build, 0.086);
    let base = turn.width(flare * figure.build, flare * 0.85);
    pen.blob(
        &[
            (-top, low),
            (top, low),
            (base * 0.86, (low + length) / 2.0),
            (base, length - 0.01),
            (base * 0.4, length + 0.012),
            (-base * 0.4, length + 0.012),
            (-base, length - 0.01),
            (-base * 0.86, (low + length) / 2.0),
        ],
        figure.top,
    );
    let fold = figure.top.dark(0.16);
    for at in [-0.5, 0.05, 0.55] {
        pen.line(&[(top * at, low + 0.06), (base * at, length - 0.02)], 0.007, fold);
    }
    if turn.cos > 0.2 && figure.clothes == Clothes::Coat {
        let x = turn.x(0.0, 0.08);
        pen.line(&[(x, low), (x * 1.1, length)], 0.008, figure.top.dark(0.35));
    }
}

fn cape(pen: &mut Pen, turn: Turn, color: Rgb) {
    let back = turn.x(0.0, -0.06);
    let trail = turn.x(0.0, -0.16);
    let wide = turn.width(0.13, 0.05);
    let base = turn.width(0.23, 0.1);
    pen.blob(
        &[
            (back - wide * 0.8, -0.72),
            (back + wide * 0.8, -0.72),
            (trail * 0.8 + wide * 1.2, -0.4),
            (trail + base, -0.07),
            (trail + base * 0.3, -0.05),
            (trail - base * 0.3, -0.075),
            (trail - base, -0.06),
            (trail * 0.8 - wide * 1.2, -0.4),
        ],
        color,
    );
    for at in [-0.45, 0.0, 0.45] {
        let low = (trail + base * at, -0.1);
        pen.line(&[(back + wide * at * 0.6, -0.6), low], 0.008, color.dark(0.22));
    }
}

fn pack(pen: &mut Pen, figure: &Figure, turn: Turn, color: Rgb) {
    let top = neck(figure) + 0.03;
    let wide = turn.width(0.115, 0.06);
    let at = turn.x(0.0, -0.13);
    pen.card((at - wide, top), (wide * 2.0, 0.25), 0.05, color);
    if turn.cos < 0.0 {
        pen.card((at - wide * 0.7, top + 0.12), (wide * 1.4, 0.1), 0.03, color.dark(0.14));
        pen.card((at - wide * 0.8, top + 0.02), (wide * 1.6, 0.07), 0.03, color.light(0.12));
    }
}

fn scarf(pen: &mut Pen, figure: &Figure, turn: Turn, color: Rgb) {
    let y = neck(figure) + 0.015;
    let wide = turn.width(0.1, 0.08);
    let tail = turn.x(0.05, if turn.cos > -0.5 { 0.07 } else { -0.07 });
    pen.card((tail - 0.025, y), (0.05, 0.17), 0.015, color.dark(0.1));
    pen.card((-wide, y - 0.03), (wide * 2.0, 0.06), 0.03, color);
}
