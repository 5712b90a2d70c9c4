//! A file of which parts are known: what a reader needs next is an answer, not a call.
//!
//! Readers of media stay pure and small this way, and of a long video a few kilobytes are read.

use std::collections::BTreeMap;

/// How much is asked for at once, however little is needed: most heads of files are shorter.
const CHUNK: u64 = 64 * 1024;

/// A file by the parts of it that were read.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    length: u64,
    parts: BTreeMap<u64, Vec<u8>>,
}

/// Why reading stops before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// These bytes are needed: add them and read again.
    Need { offset: u64, length: u64 },
    /// The file is no good.
    Unreadable(Unreadable),
}

/// What is wrong with a file, as a phrase after "the file".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub &'static str);

impl Parts {
    /// A file of which nothing is known but its length.
    pub fn unread(length: u64) -> Self {
        Self { length, parts: BTreeMap::new() }
    }

    /// A file that is there.
    pub fn whole(bytes: Vec<u8>) -> Self {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self { length, parts: BTreeMap::from([(0, bytes)]) }
    }

    /// The bytes from the beginning on that are there.
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.parts.remove(&0).unwrap_or_default()
    }

    /// The length of the file.
    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn add(&mut self, offset: u64, bytes: Vec<u8>) {
        self.parts.insert(offset, bytes);
    }

    /// The bytes there, or the need of them. What lies beyond the end makes the file unreadable.
    pub fn at(&self, offset: u64, length: u64) -> Result<&[u8], Stop> {
        let end = offset.checked_add(length).filter(|end| *end <= self.length);
        let end = end.ok_or(Stop::Unreadable(Unreadable("ends too early")))?;
        let before = self.parts.range(..=offset).rev();
        let found = before.into_iter().find_map(|(start, bytes)| {
            let from = usize::try_from(offset - start).ok()?;
            let until = usize::try_from(end - start).ok()?;
            bytes.get(from..until)
        });
        let asked = length.max(CHUNK).min(self.length - offset);
        found.ok_or(Stop::Need { offset, length: asked })
    }

    /// So many bytes.
    pub fn array<const N: usize>(&self, offset: u64) -> Result<[u8; N], Stop> {
        let bytes = self.at(offset, N as u64)?;
        let bytes: Result<[u8; N], _> = bytes.try_into();
        bytes.map_err(|_| Stop::Unreadable(Unreadable("ends too early")))
    }

    /// One byte.
    pub fn byte(&self, offset: u64) -> Result<u8, Stop> {
        self.array(offset).map(|[byte]| byte)
    }

    /// A number of two bytes, the high one first.
    pub fn be16(&self, offset: u64) -> Result<u16, Stop> {
        self.array(offset).map(u16::from_be_bytes)
    }

    /// A number of four bytes, the highest first.
    pub fn be32(&self, offset: u64) -> Result<u32, Stop> {
        self.array(offset).map(u32::from_be_bytes)
    }

    /// A number of eight bytes, the highest first.
    pub fn be64(&self, offset: u64) -> Result<u64, Stop> {
        self.array(offset).map(u64::from_be_bytes)
    }

    /// A number of two bytes, the low one first.
    pub fn le16(&self, offset: u64) -> Result<u16, Stop> {
        self.array(offset).map(u16::from_le_bytes)
    }

    /// A number of four bytes, the lowest first.
    pub fn le32(&self, offset: u64) -> Result<u32, Stop> {
        self.array(offset).map(u32::from_le_bytes)
    }

    /// A number of eight bytes, the lowest first.
    pub fn le64(&self, offset: u64) -> Result<u64, Stop> {
        self.array(offset).map(u64::from_le_bytes)
    }
}

/// A file that breaks the rules of its format.
pub(crate) fn unreadable<T>(what: &'static str) -> Result<T, Stop> {
    Err(Stop::Unreadable(Unreadable(what)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_asked_for_once() {
        let mut parts = Parts::unread(200_000);
        assert_eq!(parts.be32(100_000), Err(Stop::Need { offset: 100_000, length: CHUNK }));
        parts.add(100_000, vec![1; usize::try_from(CHUNK).unwrap_or_default()]);
        assert_eq!(parts.be32(100_000), Ok(0x0101_0101));
        assert_eq!(parts.be16(165_534), Ok(0x0101));
        assert_eq!(parts.be32(165_534), Err(Stop::Need { offset: 165_534, length: 34_466 }));
        assert_eq!(parts.be32(199_997), unreadable("ends too early"));
        assert_eq!(parts.at(u64::MAX, 2), unreadable("ends too early"));
    }
}
