//! What moves people: on roads and rails, on and under water, in the air and beyond.

use super::draw::{Anchors, Coat, around};
use super::thing::Thing;
use crate::paint::pen::Spot;
use crate::paint::{Pen, Rgb};

const GLASS: u32 = 0xa9d6ec;

/// Draws a vehicle that goes to the right.
pub(super) fn draw(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    match thing {
        Thing::Truck => truck(pen, coat),
        Thing::Bus => bus(pen, coat),
        Thing::Train => train(pen, coat),
        Thing::Bicycle | Thing::Motorcycle => return bicycle(pen, thing, coat),
        Thing::Sailboat => return sailboat(pen, coat),
        Thing::Ship => ship(pen, coat),
        Thing::Submarine => submarine(pen, coat),
        Thing::Airplane => airplane(pen, coat),
        Thing::Helicopter => helicopter(pen, coat),
        Thing::HotAirBalloon => hot_air_balloon(pen, coat),
        Thing::Balloon => pen.at((0.0, 0.0), 2.4, false, |pen| {
            super::wear::balloon(pen, (0.0, 0.0), 0.27, coat.or(0xe0473f));
        }),
        Thing::Rocket => return rocket(pen, coat),
        Thing::Ufo => ufo(pen, coat),
        Thing::Kite => kite(pen, coat),
        Thing::Planet => planet(pen, coat),
        _ => car(pen, coat),
    }
    Anchors::seat((0.0, -0.55))
}

fn wheel(pen: &mut Pen, (x, y): Spot, radius: f32) {
    pen.disc((x, y), radius, Rgb::hex(0x2a282e));
    pen.disc((x, y), radius * 0.55, Rgb::hex(0xc9ced6));
    pen.disc((x, y), radius * 0.2, Rgb::hex(0x6a6f78));
}

fn lights(pen: &mut Pen, at: Spot, dark: bool) {
    pen.oval(at, 0.05, 0.07, Rgb::hex(0xfff3c4));
    if dark {
        pen.glow(at, 0.3, Rgb::hex(0xfff0b0), 0.9);
        let beam = crate::paint::pen::poly(&[at, (at.0 + 1.0, at.1 - 0.12), (at.0 + 1.0,
            at.1 + 0.32)]);
        if let Some(path) = beam {
            pen.wash(&path, Rgb::hex(0xfff4c0), 0.2);
        }
    }
}

fn car(pen: &mut Pen, coat: &mut Coat) {
    let paint = coat.or(*coat.chance.clone().pick(&[0xd93f3f, 0x3a78c9, 0xf0b93a, 0x3f9c7a]));
    pen.blob(&[(-0.62, -0.5), (-0.4, -0.92), (-0.1, -1.0), (0.24, -0.96), (0.5, -0.56)],
        paint.dark(0.06));
    pen.plain = true;
    pen.poly(&[(-0.46, -0.56), (-0.34, -0.84), (-0.06, -0.9), (-0.06, -0.56)], Rgb::hex(GLASS));
    pen.poly(&[(0.02, -0.56), (0.02, -0.9), (0.22, -0.86), (0.4, -0.56)], Rgb::hex(GLASS));
    pen.plain = false;
    pen.blob(&[(-0.98, -0.24), (-0.98, -0.46), (-0.7, -0.58), (0.0, -0.6), (0.6, -0.56), (0.94,
        -0.44), (1.0, -0.24), (0.9, -0.14), (-0.9, -0.14)], paint);
    pen.card((-1.02, -0.26), (2.04, 0.09), 0.04, Rgb::hex(0xd4d8de));
    pen.line(&[(-0.02, -0.54), (-0.02, -0.24)], 0.014, paint.dark(0.35));
    pen.line(&[(-0.2, -0.46), (-0.1, -0.46)], 0.025, paint.dark(0.45));
    pen.oval((-0.97, -0.38), 0.03, 0.06, Rgb::hex(0xe8383a));
    for x in [-0.56, 0.56] {
        wheel(pen, (x, -0.17), 0.2);
    }
    lights(pen, (0.95, -0.38), coat.dark);
}

fn truck(pen: &mut Pen, coat: &mut Coat) {
    let paint = coat.or(0x3f86c9);
    pen.card((-1.0, -0.96), (1.26, 0.78), 0.04, Rgb::hex(0xf2efe8));
    pen.line(&[(-0.96, -0.6), (0.22, -0.6)], 0.08, paint);
    pen.blob(&[(0.3, -0.18), (0.3, -0.78), (0.62, -0.78), (0.82, -0.5), (0.96, -0.44), (0.98,
        -0.18)], paint);
    pen.poly(&[(0.44, -0.48), (0.44, -0.7), (0.6, -0.7), (0.74, -0.48)], Rgb::hex(GLASS));
    for x in [-0.66, -0.2, 0.64] {
        wheel(pen, (x, -0.14), 0.16);
    }
    lights(pen, (0.94, -0.34), coat.dark);
}

fn bus(pen: &mut Pen, coat: &mut Coat) {
    let paint = coat.or(0xf2b430);
    pen.card((-1.05, -0.98), (2.1, 0.84), 0.12, paint);
    for i in 0..6 {
        let x = -0.96 + 0.31 * i as f32;
        pen.card((x, -0.84), (0.26, 0.28), 0.04,
            if coat.dark { Rgb::hex(0xffe2a0) } else { Rgb::hex(GLASS) });
    }
    pen.bar((-1.05, -0.42), (2.1, 0.06), paint.dark(0.4));
    for x in [-0.62, 0.62] {
        wheel(pen, (x, -0.15), 0.17);
    }
    lights(pen, (1.02, -0.32), coat.dark);
}

fn train(pen: &mut Pen, coat: &mut Coat) {
    let paint = coat.or(0xb33636);
    for (x, color) in [(-1.9, paint.mix(Rgb::hex(0xe8c96a), 0.5)), (-0.98, paint)] {
        pen.card((x, -0.8), (0.84, 0.6), 0.05, color);
        for i in 0..3 {
            pen.card((x + 0.1 + 0.24 * i as f32, -0.66), (0.16, 0.2), 0.03,
                Rgb::hex(if coat.dark { 0xffe2a0 } else { GLASS }));
        }
    }
    pen.card((0.0, -0.98), (0.5, 0.8), 0.05, paint);
    pen.card((0.1, -0.84), (0.28, 0.26), 0.03, Rgb::hex(GLASS));
    pen.card((-0.05, -1.04), (0.6, 0.1), 0.04, Rgb::hex(0x33343c));
    pen.card((0.46, -0.7), (0.66, 0.5), 0.14, Rgb::hex(0x33343c));
    pen.poly(&[(0.84, -0.68), (0.8, -1.0), (1.06, -1.0), (1.0, -0.68)], Rgb::hex(0x33343c));
    pen.poly(&[(1.1, -0.06), (1.3, 0.0), (1.1, -0.26)], paint.dark(0.2));
    for (i, x) in [-1.7, -1.3, -0.76, -0.36, 0.2, 0.62, 0.94].into_iter().enumerate() {
        wheel(pen, (x, -0.12), if i > 3 { 0.16 } else { 0.11 });
    }
    for i in 0..5 {
        let t = i as f32;
        pen.spot((0.9 - t * 0.3, -1.16 - t * 0.1), 0.14 + t * 0.05, 0.12 + t * 0.04,
            Rgb::hex(0xf2f0ee), 0.8 - t * 0.12);
    }
    lights(pen, (1.12, -0.5), coat.dark);
}

fn bicycle(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    let paint = coat.or(0xd9463f);
    let heavy = thing == Thing::Motorcycle;
    let ring = |pen: &mut Pen, x: f32| {
        let spots: Vec<Spot> = (0..=28).map(|i| around((x, -0.34), 0.32,
            i as f32 / 28.0)).collect();
        pen.line(&spots, if heavy { 0.12 } else { 0.05 }, Rgb::hex(0x2c2a30));
        for i in 0..8 {
            pen.line(&[(x, -0.34), around((x, -0.34), 0.31, i as f32 / 8.0)], 0.01,
                Rgb::hex(0xa8adb6));
        }
    };
    ring(pen, -0.52);
    ring(pen, 0.55);
    for pair in [[(-0.52, -0.34), (-0.2, -0.78)], [(-0.52, -0.34), (-0.02, -0.34)], [(-0.02,
        -0.34), (-0.2, -0.78)], [(-0.02, -0.34), (0.4, -0.8)], [(-0.18, -0.72), (0.4, -0.76)],
        [(0.38, -0.9), (0.55, -0.34)]] {
        pen.limb(&pair, 0.055, paint);
    }
    if heavy {
        pen.blob(&[(-0.3, -0.66), (0.3, -0.84), (0.42, -0.6), (0.1, -0.3), (-0.24, -0.34)], paint);
        pen.card((-0.56, -0.8), (0.6, 0.12), 0.06, Rgb::hex(0x2c2a30));
    }
    pen.line(&[(0.38, -0.9), (0.28, -0.98), (0.46, -1.0)], 0.045, Rgb::hex(0x33343c));
    pen.oval((-0.22, -0.82), 0.15, 0.05, Rgb::hex(0x4a3428));
    Anchors::seat((-0.2, -0.84))
}

fn sailboat(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let hull = Rgb::hex(0x8a5433);
    let sail = coat.or(0xf8f3e6);
    pen.limb(&[(0.0, -0.2), (0.0, -1.0)], 0.03, Rgb::hex(0x6f4a32));
    pen.blob(&[(0.03, -0.96), (0.3, -0.6), (0.42, -0.3), (0.03, -0.28)], sail);
    pen.blob(&[(-0.03, -0.9), (-0.22, -0.6), (-0.34, -0.32), (-0.03, -0.28)], sail.dark(0.1));
    pen.poly(&[(0.0, -1.0), (0.14, -0.97), (0.0, -0.93)], Rgb::hex(0xd9413f));
    pen.blob(&[(-0.54, -0.24), (-0.4, -0.02), (0.0, 0.03), (0.4, -0.02), (0.56, -0.26), (0.2,
        -0.2), (-0.2, -0.2)], hull);
    pen.line(&[(-0.5, -0.18), (0.0, -0.13), (0.52, -0.2)], 0.025, Rgb::hex(0xf0e4cc));
    Anchors::seat((-0.2, -0.18))
}

fn ship(pen: &mut Pen, coat: &mut Coat) {
    let hull = coat.or(0x7a4a30);
    for (x, high) in [(-0.5, 0.86), (0.0, 1.0), (0.46, 0.8)] {
        pen.limb(&[(x, -0.24), (x, -high)], 0.03, Rgb::hex(0x5f4030));
        for (from, to) in [(0.42, 0.62), (0.64, 0.86)] {
            if high > to - 0.1 {
                pen.blob(&[(x - 0.2, -to), (x + 0.16, -to), (x + 0.26, -(from + to) / 2.0),
                    (x + 0.16, -from), (x - 0.2, -from), (x - 0.13, -(from + to) / 2.0)],
                    Rgb::hex(0xf6eeda));
            }
        }
    }
    pen.blob(&[(-0.95, -0.42), (-0.76, -0.3), (0.0, -0.24), (0.7, -0.3), (1.0, -0.46), (0.84,
        -0.04), (0.0, 0.03), (-0.8, -0.02)], hull);
    pen.line(&[(-0.84, -0.22), (0.0, -0.15), (0.88, -0.24)], 0.03, Rgb::hex(0xe0b050));
    for i in 0..6 {
        pen.dot((-0.56 + 0.22 * i as f32, -0.09), 0.035,
            Rgb::hex(if coat.dark { 0xffd777 } else { 0x2f2420 }));
    }
}

fn submarine(pen: &mut Pen, coat: &mut Coat) {
    let paint = coat.or(0xf2bb38);
    pen.limb(&[(0.1, -0.8), (0.1, -1.0), (0.24, -1.0)], 0.05, paint.dark(0.1));
    pen.card((-0.16, -0.86), (0.44, 0.3), 0.1, paint);
    pen.blob(&[(-0.9, -0.4), (-1.06, -0.6), (-1.06, -0.2)], paint.dark(0.2));
    pen.card((-0.96, -0.68), (1.92, 0.58), 0.29, paint);
    for x in [-0.4, 0.05, 0.5] {
        pen.disc((x, -0.4), 0.13, Rgb::hex(0x6f6a60));
        pen.disc((x, -0.4), 0.095, Rgb::hex(0xbfeaff));
    }
}

fn airplane(pen: &mut Pen, coat: &mut Coat) {
    let paint = coat.or(0xf4f4f6);
    let trim = Rgb::hex(0x3a78c9);
    pen.poly(&[(-0.72, -0.56), (-1.04, -1.0), (-0.8, -1.0), (-0.4, -0.6)], trim);
    pen.blob(&[(-1.0, -0.62), (-0.4, -0.7), (0.6, -0.7), (0.98, -0.5), (0.6, -0.36), (-0.4,
        -0.38)], paint);
    pen.poly(&[(0.16, -0.46), (-0.4, 0.0), (-0.16, 0.0), (0.5, -0.46)], trim.dark(0.1));
    pen.poly(&[(0.1, -0.66), (-0.16, -0.94), (0.04, -0.94), (0.4, -0.66)], trim.dark(0.2));
    for i in 0..7 {
        pen.dot((-0.36 + 0.14 * i as f32, -0.56), 0.035,
            Rgb::hex(if coat.dark { 0xffe2a0 } else { 0x6fa8cc }));
    }
    pen.blob(&[(0.72, -0.62), (0.9, -0.54), (0.7, -0.53)], Rgb::hex(0x4a6a84));
}

fn helicopter(pen: &mut Pen, coat: &mut Coat) {
    let paint = coat.or(0xd9503f);
    pen.limb(&[(-0.1, -0.5), (-0.98, -0.62)], 0.1, paint);
    pen.poly(&[(-0.94, -0.6), (-1.1, -0.86), (-0.9, -0.7)], paint.dark(0.2));
    pen.blob(&[(-0.4, -0.5), (-0.2, -0.8), (0.2, -0.84), (0.56, -0.6), (0.56, -0.34), (0.1, -0.2),
        (-0.3, -0.28)], paint);
    pen.blob(&[(0.16, -0.74), (0.42, -0.66), (0.52, -0.46), (0.18, -0.44)], Rgb::hex(GLASS));
    pen.line(&[(0.0, -0.8), (0.0, -0.96)], 0.05, Rgb::hex(0x4a4a54));
    pen.line(&[(-0.86, -0.95), (0.86, -0.97)], 0.04, Rgb::hex(0x4a4a54));
    pen.line(&[(-0.34, -0.08), (0.44, -0.08)], 0.04, Rgb::hex(0x4a4a54));
    for x in [-0.14, 0.26] {
        pen.line(&[(x, -0.24), (x, -0.08)], 0.03, Rgb::hex(0x4a4a54));
    }
}

fn hot_air_balloon(pen: &mut Pen, coat: &mut Coat) {
    let main = coat.or(*coat.chance.clone().pick(&[0xe0503f, 0x3f86d0, 0x9a5fc0, 0xf0a530]));
    let bands = [main, main.mix(Rgb::hex(0xfff0d0), 0.75), main.mix(Rgb::hex(0xf6c23a), 0.6)];
    for x in [-0.09, 0.09] {
        pen.line(&[(x, -0.14), (x * 2.0, -0.36)], 0.01, Rgb::hex(0x5f4a3a));
    }
    for i in 0..4 {
        let wide = 0.36 - 0.094 * i as f32;
        pen.blob(
            &[(-wide * 0.46, -0.32), (-wide, -0.66), (-wide * 0.7, -0.92), (0.0, -1.02),
                (wide * 0.7, -0.92), (wide, -0.66), (wide * 0.46, -0.32)],
            bands[i % 3],
        );
    }
    pen.card((-0.13, -0.34), (0.26, 0.04), 0.01, main.dark(0.3));
    pen.card((-0.1, -0.16), (0.2, 0.15), 0.03, Rgb::hex(0x9a6a3f));
    pen.line(&[(-0.1, -0.1), (0.1, -0.1)], 0.012, Rgb::hex(0x6f4a2a));
    if coat.dark {
        pen.glow((0.0, -0.36), 0.4, Rgb::hex(0xffb850), 0.9);
    }
}

fn rocket(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let paint = coat.or(0xf2f0ee);
    let trim = Rgb::hex(0xd9403f);
    pen.glow((0.0, -0.06), 0.34, Rgb::hex(0xffb040), 0.9);
    pen.blob(&[(-0.09, -0.2), (-0.07, -0.02), (0.0, 0.16), (0.07, -0.02), (0.09, -0.2)],
        Rgb::hex(0xff8a2a));
    pen.blob(&[(-0.05, -0.2), (0.0, 0.04), (0.05, -0.2)], Rgb::hex(0xffe27a));
    for side in [-1.0, 1.0] {
        pen.poly(&[(0.12 * side, -0.46), (0.3 * side, -0.16), (0.1 * side, -0.22)], trim);
    }
    pen.blob(&[(0.0, -1.0), (0.13, -0.78), (0.16, -0.5), (0.1, -0.2), (-0.1, -0.2), (-0.16, -0.5),
        (-0.13, -0.78)], paint);
    pen.blob(&[(0.0, -1.01), (0.1, -0.84), (0.0, -0.8), (-0.1, -0.84)], trim);
    pen.disc((0.0, -0.62), 0.078, Rgb::hex(0x4a5566));
    pen.disc((0.0, -0.62), 0.055, Rgb::hex(0x8fdcff));
    pen.poly(&[(-0.022, -0.4), (0.022, -0.4), (0.02, -0.16), (-0.02, -0.16)], trim);
    Anchors::seat((0.0, -0.7))
}

fn ufo(pen: &mut Pen, coat: &mut Coat) {
    let metal = coat.or(0x9aa6b8);
    if let Some(beam) = crate::paint::pen::poly(&[(-0.3, -0.3), (0.3, -0.3), (0.7, 0.7), (-0.7,
        0.7)]) {
        pen.wash(&beam, Rgb::hex(0xc8ffb0), 0.26);
    }
    pen.spot((0.0, -0.6), 0.36, 0.38, Rgb::hex(0xb8f0ff), 0.85);
    pen.blob(&[(-0.1, -0.5), (-0.14, -0.72), (0.0, -0.84), (0.14, -0.72), (0.1, -0.5)],
        Rgb::hex(0x6fd06a));
    for x in [-0.06, 0.06] {
        pen.spot((x, -0.68), 0.04, 0.055, Rgb::hex(0x1c2420), 1.0);
    }
    pen.blob(&[(-1.0, -0.38), (-0.5, -0.54), (0.5, -0.54), (1.0, -0.38), (0.5, -0.22), (-0.5,
        -0.22)], metal);
    for i in 0..5 {
        let at = (-0.64 + 0.32 * i as f32, -0.36);
        pen.glow(at, 0.16, Rgb::hex(0xfff08a), 0.8);
        pen.dot(at, 0.05, Rgb::hex(0xfff6b0));
    }
}

fn kite(pen: &mut Pen, coat: &mut Coat) {
    let paint = coat.or(0xe0503f);
    pen.line(&[(0.0, -0.2), (0.1, -0.1), (-0.06, 0.0), (0.08, 0.12)], 0.02, Rgb::hex(0x6a5a54));
    pen.poly(&[(0.0, -1.0), (0.34, -0.66), (0.0, -0.2), (-0.34, -0.66)], paint);
    pen.poly(&[(0.0, -1.0), (0.34, -0.66), (0.0, -0.66)], Rgb::hex(0xf6c23a));
    pen.poly(&[(0.0, -0.2), (-0.34, -0.66), (0.0, -0.66)], Rgb::hex(0x4f9be8));
}

fn planet(pen: &mut Pen, coat: &mut Coat) {
    let main = coat.or(*coat.chance.clone().pick(&[0xd98a4a, 0x4f86d0, 0xb86fd0, 0x4fae9a]));
    pen.glow((0.0, -0.5), 0.72, main, 0.4);
    let ring = |pen: &mut Pen, back: bool| {
        let spots: Vec<Spot> = (0..=20)
            .map(|i| {
                let turn = if back { -0.25 + i as f32 / 40.0 } else { 0.25 + i as f32 / 40.0 };
                let (x, y) = around((0.0, 0.0), 1.0, turn);
                (x * 0.82, -0.5 + y * 0.2 + x * -0.12)
            })
            .collect();
        pen.line(&spots, 0.07, main.mix(Rgb::hex(0xf8e8c0), 0.55));
    };
    ring(pen, true);
    pen.disc((0.0, -0.5), 0.46, main);
    for (y, wide, shade) in [(-0.68, 0.36, 0.12), (-0.5, 0.44, 0.2), (-0.32, 0.36, 0.1)] {
        pen.spot((0.0, y), wide, 0.05, main.dark(shade), 0.7);
    }
    ring(pen, false);
}
