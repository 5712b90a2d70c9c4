//! The contract of the catalogue.

use super::fixture::fixture;

testkit::catalog_contract!(fixture);
