//! Money around the ledger on the wire, a file for each service. Webhooks of billing systems are
//! read in `payload`.

mod cursors;
mod patch;
mod payload;
pub mod plans;
pub mod prices;
pub mod quotas;
pub mod subscriptions;
