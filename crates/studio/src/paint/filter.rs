//! Filters of whole pictures, on straight bytes of RGBA. Each goes over every pixel a bounded
//! number of times.

use super::chance::clouds;
use super::color::Rgb;

/// A picture: four bytes a pixel, red, green, blue and opacity, not multiplied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u8>,
}

impl Picture {
    /// No pixel at all.
    pub fn empty() -> Self {
        Self { width: 0, height: 0, pixels: Vec::new() }
    }

    pub fn from_sheet(sheet: &tiny_skia::Pixmap) -> Self {
        let mut pixels = Vec::with_capacity(sheet.data().len());
        for pixel in sheet.pixels() {
            let plain = pixel.demultiply();
            pixels.extend([plain.red(), plain.green(), plain.blue(), plain.alpha()]);
        }
        Self { width: sheet.width(), height: sheet.height(), pixels }
    }

    /// What is see-through shows white paper.
    pub fn on_paper(mut self) -> Self {
        for pixel in self.pixels.chunks_exact_mut(4) {
            let alpha = u32::from(pixel[3]);
            for part in &mut pixel[..3] {
                *part = ((u32::from(*part) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
            }
            pixel[3] = 255;
        }
        self
    }

    /// The picture as a sheet to draw on; `None` if it has no pixels.
    pub fn to_sheet(&self) -> Option<tiny_skia::Pixmap> {
        let mut sheet = tiny_skia::Pixmap::new(self.width, self.height)?;
        for (to, from) in sheet.pixels_mut().iter_mut().zip(self.pixels.chunks_exact(4)) {
            *to = tiny_skia::ColorU8::from_rgba(from[0], from[1], from[2], from[3]).premultiply();
        }
        Some(sheet)
    }

    /// The colour at a pixel; outside of the picture, of the nearest one inside.
    pub fn get(&self, x: i32, y: i32) -> Rgb {
        let at = self.index(x, y);
        let part = |i: usize| f32::from(self.pixels[at + i]) / 255.0;
        Rgb(part(0), part(1), part(2))
    }

    pub fn index(&self, x: i32, y: i32) -> usize {
        let x = x.clamp(0, self.width as i32 - 1) as usize;
        let y = y.clamp(0, self.height as i32 - 1) as usize;
        (y * self.width as usize + x) * 4
    }

    /// Between pixels, `x` and `y` counted from the middle of the first one.
    pub fn between(&self, x: f32, y: f32) -> Rgb {
        let (left, top) = (x.floor(), y.floor());
        let (i, j) = (left as i32, top as i32);
        let over = self.get(i, j).mix(self.get(i + 1, j), x - left);
        let under = self.get(i, j + 1).mix(self.get(i + 1, j + 1), x - left);
        over.mix(under, y - top)
    }

    /// Puts every colour through `change`, which is told where it is, 0 to 1 each way.
    pub fn map(&mut self, mut change: impl FnMut(Rgb, f32, f32) -> Rgb) {
        let (width, height) = (self.width as usize, self.height as usize);
        for (i, pixel) in self.pixels.chunks_exact_mut(4).enumerate() {
            let (x, y) = ((i % width) as f32 / width as f32, (i / width) as f32 / height as f32);
            let part = |i: usize| f32::from(pixel[i]) / 255.0;
            let made = change(Rgb(part(0), part(1), part(2)), x, y).bytes();
            pixel[..3].copy_from_slice(&made);
        }
    }

    /// Blurred by three boxes, which come near enough to a Gaussian.
    pub fn blurred(&self, radius: usize) -> Self {
        let mut made = self.clone();
        if radius > 0 {
            for _ in 0..3 {
                made = made.boxed(radius, true).boxed(radius, false);
            }
        }
        made
    }

    fn boxed(&self, radius: usize, across: bool) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        let (lines, length) = if across { (height, width) } else { (width, height) };
        let (step, jump) = if across { (4, width * 4) } else { (width * 4, 4) };
        let mut made = self.clone();
        let size = (2 * radius + 1) as u32;
        for line in 0..lines {
            let base = line * jump;
            for part in 0..4 {
                let read =
                    |i: usize| u32::from(self.pixels[base + i.min(length - 1) * step + part]);
                let mut sum = read(0) * (radius as u32 + 1);
                sum += (1..=radius).map(read).sum::<u32>();
                for i in 0..length {
                    made.pixels[base + i * step + part] = (sum / size) as u8;
                    sum = sum + read(i + radius + 1) - read(i.saturating_sub(radius));
                }
            }
        }
        made
    }

    /// Light that runs over its edges: what is bright is blurred and added.
    pub fn bloom(&mut self, radius: usize, above: f32, strength: f32) {
        let mut bright = self.clone();
        bright.map(|color, _, _| {
            let over = ((color.luma() - above) / (1.0 - above)).clamp(0.0, 1.0);
            color.mix(Rgb(0.0, 0.0, 0.0), 1.0 - over)
        });
        let bright = bright.blurred(radius);
        for (to, light) in self.pixels.chunks_exact_mut(4).zip(bright.pixels.chunks_exact(4)) {
            for part in 0..3 {
                let (a, b) = (f32::from(to[part]), f32::from(light[part]) * strength);
                to[part] = (255.0 - (255.0 - a) * (255.0 - b.min(255.0)) / 255.0) as u8;
            }
        }
    }

    /// Darker, or of another colour, towards the corners.
    pub fn vignette(&mut self, color: Rgb, strength: f32) {
        self.map(|was, x, y| {
            let (dx, dy) = (x - 0.5, y - 0.5);
            let far = ((dx * dx + dy * dy) * 2.0).clamp(0.0, 1.0);
            was.mix(color, far * far * strength)
        });
    }

    /// The grain of film or paper.
    pub fn grain(&mut self, seed: u64, strength: f32) {
        let mut chance = super::Chance::new(seed);
        for pixel in self.pixels.chunks_exact_mut(4) {
            let by = (chance.unit() + chance.unit() - 1.0) * strength * 255.0;
            for part in &mut pixel[..3] {
                *part = (f32::from(*part) + by).clamp(0.0, 255.0) as u8;
            }
        }
    }

    /// The unevenness of paper, `scale` spots along the shorter side.
    pub fn paper(&mut self, seed: u64, scale: f32, strength: f32) {
        let aspect = self.width as f32 / self.height as f32;
        self.map(|was, x, y| {
            let by = (clouds(x * scale * aspect, y * scale, seed, 4) - 0.5) * strength;
            Rgb(was.0 + by, was.1 + by, was.2 + by)
        });
    }

    /// Strokes of a brush: each pixel takes the most even of four corners around it.
    pub fn brushed(&self, radius: i32) -> Self {
        let sums = Sums::new(self);
        let mut made = self.clone();
        for y in 0..self.height as i32 {
            for x in 0..self.width as i32 {
                let corners = [(-radius, -radius), (0, -radius), (-radius, 0), (0, 0)];
                let best = corners
                    .map(|(dx, dy)| sums.mean((x + dx, y + dy), (x + dx + radius, y + dy + radius)))
                    .into_iter()
                    .min_by(|a, b| a.1.total_cmp(&b.1));
                if let Some((color, _)) = best {
                    let at = self.index(x, y);
                    made.pixels[at..at + 3].copy_from_slice(&color.bytes());
                }
            }
        }
        made
    }

    /// How strongly brightness changes at a pixel.
    pub fn edge(&self, x: i32, y: i32, reach: i32) -> f32 {
        let luma = |dx: i32, dy: i32| self.get(x + dx * reach, y + dy * reach).luma();
        let across = luma(1, -1) + 2.0 * luma(1, 0) + luma(1, 1)
            - luma(-1, -1)
            - 2.0 * luma(-1, 0)
            - luma(-1, 1);
        let down = luma(-1, 1) + 2.0 * luma(0, 1) + luma(1, 1)
            - luma(-1, -1)
            - 2.0 * luma(0, -1)
            - luma(1, -1);
        (across * across + down * down).sqrt()
    }

    /// Made of `count` squares along the longer side, in steps of colour.
    pub fn in_squares(&mut self, count: u32, steps: f32) {
        let size = (self.width.max(self.height) / count.max(1)).max(1) as i32;
        let from = self.clone();
        for y in 0..self.height as i32 {
            for x in 0..self.width as i32 {
                let (i, j) = (x / size * size, y / size * size);
                let spots = [(1, 1), (3, 1), (2, 2), (1, 3), (3, 3)];
                let mut sum = Rgb(0.0, 0.0, 0.0);
                for (dx, dy) in spots {
                    let one = from.get(i + dx * size / 4, j + dy * size / 4);
                    sum = Rgb(sum.0 + one.0 / 5.0, sum.1 + one.1 / 5.0, sum.2 + one.2 / 5.0);
                }
                let step = |part: f32| (part * steps).round() / steps;
                let at = self.index(x, y);
                let made = Rgb(step(sum.0), step(sum.1), step(sum.2)).bytes();
                self.pixels[at..at + 3].copy_from_slice(&made);
            }
        }
    }

    /// Another size, each pixel from the ones around where it comes from.
    pub fn resized(&self, width: u32, height: u32) -> Self {
        let (sx, sy) = (self.width as f32 / width as f32, self.height as f32 / height as f32);
        let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
        // When it shrinks, the blur keeps thin lines from breaking.
        let blur = ((sx.max(sy) - 1.0) * 0.5).round() as usize;
        let soft;
        let from = if blur > 0 {
            soft = self.boxed(blur, true).boxed(blur, false);
            &soft
        } else {
            self
        };
        for y in 0..height {
            for x in 0..width {
                let (u, v) = ((x as f32 + 0.5) * sx - 0.5, (y as f32 + 0.5) * sy - 0.5);
                pixels.extend(from.between(u, v).bytes());
                pixels.push(255);
            }
        }
        Self { width, height, pixels }
    }
}

/// Sums over everything above and to the left, for means of rectangles in one step.
struct Sums {
    width: i32,
    height: i32,
    sums: Vec<[f32; 4]>,
}

impl Sums {
    fn new(picture: &Picture) -> Self {
        let (width, height) = (picture.width as usize + 1, picture.height as usize + 1);
        let mut above = vec![[0.0f64; 4]; width];
        let mut all = vec![[0.0f32; 4]; width * height];
        for y in 1..height {
            let mut row = [0.0f64; 4];
            for x in 1..width {
                let color = picture.get(x as i32 - 1, y as i32 - 1);
                let parts = [color.0, color.1, color.2, color.luma() * color.luma()];
                for part in 0..4 {
                    row[part] += f64::from(parts[part]);
                    above[x][part] += row[part];
                    all[y * width + x][part] = above[x][part] as f32;
                }
            }
        }
        Self { width: width as i32, height: height as i32, sums: all }
    }

    /// The mean colour of a rectangle, and how uneven it is.
    fn mean(&self, from: (i32, i32), to: (i32, i32)) -> (Rgb, f32) {
        let (left, top) = (from.0.max(0), from.1.max(0));
        let (right, bottom) = ((to.0 + 1).min(self.width - 1), (to.1 + 1).min(self.height - 1));
        let count = ((right - left).max(1) * (bottom - top).max(1)) as f32;
        let at = |x: i32, y: i32, part: usize| self.sums[(y * self.width + x) as usize][part];
        let sum = |part: usize| {
            at(right, bottom, part) - at(left, bottom, part) - at(right, top, part)
                + at(left, top, part)
        };
        let color = Rgb(sum(0) / count, sum(1) / count, sum(2) / count);
        (color, (sum(3) / count - color.luma() * color.luma()).abs())
    }
}
