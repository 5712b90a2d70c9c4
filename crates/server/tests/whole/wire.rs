//! Every service over a real connection and on a real database: called well, badly, twice, at once.
//!
//! The server is put together in this process, for that is quicker than `atelier dev`.

mod keys;
mod ledger;
mod lists;
pub(crate) mod served;
mod users;
