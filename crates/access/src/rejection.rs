//! Why a command about keys is refused.

use crate::api_key::KeyState;
use crate::scope::Scopes;

/// An expected outcome, not a failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// A key that may do nothing is a mistake.
    #[error("the key would have no scope")]
    NoScope,
    /// A key cannot have a scope that its issuer lacks, and that goes for rotation too: its caller
    /// is handed the successor's secret.
    #[error("the key would have scopes that its issuer lacks")]
    ScopesBeyondIssuer { missing: Scopes },
    /// The key to rotate is over. `state` is never [`KeyState::Active`].
    #[error("the key is not active")]
    Inactive { state: KeyState },
}
