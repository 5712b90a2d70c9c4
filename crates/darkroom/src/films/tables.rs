//! The tables of a track: how large its pictures are, and where.

use std::ops::Range;

use assets::Parts;
use assets::probe::boxes;
use ports::DarkroomError;

use super::LOOKED_AT;
use crate::flaw::{read, unreadable};

/// Where a track's samples, pictures or pieces of sound, are.
pub(super) struct Table {
    sizes: Sizes,
    chunks: Vec<u64>,
    /// From which chunk on, counted from one, there are so many samples in each.
    runs: Vec<(u32, u32)>,
}

enum Sizes {
    /// So many of one size.
    Equal {
        size: u32,
        count: u32,
    },
    Each(Vec<u32>),
}

impl Table {
    pub(super) fn read(file: &Parts, place: Range<u64>) -> Result<Self, DarkroomError> {
        let found = |name| -> Result<Range<u64>, DarkroomError> {
            match read(boxes::first(file, place.clone(), name))? {
                Some(found) => Ok(found),
                None => unreadable("has a track without tables"),
            }
        };
        let sizes = found(*b"stsz")?;
        let (size, count) = (read(file.be32(sizes.start + 4))?, read(file.be32(sizes.start + 8))?);
        let sizes = if size > 0 {
            Sizes::Equal { size, count }
        } else {
            Sizes::Each(numbers(file, sizes.start + 12, count.into())?)
        };
        let chunks = match read(boxes::first(file, place.clone(), *b"stco"))? {
            Some(narrow) => {
                let count = read(file.be32(narrow.start + 4))?;
                let places = numbers(file, narrow.start + 8, count.into())?;
                places.into_iter().map(u64::from).collect()
            }
            None => {
                let wide = found(*b"co64")?;
                let count = u64::from(read(file.be32(wide.start + 4))?);
                let halves = numbers(file, wide.start + 8, count.saturating_mul(2))?;
                let pairs = halves.as_chunks::<2>().0.iter();
                pairs.map(|[high, low]| u64::from(*high) << 32 | u64::from(*low)).collect()
            }
        };
        let runs = found(*b"stsc")?;
        let count = u64::from(read(file.be32(runs.start + 4))?);
        let runs = numbers(file, runs.start + 8, count.saturating_mul(3))?;
        let runs = runs.as_chunks::<3>().0.iter().map(|[first, samples, _]| (*first, *samples));
        Ok(Self { sizes, chunks, runs: runs.collect() })
    }

    pub(super) fn is_empty(&self) -> bool {
        match &self.sizes {
            Sizes::Equal { count, .. } => *count == 0,
            Sizes::Each(sizes) => sizes.is_empty(),
        }
    }

    /// Refuses a track of which something lies beyond the end of the file. Answers where the first
    /// samples are.
    pub(super) fn check(&self, length: u64) -> Result<Vec<Range<u64>>, DarkroomError> {
        let mut samples = self.samples();
        let mut first = Vec::new();
        let mut runs = self.runs.iter().peekable();
        let mut each = 0;
        for (number, chunk) in (1_u32..).zip(&self.chunks) {
            while let Some((_, samples)) = runs.next_if(|(first, _)| *first <= number) {
                each = *samples;
            }
            let mut at = *chunk;
            let mut left = each;
            while left > 0 {
                let (many, size) = samples.next(left);
                if many == 0 {
                    break;
                }
                left -= many;
                let end = at.saturating_add(u64::from(many) * u64::from(size));
                if first.len() < LOOKED_AT {
                    first.push(at..end.min(at.saturating_add(size.into())));
                }
                at = end;
            }
            if at > length {
                return unreadable("ends too early");
            }
        }
        if samples.is_done() { Ok(first) } else { unreadable("has tables that do not fit") }
    }

    fn samples(&self) -> Samples<'_> {
        match &self.sizes {
            Sizes::Equal { size, count } => Samples::Equal { size: *size, left: *count },
            Sizes::Each(sizes) => Samples::Each(sizes.iter()),
        }
    }
}

/// Samples that are still to be placed.
enum Samples<'a> {
    Equal { size: u32, left: u32 },
    Each(std::slice::Iter<'a, u32>),
}

impl Samples<'_> {
    /// The next ones of one size, at most `most`: how many, and how large each is.
    fn next(&mut self, most: u32) -> (u32, u32) {
        match self {
            Self::Equal { size, left } => {
                let many = most.min(*left);
                *left -= many;
                (many, *size)
            }
            Self::Each(sizes) => sizes.next().map_or((0, 0), |size| (1, *size)),
        }
    }

    fn is_done(&self) -> bool {
        match self {
            Self::Equal { left, .. } => *left == 0,
            Self::Each(sizes) => sizes.len() == 0,
        }
    }
}

/// So many numbers, which must be there: no more memory is taken than the file has bytes.
fn numbers(file: &Parts, at: u64, count: u64) -> Result<Vec<u32>, DarkroomError> {
    let bytes = read(file.at(at, count.saturating_mul(4)))?;
    Ok(bytes.as_chunks::<4>().0.iter().map(|four| u32::from_be_bytes(*four)).collect())
}
