//! Who may call what: scopes, API keys, and the caller they make.
//!
//! Pure values and decisions. Where keys are kept, and for how long an answer is remembered, is
//! the business of `app` and its ports.

mod api_key;
pub mod decide;
mod principal;
mod rejection;
mod scope;
mod secret;

pub use api_key::{ApiKey, KeyName, KeyNameError, KeyState};
pub use api_key::{Lifetime, LifetimeError, Overlap, OverlapError};
pub use principal::{Denial, Principal};
pub use rejection::Rejection;
pub use scope::{Scope, ScopeError, Scopes};
pub use secret::{ApiKeySecret, KeyHash, Pepper, PepperError, SecretError};
