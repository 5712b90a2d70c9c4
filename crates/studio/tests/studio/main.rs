//! What the studio makes, read by other decoders than its own encoders.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod pictures;
mod provider;
mod sounds;
mod texts;
mod videos;

use studio::Work;
use studio::image::{ImageOrder, make};
use studio::paint::Style;
use studio::paint::filter::Picture;

fn order(prompt: &str, style: Option<Style>) -> ImageOrder {
    let (prompt, negative) = (prompt.to_owned(), String::new());
    ImageOrder { prompt, negative, style, width: 160, height: 160, seed: 7 }
}

fn draw(prompt: &str, style: Option<Style>) -> Picture {
    make(&order(prompt, style), &Work::default()).unwrap()
}

/// How differently colours are spread over a grid of places: 0 for the same picture.
fn distance(a: &Picture, b: &Picture) -> f64 {
    let means = |picture: &Picture| -> Vec<f64> {
        let mut sums = vec![(0.0, 0.0); 8 * 8 * 3];
        for (at, pixel) in picture.pixels.chunks_exact(4).enumerate() {
            let (x, y) = (at as u32 % picture.width, at as u32 / picture.width);
            let cell = (y * 8 / picture.height * 8 + x * 8 / picture.width) as usize;
            for part in 0..3 {
                let sum = &mut sums[cell * 3 + part];
                *sum = (sum.0 + f64::from(pixel[part]), sum.1 + 1.0);
            }
        }
        sums.into_iter().map(|(sum, count)| sum / count).collect()
    };
    let pairs = means(a).into_iter().zip(means(b));
    pairs.map(|(a, b)| (a - b).abs()).sum::<f64>() / f64::from(8 * 8 * 3)
}
