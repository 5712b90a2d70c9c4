//! How a style treats one colour and one shape: shading, lines, tones. What a style does to the
//! whole picture is in `image::finish`.

use super::color::Rgb;

/// An art style. The first seven are the product's; the rest are words that people use as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    Realistic,
    Anime,
    Cartoon,
    Fantasy,
    Cyberpunk,
    Vintage,
    Minimalist,
    Illustration,
    Watercolor,
    Pixel,
    Sketch,
    Noir,
}

impl Style {
    pub const ALL: [Self; 12] = [
        Self::Realistic,
        Self::Anime,
        Self::Cartoon,
        Self::Fantasy,
        Self::Cyberpunk,
        Self::Vintage,
        Self::Minimalist,
        Self::Illustration,
        Self::Watercolor,
        Self::Pixel,
        Self::Sketch,
        Self::Noir,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Realistic => "realistic",
            Self::Anime => "anime",
            Self::Cartoon => "cartoon",
            Self::Fantasy => "fantasy",
            Self::Cyberpunk => "cyberpunk",
            Self::Vintage => "vintage",
            Self::Minimalist => "minimalist",
            Self::Illustration => "illustration",
            Self::Watercolor => "watercolor",
            Self::Pixel => "pixel",
            Self::Sketch => "sketch",
            Self::Noir => "noir",
        }
    }

    /// The style that a word of a prompt or of a style field asks for.
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "realistic" | "photorealistic" | "photo" | "photograph" | "photography"
            | "cinematic" | "realism" | "3d" | "render" => Self::Realistic,
            "anime" | "manga" | "ghibli" => Self::Anime,
            "cartoon" | "comic" | "toon" | "disney" => Self::Cartoon,
            "fantasy" | "magical" | "enchanted" | "mystical" => Self::Fantasy,
            "cyberpunk" | "neon" | "futuristic" | "synthwave" => Self::Cyberpunk,
            "vintage" | "retro" | "sepia" | "antique" => Self::Vintage,
            "minimalist" | "minimal" | "minimalism" => Self::Minimalist,
            "illustration" | "flat" | "vector" => Self::Illustration,
            "watercolor" | "watercolour" | "aquarelle" => Self::Watercolor,
            "pixel" | "8-bit" | "8bit" | "pixelated" | "pixelart" => Self::Pixel,
            "sketch" | "pencil" | "drawing" | "lineart" => Self::Sketch,
            "noir" | "monochrome" => Self::Noir,
            _ => return None,
        })
    }
}

/// How a shape is filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shade {
    Flat,
    /// From light to dark, by so much.
    Soft(f32),
    /// In two tones with an edge between them, by so much.
    Cel(f32),
}

/// What lines are drawn around shapes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line {
    None,
    /// So wide, as a part of the picture's shorter side; a dark tone of the shape's own colour.
    Own(f32),
    Ink(f32, Rgb),
    /// Bright lines of two colours in turn.
    Neon(f32, Rgb, Rgb),
}

/// A style at an hour of the day.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub style: Style,
    pub shade: Shade,
    pub line: Line,
    /// What light falls on everything.
    pub light: Rgb,
    /// Three colours, where a style has no more.
    pub limited: Option<[Rgb; 3]>,
}

impl Look {
    pub fn new(style: Style, light: Rgb) -> Self {
        let (shade, line) = match style {
            Style::Realistic => (Shade::Soft(0.52), Line::None),
            Style::Anime => (Shade::Cel(0.2), Line::Own(0.0022)),
            Style::Cartoon => (Shade::Cel(0.13), Line::Ink(0.0058, Rgb::hex(0x1d1a26))),
            Style::Fantasy => (Shade::Soft(0.4), Line::None),
            Style::Cyberpunk => {
                (Shade::Soft(0.5), Line::Neon(0.003, Rgb::hex(0x2ff3ff), Rgb::hex(0xff3fd0)))
            }
            Style::Vintage => (Shade::Cel(0.14), Line::Own(0.0016)),
            Style::Minimalist | Style::Pixel => (Shade::Flat, Line::None),
            Style::Illustration => (Shade::Soft(0.2), Line::None),
            Style::Watercolor => (Shade::Soft(0.24), Line::Own(0.0009)),
            Style::Sketch => (Shade::Soft(0.3), Line::Ink(0.0022, Rgb::hex(0x303038))),
            Style::Noir => (Shade::Soft(0.55), Line::None),
        };
        Self { style, shade, line, light, limited: None }
    }

    /// What becomes of a colour in this style under this light.
    pub fn tone(&self, color: Rgb) -> Rgb {
        let lit = color.times(self.light);
        match self.style {
            Style::Realistic => lit.vivid(0.86),
            Style::Anime => lit.vivid(1.22).light(0.05),
            Style::Cartoon => lit.vivid(1.3),
            Style::Fantasy => lit.mix(Rgb::hex(0x8a4fd0), 0.1).vivid(1.4).light(0.04),
            Style::Cyberpunk => color.mix(Rgb::hex(0x1c0e48), 0.42).vivid(1.5),
            Style::Vintage => faded(lit),
            Style::Minimalist => self.nearest(lit),
            Style::Illustration | Style::Pixel => lit.vivid(1.05),
            Style::Watercolor => lit.light(0.16),
            Style::Sketch => lit,
            Style::Noir => {
                let grey = lit.luma();
                Rgb(grey, grey, grey)
            }
        }
    }

    fn nearest(&self, color: Rgb) -> Rgb {
        let Some([dark, middle, pale]) = self.limited else {
            return color.vivid(0.8);
        };
        let luma = color.luma();
        if luma < 0.5 {
            dark.mix(middle, (luma * 2.0).clamp(0.0, 1.0) * 0.9)
        } else {
            middle.mix(pale, ((luma - 0.5) * 2.0).clamp(0.0, 1.0))
        }
        .mix(color, 0.28)
    }
}

/// As printed once and left in the sun.
fn faded(color: Rgb) -> Rgb {
    color.vivid(0.86).mix(Rgb::hex(0xd09a50), 0.14)
}
