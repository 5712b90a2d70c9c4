//! The contract of what refers to things of other areas.

use super::fixture::fixture;

testkit::references_contract!(fixture);
