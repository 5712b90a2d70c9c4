//! In-memory fakes. They keep the contracts of the ports and nothing more: one unit of work at a
//! time, so that locking is trivially right.

mod api_keys;
mod catalog;
mod clock;
mod faults;
mod ledger;
mod media;
mod profiles;
mod store;
mod users;

pub use clock::{FakeClock, FakeIds};
pub use faults::{CommitFault, WriteFault};
pub use media::FakeMediaStore;
pub use store::FakeStore;
