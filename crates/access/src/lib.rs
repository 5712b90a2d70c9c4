//! Who may call what: scopes, API keys, and the caller they make.
//!
//! Pure values and decisions. Where keys are kept, and for how long an answer is remembered, is
//! the business of `app` and its ports.

mod principal;
mod scope;

pub use principal::{Denial, Principal};
pub use scope::{Scope, ScopeError, Scopes};
