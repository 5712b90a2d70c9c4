//! The contract of the ledger.

use super::fixture::fixture;

testkit::ledger_contract!(fixture);
