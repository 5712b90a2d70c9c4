//! Values that tests begin from.

mod users;

pub use users::{identity, user, user_id};
