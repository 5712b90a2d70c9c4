//! Trees, flowers, and other things that grow.

use super::draw::{Anchors, Coat, around};
use super::scene::Season;
use super::thing::Thing;
use crate::paint::pen::Spot;
use crate::paint::{Chance, Pen, Rgb};

/// Draws a plant.
pub(super) fn draw(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    match thing {
        Thing::Pine => pine(pen, coat),
        Thing::ChristmasTree => {
            pine(pen, coat);
            baubles(pen, coat);
        }
        Thing::Palm => palm(pen, coat),
        Thing::Blossom => crown(pen, coat, Rgb::hex(0xf6b0c8)),
        Thing::Cactus => cactus(pen, coat),
        Thing::Flower => flower(pen, coat),
        Thing::Sunflower => sunflower(pen, coat),
        Thing::RoseFlower => rose(pen, coat),
        Thing::Mushroom => mushroom(pen, coat),
        _ => {
            let leaf = leaf_color(coat.season, &mut coat.chance);
            crown(pen, coat, leaf);
        }
    }
    Anchors::seat((0.0, -0.6))
}

/// What leaves look like in a season.
pub(super) fn leaf_color(season: Season, chance: &mut Chance) -> Rgb {
    Rgb::hex(*match season {
        Season::Spring => chance.pick(&[0x8fc95a, 0x7fbf6a, 0xa6d36a]),
        Season::Summer => chance.pick(&[0x4f9a4a, 0x3f8a4f, 0x5fa84a]),
        Season::Autumn => chance.pick(&[0xe08a2f, 0xd9622f, 0xe8b13a, 0xb8452f]),
        Season::Winter => chance.pick(&[0xdfe8ee, 0xcfdde6]),
    })
}

fn crown(pen: &mut Pen, coat: &mut Coat, leaf: Rgb) {
    let leaf = coat.color.unwrap_or(leaf);
    let bark = Rgb::hex(0x6f4a32);
    pen.blob(&[(-0.09, 0.0), (-0.055, -0.2), (-0.045, -0.5), (0.045, -0.5), (0.055, -0.2), (0.1,
        0.0)], bark);
    pen.limb(&[(0.0, -0.36), (0.15, -0.56)], 0.045, bark);
    pen.limb(&[(0.0, -0.3), (-0.15, -0.52)], 0.04, bark);
    let puffs: [(Spot, f32); 8] = [
        ((-0.24, -0.5), 0.16), ((0.25, -0.52), 0.16), ((0.0, -0.5), 0.17), ((-0.3, -0.66), 0.15),
        ((0.3, -0.68), 0.15), ((-0.15, -0.8), 0.17), ((0.16, -0.82), 0.17), ((0.0, -0.7), 0.2),
    ];
    for (i, ((x, y), r)) in puffs.into_iter().enumerate() {
        let jitter = coat.chance.range(-0.02, 0.02);
        pen.disc((x + jitter, y + jitter), r, leaf.dark(0.16 - 0.02 * i as f32));
    }
    for _ in 0..26 {
        let (turn, far) = (coat.chance.unit(), coat.chance.range(0.05, 0.33));
        let (x, y) = around((0.0, -0.68), far, turn);
        let tone = if y < -0.68 { leaf.light(0.2) } else { leaf.dark(0.14) };
        pen.spot((x, y * 0.9 - 0.07), 0.034, 0.024, tone, 0.7);
    }
}

fn pine(pen: &mut Pen, coat: &mut Coat) {
    let usual = if coat.season == Season::Winter { 0x3f6b62 } else { 0x2f6b4a };
    let leaf = coat.or(usual);
    pen.bar((-0.045, -0.16), (0.09, 0.16), Rgb::hex(0x5f4230));
    for i in 0..4 {
        let low = -0.12 - 0.2 * i as f32;
        let wide = 0.33 - 0.068 * i as f32;
        let top = low - 0.32;
        pen.poly(
            &[(0.0, top), (wide * 0.5, low - 0.1), (wide * 0.42, low - 0.1), (wide, low + 0.01),
                (wide * 0.35, low - 0.025), (0.0, low + 0.02), (-wide * 0.35, low - 0.025), (-wide,
                low + 0.01), (-wide * 0.42, low - 0.1), (-wide * 0.5, low - 0.1)],
            leaf.light(0.03 * i as f32),
        );
        if coat.season == Season::Winter {
            pen.plain = true;
            pen.poly(&[(0.0, top), (wide * 0.46, low - 0.1), (wide * 0.2, low - 0.14), (0.0,
                low - 0.09), (-wide * 0.22, low - 0.14), (-wide * 0.46, low - 0.1)],
                Rgb::hex(0xf4f8fb));
            pen.plain = false;
        }
    }
}

fn baubles(pen: &mut Pen, coat: &mut Coat) {
    for i in 0..14 {
        let y = -0.14 - 0.052 * i as f32;
        let x = coat.chance.range(-1.0, 1.0) * 0.27 * (1.0 + y);
        let color = Rgb::hex(*coat.chance.pick(&[0xe0404a, 0xf2c23a, 0x4f9be8, 0xf7f3e6]));
        pen.glow((x, y), 0.08, color, 0.6);
        pen.disc((x, y), 0.028, color);
    }
    star(pen, (0.0, -1.06), 0.085, Rgb::hex(0xf8d548));
}

/// A star of five points.
pub(super) fn star(pen: &mut Pen, at: Spot, radius: f32, color: Rgb) {
    pen.glow(at, radius * 2.6, color, 0.5);
    let spots: Vec<Spot> = (0..10)
        .map(|i| around(at, if i % 2 == 0 { radius } else { radius * 0.45 }, i as f32 / 10.0))
        .collect();
    pen.poly(&spots, color);
}

fn palm(pen: &mut Pen, coat: &mut Coat) {
    let leaf = coat.or(0x4fa05a);
    let bark = Rgb::hex(0xa8794a);
    pen.limb(&[(-0.06, 0.0), (-0.02, -0.35), (0.08, -0.76)], 0.075, bark);
    for i in 0..8 {
        let y = -0.08 - 0.085 * i as f32;
        pen.line(&[(-0.07 + 0.016 * i as f32, y), (0.01 + 0.014 * i as f32, y - 0.012)], 0.012,
            bark.dark(0.3));
    }
    for (x, y, drop) in [(-0.42, -0.74, 0.16), (-0.34, -0.98, 0.02), (0.5, -0.98, 0.04), (0.56,
        -0.72, 0.18), (-0.18, -0.6, 0.1), (0.36, -0.58, 0.1), (0.1, -1.08, 0.0)] {
        let (fx, fy) = (0.08, -0.78);
        let (mx, my) = ((fx + x) / 2.0, (fy + y) / 2.0 - 0.1);
        pen.blob(&[(fx, fy - 0.02), (mx, my - 0.05), (x, y + drop), (mx, my + 0.05)], leaf);
        pen.line(&[(fx, fy), (mx, my), (x, y + drop)], 0.01, leaf.dark(0.3));
    }
    for x in [0.04, 0.11] {
        pen.disc((x, -0.73), 0.042, Rgb::hex(0x7a5232));
    }
}

fn cactus(pen: &mut Pen, coat: &mut Coat) {
    let skin = coat.or(0x4f9a5f);
    pen.limb(&[(0.0, -0.4), (0.24, -0.42), (0.25, -0.66)], 0.12, skin.dark(0.08));
    pen.limb(&[(0.0, -0.3), (-0.23, -0.34), (-0.24, -0.56)], 0.11, skin.dark(0.08));
    pen.limb(&[(0.0, 0.02), (0.0, -0.88)], 0.22, skin);
    for x in [-0.05, 0.0, 0.05] {
        pen.line(&[(x, -0.05), (x, -0.88)], 0.01, skin.dark(0.3));
    }
    for at in [(0.0, -1.0), (0.25, -0.74), (-0.24, -0.63)] {
        pen.disc(at, 0.05, Rgb::hex(0xf07fa8));
    }
}

fn stem(pen: &mut Pen, top: f32) {
    let green = Rgb::hex(0x4f9450);
    pen.limb(&[(0.02, 0.0), (-0.02, top * 0.5), (0.0, top)], 0.035, green);
    for side in [-1.0, 1.0] {
        let y = -0.16 - 0.07 * side;
        pen.blob(&[(0.0, y), (0.13 * side, y - 0.13), (0.26 * side, y - 0.12), (0.15 * side,
            y - 0.01)], green.light(0.08));
    }
}

fn flower(pen: &mut Pen, coat: &mut Coat) {
    let petal = coat.or(*coat.chance.clone().pick(&[0xe8536a, 0xf2b53a, 0xb06fe0, 0xf58fb0,
        0xf6f2ea]));
    stem(pen, -0.66);
    for i in 0..8 {
        let turn = i as f32 / 8.0;
        let (x, y) = around((0.0, -0.74), 0.16, turn);
        pen.at((x, y), 1.0, false, |pen| {
            pen.turned(turn * 360.0, |pen| pen.oval((0.0, 0.0), 0.08, 0.13, petal));
        });
    }
    pen.disc((0.0, -0.74), 0.095, Rgb::hex(0xf6c445));
}

fn sunflower(pen: &mut Pen, coat: &mut Coat) {
    let petal = coat.or(0xf6bd2f);
    stem(pen, -0.66);
    for (count, far, shade) in [(16, 0.22, 0.12), (16, 0.19, 0.0)] {
        for i in 0..count {
            let turn = (i as f32 + shade * 4.0) / count as f32;
            let (x, y) = around((0.0, -0.74), far, turn);
            pen.at((x, y), 1.0, false, |pen| {
                pen.turned(turn * 360.0, |pen| pen.blob(&[(-0.045, 0.06), (0.0, -0.13), (0.045,
                    0.06)], petal.dark(shade)));
            });
        }
    }
    pen.disc((0.0, -0.74), 0.16, Rgb::hex(0x5a3820));
    for i in 0..40 {
        let (x, y) = around((0.0, -0.74), 0.145 * (i as f32 / 40.0).sqrt(), i as f32 * 0.382);
        pen.dot((x, y), 0.012, Rgb::hex(0x9a6a34));
    }
}

fn rose(pen: &mut Pen, coat: &mut Coat) {
    let petal = coat.or(0xc8283f);
    stem(pen, -0.6);
    for (r, y, shade) in [(0.24, -0.74, 0.22), (0.19, -0.76, 0.1), (0.14, -0.78, 0.0)] {
        for i in 0..5 {
            let (x, y) = around((0.0, y), r * 0.52, i as f32 / 5.0 + shade);
            pen.disc((x, y), r * 0.6, petal.dark(shade));
        }
    }
    let spiral: Vec<Spot> = (0..16).map(|i| around((0.0, -0.78), 0.1 * (1.0 - i as f32 / 17.0),
        i as f32 / 7.0)).collect();
    pen.line(&spiral, 0.018, petal.dark(0.4));
}

fn mushroom(pen: &mut Pen, coat: &mut Coat) {
    let cap = coat.or(0xd93f38);
    pen.blob(&[(-0.16, 0.0), (-0.13, -0.3), (-0.16, -0.5), (0.16, -0.5), (0.13, -0.3), (0.17,
        0.0)], Rgb::hex(0xf6ecd9));
    pen.blob(&[(-0.48, -0.46), (-0.4, -0.76), (0.0, -0.98), (0.4, -0.76), (0.48, -0.46), (0.2,
        -0.4), (-0.2, -0.4)], cap);
    for (x, y, r) in [(-0.22, -0.66, 0.07), (0.06, -0.82, 0.075), (0.26, -0.62, 0.06), (0.0, -0.58,
        0.05), (-0.36, -0.53, 0.035)] {
        pen.spot((x, y), r, r * 0.85, Rgb::hex(0xfff8ec), 1.0);
    }
}
