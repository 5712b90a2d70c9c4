//! What is under and behind the things of a scene: hills, woods, water, streets, rooms.

mod elsewhere;

use super::draw::around;
use super::plants::leaf_color;
use super::scene::{Hour, Place, Scene, Season, Weather};
use super::sky;
use crate::paint::chance::noise;
use crate::paint::pen::Spot;
use crate::paint::{Chance, Pen, Rgb, Style};

/// Where things of a scene stand: pixels from the top.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground {
    pub(super) horizon: f32,
    /// The line that the nearest things stand on.
    pub(super) near: f32,
    /// Where water begins, if there is any.
    pub(super) water: Option<f32>,
}

/// Draws a place, its sky first.
pub(super) fn draw(pen: &mut Pen, scene: &Scene, chance: &mut Chance, (w, h): Spot) -> Ground {
    let low = h * match scene.place {
        Place::Sky | Place::Space | Place::Underwater | Place::Plain => 1.0,
        Place::Sea => 0.58,
        Place::City | Place::Street => 0.66,
        Place::Room => 0.72,
        Place::Table => 0.62,
        Place::Desert | Place::Snowfield => 0.6,
        Place::Meadow | Place::Forest | Place::Mountains | Place::Beach | Place::Lake => 0.6,
    };
    match scene.place {
        Place::Space => return elsewhere::space(pen, chance, (w, h)),
        Place::Underwater => return elsewhere::underwater(pen, scene, chance, (w, h)),
        Place::Room => return elsewhere::room(pen, scene, chance, (w, h), low),
        Place::Table => return elsewhere::table(pen, scene, chance, (w, h), low),
        Place::Plain => return elsewhere::plain(pen, scene, (w, h)),
        Place::Meadow
        | Place::Forest
        | Place::Mountains
        | Place::Sea
        | Place::Beach
        | Place::Lake
        | Place::Desert
        | Place::City
        | Place::Street
        | Place::Snowfield
        | Place::Sky => {}
    }
    sky::draw(pen, scene, chance, (w, h), low);
    let land = Land { w, h, u: w.min(h), low, haze: sky::colors(scene)[2] };
    let ground = |near: f32| Ground { horizon: low, near: h * near, water: None };
    match scene.place {
        Place::Sky => {
            for i in 0..5 {
                let at = ((i as f32 + chance.unit()) / 5.0 * w, h * chance.range(0.88, 1.02));
                let white = match scene.hour {
                    Hour::Night => Rgb::hex(0x54689c),
                    Hour::Sunset => Rgb::hex(0xf8bfae),
                    Hour::Dawn | Hour::Day => Rgb::hex(0xfdfdff),
                };
                sky::cloud(pen, chance, at, land.u * 0.14, white);
            }
            ground(0.92)
        }
        Place::Sea => {
            if scene.style != Style::Minimalist {
                land.ridges(pen, chance, 1, 0.07, Rgb::hex(0x5a7a94));
            }
            land.water(pen, scene, chance, low, h);
            Ground { horizon: low, near: h * 0.86, water: Some(low) }
        }
        Place::Beach => {
            land.water(pen, scene, chance, low, h * 0.76);
            land.hill(pen, chance, h * 0.76, 0.02, Rgb::hex(0xf2d9a4));
            land.specks(pen, chance, h * 0.8, Rgb::hex(0xd9b878), 60);
            Ground { horizon: low, near: h * 0.92, water: Some(low) }
        }
        Place::Lake => {
            land.mountains(pen, chance, scene, 2);
            land.woods(pen, chance, scene, low + land.u * 0.01, 0.07);
            land.water(pen, scene, chance, low + land.u * 0.02, h);
            let grass = grass(scene, chance);
            land.hill(pen, chance, h * 0.93, 0.02, grass);
            Ground { horizon: low, near: h * 0.96, water: Some(low) }
        }
        Place::Mountains => {
            land.mountains(pen, chance, scene, 3);
            land.meadow(pen, chance, scene);
            land.woods(pen, chance, scene, h * 0.72, 0.1);
            ground(0.92)
        }
        Place::Forest => {
            let depth = if scene.style == Style::Minimalist { 1 } else { 3 };
            for i in 0..depth {
                land.trunks(pen, chance, scene, i);
            }
            land.meadow(pen, chance, scene);
            ground(0.92)
        }
        Place::Desert => {
            for i in 0..3 {
                let y = low - land.u * 0.03 + land.u * 0.1 * i as f32;
                let sand =
                    Rgb::hex(0xe3b26a).mix(land.haze, 0.4 - 0.18 * i as f32).dark(0.04 * i as f32);
                land.hill(pen, chance, y, 0.07, sand);
            }
            land.specks(pen, chance, h * 0.8, Rgb::hex(0xb8854a), 40);
            ground(0.92)
        }
        Place::Snowfield => {
            land.mountains(pen, chance, scene, 2);
            for i in 0..3 {
                let snow = Rgb::hex(0xf2f6fb).mix(Rgb::hex(0xb8cde6), 0.3 - 0.13 * i as f32);
                land.hill(pen, chance, low + land.u * 0.1 * i as f32, 0.04, snow);
            }
            ground(0.92)
        }
        Place::City => {
            land.skyline(pen, scene, chance, 3);
            land.street(pen, scene, low);
            ground(0.9)
        }
        Place::Street => {
            land.skyline(pen, scene, chance, 2);
            land.shops(pen, scene, chance);
            land.street(pen, scene, low);
            ground(0.92)
        }
        Place::Meadow
        | Place::Space
        | Place::Underwater
        | Place::Room
        | Place::Table
        | Place::Plain => {
            if scene.style != Style::Minimalist {
                land.ridges(pen, chance, 2, 0.12, Rgb::hex(0x5f8a7a));
                land.woods(pen, chance, scene, low, 0.05);
            }
            land.meadow(pen, chance, scene);
            ground(0.92)
        }
    }
}

fn grass(scene: &Scene, chance: &mut Chance) -> Rgb {
    let leaf = leaf_color(scene.season, chance);
    match scene.season {
        Season::Autumn => Rgb::hex(0xb89a4a),
        Season::Winter => Rgb::hex(0xeef3f8),
        Season::Spring | Season::Summer => leaf.mix(Rgb::hex(0x7fb04f), 0.5),
    }
}

struct Land {
    w: f32,
    h: f32,
    u: f32,
    low: f32,
    /// What far things fade into.
    haze: Rgb,
}

impl Land {
    /// A line of land from the left to the right, closed at the bottom.
    fn shape(&self, y: impl Fn(f32) -> f32, steps: usize) -> Vec<Spot> {
        let mut spots = vec![(-2.0, self.h + 2.0)];
        spots.extend((0..=steps).map(|i| {
            let t = i as f32 / steps as f32;
            (t * (self.w + 4.0) - 2.0, y(t))
        }));
        spots.push((self.w + 2.0, self.h + 2.0));
        spots
    }

    fn hill(&self, pen: &mut Pen, chance: &mut Chance, y: f32, swell: f32, color: Rgb) {
        let seed = chance.draw();
        let spots =
            self.shape(|t| y - (noise(t * 2.6, 0.5, seed) - 0.4) * self.u * swell * 2.0, 48);
        pen.poly(&spots, color);
    }

    fn ridges(&self, pen: &mut Pen, chance: &mut Chance, count: usize, tall: f32, color: Rgb) {
        for i in 0..count {
            let near = (i + 1) as f32 / (count + 1) as f32;
            let seed = chance.draw();
            let y = self.low;
            let tall = tall * (1.3 - near * 0.6);
            let spots = self.shape(|t| y - noise(t * 3.4, 1.5, seed) * self.u * tall, 60);
            pen.plain = true;
            pen.poly(&spots, color.mix(self.haze, 0.72 - near * 0.4));
            pen.plain = false;
        }
    }

    fn mountains(&self, pen: &mut Pen, chance: &mut Chance, scene: &Scene, count: usize) {
        let count = if scene.style == Style::Minimalist { 1 } else { count };
        let rock =
            if scene.style == Style::Fantasy { Rgb::hex(0x6a5a9a) } else { Rgb::hex(0x5a6a84) };
        for i in 0..count {
            let near = (i + 1) as f32 / (count + 1) as f32;
            let color = rock.mix(self.haze, 0.66 - near * 0.5);
            let peaks = 3 + i;
            for p in 0..peaks {
                let x = (p as f32 + chance.range(0.2, 0.8)) / peaks as f32 * self.w;
                let tall = self.u * chance.range(0.24, 0.42) * (1.12 - near * 0.55);
                let wide = tall * chance.range(0.85, 1.2);
                self.peak(pen, chance, (x, self.low + self.u * 0.02), (wide, tall), color);
            }
        }
    }

    fn peak(
        &self,
        pen: &mut Pen,
        chance: &mut Chance,
        (x, y): Spot,
        (wide, tall): Spot,
        color: Rgb,
    ) {
        let seed = chance.draw();
        let side = |s: f32| -> Vec<Spot> {
            (0..=14)
                .map(|i| {
                    let t = i as f32 / 14.0;
                    let rough = (noise(t * 7.0, s, seed) - 0.5)
                        * wide
                        * 0.16
                        * (1.0 - (2.0 * t - 1.0).abs());
                    (x + s * (wide * t + rough), y - tall * (1.0 - t))
                })
                .collect()
        };
        let (left, right) = (side(-1.0), side(1.0));
        let mut body = left.clone();
        body.reverse();
        body.extend(right.iter().skip(1));
        pen.poly(&body, color);
        // The side away from the light, with a jagged ridge between.
        let plain = pen.plain;
        pen.plain = true;
        let ridge: Vec<Spot> = (0..=10)
            .map(|i| {
                let t = i as f32 / 10.0;
                (x + (noise(t * 6.0, 9.0, seed) - 0.35) * wide * 0.3 * t, y - tall * (1.0 - t))
            })
            .collect();
        let mut shade = right.clone();
        shade.reverse();
        let mut dark = ridge;
        dark.extend(shade);
        pen.poly(&dark, color.dark(0.2));
        let mut cap: Vec<Spot> = vec![left[0]];
        cap.extend(left.iter().skip(1).take(4));
        for i in 0..7 {
            let t = i as f32 / 6.0;
            let dip = if i % 2 == 0 { 0.0 } else { 0.09 };
            let (a, b) = (left[4], right[4]);
            cap.push((a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t + tall * (dip - 0.02)));
        }
        cap.extend(right.iter().skip(1).take(4).rev());
        pen.poly(&cap, Rgb::hex(0xf4f8fc).mix(self.haze, 0.22));
        pen.plain = plain;
    }

    fn meadow(&self, pen: &mut Pen, chance: &mut Chance, scene: &Scene) {
        let green = grass(scene, chance);
        let bands = if scene.style == Style::Minimalist { 1 } else { 3 };
        for i in 0..bands {
            let y = self.low + self.u * 0.02 + (self.h - self.low) * 0.3 * i as f32;
            let far = 0.42 - 0.19 * i as f32;
            self.hill(pen, chance, y, 0.05, green.mix(self.haze, far).dark(0.03 * i as f32));
        }
        if bands == 1 {
            return;
        }
        for _ in 0..90 {
            let y = self.low + (self.h - self.low) * chance.range(0.3, 1.0);
            let size = self.u * 0.012 * (0.5 + (y - self.low) / (self.h - self.low));
            let x = chance.unit() * self.w;
            let tone = green.dark(0.22);
            for lean in [-0.5, 0.0, 0.5] {
                pen.line(&[(x, y), (x + lean * size, y - size * 1.4)], size * 0.16, tone);
            }
        }
        if matches!(scene.season, Season::Spring | Season::Summer) && scene.place != Place::Forest {
            for _ in 0..46 {
                let y = self.low + (self.h - self.low) * chance.range(0.4, 1.0);
                let size = self.u * 0.005 * (0.5 + (y - self.low) / (self.h - self.low));
                let x = chance.unit() * self.w;
                let color = Rgb::hex(*chance.pick(&[0xf6f2e6, 0xf2c23a, 0xe86a8a, 0xb08fe0]));
                for i in 0..5 {
                    let at = around((x, y), size, i as f32 / 5.0);
                    pen.spot(at, size * 0.7, size * 0.7, color, 1.0);
                }
                pen.spot((x, y), size * 0.6, size * 0.6, Rgb::hex(0xf0a52e), 1.0);
            }
        }
    }

    fn woods(&self, pen: &mut Pen, chance: &mut Chance, scene: &Scene, y: f32, tall: f32) {
        if scene.style == Style::Minimalist {
            return;
        }
        let plain = pen.plain;
        pen.plain = true;
        let color = Rgb::hex(if scene.season == Season::Autumn { 0xa8683a } else { 0x3f6a52 });
        let count = (self.w / self.u * 34.0) as usize;
        for _ in 0..count {
            let x = chance.unit() * self.w;
            let size = self.u * tall * chance.range(0.6, 1.1);
            let tone = color.mix(self.haze, chance.range(0.3, 0.5));
            let y = y + chance.range(0.0, self.u * 0.012);
            if scene.place == Place::Meadow {
                pen.oval((x, y - size * 0.36), size * 0.46, size * 0.44, tone);
            } else {
                pen.poly(&[(x - size * 0.24, y), (x, y - size), (x + size * 0.24, y)], tone);
            }
        }
        pen.plain = plain;
    }

    fn trunks(&self, pen: &mut Pen, chance: &mut Chance, scene: &Scene, row: usize) {
        let near = row as f32 / 2.0;
        let count = [15, 10, 6][row.min(2)];
        let leaf = leaf_color(scene.season, chance);
        let bark = Rgb::hex(0x5a4434).mix(self.haze, 0.66 - near * 0.5);
        let green = leaf.dark(0.2).mix(self.haze, 0.66 - near * 0.5);
        pen.plain = true;
        for i in 0..count {
            let middle = row == 2 && (0.3..0.7).contains(&((i as f32 + 0.5) / count as f32));
            if middle {
                continue;
            }
            let x = (i as f32 + chance.range(0.15, 0.85)) / count as f32 * self.w;
            let wide = self.u * (0.012 + 0.016 * near) * chance.range(0.8, 1.3);
            let foot = self.low + self.u * (0.02 + 0.07 * near);
            pen.poly(
                &[
                    (x - wide, foot),
                    (x - wide * 0.6, 0.0),
                    (x + wide * 0.6, 0.0),
                    (x + wide * 1.1, foot),
                ],
                bark,
            );
            for k in 0..3 {
                let y = self.h * (0.02 + 0.1 * k as f32) + chance.range(0.0, 0.06) * self.h;
                let r = self.u * (0.09 + 0.03 * near);
                pen.oval(
                    (x + chance.range(-1.0, 1.0) * r * 0.7, y),
                    r,
                    r * 0.7,
                    green.light(0.05 * k as f32),
                );
            }
        }
        pen.plain = false;
        pen.fade(
            (0.0, self.low * 0.5),
            (self.w, self.h * 0.3),
            &[(0.0, self.haze, 0.0), (0.7, self.haze, 0.22), (1.0, self.haze, 0.0)],
        );
    }

    fn water(&self, pen: &mut Pen, scene: &Scene, chance: &mut Chance, top: f32, base: f32) {
        let [zenith, middle, low] = sky::colors(scene);
        let sea = match scene.hour {
            Hour::Day => Rgb::hex(0x2f86b8),
            Hour::Night => Rgb::hex(0x10244a),
            Hour::Sunset | Hour::Dawn => Rgb::hex(0x4a6a94),
        };
        let tone = pen.look.tone(sea);
        pen.fade(
            (0.0, top),
            (self.w, base - top + 2.0),
            &[
                (0.0, tone.mix(low, 0.55), 1.0),
                (0.3, tone.mix(middle, 0.3), 1.0),
                (1.0, tone.mix(zenith, 0.2).dark(0.12), 1.0),
            ],
        );
        if scene.style == Style::Minimalist {
            return;
        }
        let rough = if scene.weather == Weather::Storm { 2.2 } else { 1.0 };
        for i in 0..110 {
            let t = (i as f32 / 110.0).powf(1.5);
            let y = top + (base - top) * t + 2.0;
            let x = chance.unit() * self.w;
            let long = self.u * (0.02 + 0.1 * t) * chance.range(0.5, 1.2);
            let lift = self.u * 0.005 * rough * (0.3 + t);
            let bright = chance.yes(0.5);
            let color = if bright { low.light(0.35) } else { tone.dark(0.25) };
            pen.thread(
                &[
                    (x - long, y),
                    (x - long * 0.3, y - lift),
                    (x + long * 0.3, y),
                    (x + long, y - lift * 0.5),
                ],
                self.u * (0.0012 + 0.002 * t),
                color,
                0.5,
            );
        }
    }

    fn specks(&self, pen: &mut Pen, chance: &mut Chance, top: f32, color: Rgb, count: usize) {
        for _ in 0..count {
            let (x, y) = (chance.unit() * self.w, chance.range(top, self.h));
            let size = self.u * chance.range(0.002, 0.006);
            pen.spot((x, y), size * 1.6, size * 0.7, color, 0.8);
        }
    }

    fn skyline(&self, pen: &mut Pen, scene: &Scene, chance: &mut Chance, rows: usize) {
        let dark = scene.hour == Hour::Night || scene.style == Style::Cyberpunk;
        for row in 0..rows {
            let near = (row + 1) as f32 / rows as f32;
            let base =
                Rgb::hex(if dark { 0x1c2440 } else { 0x6a7a94 }).mix(self.haze, 0.72 - near * 0.52);
            let mut x = -self.u * 0.05;
            while x < self.w {
                let wide = self.u * chance.range(0.06, 0.12);
                let tall = self.u * chance.range(0.14, 0.48) * (1.05 - near * 0.35);
                let top = self.low - tall;
                pen.plain = row + 1 < rows;
                pen.bar((x, top), (wide, tall + 2.0), base.dark(chance.range(0.0, 0.14)));
                pen.plain = false;
                if chance.yes(0.3) {
                    pen.line(
                        &[(x + wide / 2.0, top), (x + wide / 2.0, top - tall * 0.16)],
                        self.u * 0.003,
                        base.dark(0.2),
                    );
                }
                if near > 0.4 && scene.style != Style::Minimalist {
                    self.windows(pen, scene, chance, (x, top), (wide, tall));
                }
                x += wide + self.u * chance.range(-0.005, 0.015);
            }
        }
    }

    fn windows(
        &self,
        pen: &mut Pen,
        scene: &Scene,
        chance: &mut Chance,
        (x, top): Spot,
        (wide, tall): Spot,
    ) {
        let dark = scene.hour == Hour::Night || scene.style == Style::Cyberpunk;
        let step = self.u * 0.02;
        let (cols, rows) = ((wide / step) as usize, (tall / step / 1.3) as usize);
        let neon = [0x2ff3ff, 0xff3fd0, 0xffd24a];
        for col in 0..cols.saturating_sub(1) {
            for row in 0..rows.saturating_sub(1) {
                if chance.yes(0.5) {
                    continue;
                }
                let at = (x + step * (col as f32 + 0.7), top + step * 1.3 * (row as f32 + 0.7));
                let Some(path) = crate::paint::pen::card(at, (step * 0.5, step * 0.7), 0.0) else {
                    continue;
                };
                if scene.style == Style::Cyberpunk {
                    pen.shine(&path, Rgb::hex(*chance.pick(&neon)).dark(0.2));
                } else if dark {
                    pen.shine(
                        &path,
                        Rgb::hex(*chance.pick(&[0xffdb82, 0xffc861, 0xfff0c0])).dark(0.1),
                    );
                } else {
                    pen.wash(&path, Rgb::hex(0xd8eaf4), 0.5);
                }
            }
        }
    }

    fn shops(&self, pen: &mut Pen, scene: &Scene, chance: &mut Chance) {
        let dark = scene.hour == Hour::Night || scene.style == Style::Cyberpunk;
        for side in [0.0, 1.0] {
            for i in 0..2 {
                let wide = self.w * 0.17;
                let x = if side == 0.0 {
                    wide * i as f32 * 0.96
                } else {
                    self.w - wide * (i as f32 * 0.96 + 1.0)
                };
                let tall = self.u * (0.46 - 0.1 * i as f32);
                let top = self.low - tall + self.u * 0.03;
                let wall =
                    Rgb::hex(*chance.pick(&[0xc8785a, 0xd9b27a, 0x8fa0a8, 0xb0606a, 0x6f8a9a]));
                pen.bar((x, top), (wide, tall), wall);
                for col in 0..2 {
                    for row in 0..2 {
                        let at = (
                            x + wide * (0.28 + 0.44 * col as f32),
                            top + tall * (0.16 + 0.26 * row as f32),
                        );
                        super::buildings::window(
                            pen,
                            at,
                            (wide * 0.2, tall * 0.14),
                            dark && chance.yes(0.7),
                        );
                    }
                }
                let y = top + tall * 0.62;
                for k in 0..6 {
                    let stripe = Rgb::hex(if k % 2 == 0 { 0xf6f1e6 } else { 0xd9534a });
                    pen.plain = true;
                    pen.bar(
                        (x + wide * (0.05 + 0.15 * k as f32), y),
                        (wide * 0.15, tall * 0.09),
                        stripe,
                    );
                    pen.plain = false;
                }
                pen.bar(
                    (x + wide * 0.1, y + tall * 0.1),
                    (wide * 0.8, tall * 0.27),
                    Rgb::hex(if dark { 0xffd98a } else { 0x4a5a68 }),
                );
            }
        }
    }

    fn street(&self, pen: &mut Pen, scene: &Scene, top: f32) {
        let cyber = scene.style == Style::Cyberpunk;
        let asphalt = Rgb::hex(if cyber { 0x120a2c } else { 0x5f646e });
        pen.plain = true;
        pen.bar((-2.0, top), (self.w + 4.0, self.h - top + 2.0), Rgb::hex(0xa8a8a4));
        pen.bar((-2.0, top + (self.h - top) * 0.2), (self.w + 4.0, self.h - top), asphalt);
        pen.plain = false;
        if cyber {
            for i in 0..13 {
                let x = self.w * (i as f32 / 12.0);
                let far = self.w * 0.5 + (x - self.w * 0.5) * 3.4;
                pen.thread(&[(x, top), (far, self.h)], self.u * 0.002, Rgb::hex(0xff3fd0), 0.5);
            }
            for i in 0..8 {
                let y = top + (self.h - top) * (i as f32 / 8.0).powi(2);
                pen.thread(&[(0.0, y), (self.w, y)], self.u * 0.002, Rgb::hex(0x2ff3ff), 0.45);
            }
            return;
        }
        let y = top + (self.h - top) * 0.5;
        for i in 0..9 {
            let x = self.w * (i as f32 / 8.0 - 0.04);
            pen.plain = true;
            pen.bar((x, y), (self.w * 0.06, self.u * 0.008), Rgb::hex(0xf2e8c0));
            pen.plain = false;
        }
    }
}
