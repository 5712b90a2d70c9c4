//! What tests are made of: fakes, mocks, fixtures, contract suites. Never part of the product.

mod cable;
pub mod contract;
mod database;
mod fake;
pub mod fixtures;
pub mod mock;

pub use cable::{Cable, Stop};
pub use database::TestDatabase;
pub use fake::{
    CommitFault, FakeClock, FakeDarkroom, FakeIds, FakeMediaStore, FakeProvider, FakeStore,
    Scripted, WriteFault,
};
