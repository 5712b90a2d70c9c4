//! Values that tests begin from.

mod activity;
mod api_keys;
mod users;

pub use activity::{activity, activity_id};
pub use api_keys::{api_key, api_key_id, api_key_secret, pepper};
pub use users::{identity, user, user_id};
