//! The server over real sockets and on real parts, and the shape of the workspace. One binary, for
//! linking is what tests cost most.

#![expect(clippy::unwrap_used, reason = "clippy takes helpers of tests for no tests")]

// The vendors' scenarios and what comes of each, as the adapters' own tests have them.
#[path = "../../providers/tests/providers/expectations.rs"]
mod expectations;
#[path = "../../providers/tests/providers/scenarios.rs"]
#[expect(dead_code, reason = "what only the adapters' tests ask for")]
mod scenarios;

mod assets {
    mod flow;
    pub(crate) mod http;
    mod keeping;
    mod purging;
}

mod billing {
    mod plans;
    mod prices;
    mod quotas;
    mod rollover;
    mod subscriptions;
    mod world;
}

mod jobs {
    mod crowd;
    mod endings;
    mod faults;
    mod files;
    mod following;
    mod kinds;
    mod line;
    mod mocked;
    mod money;
    mod routing;
    pub(crate) mod shop;
    mod vendors;
    mod views;
}

mod ledger {
    mod dying;
    mod holding;
    mod lots;
    mod mixing;
    mod refunding;
    mod replies;
    mod reserving;
    mod world;
}

mod net {
    mod calls;
    mod client;
    mod connections;
    mod cost;
    mod overload;
    mod probe;
    mod public;
    mod shutdown;
    mod stand;
    mod telling;
    mod tls;
    mod web;
}

mod shape {
    mod architecture;
}

mod whole {
    pub(crate) mod calls;
    mod crash;
    mod crashed_jobs;
    mod ends;
    mod gone;
    pub(crate) mod life;
    mod many;
    mod readme;
    mod remains;
    pub(crate) mod stand;
    pub(crate) mod wire;
}

mod wire {
    mod access;
    mod accounts;
    mod activity;
    pub(crate) mod assets;
    mod billing;
    mod cases;
    mod catalog;
    mod complete;
    pub(crate) mod dynamic;
    mod hostile;
    mod jobs;
    mod json;
    mod ledger;
    mod library;
    mod models;
    mod projects;
    mod row;
    mod users;
    pub(crate) mod world;
}
