//! The contract of jobs, their queue and models.

use super::fixture::fixture;

testkit::jobs_contract!(fixture);
