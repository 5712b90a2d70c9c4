//! The contract of jobs, their queue, models and events.

use super::fixture::fixture;

testkit::jobs_contract!(fixture);
