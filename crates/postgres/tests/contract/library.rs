//! The contract of outputs.

use super::fixture::fixture;

testkit::library_contract!(fixture);
