//! A moment in whole microseconds, the precision that Postgres stores, so that what is written
//! reads back equal.

use std::fmt;
use std::time::Duration;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// Microseconds since 1970-01-01 00:00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A length of time in whole microseconds, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Timestamp {
    /// 0001-01-01 00:00:00 UTC, the first that the wire format can say.
    pub const MIN: Self = Self(-62_135_596_800_000_000);
    /// 9999-12-31 23:59:59.999999 UTC, the last that the wire format can say.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// `None` outside [`Timestamp::MIN`]..=[`Timestamp::MAX`].
    pub const fn from_micros(micros: i64) -> Option<Self> {
        if micros >= Self::MIN.0 && micros <= Self::MAX.0 { Some(Self(micros)) } else { None }
    }

    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The moment so much later, or [`Timestamp::MAX`].
    pub fn saturating_add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0)).min(Self::MAX)
    }

    /// The moment so much earlier, or [`Timestamp::MIN`].
    pub fn saturating_sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0)).max(Self::MIN)
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0).max(0))
    }

    /// The next microsecond, the smallest step that tells two moments apart.
    pub fn next(self) -> Self {
        self.saturating_add(Span(1))
    }
}

impl Span {
    pub const ZERO: Self = Self(0);

    pub const fn from_micros(micros: i64) -> Option<Self> {
        if micros >= 0 { Some(Self(micros)) } else { None }
    }

    pub const fn from_secs(seconds: u32) -> Self {
        // Four thousand million seconds in microseconds are far below i64::MAX.
        #[expect(
            clippy::as_conversions,
            clippy::arithmetic_side_effects,
            reason = "const context; a u32 of seconds cannot overflow an i64 of microseconds"
        )]
        Self(seconds as i64 * MICROS_PER_SECOND)
    }

    pub const fn as_micros(self) -> i64 {
        self.0
    }
}

impl From<Span> for Duration {
    /// As clocks of the machine have it.
    fn from(span: Span) -> Self {
        Self::from_micros(span.0.unsigned_abs())
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with six places.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(MICROS_PER_SECOND);
        let (year, month, day) = civil(seconds.div_euclid(86_400));
        let second = seconds.rem_euclid(86_400);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:06}Z",
            second.div_euclid(3_600),
            second.rem_euclid(3_600).div_euclid(60),
            second.rem_euclid(60),
            self.0.rem_euclid(MICROS_PER_SECOND),
        )
    }
}

// Days since 1970 to a date of the proleptic Gregorian calendar, by counting years from March of
// year 0 so that the leap day comes last.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a Timestamp spans ten thousand years, so every term stays below ten million"
)]
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_print_as_rfc_3339() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (951_826_154_000_001, "2000-02-29T12:09:14.000001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (Timestamp::MIN.as_micros(), "0001-01-01T00:00:00.000000Z"),
            (Timestamp::MAX.as_micros(), "9999-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(Timestamp::from_micros(micros).unwrap().to_string(), text);
        }
    }

    #[test]
    fn arithmetic_stops_at_the_ends_of_time() {
        assert_eq!(Timestamp::from_micros(Timestamp::MAX.as_micros() + 1), None);
        assert_eq!(Timestamp::MAX.saturating_add(Span::from_secs(1)), Timestamp::MAX);
        assert_eq!(Timestamp::MIN.saturating_sub(Span::from_secs(1)), Timestamp::MIN);
        assert_eq!(Timestamp::MIN.since(Timestamp::MAX), Span::ZERO);
    }
}
