//! What an operator may set about money, by the product's profile or setting by setting.

use kernel::{Credits, Span};

use crate::Tier;

/// The settings that decisions depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// What everyone without a subscription in force is given each month.
    pub free_allowance: Credits,
    pub allowance_month: AllowanceMonth,
    /// How long a tier lasts after a payment has failed.
    pub payment_grace: Span,
    /// How many units a day each tier has, in the order of [`Tier::ALL`]; `None`: without end.
    pub daily_quota: [Option<u32>; 4],
}

/// When the months of the free allowance begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowanceMonth {
    /// With the first of the month, in UTC.
    Calendar,
    /// With the day of the month, and its time, at which the user was created.
    Anniversary,
}

impl AllowanceMonth {
    pub const ALL: [Self; 2] = [Self::Calendar, Self::Anniversary];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Anniversary => "anniversary",
        }
    }
}

impl Rules {
    pub const fn quota_of(&self, tier: Tier) -> Option<u32> {
        let [free, premium, pro, enterprise] = self.daily_quota;
        match tier {
            Tier::Free => free,
            Tier::Premium => premium,
            Tier::Pro => pro,
            Tier::Enterprise => enterprise,
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            free_allowance: Credits::ZERO,
            allowance_month: AllowanceMonth::Anniversary,
            // 7 days: cards are tried again within a week as a rule.
            payment_grace: Span::from_secs(7 * 24 * 60 * 60),
            daily_quota: [None; 4],
        }
    }
}
