//! One suite for each port, run on the fake and on the real adapter.
//!
//! A file an area: its cases, each a function of a store, and a macro that makes tests of them.
#![expect(clippy::unwrap_used, reason = "a case fails its test by panicking")]

pub mod activity;
pub mod api_keys;
pub mod assets;
pub mod billing;
pub mod catalog;
pub mod events;
pub mod jobs;
pub mod ledger;
pub mod library;
pub mod media;
pub mod profiles;
pub mod projects;
pub mod references;
pub mod users;

/// Makes a test of each case of a contract. `$fixture` is an async function that answers a fresh
/// store, as something that derefs to it and keeps alive what the store needs.
#[macro_export]
macro_rules! contract_tests {
    ($fixture:ident, $area:ident, [$($case:ident),* $(,)?]) => {
        $(
            #[tokio::test]
            async fn $case() {
                let store = $fixture().await;
                $crate::contract::$area::$case(&*store).await;
            }
        )*
    };
}
