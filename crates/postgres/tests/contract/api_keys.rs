//! The contract of API keys.

use super::fixture::fixture;

testkit::api_keys_contract!(fixture);
