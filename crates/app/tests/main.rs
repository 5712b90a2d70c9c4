//! What the use cases do to the store, on the fake. One binary, for linking is what tests cost
//! most.

#![expect(clippy::unwrap_used, reason = "clippy takes helpers of tests for no tests")]

mod flows {
    mod access;
    mod assets;
    mod billing;
    mod catalog;
    mod events;
    mod jobs;
    mod ledger;
    mod library;
    mod projects;
    mod users;
}
