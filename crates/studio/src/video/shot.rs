//! One shot: one or two layers under a moving camera.

use super::motion::{Eye, Way};
use crate::paint::Chance;
use crate::paint::filter::Picture;

/// A shot and how long it is.
pub struct Shot {
    far: Layer,
    near: Option<Layer>,
    way: Way,
    pub millis: u32,
}

/// Pixels of RGBA, multiplied by their opacity.
struct Layer {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// How much farther what is near moves.
const PARALLAX: f32 = 1.05;

impl Shot {
    /// A shot of one picture.
    pub fn of(picture: Picture, millis: u32, prompt: &str, chance: &mut Chance) -> Self {
        Self { far: Layer::new(picture), near: None, way: Way::read(prompt, chance), millis }
    }

    /// A shot of two layers of one size.
    pub fn layered(
        far: Picture,
        near: Picture,
        millis: u32,
        prompt: &str,
        chance: &mut Chance,
    ) -> Self {
        let near = Some(Layer::new(near));
        Self { far: Layer::new(far), near, way: Way::read(prompt, chance), millis }
    }

    /// Draws the frame at a time, 0 to 1, as RGB.
    pub fn draw(&self, time: f32, frame: &mut [u8], (width, height): (u32, u32)) {
        let eye = self.way.at(time);
        let mut view = View::new(&self.far, eye, (width, height));
        let mut near = self.near.as_ref().map(|layer| {
            let eye = Eye {
                x: 0.5 + (eye.x - 0.5) * PARALLAX * 1.3,
                y: eye.y,
                zoom: 1.0 + (eye.zoom - 1.0) * PARALLAX * 1.15,
            };
            (layer, View::new(layer, eye, (width, height)))
        });
        for (y, row) in frame.chunks_exact_mut(width as usize * 3).enumerate() {
            view.row(y);
            if let Some((_, near)) = &mut near {
                near.row(y);
            }
            for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
                let far = self.far.sample(view.x(x), view.v);
                let made = match &near {
                    None => [far[0], far[1], far[2]],
                    Some((layer, view)) => {
                        let over = layer.sample(view.x(x), view.v);
                        let through = 255 - over[3];
                        [0, 1, 2].map(|part| over[part] + far[part] * through / 255)
                    }
                };
                for (to, from) in pixel.iter_mut().zip(made) {
                    *to = from.min(255) as u8;
                }
            }
        }
    }
}

/// Where the pixels of a frame are on a layer, in 256ths of a pixel.
struct View {
    left: f32,
    top: f32,
    step: f32,
    v: i32,
}

impl View {
    fn new(layer: &Layer, eye: Eye, (width, height): (u32, u32)) -> Self {
        let (w, h) = (layer.width as f32, layer.height as f32);
        // The picture covers the frame; what is too much is cut off evenly.
        let cover = (w / width as f32).min(h / height as f32) / eye.zoom;
        let (wide, high) = (cover * width as f32, cover * height as f32);
        let left = (eye.x * w - wide / 2.0).clamp(0.0, (w - wide).max(0.0));
        let top = (eye.y * h - high / 2.0).clamp(0.0, (h - high).max(0.0));
        Self { left, top, step: cover, v: 0 }
    }

    fn row(&mut self, y: usize) {
        self.v = ((self.top + (y as f32 + 0.5) * self.step - 0.5) * 256.0) as i32;
    }

    fn x(&self, x: usize) -> i32 {
        ((self.left + (x as f32 + 0.5) * self.step - 0.5) * 256.0) as i32
    }
}

impl Layer {
    fn new(picture: Picture) -> Self {
        let mut pixels = picture.pixels;
        for pixel in pixels.chunks_exact_mut(4) {
            let alpha = u32::from(pixel[3]);
            for part in &mut pixel[..3] {
                *part = ((u32::from(*part) * alpha + 127) / 255) as u8;
            }
        }
        Self { width: picture.width as usize, height: picture.height as usize, pixels }
    }

    fn sample(&self, u: i32, v: i32) -> [u32; 4] {
        let (x, y) = ((u >> 8).max(0) as usize, (v >> 8).max(0) as usize);
        let (fx, fy) = ((u & 255) as u32, (v & 255) as u32);
        let (x, y) = (x.min(self.width - 1), y.min(self.height - 1));
        let (right, below) = ((x + 1).min(self.width - 1), (y + 1).min(self.height - 1));
        let at = |x: usize, y: usize| {
            let at = (y * self.width + x) * 4;
            &self.pixels[at..at + 4]
        };
        let corners = [at(x, y), at(right, y), at(x, below), at(right, below)];
        let weights = [(256 - fx) * (256 - fy), fx * (256 - fy), (256 - fx) * fy, fx * fy];
        let mut made = [0u32; 4];
        for (corner, weight) in corners.into_iter().zip(weights) {
            for (sum, part) in made.iter_mut().zip(corner) {
                *sum += u32::from(*part) * weight;
            }
        }
        made.map(|sum| sum >> 16)
    }
}
