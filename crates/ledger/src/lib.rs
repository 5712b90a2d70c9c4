//! The rules of the credit ledger, as pure values and functions.
//!
//! [`decide`] turns a [`Book`] (what is known of one account) and a [`Command`] into a
//! [`Decision`] (what changes) or a [`Rejection`]; [`settle`] posts what the clock alone has
//! brought about; [`verify`] recomputes an account from its journal. Time and ids are arguments.
//! `docs/ledger.md` has the rules in prose.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::float_arithmetic,
        clippy::as_conversions,
        clippy::indexing_slicing
    )
)]

mod account;
mod book;
mod changes;
mod clockwork;
mod command;
mod decide;
mod draft;
mod entry;
#[cfg(test)]
mod fixtures;
mod id;
mod lot;
mod operation;
#[cfg(test)]
mod proof;
mod recorded;
mod rejection;
mod rules;
mod transaction;
mod usage;
mod verify;

pub use account::{Account, Balance};
pub use book::Book;
pub use changes::Changes;
pub use clockwork::settle;
pub use command::{Action, Command, GrantTerms};
pub use decide::{Decision, decide};
pub use entry::{Entry, EntryKind};
pub use id::earliest_id;
pub use lot::{Lot, LotSource, LotState};
pub use operation::{Label, LabelError, Operation};
pub use recorded::{Outcome, Recorded};
pub use rejection::{DecideError, Rejection};
pub use rules::Rules;
pub use transaction::{
    Allocation, Hold, HoldEnd, LateCapture, OverCapture, ReleaseOutcome, Transaction,
    TransactionKind, TransactionStatus,
};
pub use usage::{UsageKey, UsageSum};
pub use verify::{Finding, verify};
