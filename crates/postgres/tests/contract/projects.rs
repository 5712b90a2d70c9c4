//! The contract of projects, links, conversations and features.

use super::fixture::fixture;

testkit::projects_contract!(fixture);
