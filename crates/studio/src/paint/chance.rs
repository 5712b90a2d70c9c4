//! Chance that repeats: streams of numbers from a seed, and smooth noise. No clock and no machine
//! has a part in it.

use sha2::{Digest, Sha256};

/// Part of every seed: an improved drawer changes what it draws only with a new version.
pub const VERSION: &str = "studio/v1";

/// A stream of numbers.
#[derive(Debug, Clone)]
pub struct Chance(u64);

/// The seed that texts and a number make together.
pub fn seed_of(parts: &[&str], number: u64) -> u64 {
    let mut digest = Sha256::new();
    digest.update(VERSION);
    for part in parts {
        // The length keeps ("ab", "c") apart from ("a", "bc").
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.update(number.to_be_bytes());
    let digest = digest.finalize();
    digest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

fn scramble(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream of its own, so that what draws more does not shift what is drawn after it.
    pub fn fork(&self, tag: u64) -> Self {
        Self(scramble(self.0 ^ scramble(tag.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scramble(self.0)
    }

    /// 0 to 1.
    pub fn unit(&mut self) -> f32 {
        (self.draw() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub fn range(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.unit()
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.draw() % bound.max(1) as u64) as usize
    }

    pub fn yes(&mut self, part: f32) -> bool {
        self.unit() < part
    }

    /// One of what must not be empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

fn lattice(x: i32, y: i32, seed: u64) -> f32 {
    let at = u64::from(x as u32) << 32 | u64::from(y as u32);
    (scramble(at.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ seed) >> 40) as f32 / (1u64 << 24) as f32
}

/// Smooth noise, 0 to 1.
pub fn noise(x: f32, y: f32, seed: u64) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v) = (ease(x - left), ease(y - top));
    let (i, j) = (left as i32, top as i32);
    let row = |j: i32| {
        let (a, b) = (lattice(i, j, seed), lattice(i.wrapping_add(1), j, seed));
        a + (b - a) * u
    };
    let (a, b) = (row(j), row(j.wrapping_add(1)));
    a + (b - a) * v
}

/// Noise in octaves, 0 to 1: clouds, paper, terrain.
pub fn clouds(x: f32, y: f32, seed: u64, octaves: u32) -> f32 {
    let (mut sum, mut weight, mut total, mut scale) = (0.0, 0.5, 0.0, 1.0);
    for octave in 0..octaves {
        sum += weight * noise(x * scale, y * scale, seed ^ u64::from(octave) << 56);
        total += weight;
        weight *= 0.5;
        scale *= 2.03;
    }
    sum / total
}
