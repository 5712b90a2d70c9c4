//! Houses, castles, towers: what people build. Windows shine when it is dark.

use super::draw::{Anchors, Coat, around};
use super::thing::Thing;
use crate::paint::pen::Spot;
use crate::paint::{Pen, Rgb};

/// Draws a building.
pub(super) fn draw(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    match thing {
        Thing::Castle => castle(pen, coat),
        Thing::Lighthouse => lighthouse(pen, coat),
        Thing::Windmill => windmill(pen, coat),
        Thing::Tower => tower(pen, coat),
        Thing::Church => church(pen, coat),
        Thing::Barn => barn(pen, coat),
        Thing::Pyramid => pyramid(pen, coat),
        Thing::Bridge => bridge(pen, coat),
        Thing::Tent => tent(pen, coat),
        _ => house(pen, coat),
    }
    Anchors::NONE
}

/// A window, with its cross.
pub(super) fn window(pen: &mut Pen, (x, y): Spot, (w, h): Spot, dark: bool) {
    let frame = Rgb::hex(0xf3ead8);
    pen.card((x - w * 0.6, y - h * 0.6), (w * 1.2, h * 1.2), w * 0.1, frame);
    if dark {
        pen.glow((x, y), w * 1.7, Rgb::hex(0xffc861), 0.55);
        if let Some(path) = crate::paint::pen::card((x - w / 2.0, y - h / 2.0), (w, h), w * 0.06) {
            pen.shine(&path, Rgb::hex(0xffd777));
        }
    } else {
        pen.card((x - w / 2.0, y - h / 2.0), (w, h), w * 0.06, Rgb::hex(0x7fb0cf));
    }
    pen.line(&[(x, y - h / 2.0), (x, y + h / 2.0)], w * 0.08, frame);
    pen.line(&[(x - w / 2.0, y), (x + w / 2.0, y)], w * 0.08, frame);
}

fn house(pen: &mut Pen, coat: &mut Coat) {
    let wall = coat.or(*coat.chance.clone().pick(&[0xf2e2c4, 0xe8d3bd, 0xd9e3e0, 0xe6c9a8]));
    let roof = Rgb::hex(*coat.chance.pick(&[0xa8493a, 0x7a4a3c, 0x4f5f78, 0x8a5a3a]));
    pen.bar((0.24, -0.98), (0.12, 0.3), Rgb::hex(0x8a5a4a));
    pen.bar((-0.5, -0.58), (1.0, 0.58), wall);
    pen.poly(&[(-0.62, -0.54), (-0.36, -0.94), (0.36, -0.94), (0.62, -0.54)], roof);
    for row in 1..4 {
        let y = -0.94 + 0.1 * row as f32;
        let wide = 0.36 + 0.065 * row as f32;
        pen.line(&[(-wide, y), (wide, y)], 0.008, roof.dark(0.22));
    }
    pen.card((-0.11, -0.36), (0.22, 0.36), 0.03, Rgb::hex(0x6f432e));
    pen.dot((0.06, -0.18), 0.018, Rgb::hex(0xe8c45a));
    for x in [-0.32, 0.32] {
        window(pen, (x, -0.33), (0.19, 0.2), coat.dark);
    }
    window(pen, (0.0, -0.73), (0.12, 0.12), coat.dark);
    for i in 0..10 {
        let x = -0.5 + 0.1 * i as f32;
        if !(-0.15..0.1).contains(&x) {
            pen.disc((x + 0.04, -0.03), 0.06, Rgb::hex(0x5a9a52));
        }
    }
}

fn merlons(pen: &mut Pen, left: f32, right: f32, y: f32, stone: Rgb) {
    let count = ((right - left) / 0.07).round().max(2.0) as i32;
    let step = (right - left) / count as f32;
    for i in 0..count {
        if i % 2 == 0 {
            pen.bar((left + step * i as f32, y - 0.045), (step, 0.05), stone);
        }
    }
}

fn castle(pen: &mut Pen, coat: &mut Coat) {
    let stone = coat.or(0xb9b0b4);
    let roof = Rgb::hex(*coat.chance.pick(&[0x3f5fa0, 0x8a3f5a, 0x5a4f9a, 0xa8503a]));
    let spire = |pen: &mut Pen, x: f32, wide: f32, low: f32, high: f32| {
        pen.bar((x - wide, high), (wide * 2.0, low - high), stone.dark(0.05));
        pen.poly(&[(x - wide * 1.35, high), (x, high - wide * 3.4), (x + wide * 1.35, high)], roof);
        let tip = high - wide * 3.4;
        pen.line(&[(x, tip), (x, tip - 0.06)], 0.01, Rgb::hex(0x4a3a34));
        pen.poly(&[(x, tip - 0.06), (x + 0.08, tip - 0.04), (x, tip - 0.015)], Rgb::hex(0xe0484a));
    };
    spire(pen, 0.0, 0.1, -0.3, -0.7);
    spire(pen, -0.24, 0.07, -0.3, -0.56);
    spire(pen, 0.24, 0.07, -0.3, -0.58);
    pen.bar((-0.36, -0.44), (0.72, 0.44), stone);
    merlons(pen, -0.36, 0.36, -0.44, stone);
    spire(pen, -0.42, 0.09, 0.0, -0.5);
    spire(pen, 0.42, 0.09, 0.0, -0.5);
    for (x, y) in [(-0.3, -0.34), (0.12, -0.17), (-0.2, -0.14), (0.28, -0.33), (-0.12, -0.3), (0.2,
        -0.08)] {
        pen.card((x, y), (0.06, 0.03), 0.01, stone.dark(0.1));
    }
    pen.blob(&[(-0.1, 0.01), (-0.1, -0.18), (0.0, -0.27), (0.1, -0.18), (0.1, 0.01)],
        Rgb::hex(0x4a3428));
    for x in [-0.05, 0.0, 0.05] {
        pen.line(&[(x, 0.0), (x, -0.22)], 0.008, Rgb::hex(0x2a1e18));
    }
    for (x, y) in [(0.0, -0.58), (-0.42, -0.36), (0.42, -0.36), (-0.24, -0.5), (0.24, -0.5),
        (-0.22, -0.26), (0.22, -0.26)] {
        slit(pen, (x, y), coat.dark);
    }
}

fn slit(pen: &mut Pen, (x, y): Spot, dark: bool) {
    if dark {
        pen.glow((x, y), 0.1, Rgb::hex(0xffc861), 0.7);
        if let Some(path) = crate::paint::pen::card((x - 0.018, y - 0.035), (0.036, 0.07), 0.018) {
            pen.shine(&path, Rgb::hex(0xffdf8a));
        }
    } else {
        pen.card((x - 0.018, y - 0.035), (0.036, 0.07), 0.018, Rgb::hex(0x4a4450));
    }
}

fn lighthouse(pen: &mut Pen, coat: &mut Coat) {
    let stripe = coat.or(0xd9413f);
    pen.blob(&[(-0.42, 0.04), (-0.3, -0.08), (0.0, -0.1), (0.3, -0.07), (0.42, 0.04)],
        Rgb::hex(0x6f6a6a));
    for i in 0..5 {
        let (low, high) = (-0.05 - 0.135 * i as f32, -0.05 - 0.135 * (i + 1) as f32);
        let wide = |y: f32| 0.15 + (y + 0.05) * 0.09;
        let color = if i % 2 == 0 { Rgb::hex(0xf7f3ec) } else { stripe };
        pen.poly(&[(-wide(low), low), (wide(low), low), (wide(high), high), (-wide(high), high)],
            color);
    }
    pen.card((-0.15, -0.76), (0.3, 0.04), 0.01, Rgb::hex(0x3a3a44));
    if coat.dark {
        for side in [-1.0, 1.0] {
            if let Some(path) = crate::paint::pen::poly(&[(0.0, -0.82), (1.6 * side, -0.98),
                (1.6 * side, -0.6)]) {
                pen.wash(&path, Rgb::hex(0xfff2b8), 0.22);
            }
        }
        pen.glow((0.0, -0.82), 0.5, Rgb::hex(0xfff0b0), 0.9);
    }
    pen.card((-0.075, -0.88), (0.15, 0.12), 0.01, Rgb::hex(0xffe9a0));
    pen.poly(&[(-0.12, -0.88), (0.0, -1.0), (0.12, -0.88)], stripe);
    slit(pen, (0.0, -0.5), coat.dark);
    slit(pen, (0.0, -0.24), coat.dark);
}

fn windmill(pen: &mut Pen, coat: &mut Coat) {
    let wall = coat.or(0xe9dcc4);
    pen.poly(&[(-0.22, 0.0), (-0.13, -0.62), (0.13, -0.62), (0.22, 0.0)], wall);
    pen.blob(&[(-0.16, -0.6), (-0.1, -0.76), (0.1, -0.76), (0.16, -0.6)], Rgb::hex(0x8a4a3a));
    window(pen, (0.0, -0.4), (0.08, 0.1), coat.dark);
    pen.card((-0.06, -0.18), (0.12, 0.18), 0.05, Rgb::hex(0x6f432e));
    for i in 0..4 {
        let end = around((0.0, -0.66), 0.46, i as f32 / 4.0 + 0.08);
        let side = around((0.0, -0.66), 0.44, i as f32 / 4.0 + 0.11);
        let near = around((0.0, -0.66), 0.1, i as f32 / 4.0 + 0.14);
        pen.poly(&[around((0.0, -0.66), 0.1, i as f32 / 4.0 + 0.08), end, side, near],
            Rgb::hex(0xf6f1e4));
        pen.line(&[(0.0, -0.66), end], 0.02, Rgb::hex(0x5f4434));
    }
    pen.disc((0.0, -0.66), 0.035, Rgb::hex(0x4a342a));
}

fn tower(pen: &mut Pen, coat: &mut Coat) {
    let wall = coat.or(*coat.chance.clone().pick(&[0x6f86a8, 0x8a97a8, 0xa08a80]));
    pen.bar((-0.2, -0.8), (0.4, 0.8), wall);
    pen.bar((-0.13, -0.92), (0.26, 0.13), wall.light(0.1));
    pen.line(&[(0.0, -0.92), (0.0, -1.04)], 0.012, wall.dark(0.4));
    for row in 0..10 {
        for col in 0..4 {
            let at = (-0.16 + 0.086 * col as f32, -0.76 + 0.073 * row as f32);
            let lit = coat.dark && coat.chance.yes(0.6);
            if let Some(path) = crate::paint::pen::card(at, (0.06, 0.044), 0.005) {
                if lit {
                    pen.shine(&path, Rgb::hex(0xffdb82));
                } else {
                    pen.wash(&path, Rgb::hex(0xcfe6f4), 0.8);
                }
            }
        }
    }
}

fn church(pen: &mut Pen, coat: &mut Coat) {
    let wall = coat.or(0xece4d6);
    let roof = Rgb::hex(0x6a4a4a);
    pen.bar((-0.1, -0.4), (0.5, 0.4), wall);
    pen.poly(&[(-0.14, -0.38), (-0.04, -0.58), (0.36, -0.58), (0.46, -0.38)], roof);
    pen.bar((-0.36, -0.62), (0.28, 0.62), wall);
    pen.poly(&[(-0.39, -0.61), (-0.22, -0.94), (-0.05, -0.61)], roof);
    pen.line(&[(-0.22, -0.92), (-0.22, -1.04)], 0.014, Rgb::hex(0xd9b04a));
    pen.line(&[(-0.26, -1.0), (-0.18, -1.0)], 0.014, Rgb::hex(0xd9b04a));
    pen.card((-0.28, -0.22), (0.12, 0.22), 0.06, Rgb::hex(0x5f3f2f));
    slit(pen, (-0.22, -0.44), coat.dark);
    for x in [0.02, 0.16, 0.3] {
        slit(pen, (x, -0.2), coat.dark);
    }
}

fn barn(pen: &mut Pen, coat: &mut Coat) {
    let wall = coat.or(0xb3392f);
    pen.poly(&[(-0.5, 0.0), (-0.5, -0.56), (-0.36, -0.84), (0.0, -1.0), (0.36, -0.84), (0.5,
        -0.56), (0.5, 0.0)], wall);
    let trim = Rgb::hex(0xf6f0e4);
    pen.line(&[(-0.54, -0.54), (-0.38, -0.86), (0.0, -1.02), (0.38, -0.86), (0.54, -0.54)], 0.05,
        Rgb::hex(0x5a5560));
    pen.bar((-0.22, -0.46), (0.44, 0.46), wall.dark(0.12));
    for pair in [[(-0.22, -0.46), (0.22, 0.0)], [(0.22, -0.46), (-0.22, 0.0)], [(-0.22, -0.46),
        (0.22, -0.46)], [(-0.22, 0.0), (-0.22, -0.46)], [(0.22, 0.0), (0.22, -0.46)]] {
        pen.line(&pair, 0.03, trim);
    }
    window(pen, (0.0, -0.7), (0.14, 0.14), coat.dark);
}

fn pyramid(pen: &mut Pen, coat: &mut Coat) {
    let stone = coat.or(0xdcb874);
    pen.poly(&[(-0.95, 0.0), (0.0, -1.0), (0.25, 0.0)], stone);
    pen.poly(&[(0.25, 0.0), (0.0, -1.0), (0.9, 0.0)], stone.dark(0.26));
    for i in 1..8 {
        let t = i as f32 / 8.0;
        let y = -1.0 + t;
        pen.line(&[(-0.95 * t, y), (0.25 * t, y)], 0.006, stone.dark(0.16));
        pen.line(&[(0.25 * t, y), (0.9 * t, y)], 0.006, stone.dark(0.38));
    }
}

fn bridge(pen: &mut Pen, coat: &mut Coat) {
    let paint = coat.or(0xc0563f);
    for x in [-0.8, 0.8] {
        pen.bar((x - 0.06, -1.0), (0.12, 1.0), paint);
    }
    for (from, to) in [(-1.7, -0.8), (-0.8, 0.8), (0.8, 1.7)] {
        let low = if to - from > 1.0 { -0.44 } else { -0.6 };
        let (a, b) = (if from < -1.0 { -0.42 } else { -1.0 }, if to > 1.0 { -0.42 } else { -1.0 });
        pen.line(&[(from, a), ((from + to) / 2.0, low), (to, b)], 0.035, paint.dark(0.1));
    }
    for i in 0..9 {
        let x = -0.64 + 0.16 * i as f32;
        pen.line(&[(x, -0.44 - 0.86 * x * x), (x, -0.36)], 0.012, paint.dark(0.2));
    }
    pen.bar((-1.8, -0.4), (3.6, 0.1), paint.dark(0.25));
}

fn tent(pen: &mut Pen, coat: &mut Coat) {
    let cloth = coat.or(*coat.chance.clone().pick(&[0xe0793a, 0x3f8f8a, 0xd9b23a]));
    pen.poly(&[(-0.75, 0.0), (-0.1, -0.96), (0.6, 0.0)], cloth);
    pen.poly(&[(0.6, 0.0), (-0.1, -0.96), (0.2, -0.98), (0.95, 0.0)], cloth.dark(0.2));
    let inside = if coat.dark { Rgb::hex(0xffcf70) } else { Rgb::hex(0x4a3a34) };
    if coat.dark {
        pen.glow((-0.08, -0.3), 0.7, Rgb::hex(0xffc060), 0.6);
    }
    if let Some(path) = crate::paint::pen::poly(&[(-0.3, 0.0), (-0.1, -0.7), (0.14, 0.0)]) {
        pen.shine(&path, inside);
    }
}
