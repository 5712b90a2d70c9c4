//! The contract of assets.

use super::fixture::fixture;

testkit::assets_contract!(fixture);
