//! Totals: sums over many movements of credits, only ever shown.

use std::fmt;

use crate::Delta;

/// A signed sum of credits with two places. What came in and went out again and again may pass
/// what an account can ever hold at once, so this is wider than [`Delta`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Total(i64);

impl Total {
    pub const ZERO: Self = Self(0);

    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// The sum, which stops at 92,233,720,368,547,758.07: nine million times what fits an account.
    #[must_use]
    pub fn plus(self, change: Delta) -> Self {
        let size = i64::try_from(change.magnitude().hundredths()).unwrap_or(i64::MAX);
        Self(if change.is_negative() {
            self.0.saturating_sub(size)
        } else {
            self.0.saturating_add(size)
        })
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", size.div_euclid(100), size.rem_euclid(100))
    }
}

#[cfg(test)]
mod tests {
    use crate::Credits;

    use super::*;

    #[test]
    fn totals_print_with_two_places_and_their_sign() {
        for (hundredths, text) in
            [(0, "0.00"), (7, "0.07"), (-7, "-0.07"), (1_250, "12.50"), (-100_000, "-1000.00")]
        {
            assert_eq!(Total::from_hundredths(hundredths).to_string(), text);
        }
    }

    #[test]
    fn totals_add_up_past_what_an_account_holds() {
        let twice = Total::ZERO.plus(Delta::plus(Credits::MAX)).plus(Delta::plus(Credits::MAX));
        assert_eq!(twice.to_string(), "19999999999.98");
        let back = twice.plus(Delta::minus(Credits::MAX)).plus(Delta::minus(Credits::MAX));
        assert_eq!(back, Total::ZERO);
    }
}
