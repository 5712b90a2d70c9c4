//! Things of the house, of play, and of tales.

use super::draw::{Anchors, Coat, around};
use super::sitters::eye;
use super::thing::Thing;
use crate::paint::pen::Spot;
use crate::paint::{Pen, Rgb};

/// Draws an object.
pub(super) fn draw(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    match thing {
        Thing::Book => book(pen, coat),
        Thing::Lamp => lamp(pen, coat),
        Thing::Candle => candle(pen, coat),
        Thing::Chair => return chair(pen, coat),
        Thing::Guitar => guitar(pen, coat),
        Thing::Piano => piano(pen, coat),
        Thing::Camera => camera(pen, coat),
        Thing::Laptop => laptop(pen, coat),
        Thing::Phone => phone(pen, coat),
        Thing::Clock => clock(pen, coat),
        Thing::Gift => gift(pen, coat),
        Thing::Ball => ball(pen, coat),
        Thing::Heart => heart(pen, coat),
        Thing::Star => super::plants::star(pen, (0.0, -0.5), 0.5, coat.or(0xf6c83a)),
        Thing::Gem => gem(pen, coat),
        Thing::Key => key(pen, coat),
        Thing::Trophy => trophy(pen, coat),
        Thing::Snowman => return snowman(pen, coat),
        Thing::Ghost => return ghost(pen, coat),
        Thing::Pumpkin => pumpkin(pen, coat),
        Thing::Skull => skull(pen, coat),
        Thing::Campfire => campfire(pen),
        Thing::Treasure => treasure(pen, coat),
        _ => telescope(pen, coat),
    }
    Anchors { head: ((0.0, -0.6), 0.35), seat: (0.0, -0.9) }
}

fn book(pen: &mut Pen, coat: &mut Coat) {
    let cover = coat.or(*coat.chance.clone().pick(&[0xa8323f, 0x3a5fa8, 0x3f8a5a]));
    for side in [-1.0, 1.0] {
        pen.blob(&[(0.0, -0.08), (0.6 * side, -0.12), (1.1 * side, -0.04), (1.06 * side, -0.82),
            (0.56 * side, -0.92), (0.0, -0.8)], cover);
        pen.blob(&[(0.0, -0.14), (0.5 * side, -0.26), (1.0 * side, -0.14), (0.97 * side, -0.84),
            (0.5 * side, -0.97), (0.0, -0.84)], Rgb::hex(0xfaf4e4));
        for row in 0..5 {
            let y = -0.76 + 0.11 * row as f32;
            pen.line(&[(0.14 * side, y), (0.5 * side, y - 0.1), (0.86 * side, y)], 0.02,
                Rgb::hex(0xa8a094));
        }
    }
}

fn lamp(pen: &mut Pen, coat: &mut Coat) {
    let shade = coat.or(0xf2c66a);
    pen.oval((0.0, -0.03), 0.24, 0.04, Rgb::hex(0x6a4a34));
    pen.limb(&[(0.0, -0.04), (0.0, -0.6)], 0.04, Rgb::hex(0x8a6444));
    pen.glow((0.0, -0.66), 0.8, Rgb::hex(0xffdf9a), 0.75);
    pen.poly(&[(-0.34, -0.56), (-0.2, -1.0), (0.2, -1.0), (0.34, -0.56)], shade);
}

fn candle(pen: &mut Pen, coat: &mut Coat) {
    pen.oval((0.0, -0.03), 0.34, 0.06, Rgb::hex(0xb8863f));
    pen.card((-0.14, -0.66), (0.28, 0.64), 0.04, coat.or(0xf6efe0));
    pen.limb(&[(-0.1, -0.62), (-0.1, -0.46)], 0.06, coat.or(0xf6efe0).light(0.3));
    pen.glow((0.0, -0.84), 0.6, Rgb::hex(0xffb84a), 0.85);
    pen.blob(&[(-0.07, -0.78), (0.0, -1.02), (0.07, -0.78), (0.0, -0.69)], Rgb::hex(0xffa62e));
    pen.blob(&[(-0.035, -0.77), (0.0, -0.9), (0.035, -0.77), (0.0, -0.71)], Rgb::hex(0xfff0a8));
}

fn chair(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let cloth = coat.or(*coat.chance.clone().pick(&[0x3f8a8a, 0xc8604a, 0x6a6fb0]));
    for x in [-0.36, 0.36] {
        pen.limb(&[(x, -0.2), (x * 1.1, -0.02)], 0.06, Rgb::hex(0x6a4a34));
    }
    pen.card((-0.42, -1.0), (0.84, 0.8), 0.16, cloth);
    pen.card((-0.4, -0.46), (0.8, 0.24), 0.08, cloth.light(0.14));
    for x in [-0.52, 0.34] {
        pen.card((x, -0.58), (0.18, 0.44), 0.08, cloth.dark(0.1));
    }
    Anchors::seat((0.0, -0.46))
}

fn guitar(pen: &mut Pen, coat: &mut Coat) {
    let wood = coat.or(0xc87f3a);
    pen.limb(&[(0.0, -0.4), (0.0, -0.86)], 0.07, Rgb::hex(0x4f3424));
    pen.card((-0.06, -1.0), (0.12, 0.16), 0.03, Rgb::hex(0x4f3424));
    pen.blob(&[(0.0, -0.5), (0.17, -0.46), (0.17, -0.34), (0.15, -0.29), (0.24, -0.18), (0.2,
        -0.02), (0.0, 0.02), (-0.2, -0.02), (-0.24, -0.18), (-0.15, -0.29), (-0.17, -0.34), (-0.17,
        -0.46)], wood);
    pen.dot((0.0, -0.31), 0.066, Rgb::hex(0x2f2018));
    pen.bar((-0.07, -0.12), (0.14, 0.03), Rgb::hex(0x4f3424));
    for x in [-0.02, 0.0, 0.02] {
        pen.line(&[(x, -0.94), (x, -0.1)], 0.005, Rgb::hex(0xf4ecd8));
    }
}

fn piano(pen: &mut Pen, coat: &mut Coat) {
    let wood = coat.or(0x3a2c2c);
    pen.card((-0.9, -1.0), (1.8, 0.98), 0.05, wood);
    pen.bar((-0.96, -0.5), (1.92, 0.22), wood.light(0.1));
    pen.bar((-0.86, -0.46), (1.72, 0.12), Rgb::hex(0xf8f5ee));
    for i in 0..14 {
        let x = -0.8 + 0.12 * i as f32;
        if i % 7 != 2 && i % 7 != 6 {
            pen.bar((x, -0.46), (0.05, 0.07), Rgb::hex(0x1c181c));
        }
    }
    pen.card((-0.3, -0.9), (0.6, 0.26), 0.02, Rgb::hex(0xf4ecd8));
}

fn camera(pen: &mut Pen, coat: &mut Coat) {
    let body = coat.or(0x3a3c46);
    pen.card((-0.3, -0.98), (0.6, 0.3), 0.06, body.dark(0.2));
    pen.card((-0.76, -0.82), (1.52, 0.82), 0.12, body);
    pen.bar((-0.76, -0.62), (1.52, 0.4), body.dark(0.35));
    for (r, hex) in [(0.36, 0xb8bcc6), (0.3, 0x24262e), (0.2, 0x3f5f8a), (0.09, 0x14161c)] {
        pen.disc((0.0, -0.4), r, Rgb::hex(hex));
    }
    pen.spot((-0.1, -0.5), 0.06, 0.045, Rgb::hex(0xffffff), 0.85);
    pen.disc((0.56, -0.72), 0.05, Rgb::hex(0xe0403a));
}

fn laptop(pen: &mut Pen, coat: &mut Coat) {
    let metal = coat.or(0xb8bec8);
    pen.card((-0.62, -0.94), (1.24, 0.8), 0.05, metal.dark(0.5));
    let screen = crate::paint::pen::card((-0.56, -0.89), (1.12, 0.68), 0.02);
    if let Some(path) = screen {
        pen.wash(&path, Rgb::hex(0x24344f), 1.0);
        pen.glow((0.0, -0.5), 0.7, Rgb::hex(0x6fb0ff), 0.3);
    }
    for (i, wide) in [0.5, 0.8, 0.36, 0.66].into_iter().enumerate() {
        let y = -0.76 + 0.13 * i as f32;
        let color = [0x6fe0c0, 0xf2c66a, 0xf08fb0, 0x8fb8ff][i];
        pen.line(&[(-0.46, y), (-0.46 + wide, y)], 0.04, Rgb::hex(color));
    }
    pen.poly(&[(-0.62, -0.15), (0.62, -0.15), (0.84, 0.0), (-0.84, 0.0)], metal);
}

fn phone(pen: &mut Pen, coat: &mut Coat) {
    pen.card((-0.27, -1.0), (0.54, 1.0), 0.09, coat.or(0x2c2e38));
    pen.card((-0.24, -0.94), (0.48, 0.88), 0.06, Rgb::hex(0x4f7fe0));
    for row in 0..3 {
        for col in 0..3 {
            let color = [0xf6c23a, 0xf07f8a, 0x6fd0a8, 0xf4f4f8][(row * 2 + col) % 4];
            pen.card((-0.19 + 0.14 * col as f32, -0.8 + 0.16 * row as f32), (0.1, 0.1), 0.03,
                Rgb::hex(color));
        }
    }
}

fn clock(pen: &mut Pen, coat: &mut Coat) {
    let rim = coat.or(0xc8503f);
    for x in [-0.28, 0.28] {
        pen.limb(&[(x, -0.12), (x * 1.3, 0.0)], 0.08, rim.dark(0.3));
        pen.disc((x, -0.9), 0.13, rim.dark(0.12));
    }
    pen.disc((0.0, -0.48), 0.46, rim);
    pen.disc((0.0, -0.48), 0.38, Rgb::hex(0xfaf6ec));
    for i in 0..12 {
        pen.dot(around((0.0, -0.48), 0.32, i as f32 / 12.0), 0.02, Rgb::hex(0x4a4440));
    }
    pen.line(&[(0.0, -0.48), around((0.0, -0.48), 0.27, 0.16)], 0.035, Rgb::hex(0x2c282c));
    pen.line(&[(0.0, -0.48), around((0.0, -0.48), 0.19, 0.85)], 0.045, Rgb::hex(0x2c282c));
}

fn gift(pen: &mut Pen, coat: &mut Coat) {
    let paper = coat.or(0xd9404a);
    let ribbon = Rgb::hex(0xf6d36a);
    pen.card((-0.44, -0.62), (0.88, 0.62), 0.03, paper);
    pen.card((-0.5, -0.78), (1.0, 0.2), 0.03, paper.light(0.08));
    pen.bar((-0.09, -0.78), (0.18, 0.78), ribbon);
    for side in [-1.0, 1.0] {
        pen.blob(&[(0.0, -0.78), (0.12 * side, -1.0), (0.38 * side, -1.0), (0.3 * side, -0.8)],
            ribbon);
    }
    pen.disc((0.0, -0.8), 0.09, ribbon.dark(0.1));
}

fn ball(pen: &mut Pen, coat: &mut Coat) {
    let main = coat.or(0xe8583f);
    pen.disc((0.0, -0.5), 0.5, main);
    pen.plain = true;
    pen.blob(&[(-0.1, -0.99), (0.14, -0.99), (0.1, -0.5), (0.14, -0.02), (-0.1, -0.02), (-0.06,
        -0.5)], Rgb::hex(0xfaf6ec));
    pen.blob(&[(-0.49, -0.42), (-0.49, -0.6), (0.0, -0.56), (0.49, -0.6), (0.49, -0.42), (0.0,
        -0.45)], main.mix(Rgb::hex(0xf6c83a), 0.8));
    pen.plain = false;
    pen.spot((-0.18, -0.74), 0.12, 0.09, Rgb::hex(0xffffff), 0.5);
}

fn heart(pen: &mut Pen, coat: &mut Coat) {
    let main = coat.or(0xe0344f);
    pen.glow((0.0, -0.5), 0.8, main, 0.35);
    pen.blob(&[(0.0, -0.74), (0.14, -0.96), (0.4, -0.98), (0.54, -0.7), (0.38, -0.36), (0.04,
        -0.02), (-0.04, -0.02), (-0.38, -0.36), (-0.54, -0.7), (-0.4, -0.98), (-0.14, -0.96)],
        main);
    pen.spot((-0.28, -0.74), 0.09, 0.12, Rgb::hex(0xffffff), 0.5);
}

fn gem(pen: &mut Pen, coat: &mut Coat) {
    let main = coat.or(0x5fc8f0);
    pen.glow((0.0, -0.5), 0.9, main, 0.45);
    let (top, mid): (Vec<Spot>, Vec<Spot>) = (0..5)
        .map(|i| i as f32 / 4.0)
        .map(|t| ((-0.36 + 0.72 * t, -0.94), (-0.62 + 1.24 * t, -0.62)))
        .unzip();
    for i in 0..4 {
        let tone = [0.34, 0.12, 0.0, 0.2][i];
        pen.poly(&[top[i], top[i + 1], mid[i + 1], mid[i]], main.light(tone + 0.15));
        pen.poly(&[mid[i], mid[i + 1], (0.0, 0.0)], main.mix(Rgb::hex(0x203a6a), 0.3 - tone * 0.5));
    }
}

fn key(pen: &mut Pen, coat: &mut Coat) {
    let metal = coat.or(0xe0b040);
    let ring: Vec<Spot> = (0..=20).map(|i| around((0.0, -0.76), 0.18, i as f32 / 20.0)).collect();
    pen.limb(&ring, 0.09, metal);
    pen.limb(&[(0.0, -0.56), (0.0, -0.04)], 0.1, metal);
    for y in [-0.22, -0.08] {
        pen.limb(&[(0.0, y), (0.18, y)], 0.09, metal);
    }
}

fn trophy(pen: &mut Pen, coat: &mut Coat) {
    let metal = coat.or(0xf0c040);
    pen.card((-0.3, -0.16), (0.6, 0.16), 0.03, Rgb::hex(0x4a3a34));
    pen.poly(&[(-0.14, -0.16), (-0.05, -0.46), (0.05, -0.46), (0.14, -0.16)], metal.dark(0.12));
    for side in [-1.0, 1.0] {
        pen.limb(&[(0.32 * side, -0.9), (0.52 * side, -0.86), (0.44 * side, -0.6), (0.2 * side,
            -0.54)], 0.06, metal);
    }
    pen.blob(&[(-0.36, -0.98), (-0.34, -0.7), (-0.16, -0.46), (0.16, -0.46), (0.34, -0.7), (0.36,
        -0.98)], metal);
    super::plants::star(pen, (0.0, -0.74), 0.13, Rgb::hex(0xfff4c8));
}

fn snowman(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let snow = coat.or(0xf6f9fc);
    for side in [-1.0, 1.0] {
        pen.line(&[(0.2 * side, -0.54), (0.44 * side, -0.7), (0.52 * side, -0.82)], 0.03,
            Rgb::hex(0x6a4a34));
        pen.line(&[(0.43 * side, -0.69), (0.54 * side, -0.69)], 0.02, Rgb::hex(0x6a4a34));
    }
    pen.disc((0.0, -0.24), 0.27, snow);
    pen.disc((0.0, -0.56), 0.21, snow);
    pen.disc((0.0, -0.82), 0.165, snow);
    pen.card((-0.15, -0.73), (0.3, 0.07), 0.03, Rgb::hex(0xd9403f));
    pen.card((0.05, -0.7), (0.07, 0.2), 0.02, Rgb::hex(0xc23234));
    for y in [-0.56, -0.48, -0.32] {
        pen.dot((0.0, y), 0.02, Rgb::hex(0x2c2a30));
    }
    for x in [-0.06, 0.06] {
        pen.dot((x, -0.86), 0.022, Rgb::hex(0x2c2a30));
    }
    pen.poly(&[(0.0, -0.83), (0.2, -0.79), (0.0, -0.79)], Rgb::hex(0xf08a2c));
    Anchors::head((0.0, -0.82), 0.165)
}

fn ghost(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let cloth = coat.or(0xf2f4fa);
    pen.glow((0.0, -0.5), 0.8, Rgb::hex(0xa8d8ff), 0.5);
    pen.blob(&[(-0.38, -0.02), (-0.36, -0.6), (-0.2, -0.94), (0.2, -0.94), (0.36, -0.6), (0.38,
        -0.02), (0.22, -0.12), (0.1, 0.0), (-0.04, -0.12), (-0.18, 0.0)], cloth);
    for side in [-1.0, 1.0] {
        pen.spot((0.13 * side, -0.64), 0.055, 0.085, Rgb::hex(0x2a2c3a), 1.0);
        pen.spot((0.23 * side, -0.5), 0.06, 0.035, Rgb::hex(0xf4a0b8), 0.7);
    }
    pen.spot((0.0, -0.46), 0.045, 0.06, Rgb::hex(0x2a2c3a), 1.0);
    Anchors::head((0.0, -0.68), 0.3)
}

fn pumpkin(pen: &mut Pen, coat: &mut Coat) {
    let skin = coat.or(0xf0812a);
    pen.limb(&[(0.0, -0.8), (0.06, -1.0)], 0.11, Rgb::hex(0x5a7a3a));
    for (x, wide) in [(-0.4, 0.26), (0.4, 0.26), (-0.2, 0.28), (0.2, 0.28), (0.0, 0.28)] {
        pen.oval((x, -0.42), wide, 0.42, skin.dark(f32::abs(x) * 0.3));
    }
    let lit = Rgb::hex(if coat.dark { 0xffd34a } else { 0x4a2a14 });
    if coat.dark {
        pen.glow((0.0, -0.4), 0.7, Rgb::hex(0xffb030), 0.6);
    }
    for side in [-1.0, 1.0] {
        if let Some(path) = crate::paint::pen::poly(&[(0.12 * side, -0.48), (0.24 * side, -0.64),
            (0.34 * side, -0.46)]) {
            pen.shine(&path, lit);
        }
    }
    if let Some(path) = crate::paint::pen::poly(&[(-0.36, -0.3), (-0.2, -0.24), (-0.12, -0.3),
        (0.0, -0.22), (0.12, -0.3), (0.2, -0.24), (0.36, -0.3), (0.2, -0.1), (-0.2, -0.1)]) {
        pen.shine(&path, lit);
    }
}

fn skull(pen: &mut Pen, coat: &mut Coat) {
    let bone = coat.or(0xf0ead8);
    pen.card((-0.24, -0.36), (0.48, 0.34), 0.08, bone);
    pen.blob(&[(-0.42, -0.54), (-0.34, -0.88), (0.0, -1.0), (0.34, -0.88), (0.42, -0.54), (0.26,
        -0.3), (-0.26, -0.3)], bone);
    for side in [-1.0, 1.0] {
        pen.spot((0.17 * side, -0.56), 0.12, 0.13, Rgb::hex(0x2a2428), 1.0);
    }
    pen.poly(&[(0.0, -0.46), (-0.05, -0.34), (0.05, -0.34)], Rgb::hex(0x2a2428));
    for x in [-0.12, 0.0, 0.12] {
        pen.line(&[(x, -0.22), (x, -0.06)], 0.02, Rgb::hex(0x6a6058));
    }
}

fn campfire(pen: &mut Pen) {
    pen.glow((0.0, -0.4), 1.3, Rgb::hex(0xff9a30), 0.8);
    for (from, to) in [(-0.44, 0.4), (0.44, -0.4)] {
        pen.limb(&[(from, -0.02), (to, -0.18)], 0.13, Rgb::hex(0x6f4a30));
    }
    for (wide, high, hex) in [(0.34, 1.0, 0xf2602a), (0.24, 0.76, 0xffa02e), (0.13, 0.5,
        0xffe27a)] {
        if let Some(path) = crate::paint::pen::blob(&[(-wide, -0.2), (-wide * 0.7, -0.4 * high),
            (-wide * 0.2, -0.62 * high), (0.03, -high), (wide * 0.36, -0.6 * high), (wide * 0.8,
            -0.46 * high), (wide, -0.2), (0.0, -0.08)]) {
            pen.shine(&path, Rgb::hex(hex));
        }
    }
}

fn treasure(pen: &mut Pen, coat: &mut Coat) {
    let wood = coat.or(0x8a5a34);
    pen.blob(&[(-0.62, -0.6), (-0.56, -0.96), (0.56, -0.96), (0.62, -0.6)], wood.dark(0.15));
    pen.glow((0.0, -0.6), 0.8, Rgb::hex(0xffd75a), 0.7);
    for i in 0..13 {
        let x = -0.48 + 0.08 * i as f32;
        pen.disc((x, -0.54 - 0.07 * ((i * 5) % 3) as f32), 0.08, Rgb::hex(0xf6c83a));
    }
    pen.card((-0.62, -0.5), (1.24, 0.5), 0.04, wood);
    for x in [-0.5, 0.42] {
        pen.bar((x, -0.5), (0.08, 0.5), Rgb::hex(0xc8963a));
    }
    pen.card((-0.09, -0.46), (0.18, 0.2), 0.03, Rgb::hex(0xe0b040));
}

fn telescope(pen: &mut Pen, coat: &mut Coat) {
    let tube = coat.or(0x3f5f9a);
    for x in [-0.3, 0.0, 0.3] {
        pen.limb(&[(0.0, -0.5), (x, 0.0)], 0.05, Rgb::hex(0x6a5040));
    }
    pen.limb(&[(-0.4, -0.42), (0.36, -0.84)], 0.18, tube);
    pen.limb(&[(0.3, -0.81), (0.46, -0.9)], 0.26, tube.dark(0.2));
    pen.limb(&[(-0.46, -0.39), (-0.38, -0.43)], 0.12, Rgb::hex(0xd9b04a));
    eye(pen, (0.5, -0.92), 0.05, Rgb::hex(0x8fd0ff));
}
