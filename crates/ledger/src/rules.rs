//! What an operator may set about the rules.

use kernel::Span;

/// The settings that decisions depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How long credits stay good that come back after their lot has expired.
    pub refund_grace: Span,
}

impl Default for Rules {
    fn default() -> Self {
        // 30 days: a user who paid for a generation that failed can still use the credits.
        Self { refund_grace: Span::from_secs(30 * 24 * 60 * 60) }
    }
}
