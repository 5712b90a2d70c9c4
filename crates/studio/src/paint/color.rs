//! Colours as three floats of sRGB, and the words people have for them.

/// A colour; each part is 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rgb(pub f32, pub f32, pub f32);

pub const WHITE: Rgb = Rgb(1.0, 1.0, 1.0);
pub const BLACK: Rgb = Rgb(0.0, 0.0, 0.0);

impl Rgb {
    /// From `0xRRGGBB`.
    pub const fn hex(hex: u32) -> Self {
        Self(
            ((hex >> 16) & 255) as f32 / 255.0,
            ((hex >> 8) & 255) as f32 / 255.0,
            (hex & 255) as f32 / 255.0,
        )
    }

    /// From a hue in turns, a saturation and a lightness.
    pub fn hsl(hue: f32, saturation: f32, lightness: f32) -> Self {
        let chroma = (1.0 - (2.0 * lightness - 1.0).abs()) * saturation;
        let part = |shift: f32| {
            let turn = (hue + shift).rem_euclid(1.0) * 6.0;
            let ramp = ((turn - 3.0).abs() - 1.0).clamp(0.0, 1.0);
            lightness + chroma * (ramp - 0.5)
        };
        Self(part(0.0), part(2.0 / 3.0), part(1.0 / 3.0))
    }

    pub fn to_hsl(self) -> (f32, f32, f32) {
        let Self(r, g, b) = self;
        let (max, min) = (r.max(g).max(b), r.min(g).min(b));
        let (lightness, chroma) = ((max + min) / 2.0, max - min);
        if chroma < 1e-5 {
            return (0.0, 0.0, lightness);
        }
        let hue = if max == r {
            ((g - b) / chroma).rem_euclid(6.0)
        } else if max == g {
            (b - r) / chroma + 2.0
        } else {
            (r - g) / chroma + 4.0
        };
        let saturation = chroma / (1.0 - (2.0 * lightness - 1.0).abs()).max(1e-3);
        (hue / 6.0, saturation.min(1.0), lightness)
    }

    pub fn mix(self, other: Self, part: f32) -> Self {
        let one = |a: f32, b: f32| a + (b - a) * part;
        Self(one(self.0, other.0), one(self.1, other.1), one(self.2, other.2))
    }

    pub fn dark(self, part: f32) -> Self {
        self.mix(BLACK, part)
    }

    pub fn light(self, part: f32) -> Self {
        self.mix(WHITE, part)
    }

    /// As if lit by `light`.
    pub fn times(self, light: Self) -> Self {
        Self(self.0 * light.0, self.1 * light.1, self.2 * light.2).clamped()
    }

    /// With its distance from grey multiplied.
    pub fn vivid(self, factor: f32) -> Self {
        let grey = self.luma();
        Rgb(grey, grey, grey).mix(self, factor).clamped()
    }

    pub fn luma(self) -> f32 {
        0.3 * self.0 + 0.59 * self.1 + 0.11 * self.2
    }

    pub fn clamped(self) -> Self {
        Self(self.0.clamp(0.0, 1.0), self.1.clamp(0.0, 1.0), self.2.clamp(0.0, 1.0))
    }

    pub fn distance(self, other: Self) -> f32 {
        let square = |a: f32, b: f32| (a - b) * (a - b);
        (square(self.0, other.0) + square(self.1, other.1) + square(self.2, other.2)).sqrt()
    }

    pub fn bytes(self) -> [u8; 3] {
        let Self(r, g, b) = self.clamped();
        [r, g, b].map(|part| (part * 255.0 + 0.5) as u8)
    }

    pub fn skia(self, alpha: f32) -> tiny_skia::Color {
        let Self(r, g, b) = self.clamped();
        tiny_skia::Color::from_rgba(r, g, b, alpha.clamp(0.0, 1.0))
            .unwrap_or(tiny_skia::Color::BLACK)
    }
}

const NAMED: &[(&str, u32)] = &[
    ("red", 0xd93a3a),
    ("crimson", 0xb3203a),
    ("scarlet", 0xe0311f),
    ("maroon", 0x7a2033),
    ("orange", 0xf08a2c),
    ("amber", 0xf2a93b),
    ("gold", 0xe2b23c),
    ("golden", 0xe2b23c),
    ("yellow", 0xf5cf3d),
    ("blond", 0xe8c978),
    ("blonde", 0xe8c978),
    ("lime", 0xa4d43a),
    ("green", 0x3f9c55),
    ("emerald", 0x1f9d6b),
    ("olive", 0x7d8a3c),
    ("mint", 0x9adfc0),
    ("teal", 0x1f8f8f),
    ("turquoise", 0x35c2bd),
    ("cyan", 0x38c6e0),
    ("blue", 0x3a6fd0),
    ("navy", 0x22345f),
    ("azure", 0x4f9be8),
    ("indigo", 0x4a3fa0),
    ("purple", 0x8244b8),
    ("violet", 0x8f5fd6),
    ("lavender", 0xb9a5e6),
    ("magenta", 0xd23ba8),
    ("pink", 0xf08fb4),
    ("rose", 0xe06a8b),
    ("coral", 0xf47f6b),
    ("peach", 0xf7b892),
    ("brown", 0x8a5a36),
    ("chestnut", 0x7b4a2d),
    ("ginger", 0xd9772b),
    ("auburn", 0x8f3d22),
    ("tan", 0xcfa57a),
    ("beige", 0xe3d3b4),
    ("cream", 0xf4e8ce),
    ("white", 0xf6f4ef),
    ("silver", 0xc3c8d0),
    ("gray", 0x8b9098),
    ("grey", 0x8b9098),
    ("black", 0x2b2a30),
    ("ruby", 0xb81d44),
    ("sapphire", 0x1f4fae),
    ("copper", 0xb36a3c),
    ("bronze", 0x9c7238),
];

/// The colour that a word names.
pub fn named(word: &str) -> Option<Rgb> {
    NAMED.iter().find(|(name, _)| *name == word).map(|(_, hex)| Rgb::hex(*hex))
}
