//! The sky of a scene: its colours by hour and weather, its lights, its clouds.

use super::draw::around;
use super::scene::{Hour, Scene, Weather};
use crate::paint::chance::clouds;
use crate::paint::{Chance, Pen, Rgb, Style};

/// Colours from the zenith to the horizon.
pub(super) fn colors(scene: &Scene) -> [Rgb; 3] {
    let grey = matches!(
        scene.weather,
        Weather::Rain | Weather::Storm | Weather::Fog | Weather::Snow | Weather::Cloudy
    );
    let hexes = match (scene.style, scene.hour) {
        (Style::Cyberpunk, _) => [0x0a0626, 0x2a0f52, 0xc02a8a],
        (Style::Fantasy, Hour::Night) => [0x140f3a, 0x40256f, 0xa0559a],
        (Style::Fantasy, Hour::Day) => [0x5a62c8, 0xb48fe0, 0xfbd3d8],
        (Style::Fantasy, _) => [0x4a2f7a, 0xc0609a, 0xfcc88a],
        (_, Hour::Dawn) => [0x6f86c0, 0xf0b0a8, 0xfde0b0],
        (_, Hour::Day) => [0x3f8fd8, 0x86c2ec, 0xdff0f4],
        (_, Hour::Sunset) => [0x4a3f7f, 0xe0705a, 0xfcc263],
        (_, Hour::Night) => [0x0b1230, 0x1d2c5a, 0x40558a],
    };
    let veil = match scene.hour {
        Hour::Night => Rgb::hex(0x2a3040),
        Hour::Day | Hour::Dawn => Rgb::hex(0xb8c2cc),
        Hour::Sunset => Rgb::hex(0xa88a88),
    };
    let dull = match scene.weather {
        Weather::Storm => 0.72,
        Weather::Rain | Weather::Fog => 0.6,
        Weather::Snow | Weather::Cloudy => 0.42,
        Weather::Clear => 0.0,
    };
    hexes.map(|hex| {
        let color = Rgb::hex(hex);
        let color = if grey { color.mix(veil, dull) } else { color };
        let color = if scene.weather == Weather::Storm { color.dark(0.34) } else { color };
        let color = scene.tint.map_or(color, |tint| color.mix(tint, 0.42));
        match scene.style {
            Style::Vintage => color.vivid(0.85).mix(Rgb::hex(0xf0cf90), 0.34),
            Style::Noir | Style::Sketch => Rgb(color.luma(), color.luma(), color.luma()),
            Style::Anime | Style::Cartoon => color.vivid(1.25),
            Style::Realistic
            | Style::Fantasy
            | Style::Cyberpunk
            | Style::Minimalist
            | Style::Illustration
            | Style::Watercolor
            | Style::Pixel => color,
        }
    })
}

/// Draws the sky down to the horizon at `low`, all in pixels.
pub(super) fn draw(
    pen: &mut Pen,
    scene: &Scene,
    chance: &mut Chance,
    (w, h): (f32, f32),
    low: f32,
) {
    let [top, middle, base] = colors(scene);
    let reach = low.max(1.0);
    pen.fade(
        (0.0, 0.0),
        (w, h),
        &[(0.0, top, 1.0), (0.55 * reach / h, middle, 1.0), ((reach / h).min(1.0), base, 1.0)],
    );
    let u = w.min(h);
    if scene.style == Style::Minimalist {
        let [dark, _, pale] = pen.look.limited.unwrap_or([top, middle, base]);
        let ground = if scene.hour == Hour::Night { dark } else { pale };
        pen.fade((0.0, 0.0), (w, h), &[(0.0, ground, 1.0), (1.0, ground, 1.0)]);
        return disc(pen, scene, (w, h), low);
    }
    let clear = !matches!(scene.weather, Weather::Storm | Weather::Rain | Weather::Fog);
    if scene.hour == Hour::Night && clear || scene.stars {
        stars(pen, chance, (w, reach), u, if scene.stars { 240 } else { 130 });
    }
    if scene.style == Style::Vintage
        || scene.style == Style::Cartoon && clear && scene.hour != Hour::Night
    {
        rays(pen, scene, (w, h), low);
    }
    if scene.aurora {
        aurora(pen, chance, (w, reach));
    }
    if clear || scene.moon {
        orb(pen, scene, chance, (w, low), u);
    }
    if scene.rainbow {
        rainbow(pen, (w, low), u);
    }
    if scene.style == Style::Realistic
        || scene.style == Style::Watercolor
        || scene.style == Style::Noir
    {
        vapor(pen, scene, chance.draw(), low);
    } else {
        puffs(pen, scene, chance, (w, low), u);
    }
    if scene.fireworks {
        fireworks(pen, chance, (w, low), u);
    }
    if scene.weather == Weather::Storm {
        lightning(pen, chance, (w, low), u);
    }
}

/// The one great circle of a minimalist picture.
fn disc(pen: &mut Pen, scene: &Scene, (w, h): (f32, f32), low: f32) {
    let u = w.min(h);
    let color = match scene.hour {
        Hour::Night => Rgb::hex(0xf2efe4),
        Hour::Sunset => Rgb::hex(0xe8603f),
        Hour::Dawn => Rgb::hex(0xf2a07a),
        Hour::Day => Rgb::hex(0xf2b84a),
    };
    if let Some(path) = crate::paint::pen::oval((w * 0.66, low * 0.56), u * 0.19, u * 0.19) {
        pen.shine(&path, color);
    }
}

fn stars(pen: &mut Pen, chance: &mut Chance, (w, h): (f32, f32), u: f32, count: usize) {
    for i in 0..count {
        let at = (chance.unit() * w, chance.unit() * h);
        let r = u * chance.range(0.0007, 0.002);
        let tint = [0xffffff, 0xcfe0ff, 0xfff0d0][i % 3];
        if let Some(path) = crate::paint::pen::oval(at, r, r) {
            pen.shine(&path, Rgb::hex(tint));
        }
        if i % 14 == 0 {
            pen.glow(at, r * 9.0, Rgb::hex(tint), 0.7);
            for (dx, dy) in [(1.0, 0.0), (0.0, 1.0)] {
                let reach = r * 5.0;
                pen.thread(
                    &[
                        (at.0 - dx * reach, at.1 - dy * reach),
                        (at.0 + dx * reach, at.1 + dy * reach),
                    ],
                    r * 0.6,
                    Rgb::hex(0xffffff),
                    0.8,
                );
            }
        }
    }
}

fn rays(pen: &mut Pen, scene: &Scene, (w, h): (f32, f32), low: f32) {
    let strength = if scene.style == Style::Vintage { 0.2 } else { 0.13 };
    for i in 0..12 {
        let (a, b) = (i as f32 / 12.0, (i as f32 + 0.5) / 12.0);
        let from = (w * 0.5, low * if scene.style == Style::Vintage { 1.0 } else { 0.4 });
        let far = w.max(h) * 1.3;
        if let Some(path) =
            crate::paint::pen::poly(&[from, around(from, far, a), around(from, far, b)])
        {
            pen.wash(&path, Rgb::hex(0xfff4d0), strength);
        }
    }
}

fn orb(pen: &mut Pen, scene: &Scene, chance: &mut Chance, (w, low): (f32, f32), u: f32) {
    let x = w * if chance.yes(0.5) { chance.range(0.16, 0.3) } else { chance.range(0.7, 0.84) };
    if scene.hour == Hour::Night || scene.moon {
        let size = u * if scene.style == Style::Fantasy { 0.15 } else { 0.075 };
        let at = (x, low * 0.3);
        pen.glow(at, size * 3.4, Rgb::hex(0xcfdcff), 0.6);
        if let Some(path) = crate::paint::pen::oval(at, size, size) {
            pen.shine(&path, Rgb::hex(0xf6f1dc));
        }
        for (dx, dy, r) in
            [(-0.3, -0.2, 0.22), (0.25, 0.3, 0.28), (0.3, -0.36, 0.15), (-0.26, 0.42, 0.14)]
        {
            if let Some(path) =
                crate::paint::pen::oval((at.0 + dx * size, at.1 + dy * size), r * size, r * size)
            {
                pen.shine(&path, Rgb::hex(0xe0d8bd));
            }
        }
        return;
    }
    let (y, size, color) = match scene.hour {
        Hour::Sunset => (low * 0.86, 0.1, Rgb::hex(0xffd27a)),
        Hour::Dawn => (low * 0.8, 0.085, Rgb::hex(0xffe3b0)),
        Hour::Day | Hour::Night => (low * 0.26, 0.06, Rgb::hex(0xfff6d8)),
    };
    let size = size * u;
    pen.glow((x, y), size * 6.0, color, 0.75);
    pen.glow((x, y), size * 2.4, color, 0.8);
    if let Some(path) = crate::paint::pen::oval((x, y), size, size) {
        pen.shine(&path, color.light(0.3));
    }
}

fn aurora(pen: &mut Pen, chance: &mut Chance, (w, h): (f32, f32)) {
    for (i, hex) in [0x4fffb0, 0x5fe0e8, 0xb07fff].into_iter().enumerate() {
        let base = h * (0.35 + 0.13 * i as f32);
        let phase = chance.unit() * 6.0;
        for step in 0..60 {
            let t = step as f32 / 60.0;
            let y = base + (t * 7.0 + phase).sin() * h * 0.1;
            let tall = h * (0.3 + 0.1 * (t * 13.0 + phase).sin());
            pen.fade(
                (t * w, y - tall),
                (w / 58.0, tall),
                &[(0.0, Rgb::hex(hex), 0.0), (0.8, Rgb::hex(hex), 0.24), (1.0, Rgb::hex(hex), 0.0)],
            );
        }
    }
}

fn rainbow(pen: &mut Pen, (w, low): (f32, f32), u: f32) {
    let hexes = [0xe8483f, 0xf08f30, 0xf6d53a, 0x5fbf5a, 0x3f8fe0, 0x7a55c8];
    for (i, hex) in hexes.into_iter().enumerate() {
        let r = w * 0.46 - i as f32 * u * 0.017;
        let arc: Vec<_> =
            (0..=30).map(|i| around((w * 0.5, low * 1.02), r, -0.25 + i as f32 / 60.0)).collect();
        pen.thread(&arc, u * 0.018, Rgb::hex(hex), 0.62);
    }
}

/// Clouds of noise, for looks that have no shapes.
fn vapor(pen: &mut Pen, scene: &Scene, seed: u64, low: f32) {
    let amount = match scene.weather {
        Weather::Clear => 0.5,
        Weather::Cloudy | Weather::Snow => 0.38,
        Weather::Rain | Weather::Storm | Weather::Fog => 0.3,
    };
    let lit = match scene.hour {
        Hour::Night => Rgb::hex(0x5a6a98),
        Hour::Sunset => Rgb::hex(0xffb08a),
        Hour::Dawn => Rgb::hex(0xffe0d0),
        Hour::Day => Rgb::hex(0xffffff),
    };
    let lit = if scene.weather == Weather::Storm { lit.mix(Rgb::hex(0x33384a), 0.78) } else { lit };
    let lit =
        if scene.style == Style::Noir { Rgb(lit.luma(), lit.luma(), lit.luma()) } else { lit };
    let width = pen.sheet.width();
    let u = pen.side();
    for (i, pixel) in pen.sheet.pixels_mut().iter_mut().enumerate() {
        let (x, y) = ((i as u32 % width) as f32 / u, (i as u32 / width) as f32);
        if y > low {
            break;
        }
        let depth = 1.0 - y / low;
        let v = y / u;
        let thick = clouds(x * 2.4, v * (4.2 + 3.0 * (1.0 - depth)), seed, 5);
        let shade = clouds(x * 2.4 + 0.06, v * 4.2 + 0.12, seed, 3);
        let cover = ((thick - amount) * 3.2).clamp(0.0, 1.0) * 0.9;
        if cover > 0.0 {
            let was = pixel.demultiply();
            let was = Rgb(
                f32::from(was.red()) / 255.0,
                f32::from(was.green()) / 255.0,
                f32::from(was.blue()) / 255.0,
            );
            let tone = lit.mix(was, 0.1).mix(was.dark(0.3), (shade * 1.3 - 0.25).clamp(0.0, 0.6));
            let [r, g, b] = was.mix(tone, cover).bytes();
            *pixel = tiny_skia::ColorU8::from_rgba(r, g, b, 255).premultiply();
        }
    }
}

fn puffs(pen: &mut Pen, scene: &Scene, chance: &mut Chance, (w, low): (f32, f32), u: f32) {
    let count = match (scene.weather, scene.hour) {
        (Weather::Clear, Hour::Night) => 2,
        (Weather::Clear, _) => 4,
        (Weather::Cloudy | Weather::Snow, _) => 8,
        (Weather::Rain | Weather::Storm | Weather::Fog, _) => 11,
    };
    let white = match scene.hour {
        Hour::Night => Rgb::hex(0x46588c),
        Hour::Sunset => Rgb::hex(0xf6b0a0),
        Hour::Dawn => Rgb::hex(0xfbe6e0),
        Hour::Day => Rgb::hex(0xffffff),
    };
    let white = if scene.style == Style::Cyberpunk { Rgb::hex(0x5a2f8a) } else { white };
    let dull = if matches!(scene.weather, Weather::Rain | Weather::Storm) { 0.45 } else { 0.0 };
    let color = white.mix(Rgb::hex(0x4a5266), dull);
    let anime = scene.style == Style::Anime;
    for i in 0..count {
        let at = (
            (i as f32 + chance.range(0.1, 0.9)) / count as f32 * w * 1.1 - w * 0.05,
            low * chance.range(0.08, if anime { 0.75 } else { 0.52 }),
        );
        let size = u * chance.range(0.05, 0.085) * if anime { 1.5 } else { 1.0 };
        cloud(pen, chance, at, size, color);
    }
}

/// One cloud of rounds on a flat base.
pub(super) fn cloud(pen: &mut Pen, chance: &mut Chance, (x, y): (f32, f32), size: f32, color: Rgb) {
    let plain = pen.plain;
    pen.plain = true;
    let mut rounds: Vec<(f32, f32, f32)> = Vec::new();
    for i in 0..6 {
        let t = i as f32 / 5.0 - 0.5;
        let r = size * (0.75 - t.abs() * 0.75) * chance.range(0.85, 1.25);
        rounds.push((x + t * size * 3.4, y - r * 0.7, r));
    }
    for (x, y, r) in &rounds {
        pen.spot(
            (*x, *y + size * 0.12),
            *r,
            *r * 0.86,
            color.dark(0.14).mix(Rgb::hex(0x8aa0d0), 0.18),
            0.96,
        );
    }
    for (x, y, r) in &rounds {
        pen.spot((*x, *y), *r * 0.97, *r * 0.84, color, 1.0);
    }
    pen.plain = plain;
}

fn fireworks(pen: &mut Pen, chance: &mut Chance, (w, low): (f32, f32), u: f32) {
    for _ in 0..5 {
        let at = (chance.range(0.1, 0.9) * w, chance.range(0.12, 0.6) * low);
        let color = Rgb::hsl(chance.unit(), 0.9, 0.66);
        let size = u * chance.range(0.08, 0.17);
        pen.glow(at, size * 1.5, color, 0.6);
        for i in 0..28 {
            let turn = i as f32 / 28.0;
            let far = size * chance.range(0.75, 1.0);
            let end = around(at, far, turn);
            pen.thread(
                &[around(at, far * 0.35, turn), (end.0, end.1 + size * 0.06)],
                u * 0.0024,
                color,
                0.9,
            );
            pen.glow(end, u * 0.012, color, 0.9);
        }
    }
}

fn lightning(pen: &mut Pen, chance: &mut Chance, (w, low): (f32, f32), u: f32) {
    let mut at = (w * chance.range(0.25, 0.75), 0.0);
    pen.glow((at.0, low * 0.3), u * 0.6, Rgb::hex(0xb8c8ff), 0.5);
    let mut spots = vec![at];
    while at.1 < low {
        at = (at.0 + u * chance.range(-0.07, 0.07), at.1 + u * chance.range(0.04, 0.09));
        spots.push(at);
    }
    for (width, alpha) in [(0.014, 0.25), (0.005, 1.0)] {
        for pair in spots.windows(2) {
            pen.thread(pair, u * width, Rgb::hex(0xf4f6ff), alpha);
        }
    }
}
