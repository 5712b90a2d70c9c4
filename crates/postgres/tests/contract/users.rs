//! The contract of users.

use super::fixture::fixture;

testkit::users_contract!(fixture);
