//! The adapter on a real database. One binary, for linking is what tests cost most.

mod contract {
    mod api_keys;
    pub(crate) mod fixture;
    mod ledger;
    mod users;
}
mod tables {
    mod api_keys;
    mod users;
}
