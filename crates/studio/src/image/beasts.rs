//! Animals that stand on four legs and are seen from the side, and the great ones of tales.

use super::draw::{Anchors, Coat};
use super::sitters::eye;
use super::thing::Thing;
use crate::paint::{Pen, Rgb};

/// Draws a standing animal that looks to the right.
pub(super) fn draw(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    match thing {
        Thing::Elephant => elephant(pen, coat),
        Thing::Giraffe => giraffe(pen, coat),
        Thing::Dragon => dragon(pen, coat),
        Thing::Dinosaur => dinosaur(pen, coat),
        Thing::Turtle => turtle(pen, coat),
        Thing::Sheep => sheep(pen, coat),
        Thing::Cow => cow(pen, coat),
        _ => horse(pen, thing, coat),
    }
}

fn legs(pen: &mut Pen, xs: [f32; 4], top: f32, wide: f32, color: Rgb, hoof: Rgb) {
    for (i, x) in xs.into_iter().enumerate() {
        let shade = if i < 2 { color.dark(0.2) } else { color };
        let bend = if i % 2 == 0 { -0.015 } else { 0.015 };
        pen.limb(&[(x, top), (x + bend, top * 0.5), (x, -0.05)], wide, shade);
        pen.card((x - wide * 0.6, -0.06), (wide * 1.25, 0.06), 0.02, hoof);
    }
}

fn horse(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    let deer = thing == Thing::Deer;
    let usual = match thing {
        Thing::Unicorn => 0xf6f2f6,
        Thing::Deer => 0xb07a4a,
        _ => *coat.chance.pick(&[0x8a5230, 0x5c3a28, 0xc29a6a, 0xd9cdbd]),
    };
    let hide = coat.or(usual);
    let mane = match thing {
        Thing::Unicorn => Rgb::hex(0xe58fd0),
        _ => hide.dark(0.5),
    };
    if deer {
        pen.oval((-0.42, -0.6), 0.05, 0.08, Rgb::hex(0xf4ead8));
    } else {
        pen.blob(&[(-0.36, -0.62), (-0.5, -0.52), (-0.54, -0.22), (-0.46, -0.2), (-0.4, -0.45)],
            mane);
    }
    legs(pen, [-0.24, 0.2, -0.33, 0.27], -0.42, if deer { 0.065 } else { 0.085 }, hide,
        hide.dark(0.65));
    pen.blob(
        &[(-0.4, -0.55), (-0.3, -0.68), (0.0, -0.64), (0.26, -0.68), (0.36, -0.52), (0.26, -0.36),
            (-0.05, -0.33), (-0.34, -0.37)],
        hide,
    );
    pen.blob(&[(0.16, -0.64), (0.3, -0.9), (0.42, -0.98), (0.48, -0.84), (0.38, -0.48)], hide);
    pen.blob(
        &[(0.33, -0.95), (0.45, -1.0), (0.55, -0.9), (0.68, -0.76), (0.65, -0.68), (0.55, -0.69),
            (0.42, -0.78)],
        hide,
    );
    pen.poly(&[(0.38, -0.96), (0.39, -1.08), (0.45, -0.97)], hide);
    pen.spot((0.65, -0.74), 0.012, 0.012, Rgb::hex(0x201a1c), 1.0);
    eye(pen, (0.49, -0.88), 0.026, Rgb::hex(0x33241c));
    if deer {
        let horn = Rgb::hex(0x8a6a4a);
        for lean in [-0.02, 0.08] {
            pen.line(&[(0.4, -0.98), (0.34 + lean, -1.14), (0.42 + lean, -1.26)], 0.025, horn);
            pen.line(&[(0.35 + lean, -1.1), (0.26 + lean, -1.2)], 0.02, horn);
            pen.line(&[(0.36 + lean, -1.16), (0.5 + lean, -1.18)], 0.02, horn);
        }
        for (x, y) in [(-0.2, -0.58), (-0.1, -0.52), (-0.28, -0.5), (0.02, -0.57)] {
            pen.dot((x, y), 0.018, hide.light(0.5));
        }
    } else {
        pen.blob(&[(0.4, -1.02), (0.26, -0.93), (0.12, -0.7), (0.1, -0.58), (0.2, -0.62), (0.3,
            -0.8)], mane);
        if thing == Thing::Unicorn {
            pen.blob(&[(0.32, -0.9), (0.2, -0.72), (0.18, -0.62), (0.25, -0.7)],
                Rgb::hex(0x9fd8f0));
            pen.glow((0.53, -1.16), 0.16, Rgb::hex(0xfff0a0), 0.7);
            pen.poly(&[(0.44, -0.99), (0.6, -1.28), (0.5, -0.95)], Rgb::hex(0xf3cf5a));
        }
    }
    Anchors { head: ((0.45, -0.9), 0.13), seat: (-0.03, -0.64) }
}

fn cow(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let hide = coat.or(0xf4efe6);
    let patch = Rgb::hex(0x3a2c2a);
    pen.line(&[(-0.46, -0.72), (-0.54, -0.5), (-0.52, -0.34)], 0.03, hide.dark(0.2));
    legs(pen, [-0.28, 0.2, -0.38, 0.3], -0.4, 0.11, hide, patch);
    pen.oval((-0.12, -0.34), 0.1, 0.06, Rgb::hex(0xf0a8a8));
    pen.card((-0.48, -0.8), (0.88, 0.48), 0.18, hide);
    pen.plain = true;
    pen.blob(&[(-0.3, -0.78), (-0.1, -0.76), (-0.08, -0.58), (-0.26, -0.52), (-0.36, -0.64)],
        patch);
    pen.blob(&[(0.08, -0.56), (0.24, -0.58), (0.26, -0.42), (0.1, -0.38)], patch);
    pen.plain = false;
    for side in [-1.0, 1.0] {
        let x = 0.5 + side * 0.1;
        pen.line(&[(x, -0.98), (x + side * 0.06, -1.04), (x + side * 0.05, -1.1)], 0.035,
            Rgb::hex(0xe3d2ac));
        pen.blob(&[(0.5 + side * 0.13, -0.93), (0.5 + side * 0.28, -0.95), (0.5 + side * 0.16,
            -0.84)], patch);
    }
    pen.card((0.34, -1.0), (0.32, 0.42), 0.14, hide);
    pen.oval((0.5, -0.62), 0.17, 0.1, Rgb::hex(0xf0b4ac));
    for side in [-1.0, 1.0] {
        eye(pen, (0.5 + side * 0.085, -0.84), 0.034, Rgb::hex(0x2c2020));
        pen.spot((0.5 + side * 0.06, -0.63), 0.02, 0.026, Rgb::hex(0x8a4a4a), 1.0);
    }
    Anchors { head: ((0.5, -0.82), 0.18), seat: (-0.05, -0.8) }
}

fn sheep(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let wool = coat.or(0xf5f1e8);
    let face = Rgb::hex(0x403a40);
    legs(pen, [-0.22, 0.18, -0.3, 0.26], -0.36, 0.08, face, face);
    for (x, y, r) in [
        (-0.36, -0.56, 0.19), (-0.22, -0.74, 0.2), (0.02, -0.8, 0.2), (0.24, -0.72, 0.19),
        (0.34, -0.54, 0.18), (0.18, -0.4, 0.18), (-0.08, -0.38, 0.19), (-0.28, -0.42, 0.17),
    ] {
        pen.disc((x, y), r, wool);
    }
    pen.plain = true;
    pen.oval((0.0, -0.58), 0.36, 0.24, wool);
    pen.plain = false;
    for side in [-1.0, 1.0] {
        pen.blob(&[(0.47 + side * 0.1, -0.84), (0.47 + side * 0.26, -0.78), (0.47 + side * 0.12,
            -0.73)], face);
    }
    pen.oval((0.47, -0.72), 0.15, 0.2, face);
    for (x, y) in [(0.37, -0.9), (0.47, -0.95), (0.57, -0.9)] {
        pen.disc((x, y), 0.085, wool);
    }
    for side in [-1.0, 1.0] {
        pen.dot((0.47 + side * 0.06, -0.75), 0.032, Rgb::hex(0xf8f6f2));
        pen.dot((0.475 + side * 0.06, -0.745), 0.017, Rgb::hex(0x1c181c));
    }
    Anchors { head: ((0.47, -0.78), 0.17), seat: (-0.05, -0.85) }
}

fn elephant(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let hide = coat.or(0x8f98a6);
    pen.line(&[(-0.5, -0.66), (-0.58, -0.5), (-0.57, -0.34)], 0.03, hide.dark(0.15));
    legs(pen, [-0.24, 0.14, -0.36, 0.24], -0.4, 0.19, hide, hide.dark(0.2));
    pen.blob(&[(-0.52, -0.55), (-0.42, -0.84), (-0.1, -0.92), (0.22, -0.86), (0.36, -0.6), (0.24,
        -0.32), (-0.1, -0.27), (-0.42, -0.34)], hide);
    pen.blob(&[(0.18, -0.78), (0.3, -0.98), (0.52, -0.98), (0.64, -0.8), (0.6, -0.58), (0.38,
        -0.5), (0.22, -0.58)], hide);
    pen.limb(&[(0.58, -0.72), (0.7, -0.5), (0.68, -0.26), (0.78, -0.2)], 0.115, hide);
    pen.blob(&[(0.5, -0.56), (0.62, -0.48), (0.72, -0.5), (0.6, -0.42)], Rgb::hex(0xf6efdf));
    pen.blob(&[(0.34, -0.9), (0.14, -0.98), (0.0, -0.8), (0.06, -0.52), (0.22, -0.5), (0.32,
        -0.66)], hide.dark(0.1));
    pen.plain = true;
    pen.blob(&[(0.26, -0.86), (0.13, -0.88), (0.06, -0.76), (0.1, -0.6), (0.22, -0.62)],
        hide.mix(Rgb::hex(0xe0a0a8), 0.4));
    pen.plain = false;
    eye(pen, (0.47, -0.78), 0.03, Rgb::hex(0x2c2428));
    Anchors { head: ((0.42, -0.84), 0.2), seat: (-0.12, -0.9) }
}

fn giraffe(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let hide = coat.or(0xedc26a);
    let spot = Rgb::hex(0xa8662f);
    legs(pen, [-0.16, 0.08, -0.22, 0.14], -0.32, 0.055, hide, spot);
    pen.blob(&[(-0.27, -0.36), (-0.2, -0.48), (0.1, -0.52), (0.2, -0.42), (0.14, -0.28), (-0.16,
        -0.26)], hide);
    pen.poly(&[(0.02, -0.48), (0.2, -0.9), (0.28, -0.88), (0.2, -0.38)], hide);
    pen.blob(&[(0.18, -0.96), (0.28, -0.97), (0.44, -0.88), (0.43, -0.83), (0.28, -0.84), (0.19,
        -0.87)], hide);
    for x in [0.21, 0.26] {
        pen.line(&[(x, -0.95), (x - 0.01, -1.02)], 0.016, spot);
        pen.dot((x - 0.01, -1.03), 0.014, spot);
    }
    for (x, y, r) in [(-0.14, -0.38, 0.045), (-0.03, -0.44, 0.04), (-0.04, -0.34, 0.04), (0.07,
        -0.4, 0.045), (0.1, -0.53, 0.034), (0.15, -0.63, 0.03), (0.19, -0.73, 0.026), (0.16, -0.51,
        0.026), (0.22, -0.82, 0.02)] {
        pen.spot((x, y), r, r * 0.86, spot, 1.0);
    }
    eye(pen, (0.27, -0.91), 0.018, Rgb::hex(0x2c2018));
    Anchors { head: ((0.26, -0.91), 0.075), seat: (-0.06, -0.5) }
}

fn dragon(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let hide = coat.or(*coat.chance.clone().pick(&[0x3f9c5f, 0xb33a3a, 0x5a4fb0]));
    let wing = hide.mix(Rgb::hex(0xe8a050), 0.4);
    let far = hide.dark(0.25);
    pen.poly(&[(-0.05, -0.6), (-0.5, -1.1), (-0.28, -0.94), (-0.2, -1.18), (-0.06, -0.96), (0.12,
        -1.1), (0.08, -0.62)], wing.dark(0.2));
    pen.blob(&[(-0.2, -0.3), (-0.5, -0.2), (-0.74, -0.3), (-0.86, -0.52), (-0.78, -0.22), (-0.5,
        -0.04), (-0.2, -0.1)], hide);
    pen.poly(&[(-0.84, -0.46), (-0.96, -0.66), (-0.78, -0.54)], wing);
    pen.limb(&[(-0.1, -0.3), (-0.02, -0.04)], 0.13, far);
    pen.blob(&[(-0.3, -0.25), (-0.24, -0.5), (0.02, -0.64), (0.24, -0.58), (0.28, -0.3), (0.12,
        -0.1), (-0.16, -0.1)], hide);
    pen.blob(&[(0.06, -0.5), (0.2, -0.78), (0.3, -0.94), (0.46, -0.9), (0.42, -0.68), (0.3,
        -0.36)], hide);
    pen.plain = true;
    pen.blob(&[(0.12, -0.14), (0.26, -0.32), (0.4, -0.66), (0.3, -0.6), (0.16, -0.4), (0.04,
        -0.18)], hide.mix(Rgb::hex(0xf8e8b0), 0.6));
    pen.plain = false;
    for (x, y) in [(0.05, -0.6), (0.14, -0.74), (0.21, -0.86), (-0.12, -0.56), (-0.25, -0.44)] {
        pen.poly(&[(x - 0.04, y + 0.05), (x - 0.06, y - 0.08), (x + 0.05, y)], wing);
    }
    pen.blob(&[(0.26, -0.92), (0.38, -1.04), (0.52, -1.0), (0.72, -0.9), (0.72, -0.82), (0.5,
        -0.8), (0.34, -0.8)], hide);
    pen.line(&[(0.48, -0.85), (0.7, -0.86)], 0.014, far.dark(0.4));
    for x in [0.32, 0.4] {
        pen.poly(&[(x, -0.99), (x - 0.12, -1.16), (x + 0.06, -1.02)], Rgb::hex(0xf0e2c0));
    }
    pen.dot((0.68, -0.91), 0.014, far.dark(0.5));
    eye(pen, (0.48, -0.94), 0.034, Rgb::hex(0xf6c83a));
    pen.poly(&[(-0.02, -0.56), (-0.66, -1.0), (-0.44, -0.8), (-0.56, -0.62), (-0.34, -0.62),
        (-0.32, -0.42), (-0.16, -0.48), (0.06, -0.44)], wing);
    for end in [(-0.66, -1.0), (-0.56, -0.62), (-0.32, -0.42)] {
        pen.line(&[(-0.0, -0.54), end], 0.02, hide.dark(0.2));
    }
    pen.limb(&[(0.12, -0.24), (0.18, -0.05)], 0.13, hide);
    pen.oval((0.22, -0.04), 0.1, 0.045, hide.dark(0.1));
    pen.oval((0.02, -0.035), 0.09, 0.04, far);
    Anchors { head: ((0.44, -0.92), 0.13), seat: (0.0, -0.6) }
}

fn dinosaur(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let hide = coat.or(0x6fa84f);
    let pale = hide.mix(Rgb::hex(0xf6edc0), 0.6);
    pen.limb(&[(-0.1, -0.36), (-0.16, -0.2), (-0.1, -0.04)], 0.13, hide.dark(0.25));
    pen.blob(&[(-0.1, -0.56), (-0.4, -0.4), (-0.82, -0.36), (-0.45, -0.22), (-0.1, -0.24)], hide);
    pen.blob(&[(-0.22, -0.3), (-0.16, -0.54), (0.06, -0.72), (0.2, -0.86), (0.36, -0.74), (0.3,
        -0.44), (0.1, -0.24)], hide);
    pen.plain = true;
    pen.blob(&[(0.06, -0.26), (0.26, -0.42), (0.33, -0.68), (0.22, -0.56), (0.06, -0.4)], pale);
    pen.plain = false;
    pen.blob(&[(0.14, -0.84), (0.22, -1.0), (0.44, -1.02), (0.66, -0.94), (0.66, -0.84), (0.48,
        -0.74), (0.26, -0.72)], hide);
    pen.poly(&[(0.38, -0.78), (0.64, -0.85), (0.6, -0.77), (0.42, -0.72)], Rgb::hex(0x8a2f38));
    for i in 0..5 {
        let x = 0.42 + i as f32 * 0.046;
        pen.poly(&[(x, -0.8 - i as f32 * 0.011), (x + 0.03, -0.805 - i as f32 * 0.011), (x + 0.017,
            -0.75 - i as f32 * 0.011)], Rgb::hex(0xffffff));
    }
    eye(pen, (0.34, -0.92), 0.036, Rgb::hex(0xe8b83a));
    pen.limb(&[(0.26, -0.56), (0.38, -0.5), (0.42, -0.56)], 0.05, hide.dark(0.1));
    pen.limb(&[(0.02, -0.36), (-0.04, -0.18), (0.06, -0.04)], 0.16, hide);
    pen.oval((0.1, -0.035), 0.11, 0.042, hide.dark(0.1));
    for (x, y) in [(0.1, -0.78), (-0.02, -0.68), (-0.13, -0.56), (-0.26, -0.46), (-0.4, -0.42)] {
        pen.poly(&[(x - 0.05, y + 0.03), (x - 0.05, y - 0.08), (x + 0.04, y - 0.01)],
            hide.dark(0.35));
    }
    Anchors { head: ((0.36, -0.9), 0.17), seat: (-0.05, -0.6) }
}

fn turtle(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let shell = coat.or(0x5a8a4a);
    let skin = Rgb::hex(0x9cba6a);
    for x in [-0.42, 0.36] {
        pen.limb(&[(x, -0.26), (x + 0.03, -0.07)], 0.18, skin);
    }
    pen.blob(&[(0.5, -0.4), (0.62, -0.72), (0.82, -0.76), (0.92, -0.58), (0.8, -0.44), (0.66,
        -0.28)], skin);
    pen.blob(&[(-0.68, -0.24), (-0.56, -0.64), (-0.2, -0.92), (0.2, -0.92), (0.52, -0.64), (0.62,
        -0.24)], shell);
    pen.plain = true;
    for (x, y) in [(-0.02, -0.66), (-0.34, -0.5), (0.3, -0.5), (-0.18, -0.36), (0.14, -0.36)] {
        let spots: Vec<_> = (0..6).map(|i| super::draw::around((x, y), 0.13,
            i as f32 / 6.0)).collect();
        pen.poly(&spots, shell.light(0.25));
    }
    pen.plain = false;
    pen.card((-0.7, -0.3), (1.34, 0.12), 0.06, shell.dark(0.3));
    eye(pen, (0.78, -0.63), 0.045, Rgb::hex(0x2c2820));
    Anchors { head: ((0.76, -0.62), 0.16), seat: (0.0, -0.88) }
}
