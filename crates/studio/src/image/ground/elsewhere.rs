//! Places without a land under a sky: space, the sea's floor, rooms, tables, plain grounds.

use super::{Ground, Land};
use crate::image::scene::{Hour, Scene, Weather};
use crate::image::sky;
use crate::paint::pen::Spot;
use crate::paint::{Chance, Pen, Rgb, Style};

pub(super) fn space(pen: &mut Pen, chance: &mut Chance, (w, h): Spot) -> Ground {
    let u = w.min(h);
    let tone = |hex: u32| Rgb::hex(hex);
    pen.fade(
        (0.0, 0.0),
        (w, h),
        &[(0.0, tone(0x070a20), 1.0), (0.6, tone(0x17123c), 1.0), (1.0, tone(0x2a1648), 1.0)],
    );
    for i in 0..16 {
        let at = (chance.unit() * w, chance.range(0.1, 0.9) * h);
        let hex = [0x5a2f9a, 0x2f5fa8, 0xa83f7a, 0x2f8a9a][i % 4];
        pen.glow(at, u * chance.range(0.18, 0.44), Rgb::hex(hex), 0.3);
    }
    stars(pen, chance, (w, h), u);
    let planet = (w * chance.range(0.12, 0.28), h * chance.range(0.16, 0.3));
    let hue = Rgb::hsl(chance.unit(), 0.5, 0.56);
    pen.glow(planet, u * 0.22, hue, 0.5);
    pen.disc(planet, u * 0.1, hue);
    for (dy, wide) in [(-0.04, 0.08), (0.01, 0.096), (0.05, 0.08)] {
        pen.spot((planet.0, planet.1 + u * dy), u * wide, u * 0.012, hue.dark(0.25), 0.6);
    }
    // The rim of a moon to stand on.
    let r = w.max(h) * 1.1;
    pen.disc((w * 0.5, h * 0.84 + r), r, Rgb::hex(0xb8b4c4));
    for _ in 0..9 {
        let (x, y) = (chance.unit() * w, h * chance.range(0.9, 0.99));
        let size = u * chance.range(0.02, 0.05);
        pen.spot((x, y), size, size * 0.3, Rgb::hex(0x8a869a), 1.0);
        pen.spot((x, y + size * 0.06), size * 0.86, size * 0.22, Rgb::hex(0x9c98aa), 1.0);
    }
    Ground { horizon: h * 0.84, near: h * 0.92, water: None }
}

fn stars(pen: &mut Pen, chance: &mut Chance, (w, h): Spot, u: f32) {
    for i in 0..220 {
        let at = (chance.unit() * w, chance.unit() * h);
        let r = u * chance.range(0.0007, 0.0022);
        pen.glow(at, r * if i % 12 == 0 { 12.0 } else { 2.6 }, Rgb::hex(0xe6ecff), 0.9);
        if let Some(path) = crate::paint::pen::oval(at, r, r) {
            pen.shine(&path, Rgb::hex(0xffffff));
        }
    }
}

pub(super) fn underwater(
    pen: &mut Pen,
    scene: &Scene,
    chance: &mut Chance,
    (w, h): Spot,
) -> Ground {
    let u = w.min(h);
    let deep = if scene.hour == Hour::Night {
        [0x0d3358, 0x08203f, 0x040f24]
    } else {
        [0x5fd0e0, 0x1f86b8, 0x0d3f78]
    };
    let [a, b, c] = deep.map(|hex| pen.look.tone(Rgb::hex(hex)));
    pen.fade((0.0, 0.0), (w, h), &[(0.0, a, 1.0), (0.45, b, 1.0), (1.0, c, 1.0)]);
    for _ in 0..7 {
        let x = chance.unit() * w;
        let wide = u * chance.range(0.03, 0.09);
        if let Some(path) = crate::paint::pen::poly(&[
            (x, -2.0),
            (x + wide, -2.0),
            (x + wide * 3.0 - u * 0.14, h * 0.85),
            (x - u * 0.2, h * 0.85),
        ]) {
            pen.wash(&path, Rgb::hex(0xffffff), 0.075);
        }
    }
    let land = Land { w, h, u, low: h * 0.86, haze: b };
    land.hill(pen, chance, h * 0.84, 0.05, Rgb::hex(0x8a9a8a).mix(b, 0.5));
    for _ in 0..12 {
        let (x, y) = (chance.unit() * w, h * chance.range(0.87, 0.94));
        let tall = u * chance.range(0.08, 0.26);
        let color = Rgb::hex(*chance.pick(&[0x3f9a6a, 0x5fb85a, 0x2f8a7a]));
        pen.limb(
            &[
                (x, y),
                (x + u * 0.02, y - tall * 0.3),
                (x - u * 0.02, y - tall * 0.6),
                (x + u * 0.015, y - tall),
            ],
            u * 0.014,
            color,
        );
    }
    land.hill(pen, chance, h * 0.92, 0.03, Rgb::hex(0xe3cf9a));
    for _ in 0..7 {
        let (x, y) = (chance.unit() * w, h * chance.range(0.92, 0.98));
        let color = Rgb::hex(*chance.pick(&[0xf07f7a, 0xf0a04a, 0xc86fc0, 0xf26a9a]));
        let size = u * chance.range(0.035, 0.08);
        for (dx, dy) in [(-0.5, -0.8), (0.0, -1.1), (0.5, -0.75), (-0.25, -1.0), (0.3, -1.0)] {
            pen.limb(
                &[
                    (x, y),
                    (x + dx * size * 0.5, y + dy * size * 0.5),
                    (x + dx * size, y + dy * size),
                ],
                size * 0.2,
                color,
            );
        }
    }
    for _ in 0..34 {
        let at = (chance.unit() * w, chance.unit() * h * 0.9);
        let r = u * chance.range(0.003, 0.012);
        pen.spot(at, r, r, Rgb::hex(0xd8f6ff), 0.35);
        pen.spot((at.0 - r * 0.3, at.1 - r * 0.3), r * 0.35, r * 0.35, Rgb::hex(0xffffff), 0.9);
    }
    Ground { horizon: h * 0.5, near: h * 0.94, water: Some(h * 0.12) }
}

pub(super) fn room(
    pen: &mut Pen,
    scene: &Scene,
    chance: &mut Chance,
    (w, h): Spot,
    low: f32,
) -> Ground {
    let u = w.min(h);
    let wall =
        scene.tint.unwrap_or(Rgb::hex(*chance.pick(&[0xe8d5bd, 0xcfdcd4, 0xd9cfe0, 0xf0d9c4])));
    let plain = scene.style == Style::Minimalist;
    pen.plain = true;
    pen.bar((-2.0, -2.0), (w + 4.0, low + 4.0), wall);
    for i in 0..10 {
        let x = w * i as f32 / 9.0;
        if !plain && i % 2 == 0 {
            pen.bar((x, 0.0), (w / 18.0, low), wall.light(0.12));
        }
    }
    let floor = Rgb::hex(0xb07f52);
    pen.bar((-2.0, low), (w + 4.0, h - low + 2.0), floor);
    for i in 0..6 {
        let y = low + (h - low) * (i as f32 / 6.0).powf(1.4);
        pen.line(&[(0.0, y), (w, y)], u * 0.002, floor.dark(0.24));
    }
    pen.bar((-2.0, low - u * 0.03), (w + 4.0, u * 0.03), Rgb::hex(0xf6f0e4));
    pen.plain = false;
    let (x, y, ww, wh) = (w * 0.1, h * 0.12, w * 0.3, low * 0.52);
    pen.card(
        (x - u * 0.02, y - u * 0.02),
        (ww + u * 0.04, wh + u * 0.04),
        u * 0.01,
        Rgb::hex(0xf8f4ea),
    );
    let [top, middle, base] = sky::colors(scene);
    pen.fade((x, y), (ww, wh), &[(0.0, top, 1.0), (0.6, middle, 1.0), (1.0, base, 1.0)]);
    if scene.weather == Weather::Snow || scene.weather == Weather::Rain || scene.hour == Hour::Night
    {
        for _ in 0..40 {
            let at = (x + chance.unit() * ww, y + chance.unit() * wh);
            pen.spot(at, u * 0.003, u * 0.003, Rgb::hex(0xffffff), 0.8);
        }
    }
    pen.line(&[(x + ww / 2.0, y), (x + ww / 2.0, y + wh)], u * 0.012, Rgb::hex(0xf8f4ea));
    pen.line(&[(x, y + wh / 2.0), (x + ww, y + wh / 2.0)], u * 0.012, Rgb::hex(0xf8f4ea));
    if !plain {
        let cloth = Rgb::hsl(chance.unit(), 0.42, 0.55);
        for (from, to) in [(x - u * 0.05, x + u * 0.035), (x + ww - u * 0.035, x + ww + u * 0.05)] {
            pen.blob(
                &[
                    (from, y - u * 0.04),
                    (to, y - u * 0.04),
                    (to - u * 0.02, y + wh * 0.5),
                    (to, y + wh + u * 0.06),
                    (from, y + wh + u * 0.06),
                ],
                cloth,
            );
        }
        let frame = (w * 0.7, h * 0.17);
        pen.card(frame, (u * 0.24, u * 0.19), u * 0.006, Rgb::hex(0x7a5438));
        pen.card(
            (frame.0 + u * 0.018, frame.1 + u * 0.018),
            (u * 0.204, u * 0.154),
            0.0,
            Rgb::hex(0xf0e6cf),
        );
        pen.plain = true;
        pen.disc((frame.0 + u * 0.15, frame.1 + u * 0.07), u * 0.028, Rgb::hex(0xe8804a));
        pen.poly(
            &[
                (frame.0 + u * 0.02, frame.1 + u * 0.17),
                (frame.0 + u * 0.09, frame.1 + u * 0.07),
                (frame.0 + u * 0.2, frame.1 + u * 0.17),
            ],
            Rgb::hex(0x5f8a8a),
        );
        pen.plain = false;
        pen.spot(
            (w * 0.52, low + (h - low) * 0.62),
            w * 0.34,
            (h - low) * 0.28,
            cloth.dark(0.15),
            1.0,
        );
        pen.spot(
            (w * 0.52, low + (h - low) * 0.62),
            w * 0.29,
            (h - low) * 0.22,
            cloth.light(0.2),
            1.0,
        );
    }
    Ground { horizon: low, near: low + (h - low) * 0.66, water: None }
}

pub(super) fn table(
    pen: &mut Pen,
    scene: &Scene,
    chance: &mut Chance,
    (w, h): Spot,
    low: f32,
) -> Ground {
    let u = w.min(h);
    let wall =
        scene.tint.unwrap_or(Rgb::hex(*chance.pick(&[0xf2d9c0, 0xcfe0dc, 0xf4e4b8, 0xe0d0e4])));
    pen.plain = true;
    pen.bar((-2.0, -2.0), (w + 4.0, low + 4.0), wall);
    if scene.style != Style::Minimalist {
        for i in 0..9 {
            let at = (chance.unit() * w, chance.unit() * low);
            pen.glow(
                at,
                u * chance.range(0.06, 0.14),
                wall.light(0.5 + 0.04 * (i % 3) as f32),
                0.5,
            );
        }
    }
    let wood = Rgb::hex(0xb8804f);
    pen.bar((-2.0, low), (w + 4.0, h - low + 2.0), wood);
    for i in 1..6 {
        let y = low + (h - low) * (i as f32 / 6.0).powf(1.3);
        pen.line(&[(0.0, y), (w * 0.4, y + u * 0.004), (w, y)], u * 0.0024, wood.dark(0.2));
    }
    pen.bar((-2.0, low - u * 0.004), (w + 4.0, u * 0.01), wood.light(0.3));
    pen.plain = false;
    Ground { horizon: low, near: low + (h - low) * 0.52, water: None }
}

pub(super) fn plain(pen: &mut Pen, scene: &Scene, (w, h): Spot) -> Ground {
    let base = scene.tint.unwrap_or(Rgb::hex(0xf2ead8));
    let base = if scene.hour == Hour::Night { base.dark(0.75) } else { base };
    let base = pen.look.tone(base);
    pen.fade((0.0, 0.0), (w, h), &[(0.0, base.light(0.25), 1.0), (1.0, base.dark(0.08), 1.0)]);
    if let Some(path) = crate::paint::pen::oval((w * 0.5, h * 0.5), w.min(h) * 0.4, w.min(h) * 0.4)
    {
        pen.wash(&path, base.dark(0.12), 0.5);
    }
    Ground { horizon: h * 0.8, near: h * 0.8, water: None }
}
