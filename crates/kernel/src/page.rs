//! Pages of lists: how many are asked for, and what comes back.

use crate::Timestamp;

/// How many items a page may hold: 1 to [`PageSize::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u16);

/// A page was asked to have fewer than no items.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must not be negative")]
pub struct PageSizeError;

/// Some items of a list, and where the next ones start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, C> {
    pub items: Vec<T>,
    /// The last item's position, if there are items after it.
    pub next: Option<C>,
}

/// Where an item stands in a list that goes by creation, newest first.
///
/// The id, itself of a moment, tells apart what was created in the same microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position<I> {
    pub created_at: Timestamp,
    pub id: I,
}

impl PageSize {
    pub const DEFAULT: Self = Self(50);
    pub const MAX: Self = Self(1_000);
    /// Of items that may have some hundred kilobytes each.
    pub const OF_LARGE: Self = Self(100);

    /// Zero asks for the default; more than the maximum is capped, as AIP-158 has it.
    pub fn parse(asked: i32) -> Result<Self, PageSizeError> {
        match u16::try_from(asked) {
            Ok(0) => Ok(Self::DEFAULT),
            Ok(size) => Ok(Self(size.min(Self::MAX.0))),
            Err(_) if asked < 0 => Err(PageSizeError),
            Err(_) => Ok(Self::MAX),
        }
    }

    /// The same, but no more than `max` items, for lists whose items are large: a page that ends
    /// early has a next one.
    #[must_use]
    pub fn at_most(self, max: Self) -> Self {
        Self(self.0.min(max.0))
    }

    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

impl<T, C> Page<T, C> {
    /// Makes a page from up to one item more than fits; the extra item only tells that more exist.
    pub fn from_one_more(mut items: Vec<T>, size: PageSize, position: impl Fn(&T) -> C) -> Self {
        let more = items.len() > size.get();
        items.truncate(size.get());
        let next = if more { items.last().map(position) } else { None };
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_sizes_default_cap_and_refuse() {
        for (asked, got) in
            [(0, Ok(50)), (1, Ok(1)), (1_000, Ok(1_000)), (1_001, Ok(1_000)), (i32::MAX, Ok(1_000))]
        {
            assert_eq!(PageSize::parse(asked).map(PageSize::get), got);
        }
        assert_eq!(PageSize::parse(-1), Err(PageSizeError));
        assert_eq!(PageSize::MAX.at_most(PageSize::OF_LARGE).get(), 100);
        assert_eq!(PageSize::DEFAULT.at_most(PageSize::OF_LARGE), PageSize::DEFAULT);
    }

    #[test]
    fn the_item_too_many_becomes_a_position() {
        let size = PageSize::parse(2).unwrap();
        let full = Page::from_one_more(vec![1, 2, 3], size, |item| *item);
        assert_eq!(full, Page { items: vec![1, 2], next: Some(2) });
        let last = Page::from_one_more(vec![1, 2], size, |item| *item);
        assert_eq!(last, Page { items: vec![1, 2], next: None });
    }
}
