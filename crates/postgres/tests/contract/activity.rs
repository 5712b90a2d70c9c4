//! The contract of the activity log.

use super::fixture::fixture;

testkit::activity_contract!(fixture);
