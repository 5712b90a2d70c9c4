//! The state of a user's account, and what a user may still do in each.

use kernel::{Line, Timestamp};

use crate::Rejection;

kernel::named_enums! {
    /// Whether a user may use the product.
    AccountStatus {
        #[default]
        Active = "active",
        /// For a time: may look and sign in, and change nothing.
        Suspended = "suspended",
        /// For good, by the operator.
        Banned = "banned",
        /// Softly deleted: an operator can take it back until the user is deleted for good.
        Deleted = "deleted",
    }
}

/// What an account's status allows or not. Reading is always allowed: services read for operators
/// as well as for the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    /// Signing in.
    SignIn,
    /// Creating, changing and deleting what the user owns.
    Change,
    /// Spending credits and starting work.
    Spend,
    /// Getting credits back.
    Refund,
    /// Being shown to others.
    Appear,
}

/// Why the status was set, for operators.
pub type StatusReason = Line<500>;

/// A user's account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    pub status: AccountStatus,
    pub reason: Option<StatusReason>,
    /// When the status was last set; `None` if it never was.
    pub changed_at: Option<Timestamp>,
    pub last_login_at: Option<Timestamp>,
}

/// What others need to know of a user before they change something of the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub status: AccountStatus,
    /// Whether the preferences let public characters be shown.
    pub wants_to_show: bool,
}

impl AccountStatus {
    /// The table of what each status allows.
    pub const fn allows(self, ability: Ability) -> bool {
        match (self, ability) {
            (Self::Active, _) => true,
            (_, Ability::Refund) => true,
            (Self::Suspended, Ability::SignIn) => true,
            (Self::Suspended, Ability::Change | Ability::Spend | Ability::Appear) => false,
            (
                Self::Banned | Self::Deleted,
                Ability::SignIn | Ability::Change | Ability::Spend | Ability::Appear,
            ) => false,
        }
    }

    /// Refuses what the status does not allow.
    pub fn check(self, ability: Ability) -> Result<(), Rejection> {
        if self.allows(ability) { Ok(()) } else { Err(Rejection::Barred { status: self }) }
    }
}

impl Standing {
    /// Whether public characters are shown to others.
    pub const fn shows(self) -> bool {
        self.wants_to_show && self.status.allows(Ability::Appear)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_allows_what_the_table_says() {
        use Ability::{Appear, Change, Refund, SignIn, Spend};
        let all = [SignIn, Change, Spend, Refund, Appear];
        for (status, allowed) in [
            (AccountStatus::Active, &all[..]),
            (AccountStatus::Suspended, &[SignIn, Refund]),
            (AccountStatus::Banned, &[Refund]),
            (AccountStatus::Deleted, &[Refund]),
        ] {
            for ability in all {
                assert_eq!(status.allows(ability), allowed.contains(&ability), "{status}");
                let refused = status.check(ability) == Err(Rejection::Barred { status });
                assert_eq!(refused, !allowed.contains(&ability));
            }
        }
    }

    #[test]
    fn only_an_active_user_who_wants_to_shows() {
        let standing = |status, wants_to_show| Standing { status, wants_to_show };
        assert!(standing(AccountStatus::Active, true).shows());
        assert!(!standing(AccountStatus::Active, false).shows());
        assert!(!standing(AccountStatus::Suspended, true).shows());
    }
}
