//! The adapter on a real database. One binary, for linking is what tests cost most.

mod contract {
    pub(crate) mod fixture;
    mod ledger;
    mod users;
}
mod tables {
    mod users;
}
