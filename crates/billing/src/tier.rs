//! Tiers: what a plan makes of its user.

/// How much a user may do, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Tier {
    /// Everyone without a subscription that is in force.
    #[default]
    Free,
    Premium,
    Pro,
    Enterprise,
}

impl Tier {
    pub const ALL: [Self; 4] = [Self::Free, Self::Premium, Self::Pro, Self::Enterprise];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Premium => "premium",
            Self::Pro => "pro",
            Self::Enterprise => "enterprise",
        }
    }
}
