//! What a style does to a whole picture at last: light that runs over, paper, grain, frames.

use super::scene::Scene;
use crate::paint::filter::Picture;
use crate::paint::pen::Pen;
use crate::paint::{Chance, Look, Rgb, Style};

/// Joins two layers and finishes the picture in a style.
pub fn finish(back: &Picture, front: &Picture, scene: &Scene, seed: u64) -> Picture {
    let side = back.width.min(back.height) as usize;
    let back = match scene.style {
        // What is near is in focus.
        Style::Realistic if !scene.subjects.is_empty() => back.blurred((side / 340).max(1)),
        _ => back.clone(),
    };
    let mut picture = over(back, front);
    apply(&mut picture, scene.style, seed);
    picture
}

/// Lays one layer over another.
pub fn over(mut back: Picture, front: &Picture) -> Picture {
    for (to, from) in back.pixels.chunks_exact_mut(4).zip(front.pixels.chunks_exact(4)) {
        let alpha = u32::from(from[3]);
        for part in 0..3 {
            let mixed = u32::from(to[part]) * (255 - alpha) + u32::from(from[part]) * alpha;
            to[part] = ((mixed + 127) / 255) as u8;
        }
        to[3] = 255;
    }
    back
}

/// Finishes a picture in a style.
pub fn apply(picture: &mut Picture, style: Style, seed: u64) {
    let side = picture.width.min(picture.height) as usize;
    let px = |part: f32| ((side as f32 * part) as usize).max(1);
    match style {
        Style::Realistic => {
            picture.bloom(px(0.02), 0.72, 0.5);
            picture.map(|c, _, _| curve(c, 0.24).mix(Rgb(c.0 * 1.03, c.1, c.2 * 0.96), 0.5));
            picture.grain(seed, 0.022);
            picture.vignette(Rgb(0.0, 0.0, 0.02), 0.36);
        }
        Style::Anime => {
            picture.bloom(px(0.014), 0.74, 0.42);
            picture
                .map(|c, _, y| curve(c.vivid(1.12), 0.1).mix(Rgb::hex(0xaad4ff), 0.09 * (1.0 - y)));
            sparkle(picture, seed, 16, &[0xffffff, 0xffe6f2]);
        }
        Style::Cartoon => {
            dots(picture, side as f32 / 110.0);
            picture.map(|c, _, _| c.vivid(1.12));
        }
        Style::Fantasy => {
            *picture = picture.brushed((side / 230).max(2) as i32);
            picture.bloom(px(0.03), 0.6, 0.5);
            picture.map(|c, _, _| curve(c.vivid(1.15), 0.3));
            sparkle(picture, seed, 60, &[0xffe9a0, 0xd8b0ff, 0xa0f0ff]);
            picture.vignette(Rgb::hex(0x2a0f58), 0.45);
        }
        Style::Cyberpunk => {
            picture.bloom(px(0.016), 0.42, 1.1);
            fringes(picture, (side / 340).max(1) as i32);
            lines(picture);
            picture.vignette(Rgb::hex(0x08031c), 0.8);
        }
        Style::Vintage => vintage(picture, seed),
        Style::Minimalist => picture.paper(seed, 160.0, 0.02),
        Style::Illustration => picture.paper(seed, 90.0, 0.02),
        Style::Watercolor => watercolor(picture, seed),
        Style::Pixel => picture.in_squares(128, 9.0),
        Style::Sketch => sketch(picture, seed),
        Style::Noir => {
            picture.map(|c, _, _| {
                let grey = curve(Rgb(c.luma(), c.luma(), c.luma()), 0.75);
                Rgb(grey.0, grey.0, grey.0)
            });
            picture.bloom(px(0.02), 0.7, 0.5);
            picture.grain(seed, 0.06);
            picture.vignette(Rgb(0.0, 0.0, 0.0), 0.95);
        }
    }
}

/// More contrast, by so much.
pub fn curve(color: Rgb, by: f32) -> Rgb {
    let one = |x: f32| x + (x * x * (3.0 - 2.0 * x) - x) * by;
    Rgb(one(color.0), one(color.1), one(color.2))
}

fn sparkle(picture: &mut Picture, seed: u64, count: usize, hexes: &[u32]) {
    let (w, h) = (picture.width as f32, picture.height as f32);
    let look = Look::new(Style::Illustration, Rgb(1.0, 1.0, 1.0));
    let mut chance = Chance::new(seed).fork(77);
    let Some(sheet) = picture.to_sheet() else { return };
    let Some(mut pen) = Pen::new(1, 1, look) else { return };
    pen.sheet = sheet;
    let u = w.min(h);
    for i in 0..count {
        let at = (chance.unit() * w, chance.unit() * h);
        let r = u * chance.range(0.004, 0.012);
        let color = Rgb::hex(hexes[i % hexes.len()]);
        pen.glow(at, r * 2.0, color, 0.85);
        if i % 4 == 0 {
            for (dx, dy) in [(1.0, 0.0), (0.0, 1.0)] {
                let reach = r * 1.5;
                pen.thread(
                    &[
                        (at.0 - dx * reach, at.1 - dy * reach),
                        (at.0 + dx * reach, at.1 + dy * reach),
                    ],
                    r * 0.15,
                    color.light(0.6),
                    0.9,
                );
            }
        }
    }
    *picture = Picture::from_sheet(&pen.sheet);
}

/// The dots of cheap print, in the shade alone.
fn dots(picture: &mut Picture, size: f32) {
    let (w, h) = (picture.width as f32, picture.height as f32);
    picture.map(|c, x, y| {
        let (u, v) = ((x * w + y * h) / size, (x * w - y * h) / size);
        let (du, dv) = (u - u.round(), v - v.round());
        let dark = (0.5 - c.luma()).max(0.0);
        if du * du + dv * dv < dark * 0.24 { c.dark(0.2) } else { c }
    });
}

/// Colours that come apart towards the sides.
fn fringes(picture: &mut Picture, by: i32) {
    let from = picture.clone();
    for y in 0..picture.height as i32 {
        for x in 0..picture.width as i32 {
            let at = picture.index(x, y);
            picture.pixels[at] = from.pixels[from.index(x - by, y)];
            picture.pixels[at + 2] = from.pixels[from.index(x + by, y) + 2];
        }
    }
}

/// The lines of a screen.
fn lines(picture: &mut Picture) {
    let step = (picture.height / 240).max(2);
    let row = picture.width as usize * 4;
    for (y, row) in picture.pixels.chunks_exact_mut(row).enumerate() {
        if (y as u32 / step).is_multiple_of(2) {
            for part in row.chunks_exact_mut(4) {
                for byte in &mut part[..3] {
                    *byte = (f32::from(*byte) * 0.86) as u8;
                }
            }
        }
    }
}

fn vintage(picture: &mut Picture, seed: u64) {
    picture.map(|c, _, _| {
        let c = curve(c, 0.5);
        let warm = Rgb(c.luma() * 1.08 + 0.03, c.luma() * 0.93 + 0.02, c.luma() * 0.72);
        let step = |x: f32| (x * 14.0).round() / 14.0;
        let made = c.mix(warm, 0.34);
        Rgb(step(made.0), step(made.1), step(made.2)).mix(Rgb::hex(0xf2e0b8), 0.1)
    });
    picture.paper(seed, 26.0, 0.07);
    picture.grain(seed, 0.05);
    picture.vignette(Rgb::hex(0x4a2a12), 0.55);
    let (w, h) = (picture.width as f32, picture.height as f32);
    let edge = w.min(h) * 0.035;
    let cream = Rgb::hex(0xf0e4c8);
    picture.map(|c, x, y| {
        let (px, py) = (x * w, y * h);
        let near = px.min(py).min(w - px).min(h - py);
        let corner = |dx: f32, dy: f32| (dx * dx + dy * dy).sqrt();
        let (dx, dy) =
            ((edge * 2.2 - px.min(w - px)).max(0.0), (edge * 2.2 - py.min(h - py)).max(0.0));
        if near < edge || corner(dx, dy) > edge * 1.2 { cream.mix(c, 0.04) } else { c }
    });
}

fn watercolor(picture: &mut Picture, seed: u64) {
    let side = picture.width.min(picture.height);
    let soft = picture.brushed((side / 190).max(2) as i32);
    let from = soft.clone();
    let (w, h) = (picture.width as f32, picture.height as f32);
    *picture = soft;
    let wobble = side as f32 * 0.006;
    let paper = Rgb::hex(0xfbf8f0);
    picture.map(|_, x, y| {
        let (u, v) = (x * w, y * h);
        let n =
            crate::paint::chance::clouds(u / w.min(h) * 26.0, v / w.min(h) * 26.0, seed, 3) - 0.5;
        let (i, j) = ((u + n * wobble * 2.0) as i32, (v - n * wobble * 2.0) as i32);
        let edge = (from.edge(i, j, 2) * 0.16).min(0.22);
        let wet = crate::paint::chance::clouds(u / w.min(h) * 5.0, v / w.min(h) * 5.0, seed ^ 5, 4);
        let color = from.get(i, j).mix(paper, 0.1 + 0.3 * wet).dark(edge);
        let near = x.min(y).min(1.0 - x).min(1.0 - y) * 14.0 + n * 1.2;
        color.mix(paper, (1.0 - near).clamp(0.0, 1.0))
    });
    picture.paper(seed, 120.0, 0.06);
}

fn sketch(picture: &mut Picture, seed: u64) {
    let from = picture.clone();
    let side = picture.width.min(picture.height) as f32;
    let (w, h) = (picture.width as f32, picture.height as f32);
    let paper = Rgb::hex(0xf6f2e8);
    picture.map(|c, x, y| {
        let (i, j) = ((x * w) as i32, (y * h) as i32);
        let edge = (from.edge(i, j, 1) * 0.9).clamp(0.0, 0.9);
        let luma = c.luma();
        let (u, v) = (x * w / side * 190.0, y * h / side * 190.0);
        let rough = crate::paint::chance::noise(u * 1.6, v * 1.6, seed);
        let stroke = |angle: f32| ((u + v * angle).rem_euclid(2.0) - 1.0).abs() < 0.3 + 0.2 * rough;
        let hatch = u8::from(luma < 0.66 && stroke(1.0))
            + u8::from(luma < 0.4 && stroke(-1.0))
            + u8::from(luma < 0.22 && stroke(0.3));
        paper.dark((edge * (0.6 + 0.4 * rough) + 0.17 * f32::from(hatch)).min(0.92))
    });
    picture.grain(seed, 0.02);
}
