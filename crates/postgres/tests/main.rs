//! The adapter on a real database. One binary, for linking is what tests cost most.
#![expect(clippy::unwrap_used, reason = "clippy takes helpers of tests for no tests")]

mod contract {
    mod activity;
    mod api_keys;
    mod assets;
    mod billing;
    mod catalog;
    mod events;
    pub(crate) mod fixture;
    mod jobs;
    mod ledger;
    mod library;
    mod profiles;
    mod projects;
    mod references;
    mod users;
}
mod tables {
    mod activity;
    mod api_keys;
    mod assets;
    mod catalog;
    mod events;
    mod jobs;
    mod outputs;
    mod plans;
    mod texts;
    mod users;
}
mod books {
    mod checks;
    mod corrupt;
    pub(crate) mod desk;
    mod journal;
    mod reach;
    mod tamper;
    mod usage;
}
mod failing {
    mod lost;
    pub(crate) mod races;
}
mod schema {
    mod columns;
    mod documents;
    mod migrations;
    mod model;
    mod role;
}
