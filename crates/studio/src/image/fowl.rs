//! Birds, insects, and what lives in water.

use super::draw::{Anchors, Coat};
use super::sitters::eye;
use super::thing::Thing;
use crate::paint::{Pen, Rgb};

/// Draws one of them, looking to the right.
pub(super) fn draw(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    match thing {
        Thing::Duck => duck(pen, coat),
        Thing::Butterfly => butterfly(pen, coat),
        Thing::Bee => bee(pen, coat),
        Thing::Fish => fish(pen, coat),
        Thing::Whale | Thing::Shark | Thing::Dolphin => whale(pen, thing, coat),
        Thing::Octopus => octopus(pen, coat),
        Thing::Jellyfish => jellyfish(pen, coat),
        Thing::Crab => crab(pen, coat),
        Thing::Snail => snail(pen, coat),
        _ => bird(pen, coat),
    }
}

fn bird(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let feather = coat.or(*coat.chance.clone().pick(&[0x3f86d0, 0xd9534a, 0xe8b13a, 0x4fa86a]));
    let wing = feather.dark(0.24);
    pen.poly(&[(-0.3, -0.5), (-0.78, -0.68), (-0.72, -0.5), (-0.8, -0.38)], wing);
    pen.blob(&[(-0.42, -0.46), (-0.2, -0.7), (0.2, -0.78), (0.46, -0.62), (0.4, -0.36), (0.1,
        -0.22), (-0.24, -0.3)], feather);
    pen.plain = true;
    pen.blob(&[(-0.12, -0.3), (0.2, -0.46), (0.42, -0.4), (0.2, -0.25)],
        feather.mix(Rgb::hex(0xfff2d8), 0.7));
    pen.plain = false;
    pen.disc((0.4, -0.68), 0.2, feather);
    pen.poly(&[(0.57, -0.74), (0.8, -0.66), (0.57, -0.59)], Rgb::hex(0xf2a233));
    eye(pen, (0.46, -0.72), 0.05, Rgb::hex(0x2a2024));
    let lift = coat.chance.range(-0.12, 0.12);
    pen.blob(&[(0.16, -0.6), (-0.02, -0.98 + lift), (-0.4, -1.14 + lift), (-0.32, -0.84), (-0.26,
        -0.5)], wing);
    pen.line(&[(-0.1, -0.86 + lift), (-0.18, -0.58)], 0.02, wing.dark(0.3));
    Anchors::head((0.4, -0.68), 0.2)
}

fn duck(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let feather = coat.or(*coat.chance.clone().pick(&[0xf6f3ea, 0xf2cf4a, 0xb08a5c]));
    pen.blob(&[(-0.62, -0.44), (-0.42, -0.36), (-0.1, -0.42), (0.24, -0.36), (0.46, -0.24), (0.36,
        -0.04), (0.0, 0.0), (-0.4, -0.06)], feather);
    pen.blob(&[(0.14, -0.3), (0.2, -0.62), (0.34, -0.66), (0.46, -0.5), (0.46, -0.22)], feather);
    pen.disc((0.36, -0.76), 0.2, feather);
    pen.blob(&[(0.5, -0.8), (0.78, -0.74), (0.76, -0.66), (0.5, -0.66)], Rgb::hex(0xf08c2e));
    eye(pen, (0.42, -0.8), 0.042, Rgb::hex(0x241c20));
    pen.blob(&[(-0.38, -0.3), (-0.06, -0.34), (0.16, -0.22), (-0.1, -0.1), (-0.34, -0.16)],
        feather.dark(0.14));
    Anchors { head: ((0.36, -0.76), 0.19), seat: (-0.1, -0.38) }
}

fn butterfly(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let wing = coat.or(*coat.chance.clone().pick(&[0xe8862f, 0x4f8fe0, 0xd060b0, 0xf0c23a]));
    for side in [-1.0, 1.0] {
        pen.blob(&[(0.03 * side, -0.5), (0.26 * side, -0.98), (0.62 * side, -0.98), (0.6 * side,
            -0.6), (0.2 * side, -0.44)], wing);
        pen.blob(&[(0.03 * side, -0.48), (0.44 * side, -0.46), (0.5 * side, -0.16), (0.26 * side,
            -0.04), (0.08 * side, -0.3)], wing.dark(0.16));
        pen.plain = true;
        pen.blob(&[(0.14 * side, -0.6), (0.32 * side, -0.88), (0.5 * side, -0.86), (0.46 * side,
            -0.64)], wing.light(0.4));
        pen.plain = false;
        pen.dot((0.36 * side, -0.28), 0.07, wing.light(0.5));
        pen.line(&[(0.02 * side, -0.72), (0.1 * side, -0.92), (0.16 * side, -0.98)], 0.02,
            Rgb::hex(0x2a2028));
    }
    pen.limb(&[(0.0, -0.7), (0.0, -0.2)], 0.075, Rgb::hex(0x2f2430));
    Anchors::head((0.0, -0.72), 0.07)
}

fn bee(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let yellow = coat.or(0xf5c33a);
    for x in [-0.12, 0.12] {
        pen.at((x, -0.76), 1.0, false, |pen| {
            pen.turned(if x < 0.0 { -24.0 } else { 24.0 }, |pen| pen.spot((0.0, -0.12), 0.16, 0.26,
                Rgb::hex(0xdff2ff), 0.75));
        });
    }
    pen.oval((0.0, -0.42), 0.5, 0.34, yellow);
    for x in [-0.24, 0.0, 0.24] {
        let high = 0.29 - f32::abs(x) * 0.22;
        pen.line(&[(x, -0.42 - high), (x + 0.03, -0.42), (x, -0.42 + high)], 0.1,
            Rgb::hex(0x2c2428));
    }
    pen.disc((0.46, -0.46), 0.2, Rgb::hex(0x2c2428));
    pen.dot((0.52, -0.5), 0.06, Rgb::hex(0xffffff));
    Anchors::head((0.46, -0.46), 0.2)
}

fn fish(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let scale = coat.or(*coat.chance.clone().pick(&[0xf0862e, 0x3f9fd9, 0xe3b53a, 0xd9566a,
        0x6f6fd0]));
    let fin = scale.dark(0.2);
    pen.blob(&[(-0.5, -0.5), (-0.98, -0.88), (-0.88, -0.5), (-0.98, -0.12)], fin);
    pen.blob(&[(-0.1, -0.8), (0.0, -1.04), (0.36, -0.92), (0.3, -0.74)], fin);
    pen.blob(&[(-0.6, -0.5), (-0.26, -0.8), (0.2, -0.88), (0.6, -0.68), (0.74, -0.5), (0.6, -0.32),
        (0.2, -0.12), (-0.26, -0.2)], scale);
    pen.plain = true;
    for x in [-0.16, 0.24] {
        pen.blob(&[(x - 0.07, -0.82), (x + 0.07, -0.84), (x + 0.1, -0.5), (x + 0.07, -0.16),
            (x - 0.07, -0.18), (x - 0.02, -0.5)], scale.mix(Rgb::hex(0xffffff), 0.78));
    }
    pen.plain = false;
    pen.blob(&[(0.02, -0.46), (-0.16, -0.3), (-0.02, -0.26), (0.12, -0.38)], fin);
    eye(pen, (0.5, -0.58), 0.075, Rgb::hex(0x2a2430));
    pen.line(&[(0.7, -0.44), (0.62, -0.4)], 0.025, fin.dark(0.4));
    Anchors::head((0.46, -0.56), 0.26)
}

fn whale(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    let (usual, belly) = match thing {
        Thing::Shark => (0x7d8fa0, 0xeef2f4),
        Thing::Dolphin => (0x5f8fb8, 0xe6f0f6),
        _ => (0x3f6fa8, 0xdfeaf4),
    };
    let hide = coat.or(usual);
    let fat = if thing == Thing::Whale { 1.0 } else { 0.66 };
    pen.blob(&[(-0.84, -0.46), (-1.2, -0.82), (-1.02, -0.46), (-1.16, -0.2)], hide.dark(0.12));
    if thing != Thing::Whale {
        pen.blob(&[(-0.16, -0.62), (-0.06, -1.02), (0.1, -0.98), (0.22, -0.62)], hide.dark(0.1));
    }
    pen.blob(
        &[(-0.98, -0.48), (-0.5, -0.44 - 0.26 * fat), (0.1, -0.46 - 0.42 * fat), (0.66,
            -0.44 - 0.36 * fat), (0.94, -0.46), (0.72, -0.44 + 0.3 * fat), (0.1,
            -0.46 + 0.42 * fat), (-0.5, -0.42 + 0.14 * fat)],
        hide,
    );
    if thing == Thing::Dolphin {
        pen.blob(&[(0.8, -0.56), (1.16, -0.42), (1.14, -0.36), (0.8, -0.34)], hide);
    }
    pen.plain = true;
    pen.blob(&[(0.88, -0.4), (0.7, -0.44 + 0.28 * fat), (0.1, -0.46 + 0.4 * fat), (-0.42,
        -0.42 + 0.12 * fat), (0.1, -0.44 + 0.2 * fat), (0.6, -0.36)], Rgb::hex(belly));
    pen.plain = false;
    pen.blob(&[(0.2, -0.34), (-0.02, -0.02), (0.14, -0.02), (0.4, -0.26)], hide.dark(0.15));
    eye(pen, (0.6, -0.52), 0.045, Rgb::hex(0x1c2028));
    if thing == Thing::Whale {
        for side in [-1.0, 1.0] {
            pen.line(&[(0.3, -0.9), (0.3 + side * 0.08, -1.12), (0.3 + side * 0.24, -1.08)], 0.05,
                Rgb::hex(0xd8f0ff));
        }
    }
    if thing == Thing::Shark {
        for x in [0.32, 0.38, 0.44] {
            pen.line(&[(x, -0.56), (x - 0.02, -0.42)], 0.016, hide.dark(0.4));
        }
        pen.line(&[(0.86, -0.4), (0.66, -0.36)], 0.02, hide.dark(0.5));
    }
    Anchors { head: ((0.56, -0.56), 0.34), seat: (0.0, -0.84) }
}

fn octopus(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let skin = coat.or(*coat.chance.clone().pick(&[0xd9607a, 0x9a5fc0, 0xe0803f]));
    for i in 0..6 {
        let x = -0.4 + 0.16 * i as f32;
        let out = x * 1.5;
        let curl = if i % 2 == 0 { 0.1 } else { -0.1 };
        pen.limb(&[(x * 0.6, -0.4), (out, -0.26), (out + curl, -0.05), (out - curl * 0.5, -0.02)],
            0.1, skin.dark(0.06 * (i % 3) as f32));
    }
    pen.blob(&[(-0.3, -0.36), (-0.36, -0.72), (-0.2, -0.96), (0.0, -1.02), (0.2, -0.96), (0.36,
        -0.72), (0.3, -0.36), (0.0, -0.3)], skin);
    for side in [-1.0, 1.0] {
        eye(pen, (0.13 * side, -0.56), 0.075, Rgb::hex(0x241a24));
        pen.spot((0.24 * side, -0.46), 0.05, 0.03, Rgb::hex(0xff8a90), 0.6);
    }
    pen.line(&[(-0.06, -0.43), (0.0, -0.4), (0.06, -0.43)], 0.02, skin.dark(0.5));
    Anchors::head((0.0, -0.68), 0.35)
}

fn jellyfish(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let skin = coat.or(*coat.chance.clone().pick(&[0xc58fe8, 0x8fd0f0, 0xf0a0c8]));
    pen.glow((0.0, -0.7), 0.7, skin, 0.5);
    for i in 0..7 {
        let x = -0.3 + 0.1 * i as f32;
        let tone = pen.look.tone(skin.light(0.2));
        pen.thread(&[(x, -0.6), (x * 1.2 + 0.05, -0.38), (x * 1.1 - 0.05, -0.18), (x * 1.3, 0.0)],
            0.03, tone, 0.7);
    }
    pen.blob(&[(-0.42, -0.58), (-0.36, -0.84), (0.0, -1.02), (0.36, -0.84), (0.42, -0.58), (0.2,
        -0.52), (0.0, -0.57), (-0.2, -0.52)], skin);
    pen.spot((-0.12, -0.84), 0.14, 0.07, Rgb::hex(0xffffff), 0.45);
    Anchors::head((0.0, -0.74), 0.4)
}

fn crab(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let shell = coat.or(0xe0573a);
    for side in [-1.0, 1.0] {
        for i in 0..3 {
            let y = -0.3 + 0.07 * i as f32;
            pen.limb(&[(0.3 * side, y), (0.66 * side, y - 0.08), (0.76 * side,
                0.0 - 0.04 * (2 - i) as f32)], 0.055, shell.dark(0.1));
        }
        pen.limb(&[(0.4 * side, -0.44), (0.66 * side, -0.56), (0.62 * side, -0.74)], 0.09, shell);
        pen.blob(&[(0.56 * side, -0.74), (0.46 * side, -0.96), (0.6 * side, -0.9), (0.72 * side,
            -1.02), (0.8 * side, -0.82), (0.7 * side, -0.7)], shell);
        pen.limb(&[(0.14 * side, -0.56), (0.14 * side, -0.74)], 0.04, shell);
        eye(pen, (0.14 * side, -0.78), 0.065, Rgb::hex(0x241c1c));
    }
    pen.blob(&[(-0.5, -0.34), (-0.36, -0.58), (0.0, -0.64), (0.36, -0.58), (0.5, -0.34), (0.28,
        -0.12), (-0.28, -0.12)], shell);
    pen.line(&[(-0.12, -0.3), (0.0, -0.25), (0.12, -0.3)], 0.025, shell.dark(0.5));
    Anchors::head((0.0, -0.6), 0.24)
}

fn snail(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let shell = coat.or(0xc98a4a);
    let skin = Rgb::hex(0xd9c79a);
    pen.blob(&[(-0.7, -0.02), (-0.3, -0.2), (0.4, -0.2), (0.52, -0.56), (0.7, -0.6), (0.76, -0.4),
        (0.62, -0.02)], skin);
    for x in [0.58, 0.7] {
        pen.limb(&[(x, -0.54), (x + 0.04, -0.82)], 0.035, skin);
        pen.dot((x + 0.04, -0.84), 0.04, Rgb::hex(0x33282a));
    }
    pen.disc((-0.05, -0.5), 0.44, shell);
    let spiral: Vec<_> = (0..30)
        .map(|i| super::draw::around((-0.05, -0.48), 0.36 * (1.0 - i as f32 / 31.0),
            i as f32 / 11.0))
        .collect();
    pen.line(&spiral, 0.045, shell.dark(0.38));
    Anchors::head((0.66, -0.5), 0.14)
}
