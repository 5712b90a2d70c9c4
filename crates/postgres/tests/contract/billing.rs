//! The contract of billing.

use super::fixture::fixture;

testkit::billing_contract!(fixture);
