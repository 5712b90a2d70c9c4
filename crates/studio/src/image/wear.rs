//! Things that are worn on a head or held. On heads they are drawn in the head's units: its middle
//! at the origin, its radius 1.

use crate::paint::pen::Spot;
use crate::paint::{Pen, Rgb};

/// A hat with a brim that points where its wearer looks.
pub fn hat(pen: &mut Pen, toward: f32, color: Rgb) {
    pen.blob(
        &[(-0.92, -0.56), (-0.8, -1.2), (-0.3, -1.55), (0.3, -1.55), (0.8, -1.2), (0.92, -0.56)],
        color,
    );
    pen.card((-0.95, -0.78), (1.9, 0.2), 0.08, color.dark(0.4));
    let x = toward * 0.4;
    pen.oval((x, -0.56), 1.34, 0.2, color.dark(0.08));
}

pub fn top_hat(pen: &mut Pen, color: Rgb) {
    pen.poly(&[(-0.74, -0.7), (-0.84, -2.0), (0.84, -2.0), (0.74, -0.7)], color);
    pen.bar((-0.76, -1.02), (1.52, 0.24), Rgb::hex(0xb3303c));
    pen.oval((0.0, -0.7), 1.28, 0.18, color);
}

pub fn wizard_hat(pen: &mut Pen, color: Rgb) {
    pen.blob(
        &[(-0.9, -0.62), (-0.5, -1.5), (-0.1, -2.3), (0.42, -2.62), (0.3, -2.2), (0.48, -1.5),
            (0.9, -0.62)],
        color,
    );
    pen.oval((0.0, -0.62), 1.5, 0.26, color.dark(0.12));
    pen.bar((-0.78, -0.96), (1.56, 0.2), Rgb::hex(0xe6bd4a));
    for (x, y) in [(-0.3, -1.25), (0.2, -1.6), (0.02, -2.05)] {
        pen.dot((x, y), 0.09, Rgb::hex(0xf8e58a));
    }
}

pub fn crown(pen: &mut Pen, color: Rgb) {
    pen.poly(
        &[
            (-0.72, -0.72),
            (-0.86, -1.42),
            (-0.42, -1.1),
            (0.0, -1.6),
            (0.42, -1.1),
            (0.86, -1.42),
            (0.72, -0.72),
        ],
        color,
    );
    for (x, hex) in [(-0.42, 0x3fa0e0), (0.0, 0xd9304a), (0.42, 0x3fbf7f)] {
        pen.dot((x, -0.92), 0.1, Rgb::hex(hex));
    }
}

pub fn bow(pen: &mut Pen, at: Spot, color: Rgb) {
    pen.at(at, 1.0, false, |pen| {
        pen.blob(&[(0.0, 0.0), (-0.5, -0.3), (-0.52, 0.3)], color);
        pen.blob(&[(0.0, 0.0), (0.5, -0.3), (0.52, 0.3)], color);
        pen.disc((0.0, 0.0), 0.15, color.dark(0.2));
    });
}

/// One lens of a pair of glasses.
pub fn lens(pen: &mut Pen, (x, y): Spot, rx: f32, ry: f32, frame: Rgb) {
    pen.spot((x, y), rx, ry, Rgb::hex(0xbfe4ff), 0.28);
    let ring: Vec<Spot> = (0..=16)
        .map(|i| (i as f32 / 16.0 * std::f32::consts::TAU).sin_cos())
        .map(|(sin, cos)| (x + cos * rx, y + sin * ry))
        .collect();
    pen.line(&ring, 0.07, frame);
}

/// A pair of glasses on a head that looks at us.
pub fn glasses(pen: &mut Pen, frame: Rgb) {
    for side in [-1.0, 1.0] {
        lens(pen, (side * 0.42, 0.0), 0.34, 0.34, frame);
    }
    pen.line(&[(-0.1, -0.02), (0.1, -0.02)], 0.08, frame);
}

pub fn sword(pen: &mut Pen, (x, y): Spot) {
    let steel = Rgb::hex(0xd4dbe4);
    pen.poly(&[(x - 0.016, y), (x - 0.02, y - 0.42), (x, y - 0.5), (x + 0.02, y - 0.42),
        (x + 0.016, y)], steel);
    pen.card((x - 0.07, y - 0.01), (0.14, 0.026), 0.01, Rgb::hex(0xd9a93f));
    pen.card((x - 0.014, y + 0.01), (0.028, 0.1), 0.01, Rgb::hex(0x6b4428));
}

/// An umbrella held at a hand, `height` of its stick above it.
pub fn umbrella(pen: &mut Pen, (x, y): Spot, height: f32, color: Rgb) {
    pen.limb(&[(x, y + 0.06), (x, y - height)], 0.018, Rgb::hex(0x6b4a33));
    let top = y - height - 0.16;
    let wide = 0.36;
    let low = y - height + 0.06;
    pen.blob(
        &[
            (x - wide, low),
            (x - wide * 0.78, top + 0.08),
            (x, top),
            (x + wide * 0.78, top + 0.08),
            (x + wide, low),
            (x + wide * 0.5, low - 0.03),
            (x, low + 0.005),
            (x - wide * 0.5, low - 0.03),
        ],
        color,
    );
    for side in [-0.45, 0.45] {
        pen.line(&[(x, top), (x + wide * side, top + 0.09), (x + wide * side * 1.15, low - 0.02)],
            0.008, color.dark(0.28));
    }
}

/// A balloon on a string from a hand.
pub fn balloon(pen: &mut Pen, (x, y): Spot, height: f32, color: Rgb) {
    let top = (x + 0.05, y - height);
    pen.thread(&[(x, y), (x + 0.04, y - height * 0.4), (top.0, top.1 + 0.13)], 0.006,
        Rgb::hex(0x55505a), 0.9);
    pen.poly(&[(top.0 - 0.02, top.1 + 0.16), (top.0 + 0.02, top.1 + 0.16), (top.0, top.1 + 0.12)],
        color);
    pen.oval(top, 0.11, 0.135, color);
    pen.spot((top.0 - 0.04, top.1 - 0.05), 0.022, 0.036, Rgb::hex(0xffffff), 0.7);
}
