//! The contract of events.

use super::fixture::fixture;

testkit::events_contract!(fixture);
