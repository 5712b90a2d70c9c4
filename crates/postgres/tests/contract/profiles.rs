//! The contract of profiles.

use super::fixture::fixture;

testkit::profiles_contract!(fixture);
