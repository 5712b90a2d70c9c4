//! Credits: decimals of two places that never go through floating point.
//!
//! [`Credits`] is an amount or a balance and never negative; [`Delta`] is a change and has a sign.
//! Neither has operators: every sum is checked, and there is nothing to round.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// The most that any column of credits holds, also `NUMERIC(12,2)`: 9,999,999,999.99.
const MAX: Decimal = Decimal::from_parts(0xd4a5_0fff, 0xe8, 0, false, 2);

/// A non-negative amount of credits with two places, at most [`Credits::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Credits(Decimal);

/// A signed change of credits with two places, within plus or minus [`Credits::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Delta(Decimal);

/// Why a text is not an amount of credits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditsError {
    #[error("must be a decimal such as \"12.50\": digits, then at most one point and more digits")]
    Malformed,
    #[error("must have at most two places after the point")]
    TooManyPlaces,
    #[error("must be at most {}", Credits::MAX)]
    TooLarge,
    #[error("must be more than zero")]
    NotPositive,
}

impl Credits {
    pub const ZERO: Self = Self(Decimal::ZERO);
    pub const MAX: Self = Self(MAX);

    /// Takes a stored decimal. `None` if it is negative, too large or has more than two places.
    pub fn from_decimal(value: Decimal) -> Option<Self> {
        let fits = !value.is_sign_negative() || value.is_zero();
        (fits && value <= MAX && value.normalize().scale() <= 2).then(|| Self(two_places(value)))
    }

    /// An amount of so many hundredths, the smallest unit there is.
    pub fn from_hundredths(hundredths: u64) -> Option<Self> {
        let value = i64::try_from(hundredths).ok().map(|units| Decimal::new(units, 2))?;
        Self::from_decimal(value)
    }

    /// Parses an amount that must be more than zero.
    pub fn parse_positive(text: &str) -> Result<Self, CreditsError> {
        let amount: Self = text.parse()?;
        if amount.is_zero() { Err(CreditsError::NotPositive) } else { Ok(amount) }
    }

    pub const fn as_decimal(&self) -> Decimal {
        self.0
    }

    /// The amount in its smallest unit.
    pub fn hundredths(&self) -> u64 {
        // Two places always, so the digits are the hundredths, and they fit (see MAX).
        u64::try_from(two_places(self.0).mantissa()).unwrap_or(u64::MAX)
    }

    pub const fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// `None` where the sum passes [`Credits::MAX`].
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).filter(|sum| *sum <= MAX).map(Self)
    }

    /// `None` where the difference would be negative.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).filter(|rest| !rest.is_sign_negative()).map(Self)
    }

    /// The balance after a change. `None` where it would be negative or too large.
    pub fn checked_apply(self, change: Delta) -> Option<Self> {
        self.0.checked_add(change.0).and_then(Self::from_decimal)
    }
}

impl Delta {
    pub const ZERO: Self = Self(Decimal::ZERO);

    pub const fn plus(amount: Credits) -> Self {
        Self(amount.0)
    }

    pub fn minus(amount: Credits) -> Self {
        let mut change = amount.0;
        // Zero has one form, or equal changes would hash differently.
        change.set_sign_negative(!change.is_zero());
        Self(change)
    }

    /// Takes a stored decimal. `None` if it is out of range or has more than two places.
    pub fn from_decimal(value: Decimal) -> Option<Self> {
        let magnitude = Credits::from_decimal(value.abs())?;
        Some(if value.is_sign_negative() { Self::minus(magnitude) } else { Self::plus(magnitude) })
    }

    pub const fn as_decimal(&self) -> Decimal {
        self.0
    }

    pub const fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::from_decimal)
    }

    /// The size of the change without its sign.
    pub fn magnitude(self) -> Credits {
        Credits(self.0.abs())
    }

    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }
}

impl FromStr for Credits {
    type Err = CreditsError;

    /// Accepts `1`, `1.5`, `1.50`, `0.07`; refuses signs, exponents, spaces, separators, a bare
    /// point, leading zeros and anything past two places or [`Credits::MAX`].
    fn from_str(text: &str) -> Result<Self, CreditsError> {
        let (whole, places) = match text.split_once('.') {
            Some((whole, places)) => (whole, Some(places)),
            None => (text, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let well_formed =
            digits(whole) && (whole == "0" || !whole.starts_with('0')) && places.is_none_or(digits);
        if !well_formed {
            return Err(CreditsError::Malformed);
        }
        if places.is_some_and(|places| places.len() > 2) {
            return Err(CreditsError::TooManyPlaces);
        }
        // Ten digits are the most that fit; a longer text need not reach the decimal parser.
        if whole.len() > 10 {
            return Err(CreditsError::TooLarge);
        }
        Decimal::from_str_exact(text)
            .ok()
            .and_then(Self::from_decimal)
            .ok_or(CreditsError::TooLarge)
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        two_places(self.0).fmt(f)
    }
}

impl fmt::Display for Delta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        two_places(self.0).fmt(f)
    }
}

// The value has at most two places already, so this only pads.
fn two_places(mut value: Decimal) -> Decimal {
    value.rescale(2);
    value
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn credits(text: &str) -> Credits {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_print_with_two_places_however_they_were_written() {
        for (text, printed) in
            [("0", "0.00"), ("1", "1.00"), ("1.0", "1.00"), ("12.5", "12.50"), ("0.07", "0.07")]
        {
            assert_eq!(credits(text).to_string(), printed);
        }
        assert_eq!(Credits::MAX.to_string(), "9999999999.99");
        assert_eq!(credits("9999999999.99"), Credits::MAX);
    }

    #[test]
    fn odd_amounts_are_refused_and_never_rounded() {
        use CreditsError::*;
        for (text, why) in [
            ("", Malformed),
            ("-1", Malformed),
            ("+1", Malformed),
            ("1e3", Malformed),
            ("1E3", Malformed),
            ("NaN", Malformed),
            ("inf", Malformed),
            (" 1", Malformed),
            ("1 ", Malformed),
            ("1_000", Malformed),
            ("1,000", Malformed),
            ("1,5", Malformed),
            (".5", Malformed),
            ("5.", Malformed),
            ("1.2.3", Malformed),
            ("007", Malformed),
            ("0x10", Malformed),
            ("١", Malformed),
            ("1.005", TooManyPlaces),
            ("0.000", TooManyPlaces),
            ("10000000000", TooLarge),
            ("9999999999999999999999999999999999999999", TooLarge),
        ] {
            assert_eq!(text.parse::<Credits>(), Err(why), "{text:?}");
        }
        assert_eq!(Credits::parse_positive("0.00"), Err(NotPositive));
    }

    #[test]
    fn two_hundred_times_seven_hundredths_is_exactly_fourteen() {
        let sum = (0..200).try_fold(Credits::ZERO, |sum, _| sum.checked_add(credits("0.07")));
        assert_eq!(sum, Some(credits("14")));
    }

    #[test]
    fn sums_stop_at_the_edges() {
        assert_eq!(Credits::MAX.checked_add(credits("0.01")), None);
        assert_eq!(Credits::ZERO.checked_sub(credits("0.01")), None);
        assert_eq!(credits("1").checked_apply(Delta::minus(credits("1"))), Some(Credits::ZERO));
        assert_eq!(credits("1").checked_apply(Delta::minus(credits("1.01"))), None);
    }

    proptest! {
        #[test]
        fn arithmetic_agrees_with_whole_hundredths(a in 0u64..=999_999_999_999, b in 0u64..=999_999_999_999) {
            let (x, y) = (Credits::from_hundredths(a).unwrap(), Credits::from_hundredths(b).unwrap());
            prop_assert_eq!(x.checked_add(y), Credits::from_hundredths(a + b));
            prop_assert_eq!(x.checked_sub(y), a.checked_sub(b).and_then(Credits::from_hundredths));
            prop_assert_eq!(x.hundredths(), a);
            prop_assert_eq!(x.to_string().parse::<Credits>(), Ok(x));
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        }
    }
}
