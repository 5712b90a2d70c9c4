//! The head of a character, turned to any side: a round of hair, a face upon it, and what is worn.

use super::figure::{Age, Body, Cut, Figure, Mood};
use super::rig::Turn;
use crate::image::scene::Wear;
use crate::image::wear;
use crate::paint::{Pen, Rgb};

/// Draws the head in units of its own: its middle at the origin, its radius 1.
pub(super) fn draw(pen: &mut Pen, figure: &Figure, turn: Turn) {
    let radius = figure.head();
    pen.at((0.0, -1.0 + radius), radius, false, |pen| match figure.body {
        Body::Robot => robot(pen, figure, turn),
        Body::Knight => helmet(pen, figure, turn),
        Body::Human => human(pen, figure, turn),
        Body::Astronaut => {
            human(pen, figure, turn);
            visor(pen, turn);
        }
    });
}

/// Draws what hangs behind a head that looks our way, in the units of the body.
pub(super) fn draw_hair_behind(pen: &mut Pen, figure: &Figure, turn: Turn) {
    let radius = figure.head();
    if matches!(figure.body, Body::Human | Body::Astronaut) {
        pen.at((0.0, -1.0 + radius), radius, false, |pen| hair_behind(pen, figure, turn));
    }
}

fn human(pen: &mut Pen, figure: &Figure, turn: Turn) {
    for side in [-1.0, 1.0] {
        ear(pen, figure, turn, side);
    }
    let (x, wide) = (turn.sin * 0.42, 0.88 - 0.22 * turn.sin.abs());
    pen.blob(
        &[
            (-0.92, -0.1),
            (-0.6, -0.78),
            (0.0, -1.0),
            (0.6, -0.78),
            (0.92, -0.1),
            (0.74 + 0.08 * turn.sin, 0.6),
            (turn.sin * 0.3, 0.95),
            (-0.74 + 0.08 * turn.sin, 0.6),
        ],
        figure.skin,
    );
    if figure.cut != Cut::Bald {
        skull(pen, figure, turn);
    }
    if turn.cos > -0.3 {
        if figure.cut != Cut::Bald {
            let chin = 0.94;
            pen.plain = true;
            pen.blob(
                &[
                    (x - wide, 0.0),
                    (x - wide * 0.72, -0.5),
                    (x, -0.62),
                    (x + wide * 0.72, -0.5),
                    (x + wide, 0.0),
                    (x + wide * 0.78, 0.56),
                    (x * 0.9, chin),
                    (x - wide * 0.78, 0.56),
                ],
                figure.skin,
            );
            pen.plain = false;
        }
        if turn.sin.abs() > 0.8 {
            let side = turn.sin.signum();
            pen.plain = true;
            pen.blob(
                &[(side * 0.9, 0.02), (side * 1.13, 0.3), (side * 0.9, 0.4)],
                figure.skin,
            );
            pen.plain = false;
        }
        face(pen, figure, turn);
        if figure.cut != Cut::Bald {
            fringe(pen, figure, turn);
        }
    } else if figure.cut != Cut::Bald {
        hair_behind(pen, figure, turn);
    }
    worn(pen, figure, turn);
}

/// A spot on the face: `angle` to its side in radians. Where it is seen, and how wide it still is.
fn on_face(turn: Turn, angle: f32) -> (f32, f32) {
    let (sin, cos) = angle.sin_cos();
    (turn.x(sin, cos) * 0.9, turn.depth(sin, cos))
}

fn face(pen: &mut Pen, figure: &Figure, turn: Turn) {
    let brow = figure.hair.dark(0.35);
    let calm = figure.age == Age::Child;
    for side in [-1.0, 1.0] {
        let (x, near) = on_face(turn, side * 0.46);
        if near < 0.18 {
            continue;
        }
        let wide = 0.155 * near.max(0.5);
        let high = if calm || figure.female { 0.235 } else { 0.2 };
        pen.spot((x, 0.12), wide * 1.18, high, Rgb::hex(0xfdfdfb), 1.0);
        let look = x + turn.sin * 0.02;
        pen.spot((look, 0.13), wide * 0.86, high * 0.84, figure.eyes, 1.0);
        pen.spot((look, 0.15), wide * 0.5, high * 0.54, Rgb::hex(0x17141c), 1.0);
        pen.spot((look - 0.045, 0.05), 0.05, 0.06, Rgb::hex(0xffffff), 1.0);
        let lid = Rgb::hex(0x2a1f24);
        pen.line(&[(x - wide * 1.2, 0.06), (x, -0.1), (x + wide * 1.2, 0.06)], 0.06, lid);
        if figure.female {
            let tip = x + side * turn.cos.max(0.3) * wide * 1.6;
            pen.line(&[(x + side * wide * 1.1, 0.04), (tip, -0.06)], 0.05, lid);
        }
        let tilt = match figure.mood {
            Mood::Angry => 0.09,
            Mood::Sad => -0.08,
            Mood::Surprised => -0.02,
            Mood::Smile | Mood::Calm => -0.01,
        };
        let lift = if figure.mood == Mood::Surprised { -0.34 } else { -0.24 };
        pen.line(
            &[(x - side * wide, lift + tilt), (x, lift - 0.045), (x + side * wide * 1.2,
                lift - tilt)],
            0.06,
            brow,
        );
        let (cheek, _) = on_face(turn, side * 0.72);
        pen.spot((cheek, 0.4), 0.15 * near.max(0.4), 0.09, Rgb::hex(0xe8645a), 0.24);
    }
    let (x, near) = on_face(turn, 0.0);
    let nose = figure.skin.dark(0.22);
    if turn.sin.abs() < 0.8 {
        pen.line(&[(x - 0.02, 0.3), (x + 0.05, 0.37), (x - 0.05, 0.4)], 0.045, nose);
    }
    let wide = 0.26 * near.max(0.32);
    let x = x - turn.sin * 0.14;
    let lips = if figure.female { Rgb::hex(0xb8414a) } else { Rgb::hex(0x8a3a38) };
    if figure.beard {
        beard(pen, figure, turn);
    }
    match figure.mood {
        Mood::Smile => {
            pen.line(&[(x - wide, 0.53), (x, 0.64), (x + wide, 0.53)], 0.065, lips);
        }
        Mood::Calm => pen.line(&[(x - wide * 0.7, 0.58), (x + wide * 0.7, 0.57)], 0.06, lips),
        Mood::Sad => pen.line(&[(x - wide, 0.64), (x, 0.55), (x + wide, 0.64)], 0.06, lips),
        Mood::Angry => pen.line(&[(x - wide, 0.62), (x, 0.57), (x + wide, 0.62)], 0.07, lips),
        Mood::Surprised => pen.spot((x, 0.6), 0.1, 0.13, lips.dark(0.3), 1.0),
    }
    if figure.age == Age::Old {
        for side in [-1.0, 1.0] {
            let (x, near) = on_face(turn, side * 0.5);
            if near > 0.3 {
                pen.line(&[(x - 0.1, 0.36), (x + 0.1, 0.35)], 0.025, nose);
            }
        }
    }
}

fn beard(pen: &mut Pen, figure: &Figure, turn: Turn) {
    let x = turn.sin * 0.4;
    let long = if figure.age == Age::Old { 1.75 } else { 1.1 };
    let wide = 0.82 - 0.2 * turn.sin.abs();
    pen.blob(
        &[
            (x - wide, 0.2),
            (x - wide * 0.55, 0.5),
            (x, 0.42),
            (x + wide * 0.55, 0.5),
            (x + wide, 0.2),
            (x + wide * 0.8, 0.85),
            (x, long),
            (x - wide * 0.8, 0.85),
        ],
        figure.hair,
    );
}

fn ear(pen: &mut Pen, figure: &Figure, turn: Turn, side: f32) {
    let (x, near) = (turn.x(side * 0.95, 0.0), turn.depth(side, 0.0));
    if near < -0.4 || (figure.cut == Cut::Long && !figure.pointed_ears) {
        return;
    }
    if figure.pointed_ears {
        let out = if x.abs() < 0.3 { -turn.sin.signum() } else { x.signum() };
        pen.blob(&[(x, 0.35), (x, -0.05), (x + out * 0.62, -0.38), (x + out * 0.2, 0.2)],
            figure.skin);
    } else if x.abs() > 0.3 {
        pen.oval((x, 0.18), 0.15, 0.22, figure.skin);
    }
}

/// The round of hair that the face is set into.
fn skull(pen: &mut Pen, figure: &Figure, turn: Turn) {
    let hair = figure.hair;
    match figure.cut {
        Cut::Curly => {
            for i in 0..11 {
                let angle = std::f32::consts::PI * (0.92 + 1.16 * i as f32 / 10.0);
                let (y, x) = angle.sin_cos();
                pen.disc((x * 0.98 - turn.sin * 0.1, y * 0.98 - 0.05), 0.4, hair);
            }
            pen.plain = true;
            pen.disc((-turn.sin * 0.12, -0.2), 0.98, hair);
            pen.plain = false;
        }
        Cut::Spiky => {
            for i in 0..9 {
                let angle = std::f32::consts::PI * (1.02 + 0.96 * i as f32 / 8.0);
                let (y, x) = angle.sin_cos();
                let (side_y, side_x) = (angle + 1.57).sin_cos();
                let long = if i % 2 == 0 { 1.5 } else { 1.3 };
                pen.poly(
                    &[
                        (x * 0.8 + side_x * 0.28, y * 0.8 + side_y * 0.28),
                        (x * long, y * long),
                        (x * 0.8 - side_x * 0.28, y * 0.8 - side_y * 0.28),
                    ],
                    hair,
                );
            }
            pen.plain = true;
            pen.disc((-turn.sin * 0.06, -0.1), 1.02, hair);
            pen.plain = false;
        }
        Cut::Short | Cut::Bob | Cut::Long | Cut::Ponytail | Cut::Bun | Cut::Braids | Cut::Bald => {
            let back = -turn.sin * 0.1;
            let low = if turn.cos < -0.3 { 0.72 } else { 0.3 };
            // On the side that is turned away, hair goes down to the neck.
            let nape = |side: f32| if side * turn.sin < -0.2 { 0.42 } else { 0.0 };
            pen.blob(
                &[
                    (back - 1.04, -0.05),
                    (back - 0.76, -0.82),
                    (back, -1.13),
                    (back + 0.76, -0.82),
                    (back + 1.04, -0.05),
                    (back + 0.92, low + nape(1.0)),
                    (back - turn.sin * 0.3, low + 0.18),
                    (back - 0.92, low + nape(-1.0)),
                ],
                hair,
            );
        }
    }
}

/// What hangs behind the head, or before it when it is seen from behind.
fn hair_behind(pen: &mut Pen, figure: &Figure, turn: Turn) {
    let hair = figure.hair.dark(0.07);
    let x = -turn.sin * 0.34;
    match figure.cut {
        Cut::Long => pen.blob(
            &[
                (x - 1.0, -0.3),
                (x - 1.18, 0.7),
                (x - 1.05, 1.75),
                (x - 0.2, 2.0),
                (x + 0.3, 1.96),
                (x + 1.05, 1.75),
                (x + 1.18, 0.7),
                (x + 1.0, -0.3),
                (x, -0.9),
            ],
            hair,
        ),
        Cut::Bob => pen.blob(
            &[
                (x - 1.02, -0.3),
                (x - 1.22, 0.5),
                (x - 0.98, 0.98),
                (x, 0.86),
                (x + 0.98, 0.98),
                (x + 1.22, 0.5),
                (x + 1.02, -0.3),
                (x, -0.9),
            ],
            hair,
        ),
        Cut::Ponytail => {
            let x = turn.x(0.0, -1.15);
            let lean = -turn.sin * 0.35;
            pen.blob(
                &[
                    (x - 0.3, -0.7),
                    (x + 0.3, -0.7),
                    (x + lean + 0.42, 0.2),
                    (x + lean + 0.16, 1.35),
                    (x + lean - 0.16, 1.35),
                    (x + lean - 0.42, 0.2),
                ],
                hair,
            );
            pen.oval((x * 0.92, -0.62), 0.26, 0.14, figure.top);
        }
        Cut::Bun => pen.disc((turn.x(0.0, -0.6), -1.12), 0.46, hair),
        Cut::Braids => {
            for side in [-1.0, 1.0] {
                let x = turn.x(side * 0.98, -0.1);
                for step in 0..5 {
                    let down = 0.45 + step as f32 * 0.28;
                    pen.oval((x, down), 0.24 - step as f32 * 0.018, 0.2, hair);
                }
                pen.oval((x, 1.78), 0.14, 0.1, figure.top);
            }
        }
        Cut::Short | Cut::Spiky | Cut::Curly | Cut::Bald => {}
    }
}

fn fringe(pen: &mut Pen, figure: &Figure, turn: Turn) {
    if matches!(figure.cut, Cut::Spiky | Cut::Curly) {
        return;
    }
    let hair = figure.hair;
    let x = turn.sin * 0.4;
    let swept = if figure.female { 0.3 } else { -0.25 };
    pen.plain = true;
    let wide = 0.92 - 0.14 * turn.sin.abs();
    pen.blob(
        &[
            (x - wide, 0.06),
            (x - wide * 0.86, -0.62),
            (x, -1.0),
            (x + wide * 0.86, -0.62),
            (x + wide, 0.06),
            (x + wide * 0.78, -0.26),
            (x + swept * 1.4, -0.4),
            (x + swept * 0.2, -0.5),
            (x - wide * 0.74, -0.24),
        ],
        hair,
    );
    pen.plain = false;
    if turn.sin.abs() > 0.3 {
        side_lock(pen, figure, turn, (x, wide));
    }
    let gleam = hair.light(0.28);
    pen.thread(
        &[(x - 0.5, -0.66), (x - 0.1, -0.84), (x + 0.34, -0.78)],
        0.07,
        pen.look.tone(gleam),
        0.55,
    );
}

/// The hair between the face and the back of a head that is turned.
fn side_lock(pen: &mut Pen, figure: &Figure, turn: Turn, (x, wide): (f32, f32)) {
    let side = -turn.sin.signum();
    let low = if figure.cut == Cut::Short { 0.22 } else { 0.62 };
    pen.plain = true;
    pen.blob(
        &[
            (x + side * wide * 0.5, -0.74),
            (x + side * (wide + 0.12), -0.4),
            (x + side * (wide + 0.14), low * 0.5),
            (x + side * (wide + 0.02), low),
            (x + side * wide * 0.72, low * 0.4),
            (x + side * wide * 0.6, -0.2),
        ],
        figure.hair,
    );
    pen.plain = false;
}

fn worn(pen: &mut Pen, figure: &Figure, turn: Turn) {
    for (worn, color) in &figure.wears {
        match worn {
            Wear::Glasses if turn.cos > -0.2 => {
                let frame = color.unwrap_or(Rgb::hex(0x2a2a34));
                let mut last = None;
                for side in [-1.0, 1.0] {
                    let (x, near) = on_face(turn, side * 0.46);
                    if near < 0.1 {
                        continue;
                    }
                    wear::lens(pen, (x, 0.12), 0.27 * near.max(0.45), 0.27, frame);
                    if let Some(last) = last {
                        pen.line(&[(last, 0.1), (x, 0.1)], 0.05, frame);
                    }
                    last = Some(x);
                }
            }
            Wear::Headphones => {
                let color = color.unwrap_or(Rgb::hex(0x33363f));
                let wide = turn.width(1.12, 0.3);
                let arc = [(-wide, 0.1), (-wide * 0.75, -0.88), (0.0, -1.22), (wide * 0.75, -0.88),
                    (wide, 0.1)];
                pen.line(&arc, 0.14, color);
                for side in [-1.0, 1.0] {
                    if turn.depth(side, 0.0) > -0.5 {
                        let wide = 0.2 + 0.16 * turn.sin.abs();
                        pen.oval((turn.x(side * 1.05, 0.0), 0.16), wide, 0.36, color.light(0.15));
                    }
                }
            }
            Wear::Hat => wear::hat(pen, turn.sin, color.unwrap_or(Rgb::hex(0x3f4f7a))),
            Wear::TopHat => wear::top_hat(pen, color.unwrap_or(Rgb::hex(0x26242c))),
            Wear::WizardHat => wear::wizard_hat(pen, color.unwrap_or(Rgb::hex(0x3d3f9a))),
            Wear::Crown => wear::crown(pen, color.unwrap_or(Rgb::hex(0xf0c040))),
            Wear::Bow => wear::bow(pen, (turn.x(0.6, 0.3), -0.95),
                color.unwrap_or(Rgb::hex(0xe0486a))),
            Wear::Glasses | Wear::Scarf | Wear::Umbrella | Wear::Balloon | Wear::Sword => {}
        }
    }
}

fn visor(pen: &mut Pen, turn: Turn) {
    let x = turn.sin * 0.2;
    if turn.cos < -0.3 {
        pen.disc((0.0, -0.05), 1.36, Rgb::hex(0xe9ebef));
        return;
    }
    pen.spot((0.0, -0.05), 1.38, 1.36, Rgb::hex(0xd8ecff), 0.26);
    for (color, wide) in [(0xdfe3e9, 0.2), (0xb8c0cc, 0.06)] {
        let ring: Vec<_> = (0..=24)
            .map(|i| (i as f32 / 24.0 * std::f32::consts::TAU).sin_cos())
            .map(|(y, x)| (x * 1.34, y * 1.32 - 0.05))
            .collect();
        pen.line(&ring, wide, Rgb::hex(color));
    }
    pen.spot((x - 0.62, -0.72), 0.34, 0.16, Rgb::hex(0xffffff), 0.75);
}

fn helmet(pen: &mut Pen, figure: &Figure, turn: Turn) {
    let steel = figure.top;
    let x = turn.sin * 0.42;
    let plume = figure.cape.unwrap_or(Rgb::hex(0xb3263a));
    let back = -turn.sin * 0.6;
    pen.blob(
        &[(0.0, -0.9), (back * 0.3, -1.55), (back + 0.3, -1.62), (back * 1.8 - 0.1, -0.7), (back,
            -0.5)],
        plume,
    );
    pen.blob(
        &[(-0.98, 0.5), (-1.02, -0.3), (-0.6, -1.0), (0.0, -1.12), (0.6, -1.0), (1.02, -0.3),
            (0.98, 0.5), (0.5, 1.0), (-0.5, 1.0)],
        steel,
    );
    if turn.cos > -0.3 {
        let thin = turn.cos.max(0.35);
        let dark = Rgb::hex(0x1d2028);
        pen.card((x - 0.62 * thin, -0.12), (1.24 * thin, 0.26), 0.1, dark);
        pen.card((x - 0.09, -0.12), (0.18, 1.0), 0.05, steel.light(0.2));
        for row in 0..3 {
            let y = 0.34 + row as f32 * 0.17;
            for side in [-0.34, 0.34] {
                pen.card((x + side * thin - 0.14 * thin, y), (0.28 * thin, 0.07), 0.03, dark);
            }
        }
    }
    worn(pen, figure, turn);
}

fn robot(pen: &mut Pen, figure: &Figure, turn: Turn) {
    let metal = figure.top;
    let x = turn.sin * 0.4;
    pen.limb(&[(0.0, -0.9), (0.0, -1.32)], 0.1, metal.dark(0.3));
    pen.disc((0.0, -1.4), 0.16, Rgb::hex(0xff6a5a));
    for side in [-1.0, 1.0] {
        if turn.depth(side, 0.0) > -0.5 {
            let at = turn.x(side * 1.02, 0.0);
            pen.card((at - 0.14, -0.25), (0.28, 0.5), 0.1, metal.dark(0.22));
        }
    }
    let wide = turn.width(1.0, 0.92);
    pen.card((-wide, -0.92), (wide * 2.0, 1.78), 0.36, metal);
    if turn.cos > -0.3 {
        let thin = turn.cos.max(0.42);
        pen.card((x - 0.74 * thin, -0.55), (1.48 * thin, 1.08), 0.28, Rgb::hex(0x1c2430));
        let eye = if figure.eyes.luma() < 0.35 { Rgb::hex(0x5fe8ff) } else { figure.eyes.light(0.35) };
        for side in [-1.0, 1.0] {
            let at = x + side * 0.36 * thin;
            pen.glow((at, -0.12), 0.5, eye, 0.5);
            pen.dot((at, -0.12), 0.2 * thin.max(0.6), eye);
        }
        let smile = [(x - 0.26 * thin, 0.24), (x, 0.34), (x + 0.26 * thin, 0.24)];
        pen.line(&smile, 0.07, eye);
    } else {
        for row in 0..3 {
            let y = -0.3 + row as f32 * 0.26;
            pen.card((-0.45, y), (0.9, 0.1), 0.05, metal.dark(0.35));
        }
    }
    worn(pen, figure, turn);
}
