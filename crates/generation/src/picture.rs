//! Pictures as they are handed to a provider, and their measures.

use std::fmt;
use std::str::FromStr;

/// A picture's bytes and what they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub bytes: Vec<u8>,
    /// Such as `image/png`, read from the bytes.
    pub media_type: String,
}

/// A size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

/// A ratio of width to height, such as `16:9`: each 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Aspect {
    width: u8,
    height: u8,
}

/// The text is no ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a ratio such as 16:9, of whole numbers from 1 to 100")]
pub struct AspectError;

/// Ratios that have a name among those who make pictures.
const USUAL: [(u8, u8); 13] = [
    (1, 1),
    (5, 4),
    (4, 5),
    (4, 3),
    (3, 4),
    (3, 2),
    (2, 3),
    (16, 9),
    (9, 16),
    (2, 1),
    (1, 2),
    (21, 9),
    (9, 21),
];

/// How far a picture may be off a ratio that it is said to be of. Vendors round sides to multiples
/// of 64 pixels: 896 by 1152 is their 3:4.
const NEAR: f64 = 0.05;

impl Aspect {
    pub const SQUARE: Self = Self { width: 1, height: 1 };

    pub fn width(self) -> u32 {
        self.width.into()
    }

    pub fn height(self) -> u32 {
        self.height.into()
    }

    /// The largest size of this ratio whose longer side is `side`, in even numbers of pixels, which
    /// videos need.
    pub fn fit(self, side: u32) -> Size {
        let longer = self.width().max(self.height());
        let of = |part: u32| {
            let pixels = u64::from(side) * u64::from(part) / u64::from(longer);
            u32::try_from(pixels).unwrap_or(side).max(2) & !1
        };
        Size { width: of(self.width()), height: of(self.height()) }
    }

    /// The ratio of a size: a usual one that is near, else its own in whole numbers. `None` for what
    /// is wider or higher than any.
    pub fn of(size: Size) -> Option<Self> {
        let usual = USUAL.map(|(width, height)| Self { width, height });
        let apart = |aspect: &Self| aspect.apart(size);
        let nearest = usual.into_iter().min_by(|a, b| apart(a).total_cmp(&apart(b)));
        nearest.filter(|aspect| aspect.is_near(size)).or_else(|| {
            let shared = greatest_divisor(size.width, size.height);
            let side = |side: u32| u8::try_from(side.checked_div(shared)?).ok();
            let (width, height) = (side(size.width)?, side(size.height)?);
            (width.max(height) <= 100 && width.min(height) > 0).then_some(Self { width, height })
        })
    }

    /// Whether a picture of this size is of this ratio, but for rounding.
    pub fn is_near(self, size: Size) -> bool {
        self.apart(size) < NEAR
    }

    /// How far a size is off, the same either way.
    fn apart(self, size: Size) -> f64 {
        let wanted = f64::from(self.width) / f64::from(self.height);
        ((f64::from(size.width) / f64::from(size.height)) / wanted).ln().abs()
    }

    /// The size among `offered` whose ratio is nearest to this one; the first of equals.
    pub fn nearest(self, offered: &[Size]) -> Option<Size> {
        offered.iter().copied().min_by(|a, b| self.apart(*a).total_cmp(&self.apart(*b)))
    }
}

fn greatest_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_divisor(b, a % b) }
}

impl FromStr for Aspect {
    type Err = AspectError;

    fn from_str(text: &str) -> Result<Self, AspectError> {
        let side = |text: &str| {
            let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
            plain.then(|| text.parse().ok()).flatten().filter(|side| (1..=100).contains(side))
        };
        let (width, height) = text.split_once(':').ok_or(AspectError)?;
        let (width, height) = (side(width), side(height));
        Ok(Self { width: width.ok_or(AspectError)?, height: height.ok_or(AspectError)? })
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.width, self.height)
    }
}

// A picture has millions of bytes: nobody wants to read them.
impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_read_back_and_nothing_else_is_one() {
        for text in ["1:1", "16:9", "100:1"] {
            assert_eq!(text.parse::<Aspect>().map(|a| a.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "1", "0:1", "1:101", "16x9", "1:1:1", "+1:2", "01:2", " 1:1"] {
            assert_eq!(text.parse::<Aspect>(), Err(AspectError), "{text:?}");
        }
    }

    #[test]
    fn sizes_fit_a_ratio_in_even_pixels() {
        let fit = |text: &str, side| {
            let Size { width, height } = text.parse::<Aspect>().unwrap().fit(side);
            (width, height)
        };
        assert_eq!(fit("1:1", 1024), (1024, 1024));
        assert_eq!(fit("16:9", 1280), (1280, 720));
        assert_eq!(fit("9:16", 1280), (720, 1280));
        assert_eq!(fit("3:2", 1001), (1000, 666));
        assert_eq!(fit("1:100", 100), (2, 100));
    }

    #[test]
    fn a_size_is_of_the_ratio_that_people_call_it() {
        for (width, height, text) in [
            (1_024, 1_024, Some("1:1")),
            (1_920, 1_080, Some("16:9")),
            (1_344, 768, Some("16:9")),
            (896, 1_152, Some("4:5")),
            (768, 1_024, Some("3:4")),
            (1_000, 100, Some("10:1")),
            (1_001, 100, None),
            (17, 9, Some("17:9")),
            (5_000, 3, None),
        ] {
            let found = Aspect::of(Size { width, height }).map(|aspect| aspect.to_string());
            assert_eq!(found.as_deref(), text, "{width} by {height}");
        }
        let wide: Aspect = "16:9".parse().unwrap();
        assert!(wide.is_near(Size { width: 1_344, height: 768 }));
        assert!(!wide.is_near(Size { width: 1_024, height: 768 }));
    }

    #[test]
    fn the_nearest_size_is_near_either_way() {
        let size = |width, height| Size { width, height };
        let offered = [size(1024, 1024), size(1536, 1024), size(1024, 1536)];
        let near = |text: &str| text.parse::<Aspect>().unwrap().nearest(&offered);
        assert_eq!(near("16:9"), Some(offered[1]));
        assert_eq!(near("9:16"), Some(offered[2]));
        assert_eq!(near("10:9"), Some(offered[0]));
        assert_eq!(Aspect::SQUARE.nearest(&[]), None);
    }
}
