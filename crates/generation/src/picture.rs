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

    /// The size among `offered` whose ratio is nearest to this one; the first of equals.
    pub fn nearest(self, offered: &[Size]) -> Option<Size> {
        let distance = |size: &Size| {
            let (wide, high) = (f64::from(size.width), f64::from(size.height));
            let wanted = f64::from(self.width) / f64::from(self.height);
            ((wide / high) / wanted).ln().abs()
        };
        offered.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }
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
