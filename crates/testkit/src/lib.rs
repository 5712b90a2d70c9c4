//! What tests are made of: fakes, mocks, fixtures, contract suites. Never part of the product.

pub mod fixtures;
pub mod mock;
