//! In-memory fakes. They keep the contracts of the ports and nothing more: one unit of work at a
//! time, so that locking is trivially right.

mod activity;
mod api_keys;
mod assets;
mod billing;
mod catalog;
mod clock;
mod darkroom;
mod faults;
mod jobs;
mod ledger;
mod library;
mod media;
mod profiles;
mod projects;
mod provider;
mod store;
mod users;

use kernel::{Page, PageSize, Position};

pub use clock::{FakeClock, FakeIds};
pub use darkroom::FakeDarkroom;
pub use faults::{CommitFault, WriteFault};
pub use media::FakeMediaStore;
pub use provider::{FakeProvider, Scripted};
pub use store::FakeStore;

/// A page of a list that goes by position, newest first, as the stores' lists do.
pub(crate) fn newest_first<'a, T: Clone + 'a, I: Ord + Copy>(
    items: impl Iterator<Item = &'a T>,
    size: PageSize,
    after: Option<Position<I>>,
    position: impl Fn(&T) -> Position<I>,
) -> Page<T, Position<I>> {
    let wanted = items.filter(|item| after.is_none_or(|after| position(item) < after));
    let mut items: Vec<T> = wanted.cloned().collect();
    items.sort_by_key(|item| std::cmp::Reverse(position(item)));
    Page::from_one_more(items, size, position)
}
