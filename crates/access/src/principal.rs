//! The caller, once its credential has been checked.

use kernel::ApiKeyId;

use crate::scope::{Scope, Scopes};

/// Who makes a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Another service of the product, by API key.
    Service { key: ApiKeyId, name: String, scopes: Scopes },
}

/// Why a credential does not make a caller. Deliberately says nothing of which part was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    #[error("no credential came with the call")]
    Missing,
    #[error("the credential is not valid")]
    Invalid,
    #[error("the credential has expired")]
    Expired,
    #[error("the credential has been revoked")]
    Revoked,
}

impl Principal {
    pub fn scopes(&self) -> Scopes {
        match self {
            Self::Service { scopes, .. } => *scopes,
        }
    }

    pub fn may(&self, scope: Scope) -> bool {
        self.scopes().contains(scope)
    }
}
