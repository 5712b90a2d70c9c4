//! How the camera moves over a picture, and what flies before it.

use crate::paint::Chance;
use crate::words::words;

/// A way of the camera: where it looks at first and at last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way {
    from: Eye,
    to: Eye,
}

/// Where a camera looks: the middle, 0 to 1 each way, and how near.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Eye {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) zoom: f32,
}

/// What flies before the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flying {
    Nothing,
    Snow,
    Rain,
    Sparks,
}

impl Way {
    /// The way that words ask for; the seed decides what they leave open.
    pub(super) fn read(prompt: &str, chance: &mut Chance) -> Self {
        let spoken = words(prompt);
        let has = |any: &[&str]| spoken.iter().any(|word| any.contains(&word.as_str()));
        let eye = |x: f32, y: f32, zoom: f32| Eye { x, y, zoom };
        if has(&["static", "still", "locked"]) {
            return Self { from: eye(0.5, 0.5, 1.02), to: eye(0.5, 0.5, 1.02) };
        }
        let (near, far) = (chance.range(1.26, 1.42), chance.range(1.02, 1.08));
        let (dx, dy) = (chance.range(-0.05, 0.05), chance.range(-0.04, 0.03));
        let side = if has(&["left"]) {
            -1.0
        } else if has(&["right"]) || chance.yes(0.5) {
            1.0
        } else {
            -1.0
        };
        if has(&["pan", "panning", "tracking", "slide", "left", "right", "sweeping"]) {
            let reach = 0.1 * side;
            return Self {
                from: eye(0.5 - reach, 0.5 + dy, 1.3),
                to: eye(0.5 + reach, 0.5 + dy, 1.3),
            };
        }
        if has(&["tilt", "rising", "up", "crane", "ascending"]) {
            return Self { from: eye(0.5, 0.6, 1.3), to: eye(0.5, 0.4, 1.3) };
        }
        if has(&["down", "falling", "descending"]) {
            return Self { from: eye(0.5, 0.4, 1.3), to: eye(0.5, 0.6, 1.3) };
        }
        let out = has(&["out", "reveal", "pullback", "away"])
            || !has(&["in", "push", "closer", "zoom"]) && chance.yes(0.4);
        let (a, b) = (eye(0.5, 0.5, far), eye(0.5 + dx, 0.48 + dy, near));
        if out { Self { from: b, to: a } } else { Self { from: a, to: b } }
    }

    /// Where it looks at a time, 0 to 1: slow at first and at last.
    pub(super) fn at(self, time: f32) -> Eye {
        let eased = time * time * (3.0 - 2.0 * time) * 0.7 + time * 0.3;
        let mix = |a: f32, b: f32| a + (b - a) * eased;
        Eye {
            x: mix(self.from.x, self.to.x),
            y: mix(self.from.y, self.to.y),
            zoom: mix(self.from.zoom, self.to.zoom),
        }
    }
}

impl Flying {
    pub(super) fn read(prompt: &str) -> Self {
        let spoken = words(prompt);
        let has = |any: &[&str]| spoken.iter().any(|word| any.contains(&word.as_str()));
        if has(&["snow", "snowing", "snowy", "snowflakes", "blizzard"]) {
            Self::Snow
        } else if has(&["rain", "raining", "rainy", "storm", "stormy"]) {
            Self::Rain
        } else if has(&[
            "magic",
            "magical",
            "sparkle",
            "sparkles",
            "fireflies",
            "dust",
            "fantasy",
            "glowing",
        ]) {
            Self::Sparks
        } else {
            Self::Nothing
        }
    }

    /// Draws what flies at `seconds` into a frame of RGB.
    pub(super) fn draw(
        self,
        frame: &mut [u8],
        (width, height): (u32, u32),
        seconds: f32,
        seed: u64,
    ) {
        let count = match self {
            Self::Nothing => return,
            Self::Snow => 150,
            Self::Rain => 170,
            Self::Sparks => 60,
        };
        let mut chance = Chance::new(seed).fork(99);
        let (w, h) = (width as f32, height as f32);
        let u = w.min(h);
        for _ in 0..count {
            let (x, y, near) = (chance.unit(), chance.unit(), chance.range(0.4, 1.0));
            let phase = chance.unit() * 6.3;
            let (fall, sway, long, size, strength) = match self {
                Self::Snow => (0.12, 0.02, 1, 0.005, 0.85),
                Self::Rain => (1.5, 0.0, 9, 0.0022, 0.4),
                Self::Sparks => (-0.05, 0.03, 1, 0.004, 0.7),
                Self::Nothing => return,
            };
            let down = (y + seconds * fall * near).rem_euclid(1.0);
            let aside = (x + (seconds * 1.3 + phase).sin() * sway).rem_euclid(1.0);
            let blink =
                if self == Self::Sparks { (seconds * 2.0 + phase).sin().abs() } else { 1.0 };
            let radius = (u * size * near).max(1.0);
            for step in 0..long {
                let at =
                    (aside * w - step as f32 * radius * 0.5, down * h - step as f32 * radius * 1.8);
                dot(frame, (width, height), at, radius, strength * near * blink);
            }
        }
    }
}

fn dot(frame: &mut [u8], (width, height): (u32, u32), (x, y): (f32, f32), radius: f32, alpha: f32) {
    let reach = radius.ceil() as i32;
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let (i, j) = (x as i32 + dx, y as i32 + dy);
            if i < 0 || j < 0 || i >= width as i32 || j >= height as i32 {
                continue;
            }
            let far = ((dx * dx + dy * dy) as f32).sqrt() / radius;
            let part = (1.0 - far).clamp(0.0, 1.0) * alpha;
            let at = (j as usize * width as usize + i as usize) * 3;
            for byte in &mut frame[at..at + 3] {
                *byte = (f32::from(*byte) + (255.0 - f32::from(*byte)) * part) as u8;
            }
        }
    }
}
