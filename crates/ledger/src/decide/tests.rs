//! Tables and properties of decisions.
